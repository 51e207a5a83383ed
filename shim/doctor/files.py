"""Checks of files: the set against its list, the DLLs beside vcshim.ini, the choice of a set, a failed start's note."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable, Iterator

from shim import manifest, sets
from shim.commands.catalogue import doctor as phrases
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.manifest import ProblemKind
from shim.messages.start import FILE_NAME as START_FILE
from shim.spec import EXPORTS

_OURS = "virtualcard-shim".encode("utf-16-le")  # in the version resource
_VERSION = b"\xbd\x04\xef\xfe"  # VS_FFI_SIGNATURE, with which VS_FIXEDFILEINFO begins
_MOST_SHOWN = 20

COMPLETE = FindingRow("files.complete", Level.OK, phrases.FILES_COMPLETE)
NOT_INSTALLED = FindingRow("files.not_installed", Level.NOTE, phrases.NOT_INSTALLED, None, phrases.NAME_FOLDER)
NO_SET = FindingRow("files.no_set", Level.ERROR, phrases.NO_SET, phrases.NO_SET_MEANS, phrases.INSTALL_AGAIN)
NO_LIST = FindingRow("files.no_list", Level.WARNING, phrases.NO_LIST, phrases.NO_LIST_MEANS, phrases.INSTALL_AGAIN)
MORE = FindingRow("files.more", Level.NOTE, phrases.MORE_FILES)
BY_KIND = {
    ProblemKind.MISSING: FindingRow(
        "files.missing", Level.ERROR, phrases.FILE_MISSING, phrases.FILE_MISSING_MEANS, phrases.INSTALL_AGAIN
    ),
    ProblemKind.CHANGED: FindingRow(
        "files.changed", Level.ERROR, phrases.FILE_CHANGED, phrases.FILE_CHANGED_MEANS, phrases.INSTALL_AGAIN
    ),
    ProblemKind.UNREADABLE: FindingRow(
        "files.unreadable", Level.ERROR, phrases.FILE_UNREADABLE, phrases.FILE_UNREADABLE_MEANS, phrases.ALLOW_READING
    ),
    ProblemKind.EXTRA: FindingRow("files.extra", Level.NOTE, phrases.FILE_EXTRA, phrases.FILE_EXTRA_MEANS),
}

FRONT = FindingRow("fronts.same", Level.OK, phrases.FRONT)
FRONT_MISSING = FindingRow(
    "fronts.missing", Level.WARNING, phrases.FRONT_MISSING, phrases.FRONT_MISSING_MEANS, phrases.COPY_FRONT
)
FRONT_FOREIGN = FindingRow(
    "fronts.foreign", Level.WARNING, phrases.FRONT_FOREIGN, phrases.FRONT_FOREIGN_MEANS, phrases.COPY_FRONT
)
FRONT_OTHER = FindingRow(
    "fronts.other", Level.WARNING, phrases.FRONT_OTHER, phrases.FRONT_OTHER_MEANS, phrases.COPY_FRONT
)

CHOSEN = FindingRow("sets.chosen", Level.OK, phrases.SET_CHOSEN)
CHOICE_UNUSABLE = FindingRow(
    "sets.unusable", Level.ERROR, phrases.CHOICE_UNUSABLE, phrases.CHOICE_UNUSABLE_MEANS, phrases.CHOOSE_AGAIN
)

FAILED_START = FindingRow(
    "start.failed", Level.WARNING, phrases.FAILED_START, phrases.FAILED_START_MEANS, phrases.DELETE_NOTE
)


def look_at_files(place: Place) -> Iterable[CheckFinding]:
    """Every file of the set against SHA256SUMS."""
    if not (place.runtime / sets.CORE).exists() and not (place.runtime / manifest.FILE).exists():
        return [NOT_INSTALLED(folder=place.folder) if _is_toolbox_alone(place) else NO_SET(path=place.runtime)]
    problems = manifest.set_problems(place.runtime)
    if any(problem.path == manifest.FILE for problem in problems):
        return [NO_LIST(path=place.runtime / manifest.FILE)]
    found = [BY_KIND[problem.kind](path=problem.path) for problem in problems[:_MOST_SHOWN]]
    if len(problems) > _MOST_SHOWN:
        found.append(MORE(count=len(problems) - _MOST_SHOWN))
    if not problems:
        listed = manifest.read_manifest(place.runtime)
        found.append(COMPLETE(count=len(listed.rows), id=listed.set_id, path=place.runtime))
    return found


def _is_toolbox_alone(place: Place) -> bool:
    """Whether this is vcshim-toolbox.exe in a folder without an installation, which it does not need."""
    parts = (place.runtime, *(place.folder / row.dll for row in EXPORTS))
    return bool(getattr(sys, "frozen", False)) and not any(part.exists() for part in parts)


def look_at_fronts(place: Place) -> Iterator[CheckFinding]:
    """The DLLs that the host loads against those that belong to the set."""
    for dll in dict.fromkeys(row.dll for row in EXPORTS):
        own = place.runtime / "fronts" / dll
        if not own.exists():
            continue  # not a set for Windows
        path = place.folder / dll
        try:
            data = path.read_bytes()
        except OSError:
            yield FRONT_MISSING(path=path)
            continue
        wanted = own.read_bytes()
        if _OURS not in data:
            yield FRONT_FOREIGN(path=path)
        elif data != wanted:
            yield FRONT_OTHER(path=path, version=file_version(data), wanted=file_version(wanted))
        else:
            yield FRONT(path=path, version=file_version(data))


def file_version(data: bytes) -> str:
    """The version in the resource of a DLL or program; "?" without one."""
    at = data.find(_VERSION)
    if at < 0 or at + 16 > len(data):
        return "?"
    high, low = struct.unpack_from("<II", data, at + 8)
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}"


def look_at_sets(place: Place) -> Iterator[CheckFinding]:
    """Which of several sets the DLLs load."""
    choice = place.folder / "vcshim" / sets.CURRENT
    if not choice.exists():
        return
    chosen = sets.current_set(place.folder)
    if chosen.parent == choice.parent and (chosen / sets.CORE).exists():
        yield CHOSEN(name=chosen.name)
    else:
        yield CHOICE_UNUSABLE(path=choice)


def look_at_start(place: Place) -> Iterator[CheckFinding]:
    """What a DLL left where it could not start, and so not write a log: a file for each PC."""
    for path in sorted(place.folder.glob("*".join(START_FILE)))[:_MOST_SHOWN]:
        try:
            text = path.read_text("utf-8-sig", "replace").strip()
        except OSError:
            continue
        yield FAILED_START(path=path, reason=text)
