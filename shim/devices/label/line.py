"""A line to a label printer whose system may know what is wrong with the printer: a queue of the spooler."""

from __future__ import annotations

from abc import abstractmethod

from shim.devices.label.statuses import Fault
from shim.devices.lines.base import Line


class QueueLine(Line):
    """One job in a queue of the system: `close` gives up what was not drained. Nothing comes back."""

    answers = False

    @abstractmethod
    def fault(self) -> Fault | None:
        """What the system knows to be wrong with the printer; None if nothing is."""

    def read(self, limit: float = 0.0) -> bytes:
        return b""
