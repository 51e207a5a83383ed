"""The last insurance code, for SetEcQrcode (VC 3.5): in memory only, until it was typed, and for a limited time.

It is forgotten as soon as another identification begins, whatever becomes of that: the next patient is at the window.
Of two identifications at the same time, the one that the host entered later decides (shim/call_order.py).

Kept as bytes that are overwritten, because a text would remain in memory until that is used again. (The texts that it
came from and goes to live as long as their call.) A forked child begins without one: the parent's may be another
patient's. Used by the service.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from shim import forks
from shim.call_order import entered


class LastCode:
    """One code, or none. Any thread.

    Args:
        seconds: after which a code is overwritten, also if no method is called; 0 keeps nothing.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._bytes = bytearray()
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._lock = threading.Condition()  # notified when there is no code any more
        self._sweeper: threading.Thread | None = None
        self._newest = 0  # when the host entered the newest identification
        self._read_by = 0  # when it entered the one that read this code
        self._wipe()

    def begin(self, *, is_newest: bool = True) -> None:
        """Forget the code, because the call of this thread begins to identify a patient.

        A code that was read by a call which the host entered later stays.

        Args:
            is_newest: what calls that were entered earlier are still about to read is not kept either.
        """
        at = entered()
        with self._lock:
            if is_newest:
                self._newest = max(self._newest, at)
            if at >= self._read_by:
                self._wipe()

    def keep(self, code: str) -> None:
        """Keep `code`, which the call of this thread has read, unless a later one has begun to identify a patient."""
        at = entered()
        with self._lock:
            if at < self._newest:
                return
            self._wipe()
            self._newest = self._read_by = at
            if self._seconds <= 0:
                return
            self._bytes = bytearray(code.encode("utf-8"))
            self._until = self._clock() + self._seconds
            # One thread, until there is no code left: starting one costs more than a millisecond.
            if self._sweeper is None or not self._sweeper.is_alive():  # there is none, or it died
                self._sweeper = threading.Thread(target=self._sweep, name="vcshim-last-code", daemon=True)
                self._sweeper.start()

    def look(self) -> str | None:
        """The code; None if there is none, or its time is over."""
        with self._lock:
            if self._clock() >= self._until:
                self._wipe()
            return self._bytes.decode("utf-8") or None

    def forget(self, code: str) -> None:
        """Overwrite `code`, which was used. Another one that came meanwhile stays."""
        with self._lock:
            if self._bytes == code.encode("utf-8"):
                self._wipe()
                self._lock.notify()

    def _sweep(self) -> None:
        with self._lock:
            while (left := self._until - self._clock()) > 0:
                self._lock.wait(left)
            self._wipe()
            self._sweeper = None

    def _wipe(self) -> None:
        self._bytes[:] = bytes(len(self._bytes))
        self._bytes = bytearray()
        self._until = 0.0
