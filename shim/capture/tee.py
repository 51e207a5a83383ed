"""One connection of the vendor's DLL to the recorder and one to the platform: bytes pass both ways and are noted.

Neither side can tell it from a direct connection but by the time: what comes is passed on as it comes, an end as an
end, a reset as a reset. The head of a request alone is held until it is whole, because the platform's name is put into
it (`rewriting`). One thread a connection: an object of OpenSSL must not be used by two. Used by recorder.
"""

from __future__ import annotations

import contextlib
import select
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from shim.capture.passage import Passage
from shim.capture.rewriting import Names, Piece, PrefixMissing, RequestStream, TlsBegun
from shim.capture.upstream import Unreachable, Upstream, close, is_blocked

_BLOCK = 64 * 1024
MOST_HELD = 256 * 1024  # bytes on their way in one direction; a side that is quicker waits
# How long the platform may be silent after the vendor's DLL has ended its side: it may have closed or wait still.
_LEFT_SECONDS, _ANSWERED_SECONDS = 600.0, 60.0


class Abandoned(Exception):
    """The call of a request is over and the vendor's DLL asks the platform directly: nothing more must be sent."""


class Attribution(Protocol):
    """What a tee asks of the lane that it belongs to."""

    def names(self) -> Names:
        """Whose name stands where in a head."""

    def reached(self) -> None:
        """Bytes have come from the vendor's DLL."""

    def connect(self) -> Upstream:
        """A connection to the platform. Raises Unreachable, which is noted."""

    def begin_request(self, passage: Passage | None) -> Passage | None:
        """Where to note a request that is about to be sent, over a connection whose last one was noted in `passage`.

        Raises:
            Abandoned: it must not be sent.
        """

    def caught_up(self) -> None:
        """What the vendor's DLL has sent was passed on."""

    def refused(self) -> None:
        """A request was refused because its path did not begin with the random prefix."""

    def refused_tls(self) -> None:
        """A connection was refused because it began with a TLS handshake."""


class Tee:
    """One connection. `run` is its thread.

    Args:
        client: the accepted socket.
        lane: see Attribution.

    Raises:
        OSError: the system does not let a step on `client` be tried without waiting.
    """

    def __init__(self, client: socket.socket, lane: Attribution) -> None:
        client.settimeout(0)  # NB: here, not in `run`: `is_behind` is asked before that thread has come so far
        self._client = client
        self._lane = lane
        self._stream = RequestStream(lane.names)
        self._upstream: Upstream | None = None
        self._passage: Passage | None = None
        self._to_client, self._to_upstream = _Queue(), _Queue()
        self._client_ended = self._upstream_ended = False
        self._said_end_to_client = self._said_end_to_upstream = False
        self._broken = False  # the platform's side ended by an error
        self._outstanding = False  # an answer is waited for
        self._busy = True  # with what the vendor's DLL has sent

    def run(self) -> None:
        """Pass bytes on until both sides are done. Never raises."""
        reset = True
        try:
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pass_on()
            reset = self._broken
        except PrefixMissing:
            reset = False
            self._lane.refused()
        except TlsBegun:
            reset = False
            self._lane.refused_tls()
        except (Unreachable, Abandoned, OSError):
            pass  # to both sides a dead connection
        finally:
            close(self._client, reset=reset)
            if self._upstream is not None:
                self._upstream.close(reset=reset)

    def hang_up(self) -> None:
        """Have `run` end soon. Any thread."""
        with contextlib.suppress(OSError):
            self._client.shutdown(socket.SHUT_RDWR)

    @property
    def is_behind(self) -> bool:
        """Whether the vendor's DLL has sent what was not passed on yet. Any thread."""
        try:
            waiting = bool(self._client.recv(1, socket.MSG_PEEK))
        except (OSError, ValueError):
            waiting = False
        return waiting or self._busy  # NB: in this order: whoever takes bytes is busy before

    # ---- the loop ----------------------------------------------------------------------------------------------------

    def _pass_on(self) -> None:
        while True:
            self._flush()
            if self._is_over():
                return
            client_ready, upstream_ready = self._wait()
            if upstream_ready:
                self._from_upstream()
            if client_ready:
                self._from_client()

    def _flush(self) -> None:
        """Send what can be sent without waiting, and say what ends there are to be said."""
        self._to_client.drain(self._send_to_client)
        upstream = self._upstream
        if upstream is None:
            return
        try:
            self._to_upstream.drain(upstream.send)
        except OSError:
            # NB: the platform may have answered before it closed: that answer is still to be read.
            self._broken = True
            self._to_upstream.clear()
        if self._client_ended and not self._to_upstream.size and not self._said_end_to_upstream:
            self._said_end_to_upstream = True
            upstream.end_sending()
        if self._upstream_ended and not self._to_client.size and not self._said_end_to_client and not self._broken:
            self._said_end_to_client = True
            with contextlib.suppress(OSError):
                self._client.shutdown(socket.SHUT_WR)

    def _is_over(self) -> bool:
        if self._upstream is None:
            return self._client_ended
        if self._to_client.size:
            return False
        if self._upstream_ended:
            return self._client_ended or self._broken
        # TLS cannot say that only one side has ended: the platform would not know that it is to end the other one.
        return self._client_ended and self._upstream.secure and self._is_answered()

    def _is_answered(self) -> bool:
        """Whether every request that was passed on has its whole answer, as far as that shows."""
        if self._outstanding or self._passage is None:
            return not self._outstanding
        from shim.capture.exchange import exchanges

        return all(each.answer_ends and each.answer_whole for each in exchanges(self._passage.traffic("")))

    def _wait(self) -> tuple[bool, bool]:
        """Wait until something can be done; whether the client and the upstream are to be read."""
        upstream = self._upstream
        read_client = not self._client_ended and self._to_upstream.size < MOST_HELD
        read_upstream = upstream is not None and not self._upstream_ended and self._to_client.size < MOST_HELD
        if upstream is not None and read_upstream and upstream.pending:
            return False, True
        wanted = [(self._client, read_client, bool(self._to_client.size))]
        if upstream is not None:
            wanted.append((upstream.sock, read_upstream, bool(self._to_upstream.size)))
        patience = (_LEFT_SECONDS if self._outstanding else _ANSWERED_SECONDS) if self._client_ended else None
        if self._busy and not self._to_upstream.size:
            self._busy = False
            self._lane.caught_up()
        ready = wait_readable(wanted, patience)
        if ready is None:
            raise TimeoutError
        return self._client in ready, upstream is not None and upstream.sock in ready

    # ---- from the vendor's DLL ---------------------------------------------------------------------------------------

    def _from_client(self) -> None:
        self._busy = True
        try:
            data = self._client.recv(_BLOCK)
        except OSError as error:
            if is_blocked(error):
                return
            raise
        if data:
            self._lane.reached()
            self._take(self._stream.feed(data))
        else:
            self._client_ended = True
            self._take(self._stream.finish())

    def _take(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if self._upstream is None:
                self._upstream = self._lane.connect()
            if piece.begins:
                self._passage = self._lane.begin_request(self._passage)
                self._outstanding = True
            if self._passage is not None:
                self._passage.note_sent(piece.record)
            self._to_upstream.append(piece.forward)

    def _send_to_client(self, data: memoryview) -> int:
        try:
            return self._client.send(data)
        except OSError as error:
            if is_blocked(error):
                return 0
            raise

    # ---- from the platform -------------------------------------------------------------------------------------------

    def _from_upstream(self) -> None:
        assert self._upstream is not None
        try:
            data = self._upstream.receive()
        except OSError:
            data, self._broken = b"", True
        if data is None:
            return
        if not data:
            self._upstream_ended = True
            return
        self._outstanding = False
        if self._passage is not None:
            self._passage.note_received(data)
        self._to_client.append(data)


class _Queue:
    """Bytes that wait to be sent, in the blocks in which they came."""

    def __init__(self) -> None:
        self._blocks: deque[memoryview] = deque()
        self.size = 0

    def append(self, data: bytes) -> None:
        if data:
            self._blocks.append(memoryview(data))
            self.size += len(data)

    def clear(self) -> None:
        self._blocks.clear()
        self.size = 0

    def drain(self, send: Callable[[memoryview], int]) -> None:
        """Hand the blocks to `send`, which says how many bytes it took, until it takes none."""
        while self._blocks:
            block = self._blocks[0]
            taken = send(block)
            if not taken:
                return
            self.size -= taken
            if taken == len(block):
                self._blocks.popleft()
            else:
                self._blocks[0] = block[taken:]


Wanted = list[tuple[socket.socket, bool, bool]]
"""Sockets, each with whether it is to be read and whether it is to be written to."""

if sys.platform == "win32":

    def wait_readable(wanted: Wanted, seconds: float | None) -> list[socket.socket] | None:
        """Wait until one can be read or written to; those that can be read, None if the time is over."""
        reading = [sock for sock, read, _ in wanted if read]
        writing = [sock for sock, _, write in wanted if write]
        readable, writable, _ = select.select(reading, writing, [], seconds)
        return readable if readable or writable else None

else:

    def wait_readable(wanted: Wanted, seconds: float | None) -> list[socket.socket] | None:
        """Wait until one can be read or written to; those that can be read, None if the time is over."""
        poll = select.poll()
        for sock, read, write in wanted:
            if read or write:
                poll.register(sock, select.POLLIN * read | select.POLLOUT * write)
        ready = dict(poll.poll(None if seconds is None else seconds * 1000))
        if not ready:
            return None
        return [sock for sock, read, _ in wanted if read and ready.get(sock.fileno(), 0) & ~select.POLLOUT]
