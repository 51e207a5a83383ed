"""Check of what is written: the log, the journal and captures, the user's local data. Rights, and room on the disk.

A file is made where the folder is, or where it would be made, with a name that nothing else has, and removed at once.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from shim.commands.catalogue import doctor_system as phrases
from shim.commands.language import Phrase
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.folders import local_data
from shim.wiring import captures_folder, journal_folder, log_folders

WRITABLE = FindingRow("writing.possible", Level.OK, phrases.WRITABLE)
READ_ONLY = FindingRow("writing.read_only", Level.ERROR, phrases.READ_ONLY, phrases.LOST_MEANS, phrases.ALLOW_WRITING)
LOG_ELSEWHERE = FindingRow(
    "writing.log_elsewhere", Level.WARNING, phrases.READ_ONLY, phrases.LOG_ELSEWHERE_MEANS, phrases.ALLOW_WRITING
)
FULL = FindingRow("writing.full", Level.ERROR, phrases.FULL, phrases.LOST_MEANS, phrases.MAKE_ROOM)
NEARLY_FULL = FindingRow(
    "writing.nearly_full", Level.WARNING, phrases.NEARLY_FULL, phrases.NEARLY_FULL_MEANS, phrases.MAKE_ROOM
)
FAILED = FindingRow("writing.failed", Level.ERROR, phrases.WRITING_FAILED, phrases.LOST_MEANS, phrases.CHECK_DISK)

_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_ROOM = 100 * 1024 * 1024
_BLOCK = b"\0" * 64 * 1024


def look_at_writing(place: Place) -> Iterator[CheckFinding]:
    """Each folder that a call, the log or the journal writes to."""
    settings = place.settings
    wanted: list[tuple[Phrase, Path]] = [
        (phrases.LOG, log_folders(settings, place.folder)[0]),
        (phrases.LOCAL_DATA, local_data()),
    ]
    if settings.journal.enabled:
        wanted.append((phrases.JOURNAL, journal_folder(settings)))
    if settings.mode.run != "native":
        wanted.append((phrases.CAPTURES, captures_folder(settings)))
    done: set[Path] = set()
    for what, folder in wanted:
        there = _existing(folder)
        if there not in done:
            yield _look_at(what, folder, there)
        done.add(there)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it: in that it would be made."""
    return next((each for each in (folder, *folder.parents) if each.is_dir()), folder)


def _look_at(what: Phrase, folder: Path, there: Path) -> CheckFinding:
    error = _write_in(there)
    if error in _NO_ROOM:
        return FULL(what=what, path=folder)
    if error in _DENIED:
        return (LOG_ELSEWHERE if what is phrases.LOG else READ_ONLY)(what=what, path=folder)
    if error:
        return FAILED(what=what, path=folder, number=error)
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        free = _ROOM
    if free < _ROOM:
        return NEARLY_FULL(what=what, path=folder, megabytes=free // 1024 // 1024)
    return WRITABLE(what=what, path=folder)


def _write_in(folder: Path) -> int:
    """0 if a file can be made, filled and removed, else the number of the error."""
    path = folder / f"vcshim-doctor-{os.getpid()}.tmp"
    error = 0
    try:
        with path.open("xb") as file:
            file.write(_BLOCK)
            file.flush()
            os.fsync(file.fileno())
    except OSError as failure:
        error = failure.errno or errno.EIO
    try:
        path.unlink(missing_ok=True)
    except OSError as failure:
        error = error or failure.errno or errno.EIO
    return error
