"""How a label gets onto paper: what a back end of the label printer must be able to do, and how it may fail.

A method does not know what stands on the label: it asks for the dots at the resolution at which it prints.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from shim.bilingual import Bilingual
from shim.devices.base import DeviceUnavailable, spaced
from shim.devices.label.statuses import Fault
from shim.drawing.dots import Dots
from shim.messages import label as rows

Render = Callable[[int], Dots]
"""Dots an inch to the label's dots. Raises DeviceUnavailable if the label cannot be drawn."""


class PrintMethod(ABC):
    """Prints one label at a time. Used by one thread at a time; raises DeviceUnavailable and no other exception."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The printer in the words of the clerk."""

    @abstractmethod
    def print(self, render: Render, limit: float) -> None:
        """Print one label within `limit` seconds; `render` is called once.

        Calls `submission.begin` directly before anything of the label may reach the printer.
        """

    @abstractmethod
    def status(self, limit: float) -> Fault | Bilingual | None:
        """Ask the printer for its status, within `limit` seconds.

        Returns:
            What is wrong; None if the printer says that it is ready; if it says nothing, a sentence that says why.
        """


def transfer_failed(title: str, error: OSError, limit: float) -> DeviceUnavailable:
    """The exception for `error`, which ended the transfer of a label to the printer `title`.

    Args:
        limit: the seconds that the label had.
    """
    if isinstance(error, TimeoutError) or "timeout" in str(error).lower():
        return not_accepted_in_time(title, limit)
    return DeviceUnavailable(rows.LOST, printer=spaced(title), error=str(error)[:80] or type(error).__name__)


def not_accepted_in_time(title: str, limit: float) -> DeviceUnavailable:
    """The exception for a label that the printer `title` has not accepted by the deadline: it may still come out."""
    return DeviceUnavailable(rows.NOT_ACCEPTED, printer=spaced(title), seconds=f"{limit:.0f}")
