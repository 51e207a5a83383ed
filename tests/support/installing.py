"""A small set, a HIS folder with a vendor's DLLs, and disks that fail or kill: what the tests of the installer share.

The files are stand-ins of a few bytes. The real set is installed in tests/product/test_install.py.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shim.install.disk import SetupDisk, checksum_of
from shim.install.operations import LIBRARIES, SetupEvent, SetupJob
from shim.install.places import HisPlaces
from shim.install.programs import UsingProgram
from shim.manifest import read_manifest, set_problems, write_manifest
from shim.sets import CORE

VC, EC = "VirtualCardChk.dll", "NationECCode.dll"
INI = b"\xef\xbb\xbf; \xd2\xbd\xd4\xba\r\n[scanner]\r\ntype = serial ; COM3\r\n"
SAMPLE = b";[scanner]\r\n"
KILLED = 137


def library(text: str, machine: int = 0x014C) -> bytes:
    """The head of a DLL for 32 bits, and a text."""
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine) + text.encode()


VENDOR = {VC: library("the vendor's card"), EC: library("the vendor's code")}


def make_set(folder: Path, version: str, fronts: str = "1") -> Path:
    """A set; `fronts` is what its DLLs for the HIS folder consist of."""
    (folder / "fronts").mkdir(parents=True)
    for name in LIBRARIES:
        (folder / "fronts" / name).write_bytes(library(f"{name} loads vcshim_core.dll {fronts}"))
    for name in (CORE, "vcshim.exe", "packages/data.bin"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"{name} {version}")
    write_manifest(folder)
    return folder


def make_his(folder: Path, names: Iterable[str] = (VC, EC)) -> HisPlaces:
    """A HIS folder with settings of its site and the vendor's DLLs."""
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(VENDOR[name])
    (folder / "vcshim.ini").write_bytes(INI)
    (folder / "his.exe").write_bytes(b"HIS")
    return HisPlaces(folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@dataclass
class Recorded:
    """What a run has reported, and what it is told about the system."""

    events: list[tuple[SetupEvent, Mapping[str, object]]] = field(default_factory=list)
    programs: list[UsingProgram] = field(default_factory=list)
    locked: list[Path] = field(default_factory=list)
    trial: str = ""
    tried: list[str] = field(default_factory=list)
    asked: list[Path] = field(default_factory=list)

    def job(self, places: HisPlaces, disk: SetupDisk | None = None) -> SetupJob:
        """A run that asks nobody else."""
        return SetupJob(
            places, "2026-11-27 08:00:00", lambda event, facts: self.events.append((event, facts)), self._try,
            disk or SetupDisk(), self._programs, lambda paths: [path for path in self.locked if path in list(paths)],
        )  # fmt: skip

    def told(self) -> list[SetupEvent]:
        """The events without their facts."""
        return [event for event, _ in self.events]

    def _programs(self, paths: Iterable[Path]) -> list[UsingProgram]:
        self.asked += paths
        return self.programs

    def _try(self, _folder: Path, names: Sequence[str]) -> str:
        self.tried += names
        return self.trial


class SteppingDisk(SetupDisk):
    """Counts the operations; before the one of this number, or in its middle, `act` is called. 0: none."""

    def __init__(self, at: int, act: Callable[[str], None]) -> None:
        self.at, self.act, self.done = at, act, 0

    def _step(self, path: Path) -> bool:
        self.done += 1
        if self.done == self.at:
            self.act(str(path))
        return self.done == self.at

    def make_folder(self, path: Path) -> None:
        self._step(path)
        super().make_folder(path)

    def copy(self, source: Path, target: Path) -> str:
        if self.done + 1 == self.at:
            target.write_bytes(source.read_bytes()[:1])  # torn
        self._step(target)
        return super().copy(source, target)

    def write(self, path: Path, data: bytes) -> None:
        if self.done + 1 == self.at:
            path.write_bytes(data[:1])
        self._step(path)
        super().write(path, data)

    def move(self, source: Path, target: Path) -> None:
        self._step(target)
        super().move(source, target)

    def remove(self, path: Path) -> None:
        self._step(path)
        super().remove(path)

    def remove_folder(self, path: Path) -> None:
        self._step(path)
        super().remove_folder(path)


def kill(_path: str) -> None:
    """End this process as SIGKILL does: nothing of it runs any more."""
    os._exit(KILLED)


def full(path: str) -> None:
    """No room, once; renaming and removing need none."""
    raise OSError(errno.ENOSPC, "no room", path)


def denied(path: str) -> None:
    """A file that may not be touched, once."""
    raise PermissionError(errno.EACCES, "denied", path)


def killed(run: Callable[[], object]) -> bool:
    """Run something in a child process; whether it was killed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED)
    return code == KILLED


def assert_works(places: HisPlaces, vendor: Iterable[str] = (VC, EC)) -> None:
    """Each DLL is the vendor's own, or a front that finds a whole set with the same front in it."""
    chosen = places.chosen()
    for name in vendor:
        content = (places.folder / name).read_bytes()
        if content == VENDOR[name]:
            continue
        assert chosen is not None, name
        folder = places.set_folder(chosen)
        assert set_problems(folder) == ()
        fronts = {checksum_of(path / "fronts" / name) for path in places.runtime.iterdir() if path.is_dir()}
        assert checksum_of(places.folder / name) in fronts
        assert (places.vendor_file(name)).read_bytes() == VENDOR[name]
    assert (places.folder / "vcshim.ini").read_bytes() == INI


def name_of(folder: Path, version: str) -> str:
    """The name that a set gets."""
    return read_manifest(folder).folder_name(version)
