"""The label as the dots of one printer: its QR code and its texts, by Pillow.

The same input and the same font files give the same dots on Windows and Linux. Every name is printed, on as many lines
as it needs; a character that no font has, a script that would be drawn wrong, a number or a code that does not fit is
an error. Pure but for reading fonts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PIL import Image

from shim.devices.label.arrangement import (
    BASE,
    LINE,
    Arrangement,
    Letters,
    Text,
    arrange,
    largest_module,
    smallest_em,
)
from shim.devices.label.base import LABEL_PRINTER
from shim.devices.label.content import LabelContent
from shim.devices.label.layout import Align, LabelLayout, TextLine
from shim.devices.label.wrapping import wrap
from shim.drawing.dots import CannotDraw, Dots
from shim.drawing.fonts import FontChain, bold_files
from shim.drawing.qr import BORDER, qr_image, qr_modules
from shim.drawing.shaping import in_visual_order, is_right_to_left, joined_letters, script_to_shape, visible
from shim.messages import label as rows

SMALLEST_MODULE = 0.2
"""mm of a QR module; counter scanners read 0.25 and hardly less."""


class LabelFonts:
    """The fonts of a label, in both weights. Used by one thread at a time."""

    def __init__(self, regular: FontChain) -> None:
        self.regular = regular
        self._bold: FontChain | None = None

    @property
    def has_chinese(self) -> bool:
        """As of a FontChain."""
        return self.regular.has_chinese

    def of(self, bold: bool) -> FontChain:
        """The chain of a weight; bold fonts are opened when the first text is bold."""
        if not bold:
            return self.regular
        if self._bold is None:
            self._bold = FontChain(bold_files(self.regular.files))
        return self._bold

    def width(self, text: str, em: int, bold: bool) -> int:
        """Dots from the left of `text` to its right."""
        return self.of(bold).width(text, em)

    def keep_together(self, text: str) -> None:
        """As of a FontChain, in both weights."""
        for bold in (False, True):
            self.of(bold).keep_together(text)


@dataclass(frozen=True, slots=True)
class DrawnLabel:
    """One label: its dots, and where its elements stand on them before it is turned upside down."""

    dots: Dots
    arrangement: Arrangement


def draw(layout: LabelLayout, dpi: int, fonts: LabelFonts, content: LabelContent) -> DrawnLabel:
    """Draw one label.

    Args:
        dpi: dots an inch of the printer.

    Raises:
        CannotDraw: something would be missing on the label, wrong, or too small to be read.
    """
    arrangement = arranged(layout, dpi, fonts, content)
    width, height = paper_in_dots(layout, dpi)
    image = Image.new("1", (width, height), 1)
    code = qr_image(content.ehealth_code, arrangement.module)
    image.paste(code, (arrangement.left, arrangement.top))
    for each in arrangement.letters:
        fonts.of(each.bold).draw_on_base(image, (each.left, each.base), each.text, each.em, 0)
    if layout.upside_down:
        image = image.transpose(Image.Transpose.ROTATE_180)
    return DrawnLabel(_packed(image), arrangement)


def arranged(layout: LabelLayout, dpi: int, fonts: LabelFonts, content: LabelContent) -> Arrangement:
    """Where everything stands on one label; texts are in visual order. CannotDraw as for `draw`."""
    texts = _texts(layout, content)
    _check(texts, fonts)
    try:
        modules = qr_modules(content.ehealth_code)
    except ValueError:
        raise _code_too_large(layout, content) from None
    paper = paper_in_dots(layout, dpi)
    found = _in_fixed_places(layout, dpi, fonts, content, modules) if layout.qr else None
    found = found or arrange(_joined(texts), *paper, dpi, modules, fonts.width)
    if found is None:
        if arrange((), *paper, dpi, modules, fonts.width) is None:
            raise _code_too_large(layout, content)
        longest = max((text.text for text in texts if not text.may_be_cut), key=len, default="")
        raise CannotDraw(rows.CARD_NO_TOO_LONG, length=len(longest), paper=_paper(layout))
    return _seen(found, texts)


def paper_in_dots(layout: LabelLayout, dpi: int) -> tuple[int, int]:
    """Width and height of the label."""
    return round(layout.width * dpi / 25.4), round(layout.height * dpi / 25.4)


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


# ---- the texts -------------------------------------------------------------------------------------------------------


def _texts(layout: LabelLayout, content: LabelContent) -> list[Text]:
    """The rows of the layout that have something to say."""
    full = LabelContent(
        ehealth_code=content.ehealth_code, card_no=content.card_no, name=content.name, hospital=visible(layout.hospital)
    )
    return [
        Text(
            row.key, row.caption, full.fill(row.text), row.weight,
            may_be_cut="{name}" in row.text and "{card_no}" not in row.text,
            may_be_left_out="{name}" not in row.text and "{card_no}" not in row.text,
        )
        for row in layout.rows
        if not full.is_empty(row.text) and full.fill(row.text)
    ]  # fmt: skip


def _check(texts: Sequence[Text], fonts: LabelFonts) -> None:
    """Raise CannotDraw if a text would be drawn wrong, or not at all."""
    everything = " ".join(f"{text.caption} {text.text}" for text in texts)
    script = script_to_shape(everything)
    if script:
        raise CannotDraw(rows.SCRIPT_NOT_SUPPORTED, script=script)
    shown = joined_letters(everything)
    together = "".join(sorted({character for character in shown if _is_joined(character)}))
    if together:
        fonts.keep_together(together)
    problem = fonts.regular.problem(shown, LABEL_PRINTER.section)
    if problem is None:
        return
    if problem.characters:
        raise CannotDraw(rows.CHARACTER_MISSING, characters=problem.characters, remedy=problem.advice)
    row = rows.NO_CHINESE_FONT if fonts.regular.files else rows.NO_FONT
    raise CannotDraw(row, remedy=problem.advice)


def _is_joined(character: str) -> bool:
    return "\u0620" <= character <= "\u06ff" or "\ufb50" <= character <= "\ufefc"


def _joined(texts: Sequence[Text]) -> list[Text]:
    return [replace(text, text=joined_letters(text.text), right_to_left=is_right_to_left(text.text)) for text in texts]


def _seen(arrangement: Arrangement, texts: Sequence[Text]) -> Arrangement:
    """The same with each line as it is seen: a line is broken as it is read."""
    turned = {text.key for text in texts if is_right_to_left(text.text)}
    letters = (replace(each, text=in_visual_order(each.text, each.key in turned)) for each in arrangement.letters)
    return replace(arrangement, letters=tuple(letters))


def _paper(layout: LabelLayout) -> str:
    return f"{layout.width:g} x {layout.height:g}"


def _code_too_large(layout: LabelLayout, content: LabelContent) -> CannotDraw:
    length = len(content.ehealth_code)
    return CannotDraw(rows.QR_TOO_LARGE, length=length, paper=_paper(layout), module=SMALLEST_MODULE)


# ---- fixed places ----------------------------------------------------------------------------------------------------


def _in_fixed_places(
    layout: LabelLayout, dpi: int, fonts: LabelFonts, content: LabelContent, modules: int
) -> Arrangement | None:  # fmt: skip
    """What [label] qr and the lines ask for; None if something does not fit into its place."""
    assert layout.qr is not None
    side = _dots(layout.qr.width, dpi)
    module = largest_module(side, modules, dpi)
    if not module:
        return None
    letters: list[Letters] = []
    for line in layout.lines:
        text = joined_letters(content.fill(line.text))
        if text:
            placed = _in_area(line, text, dpi, fonts)
            if placed is None:
                return None
            letters += placed
    margin = (side - module * (modules + 2 * BORDER)) // 2
    return Arrangement(_dots(layout.qr.left, dpi) + margin, _dots(layout.qr.top, dpi) + margin, module, tuple(letters))


def _in_area(line: TextLine, text: str, dpi: int, fonts: LabelFonts) -> list[Letters] | None:
    """The text in letters as high as its area, on one line or on several; None if they would be too small."""
    width, height = _dots(line.area.width, dpi), _dots(line.area.height, dpi)
    for em in range(int(height / LINE), smallest_em(dpi) - 1, -1):
        lines = wrap(text, width, partial(fonts.width, em=em, bold=False)).lines
        widths = [fonts.width(part, em, False) for part in lines]
        if len(lines) * LINE * em > height or max(widths) > width:
            continue
        top = _dots(line.area.top, dpi) + (height - round(len(lines) * LINE * em)) // 2
        spares = [width - each for each in widths]
        shift = {Align.LEFT: [0] * len(lines), Align.CENTRE: [spare // 2 for spare in spares], Align.RIGHT: spares}[
            line.align
        ]
        return [
            Letters(
                line.key, part, _dots(line.area.left, dpi) + shift[number],
                top + round((number * LINE + BASE) * em), em,
            )
            for number, part in enumerate(lines)
        ]  # fmt: skip
    return None


def _dots(mm: float, dpi: int) -> int:
    return int(mm * dpi / 25.4)


def _packed(image: Image.Image) -> Dots:
    """NB: Pillow packs white as 1 and pads a row with 0, which would be black."""
    return Dots(
        image.width, image.height, Image.eval(image.convert("L"), lambda grey: 255 - grey).convert("1").tobytes()
    )
