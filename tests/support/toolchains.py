"""`build_dll.py toolchains`: the whole contract on sets that were made another way than the one that ships.

    paths    the set that ships, on its own path functions instead of the system's (tests/support/windows7.py)
    zig      the C compiled by ziglang instead of mingw-w64
    python   CPython 3.13: a copy of the checkout in build/, in which one line is another (buildlib/layout.py, PYTHON)

Each for 32 and 64 bits. Words choose some of them; --built takes what an earlier run has built. Ends with 1 if a case
failed. Minutes each: not a part of the tests, which have short forms of what is quick (product/test_windows7.py).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from buildlib import product as products
from buildlib.layout import BUILD, DIST, LATER_PYTHON, PYTHON, WIN32, WIN32_ZIG, WIN64, WIN64_ZIG
from tests.support.clients import Kind
from tests.support.paths import ROOT
from tests.support.product import Product
from tests.support.windows7 import take_own_paths

_LINE = re.compile(r"(?m)^PYTHON = \(.*\)$")
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "build", "dist", "__pycache__", ".*_cache")
_COPY = BUILD / "toolchains" / "checkout"
_TARGETS = {"win32": WIN32, "win64": WIN64}
_KINDS: dict[str, Kind] = {"win32": "win32-c", "win64": "win64-c"}


def on_own_paths() -> dict[str, Path]:
    """Copies of the sets that ship, which must have been built."""
    folders = {name: BUILD / "toolchains" / f"{name}-paths" for name in _TARGETS}
    for name, folder in folders.items():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(DIST / name, folder)
        take_own_paths(Product(_KINDS[name], folder))
    return folders


def by_zig() -> dict[str, Path]:
    """The sets that ziglang compiles."""
    return {"win32": products.windows(WIN32_ZIG), "win64": products.windows(WIN64_ZIG)}


def with_later_python() -> dict[str, Path]:
    """The sets of a copy of the checkout in which the one line is another; it has an environment of its own."""
    shutil.copytree(ROOT, _COPY, ignore=_LEFT_OUT, dirs_exist_ok=True)
    layout = _COPY / "buildlib" / "layout.py"
    text, count = _LINE.subn(f"PYTHON = {LATER_PYTHON}", layout.read_text("utf-8"))
    assert count == 1 and LATER_PYTHON != PYTHON
    layout.write_text(text, "utf-8")
    for name in _TARGETS:
        subprocess.run([sys.executable, "build_dll.py", name], cwd=_COPY, check=True)
    return {name: _COPY / "dist" / name for name in _TARGETS}


_ZIG_FOLDERS = {"win32": WIN32_ZIG.folder, "win64": WIN64_ZIG.folder}
WAYS: dict[str, tuple[Callable[[], dict[str, Path]], dict[str, Path]]] = {
    "paths": (on_own_paths, {name: BUILD / "toolchains" / f"{name}-paths" for name in _TARGETS}),
    "zig": (by_zig, _ZIG_FOLDERS),
    "python": (with_later_python, {name: _COPY / "dist" / name for name in _TARGETS}),
}
"""How a set is made, and where it is then."""


def contract(folders: dict[str, Path]) -> int:
    """Run the contract on these sets; the exit code of pytest."""
    chosen = " or ".join(folders)
    words = ["tests/contract/test_contract.py", "-k", chosen, "-n", str(os.cpu_count() or 1), "-q"]
    env = {**os.environ, **{f"VCSHIM_{name.upper()}_PRODUCT": str(folder) for name, folder in folders.items()}}
    return subprocess.call([sys.executable, "-m", "pytest", *words], cwd=ROOT, env=env)


def main() -> int:
    """Make and try the chosen sets; 0 if all cases passed."""
    parser = argparse.ArgumentParser(prog="build_dll.py toolchains")
    parser.add_argument("ways", nargs="*", choices=[*WAYS, []], metavar="WAY", help=f"one of {', '.join(WAYS)}; all")
    parser.add_argument("--built", action="store_true", help="try what is there, build nothing")
    options = parser.parse_args()
    codes = {}
    for way in options.ways or WAYS:
        make, folders = WAYS[way]
        codes[way] = contract(folders if options.built else make())
    print("\n".join(f"{way}: {'passed' if code == 0 else f'failed ({code})'}" for way, code in codes.items()))
    return 1 if any(codes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
