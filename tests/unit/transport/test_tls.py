"""TLS and forks: OpenSSL works inside the gate, and nothing waits there. What TLS does is in the other modules."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from shim import forks
from shim.transport.tls import new_context
from tests.support.forked import CountingGate
from tests.support.scanners import Background
from tests.support.servers import LOOPBACK

_MEGABYTE = b"x" * 1024 * 1024


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> CountingGate:
    made = CountingGate()
    monkeypatch.setattr(forks, "gate", made)
    return made


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A client's end and a server's, connected, without TLS."""
    client, server = socket.socketpair()
    client.settimeout(60)
    yield client, server
    client.close()
    server.close()


def secured(client: socket.socket) -> ssl.SSLSocket:
    context = new_context()
    context.load_verify_locations(LOOPBACK)
    return context.wrap_socket(client, server_hostname="127.0.0.1", do_handshake_on_connect=False)


def serve(server: socket.socket) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)
    return context.wrap_socket(server, server_side=True)


def test_each_operation_passes(gate: CountingGate, pair: tuple[socket.socket, socket.socket]) -> None:
    """A context, a connection, each part of the handshake, writing, reading."""
    client = secured(pair[0])
    assert gate.passes == 2
    thread = Background(lambda: serve(pair[1]))
    client.do_handshake()
    server = thread.result()
    assert gate.passes >= 3  # one, where the answer of the server has come before the client looks for it
    before = gate.passes
    client.sendall(b"question")
    assert gate.passes == before + 1
    server.recv(8)
    server.sendall(b"answer")
    assert client.recv(100) == b"answer"
    assert gate.passes >= before + 2
    client.close()
    server.close()


def test_nothing_waits_inside(gate: CountingGate, pair: tuple[socket.socket, socket.socket]) -> None:
    """Neither for a handshake, nor for an answer, nor for room to write."""
    client = secured(pair[0])

    def watched(step: Background) -> None:
        for _ in range(4):
            threading.Event().wait(0.05)
            assert gate._inside == {}

    handshake = Background(client.do_handshake)
    watched(handshake)
    server = serve(pair[1])
    handshake.result()
    reading = Background(lambda: client.recv(100))
    watched(reading)
    server.sendall(b"answer")
    assert reading.result() == b"answer"
    writing = Background(lambda: client.sendall(_MEGABYTE))
    watched(writing)
    received = 0
    while received < len(_MEGABYTE):
        received += len(server.recv(65536))
    writing.result()
    client.close()
    server.close()


def test_its_time_outs_are_those_of_a_socket(pair: tuple[socket.socket, socket.socket]) -> None:
    client = secured(pair[0])
    thread = Background(lambda: serve(pair[1]))
    client.do_handshake()
    server = thread.result()
    assert client.gettimeout() == 60
    for seconds in (0.01, 0.0):
        client.settimeout(seconds)
        with pytest.raises(OSError) as caught:
            client.recv(1)
        assert isinstance(caught.value, TimeoutError if seconds else BlockingIOError)
    client.settimeout(None)
    server.sendall(b"x")
    assert client.recv(1) == b"x"
    server.shutdown(socket.SHUT_RDWR)
    assert client.recv(1) == b""
    client.close()
    server.close()


def test_its_time_out_is_that_of_the_whole_operation(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a record that comes late does not begin it anew."""
    limits: list[float] = []

    class Poll:
        def register(self, *_: object) -> None:
            return None

        def poll(self, milliseconds: float) -> list[int]:
            limits.append(milliseconds)
            now[0] += 20
            return [1]

    now = [1000.0]
    client = secured(pair[0])
    thread = Background(lambda: serve(pair[1]))
    client.do_handshake()
    server = thread.result()
    monkeypatch.setattr("shim.transport.tls.select", SimpleNamespace(poll=Poll, POLLIN=1, POLLOUT=4))
    monkeypatch.setattr("shim.transport.tls.time", SimpleNamespace(monotonic=lambda: now[0]))
    client.settimeout(50)
    reading = Background(lambda: client.recv(1))  # nothing has come, whatever poll says
    while len(limits) < 4:
        threading.Event().wait(0.001)
    assert limits[:4] == [50_000, 30_000, 10_000, 0]
    server.sendall(b"x")
    assert reading.result() == b"x"
    client.close()
    server.close()
