"""A byte stream to one device: what a serial port, a TCP connection or a file must be able to do.

The scanner, the serial display and the label printer all speak through a `Line`; when to send what, and what bytes
mean, is their drivers' business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

HANDOVER_SECONDS = 0.1  # what serial ports and serial servers took at most
_READS_TO_DISCARD = 256  # a megabyte of a TCP connection


class Line(ABC):
    """One device, opened and closed many times. Used by one thread at a time.

    `open` raises DeviceUnavailable, every other method OSError and nothing else (TimeoutError for a limit that has
    passed). After an OSError only `close` and `open` may be called. All limits are in seconds. The caller owns the
    line and closes it.
    """

    answers = True
    """Whether what the device says comes back."""
    handover: float | None = HANDOVER_SECONDS
    """Seconds after the opening within which comes what the device, or what is between, had kept; None if nothing is
    kept, and nothing comes before it is asked for."""
    framed = False
    """Whether each message that `read` returns is whole and ends with CR, whatever the device sends."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The device in the words of the clerk, with its port: 扫码枪 COM3. Always the same text for one line."""

    @property
    def unwrapped(self) -> Line:
        """The line without a spy around it, for what only its back end can do."""
        return self

    @abstractmethod
    def open(self, limit: float) -> None:
        """Open within `limit`. A line that could not be opened needs no `close`.

        Raises:
            DeviceUnavailable: why it could not be opened, with advice.
        """

    @abstractmethod
    def read(self, limit: float = 0.0) -> bytes:
        """Return what has arrived, waiting at most `limit` for the first byte; b"" if nothing has.

        Raises:
            OSError: the device is lost.
        """

    @abstractmethod
    def write(self, data: bytes, limit: float = 1.0) -> None:
        """Send all of `data` within `limit`.

        Raises:
            TimeoutError: the device does not take the data; some of it may have been sent.
            OSError: the device is lost.
        """

    def discard(self) -> None:
        """Drop what has arrived and was not read; some of it stays if the device never stops sending.

        Raises:
            OSError: the device is lost.
        """
        for _ in range(_READS_TO_DISCARD):
            if not self.read():
                return

    def drain(self, limit: float) -> None:
        """Wait at most `limit` until everything written has left: closing a line may lose the rest.

        Raises:
            TimeoutError: some of it has not left.
            OSError: the device is lost.
        """
        return None

    def finish(self, limit: float) -> bool | None:
        """`drain`, and wait at most `limit` for a sign that the device has read everything that was written.

        Returns:
            Whether there was a sign; None if lines of this kind never have one. After True or False the line can only
            be closed.

        Raises:
            As `drain`.
        """
        self.drain(limit)
        return None

    @abstractmethod
    def close(self) -> None:
        """Release the device. Never raises, whether the line is open or lost."""
