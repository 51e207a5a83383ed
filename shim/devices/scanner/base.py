"""What a scanner must be able to do: the interface that the service calls.

A back end of a scanner is a line (shim/devices/lines); driver.py is the one scanner over all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod


class Scanner(ABC):
    """Reads one code that a patient shows."""

    @abstractmethod
    def scan(self) -> str:
        """One code, CR, LF, tab and blanks trimmed.

        Waits until a code is there, at most the seconds of [scanner] timeout_seconds. One scan at a time: a second
        caller gets BUSY at once, and is told who scans.
        """

    @abstractmethod
    def cancel(self) -> bool:
        """End the scan under way in another thread, which then raises CANCELLED; False where there is none."""

    @abstractmethod
    def settle(self) -> None:
        """Wait until the device of the last scan is at rest: a code is handed out before that."""
