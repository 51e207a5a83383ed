"""The label printer of a PC that has none, or whose settings cannot be used: says so at the first label."""

from __future__ import annotations

from typing import Any

from shim.devices.base import DeviceUnavailable
from shim.devices.label.base import LabelPrinter
from shim.errors import Message
from shim.messages import label as rows


class AbsentLabelPrinter(LabelPrinter):
    """No label printer. `row` and its facts say what the settings lack."""

    def __init__(self, row: Message = rows.NOT_SET_UP, **facts: Any) -> None:
        self._row = row
        self._facts = facts

    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        raise DeviceUnavailable(self._row, **self._facts)
