"""A line to one label printer: what a transport must be able to do. Bytes only; when to send what is printing.py's.

Used by one thread at a time, for one label: open, write, perhaps read, finish, close. `open` raises
DeviceUnavailable, the others OSError and nothing else. L2.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from shim.devices.label.statuses import Fault


class PrinterLine(ABC):
    """One way to a printer."""

    can_answer = False  # whether what the printer says comes back

    @property
    @abstractmethod
    def title(self) -> str:
        """The device for the clerk, with its address: 标签打印机 COM3."""

    @abstractmethod
    def open(self, limit: float) -> None:
        """Open within `limit` seconds. DeviceUnavailable with how to mend it."""

    @abstractmethod
    def write(self, data: bytes, limit: float) -> None:
        """Send all of `data` within `limit` seconds."""

    def read(self, limit: float) -> bytes:
        """What the printer has said, waiting at most `limit` seconds for the first byte; b"" for nothing."""
        return b""

    def fault(self) -> Fault | None:
        """What the system knows to be wrong with the printer; None where nothing is."""
        return None

    def finish(self, limit: float) -> None:
        """All was written: wait, at most `limit` seconds, until it has left."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Release the printer, never raises. What was not finished is given up where that is possible."""
