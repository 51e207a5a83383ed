"""A line of the log as a person reads it: in one line, with colour on a terminal, and in full. Not a command."""

from __future__ import annotations

import os
import sys

from shim.commands.catalogue import log as phrases
from shim.commands.colours import Colour, can_colour, painted
from shim.log_reading import LogEvent

_COLOURS = {
    "ERROR": Colour.RED,
    "CRITICAL": Colour.RED,
    "WARNING": Colour.YELLOW,
    "DEBUG": Colour.GREY,
    "WIRE": Colour.GREY,
}
# What the line itself says, and what every line has.
_IN_LINE = ("time", "level", "function", "method", "code", "ms", "text")


def reader_is_a_terminal() -> bool:
    """Whether colours are seen as colours there."""
    return can_colour(sys.stdout) and not os.environ.get("NO_COLOR")


def line(event: LogEvent, *, coloured: bool = False) -> str:
    """A line: when, how serious, which call, what came of it."""
    level = event.fact("level")
    word = phrases.LEVELS[level]() if level in phrases.LEVELS else level or "?"
    milliseconds = event.fact("ms")
    parts = [
        event.fact("time").replace("T", " ")[5:],
        painted(word, _COLOURS.get(level), coloured),
        event.fact("function"),
        event.fact("method"),
        painted(event.fact("code"), Colour.BOLD, coloured),
        f"{milliseconds} ms" if milliseconds else "",
        event.fact("text"),
    ]
    return "  ".join(part for part in parts if part)


def details(event: LogEvent) -> list[str]:
    """What the line does not say: every other fact, one a line."""
    rows = [(name, value) for name, value in event.row.items() if name not in _IN_LINE]
    rows.append(("file", event.file))
    return [phrases.FACT(name=_title(name), value=value) for name, value in rows]


def _title(name: str) -> str:
    return phrases.TITLES[name]() if name in phrases.TITLES else name
