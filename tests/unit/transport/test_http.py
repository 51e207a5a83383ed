"""The transport against servers that misbehave on real sockets: what is known of the outcome, and how long it takes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from shim.deadline import Deadline
from shim.errors import HostError, PlatformError, Reason
from shim.http_answer import HttpAnswer
from shim.simulator.server import Simulator
from shim.spec import Effect
from shim.transport.base import MAX_ANSWER
from shim.transport.exchange import Exchange
from shim.transport.http import HttpTransport
from tests.support.servers import Server, serving, tls_front

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def transport(*, connect_seconds: float = 2) -> HttpTransport:
    return HttpTransport(connect_seconds)


def send(
    one: HttpTransport, url: str, *, body: bytes = b"{}", effect: Effect = Effect.CHANGE, total_seconds: float = 2
) -> HttpAnswer:
    return one.post(url, body, "application/json", effect, Deadline(total_seconds))


def post(url: str, *, effect: Effect = Effect.CHANGE, total_seconds: float = 2) -> bytes:
    return send(transport(), url, effect=effect, total_seconds=total_seconds).body


def keep_answering(server: Server, connection: socket.socket) -> None:
    while True:
        server.read(connection)
        connection.sendall(OK)


def test_kept_alive() -> None:
    """Five calls, one connection."""

    with serving(keep_answering) as server:
        one = transport()
        for _ in range(5):
            assert send(one, server.url).body == b"{}"
        assert (server.connections, server.requests) == (1, 5)


def test_an_idle_connection_is_not_used_again() -> None:
    """The platform may have closed it meanwhile, and then the outcome would be unknown."""

    with serving(keep_answering) as server:
        impatient = HttpTransport(2, idle_seconds=0)
        for _ in range(3):
            time.sleep(0.01)
            assert send(impatient, server.url).body == b"{}"
        assert (server.connections, server.requests) == (3, 3)


def test_a_late_deadline_leaves_the_pool_alone() -> None:
    """A connection that returned to the pool may serve another call: the old deadline must not end it."""
    ended: list[str] = []

    class Socket:
        def shutdown(self, how: int) -> None:
            ended.append("shut down")

    class Connection:
        sock = Socket()

    waiting, done = Exchange(), Exchange()
    waiting.connection = done.connection = Connection()
    done.release()
    done.expire()
    assert ended == []
    waiting.expire()
    assert ended == ["shut down"]


def test_a_connection_that_was_closed_is_not_used_again() -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(OK)

    with serving(talk) as server:
        one = transport()
        for _ in range(3):
            assert send(one, server.url).body == b"{}"
            time.sleep(0.1)  # the closing arrives
        assert server.connections == 3


def test_what_goes_out() -> None:
    seen: list[bytes] = []

    def talk(server: Server, connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(OK)

    with serving(talk) as server:
        assert post(server.url) == b"{}"
    head = seen[0].lower()
    assert head.startswith(b"post /x http/1.1\r\n")
    assert b"content-type: application/json\r\n" in head and b"accept-encoding: identity\r\n" in head


def test_a_refused_connection() -> None:
    with pytest.raises(PlatformError) as caught:
        post("http://127.0.0.1:9/x")
    assert caught.value.reason is Reason.CONNECT_FAILED and "可以重做" in caught.value.message


def test_name_that_does_not_exist() -> None:
    with pytest.raises(PlatformError) as caught:
        post("http://no-such-host.invalid/x")
    assert caught.value.reason is Reason.CONNECT_FAILED


@pytest.mark.parametrize("url", ["", "  "])
def test_empty_url(url: str) -> None:
    with pytest.raises(HostError) as caught:
        post(url)
    assert caught.value.reason is Reason.NO_URL


@pytest.mark.parametrize("url", ["ftp://x/", "C:\\x", "http://", "http://[bad/", "http://a:port/", "http://汉 字/"])
def test_impossible_url(url: str) -> None:
    with pytest.raises((HostError, PlatformError)) as caught:
        post(url)
    assert caught.value.reason in (Reason.UNSUPPORTED_URL, Reason.CONNECT_FAILED)


def close(server: Server, connection: socket.socket) -> None:
    server.read(connection)


def reset(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def half(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


def nonsense(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.sendall(b"\x00\x01 what is this\r\n\r\n")


def silence(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.recv(1)


def drip_head(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Slow: 1\r\n")
        time.sleep(0.2)


def drip_body(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.2)


@pytest.mark.parametrize("talk", [close, reset, half, nonsense, silence, drip_head, drip_body])
def test_after_sending_the_outcome_is_unknown(talk: Callable[[Server, socket.socket], None]) -> None:
    """In every case the call ends, the request was sent once, and the message says what to do."""
    with serving(talk) as server:
        with pytest.raises(PlatformError) as caught:
            post(server.url)
        assert caught.value.reason is Reason.UNKNOWN_OUTCOME
        assert "结果未知" in caught.value.message
        assert server.requests == 1


def test_only_a_pure_query_is_repeated() -> None:
    with serving(close) as server:
        with pytest.raises(PlatformError) as caught:
            post(server.url, effect=Effect.QUERY)
        assert caught.value.reason is Reason.UNKNOWN_OUTCOME and "结果未知" in caught.value.message
        assert server.requests == 2


def test_a_request_that_did_not_go_out_whole_did_not_happen() -> None:
    """The platform closes while the request is being sent: it cannot have acted on half of it."""

    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(1000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with serving(talk) as server:
        with pytest.raises(PlatformError) as caught:
            send(transport(), server.url, body=b"x" * 50_000_000)
        assert caught.value.reason is Reason.SEND_FAILED and "可以重做" in caught.value.message
        assert server.requests == 0


def test_redirects_are_not_followed() -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n")

    with serving(talk) as server:
        answer = send(transport(), server.url)
        assert (answer.status, answer.location, server.requests) == (302, "/y", 1)


def test_an_endless_answer_is_cut_off() -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(talk) as server:
        with pytest.raises(PlatformError) as caught:
            post(server.url, total_seconds=20)
        assert caught.value.reason is Reason.UNKNOWN_OUTCOME
        assert str(MAX_ANSWER // 1024 // 1024) in caught.value.message


def test_chunked_and_closed_answers_are_read() -> None:
    answers = [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\n\r\n{}",
    ]

    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(answers[server.requests - 1])

    with serving(talk) as server:
        for _ in answers:
            assert post(server.url) == b"{}"


def test_many_threads_share_one_transport(simulator: Simulator) -> None:
    one = transport(connect_seconds=30)
    wrong: list[object] = []

    def run(number: int) -> None:
        for _ in range(10):
            body = b'{"orgId":"%d","data":{}}' % number
            answer = send(one, simulator.qr_query, body=body, total_seconds=60).body
            if b'"orgId":"%d"' % number not in answer:
                wrong.append(answer)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_system_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(OK)

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(talk) as server:
        assert post(server.url) == b"{}"


def test_a_configured_proxy_is_used() -> None:
    seen: list[bytes] = []

    def talk(server: Server, connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(OK)

    with serving(talk) as server:
        proxied = HttpTransport(2, proxy=server.url.removesuffix("/x"))
        assert send(proxied, "http://platform.invalid/y").body == b"{}"
    assert seen[0].startswith(b"POST http://platform.invalid/y HTTP/1.1\r\n")


# ---- HTTPS -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def secure(simulator: Simulator) -> Iterator[str]:
    """The address of the simulator's gateway behind TLS."""
    with tls_front(simulator) as gateway:
        yield gateway


def test_an_untrusted_certificate_is_refused(secure: str) -> None:
    with pytest.raises(PlatformError) as caught:
        post(secure)
    assert caught.value.reason is Reason.CONNECT_FAILED
    assert "证书" in caught.value.message and "ca_file" in caught.value.message
