"""The printers of Windows by their names: which there are, and what it means that one cannot be opened.

Shared by spooler.py and gdi.py.
"""

from __future__ import annotations

import sys

from shim.devices.base import DeviceUnavailable
from shim.devices.label.base import LABEL_PRINTER
from shim.errors import Unavailable

DOCUMENT = "VirtualCard"
"""What a queue shows as the title of a job: nothing of the patient."""

_ERROR_ACCESS_DENIED = 5


def printer_listing() -> str:
    """The printers of this PC for a message."""
    if sys.platform != "win32":
        return "无"
    from shim.winapi import winspool

    try:
        return "、".join(winspool.printers()) or "无"
    except OSError:
        return "无法列出"


def printer_title(printer: str) -> str:
    """The printer in the words of the clerk."""
    return f"{LABEL_PRINTER.title} {printer}"


def printer_refusal(printer: str, error: OSError) -> DeviceUnavailable:
    """The exception for a printer that Windows does not open."""
    code = getattr(error, "winerror", None)
    if code == _ERROR_ACCESS_DENIED:
        advice = "本用户没有使用该打印机的权限，请在打印机属性中授权"
        return DeviceUnavailable(printer_title(printer), Unavailable.ACCESS_DENIED, advice)
    advice = f"本机现有打印机：{printer_listing()}；请在 vcshim.ini 的 [label] 改正 printer（错误 {code}）"
    return DeviceUnavailable(printer_title(printer), Unavailable.NOT_FOUND, advice)
