"""The printers of Windows by their names: which there are, and what it means that one cannot be opened.

Shared by spooler.py and gdi.py.
"""

from __future__ import annotations

import sys

from shim.bilingual import NONE, Bilingual, word_list
from shim.devices.base import DeviceUnavailable, spaced
from shim.devices.label.base import LABEL_PRINTER
from shim.messages import label as rows

DOCUMENT = "VirtualCard"
"""What a queue shows as the title of a job: nothing of the patient."""

_ERROR_ACCESS_DENIED = 5


def printer_listing() -> Bilingual:
    """The printers of this PC for a message."""
    if sys.platform != "win32":
        return NONE
    from shim.winapi import winspool

    try:
        return word_list(winspool.printers()) or NONE
    except OSError:
        return Bilingual("无法列出", "not known: they cannot be listed")


def printer_names() -> tuple[str, ...]:
    """The printers of this PC; none where they cannot be listed."""
    if sys.platform != "win32":
        return ()
    from shim.winapi import winspool

    try:
        return winspool.printers()
    except OSError:
        return ()


def printer_title(printer: str) -> Bilingual:
    """The printer in the words of the clerk."""
    return LABEL_PRINTER.named(printer)


def printer_refusal(printer: str, error: OSError) -> DeviceUnavailable:
    """The exception for a printer that Windows does not open."""
    code, named = getattr(error, "winerror", None), spaced(printer_title(printer))
    if code == _ERROR_ACCESS_DENIED:
        return DeviceUnavailable(rows.QUEUE_DENIED, printer=named)
    return DeviceUnavailable(rows.QUEUE_MISSING, printer=named, error=code, printers=printer_listing())
