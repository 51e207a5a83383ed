"""The device that is not there: stands in for each kind until vcshim.ini names a real one, and says so.

Shipped and used in production, on every workstation that lacks a device.
"""

from __future__ import annotations

from shim.devices.base import AutoFill, DeviceUnavailable, LabelPrinter, Scanner, Screen, Unavailable
from shim.spec.rows import Step


class AbsentScanner(Scanner):
    """No scanner: a code must come with the call. `advice` says what the settings lack."""

    def __init__(self, advice: str = "请在 vcshim.ini 的 [scanner] 设置 type，可用 vcshim scan 试扫") -> None:
        self._advice = advice

    def scan(self) -> str:
        raise DeviceUnavailable("扫码设备", Unavailable.NOT_SET_UP, f"且调用中未带二维码；{self._advice}")

    def cancel(self) -> bool:
        return False

    def settle(self) -> None:
        """Nothing to rest."""


class AbsentScreen(Screen):
    """No extension screen. `advice` says what the settings lack."""

    def __init__(self, advice: str = "请在 vcshim.ini 的 [screen] 设置 type，可用 vcshim screen 试显示") -> None:
        self._advice = advice

    def set_visible(self, visible: bool) -> None:
        raise DeviceUnavailable("扩展屏", Unavailable.NOT_SET_UP, self._advice)

    def tell(self, step: Step, number: str, text: str) -> None:
        """Nobody looks."""


class AbsentLabelPrinter(LabelPrinter):
    """No label printer. `advice` says what the settings lack."""

    def __init__(self, advice: str = "请在 vcshim.ini 的 [label] 设置 type，可用 vcshim label 试打") -> None:
        self._advice = advice

    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        raise DeviceUnavailable("标签打印机", Unavailable.NOT_SET_UP, self._advice)


class AbsentAutoFill(AutoFill):
    """No auto-fill. `advice` says what the settings lack."""

    def __init__(self, advice: str) -> None:
        self._advice = advice

    def fill(self, code: str) -> None:
        raise DeviceUnavailable("自动填值", Unavailable.NOT_SET_UP, self._advice)
