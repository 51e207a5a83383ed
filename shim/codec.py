"""Bytes to text to JSON and back: the host's charset, liberal reading, exact writing, cutting to a buffer's size.

Pure functions; not here: I/O, settings, fields of a protocol. Used by abi, the service, the dialects and the commands.

Charset names are those of [abi] charset: ``gbk`` (read and written as GB18030, its superset, so that rare characters
in names survive), ``utf-8``, ``auto``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import Any, NoReturn

from shim.errors import HostError, Reason

# The name of a charset in settings: Python's codec.
CODECS: Mapping[str, str] = MappingProxyType({"utf-8": "utf-8", "gbk": "gb18030"})
_MAX_DEPTH = 64
_INT_DIGITS = 18
# NB: an unterminated string matches up to the end of the text. Otherwise each of its quotes would be tried in turn, and
# the time would grow with the square of the length.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_TRAILING_COMMA = re.compile(f"({_STRING})|,(?=\\s*[}}\\]])", re.DOTALL)
_BRACKET = re.compile(f"{_STRING}|[\\[\\]{{}}]", re.DOTALL)


class Number(str):
    """A JSON number kept as it was written: an amount of 1.10 must not leave as 1.1."""

    __slots__ = ()


def decode(data: bytes, charset: str, field: str) -> tuple[str, str]:
    """The host's bytes as text, and their charset (``gbk`` or ``utf-8``).

    A UTF-8 byte-order mark means UTF-8 whatever the setting. NB: GBK text can be valid UTF-8 by accident (模 is), so
    ``auto`` must not be the default.

    Raises:
        HostError: INVALID_CHARSET, with `field` and the offset in bytes.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        data, charset = data[3:], "utf-8"
    if charset == "auto":
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            charset = "gbk"
    try:
        return data.decode(CODECS[charset]), charset
    except UnicodeDecodeError as error:
        raise HostError(
            Reason.INVALID_CHARSET,
            f"{field} 第 {error.start + 1} 字节不是合法的 {charset.upper()} 字符，请检查调用方编码或 vcshim.ini 的 "
            "[abi] charset",
        ) from error


def encode(text: str, charset: str) -> bytes:
    """Text in the host's charset. A lone surrogate, which no charset has, becomes a question mark."""
    return text.encode(CODECS.get(charset, "gb18030"), "replace")


def loads(text: str, field: str) -> Any:
    """Read JSON liberally: a byte-order mark, CRLF and trailing commas (EC B.1.5.1 prints one) are accepted.

    Integers of up to 18 digits become int; all other numbers stay as they were written (`Number`).

    Raises:
        HostError: NOT_JSON, with `field` and the character at which reading stopped. Duplicate keys and nesting
            deeper than 64 are refused, because two readers could disagree about them.
    """
    text = text.lstrip("\ufeff")
    try:
        return _load(text, field)
    except json.JSONDecodeError as first:
        repaired = _TRAILING_COMMA.sub(lambda match: match[1] or "", text)
        if repaired == text:
            _not_json(field, first)
        try:
            return _load(repaired, field)
        except json.JSONDecodeError:
            _not_json(field, first)


def dumps(value: Any, *, sort_keys: bool = False) -> str:
    """Compact JSON as hosts and platforms expect it: no blanks, Chinese unescaped, numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        items = sorted(value.items()) if sort_keys else value.items()
        return "{" + ",".join(f"{encode_basestring(k)}:{dumps(v, sort_keys=sort_keys)}" for k, v in items) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(dumps(item, sort_keys=sort_keys) for item in value) + "]"
    return json.dumps(value, allow_nan=False)


def _load(text: str, field: str) -> Any:
    _check_depth(text, field)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(items)
        if len(fields) != len(items):
            twice = Counter(name for name, _ in items).most_common(1)[0][0]
            raise HostError(Reason.NOT_JSON, f"{field} 中字段 {twice[:50]} 重复出现，请只保留一个")
        return fields

    def constant(name: str) -> NoReturn:
        raise HostError(Reason.NOT_JSON, f"{field} 中的 {name} 不是合法的 JSON 数值")

    def integer(digits: str) -> Any:
        return int(digits) if len(digits.lstrip("-")) <= _INT_DIGITS and digits != "-0" else Number(digits)

    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_float=Number, parse_int=integer)


def _check_depth(text: str, field: str) -> None:
    depth = 0
    for match in _BRACKET.finditer(text):
        token = match[0]
        if token in "[{":
            depth += 1
            if depth > _MAX_DEPTH:
                raise HostError(Reason.NOT_JSON, f"{field} 的 JSON 嵌套超过 {_MAX_DEPTH} 层，请检查报文")
        elif token in "]}":
            depth -= 1


def _not_json(field: str, error: json.JSONDecodeError) -> NoReturn:
    raise HostError(
        Reason.NOT_JSON,
        f"{field} 不是合法的 JSON（第 {error.lineno} 行第 {error.colno} 个字符处出错，共 {len(error.doc)} 字），"
        "请检查引号、逗号和括号",
    ) from error
