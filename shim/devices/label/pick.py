"""From the settings of [label] to a label printer: a table of transports, the languages, the layout.

A setting that cannot be used makes a printer that says so at the first label; it never fails the start. Pillow is
imported when the first label is drawn, in the printer's own thread. L4, used by wiring and by `vcshim label`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shim.devices.base import Device, UnusableSetting
from shim.devices.label import spooler
from shim.devices.label.absent import AbsentLabelPrinter
from shim.devices.label.base import LabelPrinter
from shim.devices.label.driver import Drawing, PrintingLabels
from shim.devices.label.encoders import Gap, Paper
from shim.devices.label.languages import LANGUAGES, Language
from shim.devices.label.press import Press, RawPress
from shim.devices.label.settings import LabelSettings
from shim.devices.lines.base import Line
from shim.devices.lines.pick import file_line, serial_line, spied, tcp_line
from shim.drawing.dots import Dots
from shim.settings.ini import FILE_NAME

if TYPE_CHECKING:
    from shim.devices.label.drawing import Layout
    from shim.drawing.fonts import FontChain

DEVICE = Device("标签打印机", "label")
RAW_PORT = 9100  # what printers listen on for raw data
_LINES = ("line1", "line2", "line3", "line4")
_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
_PLACE = re.compile(r"\{[^{}]*\}")
_KNOWN = frozenset({"{card_no}", "{name}"})


class UnusableLabel(UnusableSetting):
    """A setting of [label] that cannot be used; its text is advice in Chinese."""


def pick_printer(settings: LabelSettings, logger: logging.Logger, folder: Path) -> LabelPrinter:
    """The label printer that [label] names. `folder` is that of vcshim.ini."""
    if settings.type == "none":
        return AbsentLabelPrinter()
    try:
        check_layout(settings)
        press = _press(settings, logger, folder)
    except UnusableSetting as error:
        return AbsentLabelPrinter(f"请改正 {FILE_NAME} 的 [label]：{error}")
    return PrintingLabels(press, pick_drawing(settings, folder), settings.timeout_seconds, logger)


def pick_drawing(settings: LabelSettings, folder: Path) -> Drawing:
    """What draws the label of [label]; fonts are looked for at the first one. One thread at a time."""
    held: list[tuple[Layout, FontChain]] = []

    def drawing(dpi: int, ehealth_code: str, card_no: str, name: str) -> Dots:
        from shim.devices.label.drawing import draw
        from shim.drawing.fonts import FontChain, font_files

        if not held:
            held.append((_layout(settings), FontChain(font_files(settings.fonts, folder))))
        layout, fonts = held[0]
        return draw(layout, dpi, fonts, ehealth_code, card_no, name)

    return drawing


def pick_language(settings: LabelSettings) -> Language:
    """The row that [label] language names."""
    return LANGUAGES[settings.language]


def pick_paper(settings: LabelSettings) -> Paper:
    """The label and how to print it. UnusableLabel for a number that the language does not take."""
    language = pick_language(settings)
    numbers = {"density": settings.density, "speed": settings.speed}
    for key, highest in (("density", language.density), ("speed", language.speed)):
        if numbers[key] > highest:
            raise UnusableLabel(f"{key} 在 language = {language.name} 时最大 {highest}，0 为打印机自己的设置")
    return Paper(
        _mm(settings, "width_mm"), _mm(settings, "height_mm"), settings.dpi,
        Gap(settings.gap), _mm(settings, "gap_mm"), numbers["density"], numbers["speed"],
    )  # fmt: skip


def check_layout(settings: LabelSettings) -> None:
    """UnusableLabel for a layout that cannot be read or does not lie on the label. Imports no Pillow."""
    width, height = _mm(settings, "width_mm"), _mm(settings, "height_mm")
    left, top, side = _qr(settings)
    rooms = [("qr", left, top, side, side)]
    rooms += [(key, *numbers) for key in _LINES for numbers, _, _ in _line(settings, key)]
    for key, left, top, wide, high in rooms:
        if left + wide > width + 0.01 or top + high > height + 0.01:
            raise UnusableLabel(f"{key} 超出标签 {width:g} x {height:g} 毫米，请核对 width_mm、height_mm 和 {key}")


# ---- the transports -----------------------------------------------------------------------------------------------


def _press(settings: LabelSettings, logger: logging.Logger, folder: Path) -> Press:
    kind = settings.type
    if kind == "driver":
        return spooler.DriverPress(_queue(settings))
    line = spied(_LINES_TO[kind](settings, folder), logger, spy=settings.spy, mask_sent=True)
    return RawPress(line, pick_language(settings), pick_paper(settings), logger)


def _queue(settings: LabelSettings) -> str:
    printer = settings.printer
    if not printer:
        kind = settings.type
        raise UnusableLabel(f"type = {kind} 还须写 printer，本机现有打印机：{spooler.there_are()}")
    return printer


def _spooler(settings: LabelSettings, folder: Path) -> Line:
    return spooler.SpoolerLine(_queue(settings))


def _tcp(settings: LabelSettings, folder: Path) -> Line:
    return tcp_line(DEVICE, settings.address, RAW_PORT)


def _serial(settings: LabelSettings, folder: Path) -> Line:
    return serial_line(DEVICE, settings.port, settings.baud, settings.bits)


def _file(settings: LabelSettings, folder: Path) -> Line:
    return file_line(DEVICE, settings.file, folder)


_LINES_TO: Mapping[str, Callable[[LabelSettings, Path], Line]] = {
    "spooler": _spooler,
    "tcp": _tcp,
    "serial": _serial,
    "file": _file,
}


# ---- the layout ---------------------------------------------------------------------------------------------------


def _layout(settings: LabelSettings) -> Layout:
    """The layout as the drawing room takes it. Imports Pillow."""
    from shim.devices.label.drawing import Layout, Line

    lines = tuple(
        Line(*numbers, align, text) for key in _LINES for numbers, align, text in _line(settings, key)
    )  # fmt: skip
    return Layout(
        _mm(settings, "width_mm"), _mm(settings, "height_mm"), *_qr(settings), lines,
        settings.upside_down,
    )  # fmt: skip


def _qr(settings: LabelSettings) -> tuple[float, float, float]:
    parts = [part.strip() for part in settings.qr.split(",")]
    if len(parts) != 3 or not all(map(_NUMBER.fullmatch, parts)) or float(parts[2]) < 5:
        raise UnusableLabel("qr 应为三个毫米数：左,上,边长，边长至少 5，例如 1, 1, 22")
    return float(parts[0]), float(parts[1]), float(parts[2])


def _line(settings: LabelSettings, key: str) -> list[tuple[tuple[float, float, float, float], str, str]]:
    """One line's numbers, alignment and text; nothing for a line that is not wanted."""
    value: str = getattr(settings, key)
    if not value:
        return []
    parts = [part.strip() for part in value.split(",", 5)]
    numbers = parts[:4]
    if len(parts) != 6 or not all(map(_NUMBER.fullmatch, numbers)) or parts[4] not in ("left", "centre", "right"):
        example = "24, 4, 25, 6, left, {name}"
        raise UnusableLabel(f"{key} 应为：左,上,宽,高（毫米）,left 或 centre 或 right,文字，例如 {example}")
    unknown = sorted(set(_PLACE.findall(parts[5])) - _KNOWN)
    if unknown:
        raise UnusableLabel(f"{key} 中 {unknown[0][:20]} 不是可用的内容，可用 {{name}}、{{card_no}}")
    left, top, width, height = map(float, numbers)
    return [((left, top, width, height), parts[4], parts[5])]


def _mm(settings: LabelSettings, key: str) -> float:
    text: str = getattr(settings, key)
    if not _NUMBER.fullmatch(text) or (key != "gap_mm" and not 5 <= float(text) <= 300):
        raise UnusableLabel(f"{key} 应为毫米数，例如 50 或 57.5")
    return float(text)
