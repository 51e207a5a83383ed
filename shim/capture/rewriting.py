"""What the vendor's DLL sends, divided into requests as it comes, with the platform's name put back into their heads.

Only three things are changed: the value of a Host header that is the recorder's, a target in absolute form that begins
with the recorder's address, and the random prefix of a path. Everything else, odd line ends included, is passed on as
it came; what is no HTTP is not touched at all. Pure: no sockets. Used by tee.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from enum import Enum, auto

_LONGEST_HEAD = 256 * 1024  # bytes
_TLS_HANDSHAKE = b"\x16"  # the type of the first record; no text begins with it
_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40})([ \t]+)([^\r\n]*?)([ \t]+HTTP/\d(?:\.\d)?[ \t]*\r?\n)")
_BEGINNING = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}(?:[ \t]|\Z)")
_HEAD_END = re.compile(rb"\n\r?\n")
_HOST = re.compile(rb"(?im)^(host[ \t]*:[ \t]*(?:\r?\n[ \t]+)?)([^\r\n]*?)([ \t]*\r?)$")
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$")
_CODING = re.compile(rb"(?im)^transfer-encoding[ \t]*:([^\r\n]*)\r?$")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;|\r?\n)")


@dataclass(frozen=True, slots=True)
class Names:
    """Whose name stands where.

    Attributes:
        own: host and port of the recorder, as the handed-over address has them.
        prefix: the random beginning of the path, b"" for none.
        host: the platform's host as strUrl has it.
        authority: the same with the port, where it is not the scheme's own.
        origin: scheme, host and port as strUrl has them.
        forwarded: the beginning of every target where an HTTP proxy is in between, else b"".
        extra: header lines that the proxy wants.
    """

    own: bytes
    prefix: bytes
    host: bytes
    authority: bytes
    origin: bytes
    forwarded: bytes = b""
    extra: bytes = b""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes to be passed on, what is recorded of them, and whether a request begins with them."""

    forward: bytes
    record: bytes
    begins: bool = False


class PrefixMissing(Exception):
    """A request whose path does not begin with the random prefix."""


class TlsBegun(Exception):
    """The vendor's DLL speaks TLS, whatever the scheme of the address: it would not accept who answers."""


class _State(Enum):
    HEAD = auto()
    BODY = auto()
    CHUNK_SIZE = auto()
    CHUNK = auto()
    CHUNK_END = auto()
    TRAILERS = auto()
    BLIND = auto()


class RequestStream:
    """The requests of one connection. One thread.

    Args:
        names: gives the names that hold when a head has come.
    """

    def __init__(self, names: Callable[[], Names]) -> None:
        self._names = names
        self._state = _State.HEAD
        self._held = bytearray()  # of a head, or of a line of a chunked body
        self._searched = 0
        self._left = 0  # bytes of the body or the chunk
        self._blind = False  # whether a blind request has begun
        self._lead: bytes | None = b""  # blank lines before the first request; None once that has begun

    @property
    def between(self) -> bool:
        """Whether a request has ended and none has begun."""
        return self._state is _State.HEAD and not self._held

    def feed(self, data: bytes) -> Iterator[Piece]:
        """What may be passed on now that `data` has come. To be used up before the next call.

        Raises:
            PrefixMissing, TlsBegun: see there; nothing of the request was given.
        """
        at = 0
        while at < len(data):
            state = self._state
            if state is _State.HEAD:
                self._held += data[at:]
                at = len(data)
                rest = yield from self._head()
                if rest:
                    data, at = rest, 0
            elif state is _State.BLIND:
                yield self._blindly(data[at:])
                at = len(data)
            elif state in (_State.BODY, _State.CHUNK):
                part = data[at : at + self._left]
                self._left -= len(part)
                at += len(part)
                if not self._left:
                    self._state = _State.HEAD if state is _State.BODY else _State.CHUNK_END
                yield Piece(part, part)
            else:
                end = data.find(b"\n", at) + 1 or len(data)
                part = data[at:end]
                at = end
                self._line(part)
                yield Piece(part, part)

    def finish(self) -> Iterator[Piece]:
        """What was held back, as the connection has ended."""
        held, self._held = (self._lead or b"") + self._held, bytearray()
        if held and self._state is _State.HEAD:
            if self._names().prefix:
                raise PrefixMissing
            yield Piece(held, held, begins=True)

    # ---- heads -------------------------------------------------------------------------------------------------------

    def _head(self) -> Generator[Piece, None, bytes]:
        """Take the head off what is held if it is whole; returns what follows it."""
        held = self._held
        blank = len(held) - len(held.lstrip(b"\r\n"))
        if blank:  # some clients end a body by a line of their own
            lines = bytes(held[:blank])
            del held[:blank]
            self._searched = 0
            if self._lead is None:
                yield Piece(lines, lines)
            else:
                self._lead += lines
        if not held:
            return b""
        if not self._may_be_http():
            return (yield from self._give_up())
        end = _HEAD_END.search(held, max(self._searched - 3, 0))
        if end is None:
            self._searched = len(held)
            if len(held) > _LONGEST_HEAD:
                return (yield from self._give_up())
            return b""
        head, rest = bytes(held[: end.end()]), bytes(held[end.end() :])
        self._held, self._searched = bytearray(), 0
        yield self._request(head)
        return rest

    def _may_be_http(self) -> bool:
        """Whether what is held may be the beginning of a request."""
        first = self._held.find(b"\n") + 1
        if first:
            return _REQUEST_LINE.match(self._held) is not None
        return _BEGINNING.match(self._held) is not None

    def _give_up(self) -> Generator[Piece, None, bytes]:
        """Pass everything on as it is from now on."""
        if self._held[:1] == _TLS_HANDSHAKE:
            raise TlsBegun
        self._state = _State.BLIND
        held, self._held = bytes(self._held), bytearray()
        yield self._blindly(held)
        return b""

    def _blindly(self, data: bytes) -> Piece:
        begins, self._blind = not self._blind, True
        data, self._lead = (self._lead or b"") + data, None
        if begins and self._names().prefix:
            raise PrefixMissing
        return Piece(data, data, begins)

    def _request(self, head: bytes) -> Piece:
        names = self._names()
        line = _REQUEST_LINE.match(head)
        assert line is not None  # _may_be_http has looked at it
        method, blanks, target, end = line.groups()
        target = _target(target, names)
        fields = head[line.end() :]
        self._begin_body(method, fields)
        lead, self._lead = self._lead or b"", None
        forward = names.forwarded + target if names.forwarded and target.startswith(b"/") else target
        return Piece(
            b"".join(
                (lead, method, blanks, forward, end, names.extra, _HOST.sub(lambda row: _host(row, names), fields))
            ),
            b"".join((lead, method, blanks, target, end, fields)),
            begins=True,
        )

    def _begin_body(self, method: bytes, fields: bytes) -> None:
        codings = b",".join(_CODING.findall(fields)).lower()
        length = _LENGTH.search(fields)
        self._state = _State.HEAD
        if method.upper() == b"CONNECT":
            self._state, self._blind = _State.BLIND, True
        elif b"chunked" in codings:
            self._state = _State.CHUNK_SIZE
        elif length is not None and length[1].isdigit() and len(length[1]) < 16:
            self._left = int(length[1])
            if self._left:
                self._state = _State.BODY

    # ---- chunks ------------------------------------------------------------------------------------------------------

    def _line(self, part: bytes) -> None:
        """Note a line, or a part of one, of a chunked body."""
        self._held += part
        if not part.endswith(b"\n") and len(self._held) < _LONGEST_HEAD:
            return
        line, self._held = bytes(self._held), bytearray()
        blank = not line.strip(b"\r\n")
        if self._state is _State.CHUNK_SIZE:
            size = _CHUNK_SIZE.match(line)
            self._left = int(size[1], 16) if size else 0
            self._state = _State.BLIND if size is None else _State.CHUNK if self._left else _State.TRAILERS
            self._blind = size is None
        elif self._state is _State.CHUNK_END:
            self._state, self._blind = (_State.CHUNK_SIZE, False) if blank else (_State.BLIND, True)
        elif blank:
            self._state = _State.HEAD


def _target(target: bytes, names: Names) -> bytes:
    """The target as it would be without a recorder. PrefixMissing if it has no prefix and must have one."""
    own = b"http://" + names.own
    lead = b""
    if target[: len(own)].lower() == own and not target[len(own) : len(own) + 1].isdigit():
        lead, target = names.origin, target[len(own) :]
    if names.prefix:
        if not target.startswith(names.prefix) or target[len(names.prefix) :][:1] not in (b"", b"/", b"?", b"#"):
            raise PrefixMissing
        target = target[len(names.prefix) :]
        if not target.startswith(b"/"):
            target = b"/" + target
    return lead + target


def _host(row: re.Match[bytes], names: Names) -> bytes:
    """A line of a Host header with the platform's name, if it has the recorder's."""
    before, value, after = row.groups()
    own_host = names.own.rpartition(b":")[0]
    name = {names.own: names.authority, own_host: names.host}.get(value.lower(), value)
    return bytes(before + name + after)
