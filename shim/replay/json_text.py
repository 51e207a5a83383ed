"""Replacing the values in a JSON text while everything else of it stays as it was written. Pure.

Blanks, the order of fields, the way a string or a number is written, trailing commas and what stands around the JSON
survive. A string that is itself a JSON text is rewritten inside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

Path = tuple[str, ...]
"""The names above a value; a list adds none."""
Change = Callable[[Path, str, bool], str]
"""From the path of a value, its text and whether it is a number, to its new text."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LOWER_ESCAPE = re.compile(r"\\u[0-9a-f]*[a-f]")


def rewritten(text: str, change: Change, path: Path = ()) -> str:
    """`text` with every string and number inside it replaced by what `change` makes of it."""
    parts: list[str] = []
    stack: list[str] = []  # "{" or "["
    names: list[str] = []  # the name of the value that is read, one for each open object
    at = 0
    tokens = list(_TOKEN.finditer(text))
    for index, match in enumerate(tokens):
        token = match[0]
        parts.append(text[at : match.start()])
        at = match.end()
        is_name = (
            token[0] == '"'
            and bool(stack)
            and stack[-1] == "{"
            and index + 1 < len(tokens)
            and tokens[index + 1][0] == ":"
        )
        if token in ("{", "["):
            stack.append(token)
            if token == "{":
                names.append("")
        elif token in ("}", "]"):
            if stack and stack.pop() == "{":
                names.pop()
        elif is_name:
            names[-1] = _string(token)
            token = _written(token, change((*path, *names[:-1], "*"), names[-1], False))
        elif token[0] == '"':
            token = _written(token, _changed(_string(token), change, (*path, *names)))
        elif _NUMBER.fullmatch(token):
            token = change((*path, *names), token, True)
        parts.append(token)
    parts.append(text[at:])
    return "".join(parts)


def _changed(value: str, change: Change, path: Path) -> str:
    if value.lstrip()[:1] in ("{", "[") and _is_json(value):
        return rewritten(value, change, path)
    return change(path, value, False)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text, strict=False), (dict, list))
    except ValueError:
        return False


def _string(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]


def _written(token: str, value: str) -> str:
    """`value` as a JSON string, escaped as the token that it replaces."""
    if value == _string(token):
        return token
    escapes = "\\u" in token
    text = json.dumps(value, ensure_ascii=escapes)
    if escapes and not _LOWER_ESCAPE.search(token):
        text = re.sub(r"(?<!\\)((?:\\\\)*\\u)([0-9a-f]{4})", lambda match: match[1] + match[2].upper(), text)
    if "\\/" in token:
        text = text.replace("/", "\\/")
    return text
