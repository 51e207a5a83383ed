"""A line into a print queue of the system, which may know what is wrong with the printer."""

from __future__ import annotations

from abc import abstractmethod

from shim.devices.label.statuses import Fault
from shim.devices.lines.base import Line


class QueueLine(Line):
    """One job in a queue. `drain` hands the job over; `close` discards one that was not. Nothing comes back."""

    answers = False

    @abstractmethod
    def fault(self) -> Fault | None:
        """What the system reports about the printer; None if nothing is wrong.

        Raises:
            OSError: the queue is lost.
        """

    def read(self, limit: float = 0.0) -> bytes:
        return b""
