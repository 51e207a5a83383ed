"""How vendors' DLLs write JSON: blanks, line ends and escapes by name, and a writer that follows them. Pure.

The usual form, compact and without escapes, is that of `codec.dumps`; this module writes all others. SuperObject
(Delphi) escapes what is not ASCII and slashes, jsoncpp puts blanks around colons, cJSON a tab behind them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import Any

from shim import codec


@dataclass(frozen=True, slots=True)
class Layout:
    """Where blanks and line ends stand.

    Attributes:
        comma, colon: with the blanks around them.
        newline: what a line ends with; "" for everything on one line.
        indent: what a line begins with, for each level.
        meaning: for the documentation.
    """

    comma: str
    colon: str
    newline: str
    indent: str
    meaning: str


LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "none": Layout(",", ":", "", "", '`{"a":1,"b":2}`'),
        "colon": Layout(",", ": ", "", "", '`{"a": 1,"b": 2}`'),
        "both": Layout(", ", ": ", "", "", '`{"a": 1, "b": 2}`'),
        "comma": Layout(", ", ":", "", "", '`{"a":1, "b":2}`'),
        "around-colon": Layout(",", " : ", "", "", '`{"a" : 1,"b" : 2}`'),
        "around-both": Layout(", ", " : ", "", "", '`{"a" : 1, "b" : 2}`'),
        "indent-2": Layout(",", ": ", "\n", "  ", "a line for each field, two blanks for each level"),
        "indent-4": Layout(",", ": ", "\n", "    ", "the same with four blanks"),
        "indent-2-crlf": Layout(",", ": ", "\r\n", "  ", "indent-2 with CRLF"),
        "indent-4-crlf": Layout(",", ": ", "\r\n", "    ", "indent-4 with CRLF"),
        "jsoncpp": Layout(",", " : ", "\n", "   ", "jsoncpp's styled writer: three blanks, blanks around the colon"),
        "cjson": Layout(",", ":\t", "\n", "\t", "cJSON_Print: a tab for each level and behind the colon"),
    }
)


@dataclass(frozen=True, slots=True)
class Escapes:
    """Which characters stand as escapes, beside those that JSON demands.

    Attributes:
        pattern: of the characters; None for none.
        upper: the hex of `\\uXXXX` is in upper case.
        meaning: for the documentation.
    """

    pattern: re.Pattern[str] | None
    upper: bool
    meaning: str


ESCAPES: Mapping[str, Escapes] = MappingProxyType(
    {
        "none": Escapes(None, False, "none"),
        "unicode": Escapes(re.compile("[\x80-\U0010ffff]"), False, r"what is not ASCII as `\u4e2d`"),
        "slash": Escapes(re.compile("/"), False, r"`/` as `\/`"),
        "unicode-slash": Escapes(re.compile("[/\x80-\U0010ffff]"), False, "both"),
        "unicode-upper": Escapes(re.compile("[\x80-\U0010ffff]"), True, r"what is not ASCII as `\u4E2D`"),
        "unicode-upper-slash": Escapes(re.compile("[/\x80-\U0010ffff]"), True, r"the same, and `/` as `\/`"),
        "html": Escapes(re.compile("[<>&'=]"), False, r"`<`, `>`, `&`, `'` and `=` as `\u003c`"),
        "html-unicode": Escapes(re.compile("[<>&'=\x80-\U0010ffff]"), False, "the same, and what is not ASCII"),
    }
)


class JsonText(str):
    """JSON that is written as it is, letter for letter."""

    __slots__ = ()


def styled_json(value: Any, *, sort_keys: bool = False, spaces: str = "none", escape: str = "none") -> str:
    """JSON in a layout and with the escapes of the tables above. With the defaults the same as `codec.dumps`."""
    if spaces == "none" and escape == "none":
        return codec.compact(value, _compact, sort_keys=sort_keys)
    layout, escapes = LAYOUTS[spaces], ESCAPES[escape]
    parts: list[str] = []
    _write(value, parts.append, layout, _quoting(escapes), sort_keys, 0)
    return "".join(parts)


def _compact(text: str) -> str:
    return text if type(text) in (codec.Number, JsonText) else encode_basestring(text)


def _quoting(escapes: Escapes) -> Callable[[str], str]:
    if escapes.pattern is None and not escapes.upper:
        return encode_basestring

    def escaped(match: re.Match[str]) -> str:
        if match[0] == "/":
            return r"\/"
        units = match[0].encode("utf-16-be", "surrogatepass")
        digits = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
        return "".join(f"\\u{each.upper() if escapes.upper else each}" for each in digits)

    def quoted(text: str) -> str:
        return escapes.pattern.sub(escaped, encode_basestring(text)) if escapes.pattern else encode_basestring(text)

    return quoted


def _write(
    value: Any,
    write: Callable[[str], None],
    layout: Layout,
    quoted: Callable[[str], str],
    sort_keys: bool,
    depth: int,
) -> None:
    if isinstance(value, str):
        write(value if isinstance(value, (codec.Number, JsonText)) else quoted(value))
    elif isinstance(value, dict):
        items = sorted(value.items()) if sort_keys else value.items()
        before = _line("{", layout, depth + 1)
        for name, item in items:
            write(f"{before}{quoted(name)}{layout.colon}")
            _write(item, write, layout, quoted, sort_keys, depth + 1)
            before = _line(layout.comma, layout, depth + 1)
        write(_line("", layout, depth) + "}" if value else "{}")
    elif isinstance(value, (list, tuple)):
        before = _line("[", layout, depth + 1)
        for item in value:
            write(before)
            _write(item, write, layout, quoted, sort_keys, depth + 1)
            before = _line(layout.comma, layout, depth + 1)
        write(_line("", layout, depth) + "]" if value else "[]")
    elif type(value) is int:
        write(str(value))
    else:
        write(json.dumps(value, allow_nan=False))


def _line(mark: str, layout: Layout, depth: int) -> str:
    return f"{mark}{layout.newline}{layout.indent * depth}" if layout.newline else mark
