"""The bytes that are posted, of fields in their order: form, blanks, escapes, charset, what stands around them. Pure.

For both DLLs: the columns body_… of a dialect, and the keys ec_body_… of [wire]. Not here: which fields there are, and
their order (`envelope`, `nation`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shim import codec
from shim.code_page import encode_936
from shim.dialects.dialect import Dialect
from shim.dialects.json_styles import JsonText, styled_json
from shim.once import once_for_each

ENDS: Mapping[str, str] = {"none": "", "lf": "\n", "crlf": "\r\n", "nul": "\0"}
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BodyStyle:
    """How a body is written; the fields are the columns body_… of `Dialect`."""

    form: str = "json"
    charset: str = "utf-8"
    spaces: str = "none"
    escape: str = "none"
    empty: str = "keep"
    values: str = "as-is"
    mark: str = "none"
    end: str = "none"


def written_body(style: BodyStyle, fields: Mapping[str, Any]) -> bytes:
    """The body for `fields`. A character that the charset lacks becomes a question mark."""
    return enclosed(style, body_text(style, fields))


def body_text(style: BodyStyle, fields: Mapping[str, Any]) -> str:
    """The text of the body for `fields`."""
    sent = fields if style.values == "as-is" else {name: as_text(value, style.values) for name, value in fields.items()}
    if style.empty == "drop":
        sent = {name: value for name, value in sent.items() if value is not None and value != ""}
    return _form(style, sent) if style.form == "form" else styled_json(sent, spaces=style.spaces, escape=style.escape)


@once_for_each
def body_style(dialect: Dialect) -> BodyStyle:
    """The columns body_… of a dialect."""
    return BodyStyle(
        dialect.body_form,
        dialect.body_charset,
        dialect.body_spaces,
        dialect.body_escape,
        dialect.body_empty,
        dialect.body_values,
        dialect.body_mark,
        dialect.body_end,
    )


def enclosed(style: BodyStyle, text: str) -> bytes:
    """The bytes for the text of a body, with what stands around it."""
    data = _encoded(f"{text}{ENDS[style.end]}", style.charset)
    return data if style.mark == "none" else _MARK + data


def _encoded(text: str, charset: str) -> bytes:
    return text.encode("utf-8", "replace") if charset == "utf-8" else encode_936(text)


def as_text(value: Any, rule: str) -> Any:
    """A number or boolean as a string, null too where the rule is ``text-null``; other values, and all with ``as-is``,
    unchanged."""
    if rule == "as-is" or isinstance(value, JsonText):
        return value
    if value is None:
        return "" if rule == "text-null" else None
    if isinstance(value, (bool, int, codec.Number)):
        return str(codec.dumps(value))
    return value


def as_texts(value: Any, rule: str) -> Any:
    """The same for all values in an object or a list, however deep."""
    if rule == "as-is":
        return value
    if isinstance(value, dict):
        return {name: as_texts(item, rule) for name, item in value.items()}
    if isinstance(value, list):
        return [as_texts(item, rule) for item in value]
    return as_text(value, rule)


def _form(style: BodyStyle, fields: Mapping[str, Any]) -> str:
    from urllib.parse import quote_plus  # only for dialects that need it

    def coded(value: Any) -> str:
        text = "" if value is None else value if isinstance(value, str) else codec.dumps(value)
        return quote_plus(_encoded(text, style.charset))

    return "&".join(f"{coded(name)}={coded(value)}" for name, value in fields.items())
