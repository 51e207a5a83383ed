"""One more row of aliases, and the DLLs and libraries offer one more name: nothing else has to be written.

Builds fronts of its own with an alias that was made up. Needs the compilers, neither Wine nor a built product.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from buildlib import compile as build
from buildlib import console, layout
from buildlib.layout import LINUX, WIN32, WIN64, Target
from buildlib.pe import Image
from buildlib.toolchain import Toolchain
from native import charset_build, exports_build, messages_build
from shim.spec import EXPORTS, Alias

MADE_UP = (Alias("VirtualCardTransEx", "VirtualCardTrans", "made up for this test"),)


def built(target: Target, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the fronts of `target`, linked with the made-up alias."""
    monkeypatch.setattr(layout, "DIST", folder / "dist")
    monkeypatch.setattr(layout, "BUILD", folder / "build")
    target.work.mkdir(parents=True)
    target.folder.mkdir(parents=True)
    exports_build.write(target.work, EXPORTS, MADE_UP)
    charset_build.write(target.work)
    messages_build.write(target.work)
    build.fronts(Toolchain(target))
    return target.folder


def test_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The alias is the function itself, not a copy of it."""
    folder = built(LINUX, tmp_path, monkeypatch)
    library = ctypes.CDLL(str(folder / "libVirtualCardChk.so"))
    addresses = [
        ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        for name in ("VirtualCardTrans", "VirtualCardTransEx")
    ]
    assert addresses[0] == addresses[1] is not None
    assert not hasattr(ctypes.CDLL(str(folder / "libNationECCode.so")), "VirtualCardTransEx")


@pytest.mark.parametrize(
    ("target", "names"),
    [
        (WIN32, ["VirtualCardTransEx", "VirtualCardTransEx@12", "_VirtualCardTransEx@12"]),
        (WIN64, ["VirtualCardTransEx"]),
    ],
    ids=["win32", "win64"],
)
def test_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: Target, names: list[str]) -> None:
    folder = built(target, tmp_path, monkeypatch)
    assert sorted(name for name in Image(folder / "VirtualCardChk.dll").exports if "Ex" in name) == names
    assert [name for name in Image(folder / "NationECCode.dll").exports if "Ex" in name] == []


def test_a_row_that_differs_from_the_c_code_does_not_compile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: Set_QRflow_Mode with the parameters of VirtualCardTrans."""
    with pytest.raises(console.Failed, match=r"conflicting types for .Set_QRflow_Mode"):
        header = exports_build.header
        changed = header(EXPORTS).replace("Set_QRflow_Mode(int)", "Set_QRflow_Mode(char *, char *, char *)")
        monkeypatch.setattr(exports_build, "header", lambda _: changed)
        built(LINUX, tmp_path, monkeypatch)
