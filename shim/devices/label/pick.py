"""From the settings of [label] to a label printer: the back ends as rows.

A setting that cannot be used makes a label printer that says so at the first label; it never fails the start. Without a
label printer nothing of one is imported, and Pillow only for the first label, in the printer's own thread. Used by
wiring and by `vcshim label`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from shim.bilingual import NOTHING, Bilingual
from shim.devices import backends
from shim.devices.backends import BackEnd
from shim.devices.base import UnusableSetting
from shim.devices.label.absent import AbsentLabelPrinter
from shim.devices.label.base import LABEL_PRINTER, LabelPrinter
from shim.devices.label.settings import LabelSettings
from shim.devices.lines.pick import file_line, serial_line, spied, tcp_line
from shim.log import event
from shim.messages import label as rows

if TYPE_CHECKING:
    from shim.devices.label.content import LabelContent
    from shim.devices.label.drawing import LabelFonts
    from shim.devices.label.driver import DrawLabel
    from shim.devices.label.layout import LabelLayout
    from shim.devices.label.print_method import PrintMethod
    from shim.devices.lines.base import Line
    from shim.drawing.dots import Dots

_NAME_CUT = Bilingual(
    "姓名太长，标签上只印了开头，末尾是省略号", "the name is too long: the label has its beginning and an ellipsis"
)
_RAW_PORT = 9100  # where printers listen for raw data


def pick_printer(settings: LabelSettings, logger: logging.Logger) -> LabelPrinter:
    """The label printer that [label] names. Opens nothing."""
    if settings.type == "none":
        return AbsentLabelPrinter()
    from shim.devices.label.driver import DrivenLabelPrinter
    from shim.devices.label.layout import read_layout

    try:
        layout = read_layout(settings)
        method = backends.chosen(BACK_ENDS, "type", settings.type).make(settings, layout, logger)
    except UnusableSetting as error:
        return AbsentLabelPrinter(rows.SETTING, problem=error.problem)
    return DrivenLabelPrinter(method, pick_drawing(settings, layout, logger), settings.timeout_seconds, logger)


def label_problem(settings: LabelSettings, logger: logging.Logger) -> Bilingual:
    """What must be corrected in [label], as `UnusableSetting` says it; "" if there is nothing, or no label printer."""
    from shim.devices.label.layout import read_layout

    try:
        if settings.type != "none":
            backends.chosen(BACK_ENDS, "type", settings.type).make(settings, read_layout(settings), logger)
    except UnusableSetting as error:
        return error.problem
    return NOTHING


def pick_drawing(settings: LabelSettings, layout: LabelLayout, logger: logging.Logger | None = None) -> DrawLabel:
    """What draws the labels of [label]. For one thread at a time; font files are opened for the first label.

    A PC without a Chinese font is looked at again for the next label: one may have been installed.
    """
    kept: list[LabelFonts] = []

    def draw_label(dpi: int, content: LabelContent) -> Dots:
        from shim.devices.label.drawing import LabelFonts, draw
        from shim.drawing.fonts import FontChain, font_files

        if not kept or not kept[0].has_chinese:
            kept[:] = [LabelFonts(FontChain(font_files(settings.fonts)))]
        drawn = draw(layout, dpi, kept[0], content)
        if drawn.arrangement.is_cut and logger is not None:
            event(logger, logging.WARNING, _NAME_CUT, characters=len(content.name))
        return drawn.dots

    return draw_label


# ---- the back ends ----------------------------------------------------------------------------------------------


def _driver(settings: LabelSettings, layout: LabelLayout, logger: logging.Logger) -> PrintMethod:
    from shim.devices.label.gdi import GdiPrintMethod

    return GdiPrintMethod(_windows_printer(settings))


def _spooler(settings: LabelSettings, layout: LabelLayout, logger: logging.Logger) -> PrintMethod:
    from shim.devices.label.spooler import SpoolerLine

    return _raw(SpoolerLine(_windows_printer(settings)), settings, layout, logger)


def _tcp(settings: LabelSettings, layout: LabelLayout, logger: logging.Logger) -> PrintMethod:
    return _raw(tcp_line(LABEL_PRINTER, settings.address, _RAW_PORT), settings, layout, logger)


def _serial(settings: LabelSettings, layout: LabelLayout, logger: logging.Logger) -> PrintMethod:
    line = serial_line(LABEL_PRINTER, settings.port, settings.baud, settings.bits)
    return _raw(line, settings, layout, logger)


def _file(settings: LabelSettings, layout: LabelLayout, logger: logging.Logger) -> PrintMethod:
    return _raw(file_line(LABEL_PRINTER, settings.file), settings, layout, logger)


def _raw(line: Line, settings: LabelSettings, layout: LabelLayout, logger: logging.Logger) -> PrintMethod:
    from shim.devices.label.languages import LANGUAGES
    from shim.devices.label.paper import read_paper
    from shim.devices.label.raw import RawPrintMethod

    language = LANGUAGES[settings.language]
    line = spied(line, logger, spy=settings.spy, mask_sent=True)
    return RawPrintMethod(line, language, read_paper(settings, layout, language), logger, confirm=settings.confirm)


def _windows_printer(settings: LabelSettings) -> str:
    if not settings.printer:
        from shim.devices.label import windows_printers

        raise UnusableSetting(
            "type = {type} 还须写 printer，本机现有打印机：{printers}",
            "type = {type} needs a printer as well; this PC has the printers {printers}",
            type=settings.type,
            printers=windows_printers.printer_listing(),
        )
    return settings.printer


Make = Callable[[LabelSettings, "LabelLayout", logging.Logger], "PrintMethod"]
"""How a row makes a back end: from the settings, the layout and the log."""

_DRAWING = ("PIL", "segno")
BACK_ENDS: tuple[BackEnd[Make], ...] = (
    BackEnd("spooler", "系统打印机（直接发指令）", _spooler, systems=("win32",), libraries=_DRAWING),
    BackEnd("driver", "系统打印机（经驱动，任何打印机）", _driver, systems=("win32",), libraries=_DRAWING),
    BackEnd("tcp", "网络", _tcp, libraries=_DRAWING),
    BackEnd("serial", "串口", _serial, libraries=(*_DRAWING, "serial")),
    BackEnd("file", "打印机的设备文件", _file, libraries=_DRAWING),
)
