"""What a label printer must be able to do: the interface that the service calls."""

from __future__ import annotations

from abc import ABC, abstractmethod


class LabelPrinter(ABC):
    """Prints the static code of VC 3.4."""

    @abstractmethod
    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        """One label; returns when the printer, or the system's queue, has taken it.

        At most the seconds of [label] timeout_seconds. One label at a time: a second caller waits that long for his
        turn and then gets BUSY. TIMED_OUT leaves open whether it comes out.
        """
