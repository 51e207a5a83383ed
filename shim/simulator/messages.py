"""What both platforms say and note: a refusal, the note of a call, the reply; JSON read and written. No protocol.

L3; used by every other module of the simulator.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

# Characters of a request or an answer that a note keeps: a thousand notes are held.
_KEPT = 300_000


class Refusal(Exception):
    """The platform says no: a code of its table, and words of its own where the table's do not say enough."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(slots=True)
class Call:
    """What one request was: for the log of calls. Fictitious data, so shown whole.

    `request` and `answer` are the wire texts, `opened` and `told` the deciphered contents of both; `wish` is what was
    asked of the simulator. `number` counts from 1, `at` is in seconds of the epoch.
    """

    path: str = ""
    method: str = ""
    code: str = ""
    request: str = ""
    opened: str = ""
    answer: str = ""
    told: str = ""
    wish: str = ""
    number: int = 0
    at: float = 0.0
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back with HTTP status 200, and the note of the call."""

    body: bytes
    content_type: str
    call: Call


def kept(data: bytes) -> str:
    """A body as the note of a call shows it: text, cut where it is very long."""
    return data[: _KEPT * 4].decode("utf-8", "replace")[:_KEPT]


def read_object(data: bytes) -> dict[str, Any]:
    """The JSON object in UTF-8 `data`. Refusal 9008 for anything else, half a surrogate pair included."""
    try:
        value = json.loads(data.decode("utf-8"))
        if b"\\u" in data:
            dump(value).encode("utf-8")
    except (ValueError, RecursionError):
        raise Refusal("9008", "报文读取错误：不是 UTF-8 编码的 JSON") from None
    if not isinstance(value, dict):
        raise Refusal("9008", "报文读取错误：不是 JSON 对象")
    return value


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dump(value: Any) -> str:
    """Compact JSON, characters as they are."""
    return _ENCODER.encode(value)
