"""Where everything stands on a label: [label] width_mm, height_mm, qr and the lines, read and checked once.

Knows neither Pillow nor dots; what is drawn from a layout is known to drawing.py. All lengths are millimetres from the
top left corner of the label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique

from shim.devices.base import UnusableSetting
from shim.devices.label.content import PLACEHOLDERS
from shim.devices.label.settings import LabelSettings

SHORTEST_SIDE, LONGEST_SIDE = 5, 300  # of a label
SMALLEST_QR = 5
_ROUNDING = 0.01

_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@unique
class Align(Enum):
    """Where a text that is shorter than its area stands in it."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the label."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text, in letters that are as high as `area`, or smaller if it is too long.

    Attributes:
        key: the setting that it comes from, such as line1.
        text: may hold the placeholders of content.py.
    """

    key: str
    area: Area
    align: Align
    text: str


@dataclass(frozen=True, slots=True)
class LabelLayout:
    """One label. `qr` is a square, into which the QR code fits with its quiet zone."""

    width: float
    height: float
    qr: Area
    lines: tuple[TextLine, ...]
    upside_down: bool = False

    @property
    def areas(self) -> Mapping[str, Area]:
        """The area of each element, by the key that it comes from."""
        return {"qr": self.qr, **{line.key: line.area for line in self.lines}}


def read_layout(settings: LabelSettings) -> LabelLayout:
    """The layout that [label] describes.

    Raises:
        UnusableSetting: a value cannot be read, or an element is not wholly on the label.
    """
    layout = LabelLayout(
        side_of_label("width_mm", settings.width_mm),
        side_of_label("height_mm", settings.height_mm),
        _qr(settings.qr),
        tuple(_line(key, text) for key, text in settings.text_lines.items() if text),
        settings.upside_down,
    )
    for key, area in layout.areas.items():
        right, bottom = area.left + area.width, area.top + area.height
        if right > layout.width + _ROUNDING or bottom > layout.height + _ROUNDING:
            raise UnusableSetting(
                f"{key} 超出标签 {layout.width:g} x {layout.height:g} 毫米，请核对 width_mm、height_mm 和 {key}"
            )
    return layout


def side_of_label(key: str, text: str) -> float:
    """The millimetres of [label] `key`, a side of the label. UnusableSetting for any other text."""
    return millimetres(key, text, SHORTEST_SIDE, LONGEST_SIDE)


def millimetres(key: str, text: str, low: float = 0, high: float = 9999.999) -> float:
    """The millimetres of [label] `key`, from `low` to `high`. UnusableSetting for any other text."""
    if not _NUMBER.fullmatch(text) or not low <= float(text) <= high:
        raise UnusableSetting(f"{key} 应为毫米数，例如 50 或 57.5")
    return float(text)


def _qr(text: str) -> Area:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3 or not all(map(_NUMBER.fullmatch, parts)) or float(parts[2]) < SMALLEST_QR:
        raise UnusableSetting(f"qr 应为三个毫米数：左,上,边长，边长至少 {SMALLEST_QR}，例如 1, 1, 22")
    left, top, side = map(float, parts)
    return Area(left, top, side, side)


def _line(key: str, text: str) -> TextLine:
    parts = [part.strip() for part in text.split(",", 5)]
    aligns = [align.value for align in Align]
    if len(parts) != 6 or not all(map(_NUMBER.fullmatch, parts[:4])) or parts[4] not in aligns:
        words, example = " 或 ".join(aligns), "24, 4, 25, 6, left, {name}"
        raise UnusableSetting(f"{key} 应为：左,上,宽,高（毫米）,{words},文字，例如 {example}")
    unknown = sorted(set(_PLACEHOLDER.findall(parts[5])) - set(PLACEHOLDERS))
    if unknown:
        raise UnusableSetting(f"{key} 中 {unknown[0][:20]} 不是可用的内容，可用 {'、'.join(PLACEHOLDERS)}")
    return TextLine(key, Area(*map(float, parts[:4])), Align(parts[4]), parts[5])
