"""The files that settings come from, in the order in which they count, and for which PC a section is meant.

Each key is looked up in the layers from the strongest to the weakest: the sections for this PC (``[scanner@PC-017]``)
of the last file, of the file before it, and so on; then the plain sections of the files in the same order; then the
default. A value that is not understood costs its own line only, so the next one counts. Where the files are is known to
shim/configuration.py; native/configuration.c reads the same files, and native/settings.c the same grammar
(tests/vectors/ini_abi.json).
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from shim.settings.lines import fold, narrow

_AT = "@"


class Layer(NamedTuple):
    """One file of settings.

    Attributes:
        name: ``fleet``, ``machine`` or ``folder``: where it comes from.
        path: the file, which need not exist.
        shown: what problems call it.
        required: a file that is there and cannot be read at all refuses every call. One that is not required is then
            left out, with a problem for the log.
    """

    name: str
    path: Path
    shown: str
    required: bool = True


class Source(NamedTuple):
    """Where a value in force was read.

    Attributes:
        layer: the file.
        line: the number of the line, from 1.
        heading: what stands in the square brackets above it, such as ``scanner@PC-0*``.
    """

    layer: Layer
    line: int
    heading: str


def split_heading(name: str) -> tuple[str, str | None]:
    """The section and the pattern of PCs that a heading names: ``scanner@PC-*``; None for a section of every PC."""
    section, at, pattern = narrow(name).partition(_AT)
    return fold(section), lower(narrow(pattern)) if at else None


def lower(text: str) -> str:
    """`text` with A to Z in lower case, no other letter: names of PCs are compared so, in C as well."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def matches(pattern: str, name: str) -> bool:
    """Whether `pattern`, in which ``*`` is any text and ``?`` any character, is all of `name`. Both in lower case.

    NB: neither fnmatch, for which [] is special, nor a regular expression, which needs for ever for ``*a*a*a*a*``.
    """
    at = star = taken = 0
    position, has_star = 0, False
    while position < len(name):
        if at < len(pattern) and pattern[at] == "*":
            star, taken, has_star = at, position, True
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", name[position]):
            at += 1
            position += 1
        elif has_star:
            taken += 1
            at, position = star + 1, taken
        else:
            return False
    return pattern != "" and not pattern[at:].strip("*")
