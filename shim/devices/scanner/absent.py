"""The scanner of a PC that has none: says so until vcshim.ini names one."""

from __future__ import annotations

from shim.devices.base import DeviceUnavailable
from shim.devices.scanner.base import Scanner
from shim.messages import scanner as rows


class AbsentScanner(Scanner):
    """No scanner: a code must come with the call.

    Args:
        problem: what must be corrected in [scanner]; "" if it names no scanner.
    """

    def __init__(self, problem: str = "") -> None:
        self._problem = problem

    def scan(self) -> str:
        if self._problem:
            raise DeviceUnavailable(rows.UNUSABLE, problem=self._problem)
        raise DeviceUnavailable(rows.NOT_SET_UP)

    def cancel(self) -> bool:
        return False

    def settle(self) -> None:
        """There is no device to release."""
