"""The transport over HTTP and HTTPS by sockets of its own: every step known, one deadline, sent at most once.

What is sent is one head and one body; what is kept between calls is connections (`pool`), nothing else: no cookies, no
redirects, no credentials. ssl is imported with the first https call. `[transport] engine = socket`.
"""

from __future__ import annotations

import threading
import time

from shim.deadline import Deadline
from shim.errors import PlatformError, Reason
from shim.http_answer import HttpAnswer
from shim.settings.pairs import Pairs
from shim.spec import Effect
from shim.transport import causes
from shim.transport.address import Address, parse_proxy, parse_url
from shim.transport.base import MAX_ANSWER, at_most_twice
from shim.transport.causes import ConnectingStep
from shim.transport.connection import USER_AGENT, Connection, Connector, proxy_headers
from shim.transport.content_encoding import UnpackedTooLongError, unpacked
from shim.transport.http1 import (
    AnswerCutError,
    AnswerTooLongError,
    NotHttpError,
    Received,
    read_answer,
    request_head,
    with_headers,
)
from shim.transport.pool import Pool

# How a TLS server begins its answer to what is no TLS: an alert, or a handshake record.
_TLS_RECORDS = (b"\x15\x03", b"\x16\x03")


class SocketTransport:
    """Posts over HTTP and HTTPS; one instance serves all threads.

    Args:
        connect_seconds: the longest time for a connection: look-up, proxy and TLS included.
        proxy: as in [transport] proxy; empty connects directly.
        ca_file: as in [transport] ca_file; empty uses the certificates of the system.
        idle_seconds: a connection that was idle for longer is not used again.
    """

    def __init__(self, connect_seconds: float, proxy: str = "", ca_file: str = "", idle_seconds: float = 10) -> None:
        self._connect_seconds = connect_seconds
        self._proxy_setting = proxy
        self._ca_file = ca_file
        self._pool = Pool(idle_seconds)
        self._lock = threading.Lock()
        self._proxy: Address | None = None
        self._connector: Connector | None = None

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        effect: Effect,
        deadline: Deadline,
        headers: Pairs = (),
    ) -> HttpAnswer:
        address = parse_url(url)
        connector = self._open()
        request = self._head(address, content_type, len(body), headers) + body

        def once() -> HttpAnswer:
            return self._http_answer(address, self._exchange(connector, address, request, effect, deadline))

        return at_most_twice(once, effect, deadline)

    def close(self) -> None:
        """Close the connections that are kept. A host never does; it may be used again afterwards."""
        self._pool.close()

    def _open(self) -> Connector:
        """The connector, made with the first call. HostError SETTINGS if [transport] proxy is no proxy."""
        with self._lock:
            if self._connector is None:
                self._proxy = parse_proxy(self._proxy_setting)
                self._connector = Connector(self._proxy, self._ca_file)
            return self._connector

    def _head(self, address: Address, content_type: str, length: int, more: Pairs) -> bytes:
        forwarded = self._proxy if not address.secure else None  # https goes through a tunnel
        headers = [
            ("Host", address.host),
            ("User-Agent", USER_AGENT),
            ("Accept-Encoding", "identity"),
            ("Accept", "*/*"),
            ("Connection", "keep-alive"),
            ("Content-Type", " ".join(content_type.split())),
            ("Content-Length", str(length)),
        ]
        if more:
            headers = with_headers(headers, more)
        if address.authorization:
            headers.append(("Authorization", address.authorization))
        if forwarded is not None:
            headers += proxy_headers(forwarded)
        return request_head("POST", address.target if forwarded is None else address.absolute, headers)

    def _exchange(
        self, connector: Connector, address: Address, request: bytes, effect: Effect, deadline: Deadline
    ) -> Received:
        """Send the request once and read its answer.

        A change goes over a connection of its own: on a kept one it could cross the server's closing, and its outcome
        would be unknown through nothing but our thrift.
        """
        kept = None if effect is Effect.CHANGE else self._pool.take(address)
        if kept is not None:
            try:
                return self._ask(kept, address, request, deadline)
            except PlatformError as error:
                if error.reason is not Reason.SEND_FAILED or kept.sent or deadline.passed:
                    raise  # else the server has closed it, and not a byte has gone out
        connection = connector.connect(address, deadline.earlier(self._connect_seconds))
        return self._ask(connection, address, request, deadline)

    def _ask(self, connection: Connection, address: Address, request: bytes, deadline: Deadline) -> Received:
        try:
            received = ask_over(connection, address, request, deadline)
        except BaseException:
            connection.close()
            self._pool.discard(address)  # what befell this one may have befallen the others
            raise
        if received.reusable:
            self._pool.keep(address, connection, received.keep_seconds)
        else:
            connection.close()
        return received

    def _http_answer(self, address: Address, received: Received) -> HttpAnswer:
        if received.status == 407 and self._proxy is not None and not address.secure:
            raise causes.proxy_refused(407, self._proxy.peer)
        try:
            body, encoding = unpacked(received.body, received.words("content-encoding"), MAX_ANSWER)
        except UnpackedTooLongError as error:
            raise causes.too_long(address.peer) from error
        location = received.first("location") if 300 <= received.status < 400 else ""
        retry_after = received.first("retry-after")
        return HttpAnswer(body, received.status, received.charset, location, encoding, retry_after)


def ask_over(connection: Connection, address: Address, request: bytes, deadline: Deadline) -> Received:
    """Send a request once and read its answer. The connection stays open, whatever comes of it.

    Raises:
        PlatformError: with the cause.
    """
    began = time.monotonic()
    _send(connection, request, deadline, began)
    return _read(connection, address, deadline, began)


def _send(connection: Connection, request: bytes, deadline: Deadline, began: float) -> None:
    connection.sent = 0
    try:
        connection.send(request, deadline)
    except OSError as error:
        late, seconds = causes.is_time_out(error), time.monotonic() - began
        if connection.sent == len(request):
            raise causes.no_answer(connection.peer, late, seconds) from error
        if late and connection.sent == 0:
            raise causes.timed_out(ConnectingStep.START, connection.peer, deadline) from error
        raise causes.cut_off(connection.peer, late, seconds) from error


def _read(connection: Connection, address: Address, deadline: Deadline, began: float) -> Received:
    peer = connection.peer
    try:
        return read_answer(lambda: connection.receive(deadline), MAX_ANSWER)
    except EOFError as error:
        raise causes.no_answer(peer, late=False, seconds=0) from error
    except OSError as error:
        raise causes.no_answer(peer, causes.is_time_out(error), time.monotonic() - began) from error
    except AnswerCutError as error:
        raise causes.answer_cut(error.count, peer) from error
    except AnswerTooLongError as error:
        raise causes.too_long(peer) from error
    except NotHttpError as error:
        if error.beginning.startswith(_TLS_RECORDS) and not address.secure:
            raise causes.needs_tls(peer) from error
        raise causes.not_http(peer) from error
