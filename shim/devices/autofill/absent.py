"""The auto-fill of a PC whose settings name none, or one that cannot be used: every fill says so."""

from __future__ import annotations

from shim.devices.autofill.base import AUTOFILL, AutoFill
from shim.devices.base import DeviceUnavailable
from shim.errors import Unavailable


class AbsentAutoFill(AutoFill):
    """Refuses every fill. `advice` says what the settings lack."""

    def __init__(self, advice: str) -> None:
        self._advice = advice

    def fill(self, code: str) -> None:
        raise DeviceUnavailable(AUTOFILL.title, Unavailable.NOT_SET_UP, self._advice)
