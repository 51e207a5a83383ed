"""What waits for one outlet: a queue with a limit, the batch that is being tried, and when it may be tried again.

The listener puts lines in, under its lock; the worker's thread takes them out. A full queue drops its oldest line: of a
failure that lasts, the newest lines say most.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from threading import RLock

from shim.telemetry.delivery import Delivery, LineOutlet
from shim.telemetry.heard import HeardLine

MOST_WAITING = 1000
LARGEST_BATCH = 200
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0  # seconds between two tries


class Lane:
    """The way of some lines to one outlet.

    Args:
        signal: its name, for the figures.
        level: the lowest level that is sent.
        only_ends: only last lines of calls are.
        lock: the listener's.
        dropped: is told of lines that will never arrive: how many, and why.
    """

    def __init__(
        self,
        signal: str,
        outlet: LineOutlet,
        level: int,
        lock: RLock,
        dropped: Callable[[str, str, int], None],
        *,
        only_ends: bool = False,
    ) -> None:
        self.signal = signal
        self._outlet = outlet
        self._level = level
        self._only_ends = only_ends
        self._lock = lock
        self._dropped = dropped
        self._queue: deque[HeardLine] = deque(maxlen=MOST_WAITING)
        self._batch: list[HeardLine] = []
        self.retry = Retry()

    def close(self) -> None:
        """Close what the outlet has open."""
        self._outlet.close()

    def put(self, line: HeardLine) -> None:
        """Queue a line, if it is one of this lane's. Under the lock."""
        if line.level < self._level or (self._only_ends and line.ended is None):
            return
        if len(self._queue) == MOST_WAITING:
            self._dropped(self.signal, "queue", 1)
        self._queue.append(line)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._batch and not self._queue

    def deliver(self, now: float) -> Delivery | None:
        """Send one batch; None if there is none, or it is not time yet.

        Args:
            now: by the monotonic clock.
        """
        if self.is_empty or not self.retry.is_due(now):
            return None
        with self._lock:
            while self._queue and len(self._batch) < LARGEST_BATCH:
                self._batch.append(self._queue.popleft())
        delivery = self._outlet.send(self._batch)
        self.retry.note(delivery, now)
        if not delivery.again:
            self._batch = []
        if delivery.lost:
            self._dropped(self.signal, "refused", delivery.lost)
        return delivery


class Retry:
    """When a server may be tried again: as it says itself, else after pauses that double."""

    def __init__(self) -> None:
        self._next = 0.0
        self._pause = _FIRST_PAUSE

    def is_due(self, now: float) -> bool:
        """Whether it may be tried."""
        return now >= self._next

    def note(self, delivery: Delivery, now: float) -> None:
        """Take in how a try has ended."""
        if not delivery.again:
            self._next, self._pause = 0.0, _FIRST_PAUSE
            return
        self._next = now + max(self._pause, delivery.pause or 0.0)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)


def level_number(word: str) -> int:
    """The level of the module logging for a word of [telemetry] level."""
    return {"error": logging.ERROR, "debug": logging.DEBUG}.get(word, logging.INFO)
