"""The faults: a row for each, in the order of a call's way. What a row commits is done by `peer.Exchange`.

What may come of a fault (`Expect`) follows from three rules. A request that cannot have arrived whole is no unknown
outcome. A request that did, and whose answer was not understood, has an unknown outcome and nothing else. Success is
only what the server sent whole. Where servers differ and browsers are lenient, a row allows both.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Sequence
from typing import Any

from tests.support.faults import answers
from tests.support.faults.answers import JSON_TYPE, chunked, head, http
from tests.support.faults.peer import Exchange, Expect, Fault, Stage, demanding_context
from tests.support.faults.transactions import NAME
from tests.support.streams import Secure

Act = Callable[[Exchange], Expect | None]

_HTML = "<html><head><title>网关</title></head><body><h1>Bad</h1></body></html>".encode()
_HTML_TYPE = "Content-Type: text/html; charset=utf-8"
_MEGABYTE = 1 << 20


# ---- small acts --------------------------------------------------------------------------------------------------


def _sends(make: Callable[[Exchange], bytes], end: str = "") -> Act:
    """Send bytes, then end the connection (`any`: at random) or leave it."""

    def act(x: Exchange) -> None:
        x.send(make(x))
        if end:
            x.end(None if end == "any" else end)

    return act


def _in_turn(*acts: Callable[[Exchange], Any]) -> Act:
    """Several acts, one after the other."""

    def act(x: Exchange) -> None:
        for each in acts:
            each(x)

    return act


def _ends(how: str) -> Act:
    return lambda x: x.end(how)


def _body(make: Callable[[Exchange], bytes], **how: Any) -> Act:
    """Send a body in a well-formed answer."""
    return lambda x: x.send(http(make(x), **how))


def _whole(make: Callable[[Exchange], bytes], **how: Any) -> Act:
    """The same, and it is the success of the call."""
    return lambda x: x.send(http(x.counts(make(x)), **how))


def _lines(*lines: str | bytes) -> Act:
    """The right answer with these lines in its head, before those that say where it ends."""
    return lambda x: x.send(x.good(lines=(JSON_TYPE, *lines)))


def _framed(lines: Callable[[bytes], Sequence[str]], end: str = "any") -> Act:
    """The right body under other lines than those that say where it ends."""

    def act(x: Exchange) -> None:
        body = x.counts(x.json())
        x.send(head("200 OK", (JSON_TYPE, *lines(body))) + body)
        if end:
            x.end(None if end == "any" else end)

    return act


# ---- names and connections ---------------------------------------------------------------------------------------


def _host(kind: str, least: int, most: int) -> Callable[[random.Random], str]:
    return lambda rng: f"w{rng.randrange(least, most)}-{kind}.fault.test"


def _name(name: str, expect: Expect, host: Callable[[random.Random], str], linger: float = 0) -> Fault:
    return Fault("name", name, expect, stage=Stage.NAME, host=host, proxied=False, linger=linger)


_NAMES = (
    _name("none", Expect.UNSENT, _host("none", 0, 300)),
    _name("no name server", Expect.UNSENT, _host("again", 200, 700)),
    _name("no name server, late", Expect.UNSENT, _host("again", 4000, 5000)),
    _name("slow", Expect.GOOD, _host("ok", 50, 300)),
    _name("too slow", Expect.UNSENT, _host("ok", 3300, 3600), linger=2.8),
    _name("never", Expect.UNSENT, _host("none", 9000, 9001)),
)


def _accept_then_stray(x: Exchange) -> None:
    x.send(x.stranger())


_CONNECTIONS = (
    Fault("connect", "refused", Expect.UNSENT, stage=Stage.LISTEN, deaf="refused"),
    Fault("connect", "black hole", Expect.UNSENT, stage=Stage.LISTEN, deaf="black hole"),
    Fault("connect", "reset", Expect.LOST, _ends("reset"), Stage.ACCEPT),
    Fault("connect", "closed", Expect.LOST, _ends("close"), Stage.ACCEPT),
    Fault("connect", "silence", Expect.LOST, _ends("silence"), Stage.ACCEPT),
    Fault("connect", "an answer at once", Expect.ODD, _accept_then_stray, Stage.ACCEPT, secure=False, undecidable=True),
)


# ---- TLS ---------------------------------------------------------------------------------------------------------


def _tls(name: str, act: Act, expect: Expect = Expect.UNSENT) -> Fault:
    return Fault("TLS", name, expect, act, Stage.TLS, secure=True)


def _hello_then(data: Callable[[Exchange], bytes], end: str) -> Act:
    """Read the client's hello, answer with bytes that are no TLS."""

    def act(x: Exchange) -> None:
        x.stream.more()
        x.stream.send_raw(data(x))
        x.end(None if end == "any" else end)

    return act


def _spoilt(spoil: Callable[[Exchange, bytes], bytes], end: str = "any") -> Act:
    """Carry out the handshake with a first flight that is spoilt."""

    def act(x: Exchange) -> None:
        def flight(data: bytes) -> None:
            x.stream.send_raw(spoil(x, data))
            x.end(None if end == "any" else end)

        x.secured(flight=flight)

    return act


def _flipped(x: Exchange, data: bytes) -> bytes:
    at = x.rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << x.rng.randrange(8)]) + data[at + 1 :]


def _dripped_handshake(x: Exchange) -> None:
    x.secured(flight=lambda data: x.drip(data, 25, raw=True))


def _slow_handshake(x: Exchange) -> None:
    def flight(data: bytes) -> None:
        x.wait(x.rng.randrange(20, 150))
        x.stream.send_raw(data)

    x.secured(flight=flight)


def _late_handshake(x: Exchange) -> None:
    def flight(data: bytes) -> None:
        x.wait(x.plan.total * 1000 + 300)
        x.stream.send_raw(data)

    x.secured(flight=flight)


def _certificate_wanted(x: Exchange) -> None:
    secure = Secure(x.stream.sock, demanding_context())
    secure.handshake()


def _secured_then(how: str) -> Act:
    def act(x: Exchange) -> None:
        x.secured()
        x.end(how)

    return act


def _stray_after_handshake(x: Exchange) -> None:
    """A record with an answer in the segment of the server's Finished: it is there before the client can send."""
    x.plan.old_tls = True
    x.secured(x.stranger())


def _alert(number: int) -> Callable[[Exchange], bytes]:
    return lambda _: bytes([21, 3, 3, 0, 2, 2, number])


_PLAIN_400 = head("400 Bad Request", (_HTML_TYPE, f"Content-Length: {len(_HTML)}", "Connection: close")) + _HTML

_TLS = (
    _tls("silence", _ends("silence")),
    _tls("silence after the hello", _hello_then(lambda _: b"", "silence")),
    _tls("closed after the hello", _hello_then(lambda _: b"", "close")),
    _tls("reset after the hello", _hello_then(lambda _: b"", "reset")),
    _tls("plain HTTP", _hello_then(lambda _: _PLAIN_400, "any")),
    _tls("garbage", _hello_then(lambda x: x.rng.randbytes(x.rng.randrange(1, 400)), "any")),
    _tls("a banner", _sends(lambda _: b"220 mail.example ESMTP\r\n", "any")),
    _tls("a huge record", _hello_then(lambda x: b"\x16\x03\x03\xff\xff" + x.rng.randbytes(300), "any")),
    _tls("flight cut", _spoilt(lambda x, data: x.cut(data))),
    _tls("flight spoilt", _spoilt(_flipped), Expect.LOST),
    _tls("flight dripped", _dripped_handshake),
    _tls("flight late", _late_handshake),
    _tls("flight slow", _slow_handshake, Expect.GOOD),
    *(
        _tls(f"alert {number}", _hello_then(_alert(number), "any"))
        for number in (0, 40, 42, 47, 48, 51, 70, 71, 80, 86, 112, 255)
    ),
    _tls("name of another", lambda x: x.secured(which="elsewhere")),
    _tls("expired", lambda x: x.secured(which="expired")),
    _tls("unknown authority", lambda x: x.secured(which="stranger")),
    _tls("certificate of the client wanted", _certificate_wanted, Expect.LOST),
    _tls("closed after the handshake", _secured_then("close"), Expect.LOST),
    _tls("reset after the handshake", _secured_then("reset"), Expect.LOST),
    _tls("an answer before the request", _stray_after_handshake, Expect.ODD),
    _tls("an answer in place of the hello", _hello_then(lambda x: x.stranger(), "any")),
)


# ---- proxies -----------------------------------------------------------------------------------------------------


def _proxy(
    name: str, act: Act, plain: Expect = Expect.UNKNOWN, tunnel: Expect = Expect.UNSENT, secure: bool | None = None
) -> Fault:
    """`plain`: what may come of it where the whole request has gone to the proxy; `tunnel`: where CONNECT has."""

    def both(x: Exchange) -> Expect | None:
        x.record.expect = tunnel if x.plan.secure else plain  # for an act that ends with the connection
        return act(x)

    return Fault("proxy", name, plain, both, Stage.PROXY, proxied=True, secure=secure)


def _status(status: str, *lines: str, body: bytes = _HTML) -> Act:
    return _sends(lambda _: http(body, status=status, lines=(_HTML_TYPE, *lines)))


_AUTHENTICATE = 'Proxy-Authenticate: Basic realm="hospital"'
_CONNECTED = b"HTTP/1.1 200 Connection established\r\n"

_PROXIES = (
    _proxy("407", _status("407 Proxy Authentication Required", _AUTHENTICATE), Expect.FAILED),
    _proxy("407 and closed", _sends(
        lambda _: http(b"", status="407 Proxy Authentication Required", lines=(_AUTHENTICATE,)), "close"
    ), Expect.FAILED),
    _proxy("403", _status("403 Forbidden"), Expect.FAILED),
    _proxy("502", _status("502 Bad Gateway")),
    _proxy("503", _status("503 Service Unavailable", "Retry-After: 5")),
    _proxy("504", _status("504 Gateway Time-out")),
    _proxy("302", _status("302 Found", "Location: http://login.example/portal")),
    _proxy("garbage", _sends(lambda x: x.rng.randbytes(x.rng.randrange(1, 2000)), "any")),
    _proxy("silence", _ends("silence")),
    _proxy("closed", _ends("close")),
    _proxy("reset", _ends("reset")),
    _proxy("status line cut", _sends(lambda x: x.cut(_CONNECTED), "any")),
    _proxy("head cut", _sends(lambda x: x.cut(_CONNECTED + b"Proxy-Agent: squid/5.7\r\n\r\n", 39), "any")),
    _proxy("dripped", lambda x: x.drip(_CONNECTED + b"X-Cache: " + b"MISS " * 40, 20)),
    _proxy("endless head", lambda x: _endless(x)),
    _proxy("a page of 60 KB", _status("200 OK", body=_HTML + b" " * 60_000)),
    _proxy("answer behind CONNECT", _sends(
        lambda x: _CONNECTED + b"\r\n" + x.stranger()
    ), secure=True),
    _proxy("garbage behind CONNECT", _sends(lambda x: _CONNECTED + b"\r\n" + x.rng.randbytes(50)), secure=True),
    _proxy("slow", lambda x: _slowly(x), tunnel=Expect.GOOD, secure=True),
)  # fmt: skip


def _endless(x: Exchange) -> None:
    x.send(_CONNECTED)
    for number in range(100_000):
        x.send(b"X-Header-%d: %s\r\n" % (number, b"x" * 200))
        x.wait(0 if number % 50 else 5)


def _slowly(x: Exchange) -> None:
    x.wait(x.rng.randrange(20, 150))
    x.send(_CONNECTED + b"Proxy-Agent: squid/5.7\r\n\r\n")


# ---- requests ----------------------------------------------------------------------------------------------------


def _partly(how: str) -> Act:
    """Read some bytes of the request, or all but one."""

    def act(x: Exchange) -> None:
        count = x.rng.choice((1, x.rng.randrange(2, 100), x.rng.randrange(100, 400)))
        if isinstance(x.stream, Secure):
            x.end(how)  # a record is read whole or not at all
        x.read_at_most(count)
        x.end(how)

    return act


def _large(how: str) -> Act:
    def act(x: Exchange) -> None:
        x.read_at_most(x.rng.randrange(1, 200_000))
        x.end(how)

    return act


def _answer_before_the_end(x: Exchange) -> None:
    """An answer while most of the request is still with the client: of whom, nobody can say."""
    x.read_at_most(100)
    x.send(x.stranger())
    x.end("silence")


_LARGE = 3_600_000

_REQUESTS = (
    *(Fault("request", f"partly, {how}", Expect.LOST, _partly(how), Stage.REQUEST)
      for how in ("close", "reset", "silence")),
    *(Fault("request", f"large, {how}", Expect.LOST, _large(how), Stage.REQUEST, padding=_LARGE)
      for how in ("close", "reset", "silence")),
    Fault("request", "an answer before its end", Expect.LOST, _answer_before_the_end, Stage.REQUEST, padding=_LARGE),
)  # fmt: skip


# ---- answers: nothing, and cuts ------------------------------------------------------------------------------------

_UNKNOWN = Expect.UNKNOWN


def _fault(place: str, name: str, expect: Expect, act: Act, **more: Any) -> Fault:
    return Fault(place, name, expect, act, **more)


def _cut_in_head(x: Exchange) -> bytes:
    data = x.good()
    x.record.successes.discard(x.serial)
    return x.cut(data[: data.index(b"\r\n\r\n") + 4])


def _cut_in_body(x: Exchange) -> bytes:
    data = http(x.json())
    return x.cut(data, data.index(b"\r\n\r\n") + 4)


def _cut_record(x: Exchange) -> None:
    sealed = x.stream.sealed(http(x.json()))
    x.stream.send_raw(x.cut(sealed))
    x.end()


def _spoilt_record(x: Exchange) -> None:
    sealed = x.stream.sealed(http(x.json()))
    x.stream.send_raw(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    x.end("silence")


_CUTS = (
    *(_fault("no answer", how, _UNKNOWN, _ends(how)) for how in ("close", "reset", "silence")),
    _fault("cut", "in the status line", _UNKNOWN, _sends(lambda x: x.cut(b"HTTP/1.1 200 OK\r\n"), "any")),
    _fault("cut", "in the head", _UNKNOWN, _sends(_cut_in_head, "any")),
    _fault("cut", "after the head", _UNKNOWN, _sends(lambda x: http(x.json())[: -len(x.json())], "any")),
    _fault("cut", "in the body", _UNKNOWN, _sends(_cut_in_body, "any")),
    _fault("cut", "before the last byte", _UNKNOWN, _sends(lambda x: http(x.json())[:-1], "any")),
    _fault("cut", "in a body without length", _UNKNOWN, lambda x: _closing(x, x.cut(x.json()), "close")),
    _fault("cut", "in a body without length, reset", _UNKNOWN, lambda x: _closing(x, x.cut(x.json()), "reset")),
    _fault("cut", "record", _UNKNOWN, _cut_record, secure=True),
    _fault("cut", "record spoilt", _UNKNOWN, _spoilt_record, secure=True),
    _fault("cut", "body without length, whole", Expect.EITHER, lambda x: _closing(x, x.counts(x.json()), "close")),
)  # fmt: skip


def _closing(x: Exchange, body: bytes, how: str) -> None:
    """An answer that ends with the connection."""
    x.send(http(body, framing="close"))
    if how == "reset":
        x.wait(20)  # a reset discards what the client has not read
    x.end(how)


# ---- status lines ------------------------------------------------------------------------------------------------


def _status_line(line: bytes, end: str = "") -> Act:
    """The right answer under another status line."""

    def act(x: Exchange) -> None:
        x.send(line + x.good()[len(b"HTTP/1.1 200 OK\r\n") :])
        if end:
            x.end(None if end == "any" else end)

    return act


_STATUS_LINES = (
    _fault("status line", "garbage", _UNKNOWN, _sends(lambda x: x.rng.randbytes(100) + b"\r\n\r\n", "any")),
    _fault("status line", "none", _UNKNOWN, _sends(lambda x: x.json(), "close")),
    _fault("status line", "HTTP/2", _UNKNOWN, _sends(lambda _: b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64", "any")),
    _fault("status line", "no number", _UNKNOWN, _status_line(b"HTTP/1.1 OK\r\n", "any")),
    _fault("status line", "odd number", _UNKNOWN, _status_line(b"HTTP/1.1 2OO OK\r\n", "any")),
    _fault("status line", "four digits", Expect.EITHER, _status_line(b"HTTP/1.1 2000 OK\r\n", "any")),
    _fault("status line", "status 0", Expect.EITHER, _status_line(b"HTTP/1.1 000 OK\r\n", "any")),
    _fault("status line", "no reason", Expect.GOOD, _status_line(b"HTTP/1.1 200\r\n")),
    _fault("status line", "blank and no reason", Expect.GOOD, _status_line(b"HTTP/1.1 200 \r\n")),
    _fault("status line", "Chinese reason", Expect.GOOD, _status_line("HTTP/1.1 200 成功\r\n".encode("gb18030"))),
    _fault("status line", "HTTP/1.0", Expect.GOOD, _status_line(b"HTTP/1.0 200 OK\r\n", "close")),
    _fault("status line", "lower case", Expect.EITHER, _status_line(b"http/1.1 200 ok\r\n", "close")),
    _fault("status line", "ICY", Expect.EITHER, _status_line(b"ICY 200 OK\r\n", "close")),
    _fault("status line", "empty line before it", Expect.EITHER, _status_line(b"\r\nHTTP/1.1 200 OK\r\n", "close")),
    _fault("status line", "a long one", Expect.EITHER, _status_line(b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n", "any")),
    _fault("status line", "bare line feeds", Expect.EITHER, lambda x: x.send(_bare(x.good()))),
)  # fmt: skip


def _bare(data: bytes) -> bytes:
    start, _, body = data.partition(b"\r\n\r\n")
    return start.replace(b"\r\n", b"\n") + b"\n\n" + body


# ---- lengths -----------------------------------------------------------------------------------------------------


def _length(name: str, expect: Expect, lines: Callable[[bytes], Sequence[str]], end: str = "any") -> Fault:
    return _fault("length", name, expect, _framed(lines, end))


_LENGTHS = (
    *(_fault("length", f"longer, {how}", _UNKNOWN, _framed(lambda b: [f"Content-Length: {len(b) + 7}"], how))
      for how in ("close", "reset", "silence")),
    _length("shorter", _UNKNOWN, lambda b: [f"Content-Length: {len(b) - 7}"], ""),
    _length("one byte shorter", _UNKNOWN, lambda b: [f"Content-Length: {len(b) - 1}"], ""),
    _length("0", _UNKNOWN, lambda b: ["Content-Length: 0"], ""),
    _length("negative", _UNKNOWN, lambda b: [f"Content-Length: -{len(b)}"]),
    _length("no number", _UNKNOWN, lambda b: ["Content-Length: many"]),
    _length("empty", Expect.EITHER, lambda b: ["Content-Length: "], "close"),
    _length("hexadecimal", _UNKNOWN, lambda b: [f"Content-Length: {len(b):#x}"]),
    _length("with a plus", Expect.EITHER, lambda b: [f"Content-Length: +{len(b)}"]),
    _length("with an underscore", _UNKNOWN, lambda b: [f"Content-Length: {len(b) // 10}_{len(b) % 10}"]),
    _length("as a fraction", Expect.EITHER, lambda b: [f"Content-Length: {len(b)}.0"]),
    _length("Arabic digits", _UNKNOWN, lambda b: [f"Content-Length: {len(b)}\xb2"]),
    _length("huge", _UNKNOWN, lambda b: [f"Content-Length: {'9' * 5000}"]),
    _length("2 to the 64th more", _UNKNOWN, lambda b: [f"Content-Length: {len(b) + 2**64}"]),
    _length("two that differ", _UNKNOWN, lambda b: [f"Content-Length: {len(b)}", f"Content-Length: {len(b) + 9}"]),
    _length("a list that differs", _UNKNOWN, lambda b: [f"Content-Length: {len(b)}, {len(b) - 9}"]),
    _length("twice the same", Expect.EITHER, lambda b: [f"Content-Length: {len(b)}"] * 2, ""),
    _length("blanks around it", Expect.GOOD, lambda b: [f"content-length:\t {len(b)} \t"], ""),
    _length("none, and closed", Expect.EITHER, lambda b: [], "close"),
    _length("none, and silence", _UNKNOWN, lambda b: [], "silence"),
)  # fmt: skip


# ---- chunks ------------------------------------------------------------------------------------------------------


def _chunks(name: str, expect: Expect, make: Callable[[Exchange, bytes], bytes], end: str = "any") -> Fault:
    def act(x: Exchange) -> None:
        body = make(x, x.counts(x.json()))
        x.send(head("200 OK", (JSON_TYPE, "Transfer-Encoding: chunked")) + body)
        if end:
            x.end(None if end == "any" else end)

    return _fault("chunks", name, expect, act)


def _first_size(new: bytes) -> Callable[[Exchange, bytes], bytes]:
    return lambda _, body: new + chunked(body)[2:]


_CHUNKS = (
    _chunks("good", Expect.GOOD, lambda x, b: chunked(b, x.rng.choice((1, 3, 100, 5000))), ""),
    _chunks("extension", Expect.GOOD, lambda x, b: chunked(b, extension=b' ;name="a"'), ""),
    _chunks("trailer", Expect.GOOD, lambda x, b: chunked(b, trailer=b"X-Sum: 1\r\nX-More: 2\r\n"), ""),
    _chunks("upper case and zeros", Expect.GOOD, lambda x, b: b"000%X\r\n" % len(b) + b + b"\r\n0000\r\n\r\n", ""),
    _chunks("size is no number", _UNKNOWN, _first_size(b"xyz")),
    _chunks("size is empty", _UNKNOWN, _first_size(b"")),
    _chunks("size is negative", _UNKNOWN, _first_size(b"-25")),
    _chunks("size with 0x", _UNKNOWN, _first_size(b"0x25")),
    _chunks("size with an underscore", _UNKNOWN, _first_size(b"2_5")),
    _chunks("size is huge", _UNKNOWN, _first_size(b"ffffffffffffffff")),
    _chunks("size has 5000 digits", _UNKNOWN, _first_size(b"f" * 5000)),
    _chunks("size too small", _UNKNOWN, _first_size(b"24")),
    _chunks("size too large", _UNKNOWN, _first_size(b"26")),
    _chunks("cut", _UNKNOWN, lambda x, b: x.cut(chunked(b)[:-7])),
    _chunks("cut in the first size", _UNKNOWN, lambda x, b: b"2"),
    _chunks("no last chunk", _UNKNOWN, lambda x, b: chunked(b)[:-5]),
    _chunks("no end of the last chunk", Expect.EITHER, lambda x, b: chunked(b)[:-2]),
    _chunks("endless trailer", Expect.EITHER, lambda x, b: chunked(b)[:-2] + b"X-Trailer: 1\r\n" * 20_000),
    _chunks("no line ends", _UNKNOWN, lambda x, b: b"%x" % len(b) + b + b"0"),
    _chunks("bare line feeds", Expect.EITHER, lambda x, b: b"%x\n" % len(b) + b + b"\n0\n\n", "close"),
    _chunks("not chunked at all", _UNKNOWN, lambda x, b: b),
    _fault("chunks", "and a length", Expect.EITHER, lambda x: x.send(
        head("200 OK", (JSON_TYPE, "Content-Length: 5", "Transfer-Encoding: chunked")) + chunked(x.counts(x.json()))
    )),
    _fault("chunks", "of chunks", Expect.EITHER, lambda x: x.send(
        head("200 OK", (JSON_TYPE, "Transfer-Encoding: gzip, chunked")) + chunked(gzip.compress(x.counts(x.json())))
    )),
    _fault("chunks", "identity", Expect.EITHER, lambda x: x.send(
        x.good(lines=(JSON_TYPE, "Transfer-Encoding: identity"))
    )),
)  # fmt: skip


# ---- heads -------------------------------------------------------------------------------------------------------

_HEADS = (
    _fault("head", "no colon", Expect.GOOD, _lines("this line says nothing")),
    _fault("head", "blank before the colon", Expect.GOOD, _lines("X-Powered-By : ASP.NET")),
    _fault("head", "blank in the name", Expect.GOOD, _lines("X Powered By: ASP.NET")),
    _fault("head", "no name", Expect.GOOD, _lines(": nothing")),
    _fault("head", "folded", Expect.GOOD, _lines("X-Long: one\r\n two\r\n\tthree")),
    _fault("head", "folded first", Expect.EITHER, lambda x: x.send(
        http(x.counts(x.json()), lines=(" folded", JSON_TYPE))
    )),
    _fault("head", "8 bits", Expect.GOOD, _lines("X-Name: 王小明".encode("gb18030"), "X-Name: 王小明".encode())),
    _fault("head", "8 bits in a name", Expect.GOOD, _lines("X-王: 1".encode())),
    _fault("head", "NUL", Expect.EITHER, _lines("X-Nul: a\0b")),
    _fault("head", "carriage return", Expect.EITHER, _lines("X-Cr: a\rb")),
    _fault("head", "100 KB in a line", Expect.EITHER, _lines("X-Long: " + "x" * 100_000)),
    _fault("head", "100 KB in lines", Expect.EITHER, _lines(*[f"X-{n}: {'x' * 90}" for n in range(1000)])),
    _fault("head", "200 lines", Expect.EITHER, _lines(*[f"X-{n}: {n}" for n in range(200)])),
    _fault("head", "cookies", Expect.GOOD, _lines("Set-Cookie: JSESSIONID=A1; Path=/", "Set-Cookie: b=2; Path=/")),
    _fault("head", "close", Expect.GOOD, _in_turn(_lines("Connection: close"), _ends("close"))),
    _fault("head", "close, and kept open", Expect.GOOD, _lines("Connection: close")),
    _fault("head", "keep-alive, and closed", Expect.GOOD, _in_turn(
        _lines("Connection: keep-alive", "Keep-Alive: timeout=60"), _ends("close")
    )),
    _fault("head", "redirect of a success", Expect.GOOD, _lines("Location: http://elsewhere.example/", "Refresh: 0")),
    _fault("head", "upgrade", Expect.GOOD, _lines("Upgrade: h2,h2c", "Connection: Upgrade")),
    _fault("head", "endless", _UNKNOWN, _endless),
)  # fmt: skip


# ---- 1xx ---------------------------------------------------------------------------------------------------------


def _before(*statuses: str) -> Act:
    return lambda x: x.send(*(head(status, ("X-A: b",)) for status in statuses), x.good())


def _endless_hints(x: Exchange) -> None:
    while True:
        x.send(head("103 Early Hints", ("Link: </style.css>",)))
        x.wait(10)


_INTERIM = (
    _fault("1xx", "100", Expect.GOOD, _before("100 Continue")),
    _fault("1xx", "102 and 103", Expect.GOOD, _before("102 Processing", "103 Early Hints")),
    _fault("1xx", "five", Expect.GOOD, _before(*["100 Continue"] * 5)),
    _fault("1xx", "101", _UNKNOWN, _sends(lambda _: head("101 Switching Protocols", ("Upgrade: h2c",)), "any")),
    _fault("1xx", "only", _UNKNOWN, _sends(lambda _: head("100 Continue", ()), "any")),
    _fault("1xx", "endless", _UNKNOWN, _endless_hints),
)  # fmt: skip


# ---- time --------------------------------------------------------------------------------------------------------


def _delayed(least: float, most: float) -> Act:
    """A delay in shares of the deadline."""

    def act(x: Exchange) -> None:
        x.wait(1000 * x.plan.total * x.rng.uniform(least, most))
        x.send(x.good())

    return act


def _dripped(milliseconds: float, make: Callable[[Exchange], bytes]) -> Act:
    return lambda x: x.drip(make(x), milliseconds)


def _slow_then_late(x: Exchange) -> None:
    """The head in time, the body too late."""
    data = http(x.json())
    at = data.index(b"\r\n\r\n") + 4
    x.send(data[:at])
    x.wait(1000 * x.plan.total + 400)
    x.send(data[at:])


_TIMES = (
    _fault("time", "delayed", Expect.GOOD, _delayed(0.01, 0.4)),
    _fault("time", "late", _UNKNOWN, _delayed(1.25, 1.6)),
    _fault("time", "dripped", Expect.GOOD, lambda x: x.drip(x.good(), 1, step=7)),
    _fault("time", "dripped too slowly", _UNKNOWN, _dripped(30, lambda x: http(x.json()))),
    _fault("time", "dripped chunks", _UNKNOWN, _dripped(30, lambda x: http(x.json(), framing="chunked"))),
    _fault("time", "body late", _UNKNOWN, _slow_then_late),
    _fault("time", "reset after some bytes", _UNKNOWN, _in_turn(
        lambda x: x.send(x.cut(http(x.json()))), lambda x: x.wait(x.rng.randrange(0, 50)), _ends("reset")
    )),
)  # fmt: skip


# ---- what is left over, and what comes unasked ---------------------------------------------------------------------


def _extra(x: Exchange) -> bytes:
    return x.rng.choice(
        (
            x.stranger,
            x.stranger,
            lambda: http(x.json()),
            lambda: x.stranger()[: x.rng.randrange(1, 150)],
            lambda: b"\r\n",
            lambda: b"\0",
            lambda: head("100 Continue", ()) + x.stranger(),
            lambda: b"HTTP/1.1 408 Request Time-out\r\nConnection: close\r\n\r\n",
            lambda: x.rng.randbytes(30),
        )
    )()


def _filling(x: Exchange) -> bytes:
    """The right answer, often as long as the buffers of a reader: then what follows stays behind in a layer below."""
    data = x.good(framing=x.rng.choice(("length", "chunked")))
    if x.rng.random() < 0.4:
        return data
    target = x.rng.choice((4096, 8192, 8192, 12288)) + x.rng.choice((-1, 0, 0, 1))
    body = x.json()
    start = head("200 OK", (JSON_TYPE, f"Content-Length: {target}"))
    return (
        start.replace(b"%d" % target, b"%d" % (target - len(start))) + body + b" " * (target - len(start) - len(body))
    )


def _same_record(x: Exchange) -> None:
    x.send(_filling(x) + _extra(x))


def _next_record(x: Exchange) -> None:
    x.send(_filling(x), _extra(x))


def _next_segment(x: Exchange) -> None:
    x.send(x.good())
    x.send(_extra(x))


def _later(x: Exchange) -> None:
    x.send(x.good())
    x.wait(x.rng.uniform(1, 50))
    if not x.stream.has_input():  # with the next request on its way, nobody could tell the two answers apart
        x.send(_extra(x))


def _later_and_closed(x: Exchange) -> None:
    _later(x)
    x.wait(x.rng.uniform(0, 20))
    x.end(x.rng.choice(("close", "reset")))


def _half_record(x: Exchange) -> None:
    """The first bytes of a record behind the answer: nothing to read in TLS yet, but something in the socket."""
    x.send(x.good())
    x.stream.send_raw(x.stream.sealed(x.stranger())[: x.rng.randrange(1, 40)])


def _goodbye(x: Exchange) -> None:
    """close_notify without closing: the client may send, and the server will not answer."""
    x.send(x.good())
    if isinstance(x.stream, Secure):
        x.stream.say_goodbye()


def _answered_twice(x: Exchange) -> None:
    data = x.good()
    x.send(data, data)


def _idle_stray(x: Exchange) -> None:
    x.wait(x.rng.uniform(0, 40))
    x.send(x.rng.choice((x.stranger(), x.stranger()[:30], b"\r\n", b"0")))


def _idle_close(how: str) -> Act:
    def act(x: Exchange) -> None:
        x.wait(x.rng.uniform(0, 40))
        x.end(how)

    return act


def _idle_goodbye(x: Exchange) -> None:
    if isinstance(x.stream, Secure):
        x.stream.say_goodbye()


_KEPT_CLOSED = ("query", "identify")

_LEFTOVERS = (
    _fault("left over", "same record", Expect.GOOD, _same_record),
    _fault("left over", "next record", Expect.GOOD, _next_record),
    _fault("left over", "next segment", Expect.GOOD, _next_segment),
    _fault("left over", "later", Expect.GOOD, _later),
    _fault("left over", "later, and closed", Expect.GOOD, _later_and_closed),
    _fault("left over", "half a record", Expect.GOOD, _half_record, secure=True),
    _fault("left over", "close_notify", Expect.GOOD, _goodbye, secure=True),
    _fault("left over", "the answer twice", Expect.GOOD, _answered_twice),
    _fault("idle", "an answer", Expect.GOOD, _idle_stray, stage=Stage.IDLE, warm=True),
    _fault("idle", "closed", Expect.GOOD, _idle_close("close"), stage=Stage.IDLE, warm=True),
    _fault("idle", "reset", Expect.GOOD, _idle_close("reset"), stage=Stage.IDLE, warm=True),
    _fault("idle", "close_notify", Expect.GOOD, _idle_goodbye, stage=Stage.IDLE, warm=True, secure=True),
    # The server closes at the moment at which the request arrives on the kept connection.
    _fault("idle", "closed as the request comes", Expect.LOST, _ends("reset"), stage=Stage.REQUEST, warm=True,
           effects=_KEPT_CLOSED),
)  # fmt: skip


# ---- content codings and charsets ----------------------------------------------------------------------------------


def _coded(coding: str, make: Callable[[Exchange], bytes], expect: Expect, name: str) -> Fault:
    act = _whole(make, lines=(JSON_TYPE, f"Content-Encoding: {coding}"))
    return _fault("coding", name, expect, act, large=name == "gzip bomb")


def _cut_gzip(x: Exchange) -> bytes:
    return x.cut(gzip.compress(x.json()))


def _spoilt_gzip(x: Exchange) -> bytes:
    data = bytearray(gzip.compress(x.json()))
    data[x.rng.randrange(12, len(data) - 8)] ^= 0x55
    return bytes(data)


_CODINGS = (
    _coded("gzip", lambda x: gzip.compress(x.json()), Expect.EITHER, "gzip"),
    _coded("gzip", lambda x: x.json(), Expect.EITHER, "plain as gzip"),
    _coded("deflate", lambda x: x.json(), Expect.EITHER, "plain as deflate"),
    _coded("br", lambda x: x.json(), Expect.EITHER, "plain as br"),
    _coded("identity", lambda x: x.json(), Expect.GOOD, "identity"),
    _coded("utf-8", lambda x: x.json(), Expect.EITHER, "a charset"),
    _coded("gzip", _cut_gzip, _UNKNOWN, "gzip cut"),
    _coded("gzip", _spoilt_gzip, _UNKNOWN, "gzip spoilt"),
    _coded("gzip", lambda x: gzip.compress(b" " * 100 * _MEGABYTE), _UNKNOWN, "gzip bomb"),
    _coded("gzip", lambda x: b"", _UNKNOWN, "gzip of nothing"),
    _fault("coding", "gzip without a label", Expect.EITHER, _whole(lambda x: gzip.compress(x.json()))),
)


def _typed(name: str, make: Callable[[Exchange], bytes], content_type: str, expect: Expect) -> Fault:
    return _fault("charset", name, expect, _whole(make, lines=(f"Content-Type: {content_type}",)))


def _text(x: Exchange) -> str:
    return x.json().decode()


def _broken_name(x: Exchange) -> bytes:
    """The name without the second byte of its second character."""
    name = NAME.encode()
    return x.json().replace(name, name[:4] + name[5:])


def _broken_gbk(x: Exchange) -> bytes:
    name = NAME.encode("gb18030")
    return _text(x).encode("gb18030").replace(name, name[:2] + b"\xff" + name[3:])


_UTF8, _GBK = "application/json; charset=UTF-8", "application/json; charset=GBK"

_CHARSETS = (
    _typed("GBK", lambda x: _text(x).encode("gb18030"), _GBK, Expect.GOOD),
    _typed("UTF-8 as GBK", lambda x: x.json(), _GBK, Expect.GOOD),
    _typed("GBK as UTF-8", lambda x: _text(x).encode("gb18030"), _UTF8, Expect.EITHER),
    _typed("GBK without a label", lambda x: _text(x).encode("gb18030"), "application/json", Expect.GOOD),
    _typed("UTF-8 without a label", lambda x: x.json(), "text/plain", Expect.GOOD),
    _typed("UTF-8 with its mark", lambda x: b"\xef\xbb\xbf" + x.json(), _UTF8, Expect.GOOD),
    _typed("UTF-16", lambda x: _text(x).encode("utf-16"), "application/json; charset=utf-16", Expect.EITHER),
    _typed("unknown charset", lambda x: x.json(), "application/json; charset=nonsense", Expect.EITHER),
    _typed("charset with NUL", lambda x: x.json(), "application/json; charset=utf\0", Expect.EITHER),
    _typed("broken byte", _broken_name, _UTF8, Expect.EITHER),
    _typed("broken byte in GBK", _broken_gbk, _GBK, Expect.EITHER),
    _typed("bytes of no charset", lambda x: b"\xff\xfe\xfd" + x.json()[3:] + b"\xff", _UTF8, _UNKNOWN),
)


# ---- JSON --------------------------------------------------------------------------------------------------------


def _json(name: str, expect: Expect, make: Callable[[Exchange], bytes]) -> Fault:
    whole = expect in (Expect.GOOD, Expect.EITHER, Expect.ODD)
    return _fault("JSON", name, expect, (_whole if whole else _body)(make), large=name.startswith("deep"))


def _garbled(x: Exchange) -> bytes:
    """The beginning is not JSON any more."""
    return b"{" + x.rng.randbytes(3) + x.json()[1:]


def _two_keys(x: Exchange, other: Any) -> bytes:
    name = x.plan.transaction.code_name
    body = x.json()
    return body[:-1] + f',"{name}":'.encode() + answers.compact(other) + b"}"


def _wrapped(x: Exchange) -> bytes:
    return answers.compact(_text(x))


_JSON = (
    _json("cut", _UNKNOWN, lambda x: x.cut(x.json())),
    _json("garbled", _UNKNOWN, _garbled),
    _json("HTML", _UNKNOWN, lambda _: _HTML),
    _json("XML", _UNKNOWN, lambda _: b'<?xml version="1.0"?><ret_code>0000</ret_code>'),
    _json("empty", _UNKNOWN, lambda _: b""),
    _json("blanks", _UNKNOWN, lambda _: b" \r\n\t "),
    _json("NULs", _UNKNOWN, lambda _: b"\0" * 40),
    _json("null", _UNKNOWN, lambda _: b"null"),
    _json("a number", _UNKNOWN, lambda _: b"0"),
    _json("a word", _UNKNOWN, lambda _: b'"0000"'),
    _json("a list", _UNKNOWN, lambda x: b"[" + x.json() + b"]"),
    _json("an empty object", _UNKNOWN, lambda _: b"{}"),
    _json("no code", _UNKNOWN, lambda x: answers.compact({"message": "成功"})),
    _json("single quotes", _UNKNOWN, lambda x: x.json().replace(b'"', b"'")),
    _json("two objects", _UNKNOWN, lambda x: x.json() + x.json()),
    _json("an error behind it", _UNKNOWN, lambda x: x.json() + b"<b>Fatal error</b>: out of memory"),
    _json("deep", _UNKNOWN, lambda _: b'{"a":' * 100_000),
    _json("deep list", _UNKNOWN, lambda _: b"[" * 200_000 + b"]" * 200_000),
    _json("NULs behind it", Expect.GOOD, lambda x: x.json() + b"\0" * x.rng.randrange(1, 9)),
    _json("blanks around it", Expect.GOOD, lambda x: b"\r\n " + x.json() + b"\r\n\r\n"),
    _json("control characters", Expect.GOOD, lambda x: x.json().replace(NAME.encode(), b"\n\t\x01" + NAME.encode())),
    _json("wrapped in a string", Expect.GOOD, _wrapped),
    _json("a key twice", Expect.GOOD, lambda x: _two_keys(x, "0000" if x.plan.transaction.family == "VC" else 0)),
    _json("a key twice, different", Expect.FAILED, lambda x: _two_keys(x, 500005)),
    _json("a comma too many", Expect.EITHER, lambda x: x.json()[:-1] + b",}"),
    _json("a long number", Expect.EITHER, lambda x: x.json()[:-1] + b',"n":' + b"9" * 5000 + b"}"),
    _json("NaN", Expect.EITHER, lambda x: x.json()[:-1] + b',"n":NaN,"m":1e999}'),
    _json("a lone surrogate", Expect.EITHER, lambda x: x.json().replace(NAME.encode(), NAME.encode() + b"\\ud800")),
    _json("a comment", Expect.EITHER, lambda x: b"/* ok */" + x.json()),
)


# ---- statuses ----------------------------------------------------------------------------------------------------

_STATUSES = (
    "200 OK", "201 Created", "202 Accepted", "203 Non-Authoritative", "206 Partial Content",
    "300 Multiple Choices", "301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect",
    "308 Permanent Redirect", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found",
    "405 Method Not Allowed", "407 Proxy Authentication Required", "408 Request Timeout", "409 Conflict",
    "411 Length Required", "413 Payload Too Large", "415 Unsupported Media Type", "417 Expectation Failed",
    "421 Misdirected Request", "425 Too Early", "426 Upgrade Required", "429 Too Many Requests", "444 No Response",
    "500 Internal Server Error", "501 Not Implemented", "502 Bad Gateway", "503 Service Unavailable",
    "504 Gateway Timeout", "505 HTTP Version Not Supported", "511 Network Authentication Required", "599 Unknown",
)  # fmt: skip
_CODES = {"VC": ("3001", "2001", "9998", "1008"), "EC": (500005, "500049", 500100, "-4")}


def _extra_lines(x: Exchange, status: str) -> tuple[str, ...]:
    if status.startswith("3"):
        return (f"Location: http://127.0.0.1:{x.peer.port}/login",)
    if status.startswith("401"):
        return ('WWW-Authenticate: Basic realm="x"',)
    return ("Retry-After: 1",) if status[:3] in ("429", "503") else ()


def _with_status(kind: str) -> Act:
    """A random status with a body of a kind."""

    def act(x: Exchange) -> Expect:
        status = x.rng.choice(_STATUSES)
        # 407 comes from a proxy, which has not passed the request on.
        refused_on_the_way = status.startswith("407")
        lines = _extra_lines(x, status)
        if kind == "success":
            x.send(x.good(status=status, lines=(JSON_TYPE, *lines)))
            if refused_on_the_way:
                return Expect.ODD
            return Expect.GOOD if status[:3] in ("200", "201", "202", "203") else Expect.EITHER
        if kind == "refusal":
            code = x.rng.choice(_CODES[x.plan.transaction.family])
            x.record.code = str(code)
            body = answers.compact(x.plan.transaction.refusal(x.serial, code))
            x.send(http(body, status=status, lines=(JSON_TYPE, *lines)))
            return Expect.FAILED if refused_on_the_way or status.startswith("3") else Expect.REFUSED
        x.send(http(b"" if kind == "empty" else _HTML, status=status, lines=(_HTML_TYPE, *lines)))
        return Expect.FAILED if refused_on_the_way else Expect.UNKNOWN

    return act


def _bodiless(status: str) -> Act:
    """A status that has no body by definition, with the right answer behind it."""
    return lambda x: x.send(x.good(status=status))


_STATUS_FAULTS = (
    *(_fault("status", kind, _UNKNOWN, _with_status(kind)) for kind in ("empty", "HTML", "success", "refusal")),
    *(_fault("status", f"{kind} again", _UNKNOWN, _with_status(kind)) for kind in ("empty", "HTML", "success")),
    _fault("status", "204", _UNKNOWN, _sends(lambda _: head("204 No Content", ()))),
    _fault("status", "304", _UNKNOWN, _sends(lambda _: head("304 Not Modified", ()))),
    _fault("status", "204 with a body", Expect.EITHER, _bodiless("204 No Content")),
    _fault("status", "304 with a body", Expect.EITHER, _bodiless("304 Not Modified")),
)


# ---- codes -------------------------------------------------------------------------------------------------------

# Not success, however near they look; a host compares what is left of them in C, or as a number.
_NEARLY = (
    "00\0", "0000\0", "0000\0x", "0\0", "\0", "００", "００００", "０", "00\u200b", "0000\u2060", "\ufeff0000",
    "0x0", "OO", "0000;1", "0000,500005", "٠٠", "00\n1",
)  # fmt: skip
_PERHAPS: tuple[Any, ...] = (
    "00", "000", "00000", "-0", "+0", "00 ", " 00", "0000\t", "0000\r\n", "0000\n", 0.0, -0.0, "0.0", "0.00", 0,
    "0", "0000", False, True, "true", "success", "SUCCESS", "200", 200, "10", "1e-400", "0e0", "", None, [], {}, [0],
    {"code": 0},
)  # fmt: skip


def _code(values: Sequence[Any]) -> Act:
    def act(x: Exchange) -> None:
        value = x.rng.choice(values)
        x.send(http(x.counts(answers.compact(x.plan.transaction.coded(x.serial, value)))))

    return act


def _refused(x: Exchange) -> Expect:
    code = x.rng.choice(_CODES[x.plan.transaction.family])
    x.record.code = str(code)
    x.send(http(answers.compact(x.plan.transaction.refusal(x.serial, code))))
    return Expect.REFUSED


_CODE_FAULTS = (
    *(_fault("code", f"nearly success {n}", Expect.FAILED, _code(_NEARLY)) for n in range(1, 5)),
    *(_fault("code", f"perhaps success {n}", Expect.ODD, _code(_PERHAPS)) for n in range(1, 4)),
    *(_fault("code", f"refusal {n}", Expect.REFUSED, _refused) for n in range(1, 3)),
)


# ---- sizes -------------------------------------------------------------------------------------------------------


def _padded(megabytes: float) -> Callable[[Exchange], bytes]:
    return lambda x: x.json()[:-1] + b" " * int(megabytes * _MEGABYTE) + b"}"


def _numbers(x: Exchange) -> bytes:
    return x.json()[:-1] + b',"n":[' + b"1,2.5," * 600_000 + b"0]}"


def _size(name: str, expect: Expect, act: Act) -> Fault:
    return Fault("size", name, expect, act, large=True)


_SIZES = (
    _size("9 MB", _UNKNOWN, _body(_padded(9))),
    _size("9 MB in chunks", _UNKNOWN, lambda x: x.send(
        head("200 OK", (JSON_TYPE, "Transfer-Encoding: chunked")) + chunked(_padded(9)(x), 60_000)
    )),
    _size("9 MB without length", _UNKNOWN, lambda x: _closing(x, _padded(9)(x), "close")),
    _size("endless", _UNKNOWN, lambda x: _flood(x)),
    _size("2 MB", Expect.EITHER, _whole(_padded(2))),
    _size("7 MB", Expect.EITHER, _whole(_padded(7))),
    _size("3.6 MB of numbers", Expect.EITHER, _whole(_numbers)),
    _size("too long for OutData", Expect.FAILED, _whole(
        lambda x: x.json().replace(NAME.encode(), NAME.encode() * 700)
    )),
)  # fmt: skip


def _flood(x: Exchange) -> None:
    x.send(head("200 OK", (JSON_TYPE,)))
    for _ in range(400):
        x.send(b" " * 65536)
        x.wait(1)


FAULTS: tuple[Fault, ...] = (
    *_NAMES, *_CONNECTIONS, *_TLS, *_PROXIES, *_REQUESTS, *_CUTS, *_STATUS_LINES, *_LENGTHS, *_CHUNKS, *_HEADS,
    *_INTERIM, *_TIMES, *_LEFTOVERS, *_CODINGS, *_CHARSETS, *_JSON, *_STATUS_FAULTS, *_CODE_FAULTS, *_SIZES,
)  # fmt: skip
PLACES = tuple(dict.fromkeys(fault.place for fault in FAULTS))
