"""The recorder with real sockets: every byte arrives as it was sent, and is noted with its call."""

from __future__ import annotations

import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from shim.capture import recorder as recorder_module
from shim.capture.passage import Passage
from shim.capture.record import Traffic
from shim.capture.recorder import LaneCall, Recorder
from shim.capture.tee import MOST_HELD, Tee, Wanted, wait_readable
from shim.capture.upstream import Upstream, UpstreamConnector
from shim.transport.address import Address
from tests.support.recording import LOGGER, SECONDS, begun, connected, drained, received, recorder_of
from tests.support.servers import LOOPBACK, Server, serving

Talk = Callable[[Server, socket.socket], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answering(expected: int, answer: bytes, seen: list[bytes], *, close: bool = True) -> Talk:
    """A platform that reads `expected` bytes, answers, and closes or waits for the end."""

    def talk(_server: Server, connection: socket.socket) -> None:
        seen.append(received(connection, expected))
        connection.sendall(answer)
        if not close:
            seen.append(drained(connection))

    return talk


# What the vendor's DLL sends; OWN is the recorder's host and port, and becomes REAL.
HABITS = {
    "usual": b"POST /p?q=%E4 HTTP/1.1\r\nHost: OWN\r\nContent-Length: 2\r\n\r\n{}",
    "http-1.0": b"POST /p HTTP/1.0\r\nHost: OWN\r\nContent-Length: 2\r\n\r\n{}",
    "http-1.0-without-host": b"GET /p HTTP/1.0\r\n\r\n",
    "host-first-of-odd-blanks": b"GET /p HTTP/1.1\r\nHOST :\t OWN \t\r\nAccept: */*\r\n\r\n",
    "host-last-in-lower-case": b"GET /p HTTP/1.1\r\naccept:*/*\r\nhost:OWN\r\n\r\n",
    "line-feeds-alone": b"POST /p HTTP/1.1\nHost: OWN\nContent-Length: 2\n\n{}",
    "chunked": b"POST /p HTTP/1.1\r\nHost: OWN\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nT: 1\r\n\r\n",
    "chunked-again": b"POST /p HTTP/1.1\r\nHost: OWN\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
    b"POST /p HTTP/1.1\r\nHost: OWN\r\nContent-Length: 0\r\n\r\n",
    "pipelined": b"GET /a HTTP/1.1\r\nHost: OWN\r\n\r\nGET /b HTTP/1.1\r\nHost: OWN\r\n\r\n",
    "a-line-after-the-body": b"POST /p HTTP/1.1\r\nHost: OWN\r\nContent-Length: 2\r\n\r\n{}\r\n"
    b"GET / HTTP/1.1\r\nHost: OWN\r\n\r\n",
    "other-methods": b"OPTIONS * HTTP/1.1\r\nHost: OWN\r\n\r\nPROPFIND /x HTTP/1.1\r\nHost: OWN\r\n\r\n",
    "proxy-headers": b"POST /p HTTP/1.1\r\nProxy-Connection: Keep-Alive\r\nConnection: close\r\n"
    b"Host: OWN\r\nContent-Length: 0\r\n\r\n",
    "a-body-with-the-name": b"POST /p HTTP/1.1\r\nContent-Length: 20\r\nHost: OWN\r\n\r\nHost: 127.0.0.1:1234",
    "no-length": b"POST /p HTTP/1.0\r\nHost: OWN\r\n\r\n{\r\n\r\n}",
    "no-http": b"\x05\x01\x00\x00\x05hello",
    "http-0.9": b"GET /p\r\n",
    "a-blank-line-first": b"\r\nGET /p HTTP/1.1\r\nHost: OWN\r\n\r\n",
}  # fmt: skip


def put(data: bytes, name: bytes) -> bytes:
    return data.replace(b"OWN", name)


@pytest.mark.parametrize("pieces", ["whole", "bytes"])
@pytest.mark.parametrize("habit", HABITS)
def test_every_habit_arrives_byte_for_byte(habit: str, pieces: str) -> None:
    template = HABITS[habit]
    seen: list[bytes] = []
    with recorder_of() as recorder:
        length = 0

        def talk(_server: Server, connection: socket.socket) -> None:
            seen.append(received(connection, length))
            connection.sendall(OK)

        with serving(talk) as server:
            real = f"127.0.0.1:{server.listener.getsockname()[1]}".encode()
            call = begun(recorder, server.url)
            sent, expected = put(template, call.authority), put(template, real)
            length = len(expected)
            with connected(call) as sock:
                step = len(sent) if pieces == "whole" else 1
                for at in range(0, len(sent), step):
                    sock.sendall(sent[at : at + step])
                answer = drained(sock)
            (traffic,) = recorder.end(call)
    assert seen == [expected]
    assert answer == OK
    assert (traffic.origin, traffic.sent, traffic.received) == (f"http://{real.decode()}", sent, OK)
    assert 0 < traffic.began <= traffic.answered <= traffic.ended


@pytest.mark.parametrize(
    ("url", "line", "fields", "expected"),
    [
        # with its port where that is not the scheme's own, as strUrl spells the host
        ("http://LocalHost:PORT/x", "GET /x", "Host: OWN", "GET /x|Host: LocalHost:PORT"),
        # the vendor's DLL leaves the port out
        ("http://LocalHost:PORT/x", "GET /x", "Host: 127.0.0.1", "GET /x|Host: LocalHost"),
        # it has a name of its own
        ("http://LocalHost:PORT/x", "GET /x", "Host: vendor.example", "GET /x|Host: vendor.example"),
        ("http://localhost:PORT", "GET /", "Host: OWN\nhost:OWN", "GET /|Host: localhost:PORT\nhost:localhost:PORT"),
        # an absolute form
        ("http://localhost:PORT", "GET http://OWN/y", "Host: OWN", "GET http://localhost:PORT/y|Host: localhost:PORT"),
        ("http://localhost:PORT", "GET /", "Host:\n OWN", "GET /|Host:\n localhost:PORT"),  # a folded line
        ("HTTP://localhost:PORT", "GET HTTP://OWN", "Host: OWN", "GET HTTP://localhost:PORT|Host: localhost:PORT"),
        ("http://user:pass@localhost:PORT/x", "GET /x", "Host: OWN", "GET /x|Host: localhost:PORT"),
    ],
)  # fmt: skip
def test_the_platforms_name_is_put_back(url: str, line: str, fields: str, expected: str) -> None:
    seen: list[bytes] = []
    with recorder_of() as recorder:
        length = 0

        def talk(_server: Server, connection: socket.socket) -> None:
            seen.append(received(connection, length))
            connection.sendall(OK)

        with serving(talk) as server:
            port = str(server.listener.getsockname()[1])
            call = begun(recorder, url.replace("PORT", port))
            own = call.authority.decode()
            first, _, second = expected.replace("PORT", port).partition("|")
            wanted = f"{first} HTTP/1.1\r\n{second}\r\n\r\n".encode()
            length = len(wanted)
            with connected(call) as sock:
                sock.sendall(f"{line} HTTP/1.1\r\n{fields}\r\n\r\n".replace("OWN", own).encode())
                assert drained(sock) == OK
    assert seen == [wanted]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://h.example/x", b"h.example"),
        ("http://h.example:80/x", b"h.example"),
        ("http://h.example:0080", b"h.example"),
        ("http://h.example:443/", b"h.example:443"),
        ("https://h.example:443/", b"h.example"),
        ("https://H.cn:8443", b"H.cn:8443"),
        ("http://[::1]:81/", b"[::1]:81"),
    ],
)
def test_the_port_of_the_scheme_is_left_out(url: str, host: bytes) -> None:
    with recorder_of() as recorder:
        assert begun(recorder, url).lane.names().authority == host


@pytest.mark.parametrize(
    ("url", "handed"),
    [
        ("http://h.example/a b?c=%20&d=\u4e2d#f", "http://OWN/a b?c=%20&d=\u4e2d#f"),
        (" \tHTTPS://user:pw@H.example:8443\\x ", " \thttp://user:pw@OWN\\x "),
        ("http://h.example", "http://OWN"),
        ("http://h.example?x", "http://OWN?x"),
        ("http://\u533b\u9662.example/", "http://OWN/"),
    ],
)  # fmt: skip
def test_the_address_that_is_handed_over(url: str, handed: str) -> None:
    with recorder_of() as recorder:
        call = begun(recorder, url.encode("gb18030"))
        assert call.address == handed.encode("gb18030").replace(b"OWN", call.authority)


def test_kept_connections_lead_to_one_of_the_platform_each() -> None:
    """Two calls over one connection, each with its own bytes; a second connection is another one of the platform."""
    request = b"GET /%d HTTP/1.1\r\nHost: OWN\r\n\r\n"

    def talk(_server: Server, connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            while line := lines.readline():
                if line == b"\r\n":
                    connection.sendall(OK)

    with recorder_of() as recorder, serving(talk) as server:
        records: list[tuple[Traffic, ...]] = []
        call = begun(recorder, server.url)
        with connected(call) as sock, connected(call) as other:
            for number in range(3):
                sock.sendall(put(request % number, call.authority))
                assert received(sock, len(OK)) == OK
                if number == 1:
                    other.sendall(put(request % 9, call.authority))
                    assert received(other, len(OK)) == OK
                records.append(recorder.end(call))
                again = begun(recorder, server.url)
                assert again.authority == call.authority
                call = again
        assert server.connections == 2
    sent = [[each.sent.split(b" ")[1] for each in record] for record in records]
    assert sent == [[b"/0"], [b"/1", b"/9"], [b"/2"]]
    assert [each.received for record in records for each in record] == [OK] * 4


def test_calls_at_the_same_time_have_lanes_of_their_own() -> None:
    with recorder_of() as recorder:
        calls = [begun(recorder, "http://h.example/") for _ in range(8)]
        assert len({call.authority for call in calls}) == 8
        other = begun(recorder, "http://i.example/")
        for call in calls:
            recorder.end(call)
        assert begun(recorder, "HTTP://H.example:80").authority == calls[0].authority
        assert begun(recorder, "http://i.example/").authority != other.authority


def test_expect_100_continue_that_comes_late() -> None:
    head = b"POST /p HTTP/1.1\r\nHost: OWN\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    go = threading.Event()

    def talk(_server: Server, connection: socket.socket) -> None:
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            data += connection.recv(4096)
        assert go.wait(SECONDS)
        connection.sendall(interim)
        assert received(connection, 2) == b"{}"
        connection.sendall(OK)

    with recorder_of() as recorder, serving(talk) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sent = put(head, call.authority)
            sock.sendall(sent)
            go.set()
            assert received(sock, len(interim)) == interim
            sock.sendall(b"{}")
            assert drained(sock) == OK
        (traffic,) = recorder.end(call)
    assert (traffic.sent, traffic.received) == (sent + b"{}", interim + OK)


def test_a_vendor_that_does_not_wait_for_100() -> None:
    sent = b"POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"
    seen: list[bytes] = []
    late = b"HTTP/1.1 100 Continue\r\n\r\n" + OK
    with recorder_of() as recorder, serving(answering(len(sent), late, seen)) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(sent)
            assert drained(sock) == late
    assert seen == [sent]


@pytest.mark.parametrize("chunked", [False, True])
def test_large_bodies_both_ways(chunked: bool) -> None:
    """8 MB each way, of a platform that reads slowly; what is recorded is whole."""
    body = b"".join(bytes([number % 251]) * 4099 for number in range(2046))
    head = b"POST /p HTTP/1.1\r\nHost: x\r\n"
    if chunked:
        parts = [body[at : at + 30000] for at in range(0, len(body), 30000)]
        rest = b"".join(b"%X\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        sent = head + b"Transfer-Encoding: chunked\r\n\r\n" + rest
    else:
        sent = head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    seen: list[bytes] = []
    with recorder_of() as recorder, serving(answering(len(sent), answer, seen)) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(sent)
            assert drained(sock) == answer
        (traffic,) = recorder.end(call)
    assert seen == [sent]
    assert (traffic.sent, traffic.received) == (sent, answer)


def test_a_slow_side_holds_the_other_one_up() -> None:
    """What is on its way is bounded, whatever a side sends: the recorder does not read ahead."""
    sent = threading.Event()
    size = 64 * 1024 * 1024

    def talk(_server: Server, connection: socket.socket) -> None:
        received(connection, 18)
        connection.settimeout(2)
        try:
            connection.sendall(bytes(size))
        except TimeoutError:
            sent.set()

    with recorder_of() as recorder, serving(talk) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert sent.wait(SECONDS)
            (traffic,) = recorder.end(call)
    assert MOST_HELD <= len(traffic.received) < size


def test_an_end_is_passed_on_as_an_end() -> None:
    """A vendor's DLL that ends its side after the request still gets the answer."""
    sent = b"POST /p HTTP/1.0\r\n\r\n{}"
    seen: list[bytes] = []

    def talk(_server: Server, connection: socket.socket) -> None:
        seen.append(drained(connection))
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nlate")

    with recorder_of() as recorder, serving(talk) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(sent)
            sock.shutdown(socket.SHUT_WR)
            assert drained(sock) == b"HTTP/1.0 200 OK\r\n\r\nlate"
    assert seen == [sent]


def test_a_platform_that_closes_first() -> None:
    """The end comes at once, while the vendor's DLL keeps the connection for the next call."""
    with recorder_of() as recorder, serving(answering(18, OK, [])) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert drained(sock) == OK
            recorder.end(call)
            call = begun(recorder, server.url)
            with pytest.raises(OSError):
                for _ in range(10_000):
                    sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
                    assert sock.recv(1) == b""
                    time.sleep(0.002)


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0))
    sock.close()


def test_a_reset_of_the_platform_is_a_reset() -> None:
    def talk(_server: Server, connection: socket.socket) -> None:
        received(connection, 18)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        reset(connection)

    with recorder_of() as recorder, serving(talk) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock, pytest.raises(ConnectionResetError):
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            drained(sock)
            sock.recv(1)


def test_a_reset_of_the_vendor_is_a_reset() -> None:
    errors: list[OSError] = []

    def talk(_server: Server, connection: socket.socket) -> None:
        received(connection, 18)
        connection.sendall(b"x")
        try:
            drained(connection)
        except OSError as error:
            errors.append(error)

    with recorder_of() as recorder, serving(talk) as server:
        call = begun(recorder, server.url)
        sock = connected(call)
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert received(sock, 1) == b"x"
        reset(sock)
        server.wait_until_closed()
    assert [type(error) for error in errors] == [ConnectionResetError]


def test_half_a_head_is_passed_on_when_it_ends() -> None:
    seen: list[bytes] = []

    def talk(_server: Server, connection: socket.socket) -> None:
        seen.append(drained(connection))

    with recorder_of() as recorder, serving(talk) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHo")
            sock.shutdown(socket.SHUT_WR)
            assert drained(sock) == b""
        (traffic,) = recorder.end(call)
    assert seen == [b"GET / HTTP/1.1\r\nHo"] == [traffic.sent]


def test_a_connection_without_a_byte_reaches_nobody() -> None:
    with recorder_of() as recorder, serving(answering(1, b"", [])) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.shutdown(socket.SHUT_WR)
            assert drained(sock) == b""
        assert recorder.end(call) == ()
        assert (server.connections, call.reached) == (0, False)


def test_a_request_that_nobody_waits_for_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent, and the call ends at once: over a new connection, and over a kept one."""
    monkeypatch.setattr("shim.capture.recorder._SETTLE_SECONDS", 30.0)  # a busy machine is slower than 50 ms
    with recorder_of() as recorder, serving(echo) as server, ExitStack() as stack:
        for number in range(20):
            call = begun(recorder, server.url)
            if number % 2 == 0:
                sock = stack.enter_context(connected(call))
            sock.sendall(b"GET /%d HTTP/1.1\r\n\r\n" % number)
            (traffic,) = recorder.end(call)
            assert traffic.sent == b"GET /%d HTTP/1.1\r\n\r\n" % number


class Meanwhile:
    """Lets the recorder's thread stand where it has been told that something is there, and go on while `end` looks.

    `end` asks several places one after the other; the thread takes what came from one to the next between two of them.
    """

    def __init__(self) -> None:
        self.told, self.goes_on, self.taken = threading.Event(), threading.Event(), threading.Event()

    def stand(self) -> None:
        """The recorder's thread: until `end` looks."""
        self.told.set()
        assert self.goes_on.wait(SECONDS)

    def look(self) -> None:
        """`end`: let the thread take what is there first."""
        self.goes_on.set()
        assert self.taken.wait(SECONDS)

    def end_with_a_request(self, recorder: Recorder, url: str) -> None:
        """End a call whose request the thread has been told of and has not taken: it is recorded all the same."""
        request = b"GET / HTTP/1.1\r\n\r\n"
        call = begun(recorder, url)
        with connected(call) as sock:
            sock.sendall(request)
            assert self.told.wait(SECONDS)
            (traffic,) = recorder.end(call)
        assert traffic.sent == request


def test_a_connection_that_is_taken_while_end_looks_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.capture.recorder._SETTLE_SECONDS", 30.0)
    meanwhile, accept = Meanwhile(), recorder_module._accept

    def standing(wanted: Wanted, seconds: float | None) -> list[socket.socket] | None:
        if seconds == 0:
            meanwhile.look()
        ready = wait_readable(wanted, seconds)
        if seconds is None:
            meanwhile.stand()
        return ready

    def accepting(listener: socket.socket) -> tuple[socket.socket, tuple[str, int]]:
        accepted = accept(listener)
        if threading.current_thread().name == "vcshim-lane":  # not the trial of whose a connection is
            meanwhile.taken.set()
        return accepted

    with recorder_of() as recorder, serving(echo) as server:
        monkeypatch.setattr("shim.capture.recorder.wait_readable", standing)
        monkeypatch.setattr("shim.capture.recorder._accept", accepting)
        meanwhile.end_with_a_request(recorder, server.url)


def test_bytes_that_are_taken_while_end_looks_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.capture.recorder._SETTLE_SECONDS", 30.0)
    meanwhile, receive = Meanwhile(), socket.socket.recv

    def standing(wanted: Wanted, seconds: float | None) -> list[socket.socket] | None:
        ready = wait_readable(wanted, seconds)
        meanwhile.stand()
        return ready

    def receiving(sock: socket.socket, size: int, flags: int = 0) -> bytes:
        if flags & socket.MSG_PEEK:
            meanwhile.look()
            return receive(sock, size, flags)
        data = receive(sock, size, flags)
        if threading.current_thread().name == "vcshim-tee":
            meanwhile.taken.set()
        return data

    with recorder_of() as recorder, serving(echo) as server:
        monkeypatch.setattr("shim.capture.tee.wait_readable", standing)
        monkeypatch.setattr(socket.socket, "recv", receiving, raising=False)
        meanwhile.end_with_a_request(recorder, server.url)


def test_a_name_that_is_never_found_is_a_dead_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that says nothing costs as long as a connection may take."""
    end = threading.Event()

    def silent(*_arguments: object, **_options: object) -> list[object]:
        end.wait()
        return []

    recorder = Recorder(UpstreamConnector(0.2, "", ""), LOGGER)
    call = begun(recorder, "http://nowhere.example/")
    sock = connected(call)
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with sock, pytest.raises(ConnectionResetError):
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        drained(sock)
    end.set()
    recorder.close()
    assert "nowhere.example" in call.causes[0]


# ---- TLS -------------------------------------------------------------------------------------------------------------


def tls_talk(talk: Talk) -> Talk:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)

    def secured(server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            talk(server, inside)

    return secured


@pytest.mark.parametrize("size", [2, 200_000, 3_000_000])
@pytest.mark.parametrize("half_close", [False, True])
def test_a_platform_over_tls(size: int, half_close: bool) -> None:
    body = bytes(range(250)) * (size // 250) + b"x" * (size % 250)
    template = b"POST /p HTTP/1.1\r\nHost: OWN\r\nContent-Length: %d\r\n\r\n%s" % (size, body)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (size, body)
    seen: list[bytes] = []

    def talk(_server: Server, connection: socket.socket) -> None:
        seen.append(received(connection, len(template) + len(real) - 3))
        connection.sendall(answer)
        drained(connection)  # keeps the connection

    with recorder_of(LOOPBACK) as recorder, serving(tls_talk(talk)) as server:
        real = f"127.0.0.1:{server.listener.getsockname()[1]}".encode()
        call = begun(recorder, server.url.replace("http:", "https:"))
        with connected(call) as sock:
            sock.sendall(put(template, call.authority))
            if half_close:  # TLS has no such thing: the answer comes all the same, and an end after it
                sock.shutdown(socket.SHUT_WR)
                assert drained(sock) == answer
            else:
                assert received(sock, len(answer)) == answer
        (traffic,) = recorder.end(call)
        server.wait_until_closed()
    assert seen == [put(template, real)]
    assert (traffic.origin, traffic.received) == (f"https://{real.decode()}", answer)


def test_a_certificate_that_is_not_trusted_is_a_dead_connection() -> None:
    seen: list[bytes] = []
    with recorder_of() as recorder, serving(tls_talk(answering(1, OK, seen))) as server:
        call = begun(recorder, server.url.replace("http:", "https:"))
        with connected(call) as sock, pytest.raises(ConnectionResetError):
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            drained(sock)
        assert (call.reached, call.requests, len(call.causes)) == (True, 0, 1)
        assert "证书" in call.causes[0] and "127.0.0.1" in call.causes[0]
        assert recorder.abandon(call)
    assert seen == []


def test_a_platform_that_refuses_is_a_dead_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with recorder_of() as recorder:
        call = begun(recorder, f"http://127.0.0.1:{port}/")
        with connected(call) as sock, pytest.raises(ConnectionResetError):
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            drained(sock)
        assert call.causes and str(port) in call.causes[0]


# ---- a proxy of ours -------------------------------------------------------------------------------------------------


def test_a_proxy_for_http_sees_the_absolute_form() -> None:
    sent = b"GET http://h.example:81/x HTTP/1.1\r\nProxy-Authorization: Basic dTpw\r\nHost: h.example:81\r\n\r\n"
    seen: list[bytes] = []
    with serving(answering(len(sent), OK, seen)) as server:
        proxy = server.url.replace("http://", "http://u:p@").removesuffix("/x")
        with recorder_of(proxy=proxy) as recorder:
            call = begun(recorder, "http://h.example:81/x")
            own = put(b"GET /x HTTP/1.1\r\nHost: OWN\r\n\r\n", call.authority)
            with connected(call) as sock:
                sock.sendall(own)
                assert drained(sock) == OK
            (traffic,) = recorder.end(call)
    assert (seen, traffic.sent) == ([sent], own)


def test_a_proxy_for_https_is_a_tunnel() -> None:
    asked: list[bytes] = []

    def talk(server: Server, connection: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(1)
        asked.append(head.split(b"\r\n")[0])
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        tls_talk(answering(18, OK, []))(server, connection)

    with serving(talk) as server, recorder_of(LOOPBACK, server.url.removesuffix("/x")) as recorder:
        call = begun(recorder, "https://127.0.0.1:9/x")
        with connected(call) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert drained(sock) == OK
    assert asked == [b"CONNECT 127.0.0.1:9 HTTP/1.1"]


# ---- whom it serves --------------------------------------------------------------------------------------------------

STRANGER = """
import socket, sys
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=30)
try:
    sock.sendall(b"GET / HTTP/1.1\\r\\n\\r\\n")
    print(len(sock.recv(100)))
except OSError:
    print(0)
"""


def test_another_process_gets_not_a_byte(caplog: pytest.LogCaptureFixture) -> None:
    with recorder_of() as recorder, serving(answering(18, OK, [])) as server:
        call = begun(recorder, server.url)
        port = call.authority.decode().rpartition(":")[2]
        result = subprocess.run([sys.executable, "-I", "-c", STRANGER, port], capture_output=True, timeout=60)
        assert result.stdout.split() == [b"0"]
        assert (server.connections, call.refused, call.reached) == (0, 1, False)
        assert [record.message for record in caplog.records] == ["已拒绝来自其他程序的连接"]
        with connected(call) as sock:  # and this process is still served
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert drained(sock) == OK


@pytest.mark.parametrize("path", ["/", "", "/PREFI", "/PREFIXx", "/x/PREFIX"])
def test_a_request_without_the_random_path_gets_not_a_byte(path: str) -> None:
    with recorder_of(ask_owner=False) as recorder, serving(answering(1, OK, [])) as server:
        call = begun(recorder, server.url)
        prefix = call.path.decode()
        assert len(prefix) == 17
        target = path.replace("/PREFIX", prefix).replace("/PREFI", prefix[:-1])
        with connected(call) as sock:
            sock.sendall(f"GET {target} HTTP/1.1\r\n\r\n".encode())
            try:
                assert drained(sock) == b""
            except ConnectionResetError:
                pass  # closed before all of it was read
        assert (server.connections, call.refused, call.requests) == (0, 1, 0)


@pytest.mark.parametrize("data", [b"\x16\x03\x01hello", b"GET / HT", b"\r\n\r\n"])
def test_what_is_no_request_gets_not_a_byte_where_a_path_is_asked_for(data: bytes) -> None:
    with recorder_of(ask_owner=False) as recorder, serving(answering(1, OK, [])) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            try:
                assert drained(sock) == b""
            except ConnectionResetError:
                pass
        assert server.connections == 0


@pytest.mark.parametrize(
    ("rest", "target", "expected"),
    [("/x/y?z", "PREFIX/x/y?z", "/x/y?z"), ("", "PREFIX", "/"), ("?a", "PREFIX?a", "/?a"), ("/", "http://OWNPREFIX/", "http://REAL/")],
)  # fmt: skip
def test_the_random_path_is_taken_off(rest: str, target: str, expected: str) -> None:
    seen: list[bytes] = []
    with recorder_of(ask_owner=False) as recorder:

        def talk(_server: Server, connection: socket.socket) -> None:
            data = b""
            while not data.endswith(b"\r\n\r\n"):
                data += connection.recv(1)
            seen.append(data)
            connection.sendall(OK)

        with serving(talk) as server:
            real = server.url.removeprefix("http://").removesuffix("/x")
            call = begun(recorder, f"http://{real}{rest}")
            own, prefix = call.authority.decode(), call.path.decode()
            assert call.address == f"http://{own}{prefix}{rest}".encode()
            with connected(call) as sock:
                line = target.replace("OWN", own).replace("PREFIX", prefix)
                sock.sendall(f"GET {line} HTTP/1.1\r\nHost: {own}\r\n\r\n".encode())
                assert drained(sock) == OK
            (traffic,) = recorder.end(call)
    wanted = f"GET {expected} HTTP/1.1\r\n".replace("REAL", real).encode()
    assert seen == [wanted + f"Host: {real}\r\n\r\n".encode()]
    assert traffic.sent == wanted + f"Host: {own}\r\n\r\n".encode()


# ---- whose bytes they are --------------------------------------------------------------------------------------------


def echo(_server: Server, connection: socket.socket) -> None:
    """Answers each request by its own path."""
    with connection.makefile("rb") as lines:
        path = b""
        while line := lines.readline():
            path = line.split(b" ")[1] if line.startswith(b"GET") else path
            if line == b"\r\n":
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path))


def asked(recorder: Recorder, url: str, path: bytes, sockets: dict[bytes, socket.socket]) -> tuple[LaneCall, bytes]:
    """One call over a kept connection: its answer."""
    call = begun(recorder, url)
    sock = sockets.get(call.authority) or connected(call)
    sockets[call.authority] = sock
    sock.sendall(b"GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (path, call.authority))
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(path)
    return call, received(sock, len(head) + len(path)).removeprefix(head)


def test_eight_threads_are_never_mixed() -> None:
    wrong: list[object] = []
    with recorder_of() as recorder, serving(echo) as server:

        def work(thread: int) -> None:
            sockets: dict[bytes, socket.socket] = {}
            for number in range(100):
                path = b"/%d/%d" % (thread, number)
                call, answer = asked(recorder, server.url, path, sockets)
                (traffic,) = recorder.end(call)
                if (
                    answer != path
                    or not traffic.sent.startswith(b"GET %s " % path)
                    or not traffic.received.endswith(path)
                ):
                    wrong.append((path, answer, traffic))
                sockets.pop(call.authority).close()  # another thread may get this lane next

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert wrong == []


def test_what_comes_after_a_call_is_not_recorded_with_the_next_one() -> None:
    """An answer that the vendor's DLL did not wait for, and what its own threads send between calls."""
    arrived, release = threading.Event(), threading.Event()
    rest = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate"

    def talk(server: Server, connection: socket.socket) -> None:
        assert received(connection, 18) == b"GET / HTTP/1.1\r\n\r\n"
        arrived.set()
        assert release.wait(SECONDS)
        connection.sendall(rest)
        echo(server, connection)

    with recorder_of() as recorder, serving(talk) as server:
        first = begun(recorder, server.url)
        with connected(first) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert arrived.wait(SECONDS)
            (traffic,) = recorder.end(first)
            assert (traffic.sent, traffic.received) == (b"GET / HTTP/1.1\r\n\r\n", b"")
            release.set()
            assert received(sock, len(rest)) == rest
            sock.sendall(b"GET /between HTTP/1.1\r\n\r\n")
            assert b"/between" in received(sock, 46)
            second = begun(recorder, server.url)
            assert second.authority == first.authority
            sock.sendall(b"GET /second HTTP/1.1\r\n\r\n")
            assert b"/second" in received(sock, 45)
            (traffic,) = recorder.end(second)
    assert traffic.sent == b"GET /second HTTP/1.1\r\n\r\n"
    assert traffic.received == b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n/second"


def test_a_dll_that_keeps_the_first_address_it_was_given() -> None:
    """The second call at the same time uses the lane of the first, which has ended."""
    with recorder_of() as recorder, serving(echo) as server:
        first = begun(recorder, server.url)
        other = begun(recorder, server.url)
        recorder.end(first)
        with connected(first) as sock:
            sock.sendall(b"GET /x HTTP/1.1\r\n\r\n")
            received(sock, 40)
        (traffic,) = recorder.end(other)
    assert traffic.sent == b"GET /x HTTP/1.1\r\n\r\n"


def test_a_call_is_abandoned_only_if_nothing_was_passed_on() -> None:
    with recorder_of() as recorder, serving(echo) as server:
        silent, asking = begun(recorder, server.url), begun(recorder, server.url)
        with connected(asking) as sock:
            sock.sendall(b"GET /x HTTP/1.1\r\n\r\n")
            received(sock, 40)
        assert not recorder.abandon(asking)
        assert recorder.abandon(silent)
        with pytest.raises(OSError):  # its port is closed, or what was waiting there is reset
            with connected(silent) as sock:
                sock.sendall(b"GET /x HTTP/1.1\r\n\r\n")
                assert drained(sock) == b""
                raise ConnectionResetError


def test_what_comes_too_late_of_an_abandoned_call_is_never_sent() -> None:
    """Half a head was there when the call was given up: its other half must not complete it."""
    with recorder_of() as recorder, serving(echo) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(b"GET /x HTTP/1.1\r\n")
            while not call.reached:
                time.sleep(0.001)
            assert recorder.abandon(call)
            with pytest.raises(OSError):
                sock.sendall(b"\r\n")
                assert drained(sock) == b""
                raise ConnectionResetError
        assert server.connections == 0


def test_a_request_whose_connection_is_still_being_made_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The call is given up meanwhile, and the vendor's DLL asks the platform directly."""
    connecting, go = threading.Event(), threading.Event()
    seen: list[bytes] = []

    def talk(_server: Server, connection: socket.socket) -> None:
        if data := connection.recv(100):
            seen.append(data)

    with recorder_of() as recorder, serving(talk) as server:
        connect = recorder.connector.connect

        def slow(address: Address) -> Upstream:
            connecting.set()
            assert go.wait(SECONDS)
            return connect(address)

        monkeypatch.setattr(recorder.connector, "connect", slow)
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(b"GET /x HTTP/1.1\r\n\r\n")
            assert connecting.wait(SECONDS)
            assert recorder.abandon(call)
            go.set()
            try:
                assert drained(sock) == b""
            except ConnectionResetError:
                pass
        server.wait_until_closed()
        assert (seen, call.requests) == ([], 0)


def test_a_second_request_on_another_lane_forbids_to_abandon() -> None:
    """It may be this call's: of a DLL that keeps the first address that it was given."""
    with recorder_of() as recorder, serving(echo) as server:
        first, second = begun(recorder, server.url), begun(recorder, server.url)
        with connected(first) as sock:
            sock.sendall(b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n")
            received(sock, 80)
        assert not recorder.abandon(second)


def test_lanes_are_closed_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.capture.recorder.MOST_LANES", 2)
    with recorder_of() as recorder:
        first, second = begun(recorder, "http://a.example"), begun(recorder, "http://b.example")
        from shim.capture.origin import parse_origin

        origin = parse_origin(b"http://c.example")
        assert origin is not None
        assert recorder.begin(origin) is None
        recorder.end(first)
        third = begun(recorder, "http://c.example")
        assert len({second.authority, third.authority}) == 2
        with pytest.raises(OSError):
            for _ in range(10_000):
                connected(first).close()
                time.sleep(0.002)


def test_a_huge_answer_is_cut_in_the_record_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.capture.passage.MOST_BYTES", 100_000)
    answer = b"HTTP/1.0 200 OK\r\n\r\n" + bytes(1_000_000)
    with recorder_of() as recorder, serving(answering(18, answer, [])) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert drained(sock) == answer
        (traffic,) = recorder.end(call)
    assert 100_000 <= len(traffic.received) < 300_000
    assert answer.startswith(traffic.received)


def test_what_comes_after_the_end_is_kept_by_nobody() -> None:
    passage = Passage()
    passage.note_sent(b"a")
    passage.note_received(b"b")
    passage.end()
    passage.note_sent(b"c")
    passage.note_received(b"d")
    traffic = passage.traffic("http://h:80")
    assert (traffic.sent, traffic.received) == (b"a", b"b")


def test_a_connection_that_its_thread_has_not_begun_to_serve_keeps_no_call_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One over which nothing is sent, as a vendor's DLL has it that connects before it knows what to ask."""
    monkeypatch.setattr("shim.capture.recorder._SETTLE_SECONDS", 0.0)
    goes_on = threading.Event()

    def standing(tee: Tee, _run: Callable[[Tee], None] = Tee.run) -> None:
        assert goes_on.wait(SECONDS)
        _run(tee)

    monkeypatch.setattr(Tee, "run", standing)
    with recorder_of() as recorder, serving(echo) as server:
        call = begun(recorder, server.url)
        with connected(call) as sock:
            with recorder.lock:
                assert recorder.changed.wait_for(lambda: bool(call.lane._tees), SECONDS)
            ended: list[object] = []
            ending = threading.Thread(target=lambda: ended.append(recorder.end(call)))
            ending.start()
            ending.join(SECONDS)
            stands = ending.is_alive()
            sock.close()  # which ends a step that waits for it
            goes_on.set()
            ending.join(SECONDS)
    assert (ended, stands) == ([()], False)
