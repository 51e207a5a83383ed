"""The server's end of a connection, plain or TLS, with a say in what goes out in one segment and in one record.

TLS runs over memory, so that a test can send two records at once, cut one in the middle or hold a flight of the
handshake back. Also the end of a listener. Not a server (`servers`, `faults.peer`).
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
from collections.abc import Callable


def stop_listening(listener: socket.socket) -> None:
    """Close a listening socket, on which another thread may wait: closing alone would leave it there.

    The number of the descriptor is then given to the next listener, whose connections that thread could take.
    """
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


class Hangup(Exception):
    """The conversation is over: the peer has closed, or the case has ended."""


class Stream:
    """A plain connection. Used by one thread; `close` by any."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def receive(self) -> bytes:
        """Some bytes. Hangup at the end of the stream."""
        return self.more()

    def sealed(self, *pieces: bytes) -> bytes:
        """The bytes that the pieces are on the wire: under TLS, a record each."""
        return b"".join(pieces)

    def send(self, *pieces: bytes) -> None:
        """Send all pieces with one call, so that small ones arrive at once."""
        self.send_raw(self.sealed(*pieces))

    def send_raw(self, data: bytes) -> None:
        """Send bytes of the wire, such as a part of `sealed`."""
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Hangup from error

    def close(self, *, reset: bool = False) -> None:
        """End the connection in order, or with a reset."""
        with contextlib.suppress(OSError):
            if reset:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.sock.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self.sock.close()

    def has_input(self, seconds: float = 0) -> bool:
        """Whether something has arrived that was not read yet, be it the end."""
        try:
            return bool(select.select([self.sock], [], [], seconds)[0])
        except (OSError, ValueError) as error:
            raise Hangup from error

    def more(self) -> bytes:
        """Some bytes of the wire. Hangup at their end."""
        try:
            data = self.sock.recv(65536)
        except OSError as error:
            raise Hangup from error
        if not data:
            raise Hangup
        return data


class Secure(Stream):
    """A connection with TLS on it, as the server."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext) -> None:
        super().__init__(sock)
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def handshake(self, *early: bytes, flight: Callable[[bytes], None] | None = None) -> None:
        """Carry out the handshake.

        Args:
            early: goes out with the last flight, a record each.
            flight: sends a flight of the handshake; may spoil it.
        """
        send = flight or self.send_raw
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                if self._outgoing.pending:
                    send(self._outgoing.read())
                self._incoming.write(self.more())
            except ssl.SSLError as error:
                if self._outgoing.pending:
                    self.send_raw(self._outgoing.read())  # the alert
                raise Hangup from error
        for piece in early:
            self._tls.write(piece)
        if self._outgoing.pending:
            send(self._outgoing.read())

    def receive(self) -> bytes:
        while True:
            try:
                data = self._tls.read(65536)
            except ssl.SSLWantReadError:
                self._incoming.write(self.more())
            except (ssl.SSLZeroReturnError, ssl.SSLError) as error:
                raise Hangup from error
            else:
                if not data:
                    raise Hangup
                return data

    def has_input(self, seconds: float = 0) -> bool:
        # The request may have come with the last message of the handshake.
        return bool(self._incoming.pending or self._tls.pending()) or super().has_input(seconds)

    def sealed(self, *pieces: bytes) -> bytes:
        for piece in pieces:
            if piece:
                self._tls.write(piece)
        return self._outgoing.read()

    def say_goodbye(self) -> None:
        """Send close_notify, as a server does before it closes."""
        with contextlib.suppress(ssl.SSLError):
            self._tls.unwrap()
        if self._outgoing.pending:
            self.send_raw(self._outgoing.read())
