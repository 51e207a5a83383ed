"""Check of charsets: in which vcshim.ini was saved, and whether the code page of Windows suits [abi] charset."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator

from shim.commands.catalogue import doctor_system as phrases
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.messages.settings import UTF_16
from shim.settings.file import SIZE_LIMIT
from shim.settings.ini import FILE_NAME

SAVED_AS = FindingRow("charset.saved_as", Level.OK, phrases.SAVED_AS)
UNMARKED = FindingRow("charset.unmarked", Level.ERROR, phrases.UNMARKED, phrases.UNMARKED_MEANS, phrases.SAVE_AS_UTF8)
MIXED = FindingRow("charset.mixed", Level.WARNING, phrases.MIXED, phrases.MIXED_MEANS, phrases.SAVE_AS_UTF8)
OF_NEITHER = FindingRow(
    "charset.of_neither", Level.WARNING, phrases.OF_NEITHER, phrases.OF_NEITHER_MEANS, phrases.SAVE_AS_UTF8
)
RARE = FindingRow("charset.rare", Level.WARNING, phrases.RARE, phrases.OF_NEITHER_MEANS, phrases.SAVE_AS_UTF8)
CODE_PAGE = FindingRow("charset.code_page", Level.OK, phrases.CODE_PAGE)
UTF8_WINDOWS = FindingRow(
    "charset.utf8_windows", Level.WARNING, phrases.UTF8_WINDOWS, phrases.UTF8_WINDOWS_MEANS, phrases.UTF8_WINDOWS_REMEDY
)
FOREIGN_WINDOWS = FindingRow(
    "charset.foreign_windows",
    Level.NOTE,  # hosts that hand over GBK whatever Windows says are none the worse
    phrases.FOREIGN_WINDOWS,
    phrases.FOREIGN_WINDOWS_MEANS,
    phrases.FOREIGN_WINDOWS_REMEDY,
)

_MARKS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
_FEW = 4
"""So many characters prove nothing."""
_CHINESE_PAGES, _UTF8_PAGE = (936, 54936), 65001


def look_at_charsets(place: Place) -> Iterator[CheckFinding]:
    """The charset of the file, and that of Windows."""
    try:
        with (place.folder / FILE_NAME).open("rb") as file:
            data = file.read(SIZE_LIMIT)
    except OSError:
        data = b""
    refusal = place.settings.refusal
    if refusal is not None and refusal.row is UTF_16:
        yield UNMARKED()
    elif data and not place.settings.unreadable:
        yield saved_as(data)
    if sys.platform == "win32":
        from shim.winapi.kernel32 import GetACP

        yield from about_code_page(GetACP(), place.settings.abi.charset)


def saved_as(data: bytes) -> CheckFinding:
    """The charset of a file's bytes, by its mark or by trying; the words of its comments do not count as a proof."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if marked == "UTF-16":
        return SAVED_AS(charset=marked)
    data = data.removeprefix(codecs.BOM_UTF8)
    if _is(data, "utf-8"):
        return SAVED_AS(charset="ASCII" if data.isascii() and not marked else "UTF-8")
    lines = data.splitlines()
    readable = [_is(line, "gb18030") or _is(line, "utf-8") for line in lines]
    bad = next((number for number, good in enumerate(readable, 1) if not good), 0)
    if bad:
        return OF_NEITHER(line=bad)
    if any(_is(line, "utf-8") and _is_wide(line) for line in lines):
        return MIXED()
    return SAVED_AS(charset="GBK") if _is_common(data.decode("gb18030")) else RARE()


def about_code_page(page: int, charset: str) -> Iterator[CheckFinding]:
    """Whether a host that hands over what Windows calls its own text hands over what [abi] charset says."""
    if page == _UTF8_PAGE and charset == "gbk":
        yield UTF8_WINDOWS(page=page)
    elif page not in (*_CHINESE_PAGES, _UTF8_PAGE):
        yield FOREIGN_WINDOWS(page=page)
    else:
        yield CODE_PAGE(page=page, charset=charset)


def _is(data: bytes, charset: str) -> bool:
    try:
        data.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _is_wide(line: bytes) -> bool:
    return any(character >= "\u0800" for character in line.decode("utf-8"))


def _is_common(text: str) -> bool:
    """Whether most Chinese characters are among the 3,755 commonest (level 1 of GB 2312), as in any Chinese text.

    Of Big5 that happens to be valid GB18030 it is half of them at most; of the settings' own template all but three.
    """
    wide = [character.encode("gb18030") for character in text if character >= "\u3400"]
    common = [code for code in wide if len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1]
    marks = [code for code in wide if len(code) == 2 and 0xA1 <= code[0] <= 0xA3]
    others = len(wide) - len(marks)
    return others < _FEW or 4 * len(common) >= 3 * others
