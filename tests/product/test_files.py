"""The files that ship: what they import, export and say about themselves."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest

from buildlib.compile import CORE_TITLE, FRONTS, PROGRAM_TITLE, version
from buildlib.pe import Image
from shim.spec import ALIASES
from tests.support.clients import Kind, Rig
from tests.support.paths import ROOT
from tests.support.product import install

WIN32, WIN64, HOST = (ROOT / "dist" / name for name in ("win32", "win64", "host"))

# Typed once more, so that a slip in the rows shows: the name, and the bytes that stdcall pops.
PRINTED = {
    "VirtualCardChk.dll": {"VirtualCardTrans": 12, "Set_QRflow_Mode": 4, "EhealthID_Print": 12, "SetEcQrcode": 4},
    "NationECCode.dll": {"NationEcTrans": 12},
}
# With the aliases of their DLLs.
EXPORTS = {
    dll: names | {alias.name: names[alias.export] for alias in ALIASES if alias.export in names}
    for dll, names in PRINTED.items()
}


@pytest.mark.parametrize("dll", EXPORTS)
def test_exports_of_win32(dll: str) -> None:
    """The plain names, and for each the two decorated forms; nothing else."""
    names = set(Image(WIN32 / dll).exports)
    assert names == {
        form for name, size in EXPORTS[dll].items() for form in (name, f"{name}@{size}", f"_{name}@{size}")
    }


@pytest.mark.parametrize("dll", EXPORTS)
def test_exports_of_win64(dll: str) -> None:
    assert set(Image(WIN64 / dll).exports) == set(EXPORTS[dll])


@pytest.mark.parametrize("dll", EXPORTS)
def test_exports_of_the_linux_library(dll: str) -> None:
    """The plain names; nothing of the front itself can be taken for a symbol of the host's."""
    library = HOST / f"lib{dll.removesuffix('.dll')}.so"
    listed = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    assert {line.split()[-1] for line in listed.splitlines()} == set(EXPORTS[dll])


@pytest.mark.parametrize("dll", EXPORTS)
@pytest.mark.parametrize("folder", [WIN32, WIN64], ids=["win32", "win64"])
def test_fronts_import_next_to_nothing(folder: Path, dll: str) -> None:
    """KERNEL32, at most msvcrt; tens of kilobytes."""
    path = folder / dll
    assert {name.upper() for name in Image(path).imports} <= {"KERNEL32.DLL", "MSVCRT.DLL"}
    assert path.stat().st_size < 64 * 1024


def test_core_imports_no_window_system() -> None:
    """user32 alone costs a console host 26 ms; winpthread is linked in."""
    for folder in (WIN32, WIN64):
        names = {name.upper() for name in Image(folder / "vcshim" / "vcshim_core.dll").imports}
        # mingw-w64 links msvcrt, ziglang the universal C runtime
        assert {name for name in names if not name.startswith("API-MS-WIN-CRT-")} - {"MSVCRT.DLL"} == {
            "KERNEL32.DLL",
            "VCS-PY311.DLL",
        }


@pytest.mark.parametrize("folder", [WIN32, WIN64], ids=["win32", "win64"])
@pytest.mark.parametrize(
    "dll", ["VirtualCardChk.dll", "NationECCode.dll", "vcshim/vcshim_core.dll", "vcshim/vcshim.exe"]
)
def test_version_resource(folder: Path, dll: str) -> None:
    data = (folder / dll).read_bytes()
    titles = {f"{library}.dll": title for _, library, title in FRONTS}
    titles |= {"vcshim/vcshim_core.dll": CORE_TITLE, "vcshim/vcshim.exe": PROGRAM_TITLE}
    for text in ("OriginalFilename", Path(dll).name, "ProductVersion", version(), titles[dll], "080404B0"):
        assert text.encode("utf-16-le") in data


def test_no_path_of_the_building_machine() -> None:
    """Neither our binaries nor the byte code in the core name the place they were built in."""
    place = str(ROOT).encode()
    ours = [WIN32 / "VirtualCardChk.dll", WIN32 / "NationECCode.dll"]
    ours += [folder / "vcshim" / name for folder in (WIN32, WIN64) for name in ("vcshim_core.dll", "vcshim.exe")]
    ours += [HOST / "vcshim" / name for name in ("libvcshim_core.so", "vcshim")]
    assert [path.name for path in ours if place in path.read_bytes()] == []


def test_no_time_of_the_build() -> None:
    """No linker stamps a file of ours: a commit gives the same bytes each time (`build_dll.py twice`)."""
    for folder in (WIN32, WIN64):
        for name in ("VirtualCardChk.dll", "NationECCode.dll", "vcshim/vcshim_core.dll", "vcshim/vcshim.exe"):
            data = (folder / name).read_bytes()
            (head,) = struct.unpack_from("<I", data, 0x3C)
            assert struct.unpack_from("<I", data, head + 8) == (0,), name


def test_settings_file_ships_commented_out() -> None:
    """vcshim.ini is the site's. What ships is a sample, in which every key is commented out."""
    for folder in (WIN32, WIN64, HOST):
        assert not (folder / "vcshim.ini").exists()
        lines = (folder / "vcshim.ini.sample").read_text("utf-8-sig").splitlines()
        assert any("out_capacity" in line for line in lines)
        assert [line for line in lines if line and line[0] not in ";["] == []


@pytest.mark.parametrize("kind", ["win32-c", "win64-c"])
def test_the_commands_ship(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """vcshim.exe on a PC without Python, wherever it is called from: its words, its exit codes, Chinese in UTF-8."""
    program = str(install(kind, tmp_path / "医院 HIS").runtime / "vcshim.exe")
    wine = rig.wine(kind)
    assert wine.run([program, "--version"]).stdout == f"vcshim {version()}\n"
    listed = wine.run([program, "spec", "3002"])
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "流水号重复" in listed.stdout
    wrong = wine.run([program, "--lang", "en", "nonsense"])
    assert (wrong.returncode, wrong.stdout) == (2, "") and "usage: vcshim" in wrong.stderr
    scan = wine.run([program, "scan", "--folder", str(tmp_path), "--type", "serial", "--port", "COM77"])
    assert scan.returncode == 1 and "COM77" in scan.stdout
    simulator = wine.run([program, "--lang", "en", "simulator"])
    assert simulator.returncode == 1 and "is not in this installation" in simulator.stderr
