"""The copy of a set on the PC, from which the core is loaded where the set is on a share: native/local_copy.h.

Wine's shares are folders below dosdevices/unc of its prefix; `[start] local_copy = on` does without one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shim.log import file_word
from shim.manifest import FILE, ProblemKind, SetProblem, set_problems, write_manifest
from tests.support.calls import VERIFY
from tests.support.clients import Kind, Rig, hexed, run_client, trans_line
from tests.support.product import Product, install

KINDS: tuple[Kind, ...] = ("win32-c", "win64-c")
ON = "[start]\nlocal_copy = on\n"
DAY = 86400
SEAL = "copy.seal"


@dataclass
class Share:
    """An installation whose set is like no other, so that tests do not find each other's copies."""

    rig: Rig
    product: Product

    @property
    def set_id(self) -> str:
        return hashlib.sha256((self.product.runtime / FILE).read_bytes()).hexdigest()[:16]

    @property
    def sets(self) -> Path:
        """Where this user's copies are; the user's name is Wine's affair."""
        (data,) = self.rig.wine(self.product.kind).prefix.glob("drive_c/users/*/AppData/Local")
        return data / "vcshim" / "sets"

    @property
    def copies(self) -> list[str]:
        """What is there of this set, without its id."""
        return sorted(path.name.removeprefix(self.set_id) for path in self.sets.glob(f"{self.set_id}*"))

    def call(self, url: str = "sim:", folder: str = "") -> tuple[str, list[dict[str, Any]]]:
        """A verify in a new process: its code, and what the process wrote to the log. `folder`: that of the DLLs."""
        shutil.rmtree(self.product.logs, ignore_errors=True)
        line = trans_line("v", VERIFY["in"].encode("gb18030"), url=url)
        load = f"load VC {hexed(folder + chr(92) + 'VirtualCardChk.dll')}" if folder else self.product.load_lines()[0]
        (reply,) = run_client(self.product.kind, [load, line], rig=self.rig)
        return bytes.fromhex(reply.ret).decode("ascii"), self.log()

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.product.log_text().splitlines()]


def share(rig: Rig, folder: Path, kind: Kind = "win32-c", ini: str = ON) -> Share:
    product = install(kind, folder).ini(ini)
    (product.runtime / "of this test.txt").write_text(str(folder), "utf-8")
    (product.runtime / FILE).unlink(missing_ok=True)  # a hard link
    write_manifest(product.runtime)
    return Share(rig, product)


def chosen(lines: list[dict[str, Any]]) -> str:
    """The folder of the core, by the log."""
    return next(Path(str(line["set"]).replace("\\", "/")).name for line in lines if "set" in line)


def said(lines: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    return [line for line in lines if words in line["text"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_is_made_once(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """Whole, by the manifest; the next process finds it."""
    here = share(rig, tmp_path / "医院 共享", kind)
    code, lines = here.call()
    copy = here.sets / f"{here.set_id}-1"
    assert (code, chosen(lines), len(said(lines, "建立副本"))) == ("00", copy.name, 1)
    assert set_problems(copy) == (SetProblem(SEAL, ProblemKind.EXTRA),)
    code, lines = here.call()
    assert (code, chosen(lines), len(said(lines, "已从本机的副本加载"))) == ("00", copy.name, 1)
    assert here.copies == ["-1"]


@pytest.mark.parametrize("kind", KINDS)
def test_auto_copies_from_a_share(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    here = share(rig, tmp_path / "his", kind, ini="")
    place = rig.wine(kind).prefix / "dosdevices" / "unc" / "server" / f"share{os.getpid()}"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(here.product.folder)
    code, lines = here.call(folder=rf"\\server\{place.name}")
    assert (code, chosen(lines)) == ("00", f"{here.set_id}-1")
    code, lines = here.call()  # the same set, from a disk of this PC
    assert (code, chosen(lines)) == ("00", "vcshim")
    assert not said(lines, "副本")


def test_auto_copies_from_a_folder_with_a_semicolon(rig: Rig, tmp_path: Path) -> None:
    here = share(rig, tmp_path / "a;b", ini="")
    code, lines = here.call()
    assert (code, chosen(lines)) == ("00", f"{here.set_id}-1")


def test_a_folder_with_a_semicolon_is_refused_in_words(rig: Rig, tmp_path: Path) -> None:
    here = share(rig, tmp_path / "a;b", ini="[start]\nlocal_copy = off\n")
    code, _ = here.call()
    assert code == "8009"
    notes = "".join(path.read_text("utf-8-sig") for path in here.product.folder.glob("vcshim-start*.txt"))
    assert "文件夹名中有分号" in notes and "系统错误 126" in notes
    program = rig.wine32.run([str(here.product.runtime / "vcshim.exe"), "--version"])
    assert program.returncode == 1 and "the name of its folder has a semicolon" in program.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_the_log_says_whose_it_is(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    here = share(rig, tmp_path / "his", kind, ini="")
    _, lines = here.call()
    (user,) = {line["user"] for line in lines}
    (pc,) = {line["pc"] for line in lines}
    (session,) = {line["session"] for line in lines}
    (path,) = here.product.logs.iterdir()
    assert path.name.startswith("vcshim-client-") and f"-{file_word(pc)}-{file_word(user)}-s{session}-" in path.name
    assert pc and user in here.sets.parts and session >= 0


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def rewrite(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"x")


@pytest.mark.parametrize(
    ("file", "spoil"),
    [
        ("vcs-py311.dll", Path.unlink), ("vcs-py311.dll", truncate), ("vcs-py311.dll", rewrite), (FILE, rewrite),
        (FILE, truncate),
        (SEAL, Path.unlink), (SEAL, rewrite),
    ],
)  # fmt: skip
def test_a_copy_that_is_not_whole_is_not_used(rig: Rig, tmp_path: Path, file: str, spoil: Any) -> None:
    here = share(rig, tmp_path / "his")
    here.call()
    spoil(here.sets / f"{here.set_id}-1" / file)
    code, lines = here.call()
    assert (code, chosen(lines), here.copies) == ("00", f"{here.set_id}-2", ["-1", "-2"])


def test_a_file_that_is_not_as_the_manifest_says(rig: Rig, tmp_path: Path) -> None:
    """Nothing of it stays; the set itself is loaded, and the log says why."""
    here = share(rig, tmp_path / "his")
    (here.product.runtime / "of this test.txt").write_text("changed", "utf-8")
    code, lines = here.call()
    (line,) = said(lines, "没有使用本机的副本")
    assert (code, chosen(lines), here.copies) == ("00", "vcshim", [])
    assert "与 SHA256SUMS 不符" in line["text"] and line["file"] == "of this test.txt"


@pytest.mark.parametrize("row", ["..\\x", "a/../../x", "/x", "C:x", "a/."])
def test_a_manifest_that_leads_elsewhere(rig: Rig, tmp_path: Path, row: str) -> None:
    here = share(rig, tmp_path / "his")
    with (here.product.runtime / FILE).open("ab") as file:
        file.write(b"0" * 64 + b"  " + row.encode() + b"\n")
    code, lines = here.call()
    (line,) = said(lines, "没有使用本机的副本")
    assert (code, chosen(lines), here.copies) == ("00", "vcshim", [])
    assert "没有可用的 SHA256SUMS" in line["text"]


def test_a_set_without_a_manifest(rig: Rig, tmp_path: Path) -> None:
    here = share(rig, tmp_path / "his")
    (here.product.runtime / FILE).unlink()
    code, lines = here.call()
    (line,) = said(lines, "没有使用本机的副本")
    assert (code, chosen(lines), line["error"]) == ("00", "vcshim", 2)


def test_a_place_that_cannot_be_written(rig: Rig, tmp_path: Path) -> None:
    """A file is in the place of the folder of the copies."""
    here = share(rig, tmp_path / "his")
    away = here.sets.with_name("sets-away")
    if here.sets.exists():
        here.sets.rename(away)
    here.sets.parent.mkdir(parents=True, exist_ok=True)
    here.sets.touch()
    try:
        code, lines = here.call()
    finally:
        here.sets.unlink()
        if away.exists():
            away.rename(here.sets)
    (line,) = said(lines, "没有使用本机的副本")
    assert (code, chosen(lines)) == ("00", "vcshim")
    assert "副本不能写入" in line["text"] and line["error"]


def test_two_processes_at_once(rig: Rig, tmp_path: Path) -> None:
    here = share(rig, tmp_path / "his")
    codes: list[str] = []

    def verify() -> None:
        line = trans_line("v", VERIFY["in"].encode("gb18030"), url="sim:")
        (reply,) = run_client(here.product.kind, [here.product.load_lines()[0], line], rig=rig)
        codes.append(bytes.fromhex(reply.ret).decode("ascii"))

    threads = [threading.Thread(target=verify) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (codes, here.copies) == (["00"] * 3, ["-1"])
    assert {line["set"].rpartition("\\")[2] for line in here.log() if "set" in line} == {f"{here.set_id}-1"}


@contextmanager
def silent_platform() -> Iterator[str]:
    """The address of a platform that answers nothing until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_an_old_copy_is_deleted_when_it_is_unused(rig: Rig, tmp_path: Path) -> None:
    old, new = share(rig, tmp_path / "old"), share(rig, tmp_path / "new")
    half = old.sets / f"{old.set_id}.new-1-1"
    with silent_platform() as platform:
        host = threading.Thread(target=old.call, args=(platform,))
        host.start()
        while not said(old.log(), "建立副本"):
            time.sleep(0.05)
        half.mkdir()
        (half / "half.dll").touch()
        for path in (old.sets / f"{old.set_id}-1" / SEAL, half):
            os.utime(path, (time.time() - 8 * DAY,) * 2)
        new.call()
        assert old.copies == ["-1"]  # a host has it loaded; what a killed process left is gone
    host.join()
    new.call()
    assert (old.copies, new.copies) == ([], ["-1"])


def test_a_copy_that_was_used_this_week_stays(rig: Rig, tmp_path: Path) -> None:
    old, new = share(rig, tmp_path / "old"), share(rig, tmp_path / "new")
    old.call()
    seal = old.sets / f"{old.set_id}-1" / SEAL
    os.utime(seal, (time.time() - 8 * DAY,) * 2)
    old.call()  # is a use
    assert time.time() - seal.stat().st_mtime < DAY
    os.utime(seal, (time.time() - 6 * DAY,) * 2)
    new.call()
    assert old.copies == ["-1"]
