"""A line that is lost and comes back: when to look for it again, and what to report once.

Waits for nothing and logs nothing itself; its owner calls it whenever it looks at the device. Used by the scanner's
driver and by the serial display. A label printer needs none: its line is opened anew for every label.
"""

from __future__ import annotations

from shim.devices.lines.base import Line


class Reconnector:
    """Keeps `line` open, and tries again every `seconds` while it is lost.

    An outage begins with the first `lose` and ends with the first `confirm` after it. Times are in seconds of one
    clock, which the caller reads. Used by one thread at a time.
    """

    def __init__(self, line: Line, seconds: float) -> None:
        self.line = line
        self._seconds = seconds
        self._open = False
        self._next = float("-inf")
        self._outage = False

    @property
    def is_open(self) -> bool:
        """Whether the line is open, as far as its owner has noticed."""
        return self._open

    def ready(self, now: float) -> bool:
        """Whether `open` may be called: the line is open, or the next attempt is due."""
        return self._open or now >= self._next

    def open(self, limit: float) -> None:
        """Open the line within `limit` seconds unless it is open.

        Raises:
            DeviceUnavailable: it cannot be opened; the caller reports that by `lose` if it wants to try again.
        """
        if not self._open:
            self.line.open(limit)
            self._open = True

    def lose(self, now: float) -> bool:
        """Close the line after an error; the next attempt is due `seconds` later.

        Returns:
            True if an outage begins, so that it is reported once and not with every attempt.
        """
        self.close()
        self._next = now + self._seconds
        first, self._outage = not self._outage, True
        return first

    def confirm(self) -> bool:
        """Note that the line works.

        Returns:
            True if an outage ends.
        """
        ended, self._outage = self._outage, False
        return ended

    def close(self) -> None:
        """Close the line if it is open. Never raises."""
        if self._open:
            self._open = False
            self.line.close()
