"""The hospital's file by URL: over real sockets, with what a server may do wrong."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable

import pytest

from shim.fleet import refusal
from shim.fleet.refusal import FleetOutcome, Refused
from shim.fleet.source import fetch, is_secure
from shim.settings.transport import TransportSettings
from tests.support.servers import LOOPBACK, Server, serving

PLAIN = TransportSettings()


def answering(answer: bytes, heads: list[bytes] | None = None) -> Callable[[Server, socket.socket], None]:
    def talk(server: Server, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536)
        if heads is not None:
            heads.append(head)
        connection.sendall(answer)

    return talk


def over_tls(talk: Callable[[Server, socket.socket], None]) -> Callable[[Server, socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)

    def secured(server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            talk(server, inside)

    return secured


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def test_a_get_and_nothing_more() -> None:
    heads: list[bytes] = []
    with serving(answering(ok(b"x" * 100000), heads)) as server:
        assert fetch(server.url + "?a=b", PLAIN) == b"x" * 100000
        port = server.url.rpartition(":")[2].removesuffix("/x").encode()
    assert heads == [
        b"GET /x?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + port + b"\r\nUser-Agent: virtualcard-shim\r\n"
        b"Accept-Encoding: identity\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    ]


def test_over_tls_with_the_sites_own_certificate() -> None:
    with serving(over_tls(answering(ok(b"x")))) as server:
        url = server.url.replace("http:", "https:")
        assert fetch(url, TransportSettings(ca_file=str(LOOPBACK))) == b"x"
        with pytest.raises(Refused) as raised:
            fetch(url, PLAIN)
        assert raised.value.outcome is refusal.UNREADABLE
        assert "服务器 127.0.0.1:" in raised.value.text and "的证书不受信任" in raised.value.text
        assert "the certificate of the server 127.0.0.1:" in raised.value.text.english


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", refusal.NOT_THERE),
        (b"HTTP/1.1 302 X\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n", refusal.UNREADABLE),
        (b"HTTP/1.1 500 X\r\nContent-Length: 1\r\n\r\nx", refusal.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", refusal.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\nx", refusal.TOO_LARGE),
        (b"", refusal.UNREADABLE),
        (b"what?", refusal.UNREADABLE),
    ],
)
def test_what_a_server_may_do_wrong(answer: bytes, expected: FleetOutcome) -> None:
    with serving(answering(answer)) as server, pytest.raises(Refused) as raised:
        fetch(server.url, PLAIN)
    assert raised.value.outcome is expected


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as bound, pytest.raises(Refused) as raised:
        bound.bind(("127.0.0.1", 0))
        fetch(f"http://127.0.0.1:{bound.getsockname()[1]}/x", PLAIN)
    assert raised.value.outcome is refusal.UNREADABLE


@pytest.mark.parametrize(
    ("source", "secure"),
    [("https://a/x", True), ("HTTP://a/x", False), (r"\\server\share\x.ini", True), (r"D:\x.ini", True)],
)
def test_on_which_way_a_file_may_be_changed(source: str, secure: bool) -> None:
    assert is_secure(source) is secure
