"""What a run on Windows needs and no Linux shows: modules of one system are imported where they are used."""

from __future__ import annotations

import ast
from pathlib import Path

from buildlib.layout import ROOT
from tests.support.syntax import parsed

LINUX_ONLY = {"fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
WINDOWS_ONLY = {"_winapi", "msvcrt", "winreg", "winsound"}
FILES = [
    path
    for folder in ("buildlib", "shim", "tests/support", "tests/unit")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def imported_at_once(path: Path) -> set[str]:
    """The modules that importing a file imports whatever the system is."""
    names: set[str] = set()
    for node in parsed(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).partition(".")[0])
    return names


def test_imports_on_every_system() -> None:
    assert len(FILES) > 200
    found = {str(path.relative_to(ROOT)): imported_at_once(path) & (LINUX_ONLY | WINDOWS_ONLY) for path in FILES}
    assert {name: modules for name, modules in found.items() if modules} == {}


def test_the_check_sees_imports(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text("import os, pty\nfrom fcntl import flock\ndef f():\n    import tty\n")
    assert imported_at_once(tmp_path / "it.py") & LINUX_ONLY == {"pty", "fcntl"}
