"""How answers are read: leniently in their form, exactly about their end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shim.transport.http1 import (
    AnswerCutError,
    AnswerTooLongError,
    NotHttpError,
    Received,
    read_answer,
    read_tunnel,
    request_head,
)

LIMIT = 1000


def stream(*pieces: bytes) -> Callable[[], bytes]:
    waiting = list(pieces)
    return lambda: waiting.pop(0) if waiting else b""


def read(*pieces: bytes) -> Received:
    return read_answer(stream(*pieces), LIMIT)


def test_a_request_head() -> None:
    assert request_head("POST", "/x?a=1", [("Host", "h:1"), ("Content-Type", "text/\u6587")]) == (
        b"POST /x?a=1 HTTP/1.1\r\nHost: h:1\r\nContent-Type: text/?\r\n\r\n"
    )


# Each answer has the body {} and leaves the connection usable.
USUAL = {
    "usual": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",
    "an empty reason": b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n{}",
    "any case": b"HTTP/1.1 200 OK\r\ncONTENT-lENGTH: 2\r\n\r\n{}",
    "no blank after the colon": b"HTTP/1.1 200 OK\r\nContent-Length:2\r\n\r\n{}",
    "tabs around": b"HTTP/1.1 200 OK\r\nContent-Length:\t2\t\r\n\r\n{}",
    "GBK in reason and value": b"HTTP/1.1 200 \xb3\xc9\xb9\xa6\r\nServer: \xd2\xbd\xd4\xba\r\n"
    b"Content-Length: 2\r\n\r\n{}",
    "interim answers": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    "chunks with extensions": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    b"01;x=y\r\n{\r\n1\r\n}\r\n0;a\r\nTrailer: 1\r\n\r\n",
    "an identity coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.0 that is kept": b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}",
}

# The same, as browsers read it and as few servers write it: not a server to send another request after it.
LENIENT = {
    "line feeds alone": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
    "empty lines before": b"\r\n\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "blanks in the status line": b"HTTP/1.1  200   OK \r\nContent-Length: 2\r\n\r\n{}",
    "a blank before the colon": b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}",
    "a line without a colon": b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}",
    "a line that begins with a colon": b"HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 2\r\n\r\n{}",
    "a folded value": b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc\r\nContent-Length: 2\r\n\r\n{}",
    "folding after nonsense": b"HTTP/1.1 200 OK\r\nnonsense\r\n folded\r\nContent-Length: 2\r\n\r\n{}",
    "a folded line at once": b"HTTP/1.1 200 OK\r\n folded\r\nContent-Length: 2\r\n\r\n{}",
    "NUL and eight bits": b"HTTP/1.1 200 OK\r\nX: \x00\xff\xfe\r\nContent-Length: 2\r\n\r\n{}",
    "a carriage return inside": b"HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 2\r\n\r\n{}",
    "two lengths, the same": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "two lengths on a line": b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}",
    "a quoted length": b'HTTP/1.1 200 OK\r\nContent-Length: "2"\r\n\r\n{}',
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20000 + b"Content-Length: 2\r\n\r\n{}",
    "a chunk with blanks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n 2 \r\n{}\r\n0\r\n\r\n",
    "a chunk with line feeds": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
    "a long status line": b"HTTP/1.1 200 " + b"x" * 1000 + b"\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("name", [*USUAL, *LENIENT])
@pytest.mark.parametrize("piece", [1, 3, 100_000])
def test_what_browsers_read(name: str, piece: int) -> None:
    data = (USUAL | LENIENT)[name]
    received = read(*(data[start : start + piece] for start in range(0, len(data), piece)))
    assert (received.status, received.body, received.reusable) == (200, b"{}", name in USUAL)


@pytest.mark.parametrize(
    "data",
    [
        *USUAL.values(),
        b"HTTP/1.1 200 OK\r\nX: \t a \t\r\nx:\xa0b\x85\r\nX:\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_a_head_that_came_whole_says_the_same_as_one_in_pieces(data: bytes) -> None:
    """One is read at once, the other line by line."""
    in_pieces = read(*(data[at : at + 1] for at in range(len(data))))
    assert read(data) == in_pieces


# The body is {} as well, but the connection must not be used again.
LAST = {
    "close": b"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "no length": b"HTTP/1.1 200 OK\r\n\r\n{}",
    "another coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n{}",
    "more bytes after it": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}H",
    "a second answer": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" * 2,
    "more after the chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n\r\n",
    "chunks and a length": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n"
    b"2\r\n{}\r\n0\r\n\r\n",
    "chunks without the last line": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
}


@pytest.mark.parametrize("name", LAST)
def test_what_ends_a_connection(name: str) -> None:
    received = read(LAST[name])
    if name == "chunks without the last line":
        assert received.body == b"{}"  # the connection ends there anyway
    else:
        assert (received.body, received.reusable) == (b"{}", False)


NOT_HTTP = {
    "a length in hexadecimal": b"HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\n{}",
    "a length with a sign": b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}",
    "an empty length": b"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n{}",
    "status 0": b"HTTP/1.1 000 OK\r\nContent-Length: 2\r\n\r\n{}",
    "chunked in name only": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n",
    "a length in full-width digits": b"HTTP/1.1 200 OK\r\nContent-Length: \xef\xbc\x92\r\n\r\n{}",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
    "a length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
    "another protocol": b"SSH-2.0-OpenSSH\r\n",
    "a TLS alert": b"\x15\x03\x03\x00\x02\x02\x46",
    "HTTP/0.9": b'{"code":0}',
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n",
    "two lengths that differ": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    "a chunk that is none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\nxyz\r\n}\r\n0\r\n\r\n",
    "a chunk that takes half of its line end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\n{}\r\n0\r\n\r\n",
    "a chunk that is longer": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
    "a head without an end": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000,
    "interim answers without an end": b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000,
}


@pytest.mark.parametrize("name", NOT_HTTP)
def test_what_is_no_answer(name: str) -> None:
    with pytest.raises(NotHttpError):
        read(NOT_HTTP[name])


def test_what_cannot_become_an_answer_is_not_waited_for() -> None:
    def receive() -> bytes:
        pieces = iter((b"\x15",))
        for piece in pieces:
            return piece
        raise AssertionError("asked for more")

    with pytest.raises(NotHttpError) as caught:
        read_answer(receive, LIMIT)
    assert caught.value.beginning == b"\x15"


CUT = {
    "in the status line": (b"HTTP/1.1 20", 0),
    "in the head": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", 0),
    "before the body": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", 0),
    "in the body": (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", 2),
    "in a chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", 2),
    "between chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", 2),
    "after an interim answer": (b"HTTP/1.1 100 Continue\r\n\r\n", 0),
}


@pytest.mark.parametrize("name", CUT)
def test_an_answer_that_is_cut(name: str) -> None:
    data, count = CUT[name]
    with pytest.raises(AnswerCutError) as caught:
        read(data)
    assert caught.value.count == count


def test_no_answer_at_all() -> None:
    with pytest.raises(EOFError):
        read()


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551618\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n",
    ],
)
def test_an_answer_that_is_too_long(data: bytes) -> None:
    with pytest.raises(AnswerTooLongError):
        read(data)


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_that_has_no_body(status: int) -> None:
    received = read(b"HTTP/1.1 %d X\r\n\r\n" % status)
    assert (received.body, received.reusable) == (b"", True)


@pytest.mark.parametrize(
    ("value", "seconds"), [(b"timeout=5", 5), (b"max=100, Timeout = 20", 20), (b"max=100", None), (b"timeout=x", None)]
)
def test_how_long_the_server_keeps_a_connection(value: bytes, seconds: int | None) -> None:
    received = read(b"HTTP/1.1 200 OK\r\nKeep-Alive: " + value + b"\r\nContent-Length: 2\r\n\r\n{}")
    assert received.keep_seconds == seconds


@pytest.mark.parametrize(
    ("value", "charset"),
    [
        (b"application/json; charset=UTF-8", "utf-8"),
        (b"application/json;charset='gbk'", "gbk"),
        (b'text/html; x=y; CHARSET = "GB18030" ; z', "gb18030"),
        (b"application/json", ""),
        (b"charset=", ""),
    ],
)
def test_the_charset_that_is_declared(value: bytes, charset: str) -> None:
    received = read(b"HTTP/1.1 200 OK\r\nContent-Type: " + value + b"\r\nContent-Length: 2\r\n\r\n{}")
    assert received.charset == charset


def test_the_answer_to_connect() -> None:
    established = b"HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n"
    assert read_tunnel(stream(established)) == (200, True)
    assert read_tunnel(stream(established + b"x")) == (200, False)
    with pytest.raises(NotHttpError):
        read_tunnel(stream(b"garbage"))
