"""Exponential back-off: how long to wait before the next attempt at something that keeps failing. Pure."""

from __future__ import annotations


class BackOff:
    """Pauses in seconds: `first`, then twice as long each time, at most `longest`.

    `immediate` is how many attempts after a failure need no pause.
    """

    def __init__(self, first: float, longest: float, immediate: int = 0) -> None:
        self._first = first
        self._longest = longest
        self._immediate = immediate
        self._failures = 0

    @property
    def failures(self) -> int:
        """How many pauses were taken since the last reset."""
        return self._failures

    def next_pause(self) -> float:
        """Count a failure; seconds to wait before the next attempt."""
        doublings = self._failures - self._immediate
        self._failures += 1
        if doublings < 0:
            return 0.0
        return float(min(self._first * 2.0 ** min(doublings, 32), self._longest))

    def reset(self) -> None:
        """Forget the failures."""
        self._failures = 0
