"""The words of the extension screen: what the fonts can say, at which size it fits, in which lines, and bold.

A text with a Chinese character that no font has is left out: half a sentence, or the boxes that a font draws for what
it lacks, would tell a patient nothing. Imports Pillow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image

from shim.devices.screen.shapes import Rgb
from shim.drawing.fonts import FontChain, is_bold
from shim.drawing.line_breaking import break_lines

LINE = 1.4  # from one line to the next, of the font size
_SHRINK = (24, 25)  # each step towards a font size that fits
_SMALLEST = 10  # pixels
_MOST_LINES = 20
_WHOLE = 0.68  # a text is made smaller down to this part of its size before a line is broken that has no |
_THICKEN = 26  # a letter is drawn one pixel bolder for so many pixels of its size


@dataclass(frozen=True, slots=True)
class FittedText:
    """Lines of one font size."""

    size: int
    lines: Sequence[str]
    bold: bool = False

    @property
    def height(self) -> int:
        """From the top of the first line to the bottom of the last."""
        return round(self.size * LINE) * len(self.lines)


class Lettering:
    """Draws words. Used by one thread; owns its fonts.

    Args:
        regular: the fonts of hints, heading and countdown.
        bold: those of titles; None, or fonts whose first one is no bold one: the regular letters are thickened.
    """

    def __init__(self, regular: FontChain, bold: FontChain | None = None) -> None:
        self._regular = regular
        self._bold = bold or regular
        self._thickens = not (self._bold.files and is_bold(self._bold.files[0]))

    def legible(self, text: str) -> str:
        """`text` without what the fonts lack; empty if that is a Chinese character, or if nothing would be left."""
        missing = self._regular.missing(text.replace("|", ""))
        if any(unicodedata.category(character) == "Lo" for character in missing):
            return ""
        kept = "".join(character for character in text if character not in missing)
        return kept if kept.replace("|", "").strip() else ""

    def digits(self, text: str) -> str:
        """The first number in `text`, if the fonts have its digits."""
        found = re.search("[0-9]+", text)
        return self.legible(found[0]) if found else ""

    def width(self, text: str, size: int, *, bold: bool = False) -> int:
        """Pixels from left to right."""
        return self._chain(bold).width(text, size) + self._extra(size, bold)

    def fitted(
        self,
        text: str,
        largest: int,
        width: int,
        height: int,
        *,
        bold: bool = False,
        whole: float = _WHOLE,
        most: int = _MOST_LINES,
    ) -> FittedText:
        """`text` as large as fits into `width` x `height`, at most `largest`; what does not fit at all is left out.

        Args:
            whole: down to this part of `largest`, a smaller size is better than a line more than the text's own.
            most: the most lines there may be.
        """
        text = self.legible(text)
        width, largest = max(1, width - 2), max(_SMALLEST, largest)
        own = len(break_lines(text, float("inf"), len))
        size = largest
        while own and size >= max(_SMALLEST, largest * whole):
            lines = self._lines(text, size, width, bold, even=False)
            if len(lines) <= own and self._fit(lines, size, width, height, bold):
                return FittedText(size, lines, bold)
            size = _smaller(size)
        size = largest
        while True:
            lines = self._lines(text, size, width, bold, even=True)
            if (len(lines) <= most and self._fit(lines, size, width, height, bold)) or size <= _SMALLEST:
                room = max(1, height // max(1, round(size * LINE)))
                return FittedText(size, lines[: min(room, most)], bold)
            size = _smaller(size)

    def text_width(self, text: FittedText) -> int:
        """Of its longest line."""
        return max((self.width(line, text.size, bold=text.bold) for line in text.lines), default=0)

    def draw_line(
        self, frame: Image.Image, at: tuple[int, int], text: str, size: int, colour: Rgb, *, bold: bool = False
    ) -> None:
        """One line with its top left at `at`."""
        for offset in range(self._extra(size, bold) + 1):
            self._chain(bold).draw(frame, (at[0] + offset, at[1]), text, size, colour)

    def line_height(self, size: int) -> int:
        """Pixels from the top of a line to the bottom of its lowest letter."""
        return self._regular.height(size)

    def _chain(self, bold: bool) -> FontChain:
        return self._bold if bold else self._regular

    def _extra(self, size: int, bold: bool) -> int:
        return max(1, size // _THICKEN) if bold and self._thickens else 0

    def _lines(self, text: str, size: int, width: int, bold: bool, *, even: bool) -> list[str]:
        chain = self._chain(bold)

        @cache
        def width_of(piece: str) -> float:
            return chain.width(piece, size)

        return break_lines(text, width - self._extra(size, bold), width_of, even=even)

    def _fit(self, lines: Sequence[str], size: int, width: int, height: int, bold: bool) -> bool:
        if len(lines) * round(size * LINE) > height:
            return False
        return all(self.width(line, size, bold=bold) <= width for line in lines)


def _smaller(size: int) -> int:
    return max(_SMALLEST - 1, min(size - 1, size * _SHRINK[0] // _SHRINK[1]))
