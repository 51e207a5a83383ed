"""Hosts of the made-up vendors: scripts for the C client, with the vendor's DLL itself or with ours before it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from buildlib import vendors
from tests.support.clients import Kind, Reply, Rig, chdir_line, hexed, load_line, run_client, trans_line
from tests.support.product import install
from tests.support.vendors.people import VendorCall
from tests.support.vendors.rows import VendorRow

ROOM = 20480
"""Bytes of OutData that these hosts allocate, as hosts of this family do."""

LIBRARY = {"VC": "VirtualCardChk", "EC": "NationECCode"}
TRANS = {"VC": "VirtualCardTrans", "EC": "NationEcTrans"}


@dataclass(frozen=True)
class VendorHost:
    """A folder as a hospital has it before the swap: the vendor's DLL under the name that the HIS loads."""

    row: VendorRow
    kind: Kind
    folder: Path

    @property
    def library(self) -> Path:
        """What the HIS loads."""
        if self.kind.startswith("win"):
            return self.folder / f"{LIBRARY[self.row.dll]}.dll"
        return self.folder / f"lib{LIBRARY[self.row.dll]}.so"

    def lines(self, address: str, calls: Sequence[VendorCall]) -> list[str]:
        """A script: load, change into a folder of its own, call. The DLL stays: its threads may still run."""
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        made = [load_line(self.kind, self.row.dll, self.library), chdir_line(self.kind, work)]
        made += call_lines(self.row, address, calls)
        return made + other_lines(self.row)


def call_lines(row: VendorRow, address: str, calls: Sequence[VendorCall]) -> list[str]:
    """The Trans calls."""
    return [
        trans_line(call.serial, call.in_data(row), url=address, export=TRANS[row.dll], capacity=ROOM) for call in calls
    ]


def other_lines(row: VendorRow) -> list[str]:
    """The other exports that the row has, once each."""
    if row.dll == "EC":
        return []
    words = {
        "Set_QRflow_Mode": "1",
        "EhealthID_Print": " ".join(hexed(text.encode("gb18030")) for text in ("85:AB:1", "1234567", "龚喆堃")),
        "SetEcQrcode": "256",
    }
    return [f"call {name} {name} {words[name]}" for name in row.exports if name in words]


def place_vendor(row: VendorRow, kind: Kind, folder: Path) -> VendorHost:
    """The vendor's DLL in `folder`, under its own name."""
    folder.mkdir(parents=True, exist_ok=True)
    host = VendorHost(row, kind, folder)
    shutil.copy(vendors.library(row.name, "win32" if kind.startswith("win32") else "linux"), host.library)
    return host


def place_replaced(row: VendorRow, kind: Kind, folder: Path, run: str = "capture", settings: str = "") -> VendorHost:
    """The same folder after the swap: our DLLs under the names that the HIS loads, the vendor's beside them."""
    install(kind, folder).ini(ini_text(row, run, settings))
    host = VendorHost(row, kind, folder)
    target = host.library.with_name(f"{host.library.stem}.vendor{host.library.suffix}")
    shutil.copy(vendors.library(row.name, "win32" if kind.startswith("win32") else "linux"), target)
    return host


def ini_text(row: VendorRow, run: str, settings: str = "") -> str:
    """vcshim.ini of a host that allocates ROOM bytes and writes the vendor's charset."""
    charset = "utf-8" if row.host_charset == "utf-8" else "gbk"
    folder = "captures"
    return (
        f"[mode]\nrun = {run}\n[abi]\nout_capacity = {ROOM}\ncharset = {charset}\n"
        f"[capture]\nfolder = {folder}\n[journal]\nfolder = journal\n{settings}"
    )


def run_lines(kind: Kind, lines: Sequence[str], rig: Rig, timeout: float = 300) -> list[Reply]:
    """The replies of one program."""
    return run_client(kind, lines, rig=rig, timeout=timeout)
