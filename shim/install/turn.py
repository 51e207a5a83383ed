"""One run of the installer in a HIS folder at a time: a lock that the system gives back if the process is killed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shim.install.outcome import SetupFailed, SetupOutcome

_NAME = "running"


@contextmanager
def exclusive_turn(setup: Path) -> Iterator[None]:
    """Hold the lock of a HIS folder, whose setup folder must exist.

    Raises:
        SetupFailed: BUSY.
        OSError: the file of the lock cannot be made.
    """
    file = os.open(setup / _NAME, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _lock(file):
            raise SetupFailed(SetupOutcome.BUSY, folder=setup.parent.parent)
        yield
    finally:
        os.close(file)


def forget_turn(setup: Path) -> None:
    """Remove the file of the lock, which nobody holds."""
    (setup / _NAME).unlink(missing_ok=True)


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
