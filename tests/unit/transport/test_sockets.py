"""What only the engine of our own sockets promises: kept connections are looked at, odd answers read, causes named."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from shim import forks
from shim.deadline import Deadline
from shim.errors import HostError, PlatformError, Reason
from shim.http_answer import HttpAnswer
from shim.messages import network
from shim.spec import Effect
from shim.transport.causes import Peer
from shim.transport.connection import Connection
from shim.transport.pool import REST_SECONDS
from shim.transport.sockets import SocketTransport
from tests.support.clocks import PatientClock
from tests.support.servers import LOOPBACK, Server, serving
from tests.support.streams import Hangup, Secure

Talk = Callable[[Server, socket.socket], None]
FOREIGN = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nforeign"


@pytest.fixture
def make() -> Iterator[Callable[..., SocketTransport]]:
    made: list[SocketTransport] = []

    def transport(**settings: Any) -> SocketTransport:
        made.append(SocketTransport(**{"connect_seconds": 60, **settings}))
        return made[-1]

    yield transport
    for one in made:
        one.close()


def send(
    one: SocketTransport, url: str, body: bytes = b"{}", effect: Effect = Effect.IDENTIFY, total_seconds: float = 60
) -> HttpAnswer:
    return one.post(url, body, "application/json", effect, Deadline(total_seconds))


def echo(body: bytes, head: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)


# ---- kept connections ------------------------------------------------------------------------------------------------


def with_stray(stray: bytes, apart: bool, sent: threading.Semaphore) -> Talk:
    """Answers each request with its own body, and sends `stray` behind it: in the same write, or in one of its own."""

    def talk(server: Server, connection: socket.socket) -> None:
        while True:
            answer = echo(server.read(connection))
            with over(sent):
                if apart:
                    connection.sendall(answer)
                    connection.sendall(stray)
                else:
                    connection.sendall(answer + stray)

    return talk


@contextlib.contextmanager
def over(sent: threading.Semaphore) -> Iterator[None]:
    """Releases `sent` when all is sent, and also when the client has closed before."""
    try:
        yield
    finally:
        sent.release()


def over_tls(talk: Talk) -> Talk:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)

    def secured(server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            talk(server, inside)

    return secured


@pytest.mark.parametrize("stray", [b"\n", FOREIGN, FOREIGN * 2000], ids=["a byte", "an answer", "much"])
@pytest.mark.parametrize("apart", [False, True], ids=["with it", "after it"])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_connection_with_a_byte_left_over_is_never_used_again(
    make: Callable[..., SocketTransport], stray: bytes, apart: bool, secure: bool
) -> None:
    sent = threading.Semaphore(0)
    talk = with_stray(stray, apart, sent)
    with serving(over_tls(talk) if secure else talk) as server:
        one = make(ca_file=str(LOOPBACK))
        url = server.url.replace("http:", "https:") if secure else server.url
        for number in range(5):
            assert send(one, url, b"patient %d" % number).body == b"patient %d" % number
            assert sent.acquire(timeout=60)
            time.sleep(2 * REST_SECONDS)  # else it would not be used again in any case
        assert (server.connections, server.requests) == (5, 5)


@pytest.mark.parametrize("times", [1, 100])
def test_what_is_said_before_the_first_request_is_not_its_answer(
    make: Callable[..., SocketTransport], times: int
) -> None:
    """With TLS 1.2 it is there before the request can be sent, in the segment of the handshake's last record.

    Nothing was sent, so that another connection may be tried.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def talk(server: Server, connection: socket.socket) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        inside = context.wrap_bio(incoming, outgoing, server_side=True)
        while True:
            try:
                inside.do_handshake()
                break
            except ssl.SSLWantReadError:
                if outgoing.pending:
                    connection.sendall(outgoing.read())
                incoming.write(connection.recv(65536))
        if server.connections <= times:
            inside.write(FOREIGN)
            connection.sendall(outgoing.read())
            connection.recv(65536)
            return
        connection.sendall(outgoing.read())
        incoming.write(connection.recv(65536))
        inside.read(65536)
        inside.write(echo(b"own"))
        connection.sendall(outgoing.read())

    with serving(talk) as server:
        one, url = make(ca_file=str(LOOPBACK)), server.url.replace("http:", "https:")
        if times == 1:
            assert send(one, url).body == b"own"
            return
        with pytest.raises(PlatformError) as caught:
            send(one, url)
        assert caught.value.reason is Reason.CONNECT_FAILED and "在请求之前就发来数据" in caught.value.message


def test_a_connection_rests_before_it_is_used_again(make: Callable[..., SocketTransport]) -> None:
    """What comes just behind an answer is seen by then: calls at once after each other take turns on several."""
    rests: list[float] = []

    def talk(server: Server, connection: socket.socket) -> None:
        body = server.read(connection)
        while True:
            answered = time.monotonic()
            connection.sendall(echo(body))
            body = server.read(connection)
            rests.append(time.monotonic() - answered)

    with serving(talk) as server:
        one = make()
        for pause in [0.0] * 30 + [2 * REST_SECONDS]:
            time.sleep(pause)
            assert send(one, server.url, b"patient").body == b"patient"
        assert server.requests == 31 and len(rests) == 31 - server.connections > 0
        assert min(rests) >= REST_SECONDS


def test_what_is_said_before_a_request_is_not_its_answer(make: Callable[..., SocketTransport]) -> None:
    """The first answer is the request's own; the second comes while the connection is idle."""

    def talk(server: Server, connection: socket.socket) -> None:
        connection.sendall(echo(server.read(connection)))
        if server.connections == 1:
            connection.sendall(FOREIGN)
            said.set()

    said = threading.Event()
    with serving(talk) as server:
        one = make()
        assert send(one, server.url, b"1").body == b"1"
        assert said.wait(60)
        time.sleep(2 * REST_SECONDS)  # else it would not be used again in any case
        assert send(one, server.url, b"2").body == b"2"
        assert server.connections == 2


@pytest.mark.parametrize(
    ("head", "connections"),
    [(b"Keep-Alive: timeout=1\r\n", 3), (b"Keep-Alive: timeout=60\r\n", 1), (b"Connection: close\r\n", 3)],
)
def test_a_connection_is_kept_no_longer_than_the_server_says(
    make: Callable[..., SocketTransport], head: bytes, connections: int
) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        while True:
            connection.sendall(echo(server.read(connection), head))

    with serving(talk) as server:
        one = make()
        for _ in range(3):
            send(one, server.url)
            time.sleep(2 * REST_SECONDS)  # a kept connection rests before it is used again
        assert server.connections == connections


def test_an_identification_over_a_connection_that_dies_is_not_sent_again(make: Callable[..., SocketTransport]) -> None:
    """And the other kept connection to that server, which may be as dead, is not used any more."""
    both = threading.Barrier(2)

    def talk(server: Server, connection: socket.socket) -> None:
        body = server.read(connection)
        if body == b"1":
            both.wait(60)  # so that the second call needs a connection of its own
        connection.sendall(echo(body))
        server.read(connection)

    with serving(talk) as server:
        one = make()
        calls = [threading.Thread(target=send, args=(one, server.url, b"1")) for _ in range(2)]
        for call in calls:
            call.start()
        for call in calls:
            call.join()
        time.sleep(2 * REST_SECONDS)  # kept connections rest before they are used again
        with pytest.raises(PlatformError) as caught:
            send(one, server.url)
        assert caught.value.reason is Reason.UNKNOWN_OUTCOME and (server.connections, server.requests) == (2, 3)
        assert send(one, server.url, b"3").body == b"3"
        assert server.connections == 3


@pytest.mark.parametrize("taken", [0, 1], ids=["nothing", "a byte"])
def test_a_kept_connection_that_breaks_in_sending(
    make: Callable[..., SocketTransport], monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    """It broke after it was looked at: a new one takes its place, unless a byte of an identification would go twice."""

    def talk(server: Server, connection: socket.socket) -> None:
        while True:
            connection.sendall(echo(server.read(connection)))

    def send_on(connection: Connection, data: bytes, deadline: Deadline) -> None:
        if connection is first:
            connection.sent = taken
            raise BrokenPipeError
        real(connection, data, deadline)

    real = Connection.send
    with serving(talk) as server:
        one = make()
        send(one, server.url)
        time.sleep(2 * REST_SECONDS)  # it rests before it is used again
        first = next(iter(one._pool._idle.values()))[0]
        monkeypatch.setattr(Connection, "send", send_on)
        if not taken:
            assert send(one, server.url, b"2").body == b"2"
            assert (server.connections, server.requests) == (2, 2)
            return
        with pytest.raises(PlatformError) as caught:
            send(one, server.url, b"2")
        assert caught.value.reason is Reason.SEND_FAILED
        assert (server.connections, server.requests) == (1, 1)


def test_an_answer_before_the_end_of_a_request() -> None:
    """Whoever's it is, it is no answer to a request that has not been sent: the rest of it is not."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(echo(b"foreign"))
        connection = Connection(ours, Peer("platform", 80))
        with pytest.raises(ConnectionAbortedError):
            connection.send(bytes(100_000), Deadline(60))
        assert connection.sent < 100_000


def test_a_peer_that_takes_its_time_gets_all() -> None:
    """The system's buffers are full meanwhile."""
    ours, theirs = socket.socketpair()
    data = os.urandom(4_000_000)
    taken = bytearray()

    def read() -> None:
        while len(taken) < len(data):
            time.sleep(0.001)
            taken.extend(theirs.recv(100_000))
        theirs.sendall(b"done")

    reader = threading.Thread(target=read)
    with ours, theirs:
        connection = Connection(ours, Peer("platform", 80))
        reader.start()
        connection.send(data, Deadline(60))
        assert connection.receive(Deadline(60)) == b"done"
        reader.join()
    assert (connection.sent, bytes(taken)) == (len(data), data)


def test_a_peer_that_takes_nothing_and_says_nothing_ends_with_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = Connection(ours, Peer("platform", 80))
        with pytest.raises(TimeoutError):
            connection.receive(Deadline(0.05))
        with pytest.raises(TimeoutError):
            connection.send(bytes(4_000_000), Deadline(0.05))
        assert 0 < connection.sent < 4_000_000


def test_quiet_is_a_connection_on_which_nothing_has_come() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = Connection(ours, Peer("platform", 80))
        assert connection.quiet and not connection.spoken_to
        theirs.sendall(b"x")
        assert not connection.quiet
        assert connection.receive(Deadline(60)) == b"x"  # looking takes nothing away
        assert connection.quiet
        theirs.close()
        assert not connection.quiet and not connection.spoken_to


def test_a_byte_inside_tls_is_seen() -> None:
    """OpenSSL may have taken it from the socket already."""

    class Secured(socket.socket):
        def pending(self) -> int:
            return 1

    here, there = socket.socketpair()
    with there, Secured(fileno=here.detach()) as secured:
        assert not Connection(secured, Peer("127.0.0.1", 1)).quiet


def test_a_query_over_a_connection_that_dies_is_sent_again_over_a_new_one(
    make: Callable[..., SocketTransport],
) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        connection.sendall(echo(server.read(connection)))
        server.read(connection)

    with serving(talk) as server:
        one = make()
        assert send(one, server.url, b"1", Effect.QUERY).body == b"1"
        time.sleep(2 * REST_SECONDS)
        assert send(one, server.url, b"2", Effect.QUERY).body == b"2"
        assert (server.connections, server.requests) == (2, 3)


def test_eight_threads_and_stray_answers(make: Callable[..., SocketTransport]) -> None:
    """Most answers are followed by that of another patient, in the same TLS record or in one of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)

    def talk(server: Server, connection: socket.socket) -> None:
        stream = Secure(connection, context)
        with contextlib.suppress(Hangup):
            stream.handshake()
            for number in itertools.count():
                answer = echo(server.read(stream))
                if number % 3 == 0:
                    stream.send(answer + FOREIGN)
                elif number % 3 == 1:
                    stream.send(answer, FOREIGN)  # with one call: the next request may come at once
                else:
                    stream.send(answer)

    wrong: list[bytes] = []
    with serving(talk) as server:
        one = make(ca_file=str(LOOPBACK))
        url = server.url.replace("http:", "https:")

        def run(thread: int) -> None:
            for number in range(25):
                body = b"%d/%d" % (thread, number)
                got = send(one, url, body, total_seconds=60).body
                if got != body:
                    wrong.append(got)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert wrong == [] and server.requests == 200


# ---- odd answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd", [b"nonsense\r\n", b"X : y\r\n", b"X: a\r\n folded\r\n", b": empty\r\n", b"X: \x00\xff\r\n"]
)
def test_headers_after_an_odd_line_are_not_lost(make: Callable[..., SocketTransport], odd: bytes) -> None:
    """The connection stays open: without its length the answer would be waited for until the deadline.

    It is not used again, all the same.
    """

    def talk(server: Server, connection: socket.socket) -> None:
        while True:
            connection.sendall(echo(server.read(connection), odd))

    with serving(talk) as server:
        one = make()
        for _ in range(2):
            assert send(one, server.url, total_seconds=20).body == b"{}"
        assert server.connections == 2


# ---- causes ----------------------------------------------------------------------------------------------------------


def test_a_port_that_wants_https(make: Callable[..., SocketTransport]) -> None:
    """Nothing of the request can have been understood: it may be made again."""

    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\x15\x03\x03\x00\x02\x02\x46")

    with serving(talk) as server, pytest.raises(PlatformError) as caught:
        send(make(), server.url)
    assert caught.value.reason is Reason.CONNECT_FAILED and "https://" in caught.value.message


def test_a_port_that_waits_for_the_end_of_a_request_is_not_https(make: Callable[..., SocketTransport]) -> None:
    """An HTTP server that finds no empty line in our hello says nothing: it is asked, and not waited for."""

    def talk(server: Server, connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return
            data += more
        connection.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")

    with serving(talk) as server, pytest.raises(PlatformError) as caught:
        send(make(connect_seconds=60), server.url.replace("http:", "https:"), total_seconds=60)
    assert "的端口不是 https" in caught.value.message


def test_a_handshake_that_only_takes_long_is_waited_for(make: Callable[..., SocketTransport]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)

    def talk(server: Server, connection: socket.socket) -> None:
        if server.connections > 1:  # it is asked whether it speaks plain HTTP
            with contextlib.suppress(OSError):
                connection.recv(65536)
            return
        time.sleep(1.5)
        with context.wrap_socket(connection, server_side=True) as inside:
            inside.sendall(echo(server.read(inside)))

    with serving(talk) as server:
        one = make(connect_seconds=60, ca_file=str(LOOPBACK))
        assert send(one, server.url.replace("http:", "https:"), total_seconds=60).body == b"{}"


@pytest.mark.parametrize(
    "answer",
    [b"garbage\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n\r\nand more", b"HTTP/1.1 200 OK\r\n"],
    ids=["garbage", "nothing", "more than its head", "cut"],
)
def test_a_tunnel_that_is_none(make: Callable[..., SocketTransport], answer: bytes) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    with serving(talk) as server, pytest.raises(PlatformError) as caught:
        send(make(proxy=server.url.removesuffix("/x")), "https://platform.invalid/y")
    assert caught.value.reason is Reason.CONNECT_FAILED
    assert "的应答不是 HTTP 代理的应答" in caught.value.message


def test_a_proxy_that_is_silent_does_not_outlast_the_time_for_connecting(
    make: Callable[..., SocketTransport], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(65536)
        asked.set()
        connection.recv(1)

    monkeypatch.setattr("shim.deadline.time", SimpleNamespace(monotonic=PatientClock(asked.is_set, 0.1)))
    with serving(talk) as server, pytest.raises(PlatformError) as caught:
        send(
            make(connect_seconds=0.2, proxy=server.url.removesuffix("/x")),
            "https://platform.invalid/y",
            total_seconds=60,
        )
    assert caught.value.row is network.PROXY_SILENT
    assert re.match(r"代理 127\.0\.0\.1:\d+ 在 [0-9.]+ 秒内没有接通平台；", caught.value.message), caught.value.message


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "https://127.0.0.1:1", "http://", "127.0.0.1:port"])
def test_a_proxy_setting_that_is_none(make: Callable[..., SocketTransport], proxy: str) -> None:
    with pytest.raises(HostError) as caught:
        send(make(proxy=proxy), "http://platform.invalid/")
    assert caught.value.reason is Reason.SETTINGS and "[transport] proxy" in caught.value.message


# ---- forks -----------------------------------------------------------------------------------------------------------


def test_a_server_learns_of_the_end_although_a_child_has_a_copy(
    make: Callable[..., SocketTransport], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it does of a connection that was made for a change, or kept for too long."""
    monkeypatch.setattr(forks, "happened", True)
    copies: list[int] = []
    monkeypatch.setattr(forks, "track", lambda sock: copies.append(os.dup(sock.fileno())))
    heard = threading.Event()

    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(echo(b"{}"))
        if connection.recv(1) == b"":
            heard.set()

    with serving(talk) as server:
        one = make()
        send(one, server.url)
        one.close()
        assert heard.wait(60)
    for copy in copies:
        os.close(copy)
