"""What a scanner must be able to do: the interface that the service calls.

A back end of a scanner is a line (shim/devices/lines); driver.py is the one scanner over all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from shim.devices.base import Device

SCANNER = Device("扫码枪", "scanner", "scanner")


class Scanner(ABC):
    """Reads one code that a patient shows. Any thread may call any method."""

    @abstractmethod
    def scan(self) -> str:
        """Wait for one code: until the line is silent, then at most the seconds of [scanner] timeout_seconds, and some
        more for a driver that hangs.

        One scan runs at a time, on the whole PC.

        Returns:
            The code without CR, LF, tabs and blanks around it.

        Raises:
            DeviceUnavailable: NOT_SET_UP, NOT_FOUND and the other reasons why a line cannot be opened; BUSY at once if
                another scan is running, with who scans; LOST if the scanner was pulled out and did not come back;
                TIMED_OUT; CANCELLED. Nothing was read in any of these cases.
        """

    @abstractmethod
    def cancel(self) -> bool:
        """End the scans of all calls that the host entered before this one (shim/call_order.py), which raise CANCELLED.

        Never waits. A scan that has not begun ends as well, as soon as it begins.

        Returns:
            False if no scan was waiting.
        """

    @abstractmethod
    def settle(self) -> None:
        """Wait some seconds at most until the last scan has released its device: `scan` returns a code before that."""
