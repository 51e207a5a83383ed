"""What a label printer must be able to do: the interface that the service calls."""

from __future__ import annotations

from abc import ABC, abstractmethod

from shim.devices.base import Device

LABEL_PRINTER = Device("标签打印机", "label", "label printer")


class LabelPrinter(ABC):
    """Prints the static code of VC 3.4. Any thread may call."""

    @abstractmethod
    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        """Print one label; returns when the printer, or the system's queue, has accepted it.

        Returns or raises within the seconds of [label] timeout_seconds. Labels are printed one at a time: a second
        caller waits that long for the first.

        Args:
            ehealth_code: the text of the QR code.

        Raises:
            DeviceUnavailable: NOT_SET_UP, NOT_FOUND and the other reasons why a line cannot be opened; NOT_READY if the
                printer says that it cannot print, or if the label cannot be drawn whole; BUSY if an earlier label is
                still being printed. With LOST and TIMED_OUT the label may have been printed, with any other it was not.
        """
