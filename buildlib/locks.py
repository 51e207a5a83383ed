"""One process at a time: what several workers of a test run share is made by one, the others wait. Not on Windows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file, made with its folder; the system releases it when the process ends."""
    if sys.platform == "win32":
        raise NotImplementedError
    import fcntl

    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
