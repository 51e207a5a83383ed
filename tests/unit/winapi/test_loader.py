"""The one loader of Windows' libraries: where it is used, and what it does on a system without them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shim.winapi import loader
from shim.winapi.loader import Library, require
from tests.support.paths import ROOT
from tests.support.syntax import parsed

LOADER = ROOT / "shim" / "winapi" / "loader.py"
MODULES = sorted((ROOT / "shim").rglob("*.py"))
ROOMS = sorted(path.stem for path in LOADER.parent.glob("*.py") if path.stem != "__init__")
# Whatever opens a library by its name on Windows.
OPENS = {"WinDLL", "OleDLL", "windll", "oledll", "LoadLibrary", "LibraryLoader"}


def opening(path: Path) -> set[str]:
    """The names of `OPENS` that a module uses."""
    names: set[str] = set()
    for node in ast.walk(parsed(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names}
    return names & OPENS


def test_only_the_loader_opens_libraries_of_windows() -> None:
    """So that all come from System32, and none from the host's folder."""
    assert [path for path in MODULES if opening(path)] == [LOADER]


@pytest.mark.parametrize("source", ["ctypes.WinDLL('x')", "from ctypes import windll", "WinDLL('x')"])
def test_another_one_would_be_seen(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source)
    assert opening(tmp_path / "module.py")


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_can_be_imported_anywhere(room: str) -> None:
    """In a process of its own: the import opens nothing, on whatever system."""
    words = [sys.executable, "-W", "error", "-c", f"import shim.winapi.{room}"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.needs("linux")
def test_no_windows_here() -> None:
    """Calls are OSError, also where a result is checked; there is no error number."""
    function = Library("user32").function("GetForegroundWindow", None)
    with pytest.raises(OSError, match="no Windows, no user32"):
        function()
    with pytest.raises(OSError, match="no Windows"):
        require(0)
    assert loader.last_error() == 0


@pytest.mark.parametrize("result", [1, -1, True, "text"])
def test_what_is_not_zero_passes(result: object) -> None:
    assert require(result) is result


class Entry(SimpleNamespace):
    """A function without a prototype, until it gets one; it returns that and its arguments."""

    def __call__(self, *arguments: Any) -> Any:
        return self.restype, self.argtypes, arguments


class Exports:
    """A library with Sleep and Beep. As ctypes has it: a new object for each look, AttributeError for other names."""

    def __init__(self) -> None:
        self.looks: list[str] = []

    def __getitem__(self, name: str) -> Entry:
        self.looks.append(name)
        if name not in ("Sleep", "Beep"):
            raise AttributeError(name)
        return Entry()


def test_a_function_is_found_at_its_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for all calls, with its prototype; its library once for all functions."""
    exports, loaded = Exports(), list[str]()

    def load(name: str) -> Exports:
        loaded.append(name)
        return exports

    monkeypatch.setattr(loader, "_load", load)
    library = Library("kernel32")
    sleep, beep, young = (library.function(name, "int", "long", "char") for name in ("Sleep", "Beep", "Young"))
    assert loaded == []
    assert sleep(1, 2) == ("int", ("long", "char"), (1, 2))
    assert sleep(3) == ("int", ("long", "char"), (3,))
    assert beep(4) == ("int", ("long", "char"), (4,))
    with pytest.raises(AttributeError, match="this Windows has no kernel32 Young"):
        young()
    assert (loaded, exports.looks) == (["kernel32"], ["Sleep", "Beep", "Young"])
