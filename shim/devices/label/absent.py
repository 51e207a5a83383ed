"""The label printer of a PC that has none: says so until vcshim.ini names one."""

from __future__ import annotations

from shim.devices.base import DeviceUnavailable
from shim.devices.label.base import LABEL_PRINTER, LabelPrinter
from shim.errors import Unavailable


class AbsentLabelPrinter(LabelPrinter):
    """No label printer. `advice` says what the settings lack."""

    def __init__(self, advice: str = "请在 vcshim.ini 的 [label] 设置 type，可用 vcshim label 试打") -> None:
        self._advice = advice

    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        raise DeviceUnavailable(LABEL_PRINTER.title, Unavailable.NOT_SET_UP, self._advice)
