"""What stands on a label and in which order: [label] layout, width_mm, height_mm, or fixed places; read once.

By default nothing has a fixed place: `rows` say what is printed and how large against each other, and arrangement.py
finds the places by the proportions of the paper and the length of the texts. A site that wants fixed places sets `qr`
and the lines, in millimetres from the top left corner of the label. Knows neither Pillow nor dots.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique

from shim.bilingual import Bilingual, word_list
from shim.devices.base import UnusableSetting
from shim.devices.label.content import PLACEHOLDERS
from shim.devices.label.settings import LabelSettings

PAPERS = ("40x30", "50x30", "60x40", "70x50", "100x70")
"""Usual papers, width x height in mm; any other size works as well."""

SHORTEST_SIDE, LONGEST_SIDE = 5, 300  # of a label
SMALLEST_QR = 5
HEAVIEST = 3  # stars of a row
_MOST_ROWS = 8
_ROUNDING = 0.01
_AUTOMATIC = "auto"
# The fixed places of a key that is left at auto while another one is set: those of a label of 50 x 30 mm.
_PLACES = {"qr": "1, 1, 22", "line1": "24, 4, 25, 6, left, {name}", "line2": "1.5, 24, 47, 5, centre, {card_no}"}

_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_ROW = re.compile(r"(?P<text>.*?)\s*(?P<stars>\**)", re.DOTALL)
# A caption: text before the only placeholder, which ends the row.
_CAPTION = re.compile(r"(?P<caption>[^{}]*[^{}\s:：])\s*[:：]?\s*(?P<value>\{[^{}]*\})")
_FULL_WIDTH = str.maketrans("｜＊", "|*")


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
class TextRow:
    """One text of the layout, which takes as many lines as it needs.

    Attributes:
        key: what it holds: name, card_no, hospital, or row1 and so on.
        caption: stands before the text, smaller; "" for none.
        text: may hold the placeholders of content.py.
        weight: 0 to HEAVIEST; one that has any is bold, and larger with each.
    """

    key: str
    caption: str
    text: str
    weight: int = 0


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text in a fixed place, in letters as high as `area`, smaller or on several lines if it is too long.

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
    """One label.

    Attributes:
        width, height: of the paper, in mm.
        rows: what is printed beside the QR code, from the top.
        hospital: the name of the hospital, "" for none.
        qr: the square into which the QR code fits with its quiet zone; None if it has no fixed place.
        lines: the texts in fixed places; used only with `qr`.
    """

    width: float
    height: float
    rows: tuple[TextRow, ...]
    hospital: str = ""
    qr: Area | None = None
    lines: tuple[TextLine, ...] = ()
    upside_down: bool = False

    @property
    def areas(self) -> Mapping[str, Area]:
        """The area of each element that has a fixed place, by the key that it comes from."""
        return {"qr": self.qr, **{line.key: line.area for line in self.lines}} if self.qr else {}


def read_layout(settings: LabelSettings) -> LabelLayout:
    """The layout that [label] describes.

    Raises:
        UnusableSetting: a value cannot be read, or an element is not wholly on the label.
    """
    width, height = side_of_label("width_mm", settings.width_mm), side_of_label("height_mm", settings.height_mm)
    rows, fixed = read_rows(settings.layout), _fixed(settings)
    if not fixed:
        return LabelLayout(width, height, rows, settings.hospital, upside_down=settings.upside_down)
    qr = _qr(fixed.pop("qr"))
    lines = tuple(_line(key, text) for key, text in fixed.items() if text)
    layout = LabelLayout(width, height, _rows_of(lines) or rows, settings.hospital, qr, lines, settings.upside_down)
    for key, area in layout.areas.items():
        right, bottom = area.left + area.width, area.top + area.height
        if right > layout.width + _ROUNDING or bottom > layout.height + _ROUNDING:
            raise UnusableSetting(
                "{key} 超出标签 {size} 毫米，请核对 width_mm、height_mm 和 {key}",
                "{key} is not wholly on the label of {size} mm; check width_mm, height_mm and {key}",
                key=key,
                size=f"{layout.width:g} x {layout.height:g}",
            )
    return layout


_EXAMPLE = Bilingual(LabelSettings.layout, "{hospital} | Name {name} ** | Card {card_no} *")


def read_rows(text: str) -> tuple[TextRow, ...]:
    """The rows that [label] layout describes: texts with placeholders between bars, with a star for each weight.

    Raises:
        UnusableSetting: for any other text.
    """
    rows: list[TextRow] = []
    for number, part in enumerate(text.translate(_FULL_WIDTH).split("|"), 1):
        match = _ROW.fullmatch(part.strip())
        assert match is not None
        stars, words = len(match["stars"]), match["text"]
        if not words:
            raise UnusableSetting(
                "layout 第 {number} 行是空的；各行用 | 分开，例如 {example}",
                "layout has nothing in line {number}; lines are divided by |, such as {example}",
                number=number,
                example=_EXAMPLE,
            )
        if stars > HEAVIEST:
            raise UnusableSetting(
                "layout 第 {number} 行有 {stars} 个 *，最多 {most} 个",
                "layout has {stars} times * in line {number}; at most {most} count",
                number=number, stars=stars, most=HEAVIEST,
            )  # fmt: skip
        rows.append(_row(f"row{number}", _checked("layout", words), stars))
    if len(rows) > _MOST_ROWS:
        raise UnusableSetting(
            "layout 有 {lines} 行，最多 {most} 行", "layout has {lines} lines; a label has at most {most}",
            lines=len(rows), most=_MOST_ROWS,
        )  # fmt: skip
    return tuple(rows)


def side_of_label(key: str, text: str) -> float:
    """The millimetres of [label] `key`, a side of the label. UnusableSetting for any other text."""
    return millimetres(key, text, SHORTEST_SIDE, LONGEST_SIDE)


def millimetres(key: str, text: str, low: float = 0, high: float = 9999.999) -> float:
    """The millimetres of [label] `key`, from `low` to `high`. UnusableSetting for any other text."""
    if not _NUMBER.fullmatch(text) or not low <= float(text) <= high:
        raise UnusableSetting(
            "{key} 应为毫米数，例如 50 或 57.5", "{key} should be a number of millimetres, such as 50 or 57.5", key=key
        )
    return float(text)


def _row(key: str, text: str, weight: int) -> TextRow:
    named = _PLACEHOLDER.findall(text)
    if named:
        key = named[0].strip("{}")
    match = _CAPTION.fullmatch(text)
    return TextRow(key, match["caption"], match["value"], weight) if match else TextRow(key, "", text, weight)


def _fixed(settings: LabelSettings) -> dict[str, str]:
    """The fixed places by their keys; nothing if no key is set."""
    places = {"qr": settings.qr, **settings.text_lines}
    if all(text == (_AUTOMATIC if key in _PLACES else "") for key, text in places.items()):
        return {}
    return {key: _PLACES.get(key, "") if text.lower() == _AUTOMATIC else text for key, text in places.items()}


def _rows_of(lines: tuple[TextLine, ...]) -> tuple[TextRow, ...]:
    """The texts of fixed places as rows, for a label on which one of them does not fit into its place."""
    tallest = max((line.area.height for line in lines), default=0.0)
    return tuple(_row(line.key, line.text, 2 if line.area.height == tallest else 0) for line in lines)


def _qr(text: str) -> Area:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3 or not all(map(_NUMBER.fullmatch, parts)) or float(parts[2]) < SMALLEST_QR:
        raise UnusableSetting(
            "qr 应为 auto 或三个毫米数：左,上,边长，边长至少 {least}，例如 1, 1, 22",
            "qr should be auto or three numbers of millimetres, left, top and side, the side at least {least}, such as "
            "1, 1, 22",
            least=SMALLEST_QR,
        )
    left, top, side = map(float, parts)
    return Area(left, top, side, side)


def _line(key: str, text: str) -> TextLine:
    parts = [part.strip() for part in text.split(",", 5)]
    aligns = [align.value for align in Align]
    if len(parts) != 6 or not all(map(_NUMBER.fullmatch, parts[:4])) or parts[4] not in aligns:
        words = Bilingual(" 或 ".join(aligns), " or ".join(aligns))
        raise UnusableSetting(
            "{key} 应为：左,上,宽,高（毫米）,{words},文字，例如 {example}",
            "{key} should be left, top, width and height in millimetres, {words}, and a text, such as {example}",
            key=key, words=words, example="24, 4, 25, 6, left, {name}",
        )  # fmt: skip
    return TextLine(key, Area(*map(float, parts[:4])), Align(parts[4]), _checked(key, parts[5]))


def _checked(key: str, text: str) -> str:
    """`text`, if it names nothing but what a label can hold."""
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - set(PLACEHOLDERS))
    if unknown:
        raise UnusableSetting(
            "{key} 中 {word} 不是可用的内容，可用 {known}",
            "{key} has {word}, which is nothing that a label can hold; there are {known}",
            key=key, word=unknown[0][:20], known=word_list(PLACEHOLDERS),
        )  # fmt: skip
    return text
