"""The frames of the extension screen: draws a page at the size of a monitor, and finds what changed since the last one.

A page that asks for something has a bar with the hospital's logo and name and, at the top right, the countdown (VC
2.2); below it the QR code on a white card, and the words. A page that says how something ended has a card in the
colour of the result with a large mark, which is read from two metres and needs no font; after a refusal the code stays
beside it (VC 2.2). A code that cannot be drawn is never asked for: there is no frame then.

What a page says is decided by pages.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageChops

from shim.devices.screen import shapes
from shim.devices.screen.lettering import LINE, FittedText, Lettering
from shim.devices.screen.pages import PageStyle, ScreenPage, Sign
from shim.devices.screen.pictures import UnusablePicture, code_picture, is_picture
from shim.devices.screen.shapes import Rgb, mixed, rgb
from shim.drawing.fonts import FontChain
from shim.drawing.qr import BORDER, qr_fitting, qr_modules
from shim.errors import Message
from shim.messages import screen as rows

Box = tuple[int, int, int, int]  # left, top, right, bottom
_Block = Sequence[tuple[FittedText, Rgb]]  # texts one below the other

# Fractions of the frame's shorter side, unless a comment says otherwise.
_MARGIN = 0.05
_BAR = 0.14
_STRIPE = 0.02  # in the place of a bar that has nothing to say
_RADIUS = 0.03
_CODE_WIDE = 0.5  # the largest part of the width that a code has, where the words stand beside it
_CODE_TALL = 0.5  # the largest part of the height, where the words stand below it
_CODE_REFUSED = 0.42  # the same, above the card of a refusal
_CORNER = 0.4  # the part of the width in which the countdown is
_TITLE, _HINT = 0.115, 0.066  # the largest font sizes beside a code
_TITLE_TALL, _HINT_TALL = 0.125, 0.072  # below a code, where there is room for them
_TITLE_CARD, _HINT_CARD = 0.1, 0.062  # on the card of a refusal
_TITLE_ALONE, _HINT_ALONE = 0.155, 0.08  # of a result
_MARK_BESIDE, _MARK_ABOVE = 0.62, 0.38  # the mark, of the height of its card
_MARK_ONLY = 0.78  # the same, where there are no words
_GAP = 0.4  # between title and hint, of the title's font size
_HALF_EMPTY = (
    "，。、；：！？）”》」』"  # marks whose right half is blank: a line that ends in one is centred without it
)
_PICTURE = 0.92  # a picture of a code, of the card: it may have no quiet zone


class CodeNotDrawn(Exception):
    """A page asks for a code that cannot be drawn; `row` and `facts` say why, without the code."""

    def __init__(self, row: Message, **facts: object) -> None:
        super().__init__(row.key)
        self.row = row
        self.facts = facts


@dataclass(frozen=True, slots=True)
class FrameColours:
    """The colours that all pages share: #RRGGBB or a name of CSS."""

    background: str
    text: str
    bar: str
    bar_text: str


@dataclass(frozen=True, slots=True)
class DirtyRectangle:
    """The part of a frame that has changed. `bgrx` holds its rows, the top one first, four bytes a pixel."""

    x: int
    y: int
    width: int
    height: int
    bgrx: bytes = field(repr=False)


class Painter:
    """Draws the pages of one screen, one after the other. Used by one thread; owns its fonts.

    Args:
        bold: the fonts of titles; None for those of everything else.
        logo: stands in the bar, mode RGBA.
    """

    def __init__(
        self,
        fonts: FontChain,
        heading: str,
        colours: FrameColours,
        *,
        bold: FontChain | None = None,
        logo: Image.Image | None = None,
    ) -> None:
        self._letters = Lettering(fonts, bold)
        self._heading = self._letters.legible(heading)
        self._logo = logo
        self._background, self._text = rgb(colours.background), rgb(colours.text)
        self._bar, self._bar_text = rgb(colours.bar), rgb(colours.bar_text)
        self._base: tuple[object, Image.Image | CodeNotDrawn] | None = None  # without the countdown
        self._last: Image.Image | None = None
        self._last_base: Image.Image | None = None  # the one under `_last`
        self._last_page: tuple[tuple[int, int], ScreenPage] | None = None

    def forget(self) -> None:
        """Treat the next frame as changed everywhere, because the last one was lost."""
        self._last = self._last_base = self._last_page = None

    def changes(self, size: tuple[int, int], page: ScreenPage) -> DirtyRectangle | None:
        """The smallest rectangle that turns the last frame into that of `page`; None if they are the same.

        Raises:
            CodeNotDrawn: the last frame stays.
        """
        if self._last_page == (size, page):
            return None
        base = self._base_of(size, page)
        area: Box = (0, 0, *size)
        if self._last is not None and self._last_base is base:  # at most the countdown has changed
            area = self._corner(size)
        new = self._with_countdown(base, area, page)
        box: Box | None = (0, 0, *new.size)
        if self._last is not None and self._last.size == size:
            box = ImageChops.difference(self._last.crop(area), new).getbbox()
        if self._last is None or area == (0, 0, *size):
            self._last = new
        else:
            self._last.paste(new, area[:2])
        self._last_base, self._last_page = base, (size, page)
        if box is None:
            return None
        part = new.crop(box)
        return DirtyRectangle(
            area[0] + box[0], area[1] + box[1], part.width, part.height, part.tobytes("raw", "BGRX")
        )  # fmt: skip

    def frame(self, size: tuple[int, int], page: ScreenPage) -> Image.Image:
        """The whole frame, mode RGB.

        Raises:
            CodeNotDrawn: the page asks for a code, and none can be drawn.
        """
        return self._with_countdown(self._base_of(size, page), (0, 0, *size), page)

    # ---- the bar and the countdown -----------------------------------------------------------------------------------

    def _with_countdown(self, base: Image.Image, area: Box, page: ScreenPage) -> Image.Image:
        """The part `area` of a frame: all of it, or the corner of the countdown."""
        part = base.crop(area)
        if page.countdown:
            corner = self._corner(base.size)
            at = (corner[0] - area[0], corner[1] - area[1])
            drawn = base.crop(corner)
            self._draw_countdown(drawn, page, _margin(base.size))
            part.paste(drawn, at)
        return part

    def _corner(self, size: tuple[int, int]) -> Box:
        return (round(size[0] * (1 - _CORNER)), 0, size[0], _bar(size))

    def _draw_countdown(self, corner: Image.Image, page: ScreenPage, margin: int) -> None:
        """A ring that empties, and to the left of it the seconds in words, or as a number where words fail."""
        has_bar = self._has_bar()
        ground = self._bar if has_bar else self._background
        colour = self._bar_text if has_bar else rgb(page.style.colour)
        side = shapes.ring_side(corner.height)
        above = 0 if has_bar else margin // 2  # the stripe, and some space
        left, top = corner.width - margin - side, above + (corner.height - above - side) // 2
        if left < 0:
            return
        shapes.draw_ring(corner, (left, top), side, page.left, mixed(ground, colour, 0.3), colour)
        text = self._letters.legible(page.countdown) or self._letters.digits(page.countdown)
        gap = side // 3
        room = left - gap
        widest = re.sub("[0-9]+", lambda number: number[0].zfill(2), text)  # of one size at 10 and at 9
        size = self._letters.fitted(widest, round(corner.height * 0.44), room, corner.height, whole=0).size
        at = (room - self._letters.width(text, size), top + self._middle(side, size))
        self._letters.draw_line(corner, at, text, size, colour)

    def _has_bar(self) -> bool:
        return bool(self._heading or self._logo)

    def _draw_bar(self, frame: Image.Image) -> None:
        height = _bar(frame.size)
        if not self._has_bar():
            frame.paste(self._bar, (0, 0, frame.width, _stripe(frame.size)))
            return
        frame.paste(self._bar, (0, 0, frame.width, height))
        left = margin = _margin(frame.size)
        right = round(frame.width * (1 - _CORNER)) - margin // 2
        if self._logo is not None:
            logo = _scaled(self._logo, max(1, (right - left) // 2), round(height * 0.74))
            frame.paste(logo, (left, (height - logo.height) // 2), logo.getchannel("A"))
            left += logo.width + margin // 2
        fitted = self._letters.fitted(self._heading, round(height * 0.42), right - left, height, whole=0.75, most=2)
        top = (height - fitted.height) // 2
        for line in fitted.lines:
            at = (left, top + self._middle(round(fitted.size * LINE), fitted.size))
            self._letters.draw_line(frame, at, line, fitted.size, self._bar_text)
            top += round(fitted.size * LINE)

    def _middle(self, height: int, font_size: int) -> int:
        """The top of a line that stands in the middle of `height`."""
        return (height - self._letters.line_height(font_size)) // 2

    # ---- a page ------------------------------------------------------------------------------------------------------

    def _base_of(self, size: tuple[int, int], page: ScreenPage) -> Image.Image:
        """Everything but the countdown; drawn once as long as only that changes."""
        key = (size, page.style, page.code, bool(page.countdown))
        if self._base is None or self._base[0] != key:
            try:
                self._base = (key, self._draw(size, page))
            except CodeNotDrawn as error:
                self._base = (key, error.with_traceback(None))
        base = self._base[1]
        if isinstance(base, CodeNotDrawn):
            raise CodeNotDrawn(base.row, **base.facts)
        return base

    def _draw(self, size: tuple[int, int], page: ScreenPage) -> Image.Image:
        frame = Image.new("RGB", size, self._background)
        self._draw_bar(frame)
        margin = _margin(size)
        top = _bar(size) if self._has_bar() or page.countdown else _stripe(size)
        body = (margin, top + margin, size[0] - margin, size[1] - margin)
        if page.style.sign is Sign.NONE:
            self._draw_request(frame, body, page)
        else:
            self._draw_result(frame, body, page)
        return frame

    def _draw_request(self, frame: Image.Image, body: Box, page: ScreenPage) -> None:
        """A code with words beside or below it; a code alone where no words can be drawn, in the middle."""
        style, colours = page.style, (rgb(page.style.colour), self._text)
        if not page.code:
            self._draw_words(frame, body, style, colours, (_TITLE_ALONE, _HINT_ALONE))
            return
        worded = bool(self._letters.legible(style.title) or self._letters.legible(style.hint))
        wide = _is_wide(frame.size)
        card, rest = _divided(body, wide, worded, _CODE_WIDE if wide else _CODE_TALL, _margin(frame.size))
        self._draw_code(frame, card, page.code)
        if not worded:
            return
        sizes = (_TITLE, _HINT) if wide else (_TITLE_TALL, _HINT_TALL)
        self._draw_words(frame, rest, style, colours, sizes, centred=not wide, rule=True)

    def _draw_result(self, frame: Image.Image, body: Box, page: ScreenPage) -> None:
        """A card in the colour of the result, beside or below the code where there still is one."""
        card = body
        if page.code:
            wide = _is_wide(frame.size)
            square, card = _divided(body, wide, True, _CODE_WIDE if wide else _CODE_REFUSED, _margin(frame.size))
            try:
                self._draw_code(frame, square, page.code)
            except CodeNotDrawn:  # nobody is asked to scan it any more
                card = body
        colour = rgb(page.style.colour)
        ink = shapes.ink_on(colour, self._text)
        shapes.draw_card(frame, card, _radius(frame.size), colour)
        padding = round(min(card[2] - card[0], card[3] - card[1]) * 0.07)
        inner = (card[0] + padding, card[1] + padding, card[2] - padding, card[3] - padding)
        width, height = max(1, inner[2] - inner[0]), max(1, inner[3] - inner[1])
        alone = card == body
        sizes = (_TITLE_ALONE, _HINT_ALONE) if alone else (_TITLE_CARD, _HINT_CARD)
        beside = alone and width >= height * 1.2
        gap = padding
        mark = round(min(height * _MARK_BESIDE, width * 0.34) if beside else min(height * _MARK_ABOVE, width * 0.6))
        room = (width - mark - 2 * gap, height) if beside else (width, height - mark - gap)
        block = self._block(page.style, (ink, ink), frame.size, room, sizes)
        words = sum(text.height for text, _colour in block)
        if not words:
            mark = round(min(width, height) * _MARK_ONLY)
            at = (inner[0] + (width - mark) // 2, inner[1] + (height - mark) // 2)
            shapes.draw_mark(frame, at, mark, page.style.sign, ink, colour)
            return
        if beside:
            longest = max(self._letters.text_width(text) for text, _colour in block)
            left = inner[0] + max(0, (width - mark - 2 * gap - longest) // 2)
            at = (left, inner[1] + (height - mark) // 2)
            box = (left + mark + 2 * gap, inner[1], inner[2], inner[3])
        else:
            top = inner[1] + max(0, (height - mark - gap - self._height(block)) // 2)
            at = (inner[0] + (width - mark) // 2, top)
            box = (inner[0], top + mark + gap, inner[2], top + mark + gap + self._height(block))
        shapes.draw_mark(frame, at, mark, page.style.sign, ink, colour)
        self._draw_block(frame, box, block, centred=not beside)

    def _draw_code(self, frame: Image.Image, card: Box, code: str) -> None:
        """The code on its white card, in the middle of it.

        Raises:
            CodeNotDrawn: nothing was drawn.
        """
        side = card[2] - card[0]
        picture = _picture_of(code, side, frame.size)
        white = rgb("white")
        shapes.draw_card(frame, card, _radius(frame.size), mixed(self._background, self._text, 0.12))
        line = max(1, round(min(frame.size) / 500))
        inner = (card[0] + line, card[1] + line, card[2] - line, card[3] - line)
        shapes.draw_card(frame, inner, _radius(frame.size) - line, white)
        frame.paste(picture, (card[0] + (side - picture.width) // 2, card[1] + (side - picture.height) // 2))

    # ---- words -------------------------------------------------------------------------------------------------------

    def _block(
        self, style: PageStyle, colours: tuple[Rgb, Rgb], size: tuple[int, int], room: tuple[int, int],
        largest: tuple[float, float],
    ) -> _Block:  # fmt: skip
        """Title and hint as they fit into `room`; texts that the fonts cannot say are left out."""
        short, (width, height) = min(size), room
        title = self._letters.fitted(style.title, round(short * largest[0]), width, round(height * 0.5), bold=True)
        left = height - round(title.height + title.size * _GAP)
        hint = self._letters.fitted(style.hint, round(short * largest[1]), width, left)
        return [(text, colour) for text, colour in zip((title, hint), colours, strict=True) if text.lines]

    def _height(self, block: _Block) -> int:
        return sum(text.height for text, _colour in block) + _gap(block) * (len(block) - 1)

    def _draw_words(
        self, frame: Image.Image, box: Box, style: PageStyle, colours: tuple[Rgb, Rgb], largest: tuple[float, float],
        *, centred: bool = True, rule: bool = False,
    ) -> None:  # fmt: skip
        room = (box[2] - box[0], box[3] - box[1])
        block = self._block(style, colours, frame.size, room, largest)
        self._draw_block(frame, box, block, centred=centred, rule=rule)

    def _draw_block(self, frame: Image.Image, box: Box, block: _Block, *, centred: bool, rule: bool = False) -> None:
        """Texts one below the other in the middle of `box`, with a short rule between them if `rule`."""
        top = box[1] + max(0, (box[3] - box[1] - self._height(block)) // 2)
        for index, (text, colour) in enumerate(block):
            for line in text.lines:
                slack = box[2] - box[0] - self._letters.width(line, text.size, bold=text.bold)
                slack += text.size // 2 * (line[-1] in _HALF_EMPTY)
                left = box[0] + (max(0, slack) // 2 if centred else 0)
                at = (left, top + self._middle(round(text.size * LINE), text.size))
                self._letters.draw_line(frame, at, line, text.size, colour, bold=text.bold)
                top += round(text.size * LINE)
            if index + 1 < len(block):
                gap = _gap(block)
                if rule:
                    width, thick = round(text.size * 1.1), max(2, text.size // 12)
                    left = box[0] + ((box[2] - box[0] - width) // 2 if centred else 0)
                    middle = top + (gap - thick) // 2
                    shapes.draw_card(frame, (left, middle, left + width, middle + thick), thick // 2, colour)
                top += gap


def _picture_of(code: str, side: int, size: tuple[int, int]) -> Image.Image:
    """The QR code of a text, or a code that came as a picture, to be put in the middle of a white square of `side`."""
    if is_picture(code):
        try:
            return code_picture(code, max(1, round(side * _PICTURE)))
        except UnusablePicture as error:
            raise CodeNotDrawn(rows.PICTURE_UNREADABLE, size=len(code), cause=error.cause) from None
    try:
        qr = qr_fitting(code, side)
        modules = qr_modules(code)
    except ValueError:
        raise CodeNotDrawn(rows.CODE_TOO_LONG, size=len(code.encode("utf-8", "replace"))) from None
    if qr is None:
        raise CodeNotDrawn(rows.CODE_TOO_FINE, modules=modules, width=size[0], height=size[1])
    border = BORDER * qr.width // (modules + 2 * BORDER)  # the card has the white around it, and round corners
    return qr.crop((border, border, qr.width - border, qr.height - border)).convert("RGB")


def _divided(body: Box, wide: bool, worded: bool, share: float, margin: int) -> tuple[Box, Box]:
    """The square of a code, and what is left beside it (`wide`) or below it; in the middle if there are no words."""
    left, top, right, bottom = body
    width, height = right - left, bottom - top
    if wide:
        side = max(1, min(height, round((width + 2 * margin) * share) if worded else width))
        x = left if worded else left + (width - side) // 2
        y = top + (height - side) // 2
        return (x, y, x + side, y + side), (x + side + round(margin * 1.4), top, right, bottom)
    side = max(1, min(width, round(height * (share + 0.05)) if worded else height))
    x = left + (width - side) // 2
    y = top if worded else top + (height - side) // 2
    return (x, y, x + side, y + side), (left, y + side + margin, right, bottom)


def _scaled(picture: Image.Image, width: int, height: int) -> Image.Image:
    """`picture` as large as fits."""
    share = min(width / picture.width, height / picture.height)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _is_wide(size: tuple[int, int]) -> bool:
    return size[0] >= size[1]


def _gap(block: _Block) -> int:
    """Between two texts."""
    return round(block[0][0].size * _GAP) if block else 0


def _margin(size: tuple[int, int]) -> int:
    return round(min(size) * _MARGIN)


def _radius(size: tuple[int, int]) -> int:
    return round(min(size) * _RADIUS)


def _bar(size: tuple[int, int]) -> int:
    return round(min(size) * _BAR)


def _stripe(size: tuple[int, int]) -> int:
    return max(1, round(min(size) * _STRIPE))
