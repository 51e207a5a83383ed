"""The files of captures: sealed, whole, limited, and read again whatever happened to them."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from shim import wall_clock
from shim.capture import store as module
from shim.capture.record import CapturedCall, Habits, Traffic, from_bytes, to_bytes
from shim.capture.source import read_captures
from shim.capture.store import (
    CannotStore,
    CaptureFileProblem,
    CaptureStore,
    capture_days,
    delete_captures,
    read_capture_file,
)
from tests.support.cleartext import assert_no_clear_text, clear_texts, readable_forms
from tests.support.paths import ROOT

PRIVATE = ("330102199001011234", "王小明明测试", "13800138000", "SECRETKEY0123456789ABCDEF")
CALL = CapturedCall(
    "host-1-2-3", "his.exe", "VirtualCardTrans",
    (b"http://h.example/x", f'{{"id":"{PRIVATE[0]}","name":"{PRIVATE[1]}"}}'.encode("gb18030")), 0, b"\xb3\xc9\xb9\xa6",
    b"00", 0, 1.5, 2.5,
    (Traffic("https://h.example:443", f"phone={PRIVATE[2]}".encode(), f"key={PRIVATE[3]}".encode(), 1.6, 1.7, 1.8),),
    True, Habits(12, 7, "out", 4711, 0, 0x1372),
)  # fmt: skip
MEGABYTE = 1024 * 1024
MARK = b"\x93VCC\r\n\x1a\x01"  # how a record begins


def opened(folder: Path, keep_days: int = 30, keep_bytes: int = 100 * MEGABYTE) -> CaptureStore:
    return CaptureStore(folder, keep_days, keep_bytes)


def numbered(count: int, *, start: int = 0, size: int = 0) -> list[CapturedCall]:
    """Calls that differ; `size` bytes of each cannot be packed."""
    return [replace(CALL, call_id=f"c{start + number}", out=os.urandom(size)) for number in range(count)]


def ids(folder: Path) -> list[str]:
    return [call.call_id for call in read_captures([folder])]


def test_a_row_survives_its_form_in_a_file() -> None:
    assert from_bytes(to_bytes(CALL)) == CALL


def test_what_is_stored_is_read_again(tmp_path: Path) -> None:
    store = opened(tmp_path / "captures")
    number = replace(CALL, call_id="n", function="Set_QRflow_Mode", texts=(), mode=1, code=None, out=None, traffic=())
    store.append(CALL)
    store.append(number)
    assert list(read_captures([tmp_path / "captures"])) == [CALL, number]
    (day,) = store.days()
    assert day.path.name == f"captures-{wall_clock.local_time(time.time()).date}.vcc"
    assert list(read_captures([day.path])) == [CALL, number]


def test_nothing_private_stands_in_a_file(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.append(CALL)
    assert_no_clear_text(tmp_path, PRIVATE)
    (tmp_path / "plain").write_bytes(to_bytes(CALL))
    assert clear_texts(tmp_path, PRIVATE)  # the check itself sees base64 in JSON


def test_files_that_a_run_has_not_written_are_left_out(tmp_path: Path) -> None:
    for name in ("before", "written"):
        (tmp_path / name).write_text("plain 王小明明测试")
    since = tmp_path / "since"
    while not since.exists() or since.stat().st_ctime_ns <= (tmp_path / "written").stat().st_ctime_ns:
        since.touch()
    assert clear_texts(tmp_path, ["王小明明测试"], since) == []
    with (tmp_path / "written").open("a") as file:
        file.write(".")
    assert [line.partition(": ")[0] for line in clear_texts(tmp_path, ["王小明明测试"], since)][:1] == [
        str(tmp_path / "written")
    ]


@pytest.mark.parametrize("form", [name for name in readable_forms("王小明明测试")])
@pytest.mark.parametrize("before", [0, 1, 2])
def test_every_readable_form_is_seen(form: str, before: int, tmp_path: Path) -> None:
    import base64

    value = "王小明明测试"
    charset, _, way = form.partition(" ")
    plain = value.encode(charset)
    if way.lower() == "hex":
        data = plain.hex().upper() if way == "HEX" else plain.hex()
    elif way:
        encoded = base64.b64encode(b"=" * before + plain + b"??")
        data = encoded.decode().translate({43: "-", 47: "_"} if "url" in way else {})
    else:
        (tmp_path / "x").write_bytes(b"?" + plain)
        data = ""
    if data:
        (tmp_path / "x").write_text(f"?{data}")
    assert clear_texts(tmp_path, [value])


@pytest.mark.needs("linux")
def test_only_the_user_may_read(tmp_path: Path) -> None:
    opened(tmp_path).append(CALL)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "captures.key": 0o600, opened(tmp_path).days()[0].path.name: 0o600,
    }  # fmt: skip


def test_files_of_another_key_are_named(tmp_path: Path) -> None:
    opened(tmp_path / "one").append(CALL)
    opened(tmp_path / "two").append(CALL)
    file = opened(tmp_path / "one").days()[0].path
    shutil.copy(tmp_path / "two" / "captures.key", tmp_path / "one" / "captures.key")
    with pytest.raises(CaptureFileProblem):
        list(read_capture_file(file))
    (tmp_path / "one" / "captures.key").unlink()
    with pytest.raises(FileNotFoundError):
        list(read_capture_file(file))


def test_a_key_that_is_none_stops_the_store(tmp_path: Path) -> None:
    (tmp_path / "captures.key").write_bytes(b"VCC key 1\nshort")
    with pytest.raises(CannotStore, match=r"captures\.key"):
        opened(tmp_path).append(CALL)
    assert capture_days(tmp_path) == []


def test_a_key_that_cannot_be_sealed_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_protected", lambda _key: None)
    with pytest.raises(CannotStore, match=r"captures\.key"):
        opened(tmp_path).append(CALL)
    assert list(tmp_path.iterdir()) == []


def test_processes_agree_on_one_key(tmp_path: Path) -> None:
    stores = [opened(tmp_path) for _ in range(8)]
    threads = [
        threading.Thread(target=store.append, args=(call,)) for store, call in zip(stores, numbered(8), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids(tmp_path)) == [f"c{number}" for number in range(8)]
    assert not [path.name for path in tmp_path.iterdir() if path.suffix not in (".vcc", ".key")]


# ---- torn records ----------------------------------------------------------------------------------------------------


def records(folder: Path, count: int) -> tuple[Path, list[bytes]]:
    """A file of `count` records, and each of them."""
    store = opened(folder)
    sizes = [0]
    for call in numbered(count):
        store.append(call)
        sizes.append(store.days()[0].path.stat().st_size)
    path = store.days()[0].path
    data = path.read_bytes()
    return path, [data[start:end] for start, end in itertools.pairwise(sizes)]


def test_a_torn_record_costs_itself_only(tmp_path: Path) -> None:
    """Cut at any byte, with whole records before and after it, as another process goes on appending."""
    path, (first, second, third) = records(tmp_path, 3)
    for cut in range(len(second)):
        path.write_bytes(first + second[:cut] + third)
        assert ids(tmp_path) == ["c0", "c2"]
        path.write_bytes(first + second[:cut])
        assert ids(tmp_path) == ["c0"]


def test_a_changed_byte_costs_its_record_only(tmp_path: Path) -> None:
    path, (first, second, third) = records(tmp_path, 3)
    for at in range(len(second)):
        changed = bytearray(second)
        changed[at] ^= 0x10
        path.write_bytes(first + changed + third)
        assert ids(tmp_path) == ["c0", "c2"]


@pytest.mark.parametrize(
    "tail",
    [bytes(4096), bytes(3), os.urandom(5000), MARK, MARK * 3 + b"\xff\xff\xff\x00"],
    ids=["zeros", "few", "noise", "mark", "marks"],
)
def test_what_a_power_cut_leaves_at_the_end_is_skipped(tail: bytes, tmp_path: Path) -> None:
    path, (first, second, third) = records(tmp_path, 3)
    path.write_bytes(first + second + tail)
    assert ids(tmp_path) == ["c0", "c1"]
    path.write_bytes(first + second + tail + third)
    assert ids(tmp_path) == ["c0", "c1", "c2"]
    opened(tmp_path).append(replace(CALL, call_id="later"))
    assert ids(tmp_path) == ["c0", "c1", "c2", "later"]


def test_the_mark_across_the_blocks_of_a_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, (first, second) = records(tmp_path, 2)
    for block in (8, 9, 13, 64):
        monkeypatch.setattr(module, "_BLOCK", block)
        for gap in range(1, 40):
            path.write_bytes(first + b"x" * gap + second)
            assert ids(tmp_path) == ["c0", "c1"]


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from dataclasses import replace
from shim.capture.store import CaptureStore
from shim.capture.record import CapturedCall
store = CaptureStore(Path(sys.argv[2]), 30, 1 << 30)
call = CapturedCall("", "h", "VirtualCardTrans", (b"x" * 3000,), 0, b"o", b"00", 0, 1.0, 2.0)
for number in range(10 ** 9):
    store.append(replace(call, call_id=f"{sys.argv[3]}-{number}"))
    print(number, flush=True)
"""


@pytest.mark.needs("linux")
def test_a_kill_costs_the_record_being_written_at_most(tmp_path: Path) -> None:
    """Two processes append; one is killed in the middle of it, again and again. What was said to be stored is there."""
    done: dict[str, int] = {}
    for turn in range(6):
        writers = [
            subprocess.Popen(
                [sys.executable, "-I", "-c", WRITER, str(ROOT), str(tmp_path), f"{turn}{name}"], stdout=subprocess.PIPE
            )
            for name in "ab"
        ]
        for at, writer in enumerate(writers):
            assert writer.stdout is not None
            for _ in range(10 + 7 * turn + 5 * at):
                writer.stdout.readline()
        for name, writer in zip("ab", writers, strict=True):
            writer.send_signal(signal.SIGKILL)
            assert writer.stdout is not None
            lines = writer.stdout.read().splitlines()
            writer.stdout.close()
            writer.wait()
            done[f"{turn}{name}"] = int(lines[-1]) if lines else 9 + 7 * turn + 5 * "ab".index(name)
    stored = ids(tmp_path)
    assert len(stored) == len(set(stored))
    for name, last in done.items():
        numbers = [int(each.partition("-")[2]) for each in stored if each.startswith(f"{name}-")]
        assert numbers in (list(range(last + 1)), list(range(last + 2)))


# ---- limits ----------------------------------------------------------------------------------------------------------


def aged(folder: Path, days: int, size: int = 100) -> Path:
    """A file of captures that is some days old by name and time."""
    then = time.time() - days * 86400
    path = folder / f"captures-{wall_clock.local_time(then).date}.vcc"
    path.write_bytes(bytes(size))
    os.utime(path, (then, then))
    return path


def test_old_days_are_deleted(tmp_path: Path) -> None:
    aged(tmp_path, 1)
    kept, old = aged(tmp_path, 6), aged(tmp_path, 9)
    foreign = tmp_path / "captures-2020.vcc"
    foreign.touch()
    opened(tmp_path, keep_days=7).append(CALL)
    assert (kept.exists(), old.exists(), foreign.exists()) == (True, False, True)


def test_the_oldest_days_make_room(tmp_path: Path) -> None:
    one, two, three = (aged(tmp_path, days, 400_000) for days in (3, 2, 1))
    opened(tmp_path, keep_bytes=MEGABYTE).append(numbered(1, size=100_000)[0])
    assert (one.exists(), two.exists(), three.exists()) == (False, True, True)


def test_today_alone_is_not_deleted(tmp_path: Path) -> None:
    store = opened(tmp_path, keep_bytes=MEGABYTE)
    stored = 0
    with pytest.raises(CannotStore, match="1 MB"):
        for call in numbered(100, size=50_000):
            store.append(call)
            stored += 1
    assert 10 < stored <= 20
    assert len(ids(tmp_path)) == stored
    assert sum(day.size for day in store.days()) <= MEGABYTE


def test_several_processes_share_the_limit(tmp_path: Path) -> None:
    stores = [opened(tmp_path, keep_bytes=MEGABYTE) for _ in range(3)]
    with pytest.raises(CannotStore):
        for number, call in enumerate(numbered(400, size=5_000)):
            stores[number % 3].append(call)
    assert sum(day.size for day in stores[0].days()) <= MEGABYTE + 3 * 64 * 1024


# ---- links, full and read-only disks -------------------------------------------------------------------------------


@pytest.mark.needs("linux")
def test_links_are_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"")
    folder = tmp_path / "captures"
    folder.mkdir()
    (folder / f"captures-{wall_clock.local_time(time.time()).date}.vcc").symlink_to(elsewhere)
    (folder / "captures-20200101.vcc").symlink_to(elsewhere)
    with pytest.raises(CannotStore):
        opened(folder).append(CALL)
    assert elsewhere.read_bytes() == b"" and capture_days(folder) == []
    (folder / "captures.key").unlink()
    (folder / "captures.key").symlink_to(tmp_path / "key")
    with pytest.raises(CannotStore):
        opened(folder).append(CALL)
    assert not (tmp_path / "key").exists()
    delete_captures(folder)
    assert elsewhere.exists()


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path)
    store.append(CALL)
    write = os.write

    def half(file: int, data: bytes) -> int:
        return write(file, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(CannotStore, match="磁盘已满"):
        store.append(replace(CALL, call_id="torn"))
    monkeypatch.undo()
    store.append(replace(CALL, call_id="next"))
    assert ids(tmp_path) == ["host-1-2-3", "next"]


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "磁盘已满"), (errno.EROFS, "EROFS"), (errno.EACCES, "EACCES")]
)
def test_a_folder_that_cannot_be_written(
    number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: Path) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module, "open_append", refused)
    with pytest.raises(CannotStore, match=words):
        opened(tmp_path).append(CALL)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "captures").touch()
    with pytest.raises(CannotStore):
        opened(tmp_path / "captures").append(CALL)


def test_a_deleted_file_is_made_again(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.append(CALL)
    assert delete_captures(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []
    store.append(replace(CALL, call_id="next"))
    assert ids(tmp_path) == ["next"]


def test_what_was_written_is_flushed_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = threading.Event()
    fsync = os.fsync

    def noted(file: int) -> None:
        fsync(file)
        if os.fstat(file).st_size > 100:
            flushed.set()

    store = opened(tmp_path)
    store.append(CALL)
    monkeypatch.setattr(os, "fsync", noted)
    store.append(CALL)
    assert flushed.wait(30)
    store.close()


def test_what_is_written_while_the_disk_flushes_is_flushed_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on, fsync, flushed = threading.Event(), threading.Event(), os.fsync, list[int]()
    store, flusher = opened(tmp_path), None

    def standing(file: int) -> None:
        nonlocal flusher
        flusher = flusher or store._flusher
        if flusher is not None and flusher._thread is threading.current_thread():  # not that of another test
            begun.set()
            assert goes_on.wait(60)
            flushed.append(file)
        fsync(file)

    monkeypatch.setattr(module, "_FLUSH_SECONDS", 0.0)
    monkeypatch.setattr(os, "fsync", standing)
    store.append(CALL)
    assert begun.wait(60)
    store.append(CALL)
    assert flusher is not None
    ending = threading.Thread(target=store.close)
    ending.start()
    while not flusher._stopped:
        time.sleep(0.001)
    goes_on.set()
    ending.join()
    assert (len(flushed), flusher.descriptors()) == (2, [])


# ---- sources ---------------------------------------------------------------------------------------------------------


def test_lines_of_rows_are_a_source(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    other = replace(CALL, call_id="b")
    file.write_bytes(to_bytes(CALL) + b"\n\n" + to_bytes(other) + b"\r\n")
    opened(tmp_path / "captures").append(CALL)
    assert list(read_captures([file, tmp_path / "captures"])) == [CALL, other]


def test_days_are_read_in_order(tmp_path: Path) -> None:
    for day, call in zip(("20260103", "20260101", "20260102"), numbered(3), strict=True):
        store = opened(tmp_path)
        store.append(call)
        path = next(each.path for each in store.days() if each.day > "20260103")
        path.rename(tmp_path / f"captures-{day}.vcc")
    assert ids(tmp_path) == ["c1", "c2", "c0"]


@pytest.mark.parametrize("data", [b"{}", b"hello", b'{"version":1}\n', b"\xff\xfe"])
def test_a_file_without_calls_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(CaptureFileProblem):
        list(read_captures([tmp_path / "x"]))


def test_a_missing_source(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_captures([tmp_path / "none.jsonl"]))
    with pytest.raises(FileNotFoundError):
        list(read_captures([tmp_path / "none.vcc"]))
