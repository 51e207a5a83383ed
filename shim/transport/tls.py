"""TLS that a fork may interrupt: no operation of OpenSSL waits for the network, and each passes through the gate.

OpenSSL's locks cannot be made new in a child (shim/forks.py), and ssl waits for the network inside its operations. Here
the descriptor never blocks, the waiting is done outside, and time-outs mean the same as those of an ssl.SSLSocket. On
Windows, where nothing forks, the classes of ssl are used as they are. Used by `trust`, which makes the contexts.
"""

from __future__ import annotations

import errno
import select
import socket
import ssl
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

from shim import forks
from shim.transport import causes

_RECORD = 16 * 1024  # bytes: what is sent at once is one TLS record, so that it has gone as a whole or not at all

_Result = TypeVar("_Result")


if sys.platform == "win32":

    def new_context() -> ssl.SSLContext:
        """A context for a client that verifies certificate and host name, without any certificates."""
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

else:

    def new_context() -> ssl.SSLContext:
        """A context for a client that verifies certificate and host name, without any certificates."""
        with forks.gate:
            return _Context(ssl.PROTOCOL_TLS_CLIENT)

    class _Socket(ssl.SSLSocket):
        """An SSLSocket that does its own waiting. One thread at a time."""

        # ssl's own: the object of OpenSSL, gone after close() or shutdown(), which another thread may call meanwhile.
        _sslobj: Any
        suppress_ragged_eofs: bool
        _seconds: float | None = None

        def settimeout(self, value: float | None) -> None:
            self._seconds = value
            if super().gettimeout() != 0:
                super().settimeout(0)

        def gettimeout(self) -> float | None:
            return self._seconds

        def do_handshake(self, block: bool = False) -> None:
            self._until_done(self._end(), self._sslobj.do_handshake)

        def read(self, len: int = 1024, buffer: Any = None) -> Any:
            sslobj = self._sslobj
            if sslobj is None:
                raise ValueError("read on a closed socket")
            end = self._end()
            # An answer takes its time: waiting first is cheaper than looking for it in vain.
            if self._seconds != 0 and not sslobj.pending():
                self._wait(end, select.POLLIN)
            try:
                return self._until_done(end, sslobj.read, *((len,) if buffer is None else (len, buffer)))
            except ssl.SSLError as error:
                if error.args[0] == ssl.SSL_ERROR_EOF and self.suppress_ragged_eofs:
                    return b"" if buffer is None else 0
                raise

        def write(self, data: Any) -> int:
            sslobj = self._sslobj
            if sslobj is None:
                raise ValueError("write on a closed socket")
            sent: int = self._until_done(self._end(), sslobj.write, memoryview(data)[:_RECORD])
            return sent

        def send(self, data: Any, flags: int = 0) -> int:
            return self.write(data)

        def _end(self) -> float | None:
            """When the time-out of an operation that begins now is over, by time.monotonic()."""
            return None if self._seconds is None else time.monotonic() + self._seconds

        def _until_done(self, end: float | None, operation: Callable[..., _Result], *arguments: Any) -> _Result:
            """Carry out an operation of OpenSSL, waiting at most until `end` for what it needs."""
            while True:
                try:
                    with forks.gate:
                        return operation(*arguments)
                except ssl.SSLWantReadError:
                    event = select.POLLIN
                except ssl.SSLWantWriteError:
                    event = select.POLLOUT
                if self._seconds == 0:
                    raise BlockingIOError(errno.EAGAIN, "TLS would have to wait")
                self._wait(end, event)

        def _wait(self, end: float | None, event: int) -> None:
            poll = select.poll()
            poll.register(self, event)
            if not poll.poll(None if end is None else max(end - time.monotonic(), 0) * 1000):
                raise TimeoutError("TLS timed out")

    class _Context(ssl.SSLContext):
        sslsocket_class = _Socket

        def wrap_socket(
            self,
            sock: socket.socket,
            server_side: bool = False,
            do_handshake_on_connect: bool = True,
            suppress_ragged_eofs: bool = True,
            server_hostname: str | bytes | None = None,
            session: ssl.SSLSession | None = None,
        ) -> ssl.SSLSocket:
            if forks.is_time_zone_locked():
                raise causes.no_certificate_dates()
            with forks.gate:
                secured = super().wrap_socket(sock, server_side, False, suppress_ragged_eofs, server_hostname, session)
            forks.track(secured)
            if do_handshake_on_connect:
                try:
                    secured.do_handshake()
                except BaseException:
                    secured.close()
                    raise
            return secured
