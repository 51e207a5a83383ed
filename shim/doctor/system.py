"""Checks of Windows: which one it is, and the two updates of Windows 7 that the set needs."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from shim.commands.catalogue import doctor as phrases
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.winapi.loader import Library
from shim.winapi.ntdll import is_wine

SUPPORTED = FindingRow("windows.supported", Level.OK, phrases.WINDOWS)
WINE = FindingRow("windows.wine", Level.NOTE, phrases.WINE, phrases.WINE_MEANS)
ELSEWHERE = FindingRow("windows.elsewhere", Level.NOTE, phrases.ELSEWHERE)
TOO_OLD = FindingRow("windows.too_old", Level.ERROR, phrases.TOO_OLD, phrases.TOO_OLD_MEANS, phrases.INSTALL_SP1)
UPDATE = FindingRow("windows.update", Level.OK, phrases.UPDATE)
NO_CRT = FindingRow("windows.no_crt", Level.ERROR, phrases.NO_CRT, phrases.NO_CRT_MEANS, phrases.INSTALL_UPDATE)
NO_FOLDERS = FindingRow(
    "windows.no_folders", Level.WARNING, phrases.NO_FOLDERS, phrases.NO_FOLDERS_MEANS, phrases.INSTALL_UPDATE
)

# Of updates of Windows 7 that later versions have in them: what there is with it, and the finding without it.
UPDATES = (
    ("KB2999226", "ucrtbase", "_initterm", NO_CRT),
    ("KB2533623", "kernel32", "AddDllDirectory", NO_FOLDERS),
)
_FIRST = (6, 1, 1)
"""Windows 7 SP1: major, minor, service pack."""


def look_at_windows(place: Place) -> Iterator[CheckFinding]:
    """The version, and whether it is Windows at all."""
    if sys.platform != "win32":
        yield ELSEWHERE(system=sys.platform)
        return
    about = sys.getwindowsversion()
    major, minor, build = about.platform_version
    version = f"{major}.{minor}.{build}"
    if is_wine():
        yield WINE(version=version)
    elif (major, minor, about.service_pack_major) < _FIRST and (major, minor) <= _FIRST[:2]:
        yield TOO_OLD(version=version, pack=about.service_pack_major)
    else:
        yield SUPPORTED(version=version, bits=64 if sys.maxsize > 2**32 else 32)


def look_at_updates(place: Place) -> Iterator[CheckFinding]:
    """Whether what came by an update is there, however it came."""
    if sys.platform != "win32":
        return
    for number, dll, function, row in UPDATES:
        yield UPDATE(number=number) if has_function(dll, function) else row(number=number)


def has_function(dll: str, name: str) -> bool:
    """Whether a DLL of System32 has a function."""
    try:
        Library(dll).find(name)
    except (OSError, AttributeError):
        return False
    return True
