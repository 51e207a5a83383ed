"""Posts over HTTP and HTTPS by requests: kept-alive connections, limited in time and size.

requests does the HTTP (`session`). Added here are the deadline of a whole exchange (`exchange`), the record of whether
a byte was sent (so that nothing that changes something is sent twice) and the size limit. Redirects are not followed.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from shim.deadline import Deadline
from shim.http_answer import HttpAnswer
from shim.settings.pairs import Pairs
from shim.spec import Effect
from shim.transport import causes
from shim.transport.address import Address, parse_proxy, parse_url
from shim.transport.base import MAX_ANSWER, at_most_twice
from shim.transport.causes import Peer
from shim.transport.content_encoding import UnpackedTooLongError, unpacked
from shim.transport.http1 import declared_charset, with_headers
from shim.transport.portable.exchange import Deadlines, TimedExchange

if TYPE_CHECKING:
    from shim.transport.portable.session import Session


class RequestsTransport:
    """Posts over HTTP and HTTPS; one instance serves all threads. Arguments as those of `SocketTransport`."""

    def __init__(self, connect_seconds: float, proxy: str = "", ca_file: str = "", idle_seconds: float = 10) -> None:
        self._connect_seconds = connect_seconds
        self._proxy_setting = proxy
        self._ca_file = ca_file
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._proxy: Address | None = None
        self._session: Session | None = None
        self._deadlines = Deadlines()

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
        kept = self._open()

        def once() -> HttpAnswer:
            if effect is not Effect.CHANGE:
                return self._post_once(kept, address, body, content_type, deadline, headers)
            with self._new_session() as fresh:
                return self._post_once(fresh, address, body, content_type, deadline, headers)

        return at_most_twice(once, effect, deadline)

    def close(self) -> None:
        """Close the connections that are kept. A host never does; it may be used again afterwards."""
        with self._lock:
            if self._session is not None:
                self._session.close()

    def _post_once(
        self,
        session: Session,
        address: Address,
        body: bytes,
        content_type: str,
        deadline: Deadline,
        headers: Pairs,
    ) -> HttpAnswer:
        from shim.transport.portable.session import ERRORS, translate

        peer = address.peer if self._proxy is None else self._proxy.peer
        if deadline.passed:
            raise causes.timed_out(causes.ConnectingStep.START, peer, deadline)
        with self._deadlines.exchange(time.monotonic() + deadline.remaining, peer) as exchange:
            exchange.connecting = deadline.earlier(self._connect_seconds)
            try:
                response = session.post(
                    address.url,
                    data=body,
                    headers=dict(with_headers([("Content-Type", " ".join(content_type.split()))], headers)),
                    timeout=(max(exchange.connecting.remaining, 0.001), max(deadline.remaining, 0.001)),
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    answer = _read(response.raw, exchange)
            except ERRORS as error:
                raise translate(error, exchange, peer) from error
            if exchange.expired:  # http.client takes the end of the stream for the end of the head
                raise translate(TimeoutError("deadline"), exchange, peer)
        return self._http_answer(address, response.status_code, dict(response.headers), answer, peer)

    def _http_answer(
        self, address: Address, status: int, headers: dict[str, str], answer: bytes, peer: Peer
    ) -> HttpAnswer:
        if len(answer) > MAX_ANSWER:
            raise causes.too_long(peer)
        if status == 407 and self._proxy is not None and not address.secure:
            raise causes.proxy_refused(407, peer)
        named = {name.lower(): value for name, value in headers.items()}
        labels = [word.strip().lower() for word in named.get("content-encoding", "").split(",") if word.strip()]
        try:
            body, encoding = unpacked(answer, labels, MAX_ANSWER)
        except UnpackedTooLongError as error:
            raise causes.too_long(peer) from error
        location = named.get("location", "") if 300 <= status < 400 else ""
        charset, retry_after = declared_charset(named.get("content-type", "")), named.get("retry-after", "")
        return HttpAnswer(body, status, charset, location, encoding, retry_after)

    def _open(self) -> Session:
        with self._lock:
            if self._session is None:
                self._proxy = parse_proxy(self._proxy_setting)
                self._session = self._new_session()
            return self._session

    def _new_session(self) -> Session:
        from shim.transport.portable.session import new_session

        proxy = "" if self._proxy is None else self._proxy.url
        return new_session(proxy, self._ca_file, self._idle_seconds)


def _read(raw: Any, exchange: TimedExchange) -> bytes:
    """The body to its end, or a little more than the limit. NB: urllib3 reports a cut one with the read after it."""
    answer = bytearray()
    exchange.received = 0
    while len(answer) <= MAX_ANSWER and (more := raw.read(64 * 1024, decode_content=False)):
        answer += more
        exchange.received = len(answer)
    return bytes(answer)
