"""The lines of vcshim.ini: sections, keys and values, as Notepad's users and GetPrivateProfileString take them.

Each line is read by itself: one that cannot be read costs that line and no other, and none continues the line before
it. What a key means is known to ini.py, how the file becomes lines to file.py. native/settings.c reads the same
grammar for [abi]; tests/vectors/ini_abi.json holds both readers together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# Besides the usual ones: Ctrl-Z of DOS, the blanks that come with text from web pages and chats, the full-width one.
BLANKS = "\t\v\f\x1a \xa0\u200b\u3000\ufeff"
_FULL_WIDTH = {0xFF01 + offset: chr(0x21 + offset) for offset in range(94)}
_NARROW = {**_FULL_WIDTH, **{ord(blank): " " for blank in BLANKS}}
_OPENING, _CLOSING = "[［【", "]］】"
_HEADING_LENGTH = 80  # of one without its opening bracket: a longer line is something else
_DELIMITER = "[=＝:：]"
_BLANK = f"[{BLANKS}]"
_QUOTED = rf"""(["'])(.*?)\1{_BLANK}*(?:[;#].*)?"""


class Comment:
    """Where a comment behind a value starts, as a pattern for each form of value.

    `;` counts behind a blank. `#` may be part of a text (门诊 #3 窗口) and of a colour. In a dialect either may be the
    value itself (joiner = ;).
    """

    WORD = re.compile(f"(?:^|{_BLANK});|{_BLANK}#|^#(?={_BLANK})")
    TEXT = re.compile(f"(?:^|{_BLANK});|(?:^|{_BLANK})#(?={_BLANK}|$)")
    LIST_BY_SEMICOLON = re.compile(f"^;|(?:^|{_BLANK})#(?={_BLANK}|$)")
    DIALECT = re.compile(f"(?:^|{_BLANK})[;#](?={_BLANK})")


class SectionLine(NamedTuple):
    """A line ``[name]``; not `whole` if a bracket is missing."""

    number: int
    name: str
    whole: bool


class KeyLine(NamedTuple):
    """A line ``key = value``.

    Attributes:
        key: as keys are compared (`narrow`, lower case).
        raw: what stands behind the delimiter, its comment included; "" without a delimiter.
        delimited: whether there is a delimiter. Without one `key` is the whole line.
    """

    number: int
    key: str
    raw: str
    delimited: bool


def narrow(text: str) -> str:
    """`text` with full-width letters, digits and signs as ASCII, runs of any kind of blank as one, none at the ends."""
    return " ".join(part for part in text.translate(_NARROW).split(" ") if part)


def fold(text: str) -> str:
    """As the names of sections, keys and words are compared."""
    return narrow(text).lower()


def read_lines(lines: Iterable[str]) -> Iterator[SectionLine | KeyLine]:
    """What the lines say, in their order; blank lines and comments are left out."""
    for number, line in enumerate(lines, 1):
        rest = line.strip(BLANKS)
        while rest and rest[0] in _OPENING:
            heading, rest = _heading(number, rest)
            yield heading
        if rest and rest.translate(_FULL_WIDTH)[0] not in ";#":
            yield _entry(number, rest)


def value_of(raw: str, comment: re.Pattern[str]) -> str:
    """What stands behind a delimiter, without quotes around it and without the comment behind it."""
    quoted = re.fullmatch(_QUOTED, raw)
    if quoted:
        return quoted[2]
    found = comment.search(raw)
    return raw[: found.start()].rstrip(BLANKS) if found else raw


def comment_behind(raw: str, comment: re.Pattern[str]) -> str:
    """The comment behind the value in `raw`, with the blanks before it; "" if there is none."""
    quoted = re.fullmatch(_QUOTED, raw)
    if quoted:
        return raw[quoted.end(2) + 1 :]
    found = comment.search(raw.translate(_FULL_WIDTH))
    return raw[len(raw[: found.start()].rstrip(BLANKS)) :] if found else ""


def is_readable(text: str) -> bool:
    """Whether every character could be decoded (file.py marks those that could not as lone surrogates)."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _heading(number: int, line: str) -> tuple[SectionLine, str]:
    """The heading that `line` starts with, and what stands behind it: a comment, or a line of its own."""
    end = next((at for at, character in enumerate(line) if character in _CLOSING), None)
    if end is None:
        return SectionLine(number, _bare(line[1:].strip(BLANKS)), False), ""
    return SectionLine(number, line[1:end].strip(BLANKS), True), line[end + 1 :].strip(BLANKS)


def _entry(number: int, line: str) -> SectionLine | KeyLine:
    bare = _bare(line)
    delimiter = re.search(_DELIMITER, line)
    if delimiter and delimiter.start() < len(bare):
        return KeyLine(number, fold(line[: delimiter.start()]), line[delimiter.end() :].strip(BLANKS), True)
    if bare and bare[-1] in _CLOSING and len(narrow(bare)) <= _HEADING_LENGTH:
        return SectionLine(number, bare[:-1].strip(BLANKS), False)
    return KeyLine(number, fold(bare), "", False)


def _bare(line: str) -> str:
    """`line` without the comment behind it."""
    comment = Comment.WORD.search(line.translate(_FULL_WIDTH))
    return line[: comment.start()].rstrip(BLANKS) if comment else line
