"""JSON text that stays as its author wrote it: where a value stands in it, and putting one in with the fewest changes.

For `content_text`, `ec_body_text` and `out_text` = verbatim. It reads what codec.loads reads, trailing commas and odd
blanks included. Pure. ValueError where a text is not what it should be: the caller then writes it anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from shim import codec

_BLANKS = re.compile(f"[{re.escape(codec.BLANKS)}]*")
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_WORD = re.compile(f'[^{re.escape(codec.BLANKS)},:{{}}\\[\\]"]+')
_INSIDE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Members:
    """The fields of an object in a text.

    Attributes:
        spans: by name, where its value begins and ends; of a name that stands there twice, the last one.
        start: behind the brace.
        end: where another field would follow: behind the last value, or behind the brace.
    """

    spans: Mapping[str, tuple[int, int]]
    start: int
    end: int


def members(text: str) -> Members:
    """The fields of the object that `text` is. ValueError if it is no object."""
    at = _skipped(text, 0)
    if text[at : at + 1] != "{":
        raise ValueError("no object")
    at = first = end = at + 1
    spans: dict[str, tuple[int, int]] = {}
    while True:
        at = _skipped(text, at)
        if text[at : at + 1] == "}":
            return Members(spans, first, end)
        name = _STRING.match(text, at)
        if name is None:
            raise ValueError("no name")
        at = _skipped(text, name.end())
        if text[at : at + 1] != ":":
            raise ValueError("no colon")
        start = _skipped(text, at + 1)
        end = _value_end(text, start)
        spans[inside_string(name[0])] = (start, end)
        at = _skipped(text, end)
        at += text[at : at + 1] == ","


def raw_value(text: str, *path: str) -> str | None:
    """The text of a value, letter for letter; None if it is not there."""
    try:
        for name in path:
            span = members(text).spans.get(name)
            if span is None:
                return None
            text = text[slice(*span)]
    except ValueError:
        return None
    return text


def unquoted(text: str) -> str:
    """The JSON text inside a JSON string, as middle layers add one; `text` itself, blanks included, if it is none."""
    bare = text.strip(codec.BLANKS)
    return text if _STRING.fullmatch(bare) is None else inside_string(bare)


def inside_string(text: str) -> str:
    """The text that a JSON string spells."""
    return str(json.loads(text, strict=False))


def put(text: str, path: tuple[str, ...], value: str, *, first: bool = False) -> str:
    """`text` with `value`, JSON, at the place of `path`; everything else stays letter for letter.

    A field that is not there follows the last one, or comes `first`; objects that are not there are made. An object
    inside a JSON string stays in one.
    """
    if not path:
        return value
    found = members(text)
    name, *rest = path
    if name not in found.spans:
        for each in reversed(rest):
            value = f"{{{json.dumps(each, ensure_ascii=False)}:{value}}}"
        comma = "," if found.spans else ""
        field = f"{json.dumps(name, ensure_ascii=False)}:{value}"
        if first:
            return f"{text[: found.start]}{field}{comma}{text[found.start :]}"
        return f"{text[: found.end]}{comma}{field}{text[found.end :]}"
    start, end = found.spans[name]
    return f"{text[:start]}{_put_inside(text[start:end], tuple(rest), value, first)}{text[end:]}"


def _put_inside(text: str, path: tuple[str, ...], value: str, first: bool) -> str:
    if path and text.startswith('"'):
        inner = inside_string(text)
        return codec.dumps(put(inner if inner.strip(codec.BLANKS) else "{}", path, value, first=first))
    return put("{}" if path and text == "null" else text, path, value, first=first)


def _skipped(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return at if match is None else match.end()


def _value_end(text: str, at: int) -> int:
    first = text[at : at + 1]
    if first in ("{", "["):
        depth = 0
        for match in _INSIDE.finditer(text, at):
            depth += (match[0] in "{[") - (match[0] in "}]")
            if depth == 0:
                return match.end()
        raise ValueError("no end")
    value = _STRING.match(text, at) if first == '"' else _WORD.match(text, at)
    if value is None:
        raise ValueError("no value")
    return value.end()
