"""`vcshim label`: preview the label, print one, ask the printer for its status. The data is invented unless given.

Reads the [label] section of the vcshim.ini in --folder; words on the command line overrule it. A real patient's data
does not belong on a command line, which a shell keeps: print such a label with the hospital program.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from shim.commands import device_words
from shim.commands.console import say
from shim.commands.files import FileProblem, write_file
from shim.devices.base import DeviceUnavailable, UnusableSetting
from shim.devices.label import windows_printers
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

HELP = "预览标签、试打一张标签、查询打印机的状态"
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
    action.add_argument("--png", type=Path, metavar="FILE", help="把标签存成图片文件")
    action.add_argument("--bytes", type=Path, metavar="FILE", help="把发给打印机的字节（按打印机语言）存成文件")
    action.add_argument("--print", action="store_true", help="试打一张标签")
    action.add_argument("--status", action="store_true", help="查询打印机的状态")
    parser.add_argument(
        "--size", metavar="WxH", help=f"标签的宽和高，毫米，代替 width_mm 和 height_mm，例如 {'、'.join(PAPERS)}"
    )
    parser.add_argument("--ehealthid", default=_CODE, help="二维码的内容（默认为虚构的多码融合码）")
    parser.add_argument("--card-no", default=_CARD_NO, help=f"卡号（默认 {_CARD_NO}）")
    parser.add_argument("--name", default=_NAME, help=f"姓名（默认 {_NAME}）")
    device_words.arguments(parser, LabelSettings, _WORDS)


def run(options: argparse.Namespace) -> int:
    """0: done; 1: it failed, or the printer reports a fault."""
    if options.size:
        width, by, height = options.size.lower().replace("×", "x").replace("*", "x").partition("x")
        if not by:
            say(f"失败：--size 应为 宽x高，例如 {PAPERS[1]}")
            return 1
        options.width_mm, options.height_mm = width.strip(), height.strip()
    settings = device_words.overruled_settings(options, LabelSettings, _WORDS).label
    action: Callable[[LabelSettings, argparse.Namespace], int] = _to_printer
    if options.png or options.bytes:
        action = _to_file
    try:
        return action(settings, options)
    except FileProblem as problem:
        say(f"失败：{problem.chinese}")
    except (DeviceUnavailable, CannotDraw, UnusableSetting) as error:
        say(f"失败：{error}")
    return 1


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
    say(f"已写出 {options.png or options.bytes}：{dots.width} x {dots.height} 点，{paper.dpi} dpi")
    return 0


def _to_printer(settings: LabelSettings, options: argparse.Namespace) -> int:
    """Print a test label, or ask the printer for its status."""
    if sys.platform == "win32":
        say(f"本机现有打印机：{windows_printers.printer_listing()}")
    if settings.type == "none":
        raise device_words.not_set_up(LABEL_PRINTER)
    printer = pick_printer(settings, logging.getLogger("vcshim.label"))
    if options.print or not isinstance(printer, DrivenLabelPrinter):
        printer.print_label(options.ehealthid, options.card_no, options.name)
        say("打印机已接收标签")
        return 0
    status = printer.status()
    if isinstance(status, Fault):
        say(status.told(LABEL_PRINTER.title))
        return 1
    say(status or "打印机正常")
    return 0
