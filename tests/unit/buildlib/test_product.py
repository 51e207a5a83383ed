"""Building a product on a machine that has nothing yet: a fresh checkout, without what the tests install."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from buildlib import product
from tests.support.paths import ROOT

# Modules whose packages have other names.
PACKAGES = {"Crypto": "pycryptodome", "PIL": "pillow", "serial": "pyserial", "hid": "hidapi"}
NONE = {"shim", "_vcshim_core"}  # ours, and what is compiled into the core
ELSEWHERE = {"certifi": "requests", "urllib3": "requests", "_cffi_backend": "cffi"}  # come with another one


def imported(source: str) -> set[str]:
    """The first names of what a module imports when it is imported itself."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def requirements(name: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{name}.in").read_text("utf-8").splitlines()
    return {line.partition("==")[0].partition("<")[0].strip() for line in lines if not line.startswith(("#", "-"))}


def test_whatever_shim_imports_is_installed_before_it_is_frozen() -> None:
    names = set().union(*(imported(path.read_text("utf-8")) for path in Path(ROOT, "shim").rglob("*.py")))
    needed = {ELSEWHERE.get(name, PACKAGES.get(name, name)) for name in names - sys.stdlib_module_names - NONE}
    assert {"requests", "tornado"} <= needed
    assert needed - set().union(*map(requirements, product.LISTS)) == set()
