"""One request in flight: what the HTTP library's connections report to it, and what its deadline may end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from shim.deadline import Deadline
from shim.errors import PlatformError, Reason
from shim.spec import Effect
from shim.transport.causes import Peer
from shim.transport.connection import open_socket
from shim.transport.portable.exchange import Deadlines, TimedExchange, current
from shim.transport.portable.session import new_session
from shim.transport.portable.transport import RequestsTransport
from tests.support.servers import Server, serving

PEER = Peer("127.0.0.1", 1)


@pytest.fixture
def url() -> Iterator[str]:
    """A server that answers one request with a body of ``x``."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            data = b""
            while not data.endswith(b"\r\n\r\nx"):  # the body is one byte, and may come apart from the head
                more = connection.recv(65536)
                if not more:
                    return
                data += more
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join()
    listener.close()


def test_a_connection_belongs_to_the_exchange_until_it_returns_to_the_pool(url: str) -> None:
    session = new_session("", "", idle_seconds=10)
    with Deadlines().exchange(time.monotonic() + 60, PEER) as exchange:
        exchange.connecting = Deadline(60)
        response = session.post(url, data=b"x", stream=True)
        assert exchange.started and exchange.sent and exchange.connection is not None
        assert response.content == b"{}"
        assert exchange.connection is None and not exchange.expired
    assert current.exchange is None
    session.close()


def test_a_deadline_ends_its_own_exchange_only() -> None:
    class Connection:
        def __init__(self) -> None:
            self.sock, self.peer = socket.socketpair()

    deadlines = Deadlines()
    late, other = Connection(), Connection()
    with deadlines.exchange(time.monotonic() + 600, PEER) as waiting:
        waiting.connection = other
        with deadlines.exchange(time.monotonic() + 600, PEER) as expiring:
            expiring.connection = late
            deadlines._add(time.monotonic(), expiring)  # due at once, and earlier than what the thread waits for
            assert late.peer.recv(1) == b""  # blocks until the deadline's thread has shut the socket down
            assert expiring.expired and not waiting.expired
    other.sock.sendall(b"alive")
    assert other.peer.recv(5) == b"alive"
    for connection in (late, other):
        connection.sock.close()
        connection.peer.close()


def test_a_late_deadline_leaves_the_pool_alone() -> None:
    """A connection that returned to the pool may serve another call: the old deadline must not end it."""
    ended: list[str] = []

    class Socket:
        def shutdown(self, how: int) -> None:
            ended.append("shut down")

    class Connection:
        sock = Socket()

    waiting, done = TimedExchange(), TimedExchange()
    waiting.connection = done.connection = Connection()
    done.release()
    done.expire()
    assert ended == []
    waiting.expire()
    assert ended == ["shut down"]


def test_nothing_is_sent_over_a_connection_that_was_made_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """In time, but its thread came to take its socket, which the deadline would shut down, when that had passed."""

    def open_late(*arguments: Any) -> tuple[socket.socket, Any]:
        opened = open_socket(*arguments)
        current.exchange.expire()
        return opened

    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    monkeypatch.setattr("shim.transport.portable.session.open_socket", open_late)
    transport = RequestsTransport(connect_seconds=60)
    with serving(talk) as server:
        with pytest.raises(PlatformError) as caught:
            transport.post(server.url, b"{}", "application/json", Effect.CHANGE, Deadline(60))
        transport.close()
        server.wait_until_closed()
        assert server.requests == 0
    assert caught.value.reason is Reason.CONNECT_FAILED
