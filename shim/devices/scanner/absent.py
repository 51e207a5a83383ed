"""The scanner of a PC that has none: says so until vcshim.ini names one."""

from __future__ import annotations

from shim.devices.base import DeviceUnavailable
from shim.devices.scanner.base import Scanner
from shim.errors import Unavailable


class AbsentScanner(Scanner):
    """No scanner: a code must come with the call. `advice` says what the settings lack."""

    def __init__(self, advice: str = "请在 vcshim.ini 的 [scanner] 设置 type，可用 vcshim scan 试扫") -> None:
        self._advice = advice

    def scan(self) -> str:
        raise DeviceUnavailable("扫码设备", Unavailable.NOT_SET_UP, f"且调用中未带二维码；{self._advice}")

    def cancel(self) -> bool:
        return False

    def settle(self) -> None:
        """There is no device to release."""
