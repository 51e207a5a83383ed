"""A chain of fonts: each character is drawn by the first font that has it, and one that none has is reported.

Pillow itself draws a box for a character that a font lacks, without an error: a patient called 㛃 would get a box on
the label. Layout.BASIC everywhere, for the same dots on Windows and Linux: Pillow's Linux wheel has raqm, its win32
wheel has not, and the default layout gave different dots.
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

from shim.bilingual import NOTHING, Bilingual, filled, word_list

Colour = int | str | tuple[int, int, int]

# A code point that no font has: it is drawn as the font's sign for a missing character.
_MISSING = "\U0010ffff"
_PROBE_SIZE = 24
_CHINESE = "中的"  # characters that every Chinese font has
MOST_NAMED = 8  # missing characters in one message


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file and, in a collection (.ttc), the face: 0 for the first."""

    path: Path
    face: int = 0


@dataclass(frozen=True, slots=True)
class FontProblem:
    """Why a text cannot be drawn.

    Attributes:
        what: of the text it holds code points at most, and of a name none where no font is Chinese.
        advice: what to do.
        characters: the code points that are missing; "" where there is no font, or no Chinese one.
    """

    what: Bilingual
    advice: Bilingual
    characters: str = ""


def _windows(*names: str) -> tuple[FontFile, ...]:
    folder = Path(os.environ.get("SystemRoot", r"C:\Windows")) / "Fonts"
    return tuple(FontFile(folder / name) for name in names)


def _noto(name: str) -> FontFile:
    return FontFile(Path("/usr/share/fonts/opentype/noto") / name, 2)  # the third face has the forms of mainland China


# In the order in which they are tried. simsunb and SimsunExtG have the rare characters of names (CJK extension B and
# later). The last ones have digits but no Chinese; they have the joined forms of Arabic letters, Uyghur ones included.
_SYSTEM_FONTS = {
    "win32": _windows(
        "msyh.ttc",
        "msyh.ttf",
        "simhei.ttf",
        "simsun.ttc",
        "simsunb.ttf",
        "SimsunExtG.ttf",
        "segoeui.ttf",
        "tahoma.ttf",
        "arial.ttf",
        "msuighur.ttf",
    ),
    "linux": (
        _noto("NotoSansCJK-Regular.ttc"),
        FontFile(Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")),
        FontFile(Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")),
        FontFile(Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")),
    ),
}
# The bold font that lies beside a regular one: what replaces the end of its file's name. The faces of a collection are
# in the same order.
_BOLD = (
    ("msyh.ttc", "msyhbd.ttc"),
    ("msyh.ttf", "msyhbd.ttf"),
    ("segoeui.ttf", "segoeuib.ttf"),
    ("tahoma.ttf", "tahomabd.ttf"),
    ("arial.ttf", "arialbd.ttf"),
    ("msuighur.ttf", "msuighub.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("-Regular.ttc", "-Bold.ttc"),
    ("-Regular.ttf", "-Bold.ttf"),
    ("-Regular.otf", "-Bold.otf"),
)

_OR_NAME = Bilingual(
    "，或在 vcshim.ini 的 [{section}] fonts 写明中文字体文件",
    ", or name a Chinese font file in [{section}] fonts of vcshim.ini",
)
_INSTALL = (
    Bilingual(
        "请恢复 Windows 自带的微软雅黑或宋体" + _OR_NAME,
        "restore Microsoft YaHei or SimSun, which come with Windows" + _OR_NAME.english,
    )
    if sys.platform == "win32"
    else Bilingual(
        "请安装中文字体（例如软件包 fonts-noto-cjk）" + _OR_NAME,
        "install a Chinese font, such as the package fonts-noto-cjk" + _OR_NAME.english,
    )
)
_ADD_A_FONT = Bilingual(
    "请在 vcshim.ini 的 [{section}] fonts 加上含有该字的字体文件（扩展区汉字例如 simsunb.ttf、SimsunExtG.ttf）",
    "add a font file with these characters to [{section}] fonts of vcshim.ini, such as simsunb.ttf or SimsunExtG.ttf "
    "for those of the extensions",
)
_NO_CHINESE_FONT = Bilingual("本机的字体中没有中文字体", "none of the fonts of this PC is Chinese")
_NO_FONT = Bilingual("本机没有可用的字体", "this PC has no font that can be used")


def font_files(configured: Sequence[str] = ()) -> tuple[FontFile, ...]:
    """The font files to try: those of `configured`, whether they exist or not, then those of the system that exist.

    Args:
        configured: paths, or path#N for face N of a collection, counted from 0.

    Returns:
        Possibly nothing: such a chain draws nothing, and every character is missing in it.
    """
    first = [_named(text.strip()) for text in configured if text.strip()]
    return (*first, *(file for file in _SYSTEM_FONTS.get(sys.platform, ()) if file.path.is_file()))


def bold_files(files: Sequence[FontFile]) -> tuple[FontFile, ...]:
    """`files` with each font's bold one in its place, where that lies beside it; then the regular ones of those.

    A character that no bold font has is so drawn in its regular weight.
    """
    bold = [_bold(file) for file in files]
    return (*bold, *(file for file in files if file not in bold))


def is_bold(file: FontFile) -> bool:
    """Whether the file's name is that of a bold font."""
    return any(file.path.name.lower().endswith(bold.lower()) for _regular, bold in _BOLD)


def _bold(file: FontFile) -> FontFile:
    name = file.path.name
    for regular, bold in _BOLD:
        if name.lower().endswith(regular.lower()):
            path = file.path.with_name(name[: len(name) - len(regular)] + bold)
            return FontFile(path, file.face) if path.is_file() else file
    return file


def _named(text: str) -> FontFile:
    path, mark, face = text.rpartition("#")
    is_face = mark and face.isascii() and face.isdigit() and len(face) < 5
    return FontFile(Path(path), int(face)) if is_face else FontFile(Path(text))


class FontChain:
    """Fonts in the order in which they are tried. Used by one thread at a time.

    Attributes:
        files: the files that can be opened as fonts; others are left out.
        unusable: the files that cannot: missing, unreadable, or no fonts.
    """

    def __init__(self, files: Sequence[FontFile]) -> None:
        fonts = [_Font(file) for file in files]
        self._fonts = [font for font in fonts if font.usable]
        self.files = tuple(font.file for font in self._fonts)
        self.unusable = tuple(font.file for font in fonts if not font.usable)
        self._font_by_character: dict[str, _Font | None] = {}

    @property
    def has_chinese(self) -> bool:
        """Whether Chinese can be drawn at all; single characters may be missing."""
        return not self.missing(_CHINESE)

    def problem(self, text: str, section: str) -> FontProblem | None:
        """Why `text` cannot be drawn; None if it can.

        A PC without any font, or without a Chinese one, gets a sentence that says so: a list of characters would name
        every digit of a card number, or spell the name of a patient.

        Args:
            section: where vcshim.ini has the setting `fonts` of these fonts.
        """
        missing = self.missing(text)
        if not missing:
            return None
        if self.has_chinese or (self.files and missing.isascii()):
            characters = word_list(f"U+{ord(character):04X}" for character in missing[:MOST_NAMED])
            if len(missing) > MOST_NAMED:
                facts = {"named": characters, "count": len(missing)}
                characters = filled("{named} 等 {count} 个", "{named} and others, {count} in all", facts)
            what = filled("字体中没有字符 {named}", "no font has the characters {named}", {"named": characters})
            return FontProblem(what, self._advice(_ADD_A_FONT, section), characters)
        return FontProblem(_NO_CHINESE_FONT if self.files else _NO_FONT, self._advice(_INSTALL, section))

    def _advice(self, advice: Bilingual, section: str) -> Bilingual:
        """What to do, with the files that are no fonts."""
        facts = {"section": section, "unusable": self._unusable(section)}
        return filled(advice + "{unusable}", advice.english + "{unusable}", facts)

    def _unusable(self, section: str) -> Bilingual:
        """The end of a sentence that names the files which are no fonts; "" if there are none."""
        names = word_list(file.path.name for file in self.unusable[:MOST_NAMED])
        if not names:
            return NOTHING
        texts = (
            "；[{section}] fonts 所写的 {names} 不存在或不是字体文件",
            "; {names} in [{section}] fonts is missing or no font file",
        )
        return filled(*texts, {"section": section, "names": names})

    def missing(self, text: str) -> str:
        """The characters that no font has, each once, in their order. White space is never missing."""
        return "".join(dict.fromkeys(c for c in text if not c.isspace() and self._font_of(c) is None))

    def keep_together(self, text: str) -> None:
        """Have all of `text` drawn by one font, the first that has it all: letters that are joined must fit.

        If there is none, its characters are missing.
        """
        font = next((font for font in self._fonts if all(map(font.has, text))), None)
        self._font_by_character.update(dict.fromkeys(text, font))

    def width(self, text: str, size: int) -> int:
        """Pixels from the left of `text` to its right, at an em of `size` pixels."""
        return sum(round(font.getlength(run)) for font, run in self._runs(text, size))

    def height(self, size: int) -> int:
        """Pixels from the top of a line to the bottom of its lowest letter."""
        ascent, descent = self._fonts[0].at(size).getmetrics() if self._fonts else (size, 0)
        return ascent + descent

    def draw(self, image: Image.Image, at: tuple[int, int], text: str, size: int, fill: Colour) -> None:
        """Draw one line with its top left at `at`; characters that no font has are left out (see `missing`)."""
        if self._fonts:
            left, top = at
            self.draw_on_base(image, (left, top + self._fonts[0].at(size).getmetrics()[0]), text, size, fill)

    def draw_on_base(self, image: Image.Image, at: tuple[int, int], text: str, size: int, fill: Colour) -> None:
        """The same with the left end of its base line at `at`, which lines of several sizes can share."""
        left, base = at
        pen = ImageDraw.Draw(image)
        for font, run in self._runs(text, size):
            pen.text((left, base), run, fill, font, anchor="ls")
            left += round(font.getlength(run))

    def _font_of(self, character: str) -> _Font | None:
        if character not in self._font_by_character:
            self._font_by_character[character] = next((font for font in self._fonts if font.has(character)), None)
        return self._font_by_character[character]

    def _runs(self, text: str, size: int) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """`text` in runs of one font each."""
        run, last = "", None
        for character in text:
            font = self._font_of(" " if character.isspace() else character)
            if font is None:
                continue
            if last is not None and font is not last:
                yield last.at(size), run
                run = ""
            last = font
            run += character
        if last is not None and run:
            yield last.at(size), run


class _Font:
    def __init__(self, file: FontFile) -> None:
        self.file = file
        self.at = lru_cache(64)(self._open)
        try:
            self._missing = self._picture(_MISSING)
            self.usable = True
        except (OSError, ValueError):
            self.usable = False

    def has(self, character: str) -> bool:
        """NB: Pillow does not tell which characters a font has; it draws the same sign for each that is missing."""
        return character == " " or self._picture(character) not in (self._missing, (0, b""))

    def _open(self, size: int) -> ImageFont.FreeTypeFont:
        layout = ImageFont.Layout.BASIC
        return ImageFont.truetype(str(self.file.path), size, index=self.file.face, layout_engine=layout)

    def _picture(self, character: str) -> tuple[int, bytes]:
        mask: Any = self.at(_PROBE_SIZE).getmask(character, "L")
        return mask.size[0], bytes(mask)
