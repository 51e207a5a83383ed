"""Which program has a device or a file open, where the system tells.

Linux tells of the programs of the same user (of all programs, to root): by /proc/locks and /proc/PID/fd. Windows has no
documented way for a serial port: its Restart Manager knows files on a disk only. What is asked for is a hint for a
message, so every doubt is None.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class PortHolder:
    """A program that has a device open."""

    program: str
    pid: int


def holder_of(path: str) -> PortHolder | None:
    """The program that has `path` locked, else one that has it open; None if the system does not tell."""
    if sys.platform == "win32":
        return None
    try:
        wanted = os.stat(path)
    except (OSError, ValueError):
        return None
    for pid in (*_lockers(wanted), *_openers(wanted)):
        with contextlib.suppress(OSError):
            program = (_PROC / str(pid) / "comm").read_text("utf-8", "replace").strip()
            if program:
                return PortHolder(program, pid)
    return None


def _lockers(wanted: os.stat_result) -> list[int]:
    """A line is "1: FLOCK  ADVISORY  WRITE 4711 00:19:5 0 EOF": the process, then device and inode of the file."""
    if sys.platform == "win32":
        return []
    device = wanted.st_dev
    inode = f"{os.major(device):02x}:{os.minor(device):02x}:{wanted.st_ino}"
    with contextlib.suppress(OSError, ValueError):
        rows = [line.split() for line in (_PROC / "locks").read_text().splitlines()]
        return [int(row[4]) for row in rows if len(row) > 5 and row[5] == inode and int(row[4]) > 0]
    return []


def _openers(wanted: os.stat_result) -> list[int]:
    found = []
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # another user's, or it has ended
            if any(_is_same(folder / "fd" / name, wanted) for name in os.listdir(folder / "fd")):
                found.append(int(folder.name))
    return found


def _is_same(descriptor: Path, wanted: os.stat_result) -> bool:
    try:
        seen = os.stat(descriptor)
    except OSError:
        return False
    return (seen.st_dev, seen.st_ino) == (wanted.st_dev, wanted.st_ino)
