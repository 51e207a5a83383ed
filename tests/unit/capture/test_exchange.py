"""Recorded bytes as requests with their answers: every way of writing them, whole and cut at any byte."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from shim.capture.exchange import Exchange, exchanges, header_value
from shim.capture.record import Traffic


def split(sent: bytes, received: bytes = b"") -> list[Exchange]:
    return exchanges(Traffic("http://h:80", sent, received, 1.0, 2.0, 3.0))


def one(sent: bytes, received: bytes = b"") -> Exchange:
    (found,) = split(sent, received)
    return found


POST = b"POST /a?b=1 HTTP/1.1\r\nHost: h\r\ncontent-LENGTH:  5 \r\n\r\nhello"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nx-a: 2\r\n\r\nok"


def test_a_request_and_its_answer() -> None:
    assert one(POST, OK) == Exchange(
        "http://h:80", "POST", "/a?b=1", "HTTP/1.1", (("Host", "h"), ("content-LENGTH", "5")), b"hello", POST, True,
        False, (), 200, "HTTP/1.1", (("Content-Length", "2"), ("X-A", "1"), ("x-a", "2")), b"ok", "", OK, True,
    )  # fmt: skip


def test_headers_are_found_in_any_case() -> None:
    found = one(POST, OK)
    assert (found.header("HOST"), found.header("Content-Length"), found.header("none")) == ("h", "5", None)
    assert (found.answer_header("X-a"), header_value(found.answer_headers, "X")) == ("1", None)


CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("chunks", "body", "whole"),
    [
        (b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde", True),
        (b"3;name=value\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", b"abc", True),
        (b"3\nabc\n0\n\n", b"abc", True),
        (b"0003 \r\nabc\r\n0\r\n", b"abc", True),
        (b"3\r\nab", b"ab", False),
        (b"3\r\nabc\r\n2", b"abc", False),
        (b"3\r\nabc\r\nzz\r\n", b"abc", False),
        (b"", b"", False),
    ],
)
def test_chunked_requests(chunks: bytes, body: bytes, whole: bool) -> None:
    found = one(CHUNKED + chunks)
    assert (found.body, found.sent_whole, found.chunked, found.sent) == (body, whole, True, CHUNKED + chunks)


@pytest.mark.parametrize(
    ("answer", "status", "body", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, b"ok", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", 200, b"ok", False),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, b"until the end", True),
        (b"HTTP/1.1 200\r\nContent-Length: 9\r\n\r\nok", 200, b"ok", False),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, b"", True),
        (b"HTTP/1.1 500 Oops\nContent-Length: 2\n\nno", 500, b"no", True),
        (b"HTTP/1.1 200 OK\r\nContent-Le", 200, b"", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", 200, b"ok", True),
        (b"", 0, b"", False),
        (b"no HTTP at all", 0, b"", False),
    ],
)
def test_answers(answer: bytes, status: int, body: bytes, whole: bool) -> None:
    found = one(POST, answer)
    assert (found.status, found.answer_body, found.answer_whole) == (status, body, whole)


def test_interim_answers() -> None:
    found = one(POST, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n" + OK)
    assert (found.interim, found.status, found.answer_body) == ((100, 102), 200, b"ok")
    assert found.received.startswith(b"HTTP/1.1 100")


def test_only_an_interim_answer_came() -> None:
    found = one(POST, b"HTTP/1.1 100 Continue\r\n\r\n")
    assert (found.interim, found.status, found.answer_whole) == ((100,), 0, False)
    assert found.received == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_a_head_has_no_body_and_the_next_answer_follows() -> None:
    head = b"HEAD / HTTP/1.1\r\n\r\n"
    first, second = split(head + POST, b"HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n" + OK)
    assert (first.method, first.answer_body, first.answer_whole) == ("HEAD", b"", True)
    assert (second.method, second.answer_body) == ("POST", b"ok")


def test_pipelined_requests() -> None:
    found = split(POST + b"\r\n" + b"GET /u HTTP/1.0\r\n\r\n" + POST, OK + OK.replace(b"ok", b"no") + OK)
    assert [(each.method, each.target, each.version) for each in found] == [
        ("POST", "/a?b=1", "HTTP/1.1"), ("GET", "/u", "HTTP/1.0"), ("POST", "/a?b=1", "HTTP/1.1"),
    ]  # fmt: skip
    assert [each.answer_body for each in found] == [b"ok", b"no", b"ok"]


def test_more_requests_than_answers() -> None:
    assert [each.status for each in split(POST + POST, OK)] == [200, 0]


@pytest.mark.parametrize(("label", "left"), [(b"gzip", ""), (b"br", "br")])
def test_content_encodings(label: bytes, left: str) -> None:
    packed = gzip.compress(b"answer")
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (label, len(packed))
    found = one(POST, head + packed)
    assert (found.answer_body, found.answer_encoding) == (packed if left else b"answer", left)


def test_a_body_that_ends_by_closing() -> None:
    found = one(b"POST / HTTP/1.0\r\nHost: h\r\n\r\n{}")
    assert (found.body, found.sent_whole) == (b"{}", True)


def test_a_tunnel_is_one_exchange() -> None:
    found = one(b"CONNECT h:443 HTTP/1.1\r\n\r\n\x16\x03\x01", b"HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03")
    assert (found.method, found.target, found.body, found.answer_body) == (
        "CONNECT", "h:443", b"\x16\x03\x01", b"\x16\x03\x03",
    )  # fmt: skip


def test_folded_and_odd_headers() -> None:
    found = one(b"GET / HTTP/1.1\r\nA: 1\r\n  2\r\nodd line\r\nB :3\r\nC: \xd6\xd0\r\n\r\n")
    assert found.headers == (("A", "1 2"), ("B", "3"), ("C", "\u00d6\u00d0"))


@pytest.mark.parametrize("data", [b"", b"\x16\x03\x01\x02\x00", b"hello\r\nworld\r\n\r\n"])
def test_what_is_no_http(data: bytes) -> None:
    assert split(data, data) == []


def test_what_an_earlier_call_left_over_is_left_out() -> None:
    """A kept connection is divided between calls, at any byte."""
    tail = b'"sign":"X"}\r\n'
    for cut in range(len(tail)):
        found = one(tail[cut:] + POST, b"e of the last\r\n0\r\n\r\n"[cut:] + OK)
        assert (found.sent, found.answer_body) == (POST, b"ok")


def test_a_connection_that_is_cut_anywhere() -> None:
    sent, answer = CHUNKED + b"5\r\nhello\r\n0\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" + OK
    whole = one(sent, answer)
    for cut in range(len(CHUNKED), len(sent)):
        found = one(sent[:cut], answer)
        assert whole.body.startswith(found.body)
        assert replace(found, sent=sent, body=whole.body, sent_whole=True) == whole
    for cut in range(len(answer)):
        found = one(sent, answer[:cut])
        assert found.sent == sent and whole.answer_body.startswith(found.answer_body)
        assert not found.answer_whole


def test_large_bodies_are_split_in_one_pass() -> None:
    body = bytes(range(256)) * 4096
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(part), part) for part in (body[at : at + 100] for at in range(0, len(body), 100))
    )
    assert one(CHUNKED + chunks + b"0\r\n\r\n").body == body
