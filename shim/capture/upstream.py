"""The connection from the recorder to a platform: made like one of ours, then a stream that never blocks.

Nothing is sent twice here: a connection is made, used for one connection of the vendor's DLL, and closed. Used by tee.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
from typing import TYPE_CHECKING

from shim import forks
from shim.deadline import Deadline
from shim.errors import HostError, ShimError
from shim.transport import causes
from shim.transport.address import Address, parse_proxy
from shim.transport.causes import ConnectingStep
from shim.transport.connection import USER_AGENT, open_socket, proxy_headers
from shim.transport.http1 import AnswerCutError, NotHttpError, read_tunnel, request_head
from shim.transport.resolver import Resolver

if TYPE_CHECKING:
    import ssl

_BLOCK = 64 * 1024
_WANTS = ("SSLWantReadError", "SSLWantWriteError")
_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Unreachable(Exception):
    """No connection was made, so nothing was sent. Its text says why, in Chinese, for the log."""


class Upstream:
    """A connection that is open, as a stream that does not block. One thread.

    Args:
        sock: blocks still.
        secure: whether it is an ssl.SSLSocket.
    """

    def __init__(self, sock: socket.socket, secure: bool) -> None:
        self.sock = sock
        self.secure = secure
        sock.settimeout(0)

    @property
    def pending(self) -> bool:
        """Whether there are bytes that the socket does not show."""
        return bool(self.secure and getattr(self.sock, "pending", int)())

    def receive(self) -> bytes | None:
        """What has come; b"" at the end, None for nothing yet. OSError once the connection is broken."""
        try:
            return self.sock.recv(_BLOCK)
        except OSError as error:
            if is_blocked(error):
                return None
            raise

    def send(self, data: memoryview) -> int:
        """How many of the bytes were taken, 0 for none yet: OpenSSL must be given the same ones again. OSError once the
        connection is broken.
        """
        try:
            return self.sock.send(data)
        except OSError as error:
            if is_blocked(error):
                return 0
            raise

    def end_sending(self) -> None:
        """Say that nothing more will come; TLS has no way to say so and still listen."""
        if not self.secure:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_WR)

    def close(self, *, reset: bool = False) -> None:
        """Close it, by a RST if `reset`. Never raises."""
        close(self.sock, reset=reset)


def close(sock: socket.socket, *, reset: bool = False) -> None:
    """Close a socket, by a RST if `reset`. Never raises."""
    if reset:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    else:
        forks.hang_up(sock)
    with contextlib.suppress(OSError):
        sock.close()


def is_blocked(error: OSError) -> bool:
    """Whether an operation has only to be tried again later. NB: ssl is not imported for plain http."""
    return isinstance(error, (BlockingIOError, InterruptedError)) or type(error).__name__ in _WANTS


class UpstreamConnector:
    """Makes connections to platforms. Any thread.

    Args:
        connect_seconds: the longest time for one: look-up, proxy and TLS included.
        proxy, ca_file: as in [transport].
    """

    def __init__(self, connect_seconds: float, proxy: str, ca_file: str) -> None:
        self._seconds = connect_seconds
        self._proxy_setting = proxy
        self._ca_file = ca_file
        self._resolver = Resolver()

    def forwarded(self, address: Address) -> tuple[bytes, bytes]:
        """What an HTTP proxy wants in a head for `address`: the beginning of the target, and lines of its own."""
        try:
            proxy = self._proxy()
        except HostError:  # no connection is made either
            proxy = None
        if proxy is None or address.secure:
            return b"", b""
        lines = "".join(f"{name}: {value}\r\n" for name, value in proxy_headers(proxy))
        return f"http://{address.host}".encode("latin-1"), lines.encode("latin-1")

    def connect(self, address: Address) -> Upstream:
        """A connection to `address`, by way of [transport] proxy if there is one.

        Raises:
            Unreachable: see there.
        """
        deadline = Deadline(self._seconds)
        sock: socket.socket | None = None
        try:
            context = self._context() if address.secure else None
            proxy = self._proxy()
            sock, _ = open_socket(self._resolver, address.peer if proxy is None else proxy.peer, deadline)
            if proxy is not None and context is not None:
                _tunnel(sock, address, proxy, deadline)
            if context is not None:
                sock = _secured(sock, context, address, deadline)
            return Upstream(sock, address.secure)
        except ShimError as error:
            _close(sock)
            raise Unreachable(error.message) from error
        except (OSError, ValueError, MemoryError) as error:
            _close(sock)
            raise Unreachable(f"连接 {address.peer.authority} 失败（{type(error).__name__}）") from error

    def _proxy(self) -> Address | None:
        """HostError if [transport] proxy is no proxy."""
        return parse_proxy(self._proxy_setting)

    def _context(self) -> ssl.SSLContext:
        from shim.transport.trust import client_context

        return client_context(self._ca_file)


def _close(sock: socket.socket | None) -> None:
    if sock is not None:
        close(sock)


def _secured(sock: socket.socket, context: ssl.SSLContext, address: Address, deadline: Deadline) -> socket.socket:
    """TLS with the platform over `sock`, its certificate and name verified. PlatformError with the cause."""
    secured: socket.socket = sock
    try:
        sock.settimeout(max(deadline.remaining, 0.001))
        secured = context.wrap_socket(sock, server_hostname=address.peer.host, do_handshake_on_connect=False)
        secured.settimeout(max(deadline.remaining, 0.001))
        secured.do_handshake()
    except OSError as error:
        _close(secured)
        if getattr(error, "verify_code", 0):
            from shim.transport.trust import forget

            forget()  # the right certificate may have been installed meanwhile
        raise causes.connecting_failed(error, ConnectingStep.TLS, address.peer, deadline) from error
    return secured


def _tunnel(sock: socket.socket, address: Address, proxy: Address, deadline: Deadline) -> None:
    """Ask the proxy for a tunnel to the platform. PlatformError with the cause."""
    target = address.peer.authority
    headers = [("Host", target), ("User-Agent", USER_AGENT), *proxy_headers(proxy)]

    def receive() -> bytes:
        sock.settimeout(max(deadline.remaining, 0.001))
        return sock.recv(1)  # nothing behind the head must be taken

    try:
        sock.settimeout(max(deadline.remaining, 0.001))
        sock.sendall(request_head("CONNECT", target, headers))
        status, _ = read_tunnel(receive)
    except OSError as error:
        raise causes.connecting_failed(error, ConnectingStep.PROXY, proxy.peer, deadline) from error
    except (NotHttpError, AnswerCutError, EOFError) as error:
        raise causes.proxy_not_understood(proxy.peer) from error
    if not 200 <= status < 300:
        raise causes.proxy_refused(status, proxy.peer)
