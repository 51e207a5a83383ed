"""One request in flight: how far it got, and the thread that ends it at its deadline.

The deadline covers a whole exchange, because the time-outs of sockets do not: a server that sends one byte a second
never lets one expire. What the HTTP library reports arrives through `current`.
"""

from __future__ import annotations

import heapq
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shim.transport import causes
from shim.transport.causes import Peer

# `exchange`: that of the calling thread, for the connection that serves it; None between two exchanges.
current = threading.local()


class TimedExchange:
    """One request: its connection, whether it has begun to be sent, whether its time ran out.

    `connecting` is the Deadline by which a connection must be made, `connected` False while one is made; `broken` True
    when a piece of the request could not be sent; `received` the bytes of the body so far, None before the head's end.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.connection: Any = None
        self.connecting: Any = None
        self.connected = True
        self.received: int | None = None
        self.started = False
        self.broken = False
        self.expired = False

    @property
    def sent(self) -> bool:
        """Whether all of it may have been sent: it was begun, and no piece of it was refused."""
        return self.started and not self.broken

    @property
    def age(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    def expire(self) -> None:
        """Shut the socket down: the thread that waits on it wakes and sees the end of the stream."""
        with self._lock:
            self.expired = True
            sock = getattr(self.connection, "sock", None)
            if sock is not None:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # closed already: the waiting thread is awake

    def begin(self) -> None:
        """Say that something is about to be sent over a socket that `expire` finds. TimeoutError if the time is over.

        NB: a connection that was made in time may have had no socket yet when the time ran out.
        """
        with self._lock:
            if self.expired:
                raise TimeoutError("deadline")

    def release(self) -> None:
        """Forget the connection, which returns to the pool: another exchange may use it from here on."""
        with self._lock:
            self.connection = None


class Deadlines:
    """One daemon thread that expires exchanges; it sleeps until the earliest deadline. Any thread may use it."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._heap: list[tuple[float, int, TimedExchange]] = []
        self._ids = itertools.count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def exchange(self, deadline: float, peer: Peer) -> Iterator[TimedExchange]:
        """The exchange of the calling thread for the length of the block; `deadline` by time.monotonic().

        PlatformError CONNECT_FAILED if the system has no thread left to watch over it.
        """
        exchange = TimedExchange()
        try:
            entry = self._add(deadline, exchange)
        except (RuntimeError, MemoryError) as error:
            raise causes.no_thread(peer) from error
        current.exchange = exchange
        try:
            yield exchange
        finally:
            current.exchange = None
            self._remove(entry)

    def _add(self, deadline: float, exchange: TimedExchange) -> tuple[float, int, TimedExchange]:
        entry = (deadline, next(self._ids), exchange)
        with self._wake:
            if self._thread is None or not self._thread.is_alive():  # not yet, or it died
                self._thread = threading.Thread(target=self._run, name="vcshim-deadlines", daemon=True)
                self._thread.start()
            heapq.heappush(self._heap, entry)
            if self._heap[0] is entry:
                self._wake.notify()
        return entry

    def _remove(self, entry: tuple[float, int, TimedExchange]) -> None:
        with self._wake:
            if entry in self._heap:
                self._heap.remove(entry)
                heapq.heapify(self._heap)

    def _run(self) -> None:
        while True:
            with self._wake:
                now = time.monotonic()
                due = []
                while self._heap and self._heap[0][0] <= now:
                    due.append(heapq.heappop(self._heap)[2])
                if not due:
                    self._wake.wait(self._heap[0][0] - now if self._heap else None)
            for exchange in due:
                exchange.expire()
