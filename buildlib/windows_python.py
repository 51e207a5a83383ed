"""A python.exe of any CPython for Windows, in a folder of its own: what PyInstaller runs on, and hosts of the tests.

It is tests/native/pyexe.c in a folder with a CPython's binaries; a ._pth file there says where its library is. Needs
mingw-w64. Nothing of it ships.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from buildlib import clients, console
from buildlib.layout import PRIVATE_NAMES, PYTHON_DLL

PROGRAMS = {32: "python.exe", 64: "python64.exe"}
"""The rows of buildlib/clients.py."""


def python_of(binaries: Path, folder: Path, library: Iterable[str], bits: int = 32) -> Path:
    """python.exe in `folder`, with links to the DLLs and modules in `binaries`; `library` is its search path."""
    program = folder / "python.exe"
    if not program.exists():
        ignore = shutil.ignore_patterns("vcshim_core.dll", "packages", "fronts", "licences", "SHA256SUMS")
        shutil.copytree(binaries, folder, copy_function=_link, ignore=ignore, dirs_exist_ok=True)
        shutil.copy(clients.program(PROGRAMS[bits]), program)
        say_where(folder, library)
    return program


def say_where(folder: Path, library: Iterable[str]) -> None:
    """Write the ._pth file, whose name is the DLL's."""
    (dll,) = (
        path
        for pattern in ("python3?.dll", "python3??.dll", PRIVATE_NAMES[PYTHON_DLL])
        for path in folder.glob(pattern)
    )
    dll.with_suffix("._pth").write_text("".join(f"{line}\n" for line in library))


def loose_library(version: str) -> Path:
    """The folder with the loose library of a version; Failed where it is not on this machine."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/lib/python{version}"))
    if not found:
        raise console.Failed(f"no library of CPython {version} under ~/.pyenv/versions")
    return found[-1]


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another file system
        shutil.copy2(source, target)
