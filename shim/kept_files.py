"""Files that a process keeps for a while and then deletes: logs, captures, saved answers.

They are opened for appending only and never renamed, so that several processes of one workstation can share them. Their
folder may be a link of the site's own; they may not: a link in the place of one is neither written to nor deleted. They
are deleted by age (`expired`), by a clock that may be wrong. What it is not: what is in them, their names and their
folders. Any thread.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

DAY_SECONDS = 86400
# Longer than a PC stands unused, as a rule: the clock was set. Of such a pause one day is counted.
_LONGEST_PAUSE_SECONDS = 60 * DAY_SECONDS
_REPARSE_POINT = 0x400  # FILE_ATTRIBUTE_REPARSE_POINT: a link, a junction, a file that is elsewhere


def expired(times: Sequence[float], now: float, lifetime: float) -> list[bool]:
    """Which of some files are older than `lifetime` seconds, by a clock that may have been set.

    Ages are added up from file to file, the newest first. A gap of more than 60 days between two of them, or before
    `now`, counts as one day: a clock that was years ahead or behind for a while makes no file old. What is more than a
    day in the future is never old.

    Args:
        times: when they were written, in seconds since 1970, in any order.
    """
    old = [False] * len(times)
    age, last = 0.0, now
    for index in sorted(range(len(times)), key=lambda index: times[index], reverse=True):
        if times[index] > now + DAY_SECONDS:
            continue
        gap = max(last - times[index], 0.0)
        age += gap if gap <= _LONGEST_PAUSE_SECONDS else DAY_SECONDS
        last = min(last, times[index])
        old[index] = age > lifetime
    return old


def regular_file_time(path: Path) -> float | None:
    """When a file was written; None for a link, a folder or anything else that is not a file of its own."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_mtime if _is_regular(found) else None


def open_append(path: Path) -> int:
    """A descriptor whose every write appends, however many processes write to the file, and that can read.

    NB: on Windows the C runtime's O_APPEND is a seek and a write, and two processes overwrite each other's lines;
    FILE_APPEND_DATA alone makes the system append.

    Raises:
        OSError: also if `path` is a link or anything else but a file: nothing is written through it.
    """
    if sys.platform != "win32":
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        file = os.open(path, flags, 0o600)
    else:
        import _winapi
        import msvcrt

        read_and_append, share_all, open_always = 0x1 | 0x4, 0x7, 4
        normal, open_reparse_point = 0x80, 0x200000
        handle = _winapi.CreateFile(
            str(path), read_and_append, share_all, 0, open_always, normal | open_reparse_point, 0
        )
        file = msvcrt.open_osfhandle(handle, os.O_RDWR | os.O_NOINHERIT)
    if not _is_regular(os.fstat(file)):
        os.close(file)
        raise OSError(f"{path} is not a file of its own")
    return file


def _is_regular(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and not getattr(found, "st_file_attributes", 0) & _REPARSE_POINT
