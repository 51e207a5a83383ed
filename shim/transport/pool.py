"""Connections that are kept between calls: looked at before they are used again, and few.

Nothing else is kept between calls. A connection is taken by one call at a time. Used by `sockets`.
"""

from __future__ import annotations

import threading
import time
import weakref

from shim.transport.address import Address
from shim.transport.connection import Connection

# A connection rests before it is looked at: what a server sends unasked, or its closing, comes just behind an answer,
# from a busy machine some milliseconds later. Calls that follow each other faster take turns on several.
REST_SECONDS = 0.02
_MOST = 64  # idle connections to one platform: enough for calls that take a third of a millisecond
Key = tuple[bool, str, int]


class Pool:
    """Idle connections by platform. Any thread.

    Args:
        idle_seconds: a connection that was idle for longer is closed instead of used.
    """

    def __init__(self, idle_seconds: float) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._idle: dict[Key, list[Connection]] = {}
        weakref.finalize(self, _close, self._idle).atexit = False

    def take(self, address: Address) -> Connection | None:
        """The idle connection to the platform that has rested longest, if nothing has happened on it; None for none."""
        while True:
            with self._lock:
                waiting = self._idle.get(_key(address))
                now = time.monotonic()
                connection = waiting.pop(0) if waiting and now >= waiting[0].rested_at else None
            if connection is None:
                return None
            if now < connection.keep_until and connection.quiet:
                return connection
            connection.close()

    def keep(self, address: Address, connection: Connection, server_seconds: int | None) -> None:
        """Keep a connection whose answer was read to its end.

        Args:
            server_seconds: how long the server keeps it, None if it did not say. It is not used in the last second of
                that: a request that crosses the closing would have an unknown outcome.
        """
        seconds = self._idle_seconds if server_seconds is None else min(self._idle_seconds, server_seconds - 1)
        if seconds <= 0:
            connection.close()
            return
        now = time.monotonic()
        connection.rested_at, connection.keep_until = now + REST_SECONDS, now + seconds
        with self._lock:
            waiting = self._idle.setdefault(_key(address), [])
            waiting.append(connection)
            oldest = waiting.pop(0) if len(waiting) > _MOST else None
        if oldest is not None:
            oldest.close()

    def close(self) -> None:
        """Close all idle connections."""
        with self._lock:
            _close(self._idle)

    def discard(self, address: Address) -> None:
        """Close all idle connections to a platform: one of them has just been found dead."""
        with self._lock:
            waiting = self._idle.pop(_key(address), [])
        for connection in waiting:
            connection.close()


def _close(idle: dict[Key, list[Connection]]) -> None:
    for waiting in idle.values():
        for connection in waiting:
            connection.close()
    idle.clear()


def _key(address: Address) -> Key:
    return address.secure, address.peer.host, address.peer.port
