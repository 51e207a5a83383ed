"""Clients that do not go on: nothing, half a head, half a body, an answer that is not read; and too many of them.

The server of these tests has little patience. A test waits until it is disconnected; nothing is measured.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from select import select
from urllib.parse import urlsplit

import pytest

from shim.simulator.connection_limits import MOST_CONNECTIONS, ConnectionLimits
from shim.simulator.platforms import GATEWAY
from shim.simulator.server import Simulator
from tests.support.platforms import VERIFY, VERIFYING, body

PATIENCE = 0.3
REQUEST = body(VERIFY, VERIFYING)
# Ends a test that has failed.
LIMIT_SECONDS = 60


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(patience=PATIENCE) as made:
        yield made


def connected(simulator: Simulator) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(simulator.url).port or 0), timeout=LIMIT_SECONDS)


def asking(simulator: Simulator, request: bytes) -> socket.socket:
    """A connection over which the server has got `request`; it disconnects a client that a busy machine has kept."""
    while True:
        before, peer = simulator.seen, connected(simulator)
        with suppress(ConnectionError):
            peer.sendall(request)
            while not select([peer], [], [], 0.01)[0] or peer.recv(1, socket.MSG_PEEK):
                if simulator.seen > before:
                    return peer
        peer.close()


def head(path: str, size: int, more: str = "") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n{more}\r\n".encode()


def rest(peer: socket.socket) -> bytes:
    """What arrives until the server disconnects."""
    data = b""
    try:
        while part := peer.recv(65536):
            data += part
    except ConnectionResetError:
        pass  # it disconnects before it has read everything
    return data


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /ehcService/gateway.do HTTP/1.1\r\nHost: loc",
        head(GATEWAY, len(REQUEST)),
        head(GATEWAY, len(REQUEST)) + REQUEST[:100],
        head("/_sim/standing", 20) + b'{"rules":',
        head("/console/switches", 20) + b"on-empty=1",
        head(GATEWAY, 0, "Transfer-Encoding: chunked\r\n").replace(b"Content-Length: 0\r\n", b"") + b"64\r\n{",
        head("/_sim/standing", 20, "Origin: http://evil.example\r\n") + b"{",
    ],
    ids=[
        "nothing",
        "half a head",
        "no body",
        "half a body",
        "of the interface",
        "of a page",
        "half a chunk",
        "refused",
    ],
)
def test_half_a_request_ends(running: Simulator, sent: bytes) -> None:
    before = running.seen
    with connected(running) as peer:
        peer.sendall(sent)
        assert rest(peer) == b""
    assert running.seen == before and running.state.fault_rules.current().rules == ()


@pytest.mark.parametrize("whole", [b"X-Filler: " + b"x" * 700, head(GATEWAY, 700) + b"x" * 700])
def test_a_slow_sender_ends(running: Simulator, whole: bytes) -> None:
    """A byte now and then does not keep a connection open."""
    with connected(running) as peer:
        peer.sendall(b"POST / HTTP/1.1\r\n" if whole.startswith(b"X") else b"")
        peer.settimeout(PATIENCE / 10)
        ended = False
        for at in range(600):
            try:
                peer.sendall(whole[at : at + 1])
                ended = peer.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
            if ended:
                break
        assert ended


def test_a_slow_reader_ends(running: Simulator) -> None:
    """It asks for 9 MB and reads none of them; what the system had buffered is all that it gets."""
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.settimeout(LIMIT_SECONDS)
        peer.connect(("127.0.0.1", urlsplit(running.url).port or 0))
        peer.sendall(head(f"{GATEWAY}?sim=again:1,huge:1", len(REQUEST)) + REQUEST)
        for _ in range(2):  # each comes later, and is disconnected later
            with connected(running) as other:
                assert rest(other) == b""
        assert len(rest(peer)) < 9 * 1024 * 1024


def test_an_idle_connection_ends_and_another_is_served(running: Simulator) -> None:
    with asking(running, head(f"{GATEWAY}?sim=again:1", len(REQUEST)) + REQUEST) as peer:
        answer = rest(peer)
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["ret_code"] == "0000"


@pytest.mark.parametrize("directives", [f"delay:{PATIENCE * 5000:.0f}", f"drip:{PATIENCE * 2000:.0f},refuse:E"])
def test_what_is_slow_on_purpose_goes_on(running: Simulator, directives: str) -> None:
    with asking(running, head(f"{GATEWAY}?sim=again:1,{directives}", len(REQUEST)) + REQUEST) as peer:
        got = b""
        while b"\r\n\r\n" not in got:
            got += peer.recv(65536)
        lines, _, text = got.partition(b"\r\n\r\n")
        size = int(lines.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(text) < min(size, 5):
            text += peer.recv(65536)
    assert text[:5] == (b'{"ret' if "drip" in directives else b'{"app')


def test_an_answer_that_never_comes_is_waited_for(running: Simulator) -> None:
    with asking(running, head(f"{GATEWAY}?sim=again:1,never:1", len(REQUEST)) + REQUEST) as peer:
        for _ in range(2):
            with connected(running) as other:
                assert rest(other) == b""  # as long as it would have been waited for, and as long again
        peer.settimeout(0)
        with pytest.raises(BlockingIOError):
            peer.recv(1)


# ---- too many --------------------------------------------------------------------------------------------------------


class Stream:
    def __init__(self) -> None:
        self.ended = False

    def closed(self) -> bool:
        return self.ended

    def close(self) -> None:
        self.ended = True


def test_the_longest_idle_one_makes_room() -> None:
    limits = ConnectionLimits(patience=60, most=3)
    streams = [Stream() for _ in range(5)]
    busy = limits.await_request(streams[0])
    busy.await_server()
    busy.idle = False
    for stream in streams[1:]:
        limits.await_request(stream)
    assert [stream.ended for stream in streams] == [False, True, True, False, False]
    limits.await_request(streams[3])  # its next request needs no room
    assert [stream.ended for stream in streams] == [False, True, True, False, False]


def test_a_new_one_is_refused_where_none_is_idle() -> None:
    limits = ConnectionLimits(patience=60, most=2)
    streams = [Stream() for _ in range(3)]
    for stream in streams[:2]:
        limits.await_request(stream).await_client()
    limits.await_request(streams[2])
    assert [stream.ended for stream in streams] == [False, False, True]
    streams[0].close()
    limits.close_late_ones()
    limits.await_request(late := Stream())
    assert not late.ended


def test_half_open_connections_keep_nobody_out() -> None:
    """More than the server keeps, all silent: the first ones are closed, and a call is answered."""
    with Simulator(patience=LIMIT_SECONDS) as simulator, ExitStack() as held:
        silent = [held.enter_context(closing(connected(simulator))) for _ in range(MOST_CONNECTIONS + 20)]
        with connected(simulator) as peer:
            peer.sendall(head(GATEWAY, len(REQUEST)) + REQUEST)
            assert b'"ret_code":"0000"' in peer.recv(65536)
        silent[0].settimeout(LIMIT_SECONDS / 4)
        assert silent[0].recv(1) == b""
