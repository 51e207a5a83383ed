"""`vcshim label`: preview the label, print one, ask the printer for its status. The data is invented unless given.

Reads the [label] section of the vcshim.ini in --folder; words on the command line overrule it. A real patient's data
does not belong on a command line, which a shell keeps: print such a label with the hospital program.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from shim.commands import device_words
from shim.commands.catalogue import common
from shim.commands.catalogue import label as phrases
from shim.commands.console import say
from shim.commands.files import FileProblem, write_file
from shim.commands.language import joined
from shim.commands.machine import tell, tell_failure
from shim.devices.base import DeviceUnavailable, UnusableSetting
from shim.devices.label.base import LABEL_PRINTER
from shim.devices.label.content import LabelContent
from shim.devices.label.driver import DrivenLabelPrinter
from shim.devices.label.languages import LANGUAGES
from shim.devices.label.layout import PAPERS, read_layout
from shim.devices.label.paper import read_paper
from shim.devices.label.pick import pick_drawing, pick_printer
from shim.devices.label.settings import LabelSettings
from shim.devices.label.statuses import Fault
from shim.drawing.dots import CannotDraw

if TYPE_CHECKING:
    from shim.doctor.finding import CheckFinding

_WORDS = (
    "type", "printer", "address", "port", "baud", "file", "language", "width_mm", "height_mm", "dpi", "gap", "layout",
    "hospital", "fonts", "timeout_seconds",
)  # fmt: skip
# Invented, and of the shape of VC 4.1.2.
_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
_CARD_NO = "D00000002"
_NAME = "张三"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--png", type=Path, metavar="FILE", help=phrases.PNG())
    action.add_argument("--bytes", type=Path, metavar="FILE", help=phrases.BYTES())
    action.add_argument("--print", action="store_true", help=phrases.PRINT())
    action.add_argument("--status", action="store_true", help=phrases.STATUS())
    parser.add_argument("--size", metavar="WxH", help=phrases.SIZE(sizes=joined(PAPERS)))
    parser.add_argument("--ehealthid", default=_CODE, help=phrases.CODE())
    parser.add_argument("--card-no", default=_CARD_NO, help=phrases.CARD_NO(default=_CARD_NO))
    parser.add_argument("--name", default=_NAME, help=phrases.NAME(default=_NAME))
    device_words.arguments(parser, LabelSettings, _WORDS)


def run(options: argparse.Namespace) -> int:
    """0: done; 1: it failed, or the printer reports a fault."""
    if options.size:
        width, by, height = options.size.lower().replace("×", "x").replace("*", "x").partition("x")
        if not by:
            say(common.FAILED(reason=phrases.BAD_SIZE(word=options.size[:40], size=PAPERS[1])))
            return 1
        options.width_mm, options.height_mm = width.strip(), height.strip()
    settings = device_words.overruled_settings(options, LabelSettings, _WORDS).label
    action: Callable[[LabelSettings, argparse.Namespace], int] = _to_printer
    if options.png or options.bytes:
        action = _to_file
    try:
        return action(settings, options)
    except (FileProblem, device_words.NotSetUp) as problem:
        tell_failure(problem)
        say(common.FAILED(reason=problem))
    except DeviceUnavailable as error:
        tell_failure(error)
        device_words.say_unavailable(device_words.failure(error.told), partial(_finding, error, settings))
    except (CannotDraw, UnusableSetting) as error:
        tell_failure(error)
        say(device_words.failure(error.told if isinstance(error, CannotDraw) else error.problem))
    return 1


def _finding(error: DeviceUnavailable, settings: LabelSettings) -> CheckFinding:
    from shim.doctor.label import unavailable_finding

    return unavailable_finding(error, pick_printer(settings, logging.getLogger("vcshim.label")))


def _to_file(settings: LabelSettings, options: argparse.Namespace) -> int:
    """Write the picture, or the bytes that would go to the printer."""
    from shim.devices.label import drawing

    layout, language = read_layout(settings), LANGUAGES[settings.language]
    paper = read_paper(settings, layout, language)
    content = LabelContent.of(options.ehealthid, options.card_no, options.name)
    dots = pick_drawing(settings, layout)(paper.dpi, content)
    if options.png:
        write_file(options.png, drawing.png(dots, paper.dpi))
    else:
        write_file(options.bytes, language.encode(dots, paper))
    file = options.png or options.bytes
    tell(file=file, width=dots.width, height=dots.height, dpi=paper.dpi)
    say(phrases.SAVED(file=file, width=dots.width, height=dots.height, dpi=paper.dpi))
    return 0


def _to_printer(settings: LabelSettings, options: argparse.Namespace) -> int:
    """Print a test label, or ask the printer for its status."""
    if sys.platform == "win32":
        say(phrases.PRINTERS(printers=_printers()))
    if settings.type == "none":
        raise device_words.NotSetUp(phrases.NOT_SET_UP())
    printer = pick_printer(settings, logging.getLogger("vcshim.label"))
    if options.print or not isinstance(printer, DrivenLabelPrinter):
        printer.print_label(options.ehealthid, options.card_no, options.name)
        tell(accepted=True)
        say(phrases.ACCEPTED())
        return 0
    status = printer.status()
    tell(ready=not isinstance(status, Fault), fault=status.name.lower() if isinstance(status, Fault) else None)
    if isinstance(status, Fault):
        told, error = status.told(LABEL_PRINTER.told), DeviceUnavailable(status.value, printer="")
        device_words.say_unavailable(phrases.FAULT(fault=told), partial(_finding, error, settings))
        return 1
    say(phrases.REMARK(remark=status) if status else phrases.READY())
    return 0


def _printers() -> str:
    """The printers of this Windows."""
    from shim.winapi import winspool

    try:
        return joined(winspool.printers())
    except OSError:
        return phrases.NOT_LISTED()
