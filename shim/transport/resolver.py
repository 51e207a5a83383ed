"""Looks host names up, no longer than there is time: the system's resolver has no time-out of its own.

A look-up that was given up goes on in its thread; the next call for the same name waits for that one instead of
starting another, so that a dead name server holds one thread, not one a call. Used by `connection`.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

from shim import forks
from shim.deadline import Deadline
from shim.transport import causes
from shim.transport.causes import ConnectingStep, Peer

SocketAddress = tuple[int, Any]  # family, and what connect() takes


class _LookUp:
    """One look-up in flight or done: it is done when its thread has ended."""

    def __init__(self, run: Callable[[_LookUp], None]) -> None:
        self.addresses: list[SocketAddress] = []
        self.error: OSError | None = None
        self.thread = threading.Thread(target=run, args=(self,), name="vcshim-resolver", daemon=True)


class Resolver:
    """The look-ups of a process. Any thread."""

    def __init__(self) -> None:
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        """Without a look-up in flight: the threads of a parent do not exist in its child."""
        self._lock = threading.Lock()
        self._running: dict[tuple[str, int], _LookUp] = {}

    def look_up(self, peer: Peer, deadline: Deadline) -> list[SocketAddress]:
        """The addresses of `peer`, in the system's order; at least one.

        Raises:
            PlatformError: CONNECT_FAILED: there is no such name, nobody knows, or the time ran out.
        """
        numeric = _numeric(peer)
        if numeric is not None:
            return [numeric]
        look_up = self._start(peer)
        look_up.thread.join(deadline.remaining)
        if look_up.thread.is_alive():
            raise causes.timed_out(ConnectingStep.LOOK_UP, peer, deadline)
        if look_up.error is not None:
            raise causes.connecting_failed(look_up.error, ConnectingStep.LOOK_UP, peer, deadline) from look_up.error
        if not look_up.addresses:  # the thread has died: no memory, or a bug
            raise causes.no_thread(peer)
        return look_up.addresses

    def _start(self, peer: Peer) -> _LookUp:
        key = peer.host, peer.port
        with self._lock:
            look_up = self._running.get(key)
            if look_up is not None and look_up.thread.is_alive():
                return look_up
            look_up = _LookUp(lambda look_up: self._run(key, peer, look_up))
            try:
                look_up.thread.start()
            except (RuntimeError, MemoryError) as error:  # the system has no thread left
                raise causes.no_thread(peer) from error
            self._running[key] = look_up
            return look_up

    def _run(self, key: tuple[str, int], peer: Peer, look_up: _LookUp) -> None:
        try:
            look_up.addresses = _addresses(peer)
        except OSError as error:
            look_up.error = error
        except (UnicodeError, ValueError):
            look_up.error = socket.gaierror(socket.EAI_NONAME, "")
        finally:
            with self._lock:
                if self._running.get(key) is look_up:
                    del self._running[key]


def _numeric(peer: Peer) -> SocketAddress | None:
    """The address of a peer that is named by one; None for a name, about which the system must be asked."""
    for family, rest in ((socket.AF_INET, ()), (socket.AF_INET6, (0, 0))):
        try:
            socket.inet_pton(family, peer.host)
        except OSError:
            continue
        return family, (peer.host, peer.port, *rest)
    return None


def _addresses(peer: Peer) -> list[SocketAddress]:
    # NB: as bytes: for a str Python imports the IDNA codec, and the name has been through that already.
    with forks.look_ups:
        rows = socket.getaddrinfo(peer.host.encode("ascii"), peer.port, type=socket.SOCK_STREAM)
    return [(row[0], row[4]) for row in rows]
