"""Reading an answer's JSON, and whether it means success, whatever names its platform uses for code and message. Pure.

For both DLLs' modules. What is not exactly understood is not success: a refusal survives at any status, everything else
that cannot be read or has another status than 2xx is an unknown outcome. Not here: methods and ciphers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from shim import codec
from shim.bilingual import Bilingual
from shim.dialects.charsets import decode_answer
from shim.dialects.statuses import repeats_status, status_error
from shim.errors import HostError, Message, PlatformError, PlatformRefusal
from shim.http_answer import HttpAnswer
from shim.messages import answers as rows

# NUL and blanks after (or before) the JSON: a platform in C counts the NUL that ends its text.
_PADDING = " \t\r\n\0\ufeff"
_ENCODING = re.compile("[a-z0-9-]{1,20}")
_ZERO = re.compile(r"0(\.0+)?([eE][+-]?[0-9]+)?")
_DECIMAL = re.compile(r"(0|-?[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]\+?([0-9]{1,2}))?")
_PAGE = re.compile("<(!doctype html|html|head|body)\\b", re.IGNORECASE)
_BEGINNINGS = {
    "<": Bilingual(" XML 标记", "an XML tag"),
    "{": Bilingual("左花括号", "a left brace"),
    "[": Bilingual("左方括号", "a left bracket"),
}
_OTHER_BEGINNING = Bilingual("其他字符", "another character")


def parse_answer(answer: HttpAnswer) -> dict[str, Any]:
    """The JSON object in an answer.

    Raises:
        PlatformError: EMPTY_ANSWER, or UNREADABLE_ANSWER with a word about what came instead; HTTP_STATUS for
            each of them if the status is not 2xx.
    """
    try:
        if not answer.body.strip(_PADDING.encode()):
            raise PlatformError(rows.EMPTY)
        return _json_object(answer)
    except PlatformError as error:
        if not answer.accepted:
            raise status_error(answer) from error
        raise


def answer_text(answer: HttpAnswer) -> str:
    """The text of an answer that `parse_answer` has read, without what pads it."""
    return (decode_answer(answer.body, answer.charset) or "").strip(_PADDING)


def parse_text(text: str, not_json: Message, *, surrogates: bool = False) -> Any:
    """The JSON in a text that was in an answer. PlatformError of the row `not_json`, which is told the `length`.

    `surrogates` is that of codec.loads.
    """
    try:
        return unwrapped(text, "", surrogates=surrogates)
    except HostError as error:
        raise PlatformError(not_json, length=len(text)) from error


def check_result(
    answer: HttpAnswer,
    levels: Iterable[Mapping[str, Any]],
    code_names: tuple[str, ...],
    message_names: tuple[str, ...],
    success: frozenset[str],
) -> bool:
    """Whether the answer has a code; all codes that it has mean success.

    Args:
        levels: the objects of an answer that may hold a code, the outermost first: a gateway says 0 around the
            platform's own refusal.
        success: codes that mean success. A text is compared letter for letter, a number as a number (0.0 is 0).

    Raises:
        PlatformRefusal: the first code that does not mean success, with its message.
        PlatformError: HTTP_STATUS if the status is not 2xx; UNREADABLE_ANSWER if a field for the code is there and
            holds none.
    """
    levels = tuple(levels)
    codes = [result_code(level, code_names) for level in levels]
    for code, level in zip(codes, levels, strict=True):
        denied = level.get("success") in (False, "false")  # a code of success beside it is a contradiction
        if code and (code not in success or denied) and not repeats_status(answer, code):
            messages = [first_text(each, message_names) for each in (level, *levels)]
            raise PlatformRefusal(code, next(filter(None, messages), ""), answer_text(answer))
    if not answer.accepted:
        raise status_error(answer)
    if "" in codes and not any(codes):
        raise PlatformError(rows.CODE_UNREADABLE)
    return any(codes)


def result_code(fields: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The code in the first of the fields `names` that holds one; "" if none of those that are there holds one.

    None if none of them is there. A whole number is written without a fraction, whatever its notation was.
    """
    present = [fields[name] for name in names if name in fields]
    return next(filter(None, map(_code, present)), "") if present else None


def first_text(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The value, as text, of the first of the fields `names` that is filled; "" if none is."""
    values = (fields.get(name) for name in names)
    texts = (str(value) for value in values if isinstance(value, (str, int)) and not isinstance(value, bool))
    return next(filter(None, texts), "")


def unwrapped(text: str, what: str, *, surrogates: bool = False) -> Any:
    """JSON, read once more if it is a string that begins like an object: middle layers turn text into a string again.

    `surrogates` and errors are those of codec.loads.
    """
    value = codec.loads(text, what, surrogates=surrogates)
    if isinstance(value, str) and not isinstance(value, codec.Number) and codec.strip_word(value).startswith("{"):
        return codec.loads(value, what, surrogates=surrogates)
    return value


def check_characters(text: str) -> None:
    """PlatformError UNREADABLE_ANSWER if OutData has half a character, which no charset can write."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise PlatformError(rows.HALF_CHARACTER) from error


def _json_object(answer: HttpAnswer) -> dict[str, Any]:
    size = len(answer.body)
    text = decode_answer(answer.body, answer.charset)
    try:
        # A refusal survives half a character in its text; `check_characters` looks at what means success.
        value = None if text is None else unwrapped(text, "平台应答", surrogates=True)
    except HostError as error:
        if answer.encoding:
            raise _compressed(answer) from error
        start = (text or "").lstrip(_PADDING)
        if _PAGE.match(start):
            raise PlatformError(rows.A_PAGE, size=size) from error
        beginning = _BEGINNINGS.get(start[:1], _OTHER_BEGINNING)
        raise PlatformError(rows.NOT_JSON, size=size, beginning=beginning) from error
    if text is None:
        if answer.encoding:
            raise _compressed(answer)
        raise PlatformError(rows.NO_TEXT, size=size)
    if not isinstance(value, dict):
        raise PlatformError(rows.NOT_AN_OBJECT, size=size)
    return value


def _compressed(answer: HttpAnswer) -> PlatformError:
    name = answer.encoding.strip().lower()
    if _ENCODING.fullmatch(name):
        return PlatformError(rows.COMPRESSED, encoding=name, size=len(answer.body))
    return PlatformError(rows.COMPRESSED_SOMEHOW, size=len(answer.body))


def _code(value: Any) -> str:
    """A code as text; "" for what is none: null, true, an object."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return _whole(value) if isinstance(value, codec.Number) else str(value)


def _whole(number: str) -> str:
    """A number of JSON without its fraction and exponent, if nothing is lost: 500159.0 and 2E2 are whole, -0 is odd."""
    match = _DECIMAL.fullmatch(number)
    if match is None:
        return "0" if _ZERO.fullmatch(number) else str(number)
    fraction, shift = (match[2] or "").rstrip("0"), int(match[3] or 0)
    if len(fraction) > shift:
        return str(number)
    return (match[1] + fraction.ljust(shift, "0")).lstrip("0") or "0"
