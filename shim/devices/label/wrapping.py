"""A text on several lines: broken after an interpunct or a blank where that is possible, else between characters.

Pure: how wide a text is, is asked of the caller. Sizes are dots.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shim.drawing.shaping import clusters

Width = Callable[[str], int]

# After these a text may be broken: the interpuncts that are in use, blanks, hyphens, and marks that end a part.
_MARKS = r"·•‧∙⋅・･ ,，、;；/-"
_WORD = re.compile(f"[^{_MARKS}]*[{_MARKS}]*")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A text on lines.

    Attributes:
        lines: none is wider than was asked for, unless a single character is.
        torn: how many of them end within a word.
    """

    lines: tuple[str, ...]
    torn: int = 0


def words(text: str) -> list[str]:
    """`text` in the pieces that a line should not divide, each with the mark or the blank at its end."""
    return [word for word in _WORD.findall(text) if word]


def wrap(text: str, width: int, measure: Width) -> Wrapped:
    """`text` on as few lines of `width` as possible, and those as even as possible.

    Args:
        measure: the width of a single character; a line is as wide as its characters.
    """
    pieces = [[(cluster, measure(cluster)) for cluster in clusters(word)] for word in words(text)]
    best = _filled(pieces, width)
    if len(best.lines) < 2:
        return best
    if len(pieces) == 1:
        return _evenly(pieces[0], width, best)
    low, high = width // 2, width  # the narrowest width that needs no more lines, and tears no more words
    while low < high:
        middle = (low + high) // 2
        narrower = _filled(pieces, middle)
        if len(narrower.lines) <= len(best.lines) and narrower.torn <= best.torn:
            best, high = narrower, middle
        else:
            low = middle + 1
    return best


_Piece = tuple[str, int]


def _evenly(word: Sequence[_Piece], width: int, filled: Wrapped) -> Wrapped:
    """One word on as many lines as `filled`, whose last one may hold a single character."""
    count = len(filled.lines)
    size, longer = divmod(len(word), count)
    starts = [number * size + min(number, longer) for number in range(count + 1)]
    lines = [word[start:end] for start, end in pairwise(starts)]
    if any(sum(each for _, each in line) > width for line in lines):
        return filled
    return Wrapped(tuple("".join(cluster for cluster, _ in line) for line in lines), filled.torn)


def _filled(pieces: Sequence[Sequence[_Piece]], width: int) -> Wrapped:
    """Line by line, each as long as it can be."""
    lines: list[str] = []
    line, used, torn = "", 0, 0
    for word in pieces:
        whole = sum(each for _, each in word)
        without_blank = whole - (word[-1][1] if word[-1][0] == " " else 0)
        if used + without_blank <= width:
            line, used = line + "".join(cluster for cluster, _ in word), used + whole
            continue
        if line:
            lines.append(line)
            line, used = "", 0
        for cluster, each in word:
            if line and used + each > width and cluster != " ":
                lines.append(line)
                torn += 1
                line, used = "", 0
            line, used = line + cluster, used + each
    return Wrapped(tuple(each.rstrip() for each in [*lines, line] if each.strip()), torn)
