"""How a label gets onto paper: what a back end of the label printer must be able to do, and how it may fail.

A method does not know what stands on the label: it asks for the dots at the resolution at which it prints.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from shim.devices.base import DeviceUnavailable
from shim.devices.label.statuses import Fault
from shim.drawing.dots import Dots
from shim.errors import Unavailable

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
    def status(self, limit: float) -> Fault | str | None:
        """Ask the printer for its status, within `limit` seconds.

        Returns:
            What is wrong; None if the printer says that it is ready; if it says nothing, a sentence that says why.
        """


def transfer_failed(title: str, error: OSError) -> DeviceUnavailable:
    """The exception for `error`, which ended the transfer of a label to the printer `title`."""
    if isinstance(error, TimeoutError) or "timeout" in str(error).lower():
        return not_accepted_in_time(title)
    return DeviceUnavailable(title, Unavailable.LOST, "请检查电源和连接线，看标签是否已经打出，再决定是否重打")


def not_accepted_in_time(title: str) -> DeviceUnavailable:
    """The exception for a label that the printer `title` has not accepted by the deadline: it may still come out."""
    advice = "打印机没有及时接收标签；请检查它是否缺纸、脱机或暂停，看标签是否已经打出，再决定是否重打"
    return DeviceUnavailable(title, Unavailable.TIMED_OUT, advice)
