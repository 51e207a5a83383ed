"""What passes one connection during one call, in memory until the call ends. Any thread. Used by recorder and tee."""

from __future__ import annotations

import time

from shim.capture.record import Traffic

MOST_BYTES = 32 * 1024 * 1024
"""What is kept of each direction; beyond it, as when the vendor's DLL fetches an update, the record is cut."""


class Passage:
    """The bytes of one connection in one call, both ways.

    Bytes are noted before they are passed on: whatever a side has read is here. What comes after `end` is
    kept by nobody.
    """

    def __init__(self) -> None:
        self._sent: list[bytes] = []
        self._received: list[bytes] = []
        self._sent_bytes = self._received_bytes = 0
        self._began = self._answered = self._ended = 0.0
        self.over = False

    def note_sent(self, data: bytes) -> None:
        """Note bytes of the vendor's DLL."""
        if self.over or not data:
            return
        self._ended = time.time()
        self._began = self._began or self._ended
        if self._sent_bytes < MOST_BYTES:
            self._sent.append(data)
            self._sent_bytes += len(data)

    def note_received(self, data: bytes) -> None:
        """Note bytes of the platform."""
        if self.over or not data:
            return
        self._ended = time.time()
        self._answered = self._answered or self._ended
        if self._received_bytes < MOST_BYTES:
            self._received.append(data)
            self._received_bytes += len(data)

    def end(self) -> None:
        """Note nothing more."""
        self.over = True

    def traffic(self, origin: str) -> Traffic:
        """What was noted, as a row."""
        sent, received = b"".join(self._sent), b"".join(self._received)
        return Traffic(origin, sent, received, self._began, self._answered, self._ended)
