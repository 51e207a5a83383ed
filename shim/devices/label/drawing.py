"""The label of VC 3.4: a QR code and lines of text, in millimetres, drawn as the dots of one printer.

The same input gives the same dots on Windows and Linux, given the same font files. Refuses what it cannot draw as it
should be: a character that no font has, a text or a code that does not fit. Never cuts a name. L1, pure but for fonts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from shim.drawing.dots import CannotDraw, Dots
from shim.drawing.fonts import FontChain
from shim.drawing.qr import BORDER, qr_fitting, qr_modules

_SMALLEST_TEXT = 8  # dots of the em; below that no Chinese character can be told from another
_SMALLEST_MODULE = 0.2  # mm; scanners of counters read 0.25 and hardly less


@dataclass(frozen=True, slots=True)
class Line:
    """A text at `left`, `top` in a room of `width` x `height` mm; smaller letters where it is too long for it.

    `text` may hold {card_no} and {name}. `align` is left, centre or right.
    """

    left: float
    top: float
    width: float
    height: float
    align: str
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything in mm from the left top corner. The QR code, quiet zone included, fits into a square of `qr_side`."""

    width: float
    height: float
    qr_left: float
    qr_top: float
    qr_side: float
    lines: tuple[Line, ...]
    upside_down: bool = False


def size_in_dots(layout: Layout, dpi: int) -> tuple[int, int]:
    """The label in dots, to the nearest."""
    return round(layout.width * dpi / 25.4), round(layout.height * dpi / 25.4)


def draw(layout: Layout, dpi: int, fonts: FontChain, ehealth_code: str, card_no: str, name: str) -> Dots:
    """The label at `dpi` dots an inch. CannotDraw where something would be missing on it."""
    texts = [(line, _filled(line.text, {"{card_no}": card_no, "{name}": name})) for line in layout.lines]
    missing = fonts.missing("".join(text for _, text in texts))
    if missing:
        points = "、".join(f"U+{ord(character):04X}" for character in missing)
        raise CannotDraw(
            f"字体中没有字符 {points}，标签没有打印；请在 [label] fonts 加上含有该字的字体文件"
            "（扩展区汉字例如 simsunb.ttf、SimsunExtG.ttf）"
        )
    image = Image.new("1", size_in_dots(layout, dpi), 1)
    for line, text in texts:
        if text:
            _write(image, line, text, dpi, fonts)
    _paste_code(image, layout, dpi, ehealth_code)
    if layout.upside_down:
        image = image.transpose(Image.Transpose.ROTATE_180)
    return _packed(image)


def module_mm(layout: Layout, dpi: int, ehealth_code: str) -> float:
    """The side of one module as `draw` makes it, in mm; 0 where it cannot."""
    try:
        return _dots(layout.qr_side, dpi) // (qr_modules(ehealth_code) + 2 * BORDER) * 25.4 / dpi
    except ValueError:
        return 0.0


def png(dots: Dots, dpi: int) -> bytes:
    """The picture as a PNG file that knows its size in mm."""
    image = Image.frombytes("1", (dots.width, dots.height), dots.inverted)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(dpi, dpi))
    return file.getvalue()


def from_png(data: bytes) -> Dots:
    """The picture of a PNG file; anything that is not black and white is drawn as the nearer of the two."""
    with Image.open(io.BytesIO(data)) as image:
        return _packed(image.convert("L").point(lambda grey: 255 if grey > 127 else 0).convert("1"))


def _filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its places filled, on one line: what stands in a value is never taken for a place."""
    return " ".join(re.sub("|".join(map(re.escape, values)), lambda place: values[place[0]], text).split())


def _write(image: Image.Image, line: Line, text: str, dpi: int, fonts: FontChain) -> None:
    room, height = _dots(line.width, dpi), _dots(line.height, dpi)
    size = height
    while size >= _SMALLEST_TEXT and (fonts.width(text, size) > room or fonts.height(size) > height):
        size -= 1
    if size < _SMALLEST_TEXT:
        raise CannotDraw(
            f"有一行文字（{len(text)}字）放不进 {line.width:g} x {line.height:g} 毫米，标签没有打印；"
            "请在 [label] 加大该行的宽度或高度"
        )
    spare = room - fonts.width(text, size)
    shift = {"left": 0, "centre": spare // 2, "right": spare}[line.align]
    top = _dots(line.top, dpi) + (height - fonts.height(size)) // 2
    fonts.draw(image, (_dots(line.left, dpi) + shift, top), text, size, 0)


def _paste_code(image: Image.Image, layout: Layout, dpi: int, ehealth_code: str) -> None:
    room = _dots(layout.qr_side, dpi)
    code = qr_fitting(ehealth_code, room) if module_mm(layout, dpi, ehealth_code) >= _SMALLEST_MODULE else None
    if code is None:
        raise CannotDraw(
            f"二维码内容（{len(ehealth_code)}字）放不进 {layout.qr_side:g} 毫米见方（方格会小于 "
            f"{_SMALLEST_MODULE} 毫米，扫码枪读不出），标签没有打印；请在 [label] qr 加大边长"
        )
    spare = (room - code.width) // 2
    image.paste(code, (_dots(layout.qr_left, dpi) + spare, _dots(layout.qr_top, dpi) + spare))


def _dots(mm: float, dpi: int) -> int:
    return int(mm * dpi / 25.4)


def _packed(image: Image.Image) -> Dots:
    """NB: Pillow packs 1 as white and fills a row up with 0, which would be black."""
    return Dots(
        image.width, image.height, Image.eval(image.convert("L"), lambda grey: 255 - grey).convert("1").tobytes()
    )
