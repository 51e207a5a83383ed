"""What both platforms share: the refusal, the record of a call, the reply; JSON parsed and written. No protocol."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Any

# Characters of a body that the record of a call keeps: the log keeps a thousand records.
_RECORDED = 300_000


class Refusal(Exception):
    """A platform refuses a request.

    Args:
        code: A code of VC appendix 1 or EC C.4.
        message: Text for the answer, "" for the meaning of the code in its table.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(slots=True)
class Call:
    """The record of one request in the log of calls. Data is fictitious and therefore not masked.

    `request` and `answer` are the texts on the wire; `request_content` and `answer_content` are the business fields in
    them, decrypted. `directives` applied to the call. `number` counts from 1, `at` is in seconds of the epoch, `ms` in
    milliseconds.
    """

    path: str = ""
    method: str = ""
    code: str = ""
    request: str = ""
    request_content: str = ""
    answer: str = ""
    answer_content: str = ""
    directives: str = ""
    number: int = 0
    at: float = 0.0
    ms: float = 0.0

    def as_record(self) -> dict[str, Any]:
        """Return the call under the names of `CALL_COLUMNS`."""
        return dict(zip(CALL_COLUMNS, astuple(self), strict=True))


# The fields of a Call, in order, as the JSON of /_sim/calls and the database name them. Both are interfaces: programs
# read them, and a state file may be older than this code.
CALL_COLUMNS = (
    "path", "method", "code", "request", "opened", "answer", "told", "wish", "number", "at", "ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlatformReply:
    """The body and type of an HTTP answer with status 200, and the record of the call."""

    body: bytes
    content_type: str
    call: Call


def body_excerpt(body: bytes) -> str:
    """Return a body as the record of a call keeps it: decoded, and cut where it is very long."""
    return body[: _RECORDED * 4].decode("utf-8", "replace")[:_RECORDED]


def parse_object(data: bytes) -> dict[str, Any]:
    """Parse UTF-8 `data` as a JSON object.

    Raises:
        Refusal: 9008: not UTF-8, not JSON, not an object, or text with half a surrogate pair.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        if b"\\u" in data:
            compact_json(value).encode("utf-8")
    except (ValueError, RecursionError):
        raise Refusal("9008", "报文读取错误：不是 UTF-8 编码的 JSON") from None
    if not isinstance(value, dict):
        raise Refusal("9008", "报文读取错误：不是 JSON 对象")
    return value


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact_json(value: Any) -> str:
    """Return compact JSON in which non-ASCII characters are not escaped."""
    return _ENCODER.encode(value)
