"""Moving to another CPython is one line: what has its version in the name follows from PYTHON in buildlib/layout.py."""

from __future__ import annotations

import re

from buildlib import layout
from tests.support.paths import ROOT

# Lines that only explain something by an example.
_EXAMPLES = {"buildlib/private_names.py": 1}


def test_names_follow_from_the_version() -> None:
    digits = f"{layout.PYTHON[0]}{layout.PYTHON[1]}"
    assert layout.PYTHON_DLL == f"python{digits}.dll"
    assert layout.ARCHIVE == f"python{digits}.zip"
    assert layout.PRIVATE_NAMES[layout.PYTHON_DLL] == f"vcs-py{digits}.dll"
    assert layout.LATER_PYTHON > layout.PYTHON


def test_no_other_line_has_it() -> None:
    """Neither the build nor C names a DLL or an archive of one version."""
    name = re.compile(r"(?:python|vcs-py|cp)3\d\d")
    files = [*(ROOT / "buildlib").rglob("*.py"), *(ROOT / "native").glob("*.[ch]"), *(ROOT / "native").glob("*.py")]
    found = {path.relative_to(ROOT).as_posix(): len(name.findall(path.read_text("utf-8"))) for path in files}
    assert {path: count for path, count in found.items() if count} == _EXAMPLES
