"""When a call must be over: one moment that every step of it is measured against.

Not here: what happens when it has come. Read by the service and by everything that waits on its behalf; imports nothing
of the project.
"""

from __future__ import annotations

import time


class Deadline:
    """A moment on the monotonic clock. Used by the thread of one call; other threads may read it.

    Args:
        seconds: from now.
    """

    __slots__ = ("_at", "_began")

    def __init__(self, seconds: float) -> None:
        self._began = time.monotonic()
        self._at = self._began + seconds

    @property
    def remaining(self) -> float:
        """Seconds that are left; 0 once it has passed, never less."""
        return max(self._at - time.monotonic(), 0.0)

    @property
    def elapsed(self) -> float:
        """Seconds since it was set, without what was left out."""
        return time.monotonic() - self._began

    @property
    def passed(self) -> bool:
        """Whether no time is left. From then on nothing may be sent."""
        return self.remaining == 0

    def postpone(self, seconds: float) -> None:
        """Leave out a wait that was not the platform's, such as that for a person who scans."""
        self._began += seconds
        self._at += seconds

    def earlier(self, seconds: float) -> Deadline:
        """A deadline `seconds` from now, or this one if it comes first: that of one step of the call."""
        return Deadline(min(seconds, self.remaining))
