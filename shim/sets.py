"""Which set is in use: the folder vcshim, or the one in it that current.txt names. Its counterpart: native/sets.c.

A set is a folder with a core and all that it needs. Knows names only: what a set holds is known to shim/manifest.py;
making and removing sets is the installer's. Both sides read the same rows, tests/vectors/current.json.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

CURRENT = "current.txt"
CORE = "vcshim_core.dll" if sys.platform == "win32" else "libvcshim_core.so"
_NAME = re.compile(r"(?![.])[A-Za-z0-9._-]{1,64}")
_LONGEST = 68  # bytes, the end of the line included: FILE_ROOM of native/sets.c


def is_name(name: str) -> bool:
    """Whether a folder of that name in the folder vcshim can be a set."""
    return _NAME.fullmatch(name) is not None


def current_name(sets: Path) -> str:
    """The name in current.txt of the folder `sets`; "" if there is none, or none that may be used."""
    try:
        with (sets / CURRENT).open("rb") as file:
            text = file.read(_LONGEST).decode("ascii")
    except (OSError, UnicodeDecodeError):
        return ""
    name = text.rstrip("\r\n ")
    return name if is_name(name) else ""


def current_set(folder: Path) -> Path:
    """The set of which the DLLs in `folder` load the core, as vcshim_choose_set() of native/sets.h chooses it."""
    sets = folder / "vcshim"
    name = current_name(sets)
    if name and (_holds_core(sets / name) or not _holds_core(sets)):
        return sets / name
    return sets


def make_current(sets: Path, name: str) -> None:
    """Have current.txt of the folder `sets` name another set. Whoever reads it finds the old name or the new one.

    Raises:
        ValueError: no set can have that name.
        OSError: the file cannot be written; the old one is still there.
    """
    if not is_name(name):
        raise ValueError(name)
    new = sets / f"{CURRENT}.{os.getpid()}"
    try:
        with new.open("wb") as file:
            file.write(f"{name}\n".encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, sets / CURRENT)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def folder_of(own: Path) -> Path:
    """The folder of the DLLs and of vcshim.ini, for a program in the set `own`."""
    sets = own.parent
    return sets.parent if os.path.exists(sets / CURRENT) else sets


def _holds_core(folder: Path) -> bool:
    return os.path.exists(folder / CORE)
