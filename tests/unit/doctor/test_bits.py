"""32 and 64 bits, by the heads of programs: what fits, what does not, and .NET programs that have those of Windows."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from shim.doctor.bits import look_at_bits
from shim.doctor.finding import Place
from shim.doctor.programs import ProgramFile, mentions, program_file, read_program

CALLS = b"\0VirtualCardChk.dll\0"


def program(machine: int, *, net: int | None = None) -> bytes:
    """The head of a program, with a section .text at 0x2000, which is at 0x200 of the file.

    Args:
        net: the flags of a .NET program's header.
    """
    directories = [(0, 0)] * 16
    if net is not None:
        directories[14] = (0x2008, 72)
    wide = machine != 0x14C
    optional = struct.pack("<H", 0x20B if wide else 0x10B) + bytes(110 if wide else 94)
    optional += b"".join(struct.pack("<II", *each) for each in directories)
    head = b"PE\0\0" + struct.pack("<HHIIIHH", machine, 1, 0, 0, 0, len(optional), 0x102)
    section = b".text\0\0\0" + struct.pack("<IIII", 0x100, 0x2000, 0x200, 0x200) + bytes(16)
    start = b"MZ" + bytes(58) + struct.pack("<I", 64)
    code = bytes(8) + struct.pack("<IHHII", 72, 2, 5, 0x2050, 0x100) + struct.pack("<I", net or 0)
    return (start + head + optional + section).ljust(0x200, b"\0") + code.ljust(0x200, b"\0")


I386, AMD64 = 0x14C, 0x8664


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (program(I386), ProgramFile(32)),
        (program(AMD64), ProgramFile(64)),
        (program(0xAA64), ProgramFile(64)),
        (program(I386, net=1), ProgramFile(32, any_machine=True)),
        (program(I386, net=3), ProgramFile(32)),  # compiled for x86
        (program(I386, net=0x20003), ProgramFile(32)),  # "32 bits preferred"
        (program(I386, net=0), ProgramFile(32)),  # with code of its own, as C++/CLI has it
        (program(AMD64, net=1), ProgramFile(64)),
        (program(0x1C0), None),
        (b"MZ" + bytes(58) + struct.pack("<I", 4096), None),
        (b"\x7fELF" + bytes(200), None),
        (program(I386)[:80], None),
        (b"", None),
    ],
)
def test_the_head_of_a_program(data: bytes, read: ProgramFile | None) -> None:
    assert program_file(data) == read


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert read_program(tmp_path / "none.exe") is None and not mentions(tmp_path / "none.exe", ("x",))


@pytest.mark.parametrize("text", [b"VIRTUALCARDCHK", "virtualcardchk.DLL".encode("utf-16-le")])
def test_a_name_in_a_program(tmp_path: Path, text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "his.exe"
    path.write_bytes(bytes(99) + text)
    assert mentions(path, ("NationECCode", "VirtualCardChk"))
    assert not mentions(path, ("NationECCode",))
    monkeypatch.setattr("shim.doctor.programs._LARGEST", 10)
    assert not mentions(path, ("VirtualCardChk",))


# The files of a folder, and the findings: their names and some of their facts.
FOLDERS: dict[str, tuple[dict[str, bytes], list[tuple[str, str]]]] = {
    "no DLL of Windows": ({"his.exe": program(I386, net=1)}, []),
    "all the same": (
        {"VirtualCardChk.dll": program(I386), "his.exe": program(I386) + CALLS, "tool.exe": program(AMD64)},
        [("bits.same", "")],
    ),
    "the core": (
        {"NationECCode.dll": program(AMD64), "vcshim/vcshim_core.dll": program(I386)},
        [("bits.core_differs", "")],
    ),
    "the host": (
        {"VirtualCardChk.dll": program(AMD64), "his.exe": program(I386) + CALLS, "tool.exe": program(AMD64)},
        [("bits.host_differs", "win32")],
    ),
    "a host of 64 bits": (
        {"VirtualCardChk.dll": program(I386), "his.exe": program(AMD64) + CALLS},
        [("bits.host_differs", "win64")],
    ),
    "a host that names no DLL": (
        {"VirtualCardChk.dll": program(AMD64), "his.exe": program(I386)},
        [("bits.all_differ", "win32")],
    ),
    "programs of both kinds, and no host": (
        {"VirtualCardChk.dll": program(I386), "one.exe": program(I386), "two.exe": program(AMD64)},
        [("bits.same", "")],
    ),
    "for any machine": (
        {"VirtualCardChk.dll": program(I386), "his.exe": program(I386, net=1) + CALLS},
        [("bits.any_machine", "")],
    ),
    "for any machine, and the set of 64 bits": (
        {"VirtualCardChk.dll": program(AMD64), "his.exe": program(I386, net=1) + CALLS},
        [("bits.same", "")],
    ),
    "what is never the host": (
        {"VirtualCardChk.dll": program(AMD64), "unins000.exe": program(I386) + CALLS, "Setup.exe": program(I386)},
        [("bits.same", "")],
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder(tmp_path: Path, name: str) -> None:
    files, wanted = FOLDERS[name]
    (tmp_path / "vcshim").mkdir()
    for file, data in files.items():
        (tmp_path / file).write_bytes(data)
    found = list(look_at_bits(Place(tmp_path, tmp_path / "vcshim")))
    assert [(each.row.name, each.facts.get("set", "")) for each in found] == wanted


def test_a_program_of_other_bits_than_the_dlls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command itself: what it finds is right all the same."""
    (tmp_path / "VirtualCardChk.dll").write_bytes(program(I386))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "maxsize", 2**63 - 1)
    names = [each.row.name for each in look_at_bits(Place(tmp_path, tmp_path / "vcshim"))]
    assert names == ["bits.same", "bits.tool_differs"]
