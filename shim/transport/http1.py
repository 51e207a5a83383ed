"""HTTP/1.1 as one client needs it: the bytes of a POST, and a reader of answers.

The reader is as lenient as browsers are about how an answer is written (line ends, odd header lines, repeated lengths,
interim answers), and exact about where it ends: what comes after the end, and an answer without one, are always seen.
After an answer that needed leniency the connection is not used again: who writes oddly may also end oddly.
No sockets: the reader asks a function for more bytes. Used by `sockets`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_MAX_HEAD = 256 * 1024  # bytes of all heads of an answer, interim ones included
_USUAL_HEAD = 32 * 1024  # bytes
_STATUS_LINE = re.compile(rb"HTTP/(\d)(?:\.(\d))?[ \t]+([1-9]\d\d)(?!\d)")
_USUAL_STATUS_LINE = re.compile(rb"HTTP/1\.[01] \d{3}(?: [^\x00-\x08\x0a-\x1f\x7f]{0,500})?")
_USUAL_HEADER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00-\x08\x0a-\x1f\x7f]*")
# A head of nothing but usual lines, read at once: 9 µs for eight lines, a line at a time 20.
_WHOLE_USUAL_HEAD = re.compile(
    rb"HTTP/1\.([01]) ([2-9]\d\d)(?: [^\x00-\x08\x0a-\x1f\x7f]{0,500}+)?\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[^\x00-\x08\x0a-\x1f\x7f]*+\r\n)*+)\r\n"
)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;|$)")
_USUAL_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}(?:;[\x20-\x7e]*)?")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"',]+)", re.IGNORECASE)
_TIMEOUT = re.compile(r"timeout\s*=\s*(\d{1,6})", re.IGNORECASE)
_NO_BODY = frozenset({204, 304})


class NotHttpError(Exception):
    """What came is no HTTP answer, or is one whose length cannot be told. `beginning` is its first bytes."""

    def __init__(self, beginning: bytes) -> None:
        super().__init__()
        self.beginning = beginning


class AnswerCutError(Exception):
    """The connection ended inside an answer, after `count` bytes of the body. Not raised where no byte of it came."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class AnswerTooLongError(Exception):
    """The body has more than the limit."""


@dataclass(frozen=True, slots=True)
class Received:
    """One whole answer.

    Attributes:
        headers: by lower-case name, every value of it in order.
        body: with its content encoding.
        reusable: the connection may serve another request: the answer was written as usual and had an end of its own,
            nothing came after it, and the server does not close.
        keep_seconds: how long the server says it keeps an idle connection; None if it does not say.
    """

    status: int
    headers: dict[str, list[str]]
    body: bytes
    reusable: bool
    keep_seconds: int | None

    @property
    def charset(self) -> str:
        """The charset that Content-Type declares, lower case; "" for none."""
        return declared_charset(self.first("content-type"))

    def first(self, name: str) -> str:
        """The first value of the header `name`; "" if there is none."""
        values = self.headers.get(name)
        return values[0] if values else ""

    def words(self, name: str) -> list[str]:
        """The comma-separated words of all values of the header `name`, lower case, without quotes."""
        return _words(self.headers, name)


def declared_charset(content_type: str) -> str:
    """The charset that a Content-Type declares, lower case; "" for none."""
    match = _CHARSET.search(content_type)
    return match[1].lower() if match else ""


def with_headers(headers: list[tuple[str, str]], more: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """`headers` and `more`; one of `more` takes the place of that of the same name, in whatever case."""
    instead = {name.lower(): (name, value) for name, value in more}
    before = [instead.pop(name.lower(), (name, value)) for name, value in headers]
    return [*before, *instead.values()]


def request_head(method: str, target: str, headers: list[tuple[str, str]]) -> bytes:
    """The head of a request, with the blank line. Values are written in Latin-1, anything else as a question mark."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def read_answer(receive: Callable[[], bytes], limit: int) -> Received:
    """Read one answer.

    Args:
        receive: returns the next bytes, b"" at the end of the stream; what it raises passes through.
        limit: of the body, in bytes.

    Raises:
        NotHttpError: see there.
        AnswerCutError: see there.
        AnswerTooLongError: the body has more than `limit` bytes.
        EOFError: the connection ended before the first byte of an answer.
    """
    return _Reader(receive, limit).answer()


def read_tunnel(receive: Callable[[], bytes]) -> tuple[int, bool]:
    """Read a proxy's answer to CONNECT: its status, and whether nothing came after its head.

    Raises: as `read_answer`.
    """
    reader = _Reader(receive, 0)
    status, _, _ = reader.head()
    return status, not reader.buffer


class _Reader:
    """The state of one answer: bytes that came and were not read yet."""

    def __init__(self, receive: Callable[[], bytes], limit: int) -> None:
        self.buffer = bytearray()
        self._receive = receive
        self._limit = limit
        self._head_bytes = 0
        self._began = False
        self._odd = False
        self._line_feed_alone = False  # the end of the last line
        self._body = bytearray()

    def answer(self) -> Received:
        status, version, headers = self.head()
        exact = self._read_body(status, headers)
        connection = _words(headers, "connection")
        kept = "close" not in connection and (version >= (1, 1) or "keep-alive" in connection)
        usual = not self._odd and self._head_bytes <= _USUAL_HEAD
        match = _TIMEOUT.search(", ".join(headers["keep-alive"])) if "keep-alive" in headers else None
        return Received(
            status,
            headers,
            bytes(self._body),
            exact and kept and usual and not self.buffer,
            int(match[1]) if match else None,
        )

    def head(self) -> tuple[int, tuple[int, int], dict[str, list[str]]]:
        """The first head that is no interim answer: status, version, headers."""
        while True:
            usual = self._usual_head()
            if usual is not None:
                return usual
            line = self._status_line()
            match = _STATUS_LINE.match(line)
            if match is None:
                raise NotHttpError(line[:8])
            self._odd |= _USUAL_STATUS_LINE.fullmatch(line) is None
            status, headers = int(match[3]), self._headers()
            if status == 101 or not 100 <= status < 200:
                return status, (int(match[1]), int(match[2] or b"0")), headers

    # ---- head --------------------------------------------------------------------------------------------------------

    def _usual_head(self) -> tuple[int, tuple[int, int], dict[str, list[str]]] | None:
        """The head, if all of it is there and written as usual, and it is no interim one; None, and nothing is read."""
        if not self.buffer:
            self._more()
        match = _WHOLE_USUAL_HEAD.match(self.buffer)
        if match is None or match.end() > _USUAL_HEAD:
            return None
        minor, status, lines, size = int(match[1]), int(match[2]), match[3].decode("latin-1"), match.end()
        headers: dict[str, list[str]] = {}
        for line in lines.split("\r\n")[:-1]:
            name, _, value = line.partition(":")
            headers.setdefault(name.lower(), []).append(value.strip(" \t"))
        del self.buffer[:size]
        self._count(size)
        self._judge_lengths(headers)
        return status, (1, minor), headers

    def _status_line(self) -> bytes:
        """The first line that is not empty; anything that cannot become a status line is refused at once."""
        while True:
            while self.buffer.startswith((b"\r", b"\n")):
                self._odd = True
                del self.buffer[:1]
                self._count(1)
            if not b"HTTP/".startswith(self.buffer[:5]):
                raise NotHttpError(bytes(self.buffer[:8]))
            if b"\n" in self.buffer:
                return self._line()
            self._more()

    def _headers(self) -> dict[str, list[str]]:
        headers: dict[str, list[str]] = {}
        values: list[str] = []
        while line := self._line():
            self._odd |= _USUAL_HEADER.fullmatch(line) is None
            if line[:1] in (b" ", b"\t"):  # folded: it goes on with the value before it
                if values:
                    values[-1] = f"{values[-1]} {line.strip().decode('latin-1')}".strip()
                continue
            name, colon, value = line.partition(b":")
            if not colon:
                values = []  # no header; what is folded after it belongs to nothing
                continue
            values = headers.setdefault(name.strip().decode("latin-1").lower(), [])
            values.append(value.strip().decode("latin-1"))
        self._judge_lengths(headers)
        return headers

    def _judge_lengths(self, headers: dict[str, list[str]]) -> None:
        lengths = headers.get("content-length", [])
        self._odd |= len(lengths) > 1 or not all(map(str.isdigit, lengths))

    def _line(self) -> bytes:
        """The next line of a head, without its end."""
        start = 0
        while (end := self.buffer.find(b"\n", start)) < 0:
            start = len(self.buffer)
            self._more()
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        self._count(end + 1)
        self._line_feed_alone = not line.endswith(b"\r")
        self._odd |= self._line_feed_alone
        return line.rstrip(b"\r")

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > _MAX_HEAD:
            raise NotHttpError(b"")

    def _more(self) -> None:
        """Bytes of a head."""
        if len(self.buffer) > _MAX_HEAD:
            raise NotHttpError(b"")
        if not self._fill():
            if not self._began:
                raise EOFError
            raise AnswerCutError(0)

    def _fill(self) -> bool:
        data = self._receive()
        self.buffer += data
        self._began = self._began or bool(data)
        return bool(data)

    # ---- body --------------------------------------------------------------------------------------------------------

    def _read_body(self, status: int, headers: dict[str, list[str]]) -> bool:
        """Read the body; whether it had an end of its own."""
        length = _length(headers)
        if status in _NO_BODY:
            return True
        codings = [word for word in _words(headers, "transfer-encoding") if word != "identity"]
        if "chunked" in codings:
            self._read_chunks()
            return length is None  # two ends: which one the server meant is not certain
        if length is None or codings:
            self._read_to_the_end()
            return False
        self._read_exactly(length)
        return True

    def _read_chunks(self) -> None:
        while True:
            line = self._body_line()
            match = _CHUNK_SIZE.match(line)
            if match is None:
                raise NotHttpError(b"")
            self._odd |= _USUAL_CHUNK_SIZE.fullmatch(line) is None
            size = int(match[1], 16)
            if size == 0:
                break
            line_feed_alone = self._line_feed_alone
            self._read_exactly(len(self._body) + size)
            if self._body_line() or self._line_feed_alone != line_feed_alone:
                raise NotHttpError(b"")  # a line ends as its size did, or the size is not the chunk's
        try:
            while self._line():  # trailers
                continue
        except AnswerCutError:
            return  # the last chunk was there: the body is whole, and the connection is closed anyway

    def _body_line(self) -> bytes:
        try:
            return self._line()
        except AnswerCutError as error:
            raise AnswerCutError(len(self._body)) from error

    def _read_exactly(self, total: int) -> None:
        """Read until the body has `total` bytes."""
        if total > self._limit:
            raise AnswerTooLongError
        while True:
            wanted = total - len(self._body)
            self._body += self.buffer[:wanted]
            del self.buffer[:wanted]
            if len(self._body) == total:
                return
            if not self._fill():
                raise AnswerCutError(len(self._body))

    def _read_to_the_end(self) -> None:
        while True:
            self._body += self.buffer
            self.buffer.clear()
            if len(self._body) > self._limit:
                raise AnswerTooLongError
            if not self._fill():
                return


def _length(headers: dict[str, list[str]]) -> int | None:
    """What Content-Length says; None if there is none. NotHttpError if it says two things, or none that is a length."""
    words = [word.strip() for value in headers.get("content-length", []) for word in value.replace('"', "").split(",")]
    if not all(word.isascii() and word.isdigit() and len(word) <= 20 for word in words):
        raise NotHttpError(b"")
    lengths = set(map(int, words))
    if len(lengths) > 1:
        raise NotHttpError(b"")
    return lengths.pop() if lengths else None


def _words(headers: dict[str, list[str]], name: str) -> list[str]:
    values = headers.get(name, [])
    return [word for value in values for word in (part.strip(" \t\"'").lower() for part in value.split(",")) if word]
