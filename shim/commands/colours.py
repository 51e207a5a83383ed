"""Colour on a terminal, and whether a stream is one. Not a command.

On Windows a console shows colours only if it is asked to (Windows 10); where it cannot, and into files and pipes,
text has none.
"""

from __future__ import annotations

import sys
from enum import Enum, unique
from typing import TextIO

_ENABLE_VIRTUAL_TERMINAL_PROCESSING = 0x4


@unique
class Colour(Enum):
    """How a word is drawn: a parameter of ECMA-48's SGR."""

    BOLD = "1"
    RED = "31"
    YELLOW = "33"
    GREY = "90"


def painted(text: str, colour: Colour | None, coloured: bool) -> str:
    """A text in a colour; as it is without one."""
    return f"\x1b[{colour.value}m{text}\x1b[0m" if text and coloured and colour else text


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sees what is written there at once."""
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):
        return False


def can_colour(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that draws colours."""
    if stream is None or not is_terminal(stream):
        return False
    if sys.platform != "win32":
        return True
    import msvcrt

    from shim.winapi.kernel32 import console_mode, set_console_mode

    handle = msvcrt.get_osfhandle(stream.fileno())
    mode = console_mode(handle)
    return mode is not None and set_console_mode(handle, mode | _ENABLE_VIRTUAL_TERMINAL_PROCESSING)
