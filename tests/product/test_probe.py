"""examples/python/probe.py, which looks at any DLL of this ABI: at ours and at made-up vendors', on both systems."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from buildlib import vendors
from buildlib.wine import run_bounded
from tests.support.clients import Rig
from tests.support.languages import EXAMPLES
from tests.support.product import install, python_runtime

Rows = dict[tuple[str, str], dict[str, Any]]


def on_linux(library: Path, *words: str, code: int = 0) -> Rows:
    """What the harness says of a library."""
    command = [sys.executable, str(EXAMPLES / "python" / "probe.py"), str(library), "--json", *words]
    done = run_bounded(command, cwd=library.parent, env=os.environ, timeout=120)
    assert done.returncode == code, done.stderr
    return by_try(done.stdout)


def on_windows(rig: Rig, folder: Path, dll: str) -> Rows:
    """The same in a 32-bit Python, for a DLL in a folder with the product."""
    shutil.copytree(EXAMPLES / "python", folder, dirs_exist_ok=True)
    product = install("win32-ctypes", folder)
    python = f"..\\{python_runtime(product).name}\\python.exe"
    done = rig.wine32.run(["cmd.exe", "/c", f"{python} probe.py {dll} --json > out.json"], cwd=folder)
    assert done.returncode == 0, done.stderr
    return by_try((folder / "out.json").read_text("utf-8"))


def by_try(text: str) -> Rows:
    rows = json.loads(text)["rows"]
    return {(row["export"], row["try"]): row for row in rows}


def answers(rows: Rows) -> dict[str, tuple[str, str]]:
    """Of each try with an answer: the code, and the charset of OutData."""
    return {name: (row["code"], row["charset"]) for (_, name), row in rows.items() if "written" in row}


OURS = {
    "buffer": ("0000", "GBK"),
    "null-url": ("-2", "GBK"),
    "null-in": ("-2", "GBK"),
    "null-out": ("-2", ""),
    "in-gbk": ("0000", "GBK"),
    "in-gb18030": ("0000", "GBK"),
    "in-utf-8": ("-2", "GBK"),
    "in-utf-16": ("-2", "GBK"),
}


def test_ours_on_linux(tmp_path: Path) -> None:
    rows = on_linux(install("linux-c", tmp_path / "his").library("EC"))
    assert answers(rows) == OURS
    back = rows["NationEcTrans", "returned"]
    assert (back["code"], back["owner"], back["stays"]) == ("0000", "heap", True)
    assert all(row["written"] == row["nul"] + 1 and row["beyond"] == 0 for row in rows.values() if "written" in row)


def test_ours_on_windows(rig: Rig, tmp_path: Path) -> None:
    """With Set_QRflow_Mode as VC 3.3 prints it. What types and prints is left alone."""
    folder = tmp_path / "his"
    folder.mkdir()
    (folder / "vcshim.ini").write_text("[abi]\nset_qrflow_mode = cdecl\nreturn_memory = static\n")
    rows = on_windows(rig, folder, "VirtualCardChk.dll")
    names = ["VirtualCardTrans", "_VirtualCardTrans@12", "VirtualCardTrans@12"]
    assert rows["VirtualCardTrans", "names"]["names"] == names
    conventions = {
        name: (row["convention"], row["removed"]) for (name, key), row in rows.items() if key == "convention"
    }
    assert conventions == {"VirtualCardTrans": ("stdcall", 12), "Set_QRflow_Mode": ("cdecl", 0)}
    assert rows["VirtualCardTrans", "returned"]["owner"] != "heap"
    codes = {key: row["code"] for (_, key), row in rows.items() if "written" in row}
    assert codes == {
        "buffer": "00", "null-url": "9001", "null-in": "9001", "null-out": "9001",
        "in-gbk": "00", "in-gb18030": "00", "in-utf-8": "9008", "in-utf-16": "9008",
    }  # fmt: skip
    assert [key for name, key in rows if name in ("EhealthID_Print", "SetEcQrcode")] == ["names"] * 2


def test_a_vendor_whose_text_is_its_own(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "his"
    folder.mkdir()
    shutil.copy(vendors.library("xiamen", "win32"), folder / "VirtualCardChk.vendor.dll")
    rows = on_windows(rig, folder, "VirtualCardChk.vendor.dll")
    assert rows["VirtualCardTrans", "names"]["names"] == ["VirtualCardTrans"]
    assert rows["VirtualCardTrans", "convention"]["convention"] == "stdcall"
    assert rows["VirtualCardTrans", "returned"]["owner"] == "module"


def test_a_vendor_with_one_export(tmp_path: Path) -> None:
    library = tmp_path / "libVirtualCardChk.so"
    shutil.copy(vendors.library("shy", "linux"), library)
    rows = on_linux(library)
    assert rows["EhealthID_Print", "names"] == {"export": "EhealthID_Print", "try": "names", "missing": True}
    assert rows["VirtualCardTrans", "null-out"]["written"] == 0


def test_a_library_that_writes_too_much_and_crashes(rig: Rig, tmp_path: Path) -> None:
    """tests/native/badstub.c does what InData says, and reads it whatever it is. What comes after a crash is tried."""
    (tmp_path / "in.txt").write_bytes(b"guard_after")
    rows = on_linux(rig.program("bad-linux/libVirtualCardChk.so"), "--in", str(tmp_path / "in.txt"), code=1)
    assert rows["VirtualCardTrans", "buffer"] | {"written": 2049, "beyond": 1} == rows["VirtualCardTrans", "buffer"]
    assert rows["VirtualCardTrans", "null-in"]["crashed"] == -11
    assert rows["VirtualCardTrans", "in-utf-16"]["code"] == "00"
    assert rows["VirtualCardTrans", "returned"]["owner"] == "module"


def test_a_call_that_does_not_return(tmp_path: Path) -> None:
    library = tmp_path / "libVirtualCardChk.so"
    shutil.copy(vendors.library("hanging", "linux"), library)
    rows = on_linux(library, "--seconds", "2", code=1)
    assert rows["VirtualCardTrans", "buffer"]["hangs"] == 2
    assert "code" in rows["VirtualCardTrans", "null-url"]


def test_what_cannot_be_loaded(tmp_path: Path) -> None:
    """Said once, with the bits of this Python."""
    command = [sys.executable, str(EXAMPLES / "python" / "probe.py"), str(tmp_path / "VirtualCardChk.dll")]
    done = run_bounded(command, cwd=tmp_path, env={**os.environ, "PYTHONUTF8": "1"}, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{tmp_path / 'VirtualCardChk.dll'}：这个 64 位的 Python 加载不了：OSError: ")


def test_the_table(tmp_path: Path) -> None:
    library = install("linux-c", tmp_path / "his").library("EC")
    command = [sys.executable, str(EXAMPLES / "python" / "probe.py"), str(library)]
    done = run_bounded(command, cwd=tmp_path, env={**os.environ, "PYTHONUTF8": "1"}, timeout=120)
    lines = done.stdout.splitlines()
    assert lines[:2] == [f"{library}，64 位", ""]
    assert lines[2] == "NationEcTrans     导出名              NationEcTrans"
    assert lines[5] == "NationEcTrans     返回的文本          0000；堆上的，释放也安全；下一次调用之后还在"
    assert lines[8] == "NationEcTrans     OutData 为空指针    返回 -2，写了 0 字节"
    assert "龙" not in done.stdout and "4240000000000000000300350000" not in done.stdout
