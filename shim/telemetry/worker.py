"""The thread that sends: started by the first line, ended when nothing is left to send, started again by the next.

No call ever waits for it. It belongs to one process: a forked child has none until its own first line. A host that ends
directly after a call loses what was not sent yet, at most `PAUSE_SECONDS` of lines: the file has them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from shim import forks, log
from shim.background import start_in_background
from shim.telemetry.delivery import Delivery
from shim.telemetry.lane import Lane, Retry

PAUSE_SECONDS = 2.0
_WARNING = "遥测发不出去，不影响交易，稍后再发"


class MetricsOutlet:
    """Sends the figures, as they are then, once an interval.

    Args:
        send: tries once.
        changes: grows with each change of a figure; an interval without one sends nothing.
    """

    signal = "metrics"

    def __init__(self, send: Callable[[], Delivery], changes: Callable[[], int], interval: float) -> None:
        self._send = send
        self._changes = changes
        self._interval = interval
        self._sent = 0
        self._next = 0.0
        self.retry = Retry()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed since the last time."""
        return self._changes() == self._sent

    def deliver(self, now: float) -> Delivery | None:
        """Send them, if it is time; None if it is not."""
        if self.is_empty or now < self._next or not self.retry.is_due(now):
            return None
        changes = self._changes()
        delivery = self._send()
        self.retry.note(delivery, now)
        self._next = now + self._interval
        if not delivery.again:
            self._sent = changes
        return delivery


class TelemetryWorker:
    """Delivers what lanes hold, one after the other. Any thread may call `start`."""

    def __init__(self, lanes: Sequence[Lane | MetricsOutlet], logger: logging.Logger) -> None:
        self._lanes = lanes
        self._logger = logger
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._starting = threading.Lock()
        self._started = False
        self._failing: set[str] = set()

    def start(self) -> None:
        """Have a thread send what is queued. Never raises, never waits but for another start."""
        if self._started:
            return
        with self._starting:
            if not self._started:
                try:
                    start_in_background(self._run, "vcshim-telemetry")
                    self._started = True
                except (RuntimeError, MemoryError):  # no thread left, or the process is ending: the next line tries
                    return

    def deliver(self, now: float) -> None:
        """Send what is due. A bug in one lane costs its lines."""
        for lane in self._lanes:
            try:
                for _ in range(1000):
                    delivery = lane.deliver(now)
                    if delivery is None:
                        break
                    self._tell(lane.signal, delivery)
            except Exception:
                log.exception(self._logger, "遥测：内部异常", signal=lane.signal)

    def _run(self) -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            self.deliver(time.monotonic())
            if self._may_end():
                return

    def _may_end(self) -> bool:
        """Whether nothing is left to send; the next line then starts another thread.

        NB: first let go, then look: a line that is queued in between finds the thread gone, and waits at the lock.
        """
        with self._starting:
            self._started = False
            self._started = not all(lane.is_empty for lane in self._lanes)
            return not self._started

    def _tell(self, signal: str, delivery: Delivery) -> None:
        """One line when sending begins to fail, and one when it works again."""
        if delivery.again or delivery.lost:
            if signal not in self._failing:
                self._failing.add(signal)
                log.event(self._logger, logging.WARNING, _WARNING, signal=signal, cause=delivery.cause)
        elif signal in self._failing:
            self._failing.discard(signal)
            log.event(self._logger, logging.INFO, "遥测已恢复", signal=signal)
