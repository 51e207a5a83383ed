"""The screen of a PC without one: Set_QRflow_Mode(1) fails with the reason, everything else is ignored."""

from __future__ import annotations

from shim.devices.base import DeviceUnavailable
from shim.devices.screen.base import Screen
from shim.errors import Message
from shim.messages import screen as rows
from shim.spec.rows import Step


class AbsentScreen(Screen):
    """No extension screen; `row` says what vcshim.ini lacks, `problem` which setting cannot be used."""

    def __init__(self, row: Message = rows.NOT_SET_UP, *, problem: str = "") -> None:
        self._row = row
        self._problem = problem

    def set_visible(self, visible: bool) -> None:
        raise DeviceUnavailable(self._row, problem=self._problem)

    def tell(self, step: Step, number: str, text: str, time_expire: str = "") -> None:
        """Ignored."""
