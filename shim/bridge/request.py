"""What a page asks: the name of an export and its parameters as JSON, by the rows of the exports; and the answer.

InData may be an object: it is written compactly, numbers as they came. A text is passed on as it is. Texts become bytes
of the DLLs' charset only in the process with the DLLs (`libraries`). No HTTP, no DLL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from shim import codec
from shim.bridge import refusals
from shim.bridge.refusals import BridgeRefusal
from shim.dialects.nation import parse_ec_request
from shim.errors import HostError
from shim.spec import EXPORT_BY_NAME, Export, Family, Parameter, Shape, find_method

MOST_BYTES = 1 << 20
"""Of a request: the longest message of the specifications has some thousands."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CONTROL = ("id", "call", "token")
_INT = 1 << 31  # a C int is below


@dataclass(frozen=True, slots=True)
class BridgeRequest:
    """One call that is asked for.

    Attributes:
        export: its row.
        id: the page's own number of it, by which it can cancel it; "" without one.
        values: the parameters that the host fills, in their order.
        may_scan: whether the DLL will ask for a code of the scanner.
    """

    export: Export
    id: str
    values: tuple[str | int, ...]
    may_scan: bool


def request_fields(data: bytes | str) -> dict[str, Any]:
    """The JSON object of a request; BridgeRefusal JSON."""
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        value = codec.loads(text, "request")
    except (HostError, UnicodeDecodeError):
        raise BridgeRefusal(refusals.JSON) from None
    if not isinstance(value, dict):
        raise BridgeRefusal(refusals.JSON)
    return value


def identifier(value: object) -> str:
    """The page's number of a call; "" without one.

    Raises:
        BridgeRefusal: IDENTIFIER.
    """
    if value is None:
        return ""
    if type(value) is not str or not _ID.fullmatch(value):  # NB: codec.Number is a str, too
        raise BridgeRefusal(refusals.IDENTIFIER)
    return value


def read_request(name: object, fields: dict[str, Any]) -> BridgeRequest:
    """The call of the export `name` with the parameters in `fields`.

    Raises:
        BridgeRefusal: CALL, FIELD, UNKNOWN_FIELD, IDENTIFIER.
    """
    export = EXPORT_BY_NAME.get(name) if isinstance(name, str) else None
    if export is None:
        shown = str(name)[:40] if isinstance(name, str) else ""
        raise BridgeRefusal(refusals.CALL, name=shown, names="、".join(EXPORT_BY_NAME))
    names = [row.name for row in export.inputs]
    for field in fields:
        if field not in names and field not in _CONTROL:
            shown = "、".join(names) or "无"
            raise BridgeRefusal(refusals.UNKNOWN_FIELD, call=export.name, field=field[:40], names=shown)
    values = tuple(_value(export, row, fields.get(row.name)) for row in export.inputs)
    return BridgeRequest(export, identifier(fields.get("id")), values, may_scan(export, values))


def _value(export: Export, row: Parameter, value: object) -> str | int:
    def refused(problem: str) -> BridgeRefusal:
        return BridgeRefusal(refusals.FIELD, call=export.name, field=row.name, problem=problem)

    if value is None:
        raise refused("没有写")
    if not row.is_text:
        if not isinstance(value, int) or isinstance(value, bool) or not -_INT <= value < _INT:
            raise refused("应为整数")
        return value
    if isinstance(value, dict) and row.name == "InData":
        text = codec.dumps(value)
    elif isinstance(value, str) and not isinstance(value, codec.Number):
        text = value
    else:
        raise refused("应为文字或 JSON 对象" if row.name == "InData" else "应为文字")
    if "\0" in text:
        raise refused("含有字符 NUL，C 语言的文本到此为止")
    return text


def may_scan(export: Export, values: tuple[str | int, ...]) -> bool:
    """Whether a call asks the scanner for a code: its method needs one, and the host has filled none in."""
    if export.shape is not Shape.TRANS:
        return False
    url, text = (str(value) for value in values)
    try:
        if export.family is Family.EC:
            asked = parse_ec_request(text, url)
            return asked.scans is not None and not _filled(asked.fields.get(asked.scans))
        envelope = codec.loads(text, "InData")
        method = find_method(str(envelope.get("method") or "")) if isinstance(envelope, dict) else None
        if method is None or method.scans is None:
            return False
        content = envelope.get("biz_content")
        content = codec.loads(content, "biz_content") if isinstance(content, str) else content
        return isinstance(content, dict) and not _filled(content.get(method.scans))
    except HostError:
        return False  # the DLL will refuse it


def _filled(value: object) -> bool:
    return bool(codec.strip_word(str(value or "")))


def result_object(result: dict[str, Any]) -> dict[str, Any]:
    """What the page gets: what the DLL gave, and OutData taken apart where it is a JSON object or list."""
    text = result.get("OutData")
    if not isinstance(text, str):
        return result
    try:
        data = codec.loads(text, "OutData")
    except HostError:
        data = None
    return {**result, "data": data if isinstance(data, dict | list) else None}
