"""Answers of HTTP/1.1 as bytes, right and in ways that are slightly off. No sockets and no faults (`rows`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

Framing = Literal["length", "chunked", "close"]
JSON_TYPE = "Content-Type: application/json; charset=UTF-8"


def compact(value: Any) -> bytes:
    """JSON as UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def head(status: str, lines: Sequence[str | bytes]) -> bytes:
    """The status line, the header lines and the empty line."""
    rows = [line if isinstance(line, bytes) else line.encode("latin-1") for line in (f"HTTP/1.1 {status}", *lines)]
    return b"\r\n".join(rows) + b"\r\n\r\n"


def http(
    body: bytes,
    *,
    status: str = "200 OK",
    lines: Sequence[str | bytes] = (JSON_TYPE,),
    framing: Framing = "length",
) -> bytes:
    """A whole answer. With framing `close` it ends where the connection does."""
    match framing:
        case "length":
            return head(status, (*lines, f"Content-Length: {len(body)}")) + body
        case "chunked":
            return head(status, (*lines, "Transfer-Encoding: chunked")) + chunked(body)
        case _:
            return head(status, (*lines, "Connection: close")) + body


def chunked(body: bytes, size: int = 37, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    """A body in chunks of `size` bytes, with the last chunk."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    data = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces)
    return data + b"0\r\n" + trailer + b"\r\n"
