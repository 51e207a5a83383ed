"""The auto-fill that is not there: says so until vcshim.ini names one. In use on every PC without."""

from __future__ import annotations

from shim.devices.autofill.base import AutoFill
from shim.devices.base import DeviceUnavailable, Unavailable


class AbsentAutoFill(AutoFill):
    """No auto-fill. `advice` says what the settings lack."""

    def __init__(self, advice: str) -> None:
        self._advice = advice

    def fill(self, code: str) -> None:
        raise DeviceUnavailable("自动填值", Unavailable.NOT_SET_UP, self._advice)
