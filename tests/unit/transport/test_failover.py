"""Several addresses of one platform, over real sockets: what goes to the next one, what never does, and fail-back."""

from __future__ import annotations

import contextlib
import logging
import queue
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shim import configuration, submission
from shim.deadline import Deadline
from shim.errors import HostError, PlatformError, Reason
from shim.http_answer import HttpAnswer
from shim.messages import network
from shim.settings.transport import TransportSettings
from shim.spec import Effect
from shim.submission import Submission, performing
from shim.transport.base import Transport
from shim.transport.failover import Failover, Probe
from shim.transport.portable.transport import RequestsTransport
from shim.transport.sockets import SocketTransport
from shim.wiring import wire
from tests.support.servers import Server, serving
from tests.support.streams import stop_listening

LOGGER = logging.getLogger("test_failover")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CHANGES = (Effect.CHANGE, Effect.IDENTIFY)
ENGINES = (SocketTransport, RequestsTransport)


def answering(answer: bytes) -> Callable[[Server, socket.socket], None]:
    def talk(server: Server, connection: socket.socket) -> None:
        while True:
            server.read(connection)
            connection.sendall(answer)

    return talk


def hanging_up(server: Server, connection: socket.socket) -> None:
    """Reads a request to its end and closes: it may have been carried out."""
    server.read(connection)


def resetting(server: Server, connection: socket.socket) -> None:
    """Takes some bytes of a request and resets the connection."""
    connection.recv(20)
    server.requests += 1
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.fixture
def closed() -> Iterator[str]:
    """An address that refuses: bound, so that nobody else gets it, and not listening."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/x"


def unreachable(url: str) -> None:
    """A probe that finds nobody."""
    raise PlatformError(network.REFUSED, peer=url)


def over(engine: Callable[..., Transport], *addresses: str, probe: Callable[[str], None] = unreachable) -> Failover:
    return Failover(engine(60), [addresses], probe, 3600, LOGGER)


def send(one: Transport, url: str, effect: Effect = Effect.CHANGE, seconds: float = 60) -> HttpAnswer:
    return one.post(url, b"{}", "application/json", effect, Deadline(seconds))


# ---- what goes to the next address -----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("effect", Effect)
def test_what_was_not_sent_goes_to_the_next_address(
    engine: Callable[..., Transport], effect: Effect, closed: str
) -> None:
    with serving(answering(OK)) as second:
        one = over(engine, closed, second.url)
        call = Submission()
        with performing(call):
            assert send(one, closed + "/gateway.do?a=b", effect).body == b"{}"
        assert second.requests == 1
        assert call.begun


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("effect", CHANGES)
@pytest.mark.parametrize("talk", [hanging_up, resetting], ids=["hung up", "reset"])
def test_what_may_have_arrived_is_never_sent_to_another_address(
    engine: Callable[..., Transport], effect: Effect, talk: Callable[[Server, socket.socket], None]
) -> None:
    with serving(talk) as first, serving(answering(OK)) as second:
        one = over(engine, first.url, second.url)
        call = Submission()
        with performing(call), pytest.raises(PlatformError) as raised:
            send(one, first.url, effect)
        assert raised.value.reason in (Reason.UNKNOWN_OUTCOME, Reason.SEND_FAILED)
        assert (first.requests, second.requests) == (1, 0)
        assert call.begun


@pytest.mark.parametrize("effect", CHANGES)
def test_a_change_whose_bytes_went_out_stays_even_if_they_cannot_have_been_understood(effect: Effect) -> None:
    """A TLS alert in answer to plain HTTP counts as not connected; a second try would still be a second sending."""
    alert = b"\x15\x03\x01\x00\x02\x02\x46"
    with serving(answering(alert)) as first, serving(answering(OK)) as second:
        with pytest.raises(PlatformError) as raised:
            send(over(SocketTransport, first.url, second.url), first.url, effect)
        assert raised.value.row is network.NEEDS_TLS
        assert (first.requests, second.requests) == (1, 0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "talk",
    [hanging_up, resetting, *(answering(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % n) for n in (502, 503, 504))],
    ids=["hung up", "reset", "502", "503", "504"],
)
def test_a_query_without_an_answer_goes_to_the_next_address(
    engine: Callable[..., Transport], talk: Callable[[Server, socket.socket], None]
) -> None:
    with serving(talk) as first, serving(answering(OK)) as second:
        assert send(over(engine, first.url, second.url), first.url, Effect.QUERY).body == b"{}"
        assert second.requests == 1


@pytest.mark.parametrize("effect", CHANGES)
def test_a_change_is_told_what_stands_before_the_platform_said(effect: Effect) -> None:
    with serving(answering(b"HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n")) as first, serving(answering(OK)) as second:
        one = over(SocketTransport, first.url, second.url)
        assert send(one, first.url, effect).status == 503
        assert second.requests == 0
        assert send(one, first.url, effect).status == 200  # the next call does not go there


def test_a_query_shares_its_time_between_the_addresses() -> None:
    """The first one accepts and never answers: half of the time is left for the second."""
    silent = threading.Event()

    def talk(server: Server, connection: socket.socket) -> None:
        silent.wait(60)

    with serving(talk) as first, serving(answering(OK)) as second:
        assert send(over(SocketTransport, first.url, second.url), first.url, Effect.QUERY, seconds=2).body == b"{}"
        silent.set()


# ---- what is said when none answers ----------------------------------------------------------------------------------


def test_of_several_failures_the_one_that_leaves_most_open_is_told(closed: str) -> None:
    with serving(hanging_up) as first:
        with pytest.raises(PlatformError) as raised:
            send(over(SocketTransport, first.url, closed), first.url, Effect.QUERY)
        assert raised.value.reason is Reason.UNKNOWN_OUTCOME
        with pytest.raises(PlatformError) as raised:
            send(over(SocketTransport, closed, first.url), closed, Effect.CHANGE)
        assert raised.value.reason is Reason.UNKNOWN_OUTCOME


def test_if_no_address_is_reached_nothing_was_sent_and_the_hosts_own_is_named(closed: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        other = f"http://127.0.0.1:{bound.getsockname()[1]}"
        call = Submission()
        with performing(call), pytest.raises(PlatformError) as raised:
            send(over(SocketTransport, closed, other), closed)
        assert raised.value.row is network.REFUSED
        assert raised.value.facts["peer"] in closed
        assert not call.begun


def test_a_refused_status_is_kept_if_the_next_address_is_not_reached(closed: str) -> None:
    with serving(answering(b"HTTP/1.1 503 X\r\nContent-Length: 4\r\n\r\nbusy")) as first:
        answer = send(over(SocketTransport, first.url, closed), first.url, Effect.QUERY)
        assert (answer.status, answer.body) == (503, b"busy")


def test_the_call_knows_that_something_may_be_sent_before_it_is() -> None:
    """C answers by it where Python cannot: it must not wait for the end of the attempt."""
    call = Submission()

    class Sending:
        def post(self, *arguments: Any) -> HttpAnswer:
            submission.begin()
            assert call.begun
            raise MemoryError

    with performing(call), pytest.raises(MemoryError):
        send(Failover(Sending(), [["http://a", "http://b"]], unreachable, 5, LOGGER), "http://a")
    assert call.begun


# ---- standing back, and coming back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", [PlatformError(network.REFUSED, peer=""), MemoryError()], ids=["down", "no-memory"])
def test_an_address_that_failed_stands_back_and_comes_back_by_a_probe(problem: Exception) -> None:
    """Its time over, a call has it looked at and does not wait; found up, it is preferred again."""
    asked: list[str] = []
    probed: queue.Queue[str] = queue.Queue()
    found = [problem]

    class Recording:
        def post(self, url: str, *arguments: Any) -> HttpAnswer:
            asked.append(url)
            if url.startswith("http://a") and len(asked) == 1:
                raise PlatformError(network.REFUSED, peer="a")
            return HttpAnswer(b"{}")

    def probe(url: str) -> None:
        probed.put(url)
        if found:
            raise found.pop()

    one = Failover(Recording(), [["http://a/x", "http://b/y"]], probe, 0, LOGGER)
    send(one, "http://a/x/1")
    assert asked == ["http://a/x/1", "http://b/y/1"]
    send(one, "http://a/x/2")
    assert asked[2:] == ["http://b/y/2"]
    assert probed.get(timeout=60) == "http://a/x"
    end = time.monotonic() + 60
    while not asked[-1].startswith("http://a/") and time.monotonic() < end:  # the second probe finds it up
        send(one, "http://a/x/3")
    assert asked[-1] == "http://a/x/3"
    assert probed.get(timeout=60) == "http://a/x"


def test_an_address_rests_before_it_is_looked_at(closed: str) -> None:
    probed: list[str] = []
    with serving(answering(OK)) as second:
        one = over(SocketTransport, closed, second.url, probe=probed.append)
        for _ in range(3):
            send(one, closed)
        assert probed == []
        assert second.requests == 3


def test_the_probe_connects_and_sends_nothing(closed: str) -> None:
    got: queue.Queue[bytes] = queue.Queue()
    with serving(lambda server, connection: got.put(connection.recv(100))) as server:
        Probe(60, "", "")(server.url)
        assert got.get(timeout=60) == b""
    with pytest.raises(PlatformError):
        Probe(60, "", "")(closed)


def test_addresses_that_are_all_down_are_still_tried() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with serving(hanging_up) as other:
            one = over(SocketTransport, url, other.url)
            for _ in range(2):
                with contextlib.suppress(PlatformError):
                    send(one, url)
            bound.listen()
            threading.Thread(target=answer_once, args=(bound,), daemon=True).start()
            stop_listening(other.listener)
            assert send(one, url).body == b"{}"


def answer_once(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(OK)


# ---- which strUrl belongs to a platform ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a:80/ehc/gateway.do?x=1", "http://b:8080/ehc/gateway.do?x=1"),
        ("http://A/ehc", "http://b:8080/ehc"),
        (" http://a/ ", "http://b:8080/"),
        ("http://a/local/query", "https://c/q/query"),
        ("http://u:p@a/local", "https://u:p@c/q"),
        ("http://a/localCheck", "http://b:8080/localCheck"),
    ],
)
def test_a_url_is_rewritten_by_the_longest_address_that_it_begins_with(url: str, expected: str) -> None:
    asked: list[str] = []

    class Down:
        def post(self, url: str, *arguments: Any) -> HttpAnswer:
            asked.append(url)
            if len(asked) == 1:
                raise PlatformError(network.REFUSED, peer="a")
            return HttpAnswer(b"{}")

    groups = [["http://a", "http://b:8080"], ["http://a/local", "https://c/q"]]
    send(Failover(Down(), groups, unreachable, 5, LOGGER), url)
    assert asked == [url, expected]


@pytest.mark.parametrize("url", ["https://a/", "http://a:81/", "http://aa/", "http://b:8080/"])
def test_a_url_of_no_group_is_passed_on(url: str) -> None:
    class Down:
        def post(self, url: str, *arguments: Any) -> HttpAnswer:
            raise PlatformError(network.REFUSED, peer=url)

    with pytest.raises(PlatformError) as raised:
        send(Failover(Down(), [["http://a", "http://b:8080"]], unreachable, 5, LOGGER), url)
    assert raised.value.facts["peer"] == url


@pytest.mark.parametrize(("url", "reason"), [("", Reason.NO_URL), ("ftp://a/", Reason.UNSUPPORTED_URL)])
def test_what_is_no_address_is_refused_as_ever(url: str, reason: Reason) -> None:
    with pytest.raises(HostError) as raised:
        send(Failover(SocketTransport(60), [["http://a", "http://b"]], unreachable, 5, LOGGER), url)
    assert raised.value.reason is reason


# ---- the settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "http://a",
        "http://a, b",
        "http://a, http://u@b",
        "http://a, http://b?x",
        "http://a, http://b; http://A, http://c",
    ],
)
def test_what_is_no_list_of_alternatives_is_a_problem(value: str) -> None:
    assert TransportSettings.option("alternatives").problem(value) == (
        "应形如 http://10.1.1.1:8080, http://10.1.1.2:8080，各组以分号分隔，首个地址不重复"
    )


def test_the_service_uses_the_alternatives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with serving(answering(OK)) as second:
        text = f"[transport]\nalternatives = {closed} ， {second.url}；https://x, https://y  # two platforms\n"
        (tmp_path / "vcshim.ini").write_text(text, "utf-8")
        assert configuration.read(tmp_path).problems == ()
        assert send(wire(tmp_path).transport, closed).body == b"{}"
        assert second.requests == 1


# ---- many failures ---------------------------------------------------------------------------------------------------


class Peer:
    """One address of a platform that does the same to every connection, and counts those on which a byte came."""

    def __init__(self, manner: str, cut: int) -> None:
        self.manner = manner
        self.cut = cut
        self.reached = 0

    def talk(self, server: Server, connection: socket.socket) -> None:
        if self.manner == "closes":
            return
        if self.manner == "resets":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if not connection.recv(self.cut if self.manner == "stops" else 65536):
            return
        self.reached += 1
        if self.manner == "answers":
            connection.sendall(OK)
        elif self.manner == "half":
            connection.sendall(OK[:-1])
        elif self.manner == "gateway":
            connection.sendall(b"HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n")
        elif self.manner == "tls":
            connection.sendall(b"\x15\x03\x01\x00\x02\x02\x46")
        elif self.manner == "noise":
            connection.sendall(b"noise\r\n\r\n")


MANNERS = ("closes", "resets", "stops", "takes", "answers", "half", "gateway", "tls", "noise", "refuses")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(4))
def test_whatever_three_addresses_do_a_change_reaches_one_at_most(
    engine: Callable[..., Transport], seed: int, closed: str
) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        peers = [Peer(chance.choice(MANNERS), chance.randint(1, 60)) for _ in range(3)]
        effect = chance.choice((*CHANGES, Effect.QUERY))
        with contextlib.ExitStack() as stack:
            urls = [stack.enter_context(serving(peer.talk)).url for peer in peers]
            urls = [closed + f"/{n}" if peers[n].manner == "refuses" else url for n, url in enumerate(urls)]
            call, answer, error = Submission(), None, None
            with performing(call):
                try:
                    answer = send(over(engine, *urls), urls[0], effect)
                except PlatformError as raised:
                    error = raised
        told = [(peer.manner, peer.reached) for peer in peers]
        reached = sum(peer.reached for peer in peers)
        assert effect is Effect.QUERY or reached <= 1, told
        assert call.begun or reached == 0, told
        if answer is not None and answer.status == 200:
            assert any(peer.manner == "answers" and peer.reached for peer in peers), told
        elif error is not None and error.reason is Reason.CONNECT_FAILED:
            assert all(peer.manner == "tls" for peer in peers if peer.reached), told
        if effect is Effect.QUERY:
            assert (answer is not None and answer.status == 200) is any(peer.manner == "answers" for peer in peers), (
                told
            )
