"""The screen of a PC without one: Set_QRflow_Mode(1) fails with advice, everything else is ignored."""

from __future__ import annotations

from shim.devices.base import DeviceUnavailable
from shim.devices.screen.base import Screen
from shim.errors import Unavailable
from shim.spec.rows import Step


class AbsentScreen(Screen):
    """No extension screen. `advice` is the Chinese sentence that says what vcshim.ini lacks."""

    def __init__(self, advice: str = "请在 vcshim.ini 的 [screen] 设置 type，可用 vcshim screen 试显示") -> None:
        self._advice = advice

    def set_visible(self, visible: bool) -> None:
        raise DeviceUnavailable("扩展屏", Unavailable.NOT_SET_UP, self._advice)

    def tell(self, step: Step, number: str, text: str) -> None:
        """Ignored."""
