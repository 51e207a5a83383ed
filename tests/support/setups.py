"""The setup program and vcshim install under Wine: the HIS folder of a site, a HIS that runs, and other versions.

Used by tests/product/test_install.py; the stand-ins for runs without Wine are in installing.py.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from buildlib import installer, locks
from buildlib.layout import BUILD, WIN32, WIN64, Target
from buildlib.vendors import library as vendor_library
from buildlib.wine import Wine
from shim.manifest import write_manifest
from tests.support.clients import Kind, Reply, Rig, load_line, run_client, trans_line
from tests.support.needs import NotBuilt

FOLDER = "医院 HIS"
INI = "; 医院自己的设置\r\n[log]\r\nlevel = info ; 不要改\r\n".encode("gb18030")
DLLS: tuple[str, ...] = ("VirtualCardChk.dll", "NationECCode.dll")
# A row of tests/native/vendors that each DLL of the vendor's is; there are none for 64 bits, where a stub stands in.
VENDORS = {"VirtualCardChk.dll": "xiamen", "NationECCode.dll": "ec_data"}
_LIMIT = 300.0
# A program that holds files, for each kind.
HOSTS = {"win32-c": "holdhost.exe", "win64-c": "holdhost64.exe"}


@dataclass(frozen=True)
class Site:
    """A HIS folder with the vendor's DLLs and the site's settings, for programs of one kind."""

    kind: Kind
    rig: Rig
    folder: Path

    @property
    def wine(self) -> Wine:
        return self.rig.wine(self.kind)

    def files(self) -> dict[str, bytes]:
        """What is in the folder, but for the log and for what a DLL writes down that cannot start."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        found = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        return {
            name: content for name, content in found.items() if not name.startswith(("vcshim_log/", "vcshim-start"))
        }

    def call(self) -> list[Reply]:
        """Both DLLs, loaded by a HIS that starts now, and called with a request that ours refuse by themselves."""
        lines = [load_line(self.kind, "VC", self.folder / DLLS[0]), load_line(self.kind, "EC", self.folder / DLLS[1])]
        lines += [trans_line("vc", "{}"), trans_line("ec", "{}", export="NationEcTrans")]
        return run_client(self.kind, lines, rig=self.rig)

    def answers(self) -> bool:
        """Whether ours answers, by both."""
        return [reply.returned for reply in self.call()] == [b"1004", b"-5"]

    def run(self, program: Path, *words: str) -> tuple[int, str]:
        """A command of vcshim.exe in Chinese: its exit code, and what it prints.

        To files, because under Wine a program that it starts keeps its pipes open.
        """
        with tempfile.TemporaryDirectory(prefix="vcshim-") as folder:
            words = (str(program), *words, "--lang", "zh")
            done = self.wine.run(words, timeout=_LIMIT, disk_files=Path(folder))
        return done.returncode, done.stdout + done.stderr

    def setup(self, program: Path, *words: str) -> int:
        """The setup program without windows; its exit code."""
        # NB: NSIS takes the rest of the command line for the folder, and knows no quotation marks in it.
        folder = f"/D={self.path}".split(" ")
        return self.wine.run([program, "/S", *words, *folder], timeout=_LIMIT).returncode

    @property
    def path(self) -> str:
        """The folder as Windows has it."""
        return Wine.windows_path(self.folder)

    @contextmanager
    def running_his(self) -> Iterator[None]:
        """A HIS that has both DLLs loaded."""
        with self._holding("load", *(self.folder / name for name in DLLS)):
            yield

    @contextmanager
    def open_file(self, name: str) -> Iterator[None]:
        """A program that has a file open, and lets no other program have it."""
        with self._holding("open", self.folder / name):
            yield

    @contextmanager
    def _holding(self, word: str, *paths: Path) -> Iterator[None]:
        host = self.rig.program(HOSTS[self.kind])
        words = ["wine", str(host), word, *(Wine.windows_path(path) for path in paths)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(words, env=self.wine.env, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == b"ready"
            yield
        finally:
            process.communicate(timeout=_LIMIT)


def target_of(kind: Kind) -> Target:
    """The product for a kind of program."""
    return WIN64 if kind.startswith("win64") else WIN32


def make_site(kind: Kind, rig: Rig, parent: Path) -> Site:
    """A HIS folder as a hospital has it."""
    folder = parent / FOLDER
    folder.mkdir(parents=True)
    for name, row in VENDORS.items():
        vendor = vendor_library(row, "win32") if kind == "win32-c" else rig.program(f"bad-win64/{name}")
        shutil.copyfile(vendor, folder / name)
    (folder / "vcshim.ini").write_bytes(INI)
    return Site(kind, rig, folder)


def own_copy(kind: Kind, parent: Path) -> Path:
    """vcshim.exe of a set that is unpacked somewhere; its files are copies."""
    source = target_of(kind).folder / "vcshim"
    if not (source / "SHA256SUMS").exists():
        raise NotBuilt(target_of(kind).name)
    shutil.copytree(source, parent)
    return parent / "vcshim.exe"


def other_version(kind: Kind, parent: Path, *, fronts: bool) -> Path:
    """vcshim.exe of a set that is another one, with the same or with other DLLs for the HIS folder."""
    program = own_copy(kind, parent)
    (parent / "licences" / "another.txt").write_text("another")
    for front in (parent / "fronts").iterdir() if fronts else ():
        front.write_bytes(front.read_bytes() + bytes(16))  # behind the end of a DLL anything may stand
    write_manifest(parent)
    return program


def setup_program(kind: Kind) -> Path:
    """The setup program of the product, compressed in a hurry; all workers of a parallel run share it."""
    target = target_of(kind)
    output = BUILD / "setup" / f"{target.name}-setup.exe"
    output.parent.mkdir(exist_ok=True)
    source = target.folder / "vcshim" / "SHA256SUMS"
    if not source.exists():
        raise NotBuilt(target.name)
    with locks.only_one(output.with_suffix(".lock")):
        mark = output.with_suffix(".sums")
        made_of = source.read_bytes() + installer.SCRIPT.read_bytes()
        if not (output.exists() and mark.exists() and mark.read_bytes() == made_of):
            mark.unlink(missing_ok=True)
            installer.build(target, output, "zlib")
            mark.write_bytes(made_of)
    return output
