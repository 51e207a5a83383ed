"""The transport over HTTP and HTTPS: kept-alive connections, limited in time and size.

requests does the HTTP (`session`). Added here are the deadline of a whole exchange (`exchange`), the record of whether
a byte was sent (so that nothing that changes something is sent twice) and the size limit. Redirects are not followed.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from shim.deadline import Deadline
from shim.errors import HostError, Reason
from shim.http_answer import HttpAnswer
from shim.spec import Effect
from shim.transport.base import MAX_ANSWER, at_most_twice, too_long
from shim.transport.exchange import Deadlines

if TYPE_CHECKING:
    from shim.transport.session import Session


class HttpTransport:
    """Posts over HTTP and HTTPS; one instance serves all threads.

    Args:
        connect_seconds: the longest wait for a connection.
        proxy: the URL of an HTTP proxy; empty connects directly.
        ca_file: a PEM file of root certificates; empty uses those of the certifi package.
        idle_seconds: a connection that was idle for longer is replaced.
    """

    def __init__(
        self,
        connect_seconds: float,
        proxy: str = "",
        ca_file: str = "",
        idle_seconds: float = 10,
    ) -> None:
        self._connect_seconds = connect_seconds
        self._proxy = proxy
        self._ca_file = ca_file
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._deadlines = Deadlines()

    def post(self, url: str, body: bytes, content_type: str, effect: Effect, deadline: Deadline) -> HttpAnswer:
        _check_url(url)
        session = self._open()
        return at_most_twice(lambda: self._post_once(session, url, body, content_type, deadline), effect, deadline)

    def _post_once(self, session: Session, url: str, body: bytes, content_type: str, deadline: Deadline) -> HttpAnswer:
        from shim.transport.session import ERRORS, translate

        with self._deadlines.exchange(time.monotonic() + deadline.remaining) as exchange:
            try:
                response = session.post(
                    url,
                    data=body,
                    headers={"Content-Type": content_type},
                    timeout=(self._connect_seconds, max(deadline.remaining, 0.001)),
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    answer = response.raw.read(MAX_ANSWER + 1, decode_content=True)
            except ERRORS as error:
                raise translate(error, exchange) from error
            if exchange.expired:  # http.client takes the end of the stream for the end of the head
                raise translate(TimeoutError("deadline"), exchange)
        if len(answer) > MAX_ANSWER:
            raise too_long()
        return HttpAnswer(bytes(answer), response.status_code, location=response.headers.get("Location", ""))

    def _open(self) -> Session:
        from shim.transport.session import new_session

        with self._lock:
            if self._session is None:
                self._session = new_session(self._proxy, self._ca_file, self._idle_seconds)
            return self._session


def _check_url(url: str) -> None:
    if not url.strip():
        raise HostError(Reason.NO_URL, "请求地址 strUrl 为空（VC 3.2、EC B.1.3）")
    if not url.lower().startswith(("http://", "https://")):
        raise HostError(Reason.UNSUPPORTED_URL, "请求地址 strUrl 应以 http:// 或 https:// 开头，请核对")
