"""One connection to a platform, directly or through a proxy: made, secured, written to, read from, looked at.

Every step has the deadline of its call. What a failure means to the request follows from `sent` (causes). A connection
is used by one call at a time; it knows no HTTP beyond the proxy's CONNECT. Used by `sockets`.
"""

from __future__ import annotations

import contextlib
import math
import select
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shim import forks, submission
from shim.deadline import Deadline
from shim.transport import causes
from shim.transport.address import Address
from shim.transport.causes import ConnectingStep, Peer
from shim.transport.http1 import AnswerCutError, NotHttpError, read_tunnel, request_head
from shim.transport.resolver import Resolver, SocketAddress

if TYPE_CHECKING:
    import ssl

USER_AGENT = "virtualcard-shim"
_BLOCK = 64 * 1024
_PRECISION = 0.02  # seconds by which a step may outlast its deadline
_ATTEMPTS = 4  # at a connection whose server does not speak before it is asked
# How long a peer may be silent after our hello before it is asked whether it speaks TLS at all.
_SILENCE_SECONDS = 1.0


class Connection:
    """A connection that is open. `close` it, or keep it for another call.

    Attributes:
        peer: whom the socket leads to: the proxy, if there is one.
        made: what is sent is a request; before, it is what makes the connection.
        sent: bytes of the current request that the system has taken.
        rested_at: by time.monotonic(): from when on it may be looked at and used again.
        keep_until: by the same: when the server may close it, or it is too old to be used again.
    """

    # NB: Python's sockets that have a time limit ask the system before each step whether it would have to wait. Under
    # Wine that takes as long as the step. So plain ones do not block: a step is tried, and only then waited for. TLS,
    # whose steps need several of the socket's, is left to its own limits.

    def __init__(self, sock: socket.socket, peer: Peer) -> None:
        self._sock = sock
        self._is_plain = not hasattr(sock, "pending")
        self.peer = peer
        self.made = False
        self.sent = 0
        self.rested_at = 0.0
        self.keep_until = 0.0
        self._timeout = -1.0
        self._readable_within = _readability(sock)

    def secure(self, context: ssl.SSLContext, peer: Peer, deadline: Deadline, where: SocketAddress | None) -> None:
        """Put TLS with the platform `peer` over it.

        Args:
            where: the socket's address, to ask it whether it speaks plain HTTP; None where a proxy is in between.

        Raises:
            PlatformError: CONNECT_FAILED with the cause.
        """
        try:
            self._sock = context.wrap_socket(self._sock, server_hostname=peer.host, do_handshake_on_connect=False)
        except (OSError, ValueError) as error:  # gone before the first byte, or no name that TLS can carry
            cause = error if isinstance(error, OSError) else OSError()
            raise causes.connecting_failed(cause, ConnectingStep.TLS, peer, deadline) from error
        self._is_plain = False
        _shake_hands(self._sock, peer, deadline, where)
        self._timeout = -1.0
        self._readable_within = _readability(self._sock)

    @property
    def tls(self) -> ssl.SSLSocket | None:
        """The TLS over it, to be asked what was agreed on; None where there is none. For diagnosis."""
        return None if self._is_plain else self._sock  # type: ignore[return-value]

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of `data`, counting in `sent`.

        OSError, also if the peer answers before the last block: that is the answer to no request of ours. TimeoutError
        once the deadline has passed.
        """
        view = memoryview(data)
        while self.sent < len(data):
            if self.sent and self.spoken_to:  # whether sending blocks instead depends on the system's buffers
                raise ConnectionAbortedError("an answer to a part of a request")
            self._limit(deadline)
            block = view[self.sent : self.sent + _BLOCK]
            self.sent += self.send_block(block, deadline)

    def receive(self, deadline: Deadline) -> bytes:
        """The next bytes, b"" at the end of the stream. OSError, or TimeoutError once the deadline has passed."""
        while True:
            self._limit(deadline)
            try:
                if not self._is_plain or self._readable_within(deadline.remaining):
                    return self._sock.recv(_BLOCK)
            except BlockingIOError:  # the system has thought better of it
                continue

    @property
    def quiet(self) -> bool:
        """Whether nothing is waiting on it: no byte, in the socket or inside TLS, no end and no error."""
        if not self._is_plain:
            # NB: the socket is asked, not TLS: a record that has arrived counts, whatever is in it
            return not self._pending() and not self._readable_within(0)
        self._set_timeout(0)
        try:
            self._sock.recv(1, socket.MSG_PEEK)
        except OSError as error:
            return isinstance(error, BlockingIOError)
        return False

    @property
    def spoken_to(self) -> bool:
        """Whether the peer has said anything before it was asked: what it said is the answer to no request of ours.

        Nothing is told by what TLS itself sends after a handshake.
        """
        if self.quiet:
            return False
        self._sock.settimeout(0)
        self._timeout = 0.0 if self._is_plain else -1.0  # to be set again, whatever time is left
        try:
            return bool(self._sock.recv(1))
        except OSError:  # nothing yet, or an end that sending will meet
            return False

    def close(self) -> None:
        """Close it; never raises."""
        forks.hang_up(self._sock)
        with contextlib.suppress(OSError):
            self._sock.close()

    def _pending(self) -> int:
        """Bytes that have arrived inside TLS."""
        return int(getattr(self._sock, "pending", int)())

    def _limit(self, deadline: Deadline) -> None:
        seconds = deadline.remaining
        if seconds <= 0:
            raise TimeoutError
        self._set_timeout(0 if self._is_plain else seconds)

    def _set_timeout(self, seconds: float) -> None:
        if abs(seconds - self._timeout) > _PRECISION:  # under Wine it takes as long as receiving
            self._sock.settimeout(seconds)
            self._timeout = seconds

    def send_block(self, block: memoryview, deadline: Deadline) -> int:
        """Send as much of `block` as the system takes, at least a byte; how much that is. Raises as `send`."""
        while True:
            try:
                if self.made:
                    submission.begin()
                return self._sock.send(block)
            except BlockingIOError:
                _wait_until_writable(self._sock, deadline.remaining)
                self._limit(deadline)


class Connector:
    """Makes connections. Any thread.

    Args:
        proxy: that of [transport] proxy, None for none.
        ca_file: as in [transport] ca_file; looked at with the first https call.
    """

    def __init__(self, proxy: Address | None, ca_file: str) -> None:
        self._proxy = proxy
        self._ca_file = ca_file
        self._resolver = Resolver()

    def connect(self, address: Address, deadline: Deadline) -> Connection:
        """A connection over which a request to `address` may be sent, and on which nothing was said before it.

        Raises:
            PlatformError: CONNECT_FAILED with the cause.
            HostError: SETTINGS: the ca_file cannot be used.
        """
        for _ in range(_ATTEMPTS):
            connection = self._connect(address, deadline)
            if not connection.spoken_to:
                connection.made = True
                return connection
            connection.close()
        raise causes.spoken_too_soon(connection.peer)

    def _connect(self, address: Address, deadline: Deadline) -> Connection:
        peer = address.peer if self._proxy is None else self._proxy.peer
        context = self._context() if address.secure else None
        sock, where = open_socket(self._resolver, peer, deadline)
        connection = Connection(sock, peer)
        try:
            if context is not None:
                if self._proxy is not None:
                    self._tunnel(connection, address, self._proxy, deadline)
                connection.secure(context, address.peer, deadline, None if self._proxy else where)
        except BaseException:
            connection.close()
            raise
        return connection

    def _tunnel(self, connection: Connection, address: Address, proxy: Address, deadline: Deadline) -> None:
        """Ask the proxy for a tunnel to the platform."""
        target = address.peer.authority
        headers = [("Host", target), ("User-Agent", USER_AGENT), *proxy_headers(proxy)]
        try:
            connection.send(request_head("CONNECT", target, headers), deadline)
            status, clean = read_tunnel(lambda: connection.receive(deadline))
        except OSError as error:
            raise causes.connecting_failed(error, ConnectingStep.PROXY, proxy.peer, deadline) from error
        except (NotHttpError, AnswerCutError, EOFError) as error:
            raise causes.proxy_not_understood(proxy.peer) from error
        if not 200 <= status < 300:
            raise causes.proxy_refused(status, proxy.peer)
        if not clean:  # the platform cannot have spoken first: these bytes are not its
            raise causes.proxy_not_understood(proxy.peer)

    def _context(self) -> ssl.SSLContext:
        from shim.transport.trust import client_context

        return client_context(self._ca_file)


if sys.platform == "win32":

    def _readability(sock: socket.socket) -> Callable[[float], bool]:
        """What tells whether receiving will not have to wait within some seconds: for bytes, the end or an error."""
        return lambda seconds: bool(select.select([sock], [], [], seconds)[0])

    def _wait_until_writable(sock: socket.socket, seconds: float) -> None:
        select.select([], [sock], [], seconds)

else:

    def _readability(sock: socket.socket) -> Callable[[float], bool]:
        """What tells whether receiving will not have to wait within some seconds: for bytes, the end or an error.

        Not by select(): it fails in a host with more than 1024 open files.
        """
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return lambda seconds: bool(poll.poll(math.ceil(seconds * 1000)))

    def _wait_until_writable(sock: socket.socket, seconds: float) -> None:
        poll = select.poll()
        poll.register(sock, select.POLLOUT)
        poll.poll(math.ceil(seconds * 1000))


def open_socket(resolver: Resolver, peer: Peer, deadline: Deadline) -> tuple[socket.socket, SocketAddress]:
    """A socket to the first address of `peer` that answers; each may take its share of the time that is left.

    Raises:
        PlatformError: CONNECT_FAILED with the cause.
    """
    addresses = resolver.look_up(peer, deadline)
    failure = causes.not_connected(peer)
    for number, (family, where) in enumerate(addresses):
        try:
            sock = forks.new_socket(family, socket.SOCK_STREAM)
        except OSError as error:
            failure = causes.connecting_failed(error, ConnectingStep.CONNECT, peer, deadline)
            continue
        try:
            seconds = deadline.remaining / (len(addresses) - number)
            if seconds <= 0:
                raise TimeoutError
            sock.settimeout(seconds)
            sock.connect(where)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock, (family, where)
        except OSError as error:
            sock.close()
            failure = causes.connecting_failed(error, ConnectingStep.CONNECT, peer, deadline)
    raise failure


def proxy_headers(proxy: Address) -> list[tuple[str, str]]:
    """What a proxy wants to see of the user that its setting names."""
    return [("Proxy-Authorization", proxy.authorization)] if proxy.authorization else []


def _shake_hands(secured: ssl.SSLSocket, peer: Peer, deadline: Deadline, where: SocketAddress | None) -> None:
    patience = _SILENCE_SECONDS if where is not None else deadline.remaining
    while True:
        limit = deadline.earlier(patience)
        try:
            if limit.passed:
                raise TimeoutError
            secured.settimeout(limit.remaining)
            secured.do_handshake()
            return
        except OSError as error:
            if causes.is_time_out(error) and not deadline.passed and where is not None:
                if _speaks_plain_http(where, deadline.earlier(_SILENCE_SECONDS)):
                    raise causes.not_tls(peer) from error
                patience, where = deadline.remaining, None
                continue
            _forget_trust(error)
            raise causes.connecting_failed(error, ConnectingStep.TLS, peer, deadline) from error


def _speaks_plain_http(where: SocketAddress, deadline: Deadline) -> bool:
    """Whether the server at `where` answers plain HTTP: silent to a TLS hello, it may wait for the end of a head."""
    family, target = where
    beginning = b""
    with contextlib.suppress(OSError), forks.new_socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(max(deadline.remaining, 0.001))
        probe.connect(target)
        probe.settimeout(max(deadline.remaining, 0.001))
        probe.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
        while len(beginning) < 5 and not deadline.passed:
            probe.settimeout(max(deadline.remaining, 0.001))
            more = probe.recv(16)
            if not more:
                break
            beginning += more
    return beginning.startswith(b"HTTP/")


def _forget_trust(error: Any) -> None:
    """After a refused certificate, read the system's certificates anew: the right one may have been installed."""
    if getattr(error, "verify_code", 0):
        from shim.transport.trust import forget

        forget()
