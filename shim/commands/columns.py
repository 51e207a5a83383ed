"""Text in the columns of a terminal, where a Chinese character takes two: its width, and lines broken to it.

Not a command; for the help of commands.
"""

from __future__ import annotations

import re
import unicodedata

_NEVER_FIRST = frozenset("，。、；：！？）”’》」』】…—%")
_NEVER_LAST = frozenset("（“‘《「『【")
_WIDE = frozenset("FWA")  # A: quotation marks and dots, which a Chinese console draws in two columns


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text)


def wrapped(text: str, limit: int) -> list[str]:
    """Lines of at most `limit` columns, unless a single word is longer; none for an empty text.

    A break is at a blank, which is left out, or between two Chinese characters, but neither before a closing mark nor
    behind an opening one.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width(line) + width(piece.rstrip()) > limit:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """The parts that no line end may divide."""
    pieces: list[str] = []
    for part in re.findall(r" +|[^ -~]|[!-~]+", text):
        joins = bool(pieces) and (part[0] in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST or part[0] == " ")
        if joins:
            pieces[-1] += part
        else:
            pieces.append(part)
    return pieces
