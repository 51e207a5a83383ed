"""A first call that cannot start: memory is short, or a file is missing. The next call tries again, in one process.

Each test runs the real libraries in a native program; win32 runs under Wine, where the address space of the 32-bit
program is taken away.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.calls import QUERY, VERIFY
from tests.support.clients import Kind, Rig
from tests.support.logs import start_note
from tests.support.paths import ROOT
from tests.support.product import Product, install
from tests.support.startagain import run_steps

SHORT = "内存不足"
UNSENT = "本次没有提交，可以再试"


def cold(kind: Kind, folder: Path) -> Product:
    """An installation whose first call is the one that starts it."""
    return install(kind, folder).ini("[start]\nwarm_up = off\n")


def note(product: Product) -> str:
    """What is left for the engineer where there is no log."""
    return start_note(product.folder).read_text("utf-8-sig")


@pytest.mark.parametrize("megabytes", [4, 8, 12, 16, 20, 24, 28, 32])
def test_short_of_memory(rig: Rig, tmp_path: Path, megabytes: int) -> None:
    """RLIMIT_AS is lowered before the first call and taken away after it."""
    product = cold("linux-c", tmp_path / "his")
    short, answered = run_steps(rig, product, "limit", str(megabytes), "call", "free", "call")
    assert short[0] == "8009" and SHORT in short[1] and UNSENT in short[1]
    assert answered == ("00", VERIFY["out"])


@pytest.mark.parametrize("megabytes", [4, 16, 28, 40])
def test_short_of_address_space(rig: Rig, tmp_path: Path, megabytes: int) -> None:
    product = cold("win32-c", tmp_path / "his")
    short, answered = run_steps(rig, product, "limit", str(megabytes), "call", "free", "call")
    assert short[0] == "8009" and SHORT in short[1] and UNSENT in short[1]
    assert answered == ("00", VERIFY["out"])


def test_enough_memory_is_enough(rig: Rig, tmp_path: Path) -> None:
    """What is asked for before the start suffices for the first call: nothing fails halfway.

    Between 64 and 124 MB glibc reserves 64 MB for our thread by chance, in one start of twenty.
    """
    product = cold("linux-c", tmp_path / "his")
    for megabytes in range(60, 136, 4):
        first, _ = run_steps(rig, product, "limit", str(megabytes), "call", "free", "call")
        assert first[0] == "00" or SHORT in first[1], megabytes
    assert first == ("00", VERIFY["out"])


def test_short_of_memory_in_the_other_dll(rig: Rig, tmp_path: Path) -> None:
    product = cold("linux-c", tmp_path / "his")
    short, again, answered = run_steps(
        rig, product, "limit", "8", "call", "call", "free", "call", export="NationEcTrans"
    )
    assert short == again
    assert short[0] == "-1" and f'"message":"{SHORT}' in short[1]
    assert answered == ("0000", QUERY["out"])


@pytest.mark.parametrize("name", ["packages", "libvcshim_core.so"])
def test_a_file_that_comes_back(rig: Rig, tmp_path: Path, name: str) -> None:
    """An installation that is copied while a hospital program starts."""
    product = cold("linux-c", tmp_path / "his")
    there, away = product.runtime / name, product.runtime / f"{name}.part"
    missing, answered = run_steps(rig, product, "move", there, away, "call", "move", away, there, "call")
    mark = "L2" if name.endswith(".so") else "B2"
    assert missing == ("8009", f"扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（8009）。")
    assert str(there) in note(product)
    assert answered == ("00", VERIFY["out"])


def test_an_import_that_fails_once(rig: Rig, tmp_path: Path) -> None:
    """The interpreter runs already: what is missing is imported by the next call."""
    product = cold("linux-c", tmp_path / "his")
    there = next(product.runtime.glob("_cffi_backend*.so"))
    away = there.with_suffix(".part")
    missing, answered = run_steps(rig, product, "move", there, away, "call", "move", away, there, "call")
    assert missing == ("8009", "扫码组件不能启动（代号 B8），本次没有提交。请联系信息科（8009）。")
    assert note(product).startswith("Python 无法导入 _cffi_backend（")
    assert answered == ("00", VERIFY["out"])


_SHORT_ONCE = """

import importlib.abc, sys

class Short(importlib.abc.MetaPathFinder):
    left = 1
    def find_spec(self, name, path, target=None):
        if name == {module!r} and Short.left:
            Short.left = 0
            raise MemoryError

sys.meta_path.insert(0, Short())
"""
# What our interpreter imports first of ours.
_FIRST = ROOT / "shim" / "environment.py"


@pytest.mark.parametrize(
    "module",
    [
        "_cffi_backend", "shim.abi", "shim.wiring", "shim.spec.codes", "shim.crypto", "shim.settings.lines", "hashlib",
        "logging", "shim.configuration", "shim.simulator.inprocess", "encodings.gb18030", "Crypto",
    ],
)  # fmt: skip
def test_memory_that_ends_at_an_import(rig: Rig, tmp_path: Path, module: str) -> None:
    """Any import of the first call runs out of memory; the next call finds the rest."""
    product = cold("linux-c", tmp_path / "his")
    product.replace_module("shim/environment", _FIRST.read_text("utf-8") + _SHORT_ONCE.format(module=module))
    (first, _), second = run_steps(rig, product, "call", "call")
    assert first in ("8009", "8008")
    assert second == ("00", VERIFY["out"])


def test_an_attribute_of_a_capsule(rig: Rig, tmp_path: Path) -> None:
    """What any library may look up while ours is imported: cffi's start would wait for ever (native/boot.c)."""
    product = cold("linux-c", tmp_path / "his")
    looked_up = "import datetime\ngetattr(datetime.datetime_CAPI, 'any', None)\n"
    product.replace_module("shim/environment", _FIRST.read_text("utf-8") + looked_up)
    (answered,) = run_steps(rig, product, "call")
    assert answered == ("00", VERIFY["out"])
