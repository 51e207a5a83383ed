"""The last insurance code, for SetEcQrcode (VC 3.5): in memory only, until it was typed, and not for long.

Kept as bytes that are overwritten, not as a text that lies about until the memory is used again. (The texts it came
from and goes to live as long as their call.) L2, used by the service.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class LastCode:
    """Forgets after `seconds`, and when it is told to; 0 keeps nothing. Any thread."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._bytes = bytearray()
        self._until = 0.0
        self._sweeper: threading.Thread | None = None

    def keep(self, code: str) -> None:
        """Remember `code` in the place of the one before it."""
        with self._lock:
            self._wipe()
            if self._seconds <= 0:
                return
            self._bytes = bytearray(code.encode("utf-8"))
            self._until = self._clock() + self._seconds
            # One thread for all codes until there is none any more: making one costs more than a millisecond.
            if self._sweeper is None:
                self._sweeper = threading.Thread(target=self._sweep, name="vcshim-last-code", daemon=True)
                self._sweeper.start()

    def look(self) -> str | None:
        """The code; None where there is none any more."""
        with self._lock:
            if self._clock() >= self._until:
                self._wipe()
            return self._bytes.decode("utf-8") or None

    def forget(self, code: str) -> None:
        """Forget `code`, which was used; another one that came meanwhile stays."""
        with self._lock:
            if self._bytes == code.encode("utf-8"):
                self._wipe()

    def _sweep(self) -> None:
        while True:
            with self._lock:
                left = self._until - self._clock()
                if left <= 0:
                    self._wipe()
                    self._sweeper = None
                    return
            time.sleep(left)

    def _wipe(self) -> None:
        self._bytes[:] = bytes(len(self._bytes))
        self._bytes = bytearray()
        self._until = 0.0
