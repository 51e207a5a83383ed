"""A clock for what is to run out of time, and yet not before something has happened, however slow the machine is.

Not a clock that a test sets: time passes by itself. Used by tests of time-outs.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class PatientClock:
    """Time as it is, but it stands still until something has happened. For one thread.

    Args:
        happened: what the time-out is to find.
        seconds: after the first reading, when it stands still.
    """

    def __init__(self, happened: Callable[[], bool], seconds: float) -> None:
        self._happened = happened
        self._seconds = seconds
        self._stands_at: float | None = None
        self._lost = 0.0

    def __call__(self) -> float:
        now = time.monotonic() - self._lost
        if self._stands_at is None:
            self._stands_at = now + self._seconds
        if now > self._stands_at and not self._happened():
            self._lost += now - self._stands_at
            now = self._stands_at
        return now
