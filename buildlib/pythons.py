"""The CPythons that tests use as host programs: pyenv's, one of each version, and Debian's own.

Not the interpreter that is shipped or that the build runs in (buildlib/environment.py). Installs nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Each of them is expected on a machine that runs the tests, with its shared library.
VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
# These are host programs too where they are found.
LATER = ("3.14",)
# The package python3.11 has libpython inside the program, libpython3.11 has it as a file, with pyenv's SONAME.
DEBIAN_PROGRAM = Path("/usr/bin/python3.11")
DEBIAN_LIBRARY = Path("/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")

_PROBE = "import ctypes, os, sys, sysconfig as s; print(*sys.version_info[:2], s.get_config_var('LIBDIR'), sep='\\n')"


@dataclass(frozen=True)
class CPython:
    """One interpreter: the program and the library that another program can embed."""

    version: str
    program: Path
    library: Path


@cache
def find(version: str) -> CPython | None:
    """The newest CPython of this version that pyenv has, or the one on PATH; None without a shared library."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = sorted(root.glob(f"versions/{version}.*"), key=lambda path: [int(n) for n in _digits(path.name)])
    candidates = [folder / "bin" / f"python{version}" for folder in reversed(folders)]
    on_path = shutil.which(f"python{version}")
    candidates += [Path(on_path)] if on_path else []
    return next(filter(None, (_cpython(version, program) for program in candidates)), None)


def _cpython(version: str, program: Path) -> CPython | None:
    if not program.exists():
        return None
    name = f"libpython{version}.so.1.0"
    beside = program.parent.parent / "lib" / name
    if beside.exists():
        return CPython(version, program, beside)
    probe = subprocess.run([program, "-c", _PROBE], capture_output=True, text=True, check=False)
    *numbers, folder = probe.stdout.split("\n")[:3] if probe.returncode == 0 else ("",)
    library = Path(folder) / name
    return CPython(version, program, library) if ".".join(numbers) == version and library.exists() else None


def _digits(name: str) -> list[str]:
    return [part for part in name.split(".") if part.isdigit()]
