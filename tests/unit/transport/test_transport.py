"""What both engines promise, against servers that misbehave on real sockets: what is sent, and what is known of it."""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import ssl
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shim.deadline import Deadline
from shim.errors import HostError, PlatformError, Reason, State
from shim.http_answer import HttpAnswer
from shim.messages import network
from shim.simulator.server import Simulator
from shim.spec import Effect
from shim.transport.base import MAX_ANSWER, Transport
from shim.transport.pool import REST_SECONDS
from shim.transport.portable.transport import RequestsTransport
from shim.transport.sockets import SocketTransport
from tests.support.open_files import many_open_files
from tests.support.servers import LOOPBACK, Server, serving, tls_front

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Talk = Callable[[Server, socket.socket], None]
Make = Callable[..., Transport]


@pytest.fixture(params=[SocketTransport, RequestsTransport])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    """Makes transports of one engine."""
    made: list[Any] = []

    def transport(**settings: Any) -> Transport:
        made.append(request.param(**{"connect_seconds": 60, **settings}))
        return made[-1]  # type: ignore[no-any-return]

    yield transport
    for one in made:
        one.close()


def send(
    one: Transport, url: str, *, body: bytes = b"{}", effect: Effect = Effect.CHANGE, total_seconds: float = 60
) -> HttpAnswer:
    return one.post(url, body, "application/json", effect, Deadline(total_seconds))


def failure(one: Transport, url: str, **more: Any) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        send(one, url, **more)
    return caught.value


def state(error: PlatformError) -> State | None:
    """What the error's row says of the request."""
    return None if error.row is None else error.row.state


def answering(*answers: bytes) -> Talk:
    """Sends each of `answers` to one request of its connection, and closes."""

    def talk(server: Server, connection: socket.socket) -> None:
        for answer in answers:
            server.read(connection)
            connection.sendall(answer)

    return talk


def keep_answering(server: Server, connection: socket.socket) -> None:
    while True:
        server.read(connection)
        connection.sendall(OK)


# ---- connections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("effect", "connections"), [(Effect.QUERY, 1), (Effect.IDENTIFY, 1), (Effect.CHANGE, 5)])
def test_only_a_change_goes_over_a_connection_of_its_own(make: Make, effect: Effect, connections: int) -> None:
    with serving(keep_answering) as server:
        one = make()
        for _ in range(5):
            assert send(one, server.url, effect=effect).body == b"{}"
            time.sleep(2 * REST_SECONDS)  # a kept connection rests before it is used again
        assert (server.connections, server.requests) == (connections, 5)


def test_an_idle_connection_is_not_used_again(make: Make) -> None:
    """The platform may have closed it meanwhile, and then the outcome would be unknown."""
    with serving(keep_answering) as server:
        impatient = make(idle_seconds=0)
        for _ in range(3):
            time.sleep(2 * REST_SECONDS)
            assert send(impatient, server.url, effect=Effect.IDENTIFY).body == b"{}"
        assert (server.connections, server.requests) == (3, 3)


def test_a_connection_that_was_closed_is_not_used_again(make: Make) -> None:
    with serving(answering(OK)) as server:
        one = make()
        for _ in range(3):
            assert send(one, server.url, effect=Effect.IDENTIFY).body == b"{}"
            server.wait_until_closed()
            time.sleep(2 * REST_SECONDS)  # else it would not be used again in any case
        assert server.connections == 3


def test_what_goes_out(make: Make) -> None:
    heads: list[bytes] = []

    def talk(server: Server, connection: socket.socket) -> None:
        heads.append(connection.recv(65536, socket.MSG_PEEK))
        server.read(connection)
        connection.sendall(OK)

    with serving(talk) as server:
        assert send(make(), f" {server.url}?a=1#part\r\n\0").body == b"{}"
    head = heads[0].lower()
    assert head.startswith(b"post /x?a=1 http/1.1\r\n")
    assert b"content-type: application/json\r\n" in head and b"accept-encoding: identity\r\n" in head


def test_headers_of_a_dialect_go_out(make: Make) -> None:
    """One that is sent anyway is replaced, in whatever case it is written; its place and all others stay."""
    heads: list[bytes] = []

    def talk(server: Server, connection: socket.socket) -> None:
        heads.append(connection.recv(65536, socket.MSG_PEEK))
        server.read(connection)
        connection.sendall(OK)

    more = (("user-agent", "Mozilla/4.0 (compatible)"), ("X-Sign", "ABC"), ("Content-Type", "text/json"))
    with serving(talk) as server:
        make().post(server.url, b"{}", "application/json", Effect.CHANGE, Deadline(60), more)
        make().post(server.url, b"{}", "application/json", Effect.IDENTIFY, Deadline(60), more)
    for head in heads:
        lines = head.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
        named = {line.partition(b":")[0].lower(): line.partition(b": ")[2] for line in lines}
        assert len(named) == len(lines)
        assert named[b"user-agent"] == b"Mozilla/4.0 (compatible)" and named[b"x-sign"] == b"ABC"
        assert named[b"content-type"] == b"text/json" and named[b"content-length"] == b"2"
    assert len(heads) == 2


def test_nothing_is_remembered_between_calls(make: Make) -> None:
    """Two sessions of an application server: neither its cookie nor its redirect has a second request."""
    heads: list[bytes] = []

    def talk(server: Server, connection: socket.socket) -> None:
        while True:
            heads.append(connection.recv(65536, socket.MSG_PEEK))
            server.read(connection)
            connection.sendall(OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: JSESSIONID=A1; Path=/\r\n\r\n"))

    with serving(talk) as server:
        one = make()
        for effect in (Effect.QUERY, Effect.IDENTIFY, Effect.CHANGE, Effect.QUERY):
            send(one, server.url, effect=effect)
    heads = [head for head in heads if head]  # the others are connections that were closed
    assert len(heads) == 4 and not any(b"cookie" in head.lower() for head in heads)


# ---- nothing was sent ------------------------------------------------------------------------------------------------


def test_a_refused_connection(make: Make) -> None:
    error = failure(make(), "http://127.0.0.1:9/x")
    assert error.reason is Reason.CONNECT_FAILED
    assert error.row is network.REFUSED and error.row.state is State.NOT_DONE
    assert error.message == "平台 127.0.0.1:9 拒绝连接；请核对地址与端口，并确认对方服务已启动"


def test_a_name_that_does_not_exist(make: Make) -> None:
    error = failure(make(), "http://no-such-host.invalid/x")
    assert error.reason is Reason.CONNECT_FAILED
    assert "主机名 no-such-host.invalid" in error.message and state(error) is State.NOT_DONE


@pytest.mark.parametrize("url", ["", "  ", "\r\n\0"])
def test_an_empty_url(make: Make, url: str) -> None:
    with pytest.raises(HostError) as caught:
        send(make(), url)
    assert caught.value.reason is Reason.NO_URL


@pytest.mark.parametrize(
    "url",
    ["ftp://x/", "C:\\x", "http://", "http://[bad/", "http://a:port/", "http://汉 字/", "http://a/x\r\nEvil: 1\r\n/y"],
)
def test_an_impossible_url(make: Make, url: str) -> None:
    with pytest.raises(HostError) as caught:
        send(make(), url)
    assert caught.value.reason is Reason.UNSUPPORTED_URL


def test_a_deadline_that_has_passed_sends_nothing(make: Make) -> None:
    with serving(keep_answering) as server:
        one = make()
        assert send(one, server.url, effect=Effect.IDENTIFY).body == b"{}"
        for effect in Effect:
            assert failure(one, server.url, effect=effect, total_seconds=0).reason is Reason.CONNECT_FAILED
        assert server.requests == 1


def test_a_slow_resolver_does_not_outlast_the_deadline(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up goes on in its thread; a second call joins it instead of starting another."""
    release, asked = threading.Event(), []
    real = socket.getaddrinfo

    def slow(host: Any, *args: Any, **more: Any) -> Any:
        if host == b"gateway.his.internal":
            asked.append(host)
            release.wait()
            raise socket.gaierror(socket.EAI_AGAIN, "")
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    one = make()
    for _ in range(2):
        error = failure(one, "http://gateway.his.internal/x", total_seconds=0.5)
        assert re.match(r"(0\.\d|[1-9]\d*) 秒没有查到主机名 gateway\.his\.internal；", error.message), error.message
        assert state(error) is State.NOT_DONE
    release.set()
    assert asked == [b"gateway.his.internal"]


def test_no_thread_for_the_look_up(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    error = failure(make(), "http://gateway.his.internal/x")
    assert error.reason is Reason.CONNECT_FAILED and error.row is network.NO_THREAD


def test_a_request_that_did_not_go_out_whole_did_not_happen(make: Make) -> None:
    """The platform closes while the request is being sent: it cannot have acted on half of it."""

    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(1000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with serving(talk) as server:
        error = failure(make(), server.url, body=b"x" * 50_000_000)
        assert error.reason is Reason.SEND_FAILED and state(error) is State.NOT_DONE
        assert server.requests == 0


def test_a_peer_that_stops_reading_does_not_outlast_the_deadline(make: Make) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(1000)
        release.wait(60)

    release = threading.Event()
    with serving(talk) as server:
        error = failure(make(), server.url, body=b"x" * 50_000_000, total_seconds=2)
        release.set()
        assert error.reason is Reason.SEND_FAILED and state(error) is State.NOT_DONE
        assert re.search("^[1-9][0-9]* 秒没有把请求发给 127", error.message), error.message


def test_the_time_of_the_socket_ran_out_before_that_of_the_call() -> None:
    """A busy system may wake the thread that ends exchanges later than the one that sends."""
    release, transport = threading.Event(), RequestsTransport(connect_seconds=1)

    def talk(server: Server, connection: socket.socket) -> None:
        release.wait(60)

    with serving(talk) as server:
        error = failure(transport, server.url, body=b"x" * 50_000_000)
        release.set()
        transport.close()
    assert error.row is network.SENDING_TIMED_OUT


# ---- sent, and no answer ---------------------------------------------------------------------------------------------


def reset(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def silence(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.recv(1)


def drip_head(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Slow: 1\r\n")
        time.sleep(0.05)


def drip_body(server: Server, connection: socket.socket) -> None:
    server.read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


NO_ANSWER: dict[str, tuple[Talk, str]] = {
    "closed": (answering(b""), "在等待应答时断开"),
    "reset": (reset, "在等待应答时断开"),
    "cut": (answering(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), "应答不完整（收到 1 字节）"),
    "cut chunk": (answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}"), "应答不完整"),
    "nonsense": (answering(b"\x00\x01 what is this\r\n\r\n"), "的应答不是 HTTP 应答"),
    "silent": (silence, "秒内没有应答"),
    "dripping head": (drip_head, "秒内没有应答"),
    "dripping body": (drip_body, "秒内没有应答"),
}


@pytest.mark.parametrize("case", NO_ANSWER)
def test_after_sending_the_outcome_is_unknown(make: Make, case: str) -> None:
    """In every case the call ends, the request was sent once, and the message says what came."""
    talk, words = NO_ANSWER[case]
    with serving(talk) as server:
        error = failure(make(), server.url, total_seconds=2 if words == "秒内没有应答" else 60)
        assert error.reason is Reason.UNKNOWN_OUTCOME and state(error) is State.UNKNOWN
        assert words in error.message and f":{server.url.split(':')[2][:-2]}" in error.message
        if words == "秒内没有应答":
            assert error.row is network.NO_ANSWER and float(error.facts["seconds"]) > 0
        assert server.requests == 1


def test_only_a_query_is_sent_again(make: Make) -> None:
    for effect, requests in ((Effect.QUERY, 2), (Effect.IDENTIFY, 1), (Effect.CHANGE, 1)):
        with serving(answering(b"")) as server:
            assert failure(make(), server.url, effect=effect).reason is Reason.UNKNOWN_OUTCOME
            assert server.requests == requests


def test_a_second_try_that_sends_nothing_leaves_the_first_one_unknown(make: Make) -> None:
    """The server is gone after it has taken the query."""

    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        server.listener.shutdown(socket.SHUT_RDWR)  # closing alone would leave the accepting in flight one more

    with serving(talk) as server:
        error = failure(make(), server.url, effect=Effect.QUERY)
    assert error.reason is Reason.UNKNOWN_OUTCOME and state(error) is State.UNKNOWN and server.requests == 1


def test_the_second_try_of_a_query_has_the_same_deadline(make: Make) -> None:
    """The first try uses some of the time up; the second, which is never answered, is given what is left."""

    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        if server.requests == 1:
            time.sleep(0.5)
        else:
            connection.recv(1)

    with serving(talk) as server:
        started = time.monotonic()
        assert failure(make(), server.url, effect=Effect.QUERY, total_seconds=3).reason is Reason.UNKNOWN_OUTCOME
        assert server.requests == 2
        assert time.monotonic() - started < 30  # a limit for the test: each try by itself would be let wait for ever


def test_an_endless_answer_is_cut_off(make: Make) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(talk) as server:
        error = failure(make(), server.url, total_seconds=20)
        assert error.reason is Reason.UNKNOWN_OUTCOME and str(MAX_ANSWER // 1024 // 1024) in error.message


# ---- answers ---------------------------------------------------------------------------------------------------------

HEAD = b"HTTP/1.1 200 OK\r\n"
BODY = b'{"code":0,"message":"\xe6\x88\x90\xe5\x8a\x9f"}'
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
GZIP = gzip.compress(BODY, mtime=0)
RAW_DEFLATE = zlib.compress(BODY)[2:-4]

ANSWERS: dict[str, bytes] = {
    "chunks": HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n%x;a=b\r\n%s\r\n0\r\nTrailer: 1\r\n\r\n"
    % (len(BODY) - 1, BODY[1:]),
    "until it closes": HEAD + b"Connection: close\r\n\r\n" + BODY,
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "line feeds alone": b"HTTP/1.1 200 OK\n" + LENGTH.replace(b"\r", b"") + b"\n" + BODY,
    "two lengths, the same": HEAD + LENGTH + LENGTH + b"\r\n" + BODY,
    "a reason in GBK": b"HTTP/1.1 200 \xb3\xc9\xb9\xa6\r\nServer: \xd2\xbd\xd4\xba\r\n" + LENGTH + b"\r\n" + BODY,
    "no reason": b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n" + BODY,
    "a 100 before it": b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + LENGTH + b"\r\n" + BODY,
    "gzip": HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(GZIP) + GZIP,
    "gzip without a label": HEAD + b"Content-Length: %d\r\n\r\n" % len(GZIP) + GZIP,
    "deflate as servers write it": HEAD
    + b"Content-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(RAW_DEFLATE)
    + RAW_DEFLATE,
    "a gzip label on a plain body": HEAD + b"Content-Encoding: gzip\r\n" + LENGTH + b"\r\n" + BODY,
    "a deflate label on a plain body": HEAD + b"Content-Encoding: deflate\r\n" + LENGTH + b"\r\n" + BODY,
    "a charset as an encoding": HEAD + b"Content-Encoding: UTF-8\r\n" + LENGTH + b"\r\n" + BODY,
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("piece", [1, 7, 65536])
def test_an_answer_is_read_however_it_is_written(make: Make, name: str, piece: int) -> None:
    """Also where it arrives in pieces."""

    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        for start in range(0, len(ANSWERS[name]), piece):
            connection.sendall(ANSWERS[name][start : start + piece])

    with serving(talk) as server:
        answer = send(make(), server.url)
    assert (answer.body, answer.status, answer.encoding) == (BODY, 200, "")


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b"Content-Type: application/json;charset=GBK", "gbk"),
        (b'content-type: text/html; Charset = "utf-8"', "utf-8"),
        (b"Content-Type: application/json", ""),
    ],
)
def test_what_the_head_declares(make: Make, head: bytes, charset: str) -> None:
    with serving(answering(HEAD + head + b"\r\n" + LENGTH + b"\r\n" + BODY)) as server:
        assert send(make(), server.url).charset == charset


@pytest.mark.parametrize("status", [201, 301, 302, 400, 401, 404, 407, 500, 502, 504, 599])
def test_any_status_is_handed_on_with_its_body(make: Make, status: int) -> None:
    answer = b"HTTP/1.1 %d X\r\nLocation: https://gateway.example/x\r\n%s\r\n%s" % (status, LENGTH, BODY)
    with serving(answering(answer)) as server:
        received = send(make(), server.url)
        assert (received.status, received.body, received.accepted) == (status, BODY, status == 201)
        assert received.location == ("https://gateway.example/x" if status in (301, 302) else "")
        assert server.requests == 1  # a redirect is told, not followed


def test_a_foreign_encoding_is_named(make: Make) -> None:
    with serving(answering(HEAD + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\n\x0b\x02\x80")) as server:
        answer = send(make(), server.url)
    assert (answer.body, answer.encoding) == (b"\x0b\x02\x80", "br")


def test_a_body_that_unpacks_to_too_much(make: Make) -> None:
    bomb = gzip.compress(bytes(MAX_ANSWER + 1))
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    with serving(answering(head + bomb)) as server:
        error = failure(make(), server.url)
    assert error.reason is Reason.UNKNOWN_OUTCOME and "8 MB" in error.message


# ---- many callers ----------------------------------------------------------------------------------------------------


def test_many_threads_share_one_transport(make: Make, simulator: Simulator) -> None:
    one = make(connect_seconds=30)
    wrong: list[object] = []

    def run(number: int) -> None:
        for _ in range(10):
            body = b'{"orgId":"%d","data":{}}' % number
            answer = send(one, simulator.qr_query, body=body, effect=Effect.IDENTIFY, total_seconds=60).body
            if b'"orgId":"%d"' % number not in answer:
                wrong.append(answer)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# ---- proxies ---------------------------------------------------------------------------------------------------------


def test_system_proxies_are_not_used(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(keep_answering) as server:
        assert send(make(), server.url).body == b"{}"


@pytest.mark.parametrize("form", ["http://user:p%40ss@{}", "user:p%40ss@{}"])
def test_a_configured_proxy_is_used(make: Make, form: str) -> None:
    heads: list[bytes] = []

    def talk(server: Server, connection: socket.socket) -> None:
        heads.append(connection.recv(65536))
        connection.sendall(OK)

    with serving(talk) as server:
        proxied = make(proxy=form.format(server.url.removeprefix("http://").removesuffix("/x")))
        assert send(proxied, "http://platform.invalid/y").body == b"{}"
    assert heads[0].startswith(b"POST http://platform.invalid/y HTTP/1.1\r\n")
    assert b"proxy-authorization: basic dXNlcjpwQHNz\r\n".lower() in heads[0].lower()


ASKS = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"
TUNNEL: dict[str, tuple[bytes, str]] = {
    "asks for a password": (ASKS, "要求身份验证（HTTP 407）"),
    "refuses": (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nforbidden", "没有接通平台（HTTP 403）"),
}


@pytest.mark.parametrize("name", TUNNEL)
def test_a_tunnel_that_the_proxy_does_not_make(make: Make, name: str) -> None:
    answer, words = TUNNEL[name]

    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    with serving(talk) as server:
        error = failure(make(proxy=server.url.removesuffix("/x")), "https://platform.invalid/y")
    assert error.reason is Reason.CONNECT_FAILED
    assert error.message.startswith("代理 127.0.0.1:") and words in error.message and state(error) is State.NOT_DONE


def test_a_proxy_that_asks_for_a_password_has_not_passed_the_request_on(make: Make) -> None:
    with serving(answering(ASKS)) as server:
        error = failure(make(proxy=server.url.removesuffix("/x")), "http://platform.invalid/y")
    assert error.reason is Reason.CONNECT_FAILED and "407" in error.message


def test_a_proxy_that_is_off(make: Make) -> None:
    error = failure(make(proxy="http://127.0.0.1:9"), "http://platform.invalid/y")
    assert error.message.startswith("代理 127.0.0.1:9 拒绝连接；") and state(error) is State.NOT_DONE


# ---- HTTPS -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def secure(simulator: Simulator) -> Iterator[str]:
    """The address of the simulator's gateway behind TLS."""
    with tls_front(simulator) as gateway:
        yield gateway


def tls_server(talk: Talk, *, version: ssl.TLSVersion | None = None, certificate: Path = LOOPBACK) -> Talk:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if version is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version

    def secured(server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            talk(server, inside)

    return secured


def https(server: Server) -> str:
    return server.url.replace("http:", "https:")


def test_an_answer_over_tls(make: Make) -> None:
    with serving(tls_server(keep_answering)) as server:
        one = make(ca_file=str(LOOPBACK))
        for effect in (Effect.IDENTIFY, Effect.IDENTIFY, Effect.CHANGE, Effect.QUERY):
            assert send(one, https(server), effect=effect).body == b"{}"
            time.sleep(2 * REST_SECONDS)
        assert server.requests == 4 and server.connections <= 3  # the change, and what is kept


def test_a_host_with_more_open_files_than_select_can_number(make: Make) -> None:
    with many_open_files(), serving(tls_server(keep_answering)) as server:
        assert send(make(ca_file=str(LOOPBACK)), https(server)).body == b"{}"


def test_tls_through_a_proxy(make: Make, simulator: Simulator) -> None:
    with tls_front(simulator) as gateway:
        port = int(gateway.split(":")[2].split("/")[0])
        asked: list[bytes] = []

        def tunnel(server: Server, connection: socket.socket) -> None:
            asked.append(connection.recv(65536))
            with socket.create_connection(("127.0.0.1", port)) as inside:
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                threading.Thread(target=pump, args=(inside, connection), daemon=True).start()
                pump(connection, inside)

        def pump(source: socket.socket, target: socket.socket) -> None:
            with contextlib.suppress(OSError):  # either side may hang up
                while data := source.recv(65536):
                    target.sendall(data)

        with serving(tunnel) as server:
            one = make(proxy=server.url.removesuffix("/x"), ca_file=str(LOOPBACK))
            assert send(one, gateway).status == 200
    assert asked[0].startswith(f"CONNECT 127.0.0.1:{port} HTTP/1.".encode())


def test_an_untrusted_certificate_is_refused(make: Make, secure: str) -> None:
    error = failure(make(), secure)
    assert error.reason is Reason.CONNECT_FAILED
    assert "证书不受信任" in error.message and "ca_file" in error.message and state(error) is State.NOT_DONE


def test_a_name_that_the_certificate_does_not_have(make: Make) -> None:
    with serving(tls_server(keep_answering)) as server:
        url = https(server).replace("127.0.0.1", "localhost")
        assert "的证书不是为该地址签发的" in failure(make(ca_file=str(LOOPBACK)), url).message


def test_a_tls_that_is_too_old(make: Make) -> None:
    with serving(tls_server(keep_answering, version=ssl.TLSVersion.TLSv1_1)) as server:
        assert "只支持过旧的 TLS 版本" in failure(make(ca_file=str(LOOPBACK)), https(server)).message


def test_a_port_that_is_not_https(make: Make) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with serving(talk) as server:
        error = failure(make(), https(server))
    assert "的端口不是 https" in error.message and "http://" in error.message


def test_a_hello_that_ends_in_silence(make: Make) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(65536)

    with serving(talk) as server:
        error = failure(make(), https(server))
    assert error.reason is Reason.CONNECT_FAILED and "TLS 握手时" in error.message


@pytest.mark.parametrize("content", [None, "", "not a certificate"])
def test_a_ca_file_that_is_none(make: Make, secure: str, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(HostError) as caught:
        send(make(ca_file=str(path)), secure)
    assert caught.value.reason is Reason.SETTINGS and "[transport] ca_file" in caught.value.message
