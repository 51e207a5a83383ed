"""How long and how many connections the server keeps for clients that do not go on: half requests, slow readers.

A client that connects and sends nothing, half a head or half a body, or does not read its answer, is disconnected after
a while, however slowly it sends or reads. What the simulator delays itself, by a directive, does not count. A check
every second instead of a timer for every request, which would cost more than it is worth. No protocol. Used by
http_exchange and server.
"""

from __future__ import annotations

import time
from typing import Protocol

# For a whole head (and so between two requests), for a whole body, and for reading an answer.
PATIENCE_SECONDS = 60.0
# How long `never` leaves a connection open: hosts give up long before.
_LONGEST_SECONDS = 3600.0
# select() of Windows takes 512 sockets.
MOST_CONNECTIONS = 400


class ClosableStream(Protocol):
    """A connection, as Tornado has it."""

    def closed(self) -> bool:
        """Return whether it is closed."""

    def close(self) -> None:
        """Close it."""


class WatchedConnection:
    """A connection and the time, in seconds of time.monotonic, at which it is closed; None while nobody is late.

    `idle`: no request of it has a complete head yet.
    """

    __slots__ = ("_patience", "deadline", "idle", "stream")

    def __init__(self, stream: ClosableStream, patience: float) -> None:
        self.stream = stream
        self._patience = patience
        self.idle = True
        self.deadline: float | None = None

    def await_client(self, idle: bool = False) -> None:
        """From now on the client has to send the next part of its request, or to read."""
        self.idle = idle
        self.deadline = time.monotonic() + self._patience

    def await_server(self) -> None:
        """From now on the simulator makes the client wait."""
        self.deadline = None

    def leave_open(self) -> None:
        """The client gets no answer, and decides itself when to give up."""
        self.deadline = time.monotonic() + _LONGEST_SECONDS


class ConnectionLimits:
    """All open connections. On the event loop only.

    Args:
        patience: Seconds that a client has for each step.
        most: How many connections may be open. Beyond that the one that has been idle longest is closed, or the new one
            if none is idle.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS, most: int = MOST_CONNECTIONS) -> None:
        self.interval = min(1.0, patience / 2)
        self._patience = patience
        self._most = most
        self._connections: dict[ClosableStream, WatchedConnection] = {}

    def await_request(self, stream: ClosableStream) -> WatchedConnection:
        """Return the record of a connection, new or known, whose next request begins now."""
        connection = self._connections.get(stream)
        if connection is None:
            self._make_room(stream)
            connection = self._connections[stream] = WatchedConnection(stream, self._patience)
        connection.await_client(idle=True)
        return connection

    def close_late_ones(self) -> None:
        """Close the connections whose time has passed, and forget those that are closed."""
        now = time.monotonic()
        for connection in list(self._connections.values()):
            if connection.deadline is not None and connection.deadline <= now:
                connection.stream.close()
            if connection.stream.closed():
                del self._connections[connection.stream]

    def _make_room(self, stream: ClosableStream) -> None:
        if len(self._connections) < self._most:
            return
        self.close_late_ones()
        if len(self._connections) < self._most:
            return
        idle = [connection for connection in self._connections.values() if connection.idle]
        late = min(idle, key=lambda connection: connection.deadline or 0.0, default=None)
        (late.stream if late else stream).close()
        if late:
            del self._connections[late.stream]
