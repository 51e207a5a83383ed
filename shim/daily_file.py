"""The file of the log: one a day, host program and user of a PC, in the first of some folders that can be written.

Several processes of one workstation share it, a host and its forked children too, each by a descriptor of its own
(shim/kept_files.py). What it is not: what a line says, and who may write one (shim/log.py, its only user beside those
that read the files). Any thread.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from shim import forks, wall_clock
from shim.kept_files import DAY_SECONDS, expired, open_append, regular_file_time

LOOK_SECONDS = 1.0
FILE = re.compile(r"vcshim-.+-([0-9]{8})\.log")
"""The name of a log, with its day."""
LineMaker = Callable[[logging.LogRecord, wall_clock.Moment], bytes]


class DailyFile(logging.Handler):
    """Appends lines to <folder>/vcshim-<origin>-<yyyymmdd>.log in the first of `folders` that can be written.

    The file is opened with the first line of a day, after a line that could not be written, and when it is no longer
    there. Half a line at its end (a full disk, a program that was killed) is ended; that of another program is looked
    for once a second, because looking takes a third of a millisecond under Wine. So is, on Windows, whether the file is
    still there (0.2 ms); elsewhere before each line (2 µs).

    On the first line of a day files are deleted that are older than `keep_days` both by name and by time of writing.
    The clock may be wrong: today is at most one day after the newest file of an earlier day, so that a clock that was
    set ahead deletes nothing on its first day, and a longer pause is taken for a clock that was set (`expired`).

    Args:
        origin: who writes it: the host program, and its station.
        line: makes the bytes of a line, its end included.
    """

    def __init__(self, folders: tuple[Path, ...], origin: str, keep_days: int, line: LineMaker) -> None:
        super().__init__()
        self._folders = folders
        self._origin = origin
        self._keep_days = keep_days
        self._line = line
        self._day = ""
        self._swept_day = ""
        self._next_look = 0.0
        self._path = Path()
        self._opened: os.stat_result = os.stat_result((0,) * 10)
        self._file: int | None = None
        forks.owns(self._descriptors)
        forks.in_child(self._forget)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            now = wall_clock.local_time(record.created)
            day = now.date
            looks = time.monotonic() >= self._next_look
            opened = day != self._day or not self._is_there(looks)
            if opened:
                self._open(day)
            if self._file is not None:
                if opened or looks:
                    self._next_look = time.monotonic() + LOOK_SECONDS
                    _end_half_a_line(self._file, patient=opened)
                _append(self._file, self._line(record, now))
        except (OSError, ValueError):  # a full or vanished disk, an impossible folder: it costs lines, never a call
            self._day = ""

    def close(self) -> None:
        """What is written from now on is discarded. Any thread."""
        self.acquire()  # no thread is to write to a descriptor that is closed under it
        try:
            self._close_file()
            self._folders = ()
        finally:
            self.release()
        super().close()

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _descriptors(self) -> list[int]:
        return [] if self._file is None else [self._file]

    def _forget(self) -> None:
        """Open the file anew with the next line: looking for half a line moves the position, which a copy shares."""
        self._file, self._day = None, ""

    def _is_there(self, looks: bool) -> bool:
        """False if the file that is open is no longer the one of its name: deleted, moved, or its folder was."""
        if self._file is None or (sys.platform == "win32" and not looks):
            return True  # no folder could be written today, or it is not yet time to look again
        try:
            return os.path.samestat(os.stat(self._path, follow_symlinks=False), self._opened)
        except OSError:
            return False

    def _open(self, day: str) -> None:
        self._close_file()
        self._day = day
        for folder in self._folders:
            path = folder / f"vcshim-{self._origin}-{day}.log"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                self._file = open_append(path)
            except (OSError, ValueError):  # ValueError: a folder name that no system can have
                continue
            self._path, self._opened = path, os.fstat(self._file)
            if day != self._swept_day:
                self._swept_day = day
                self._drop_old(folder, day)
            return

    def _drop_old(self, folder: Path, today: str) -> None:
        files: list[tuple[Path, float]] = []
        earlier: list[float] = []
        with forks.gate:  # a child would keep the descriptor of the folder
            names = os.listdir(folder)
        for path in (folder / name for name in names):
            match = FILE.fullmatch(path.name)
            written = regular_file_time(path) if match else None
            if match and written is not None:
                dated = max(written, wall_clock.midnight(match[1]) or written)
                files.append((path, dated))
                earlier += [dated] if match[1] < today else []
        if not earlier:
            return
        now = min(time.time(), max(earlier) + DAY_SECONDS)
        old = expired([dated for _, dated in files], now, self._keep_days * DAY_SECONDS)
        for (path, _), is_old in zip(files, old, strict=True):
            if is_old:
                try:
                    path.unlink()
                except OSError:
                    continue  # another process has it open: retried on the next day


def _end_half_a_line(file: int, *, patient: bool) -> None:
    """End the half line that the file may end with. OSError if the disk is full."""
    if _is_amid_a_line(file, patient=patient):
        _append(file, b"\n")


def _append(file: int, line: bytes) -> None:
    """Write a line, all of it. OSError if the disk takes only a part of it."""
    while line:
        line = line[os.write(file, line) :]


def _is_amid_a_line(file: int, *, patient: bool) -> bool:
    """Whether the file ends with half a line of which nobody is writing the rest.

    Another process may be amid its write. `patient` waits 40 ms for the rest; otherwise it must be older than a second.
    """
    found = os.fstat(file)
    if _ends_a_line(file, found.st_size):
        return False
    if not patient:
        return abs(time.time() - found.st_mtime) > 1
    for _ in range(4):
        time.sleep(0.01)
        if os.fstat(file).st_size != found.st_size:
            return False
    return True


def _ends_a_line(file: int, size: int) -> bool:
    if not size:
        return True
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) == b"\n"
