"""The auto-fill of a PC whose settings name none, or one that cannot be used: every fill says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shim.devices.autofill.base import AutoFill
from shim.devices.base import DeviceUnavailable
from shim.errors import Message


class AbsentAutoFill(AutoFill):
    """Refuses every fill. `row` and its facts say what the settings lack."""

    def __init__(self, row: Message, **facts: Any) -> None:
        self._row = row
        self._facts = facts

    def fill(self, code: str, is_current: Callable[[], bool] = lambda: True) -> None:
        self.check()

    def check(self) -> None:
        raise DeviceUnavailable(self._row, **self._facts)
