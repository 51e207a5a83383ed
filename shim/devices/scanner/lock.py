"""One scan at a time: across the threads of a host, across both DLLs, and across the programs of the PC.

The DLLs share one process and so one ScanLock; programs share a locked file, which the system unlocks when the process
that holds it ends. The file also names that program, so that the second caller can be told who scans. A forked child is
another program: it holds none of its parent's locks.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from shim import forks
from shim.bilingual import Bilingual
from shim.devices.base import DeviceUnavailable
from shim.log import event, host_program
from shim.messages import scanner as rows

# The byte that is locked: far behind the text, because a locked byte cannot be read on Windows.
_LOCK_AT = 1 << 30
_HOLDER_BYTES = 200
_PROGRAM_CHARACTERS = 20
_TRIES, _BETWEEN = 10, 0.02
_NO_FILE = Bilingual(
    "扫码锁文件无法建立，只在这个进程内排队",
    "the lock file of scans cannot be made; only the threads of this process are kept apart",
)
LOCK_SECONDS = _TRIES * _BETWEEN
"""How long a scan waits for another program that has just read its code."""


class ScanLock:
    """Held by at most one scan. Any thread may acquire it, and any other thread release it.

    Args:
        file: the lock file; its folder is made if it is missing.
        title: the scanner, for the message to the second caller.
    """

    def __init__(self, file: Path, title: str, logger: logging.Logger) -> None:
        self._file = file
        self._title = title
        self._logger = logger
        self._begin()
        forks.owns(self._descriptors)
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._thread_lock = threading.Lock()
        self._descriptor: int | None = None

    def acquire(self, pause: Callable[[float], None] = time.sleep) -> None:
        """Take the lock.

        Args:
            pause: waits for some seconds between two attempts, of which there are a few if another program has the
                lock; what it raises ends them.

        Raises:
            DeviceUnavailable: BUSY, at once if this process scans, after a fifth of a second if another program does.
        """
        if not self._thread_lock.acquire(blocking=False):
            raise DeviceUnavailable(rows.BUSY_HERE, title=self._title)
        try:
            self._lock_file(pause)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give the lock up, as far as it is still held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            _unlock(descriptor)
            os.close(descriptor)
        if self._thread_lock.locked():
            self._thread_lock.release()

    def _descriptors(self) -> list[int]:
        return [] if self._descriptor is None else [self._descriptor]

    def _lock_file(self, pause: Callable[[float], None]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        except (OSError, ValueError) as error:
            # Nowhere to write: the threads of this program are still kept apart, and the port itself is exclusive.
            event(self._logger, logging.WARNING, _NO_FILE, error=type(error).__name__)
            return
        descriptor = self._descriptor
        try:
            self._try_to_lock(descriptor, pause)
        except OSError as error:
            program, pid = _holder(os.read(descriptor, _HOLDER_BYTES))
            if not program:
                raise DeviceUnavailable(rows.BUSY_ELSEWHERE_UNNAMED, title=self._title) from error
            raise DeviceUnavailable(rows.BUSY_ELSEWHERE, title=self._title, program=program, pid=pid) from error
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"{host_program()}，进程号 {os.getpid()}".encode().ljust(_HOLDER_BYTES)[:_HOLDER_BYTES])

    @staticmethod
    def _try_to_lock(descriptor: int, pause: Callable[[float], None]) -> None:
        """Lock, or OSError: a program that has just read its code releases its scanner within moments."""
        for _ in range(_TRIES - 1):
            try:
                return _lock(descriptor)
            except OSError:
                pause(_BETWEEN)
        _lock(descriptor)


def _holder(text: bytes) -> tuple[str, str]:
    """The program and the process that a lock file names; "" for what it does not."""
    program, _, pid = text.decode("utf-8", "replace").strip().partition("，进程号 ")
    return program[:_PROGRAM_CHARACTERS], pid


def _lock(descriptor: int) -> None:
    """Lock, or OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCK_AT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _unlock(descriptor: int) -> None:
    """Unlock what is about to be closed: on Linux a child may hold a copy of it, and with it the lock."""
    if sys.platform != "win32":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
