"""`vcshim label`: see the label, print one, ask the printer how it is. The data is invented unless words give it.

Reads the [label] section of the vcshim.ini in --folder; words on the command line overrule it. What a shell keeps of
its commands would hold a patient's data: for a real one use the hospital program.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from shim.commands import device_words
from shim.devices.base import DeviceUnavailable
from shim.devices.label import spooler
from shim.devices.label.driver import PrintingLabels
from shim.devices.label.pick import (
    UnusableLabel,
    check_layout,
    pick_drawing,
    pick_language,
    pick_paper,
    pick_printer,
)
from shim.devices.label.settings import LabelSettings
from shim.devices.label.statuses import Fault
from shim.drawing.dots import CannotDraw, Dots

HELP = "preview the label, print a test label, ask the printer how it is"
_WORDS = (
    "type", "printer", "address", "port", "baud", "file", "language", "width_mm", "height_mm", "dpi", "gap", "fonts",
    "timeout_seconds",
)  # fmt: skip
# Invented, and of the shape of VC 4.1.2.
_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
_CARD_NO = "D00000002"
_NAME = "张三"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--png", type=Path, metavar="FILE", help="write the label as a picture")
    what.add_argument("--bytes", type=Path, metavar="FILE", help="write what a printer of this language would get")
    what.add_argument("--print", action="store_true", help="print one label")
    what.add_argument("--status", action="store_true", help="ask the printer how it is")
    parser.add_argument("--ehealthid", default=_CODE, help="the text of the QR code")
    parser.add_argument("--card-no", default=_CARD_NO, help="the card number")
    parser.add_argument("--name", default=_NAME, help="the name")
    device_words.arguments(parser, LabelSettings, _WORDS)


def run(options: argparse.Namespace) -> int:
    """0: done; 1: it could not be."""
    settings = device_words.settings(options, LabelSettings, _WORDS).label
    work: Callable[[LabelSettings, argparse.Namespace], int] = _on_printer
    if options.png or options.bytes:
        work = _to_file
    try:
        return work(settings, options)
    except (DeviceUnavailable, CannotDraw, UnusableLabel, OSError) as error:
        print(f"失败：{error}")
        return 1


def _to_file(settings: LabelSettings, options: argparse.Namespace) -> int:
    """The picture, or the bytes of it."""
    from shim.devices.label import drawing as label

    check_layout(settings)
    paper = pick_paper(settings)
    dots = _drawn(settings, options, paper.dpi)
    if options.png:
        options.png.write_bytes(label.png(dots, paper.dpi))
    else:
        options.bytes.write_bytes(pick_language(settings).encode(dots, paper))
    print(f"已写出 {options.png or options.bytes}：{dots.width} x {dots.height} 点，{paper.dpi} dpi")
    return 0


def _drawn(settings: LabelSettings, options: argparse.Namespace, dpi: int) -> Dots:
    return pick_drawing(settings, options.folder)(dpi, options.ehealthid, options.card_no, options.name)


def _on_printer(settings: LabelSettings, options: argparse.Namespace) -> int:
    """A test label, or the printer's own word on how it is."""
    if sys.platform == "win32":
        print(f"本机现有打印机：{spooler.there_are()}")
    printer = pick_printer(settings, logging.getLogger("vcshim.label"), options.folder)
    if options.print or not isinstance(printer, PrintingLabels):
        printer.print_label(options.ehealthid, options.card_no, options.name)
        print("打印机已接收标签")
        return 0
    status = printer.status()
    if isinstance(status, Fault):
        print(f"打印机{status.value}")
        return 1
    print(status or "打印机正常")
    return 0
