"""The recorded bytes of a connection as HTTP messages: requests with their answers. Offline and pure.

The reader is lenient: what a platform or a vendor's DLL wrote was understood by the other side, so that nothing here
refuses it. The bytes may begin and end amid a message, because a kept connection is divided between calls. Not here:
passing bytes on (`recorder`), and what the bodies mean (shim/dialects). Used by learn, replay and shadow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shim.capture.record import Traffic
from shim.transport.content_encoding import UnpackedTooLongError, unpacked

_MAX_UNPACKED = 64 * 1024 * 1024  # bytes; what is larger stays packed
_REQUEST_LINE = re.compile(
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40})[ \t]+([^\r\n]*?)[ \t]+(HTTP/\d(?:\.\d)?)[ \t]*\r?(?:\n|$)"
)
_STATUS_LINE = re.compile(rb"(HTTP/\d(?:\.\d)?)[ \t]+([1-9]\d\d)(?!\d)[^\r\n]*\r?(?:\n|$)")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[^\r\n]*\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})

Headers = tuple[tuple[str, str], ...]
"""Names and values in their order and case, in Latin-1, without the blanks around them; a folded value is joined."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    Attributes:
        origin: as in Traffic.
        method, target, version: the words of the request line, as ``POST``, ``/path?query``, ``HTTP/1.1``.
        headers: of the request.
        body: of the request, without its chunks.
        sent: the request as it passed: head and body.
        sent_whole: whether the request is there up to its end.
        chunked: whether its body was sent in chunks.
        interim: the statuses of 1xx answers before the answer.
        status: of the answer; 0 where none was recorded.
        answer_version, answer_headers: of the answer.
        answer_body: without its chunks and content encodings.
        answer_encoding: the content encoding that could not be taken off; "" for none.
        received: the answer as it passed, its interim answers included.
        answer_whole: whether the answer is there up to its end. One that ends with the connection counts as whole.
    """

    origin: str
    method: str
    target: str
    version: str
    headers: Headers
    body: bytes
    sent: bytes
    sent_whole: bool
    chunked: bool = False
    interim: tuple[int, ...] = ()
    status: int = 0
    answer_version: str = ""
    answer_headers: Headers = ()
    answer_body: bytes = b""
    answer_encoding: str = ""
    received: bytes = b""
    answer_whole: bool = False

    @property
    def answer_ends(self) -> bool:
        """Whether the answer has an end of its own; False: it ends with the connection."""
        if self.method == "HEAD" or self.status in (204, 304):
            return True
        return "chunked" in _words(self.answer_headers, "transfer-encoding") or _length(self.answer_headers) is not None

    def header(self, name: str) -> str | None:
        """The first value of a header of the request; None if there is none. Names are compared without case."""
        return header_value(self.headers, name)

    def answer_header(self, name: str) -> str | None:
        """The first value of a header of the answer; None if there is none."""
        return header_value(self.answer_headers, name)


def header_value(headers: Headers, name: str) -> str | None:
    """The first value of the header `name`, in any case; None if there is none."""
    wanted = name.lower()
    return next((value for each, value in headers if each.lower() == wanted), None)


def exchanges(traffic: Traffic) -> list[Exchange]:
    """The requests of a connection, in order, each with its answer.

    What stands before the first request and before the first answer belongs to an earlier call and is left out. Bytes
    that are no HTTP give an empty list.
    """
    requests = list(_requests(traffic))
    answers = _Answers(traffic.received)
    return [answers.answered(request) for request in requests]


# ---- requests --------------------------------------------------------------------------------------------------------


def _requests(traffic: Traffic) -> Iterator[Exchange]:
    data, at = traffic.sent, 0
    while (line := _next_line(_REQUEST_LINE, data, at)) is not None:
        start = line.start()
        headers, after_head, whole_head = _head(data, line.end())
        method = line[1].decode("ascii")
        body, at, whole = b"", after_head, whole_head
        chunked = "chunked" in _words(headers, "transfer-encoding")
        length = _length(headers)
        if not whole_head:
            at = len(data)
        elif method == "CONNECT":
            body, at = data[after_head:], len(data)
        elif chunked:
            body, at, whole = _chunks(data, after_head)
        elif length is not None:
            body, at = data[after_head : after_head + length], min(after_head + length, len(data))
            whole = len(body) == length
        elif method in _BODY_METHODS and _REQUEST_LINE.match(data, _skip_blank_lines(data, after_head)) is None:
            body, at = data[after_head:], len(data)  # ended by closing
        yield Exchange(
            traffic.origin, method, line[2].decode("latin-1"), line[3].decode("ascii"), headers, body,
            data[start:at], whole, chunked,
        )  # fmt: skip


# ---- answers ---------------------------------------------------------------------------------------------------------


class _Answers:
    """The answers in the bytes that a platform sent, taken one by one."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def answered(self, request: Exchange) -> Exchange:
        """`request` with the next answer, or with none."""
        data = self._data
        interim: list[int] = []
        start: int | None = None
        while (line := _next_line(_STATUS_LINE, data, self._at)) is not None:
            start = line.start() if start is None else start
            headers, after_head, whole = _head(data, line.end())
            status = int(line[2])
            if whole and status != 101 and 100 <= status < 200:
                interim.append(status)
                self._at = after_head
                continue
            body, self._at, whole = self._body(request.method, status, headers, after_head, whole)
            plain, encoding = _unpacked(body, headers)
            return replace(
                request, interim=tuple(interim), status=status, answer_version=line[1].decode("ascii"),
                answer_headers=headers, answer_body=plain, answer_encoding=encoding, received=data[start : self._at],
                answer_whole=whole,
            )  # fmt: skip
        received = data[start : self._at] if start is not None else b""
        return replace(request, interim=tuple(interim), received=received)

    def _body(self, method: str, status: int, headers: Headers, at: int, whole_head: bool) -> tuple[bytes, int, bool]:
        """The body at `at`, where it ends, and whether all of it is there."""
        data = self._data
        if not whole_head:
            return b"", len(data), False
        if status == 101 or (method == "CONNECT" and status < 300):
            return data[at:], len(data), True
        if method == "HEAD" or status in (204, 304):
            return b"", at, True
        codings = [word for word in _words(headers, "transfer-encoding") if word != "identity"]
        if "chunked" in codings:
            return _chunks(data, at)
        length = _length(headers)
        if length is None or codings:
            return data[at:], len(data), True
        body = data[at : at + length]
        return body, at + len(body), len(body) == length


def _unpacked(body: bytes, headers: Headers) -> tuple[bytes, str]:
    labels = _words(headers, "content-encoding")
    try:
        return unpacked(body, labels, _MAX_UNPACKED)
    except UnpackedTooLongError:
        return body, labels[-1] if labels else "gzip"


# ---- both ------------------------------------------------------------------------------------------------------------


def _next_line(pattern: re.Pattern[bytes], data: bytes, at: int) -> re.Match[bytes] | None:
    """The first line from `at` on, at the start of a line or at `at` itself, that fits; None if there is none."""
    at = _skip_blank_lines(data, at)
    while at < len(data):
        match = pattern.match(data, at)
        if match is not None:
            return match
        end = data.find(b"\n", at)
        if end < 0:
            return None
        at = end + 1
    return None


def _skip_blank_lines(data: bytes, at: int) -> int:
    while data[at : at + 1] in (b"\r", b"\n"):
        at += 1
    return at


def _head(data: bytes, at: int) -> tuple[Headers, int, bool]:
    """The headers that begin at `at`, behind the first line; where they end, and whether they do."""
    blank = _BLANK_LINE.search(data, max(at - 1, 0))
    whole = blank is not None
    end = blank.end() if blank is not None else len(data)
    pairs: list[tuple[str, str]] = []
    for raw in _LINE_END.split(data[at:end]):
        line = raw.decode("latin-1")
        if line[:1] in (" ", "\t") and pairs:
            name, value = pairs[-1]
            pairs[-1] = name, f"{value} {line.strip()}".strip()
            continue
        name, colon, value = line.partition(":")
        if colon:
            pairs.append((name.strip(), value.strip()))
    return tuple(pairs), end, whole


def _chunks(data: bytes, at: int) -> tuple[bytes, int, bool]:
    """A body in chunks that begins at `at`, where it ends, and whether its last chunk is there."""
    parts: list[bytes] = []
    while (line := _CHUNK_SIZE.match(data, at)) is not None:
        size, at = int(line[1], 16), line.end()
        if size == 0:
            return b"".join(parts), _after_trailers(data, at), True
        parts.append(data[at : at + size])
        if at + size > len(data):
            break
        at += size
        end = _LINE_END.match(data, at)
        if end is None:
            break
        at = end.end()
    return b"".join(parts), len(data), False


def _after_trailers(data: bytes, at: int) -> int:
    """Where a body in chunks ends whose last chunk ends at `at`."""
    while at < len(data):
        end = _LINE_END.search(data, at)
        if end is None:
            return len(data)
        blank = end.start() == at
        if not blank and b":" not in data[at : end.start()]:
            return at  # the next message: the blank line was left out
        at = end.end()
        if blank:
            return at
    return at


def _words(headers: Headers, name: str) -> list[str]:
    """The comma-separated words of all values of the header `name`, lower case."""
    values = [value for each, value in headers if each.lower() == name]
    return [word for value in values for word in (part.strip(" \t\"'").lower() for part in value.split(",")) if word]


def _length(headers: Headers) -> int | None:
    """What Content-Length says first; None if there is none, or none that is a number."""
    words: Sequence[str] = _words(headers, "content-length")
    return int(words[0]) if words and words[0].isascii() and words[0].isdigit() and len(words[0]) < 16 else None
