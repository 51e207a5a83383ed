"""The frames of the extension screen: draws a page at the size of a monitor, and finds what changed since the last one.

Laid out for a person half a metre away: a bar with the hospital's name and, at the top right, the countdown (VC 2.2);
below it the QR code, two thirds of the height, and the words. A text that is too long is wrapped, then made smaller,
never cut off. Pure; what a page says is decided by pages.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageColor, ImageDraw

from shim.devices.screen.pages import PageStyle, ScreenPage, Sign
from shim.drawing.fonts import FontChain
from shim.drawing.qr import qr_fitting

# Fractions of the frame's height, unless a comment says otherwise.
_BAR = 0.15
_CODE = 0.92  # the QR code with its quiet zone, of the height below the bar
_CODE_WIDE = 0.5  # its largest part of the width, where the words stand beside it
_CODE_TALL = 0.55  # its largest part of the height, where the words stand below it
_TITLE = 0.10  # the largest font size of the title
_HINT = 0.055
_LINE = 1.4  # of the font size
_SHRINK = (9, 10)  # each step towards a font size that fits
_SMALLEST = 12  # pixels


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
    """Draws the pages of one screen, one after the other. Used by one thread; owns `fonts`."""

    def __init__(self, fonts: FontChain, heading: str, colours: FrameColours) -> None:
        self._fonts = fonts
        self._heading = heading
        self._colours = colours
        self._last: Image.Image | None = None
        self._base: tuple[tuple[tuple[int, int], PageStyle, str], Image.Image] | None = None

    def forget(self) -> None:
        """Treat the next frame as changed everywhere, because the last one was lost."""
        self._last = None

    def changes(self, size: tuple[int, int], page: ScreenPage) -> DirtyRectangle | None:
        """The smallest rectangle that turns the last frame into that of `page`; None if they are the same."""
        frame = self.frame(size, page)
        box: tuple[int, int, int, int] | None = (0, 0, *size)
        if self._last is not None and self._last.size == size:
            box = ImageChops.difference(self._last, frame).getbbox()
        self._last = frame
        if box is None:
            return None
        part = frame.crop(box)
        return DirtyRectangle(box[0], box[1], part.width, part.height, part.tobytes("raw", "BGRX"))

    def frame(self, size: tuple[int, int], page: ScreenPage) -> Image.Image:
        """The whole frame, mode RGB."""
        key = (size, page.style, page.code)
        if self._base is None or self._base[0] != key:
            self._base = (key, self._draw(size, page))
        frame = self._base[1].copy()
        if page.countdown:
            self._draw_countdown(frame, page.countdown)
        return frame

    def _draw_countdown(self, frame: Image.Image, text: str) -> None:
        bar = round(frame.height * _BAR)
        font_size = self._fitting(text, round(bar * 0.62), frame.width // 3)
        left = frame.width - _margin(frame.size) - self._fonts.width(text, font_size)
        top = (bar - self._fonts.height(font_size)) // 2
        self._fonts.draw(frame, (left, top), text, font_size, self._colours.bar_text)

    def _draw(self, size: tuple[int, int], page: ScreenPage) -> Image.Image:
        """Everything but the countdown."""
        width, height = size
        frame = Image.new("RGB", size, self._colours.background)
        bar = round(height * _BAR)
        self._draw_bar(frame, bar)
        body = height - bar
        margin = _margin(size)
        if not page.code and page.style.sign is Sign.NONE:
            self._draw_words(frame, (margin, bar, width - margin, height), page.style)
            return frame
        if width >= height:
            side = min(round(body * _CODE), round(width * _CODE_WIDE))
            left, top = margin, bar + (body - side) // 2
            words = (left + side + margin, bar, width - margin, height)
        else:
            side = min(width - 2 * margin, round(height * _CODE_TALL))
            left, top = (width - side) // 2, bar + margin
            words = (margin, top + side, width - margin, height)
        self._draw_code(frame, (left, top), side, page)
        self._draw_words(frame, words, page.style)
        return frame

    def _draw_bar(self, frame: Image.Image, bar: int) -> None:
        frame.paste(ImageColor.getrgb(self._colours.bar), (0, 0, frame.width, bar))
        font_size = self._fitting(self._heading, round(bar * 0.45), frame.width * 3 // 5)
        top = (bar - self._fonts.height(font_size)) // 2
        self._fonts.draw(frame, (_margin(frame.size), top), self._heading, font_size, self._colours.bar_text)

    def _draw_code(self, frame: Image.Image, at: tuple[int, int], side: int, page: ScreenPage) -> None:
        """The QR code, or the sign in its place, in the middle of a square."""
        try:
            code = qr_fitting(page.code, side) if page.code else None
        except ValueError:  # longer than any QR code: the words alone are shown
            code = None
        if code is not None:
            offset = (side - code.width) // 2
            frame.paste(code.convert("RGB"), (at[0] + offset, at[1] + offset))
        elif page.style.sign is not Sign.NONE and side >= _SMALLEST:
            sign = _draw_sign(round(side * 0.7), page.style, self._colours.background)
            offset = round(side * (1 - 0.7) / 2)
            frame.paste(sign, (at[0] + offset, at[1] + offset))

    def _draw_words(self, frame: Image.Image, box: tuple[int, int, int, int], style: PageStyle) -> None:
        """Title and hint, one above the other, centred vertically in `box`."""
        left, top, right, bottom = box
        width = max(1, right - left)
        height = bottom - top
        title = self._lines(style.title, round(frame.height * _TITLE), width, height // 2)
        hint = self._lines(style.hint, round(frame.height * _HINT), width, height // 2)
        gap = title[0] // 2
        block = sum(len(lines) * round(font_size * _LINE) for font_size, lines in (title, hint)) + gap
        top += max(0, (height - block) // 2)
        for (font_size, lines), colour in ((title, style.colour), (hint, self._colours.text)):
            for line in lines:
                self._fonts.draw(frame, (left, top), line, font_size, colour)
                top += round(font_size * _LINE)
            top += gap

    def _lines(self, text: str, font_size: int, width: int, height: int) -> tuple[int, list[str]]:
        """The largest font size, up to `font_size`, at which `text` fits `width` x `height`, and its lines."""
        font_size = max(font_size, _SMALLEST)
        while True:
            lines = self._wrapped(text, font_size, width)
            if font_size <= _SMALLEST or len(lines) * font_size * _LINE <= height:
                return font_size, lines
            font_size = _smaller(font_size)

    def _wrapped(self, text: str, font_size: int, width: int) -> list[str]:
        """`text` broken between any two characters, as Chinese is; a newline or | begins a new line."""
        lines: list[str] = []
        for paragraph in text.replace("|", "\n").split("\n"):
            line = ""
            for character in paragraph:
                if line and self._fonts.width(line + character, font_size) > width:
                    lines.append(line)
                    line = ""
                line += character
            lines.append(line)
        return [line for line in lines if line]

    def _fitting(self, text: str, font_size: int, width: int) -> int:
        """The largest font size, up to `font_size`, at which `text` fits on one line of `width`."""
        font_size = max(font_size, _SMALLEST)
        while font_size > _SMALLEST and self._fonts.width(text, font_size) > width:
            font_size = _smaller(font_size)
        return font_size


def _smaller(font_size: int) -> int:
    return max(_SMALLEST, font_size * _SHRINK[0] // _SHRINK[1])


def _margin(size: tuple[int, int]) -> int:
    return round(min(size) * 0.05)


def _draw_sign(side: int, style: PageStyle, background: str) -> Image.Image:
    """A disc with a tick or an exclamation mark; drawn at four times its size, so that its edges become smooth."""
    large = side * 4
    sign = Image.new("RGB", (large, large), background)
    pen = ImageDraw.Draw(sign)
    pen.ellipse((0, 0, large - 1, large - 1), fill=style.colour)
    stroke = large // 11

    def points(*parts: tuple[float, float]) -> list[tuple[int, int]]:
        return [(round(x * large), round(y * large)) for x, y in parts]

    if style.sign is Sign.TICK:
        path = points((0.27, 0.52), (0.44, 0.68), (0.74, 0.35))
        rounded = [path[0], path[-1]]
    else:
        path = points((0.5, 0.25), (0.5, 0.58))
        rounded = [*path, *points((0.5, 0.73))]
    pen.line(path, fill="white", width=stroke, joint="curve")
    for x, y in rounded:
        half = math.ceil(stroke / 2)
        pen.ellipse((x - half, y - half, x + half, y + half), fill="white")
    return sign.resize((side, side), Image.Resampling.LANCZOS)
