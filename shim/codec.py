"""Bytes to text to JSON and back: the host's charset, liberal reading, exact writing, cutting to a buffer's size.

Pure functions; not here: I/O, settings, fields of a protocol. Used by call_port, service, dialects and commands.

Charset names are those of [abi] charset: ``gbk`` (code page 936 and GB18030, its superset, so that rare characters in
names survive: shim/code_page.py), ``utf-8``, ``auto``.

Reading and writing JSON takes time in proportion to its length. A text of more than 100,000 values, or control
characters, is refused: the longest message of either specification has some hundreds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]  # typeshed lacks the first
from types import MappingProxyType
from typing import Any, NoReturn

from shim.code_page import decode_936, encode_936
from shim.errors import HostError, shown_name
from shim.messages import host

# The name of a charset in settings: Python's codec.
CODECS: Mapping[str, str] = MappingProxyType({"utf-8": "utf-8", "gbk": "gb18030"})
# What databases, fixed-length strings and editors put around a text and nobody means: control characters, blanks of
# every width, marks without width.
BLANKS = "".join(
    map(chr, (*range(0x21), *range(0x7F, 0xA1), 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F))
) + ("\u205f\u2060\u3000\ufeff")
_MAX_DEPTH = 64
_MAX_VALUES = 100_000
_INT_DIGITS = 18
_ODD_BLANKS = re.escape("".join(sorted(set(BLANKS) - set(" \t\r\n"))))
# NB: an unterminated string matches up to the end of the text. Otherwise each of its quotes would be tried in turn, and
# the time would grow with the square of the length.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_STRINGS = re.compile(_STRING, re.DOTALL)
_SLIP = f"(,)(?=[\\s{_ODD_BLANKS}]*[}}\\]])|[{_ODD_BLANKS}]+"
_SLIPS = re.compile(_SLIP)
_SLIPS_OUTSIDE_STRINGS = re.compile(f"({_STRING})|{_SLIP}", re.DOTALL)
# Control characters that people never mean; each leaves as six, \\u0001.
_CONTROLS = bytes(range(0x20)).translate(None, b"\t\n\r")
_BRACKETS = re.compile(r"[\[\]{}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BEYOND_TWO_BYTES = re.compile("[\u0800-\U0010ffff]")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Number(str):
    """A JSON number kept as it was written: an amount of 1.10 must not leave as 1.1."""

    __slots__ = ()


# ---- bytes and text --------------------------------------------------------------------------------------------------


def decode(data: bytes, charset: str, field: str) -> tuple[str, str]:
    """The host's bytes as text, and their charset (``gbk`` or ``utf-8``).

    A UTF-8 byte-order mark means UTF-8 whatever the setting. NB: GBK text can be valid UTF-8 by accident (模 is), so
    ``auto`` must not be the default.

    Raises:
        HostError: INVALID_CHARSET, with `field`, the offset in bytes, and the other charset if the text is in that.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        data, charset = data[3:], "utf-8"
    if charset == "auto":
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            charset = "gbk"
    try:
        return _READERS[charset](data), charset
    except UnicodeDecodeError as error:
        raise _undecodable(data, charset, field, error.start + 1) from error


def encode(text: str, charset: str) -> bytes:
    """Text in the host's charset. A lone surrogate, which no charset has, becomes a question mark."""
    return text.encode("utf-8", "replace") if charset == "utf-8" else encode_936(text)


def strip_word(text: str) -> str:
    """A text that is one word (a code, a number, a flag, an address) without the blanks around it."""
    return text.strip(BLANKS)


def is_utf_16(data: bytes) -> bool:
    """Whether the bytes can be nothing but UTF-16: its byte-order mark, or NUL bytes inside."""
    return data.startswith(_UTF_16_MARKS) or b"\0" in data


def resembles_utf_8(data: bytes) -> bool:
    """Whether bytes that were read as GBK are more likely UTF-8: 测试 in UTF-8 is 娴嬭瘯 in GBK.

    True if they are valid UTF-8 with a Chinese character, and this reading has fewer characters outside GB 2312, the
    usual ones, than the other. A few GBK texts are valid UTF-8, too (瑾珺 is 說B): the answer is a likelihood.
    """
    try:
        text = "" if data.isascii() else data.decode("utf-8")
        return _BEYOND_TWO_BYTES.search(text) is not None and _unusual(text) < _unusual(decode_936(data))
    except UnicodeDecodeError:
        return False


# ---- text and JSON ---------------------------------------------------------------------------------------------------


def loads(text: str, field: str, *, surrogates: bool = False) -> Any:
    """Read JSON liberally, as the field writes it.

    Accepted: blanks of every kind, NULs and a byte-order mark around it and between its parts; control characters
    inside strings; trailing commas (EC B.1.5.1 prints one); a key twice with the same value. Integers of up to 18
    digits become int; all other numbers stay as they were written (`Number`).

    Args:
        surrogates: leave the halves of characters (`broken_field`) in the value instead of refusing them.

    Raises:
        HostError: NOT_JSON, with `field` and the character at which reading stopped. A key twice with two values and
            nesting deeper than 64 are refused, because two readers could disagree about them, and so are more than
            100,000 values or control characters. INVALID_CHARSET, with the field's name, for half a character.
    """
    text = text.strip(BLANKS)
    _check_size(text, field)
    try:
        value = _load(text, field)
    except json.JSONDecodeError as first:
        if _SLIPS.search(text) is None:
            _not_json(field, first)
        try:
            value = _load(_SLIPS_OUTSIDE_STRINGS.sub(_mended, text), field)
        except json.JSONDecodeError:
            _not_json(field, first)
    if not surrogates and _may_have_surrogates(text):
        _refuse_surrogates(value, field)
    return value


def loads_object(text: str, field: str, clause: str) -> dict[str, Any]:
    """`loads` where an object is expected; a JSON string around it, as middle layers add one, is taken off once.

    Raises:
        HostError: as `loads`, and NOT_JSON with `clause` if it is not an object.
    """
    value = loads(text, field)
    if isinstance(value, str):
        value = loads(value, field)
    if not isinstance(value, dict):
        raise HostError(host.NOT_OBJECT, field=field, clause=clause)
    return value


def broken_field(value: Any, name: str = "") -> str | None:
    """The path (``data.userName``) of the first text in `value` that has half a character, a lone surrogate.

    Such a text is what is left of a rare character that was cut in two. None if there is none.
    """
    if isinstance(value, str):
        return None if _SURROGATE.search(value) is None else name
    if isinstance(value, dict):
        for key, item in value.items():
            if _SURROGATE.search(key) is not None:
                return name
            path = broken_field(item, f"{name}.{key}" if name else key)
            if path is not None:
                return path
    if isinstance(value, list):
        return next((path for item in value if (path := broken_field(item, name)) is not None), None)
    return None


def dumps(value: Any, *, sort_keys: bool = False) -> str:
    """Compact JSON as hosts and platforms expect it: no blanks, Chinese unescaped, numbers as they were written.

    Control characters are escaped, wherever they came from.
    """
    return compact(value, _quoted, sort_keys=sort_keys)


# ---- pieces ----------------------------------------------------------------------------------------------------------

_READERS: Mapping[str, Callable[[bytes], str]] = MappingProxyType(
    {"utf-8": lambda data: data.decode("utf-8"), "gbk": decode_936}
)


def _undecodable(data: bytes, charset: str, field: str, byte: int) -> HostError:
    """The error for bytes that are not in `charset`: whether they are in the other one is told."""
    other = next(name for name in CODECS if name != charset)
    facts: dict[str, Any] = {"field": field, "byte": byte, "charset": charset.upper()}
    try:
        _READERS[other](data)
    except UnicodeDecodeError:
        return HostError(host.BAD_CHARSET, **facts)
    return HostError(host.OTHER_CHARSET, **facts, other=other.upper(), setting=other)


def _unusual(text: str) -> int:
    """How many of the characters are not in GB 2312."""
    return text.encode("gb2312", "replace").count(b"?") - text.count("?")


def _check_size(text: str, field: str) -> None:
    """Refuse what would take too long, or too deep a stack, before it is read."""
    is_short = len(text) < _MAX_VALUES
    if not is_short and _controls(text) > _MAX_VALUES:
        raise HostError(host.TOO_MANY_CONTROLS, field=field, limit=_MAX_VALUES)
    if _opened(text) <= _MAX_DEPTH and (is_short or _values(text) <= _MAX_VALUES):
        return  # even if all of its brackets and commas were outside strings
    skeleton, strings = _STRINGS.subn("", text, 2 * _MAX_VALUES + 1)
    if strings > 2 * _MAX_VALUES:  # a value has two at most, its name and itself
        _too_many_values(field)
    depth = 0
    for bracket in islice(_BRACKETS.finditer(skeleton), 2 * _MAX_VALUES):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > _MAX_DEPTH:
            raise HostError(host.TOO_DEEP, field=field, limit=_MAX_DEPTH)
    if _values(skeleton) > _MAX_VALUES:
        _too_many_values(field)


def _too_many_values(field: str) -> NoReturn:
    raise HostError(host.TOO_MANY_VALUES, field=field, limit=_MAX_VALUES)


def _controls(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return len(data) - len(data.translate(None, _CONTROLS))


def _opened(text: str) -> int:
    return text.count("[") + text.count("{")


def _values(text: str) -> int:
    """How many values JSON has at most: each but the first follows a bracket or a comma."""
    return 1 + _opened(text) + text.count(",")


class _ContradictionError(Exception):
    """The key `name` is there twice, with two values."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class _ConstantError(Exception):
    """`word`, such as NaN, is no JSON."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word


def _load(text: str, field: str) -> Any:
    try:
        return _DECODER.decode(text)
    except _ContradictionError as error:
        shown = shown_name(error.name)
        raise HostError(host.TWICE, field=field, name=shown, short=host.short(shown)) from None
    except _ConstantError as error:
        raise HostError(host.NOT_A_NUMBER, field=field, word=error.word) from None


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(items)
    if len(fields) != len(items) and (name := _contradiction(items)) is not None:
        raise _ContradictionError(name)
    return fields


def _constant(name: str) -> NoReturn:
    raise _ConstantError(name)


def _integer(digits: str) -> Any:
    return int(digits) if len(digits.lstrip("-")) <= _INT_DIGITS and digits != "-0" else Number(digits)


# Made once: making a decoder for each text takes 5 µs, as long as reading a short one.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_constant, parse_float=Number, parse_int=_integer, strict=False
)


def _contradiction(items: list[tuple[str, Any]]) -> str | None:
    """The first name that is there with two values; None if there is none."""
    first: dict[str, Any] = {}
    return next((name for name, value in items if not _same(first.setdefault(name, value), value)), None)


def _same(one: Any, other: Any) -> bool:
    """Whether two values of `loads` are the same; 1 is neither true nor 1.0."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _mended(match: re.Match[str]) -> str:
    """A string as it is, nothing for a trailing comma, a blank for blanks that JSON does not know."""
    return match[1] or ("" if match[2] else " ")


def _may_have_surrogates(text: str) -> bool:
    if "\\ud" in text or "\\uD" in text:
        return True
    try:
        text.encode("utf-8")  # 1 µs for 700 characters; a regular expression takes 2 to 13, as the processor guesses
    except UnicodeEncodeError:
        return True
    return False


def _refuse_surrogates(value: Any, field: str) -> None:
    name = broken_field(value)
    if name is not None:
        row = host.HALF_CHARACTER_IN_FIELD if name else host.HALF_CHARACTER
        raise HostError(row, field=field, name=name[:100], short=host.short(name.rpartition(".")[2]))


def compact(value: Any, quoted: Callable[[str], str], *, sort_keys: bool) -> str:
    """Compact JSON.

    By the C half of the json module, made once: an object of 20 texts takes 4 µs; a writer in Python takes 7 to 14, as
    long as C with a function of Python for each text.

    Args:
        quoted: writes a string or a name, also one that is no plain `str`.
    """
    if type(value) is dict and _PLAIN.issuperset(map(type, value.values())):
        return "".join(_PLAIN_WRITERS[sort_keys](value, 0))
    return "".join(_writer(quoted, sort_keys)(value, 0))


def _writer(quoted: Callable[[str], str], sort_keys: bool) -> Callable[[Any, int], Iterable[str]]:
    made: Callable[[Any, int], Iterable[str]] = c_make_encoder(
        None, _refuse_type, quoted, None, ":", ",", sort_keys, False, False
    )
    return made


def _refuse_type(value: Any) -> NoReturn:
    raise TypeError(f"{type(value).__name__} in JSON")


def _quoted(text: str) -> str:
    return text if type(text) is Number else encode_basestring(text)


# Strings and numbers that are nothing but that; in an object of these each is written by C alone.
_PLAIN = frozenset({str, int, bool, type(None)})
_PLAIN_WRITERS = {sort: _writer(encode_basestring, sort) for sort in (False, True)}


def _not_json(field: str, error: json.JSONDecodeError) -> NoReturn:
    raise HostError(host.NOT_JSON, field=field, line=error.lineno, column=error.colno, size=len(error.doc)) from error
