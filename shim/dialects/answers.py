"""Reading an answer's JSON, whatever names its platform uses for code and message. Pure; for both DLLs' modules.

Not here: methods and ciphers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shim import codec
from shim.errors import HostError, PlatformError, Reason
from shim.http_answer import HttpAnswer


def parse_answer(answer: HttpAnswer) -> dict[str, Any]:
    """The JSON object in an answer: UTF-8, else GB18030.

    Raises:
        PlatformError: EMPTY_ANSWER, or UNREADABLE_ANSWER with a word about what came instead.
    """
    body = answer.body
    if not body.strip():
        raise PlatformError(Reason.EMPTY_ANSWER, "平台应答为空，请确认交易状态，并联系平台")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("gb18030", "replace")
    try:
        value = codec.loads(text, "平台应答")
    except HostError as error:
        raise PlatformError(
            Reason.UNREADABLE_ANSWER,
            f"平台应答不是合法的 JSON（{len(body)} 字节，以 {_beginning(text)} 开头），请核对请求地址，并确认交易状态",
        ) from error
    if not isinstance(value, dict):
        raise PlatformError(Reason.UNREADABLE_ANSWER, f"平台应答不是 JSON 对象（{len(body)} 字节），请核对请求地址")
    return value


def first_value(answer: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The value, as text, of the first of the fields `names` that has one; None if none has."""
    for name in names:
        value = answer.get(name)
        if value is not None and value != "" and not isinstance(value, (dict, list)):
            return str(value)
    return None


def _beginning(text: str) -> str:
    start = text.lstrip()[:1]
    return {"<": "HTML 或 XML", "{": "左花括号", "[": "左方括号"}.get(start, "其他字符")
