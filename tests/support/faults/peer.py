"""The platform, or the proxy before it, for one case at a time: reads requests, answers them, and commits one fault.

What it records is what the oracle judges by: which requests arrived whole and how often, which successes it sent whole.
The faults themselves are rows (`rows`); TLS is in `tests.support.streams`.
"""

from __future__ import annotations

import itertools
import random
import re
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, unique
from functools import cache
from pathlib import Path

from tests.support.faults import answers
from tests.support.faults.transactions import Transaction, serials_in
from tests.support.streams import Hangup, Secure, Stream, stop_listening

_TLS = Path(__file__).resolve().parent.parent.parent / "vectors" / "tls"
_VECTORS = _TLS.parent
CA_FILE = _TLS / "ca.pem"

# What a connection is for, in the order of a case: a good call, the call that meets the fault, another good call.
PHASES = ("before", "fault", "after")


@unique
class Expect(Enum):
    """What a fault may lead to."""

    GOOD = "success"
    UNKNOWN = "outcome unknown"
    UNSENT = "a failure, and not an unknown outcome: nothing can have arrived"
    LOST = "any failure; an unknown outcome if the request arrived whole"
    REFUSED = "the code that the platform sent"
    FAILED = "any failure"
    EITHER = "success or an unknown outcome"
    ODD = "success or any failure"


@unique
class Stage(Enum):
    """Where the server commits the fault."""

    NAME = "the name of the server"
    LISTEN = "the listening socket"
    ACCEPT = "a new connection"
    PROXY = "the request to a proxy"
    TLS = "the handshake"
    REQUEST = "while a request arrives"
    ANSWER = "once a request has arrived"
    IDLE = "after an answer, while the connection waits"


@dataclass
class Fault:
    """A row: one fault at one place.

    Attributes:
        place: the line of the tally it counts for.
        name: unlike all others of its place.
        expect: what may come of it, unless `act` returns something else.
        act: commits it. Hangup ends the connection; else the connection goes on.
        host: stage NAME: the name of the server.
        secure, proxied, warm: only with (or without) TLS, a proxy, a kept connection.
        effects: only for these transactions.
        padding: characters that are added to InData.
        large: takes the product some time to work on.
        deaf: stage LISTEN: connections are `refused`, or there is a `black hole`.
        linger: seconds to wait before the call that comes after.
        undecidable: HTTP cannot tell such an answer from the right one.
    """

    place: str
    name: str
    expect: Expect
    act: Callable[[Exchange], Expect | None] = lambda _: None
    stage: Stage = Stage.ANSWER
    host: Callable[[random.Random], str] | None = None
    secure: bool | None = None
    proxied: bool | None = None
    warm: bool | None = None
    effects: tuple[str, ...] = ("query", "identify", "change")
    family: str = ""
    padding: int = 0
    large: bool = False
    linger: float = 0
    deaf: str = ""
    undecidable: bool = False


@dataclass
class Record:
    """What happened at the server during one case."""

    whole_requests: dict[str, list[float]] = field(default_factory=dict)
    begun: set[tuple[int, str]] = field(default_factory=set)  # connections and phases in which request bytes came
    successes: set[str] = field(default_factory=set)  # serial numbers whose success was sent whole
    served_well: set[str] = field(default_factory=set)  # those that met no fault
    answered: dict[str, float] = field(default_factory=dict)  # when the first byte of an answer went out
    cookies: set[str] = field(default_factory=set)  # serial numbers whose request brought back what an answer had set
    connections: Counter[str] = field(default_factory=Counter)
    expect: Expect | None = None
    code: str = ""
    hits: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    settled: threading.Event = field(default_factory=threading.Event)  # the fault is done with
    idle_done: threading.Event = field(default_factory=threading.Event)


@dataclass
class Plan:
    """What the server needs to know of a case."""

    fault: Fault
    transaction: Transaction
    serials: dict[str, str]  # by phase
    stranger: str  # the serial number of a patient who was never asked for
    secure: bool
    proxied: bool
    old_tls: bool
    total: int  # [transport] total_seconds
    repeat: bool  # every attempt of the call meets the fault, not only the first
    seed: str


class Exchange:
    """One connection in the hands of a fault."""

    _numbers = itertools.count()

    def __init__(self, peer: Peer, stream: Stream, phase: str) -> None:
        self.number = next(self._numbers)
        self.peer = peer
        self.plan = peer.plan
        self.record = peer.record
        self.stream = stream
        self.phase = phase
        self.rng = random.Random(self.plan.seed)
        self.serial = self.plan.serials["fault"]
        self.request = b""
        self.received = b""  # read, and not part of `request`

    # ---- what to say -------------------------------------------------------------------------------------------

    def json(self, **more: object) -> bytes:
        """The body of the right answer."""
        return answers.compact(self.plan.transaction.answer(self.serial, **more))

    def good(self, **how: object) -> bytes:
        """The right answer; it counts as sent."""
        self.record.successes.add(self.serial)
        return answers.http(self.json(), **how)  # type: ignore[arg-type]

    def stranger(self) -> bytes:
        """The right answer to somebody else's call."""
        return answers.http(answers.compact(self.plan.transaction.answer(self.plan.stranger)))

    def counts(self, body: bytes) -> bytes:
        """Let `body` be a success that is sent whole."""
        self.record.successes.add(self.serial)
        return body

    def cut(self, data: bytes, least: int = 1) -> bytes:
        """The beginning of `data`: at least `least` bytes, and not all of it."""
        return data[: self.rng.randrange(least, len(data))]

    # ---- what to do --------------------------------------------------------------------------------------------

    def send(self, *pieces: bytes) -> None:
        self.record.answered.setdefault(self.serial, time.monotonic())
        self.stream.send(*pieces)

    def wait(self, milliseconds: float) -> None:
        """Hangup if the case ends meanwhile."""
        if self.record.over.wait(milliseconds / 1000):
            raise Hangup

    def drip(self, data: bytes, milliseconds: float, *, step: int = 1, raw: bool = False) -> None:
        """Send a few bytes at a time."""
        for at in range(0, len(data), step):
            piece = data[at : at + step]
            self.stream.send_raw(piece) if raw else self.send(piece)
            self.wait(milliseconds)

    def silence(self) -> None:
        """Say nothing more until the client or the case gives up."""
        while not self.record.over.is_set():
            self.stream.more()
        raise Hangup

    def end(self, how: str | None = None) -> None:
        """Close, reset or keep silent; a random one of them without a word."""
        how = how or self.rng.choice(("close", "reset", "silence"))
        if how == "silence":
            self.silence()
        if how == "close" and isinstance(self.stream, Secure) and self.rng.random() < 0.5:
            self.stream.say_goodbye()
        self.stream.close(reset=how == "reset")
        raise Hangup

    def secured(self, *early: bytes, which: str = "platform", flight: Callable[[bytes], None] | None = None) -> None:
        """Carry out the handshake with the certificate `which`."""
        secure = Secure(self.stream.sock, context(which, self.plan.old_tls))
        secure.handshake(*early, flight=flight)
        self.stream = secure

    # ---- requests ----------------------------------------------------------------------------------------------

    def read_head(self, *, counted: bool = True) -> bytes:
        """A head with its empty line; what came after it stays in `received`."""
        data = self.received
        while b"\r\n\r\n" not in data:
            data += self._request_bytes(counted=counted)
        at = data.index(b"\r\n\r\n") + 4
        self.received = data[at:]
        return data[:at]

    def read_request(self) -> str:
        """Read a request; its serial number."""
        head = self.read_head()
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        while len(self.received) < length:
            self.received += self._request_bytes()
        self.request = head + self.received[:length]
        self.received = self.received[length:]
        serials = serials_in(self.request)
        serial = serials[0] if serials else ""
        with self.peer.lock:
            self.record.whole_requests.setdefault(serial, []).append(time.monotonic())
            if re.search(rb"\r\n(cookie|authorization):", head.lower()):
                self.record.cookies.add(serial)
        return serial

    def read_at_most(self, count: int) -> None:
        """Read `count` bytes of a request, as far as this can be had exactly."""
        while len(self.received) < count:
            self.received += self._request_bytes(count - len(self.received))

    def await_request(self) -> None:
        """Wait for the first byte of a request, without reading it."""
        while not self.received and not self.stream.has_input(0.5):
            self.wait(0)

    def _request_bytes(self, count: int = 65536, *, counted: bool = True) -> bytes:
        if isinstance(self.stream, Secure):
            data = self.stream.receive()
        else:
            try:
                data = self.stream.sock.recv(count)
            except OSError as error:
                raise Hangup from error
            if not data:
                raise Hangup
        if counted:
            with self.peer.lock:
                self.record.begun.add((self.number, self.peer.phase))
        return data


@cache
def context(which: str, old: bool = False) -> ssl.SSLContext:
    """A server's context with one of the certificates; `old`: at most TLS 1.2."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(_VECTORS / "loopback.pem" if which == "stranger" else _TLS / f"{which}.pem")
    if old:
        made.maximum_version = ssl.TLSVersion.TLSv1_2
    return made


@cache
def demanding_context() -> ssl.SSLContext:
    """The platform's, which wants a certificate of the client."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(_TLS / "platform.pem")
    made.verify_mode = ssl.CERT_REQUIRED
    made.load_verify_locations(CA_FILE)
    return made


class Peer:
    """One listening port. `begin` and `finish` stand around a case; `phase` is set by whoever makes the calls."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.phase = "before"
        self._port = 0
        self._listener: socket.socket | None = None
        self._fillers: list[socket.socket] = []
        self._open: set[Stream] = set()
        self.plan: Plan
        self.record: Record
        self.listen()

    @property
    def port(self) -> int:
        return self._port

    def begin(self, plan: Plan) -> Record:
        """Serve a case from now on."""
        self.plan, self.record, self.phase = plan, Record(), "before"
        return self.record

    def finish(self) -> None:
        """End the case: all of its connections are closed when this returns."""
        self.record.over.set()
        with self.lock:
            streams = list(self._open)
            self._open.clear()
        for stream in streams:
            stream.close()

    def close(self) -> None:
        """Listen no more."""
        self.deaf()

    # ---- the listening socket ----------------------------------------------------------------------------------

    def listen(self, backlog: int = 64, *, accepting: bool = True) -> None:
        """Listen on the port, which stays the same."""
        self.deaf()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        listener.listen(backlog)
        self._listener = listener
        if accepting:
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def deaf(self) -> None:
        """Refuse connections."""
        for filler in self._fillers:
            filler.close()
        self._fillers = []
        if self._listener is not None:
            stop_listening(self._listener)
            self._listener = None

    def black_hole(self) -> None:
        """Answer no attempt to connect: the queue of the listening socket is full."""
        self.listen(0, accepting=False)
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self._port))
            self._fillers.append(filler)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            exchange = Exchange(self, Stream(sock), self.phase)  # now: it belongs to this case
            with self.lock:
                self._open.add(exchange.stream)
            threading.Thread(target=self._serve, args=(exchange,), daemon=True).start()

    # ---- a connection ------------------------------------------------------------------------------------------

    def _serve(self, x: Exchange) -> None:
        stream = x.stream  # what x has later is TLS over it
        try:
            self._converse(x)
        except Hangup:
            pass
        finally:
            with self.lock:
                self._open.discard(stream)
            stream.close()

    def _converse(self, x: Exchange) -> None:
        x.record.connections[x.phase] += 1
        if x.plan.fault.padding:  # so that most of the request stays with the client
            x.stream.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._commit(x, Stage.ACCEPT)
        if x.plan.proxied and x.plan.secure:
            x.read_head(counted=False)
            if not self._commit(x, Stage.PROXY):
                x.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if x.plan.secure and not self._commit(x, Stage.TLS):
            x.secured()
        while True:
            x.await_request()
            self._commit(x, Stage.REQUEST)
            self._answer(x, x.read_request())

    def _answer(self, x: Exchange, serial: str) -> None:
        stages = (Stage.ANSWER,) if x.plan.secure else (Stage.ANSWER, Stage.PROXY)
        if serial == x.plan.serials["fault"] and self._commit(x, *stages):
            return
        body = answers.compact(x.plan.transaction.answer(serial))
        framing: answers.Framing = "chunked" if x.rng.random() < 0.3 else "length"
        x.record.successes.add(serial)
        x.record.served_well.add(serial)
        x.record.answered.setdefault(serial, time.monotonic())
        x.stream.send(answers.http(body, framing=framing))
        if serial == x.plan.serials["before"] and x.plan.fault.stage is Stage.IDLE:
            try:
                x.record.expect = x.plan.fault.act(x) or x.record.expect
            finally:
                x.record.hits += 1
                x.record.idle_done.set()

    def _commit(self, x: Exchange, *stages: Stage) -> bool:
        """Commit the fault if it belongs here and now; whether it was."""
        fault = x.plan.fault
        if fault.stage not in stages or self.phase != "fault":
            return False
        with self.lock:
            if (x.record.hits and not x.plan.repeat) or x.record.over.is_set():
                return False
            x.record.hits += 1
        try:
            expect = fault.act(x)
            if expect is not None:
                x.record.expect = expect
        finally:
            x.record.settled.set()
        return True
