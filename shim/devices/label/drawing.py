"""The label as the dots of one printer: its QR code and its lines of text, by Pillow.

The same input and the same font files give the same dots on Windows and Linux. A label is drawn whole or not at all: a
character that no font has, or a text or code that does not fit, is an error, and nothing is ever cut. Pure but for
reading fonts.
"""

from __future__ import annotations

import io

from PIL import Image

from shim.devices.label.base import LABEL_PRINTER
from shim.devices.label.content import LabelContent
from shim.devices.label.layout import Align, LabelLayout, TextLine
from shim.drawing.dots import CannotDraw, Dots
from shim.drawing.fonts import FontChain
from shim.drawing.qr import BORDER, qr_fitting, qr_modules

_SMALLEST_TEXT = 8  # dots of the em; in fewer, Chinese characters cannot be told apart
_SMALLEST_MODULE = 0.2  # mm; counter scanners read 0.25 and hardly less


def draw(layout: LabelLayout, dpi: int, fonts: FontChain, content: LabelContent) -> Dots:
    """Draw one label.

    Args:
        dpi: dots an inch of the printer.

    Raises:
        CannotDraw: something would be missing on the label, or too small to be read.
    """
    texts = [(line, content.fill(line.text)) for line in layout.lines]
    problem = fonts.problem("".join(text for _, text in texts), LABEL_PRINTER.section)
    if problem is not None:
        raise CannotDraw(f"{problem.what}，标签没有打印；{problem.advice}")
    image = Image.new("1", (round(layout.width * dpi / 25.4), round(layout.height * dpi / 25.4)), 1)
    for line, text in texts:
        if text:
            _write(image, line, text, dpi, fonts)
    _paste_code(image, layout, dpi, content.ehealth_code)
    if layout.upside_down:
        image = image.transpose(Image.Transpose.ROTATE_180)
    return _packed(image)


def module_mm(layout: LabelLayout, dpi: int, ehealth_code: str) -> float:
    """The side of one QR module on the label, in mm; 0 if no QR code holds the text."""
    try:
        return _dots(layout.qr.width, dpi) // (qr_modules(ehealth_code) + 2 * BORDER) * 25.4 / dpi
    except ValueError:
        return 0.0


def png(dots: Dots, dpi: int) -> bytes:
    """The picture as a PNG file, in which its resolution is noted."""
    image = Image.frombytes("1", (dots.width, dots.height), dots.inverted)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(dpi, dpi))
    return file.getvalue()


def from_png(data: bytes) -> Dots:
    """The picture in a PNG file; a dot that is grey or coloured becomes black or white, whichever is nearer."""
    with Image.open(io.BytesIO(data)) as image:
        return _packed(image.convert("L").point(lambda grey: 255 if grey > 127 else 0).convert("1"))


def _write(image: Image.Image, line: TextLine, text: str, dpi: int, fonts: FontChain) -> None:
    area = line.area
    width, height = _dots(area.width, dpi), _dots(area.height, dpi)
    size = height
    while size >= _SMALLEST_TEXT and (fonts.width(text, size) > width or fonts.height(size) > height):
        size -= 1
    if size < _SMALLEST_TEXT:
        raise CannotDraw(
            f"有一行文字（{len(text)}字）放不进 {area.width:g} x {area.height:g} 毫米，标签没有打印；"
            "请在 [label] 加大该行的宽度或高度"
        )
    spare = width - fonts.width(text, size)
    shift = {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[line.align]
    top = _dots(area.top, dpi) + (height - fonts.height(size)) // 2
    fonts.draw(image, (_dots(area.left, dpi) + shift, top), text, size, 0)


def _paste_code(image: Image.Image, layout: LabelLayout, dpi: int, ehealth_code: str) -> None:
    side = _dots(layout.qr.width, dpi)
    code = qr_fitting(ehealth_code, side) if module_mm(layout, dpi, ehealth_code) >= _SMALLEST_MODULE else None
    if code is None:
        raise CannotDraw(
            f"二维码内容（{len(ehealth_code)}字）放不进 {layout.qr.width:g} 毫米见方（方格会小于 "
            f"{_SMALLEST_MODULE} 毫米，扫码枪读不出），标签没有打印；请在 [label] qr 加大边长"
        )
    margin = (side - code.width) // 2
    image.paste(code, (_dots(layout.qr.left, dpi) + margin, _dots(layout.qr.top, dpi) + margin))


def _dots(mm: float, dpi: int) -> int:
    return int(mm * dpi / 25.4)


def _packed(image: Image.Image) -> Dots:
    """NB: Pillow packs white as 1 and pads a row with 0, which would be black."""
    return Dots(
        image.width, image.height, Image.eval(image.convert("L"), lambda grey: 255 - grey).convert("1").tobytes()
    )
