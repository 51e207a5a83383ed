"""A frame of the extension screen: bar with hospital and countdown, QR code, what to do; and what has changed in it.

Made for a person who stands half a metre away: the QR code takes two thirds of the height, the countdown is at the top
right (VC 2.2). A text that is too long for its place is wrapped, then made smaller, never cut. L1, pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageColor, ImageDraw

from shim.drawing.fonts import FontChain
from shim.drawing.qr import qr_fitting

# Parts of the shorter or longer side, as the numbers say.
_BAR = 0.15  # the bar's height, of the height
_CODE = 0.92  # the code with its quiet zone, of the body's height
_CODE_WIDE = 0.5  # and at most of the width, where text stands beside it
_CODE_TALL = 0.55  # and of the height, where text stands below it
_TITLE = 0.10  # the largest size of the title, of the height
_HINT = 0.055
_SMALLEST = 12  # pixels


@dataclass(frozen=True, slots=True)
class Look:
    """What one state looks like: its words, its colour, and "yes" or "no" for a sign in the place of a code."""

    title: str
    hint: str
    colour: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything in one frame. `countdown` is its text, "" for none; `code` that of the QR code, "" for none."""

    look: Look
    code: str = field(default="", repr=False)
    countdown: str = ""


@dataclass(frozen=True, slots=True)
class Paint:
    """A rectangle that has changed: BGRX rows, four bytes a pixel, top row first."""

    x: int
    y: int
    width: int
    height: int
    bgrx: bytes = field(repr=False)


def is_colour(text: str) -> bool:
    """Whether `text` names a colour: #RRGGBB, or an English name that HTML knows."""
    try:
        ImageColor.getrgb(text)
    except ValueError:
        return False
    return True


class Painter:
    """Draws pages of one size and hands over what has changed. `colours`: background, text, bar, bar_text."""

    def __init__(self, fonts: FontChain, heading: str, colours: Mapping[str, str]) -> None:
        self._fonts = fonts
        self._heading = heading
        self._colours = colours
        self._last: Image.Image | None = None
        self._base: tuple[tuple[tuple[int, int], Look, str], Image.Image] | None = None

    def missing(self, text: str) -> str:
        """The characters of `text`, and of the heading, that no font draws."""
        return self._fonts.missing(self._heading + text)

    def forget(self) -> None:
        """What was handed over is gone: the next time it is the whole frame."""
        self._last = None

    def changes(self, size: tuple[int, int], page: Page) -> Paint | None:
        """The smallest rectangle that turns the frame before into this one; None where they are the same."""
        frame = self.frame(size, page)
        box: tuple[int, int, int, int] | None = (0, 0, *size)
        if self._last is not None and self._last.size == size:
            box = ImageChops.difference(self._last, frame).getbbox()
        self._last = frame
        if box is None:
            return None
        part = frame.crop(box)
        return Paint(box[0], box[1], part.width, part.height, part.tobytes("raw", "BGRX"))

    def frame(self, size: tuple[int, int], page: Page) -> Image.Image:
        """The whole picture, mode RGB."""
        key = (size, page.look, page.code)
        if self._base is None or self._base[0] != key:
            self._base = (key, self._draw(size, page))
        frame = self._base[1].copy()
        if page.countdown:
            width, height = size
            bar = round(height * _BAR)
            letters = self._fitting(page.countdown, round(bar * 0.62), width // 3)
            left = width - _margin(size) - self._fonts.width(page.countdown, letters)
            top = (bar - self._fonts.height(letters)) // 2
            self._fonts.draw(frame, (left, top), page.countdown, letters, self._colours["bar_text"])
        return frame

    def _draw(self, size: tuple[int, int], page: Page) -> Image.Image:
        """Everything but the countdown."""
        width, height = size
        frame = Image.new("RGB", size, self._colours["background"])
        bar = round(height * _BAR)
        frame.paste(ImageColor.getrgb(self._colours["bar"]), (0, 0, width, bar))
        letters = self._fitting(self._heading, round(bar * 0.45), width * 3 // 5)
        top = (bar - self._fonts.height(letters)) // 2
        self._fonts.draw(frame, (_margin(size), top), self._heading, letters, self._colours["bar_text"])
        body = height - bar
        margin = _margin(size)
        if not (page.code or page.look.sign):
            self._words(frame, (margin, bar, width - margin, height), page.look)
            return frame
        if width >= height:
            side = min(round(body * _CODE), round(width * _CODE_WIDE))
            left, top = margin, bar + (body - side) // 2
            words = (left + side + margin, bar, width - margin, height)
        else:
            side = min(width - 2 * margin, round(height * _CODE_TALL))
            left, top = (width - side) // 2, bar + margin
            words = (margin, top + side, width - margin, height)
        self._emblem(frame, (left, top), side, page)
        self._words(frame, words, page.look)
        return frame

    def _emblem(self, frame: Image.Image, at: tuple[int, int], side: int, page: Page) -> None:
        """The QR code, or the sign that stands in its place, in the middle of a square."""
        try:
            code = qr_fitting(page.code, side) if page.code else None
        except ValueError:  # longer than any QR code: the words must do
            code = None
        if code is not None:
            away = (side - code.width) // 2
            frame.paste(code.convert("RGB"), (at[0] + away, at[1] + away))
        elif page.look.sign and side >= _SMALLEST:
            frame.paste(_sign(round(side * 0.7), page.look, self._colours["background"]), _middle(at, side, 0.7))

    def _words(self, frame: Image.Image, box: tuple[int, int, int, int], look: Look) -> None:
        """Title and hint, one above the other, in the middle of the height of `box`."""
        left, top, right, bottom = box
        room = max(1, right - left)
        whole = bottom - top
        title = self._lines(look.title, round(frame.height * _TITLE), room, whole // 2)
        hint = self._lines(look.hint, round(frame.height * _HINT), room, whole // 2)
        gap = title[0] // 2
        block = sum(len(lines) * round(letters * 1.4) for letters, lines in (title, hint)) + gap
        top += max(0, (whole - block) // 2)
        for (letters, lines), colour in ((title, look.colour), (hint, self._colours["text"])):
            for line in lines:
                self._fonts.draw(frame, (left, top), line, letters, colour)
                top += round(letters * 1.4)
            top += gap

    def _lines(self, text: str, letters: int, room: int, height: int) -> tuple[int, list[str]]:
        """The largest letters, up to `letters`, in which `text` fits `room` x `height`, and its lines."""
        letters = max(letters, _SMALLEST)
        while True:
            lines = self._wrapped(text, letters, room)
            if letters <= _SMALLEST or len(lines) * letters * 1.4 <= height:
                return letters, lines
            letters = max(_SMALLEST, letters * 9 // 10)

    def _wrapped(self, text: str, letters: int, room: int) -> list[str]:
        """Broken between any two characters, as Chinese is; \\n or | begins a new line."""
        lines: list[str] = []
        for paragraph in text.replace("|", "\n").split("\n"):
            line = ""
            for character in paragraph:
                if line and self._fonts.width(line + character, letters) > room:
                    lines.append(line)
                    line = ""
                line += character
            lines.append(line)
        return [line for line in lines if line]

    def _fitting(self, text: str, letters: int, room: int) -> int:
        """The largest size, up to `letters`, in which `text` is one line of at most `room`."""
        letters = max(letters, _SMALLEST)
        while letters > _SMALLEST and self._fonts.width(text, letters) > room:
            letters = max(_SMALLEST, letters * 9 // 10)
        return letters


def _margin(size: tuple[int, int]) -> int:
    return round(min(size) * 0.05)


def _middle(at: tuple[int, int], side: int, part: float) -> tuple[int, int]:
    away = round(side * (1 - part) / 2)
    return at[0] + away, at[1] + away


def _sign(side: int, look: Look, background: str) -> Image.Image:
    """A disc with a tick or an exclamation mark, four times as large as it will be: edges become smooth."""
    large = side * 4
    sign = Image.new("RGB", (large, large), background)
    pen = ImageDraw.Draw(sign)
    pen.ellipse((0, 0, large - 1, large - 1), fill=look.colour)
    stroke = large // 11

    def points(*parts: tuple[float, float]) -> list[tuple[int, int]]:
        return [(round(x * large), round(y * large)) for x, y in parts]

    if look.sign == "yes":
        way = points((0.27, 0.52), (0.44, 0.68), (0.74, 0.35))
    else:
        way = points((0.5, 0.25), (0.5, 0.58))
    pen.line(way, fill="white", width=stroke, joint="curve")
    ends = [way[0], way[-1]] if look.sign == "yes" else [way[0], way[-1], *points((0.5, 0.73))]
    for x, y in ends:
        half = math.ceil(stroke / 2)
        pen.ellipse((x - half, y - half, x + half, y + half), fill="white")
    return sign.resize((side, side), Image.Resampling.LANCZOS)
