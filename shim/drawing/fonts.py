"""A chain of fonts: each character is drawn by the first font that has it, and one that none has is reported.

Pillow itself draws a box for a character that a font lacks, and says nothing: a patient called 㛃 would get a box on
the label. BASIC layout everywhere: the same dots on Windows, whose wheel knows no other, and on Linux.

L1; one thread at a time for each chain.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

Colour = int | str | tuple[int, int, int]

# What no font has: its picture is the font's own sign for "not there".
_NOBODY_HAS = "\U0010ffff"
_PROBE_SIZE = 24


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file and, in a collection (.ttc), the face: 0 for the first."""

    path: Path
    face: int = 0


def _windows(*names: str) -> tuple[FontFile, ...]:
    folder = Path(os.environ.get("SystemRoot", r"C:\Windows")) / "Fonts"
    return tuple(FontFile(folder / name) for name in names)


def _noto(name: str) -> FontFile:
    return FontFile(Path("/usr/share/fonts/opentype/noto") / name, 2)  # the third face has the forms of mainland China


# In the order in which they are asked. simsunb and SimsunExtG hold the rare characters of names (CJK extension B on).
# The last ones have no Chinese, but digits.
_USUAL = {
    "win32": _windows(
        "msyh.ttc", "msyh.ttf", "simhei.ttf", "simsun.ttc", "simsunb.ttf", "SimsunExtG.ttf", "segoeui.ttf", "tahoma.ttf"
    ),
    "linux": (
        _noto("NotoSansCJK-Regular.ttc"),
        FontFile(Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")),
        FontFile(Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")),
        FontFile(Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")),
    ),
}


def font_files(configured: Sequence[str] = (), folder: Path | None = None) -> tuple[FontFile, ...]:
    """`configured` first, each a path (relative to `folder`) or path#N for face N counted from 0; then the usual.

    Only files that exist; none at all is an empty chain, which draws nothing and misses every character.
    """
    wanted = [_named(text.strip(), folder or Path()) for text in configured if text.strip()]
    return tuple(file for file in (*wanted, *_USUAL.get(sys.platform, ())) if file.path.is_file())


def _named(text: str, folder: Path) -> FontFile:
    path, mark, face = text.rpartition("#")
    return FontFile(folder / path, int(face)) if mark and face.isascii() and face.isdigit() else FontFile(folder / text)


class FontChain:
    """Fonts in the order in which they are asked. A file that cannot be opened as a font is left out of `files`."""

    def __init__(self, files: Sequence[FontFile]) -> None:
        self._fonts = [font for font in map(_Font, files) if font.usable]
        self.files = tuple(font.file for font in self._fonts)
        self._of: dict[str, _Font | None] = {}

    def missing(self, text: str) -> str:
        """The characters that no font draws, each once, in their order. White space is never missing."""
        return "".join(dict.fromkeys(c for c in text if not c.isspace() and self._font_of(c) is None))

    def width(self, text: str, size: int) -> int:
        """Pixels from the left of `text` to its right, at `size` pixels of the em."""
        return sum(round(run.getlength(part)) for run, part in self._runs(text, size))

    def height(self, size: int) -> int:
        """Pixels from the top of a line to the bottom of its lowest letter."""
        ascent, descent = self._fonts[0].at(size).getmetrics() if self._fonts else (size, 0)
        return ascent + descent

    def draw(self, image: Image.Image, at: tuple[int, int], text: str, size: int, fill: Colour) -> None:
        """Draw one line, its left top at `at`; what no font has is left out (ask `missing` first)."""
        if not self._fonts:
            return
        left, top = at
        base = top + self._fonts[0].at(size).getmetrics()[0]
        pen = ImageDraw.Draw(image)
        for font, part in self._runs(text, size):
            pen.text((left, base), part, fill, font, anchor="ls")
            left += round(font.getlength(part))

    def _font_of(self, character: str) -> _Font | None:
        if character not in self._of:
            self._of[character] = next((font for font in self._fonts if font.has(character)), None)
        return self._of[character]

    def _runs(self, text: str, size: int) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """`text` in pieces of one font each."""
        piece, last = "", None
        for character in text:
            font = self._font_of(" " if character.isspace() else character)
            if font is None:
                continue
            if last is not None and font is not last:
                yield last.at(size), piece
                piece = ""
            last = font
            piece += character
        if last is not None and piece:
            yield last.at(size), piece


class _Font:
    def __init__(self, file: FontFile) -> None:
        self.file = file
        self.at = lru_cache(8)(self._open)
        try:
            self._nothing = self._picture(_NOBODY_HAS)
            self.usable = True
        except (OSError, ValueError):
            self.usable = False

    def has(self, character: str) -> bool:
        """NB: Pillow does not tell which characters a font has; it draws the same sign for all that it lacks."""
        return character == " " or self._picture(character) not in (self._nothing, (0, b""))

    def _open(self, size: int) -> ImageFont.FreeTypeFont:
        layout = ImageFont.Layout.BASIC
        return ImageFont.truetype(str(self.file.path), size, index=self.file.face, layout_engine=layout)

    def _picture(self, character: str) -> tuple[int, bytes]:
        mask: Any = self.at(_PROBE_SIZE).getmask(character, "L")
        return mask.size[0], bytes(mask)
