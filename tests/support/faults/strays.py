"""Many threads of one program over kept connections with TLS, before a server that says more than it is asked.

The server adds answers to calls that nobody made: in the record of an answer, in the next record of the same segment,
with the end of a handshake, and, while all threads pause, at any moment. All of these are there before the client sends
its next request on the connection, so that a client that looks can tell. With `racing` they also come while calls go
on: one that meets a request halfway looks like its answer, and no client can tell.
"""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.support.faults import answers
from tests.support.faults.campaign import Options, ini
from tests.support.faults.host import Host, Result
from tests.support.faults.oracle import SAID_UNKNOWN
from tests.support.faults.peer import context
from tests.support.faults.transactions import TRANSACTIONS, Transaction, serial_number, serials_in
from tests.support.streams import Hangup, Secure, stop_listening

# Those that go over kept connections.
_KEPT = tuple(row for row in TRANSACTIONS if row.effect != "change")
_CALLS_OF_A_ROUND = 10
_STRANGER = serial_number(999_999_999)


@dataclass
class Counts:
    """Counts of a run."""

    threads: int
    calls: int = 0
    connections: int = 0
    requests: int = 0
    strays: Counter[str] = field(default_factory=Counter)
    mixed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unsent: int = 0
    sent_twice: int = 0

    @property
    def wrong(self) -> int:
        """Calls that went wrong. One that met an answer before it had asked may fail, as long as it was not sent."""
        too_many = max(0, self.unsent - self.strays["with the handshake"])
        return len(self.mixed) + len(self.failed) + self.sent_twice + too_many

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.strays.items()))
        lines = [
            f"{self.threads} threads, {self.calls} calls, {self.requests} requests on {self.connections} connections",
            f"answers that nobody asked for: {self.strays.total()} ({kinds})",
            f"mixed {len(self.mixed)}, failed {len(self.failed)}, sent twice {self.sent_twice}, "
            f"not sent because of an answer with the handshake {self.unsent}",
        ]
        return "\n".join([*lines, *self.mixed[:10], *self.failed[:10]])


class Platform:
    """The server."""

    def __init__(self, seed: int, result: Counts, racing: bool) -> None:
        self._rng = random.Random(f"{seed}-strays")
        self._result = result
        self._racing = racing
        self._lock = threading.Lock()
        self._idle: set[Secure] = set()
        self._seen: Counter[str] = Counter()
        self._arrived: set[str] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def knows(self, serial: str) -> bool:
        """Whether the request of a call has arrived."""
        return serial in self._arrived

    def sent_twice(self) -> int:
        """How many calls that may not be were sent more than once."""
        return sum(count > 1 for serial, count in self._seen.items())

    def pause(self) -> None:
        """Send answers to nobody's call on most connections; the caller sees to it that no call is under way."""
        with self._lock:
            chosen = [stream for stream in self._idle if self._rng.random() < 0.6]
        for stream in chosen:
            time.sleep(self._uniform(0, 0.02) / len(chosen))
            self._stray(stream, "idle")

    def close(self) -> None:
        stop_listening(self._listener)
        with self._lock:
            streams = list(self._idle)
        for stream in streams:
            stream.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        old = self._chance(0.3)
        stream = Secure(sock, context("platform", old))
        with self._lock:
            self._result.connections += 1
        try:
            if old and self._chance(0.5):
                self._count("with the handshake")
                stream.handshake(_stray(self._family()))
            else:
                stream.handshake()
            with self._lock:
                self._idle.add(stream)
            while True:
                self._answer(stream)
        except Hangup:
            pass
        finally:
            with self._lock:
                self._idle.discard(stream)
            stream.close()

    def _answer(self, stream: Secure) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            data += stream.receive()
        length = int(data.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(data) < data.index(b"\r\n\r\n") + 4 + length:
            data += stream.receive()
        serial = serials_in(data)[0]
        query = next((True for row in _KEPT if row.effect == "query" and row.name.encode() in data), False)
        with self._lock:
            self._arrived.add(serial)
            self._seen[serial] += not query
            self._result.requests += 1
        family = "VC" if b"biz_content" in data else "EC"
        transaction = next(row for row in _KEPT if row.family == family)
        body = answers.compact(transaction.answer(serial))
        if self._chance(0.3):  # as long as the buffers of many readers
            body += b" " * (8192 - len(body) - 100)
        answer = answers.http(body, framing="chunked" if self._chance(0.3) else "length")
        kind = self._choose()
        if kind == "same record":
            stream.send(answer + _stray(family))
        elif kind == "next record":
            stream.send(answer, _stray(family))
        else:
            stream.send(answer)
        if kind == "later":
            time.sleep(self._uniform(0, 0.02))
            if not stream.has_input():
                self._stray(stream, kind)
        elif kind:
            self._count(kind)

    def _choose(self) -> str:
        """What follows an answer; mostly nothing, so that connections are kept."""
        kinds = ("same record", "next record", "later") if self._racing else ("same record", "next record")
        with self._lock:
            return self._rng.choice(kinds) if self._rng.random() < 0.3 else ""

    def _stray(self, stream: Secure, kind: str) -> None:
        with contextlib.suppress(Hangup):
            stream.send(_stray(self._family()))
            self._count(kind)

    def _family(self) -> str:
        return "VC" if self._chance(0.5) else "EC"

    def _count(self, kind: str) -> None:
        with self._lock:
            self._result.strays[kind] += 1

    def _chance(self, probability: float) -> bool:
        with self._lock:
            return self._rng.random() < probability

    def _uniform(self, least: float, most: float) -> float:
        with self._lock:
            return self._rng.uniform(least, most)


def _stray(family: str) -> bytes:
    """A whole answer to a call that was never made."""
    transaction = next(row for row in _KEPT if row.family == family)
    return answers.http(answers.compact(transaction.answer(_STRANGER)))


def run(options: Options, *, threads: int = 8, calls: int = 500, racing: bool = False) -> Counts:
    """Let `threads` threads of one program make `calls` calls each."""
    result = Counts(threads)
    platform = Platform(options.seed, result, racing)
    host = Host(options.dist, ini(options, 10, None), wine=options.wine)

    def call(number: int) -> tuple[Transaction, str, Result]:
        transaction, serial = _KEPT[number % len(_KEPT)], serial_number(number)
        url = f"https://127.0.0.1:{platform.port}{transaction.path}"
        return transaction, serial, host.call(transaction.function, url, transaction.in_data(serial))

    def some(numbers: range) -> list[tuple[Transaction, str, Result]]:
        return [call(number) for number in numbers]

    try:
        with ThreadPoolExecutor(threads) as pool:
            for start in range(0, threads * calls, threads * _CALLS_OF_A_ROUND):
                first = [start + index * _CALLS_OF_A_ROUND for index in range(threads)]
                rounds = [range(at, min(at + _CALLS_OF_A_ROUND, threads * calls)) for at in first]
                for done in pool.map(some, rounds):
                    for transaction, serial, reply in done:
                        _judge(result, transaction, serial, reply, sent=platform.knows(serial))
                platform.pause()
    finally:
        host.close()
        platform.close()
    result.sent_twice = platform.sent_twice()
    return result


def _judge(result: Counts, transaction: Transaction, serial: str, reply: Result, *, sent: bool) -> None:
    result.calls += 1
    text = f"{transaction.name} {serial}: {reply.code!r} {reply.out.decode('gb18030', 'replace')[:120]}"
    succeeded = reply.code == transaction.success
    if set(serials_in(reply.out)) - {serial} or (succeeded and serial.encode() not in reply.out):
        result.mixed.append(text)
    elif not succeeded and not sent and not any(words.encode("gb18030") in reply.out for words in SAID_UNKNOWN):
        result.unsent += 1
    elif not succeeded:
        result.failed.append(text)
