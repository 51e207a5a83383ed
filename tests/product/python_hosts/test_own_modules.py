"""Hosts with modules under the names of ours: stand-ins, the same versions, patched, some that cannot be imported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.paths import ROOT
from tests.support.product import install
from tests.support.python_hosts import Call, assert_right, every_call, persons, program, run_host

# What the libraries bring: the package itself, its libraries, and modules of it that are called as anybody's may be.
OURS = (
    "shim", "log", "errors", "service", "requests", "urllib3", "certifi", "charset_normalizer", "idna", "cffi",
    "_cffi_backend", "_vcshim_core", "Crypto", "gmssl", "serial", "hid", "PIL", "segno",
)  # fmt: skip
# The same of the standard library that CPython does not import by itself when it starts.
STANDARD = ("queue", "uuid", "hmac", "secrets", "html", "cgi", "this", "sched", "wsgiref")
STAND_IN = "VERSION = '0.0.1'\nclass Session:\n    def send(self):\n        return None\n"
PYTHONS = ("3.8", "3.11", "3.12", "Debian")


def calls(simulator: Simulator) -> list[Call]:
    return [*every_call("http", simulator), *every_call("sim"), *persons("person", simulator, range(16))]


def furnish(folder: Path, names: tuple[str, ...], text: str) -> str:
    """A folder with modules of these names, each with that text; the host puts it before all others."""
    folder.mkdir()
    for name in names:
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize("name", PYTHONS)
def test_stand_ins_are_imported(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """The host's functions are asked for nothing, and its modules stay its own."""
    words = (furnish(tmp_path / "own", OURS, STAND_IN), *OURS)
    wanted, product = calls(simulator), install("linux-ctypes", tmp_path / "his")
    result = run_host(program(name), "own_modules.py", product, wanted, tmp_path / "job", words=words)
    assert_right(wanted, result)
    assert result.notes == {"changes": {}, "asked": [], "own": [True] * len(OURS)}


@pytest.mark.parametrize("raised", ["ImportError('his')", "SystemExit(3)", "KeyboardInterrupt"])
@pytest.mark.parametrize("name", PYTHONS)
def test_nothing_of_the_host_is_imported(simulator: Simulator, tmp_path: Path, name: str, raised: str) -> None:
    """Modules that leave a trace and raise, in the first place of the host's path."""
    trace = tmp_path / "trace"
    text = f"open({str(trace)!r}, 'a').write(__name__ + '\\n')\nraise {raised}\n"
    words = [furnish(tmp_path / "own", (*OURS, *STANDARD), text)]
    wanted, product = calls(simulator), install("linux-ctypes", tmp_path / "his")
    result = run_host(program(name), "own_modules.py", product, wanted, tmp_path / "job", words=words)
    assert_right(wanted, result)
    assert result.notes == {"changes": {}, "asked": [], "own": []}
    assert not trace.exists()


def test_the_same_versions(simulator: Simulator, tmp_path: Path) -> None:
    """A host that has every library that ships, in its version, with requests' `send` patched."""
    real = (
        "requests",
        "urllib3",
        "certifi",
        "idna",
        "cffi",
        "_cffi_backend",
        "Crypto",
        "gmssl",
        "serial",
        "PIL",
        "segno",
    )
    wanted, product = calls(simulator), install("linux-ctypes", tmp_path / "his")
    words = (str(tmp_path), *real)
    result = run_host(sys.executable, "own_modules.py", product, wanted, tmp_path / "job", words=words)
    assert_right(wanted, result)
    assert result.notes == {"changes": {}, "asked": [], "own": [True] * len(real)}


def test_the_shim_of_the_host(simulator: Simulator, tmp_path: Path) -> None:
    """A host that imports this package from its sources, and has used its log and its settings."""
    names = ("shim.abi", "shim.wiring", "shim.log", "shim.transport", "shim.errors")
    wanted, product = calls(simulator), install("linux-ctypes", tmp_path / "his")
    words = (str(ROOT), *names)
    result = run_host(sys.executable, "own_modules.py", product, wanted, tmp_path / "job", words=words)
    assert_right(wanted, result)
    assert result.notes == {"changes": {}, "asked": [], "own": [True] * len(names)}
