"""The file of the log: shared by processes, never in the way, deleted by age."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shim import daily_file, log, wall_clock
from shim.daily_file import DailyFile
from tests.support.forked import descriptors, in_child
from tests.support.paths import ROOT


@pytest.fixture(autouse=True)
def close_handlers() -> Iterator[None]:
    yield
    for handler in list(logging.getLogger("vcshim").handlers):
        handler.close()
        logging.getLogger("vcshim").removeHandler(handler)


def lines(folder: Path) -> list[dict[str, object]]:
    (path,) = folder.glob("*.log")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_file_of_the_log_before_is_closed(tmp_path: Path) -> None:
    """A hundred logs, as of a process that wires itself anew, keep one file open."""
    for number in range(100):
        log.event(log.open_log(tmp_path / str(number), tmp_path, "info", 30), logging.INFO, "x")
    assert [what for what in descriptors().values() if what.startswith(f"{tmp_path}/")] == [
        str(next((tmp_path / "99").iterdir()))
    ]


def test_a_closed_log_writes_nothing(tmp_path: Path) -> None:
    """A thread may still have it: another day, and a line that could not be written, open no file."""
    handler = DailyFile((tmp_path,), "host", 30, lambda record, now: b"line\n")
    handler.close()
    for created in (0.0, 86400.0):
        record = logging.LogRecord("x", logging.INFO, "", 0, "text", None, None)
        record.created = created
        handler.emit(record)
    assert list(tmp_path.iterdir()) == []


def test_the_second_folder_takes_over(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    logger = log.open_log(tmp_path / "file" / "logs", tmp_path / "second", "info", 30)
    log.event(logger, logging.INFO, "x")
    assert len(lines(tmp_path / "second")) == 1


def test_no_folder_at_all_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    logger = log.open_log(tmp_path / "file" / "a", tmp_path / "file" / "b", "info", 30)
    log.event(logger, logging.INFO, "x")


def test_an_impossible_folder_is_no_error(tmp_path: Path) -> None:
    logger = log.open_log(Path("a\0b"), tmp_path / "second", "info", 30)
    log.event(logger, logging.INFO, "x")
    assert len(lines(tmp_path / "second")) == 1


def today(folder: Path) -> Path:
    """The file of this program and day."""
    return folder / f"vcshim-{log.host_program()}-{time.strftime('%Y%m%d')}.log"


FULL_DISK = """
import logging, resource, sys
from pathlib import Path
from shim import log

folder = Path(sys.argv[1])
logger = log.open_log(folder, folder, "info", 30)
log.event(logger, logging.INFO, "one")
(path,) = folder.iterdir()
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, most))
log.event(logger, logging.INFO, "two")
log.event(logger, logging.INFO, "three")
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
log.event(logger, logging.INFO, "four")
log.event(logger, logging.INFO, "five")
"""


@pytest.mark.needs("linux")
def test_a_full_disk_costs_lines_and_half_a_line_is_ended(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", FULL_DISK, tmp_path], cwd=ROOT, check=True)
    one, half, four, five = today(tmp_path).read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in (one, four, five)] == ["one", "four", "five"]
    assert half == one[:20]


def test_half_a_line_of_another_program_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was there when the file was opened, and one of a program that was killed since."""
    monkeypatch.setattr(daily_file, "LOOK_SECONDS", 0)
    path = today(tmp_path)
    path.write_text('{"time": "2026', "utf-8")
    logger = log.open_log(tmp_path, tmp_path, "info", 30)
    log.event(logger, logging.INFO, "one")
    with path.open("a", encoding="utf-8") as other:
        other.write('{"time": "2027')
    os.utime(path, (time.time() - 5,) * 2)
    log.event(logger, logging.INFO, "two")
    halves = path.read_text("utf-8").splitlines()
    assert [halves[0], halves[2]] == ['{"time": "2026', '{"time": "2027']
    assert [json.loads(halves[number])["text"] for number in (1, 3)] == ["one", "two"]


def test_a_write_that_takes_a_part_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:7]))
    logger = log.open_log(tmp_path, tmp_path, "info", 30)
    log.event(logger, logging.INFO, "张三" * 20)
    (row,) = lines(tmp_path)
    assert row["text"] == "张三" * 20


@pytest.mark.needs("linux")
def test_a_deleted_folder_is_made_again(tmp_path: Path) -> None:
    """While the file is open, too: of a file without a name the lines would be lost."""
    folder = tmp_path / "a" / "logs"
    logger = log.open_log(folder, tmp_path / "other", "info", 30)
    log.event(logger, logging.INFO, "one")
    shutil.rmtree(tmp_path / "a")
    log.event(logger, logging.INFO, "two")
    assert [row["text"] for row in lines(folder)] == ["two"]
    today(folder).unlink()
    log.event(logger, logging.INFO, "three")
    assert [row["text"] for row in lines(folder)] == ["three"]
    folder.rename(tmp_path / "moved")
    log.event(logger, logging.INFO, "four")
    today(folder).unlink()
    today(folder).touch()  # another one of the same name
    log.event(logger, logging.INFO, "five")
    assert [row["text"] for row in lines(folder)] == ["five"]
    assert [row["text"] for row in lines(tmp_path / "moved")] == ["three"]
    assert not (tmp_path / "other").exists()


@pytest.mark.needs("linux")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Neither to write nor to delete: what it leads to stays as it was, and so does the link."""
    folder, victim = tmp_path / "logs", tmp_path / "victim"
    folder.mkdir()
    victim.write_text("mine", "utf-8")
    nowhere = tmp_path / "nowhere"
    today(folder).symlink_to(victim)
    (folder / "vcshim-his.exe-20200101.log").symlink_to(victim)
    (folder / "vcshim-his.exe-20200102.log").symlink_to(nowhere)
    os.utime(victim, (0, 0))
    os.utime(folder / "vcshim-his.exe-20200102.log", (0, 0), follow_symlinks=False)
    logger = log.open_log(folder, tmp_path / "second", "info", 30)
    log.event(logger, logging.INFO, "x")
    today(folder).unlink()
    today(folder).symlink_to(nowhere)
    logger = log.open_log(folder, tmp_path / "second", "info", 30)
    log.event(logger, logging.INFO, "y")
    assert victim.read_text("utf-8") == "mine" and not nowhere.exists()
    assert sum(path.is_symlink() for path in folder.iterdir()) == 3
    assert [row["text"] for row in lines(tmp_path / "second")] == ["x", "y"]


@pytest.mark.needs("linux")
def test_a_link_in_place_of_the_open_file_is_not_followed(tmp_path: Path) -> None:
    logger = log.open_log(tmp_path / "logs", tmp_path / "second", "info", 30)
    log.event(logger, logging.INFO, "x")
    path = today(tmp_path / "logs")
    path.rename(tmp_path / "victim")
    path.symlink_to(tmp_path / "victim")
    log.event(logger, logging.INFO, "y")
    assert [row["text"] for row in lines(tmp_path / "second")] == ["y"]


@pytest.mark.needs("linux")
def test_a_pipe_in_place_of_the_file_holds_nothing_up(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    os.mkfifo(today(tmp_path / "logs"))
    logger = log.open_log(tmp_path / "logs", tmp_path / "second", "info", 30)
    log.event(logger, logging.INFO, "x")
    assert len(lines(tmp_path / "second")) == 1


@pytest.mark.needs("linux")
def test_a_folder_that_is_a_link_is_the_sites_own(tmp_path: Path) -> None:
    (tmp_path / "disk2").mkdir()
    (tmp_path / "logs").symlink_to(tmp_path / "disk2")
    log.event(log.open_log(tmp_path / "logs", tmp_path / "other", "info", 30), logging.INFO, "x")
    assert len(lines(tmp_path / "disk2")) == 1


DAY = 86400

NOON = 1_795_780_800  # 2026-11-27 12:00 UTC


def logged(folder: Path, *days_ago: float, now: float = NOON) -> list[Path]:
    """A log file of each of these days, named and written then."""
    paths = []
    for days in days_ago:
        paths.append(folder / f"vcshim-his.exe-{time.strftime('%Y%m%d', time.localtime(now - days * DAY))}.log")
        paths[-1].touch()
        os.utime(paths[-1], (now - days * DAY,) * 2)
    return paths


def log_at(folder: Path, monkeypatch: pytest.MonkeyPatch, clock: float, host: str = "his.exe") -> None:
    """The first line of a process by a PC whose clock says `clock`."""
    monkeypatch.setattr(log, "host_program", lambda: host)
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: clock)
        log.event(log.open_log(folder, folder, "info", 30), logging.INFO, "x")
    for path in folder.glob(f"vcshim-{host}-{time.strftime('%Y%m%d', time.localtime(clock))}.log"):
        os.utime(path, (clock,) * 2)


def test_files_go_that_are_old_by_name_and_by_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, young, yesterday = logged(tmp_path, 31.5, 29, 1)
    (renamed,) = logged(tmp_path, 45)  # written to this year, by its name of last month: neither alone is enough
    os.utime(renamed, (NOON - DAY,) * 2)
    copied = tmp_path / f"vcshim-x-{time.strftime('%Y%m%d', time.localtime(NOON - DAY))}.log"
    foreign = [tmp_path / name for name in ("vcshim-notes.log", "vcshim-20200101.log", "vcshim-x-20200101.log.txt")]
    for path in (copied, *foreign):
        path.touch()
        os.utime(path, (NOON - 90 * DAY,) * 2)
    (tmp_path / "vcshim-a-20200101.log").mkdir()
    log_at(tmp_path, monkeypatch, NOON)
    left = (young, yesterday, renamed, copied, *foreign, tmp_path / "vcshim-a-20200101.log")
    assert not old.exists() and [path.exists() for path in left] == [True] * len(left)


@pytest.mark.parametrize("ahead", [20, 31, 45, 400, 11 * 365])
@pytest.mark.parametrize("days", [1, 3])
def test_a_clock_that_was_set_ahead_and_back_deletes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: int, days: int
) -> None:
    """Nothing on the wrong day, whichever programs start; for a clock that is years off on the days after it, too."""
    kept = logged(tmp_path, *range(1, 29 if ahead > 60 else 10))
    for day in range(days if ahead > 60 else 1):
        for host in ("his.exe", "kiosk.exe"):
            log_at(tmp_path, monkeypatch, NOON + (ahead + day) * DAY, host)
    log_at(tmp_path, monkeypatch, NOON)
    assert [path for path in kept if not path.exists()] == []


@pytest.mark.parametrize("behind", [45, 400, 16 * 365])
def test_a_clock_that_was_behind_deletes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: int) -> None:
    """Nor what was logged on the wrong day, if that was years ago: it is from today."""
    kept = logged(tmp_path, *range(1, 29))
    log_at(tmp_path, monkeypatch, NOON - behind * DAY)
    log_at(tmp_path, monkeypatch, NOON)
    if behind > 90:
        kept.append(tmp_path / f"vcshim-his.exe-{time.strftime('%Y%m%d', time.localtime(NOON - behind * DAY))}.log")
    assert [path for path in kept if not path.exists()] == []


def test_the_file_of_a_wrong_day_goes_with_its_neighbours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (wrong,) = logged(tmp_path, 16 * 365)
    logged(tmp_path, 28.5, 1)
    log_at(tmp_path, monkeypatch, NOON)
    assert wrong.exists()
    log_at(tmp_path, monkeypatch, NOON + DAY)
    assert not wrong.exists()


def test_old_files_go(tmp_path: Path) -> None:
    old, young, foreign = (tmp_path / n for n in ("vcshim-his.exe-20200101.log", "vcshim-a-20260101.log", "his.log"))
    for path in (old, young, foreign):
        path.touch()
    for path in (old, foreign):
        os.utime(path, (time.time() - 40 * 86400,) * 2)
    logger = log.open_log(tmp_path, tmp_path, "info", 30)
    log.event(logger, logging.INFO, "x")
    assert not old.exists() and young.exists() and foreign.exists()


def test_processes_share_a_file(tmp_path: Path) -> None:
    """Four processes, 500 lines each, one file: every line whole."""
    code = (
        "import logging, sys; from pathlib import Path; from shim import log\n"
        "logger = log.open_log(Path(sys.argv[1]), Path(sys.argv[1]), 'info', 30)\n"
        "for i in range(500): log.event(logger, logging.INFO, '张' * 200, number=i)\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, tmp_path], cwd=ROOT) for _ in "1234"]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    rows = lines(tmp_path)
    assert len(rows) == 2000 and len(list(tmp_path.iterdir())) == 1
    assert {row["text"] for row in rows} == {"张" * 200}


def test_a_forked_child_opens_the_file_anew(tmp_path: Path) -> None:
    """Its copy of the descriptor is closed, and shares nothing."""
    logger = log.open_log(tmp_path, tmp_path, "info", 30)
    log.event(logger, logging.INFO, "parent")

    def child() -> int:
        log.event(logger, logging.INFO, "child")
        return os.getpid()

    pid = in_child(child)
    log.event(logger, logging.INFO, "parent")
    (path,) = tmp_path.glob("*.log")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(row["text"], row["pid"]) for row in rows] == [
        ("parent", os.getpid()), ("child", pid), ("parent", os.getpid())
    ]  # fmt: skip


def test_windows_is_asked_once_a_second_whether_the_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = DailyFile((tmp_path,), "host", 30, lambda record, now: b"line\n")
    record = logging.LogRecord("x", logging.INFO, "", 0, "text", None, None)
    asked: list[object] = []

    def look(*arguments: object, **named: object) -> object:
        asked.append(arguments)
        return handler._opened

    handler.emit(record)
    monkeypatch.setattr(os, "stat", look)
    monkeypatch.setattr(daily_file, "LOOK_SECONDS", 1000)
    monkeypatch.setattr(wall_clock, "_kept", 0)  # the offset is known
    for platform, count in (("win32", 0), ("linux", 3)):
        monkeypatch.setattr(sys, "platform", platform)
        for _ in range(3):
            handler.emit(record)
        assert len(asked) == count, platform
    monkeypatch.undo()
    handler.close()
