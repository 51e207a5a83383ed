"""One POST to a platform: kept-alive, bounded in time and size, and honest about whether the request went out.

`HttpTransport` is the real one; `ByScheme` lets another kind of URL have a transport of its own.

requests does the HTTP; what is ours is the deadline for a whole exchange (a server that drips one byte a second must
not hang a hospital program), the note whether a byte was sent (so that nothing that changes something is ever sent
twice), and the table that turns foreign exceptions into ours. System proxies, .netrc and redirects are not followed.

L2: knows no JSON and no method. One instance serves all threads.
"""

from __future__ import annotations

import heapq
import itertools
import socket
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from shim.errors import HostError, PlatformError, Reason, ShimError

if TYPE_CHECKING:
    import requests

MAX_ANSWER = 8 * 1024 * 1024
_POOL = 16


class Transport(Protocol):
    """What the service needs: the answer's body, or one of our errors."""

    def post(self, url: str, body: bytes, content_type: str, *, repeatable: bool) -> bytes:
        """POST `body`; `repeatable`, for pure queries, allows one more try where no answer came."""


class ByScheme:
    """Whatever the URL's scheme has a transport for, made when first needed; every other URL goes to `usual`."""

    def __init__(self, usual: Transport, makers: Mapping[str, Callable[[], Transport]]) -> None:
        self._usual = usual
        self._makers = makers
        self._made: dict[str, Transport] = {}
        self._lock = threading.Lock()

    def post(self, url: str, body: bytes, content_type: str, *, repeatable: bool) -> bytes:
        return self._of(url).post(url, body, content_type, repeatable=repeatable)

    def _of(self, url: str) -> Transport:
        scheme = url.partition(":")[0].strip().lower()
        if scheme not in self._makers:
            return self._usual
        with self._lock:
            if scheme not in self._made:
                self._made[scheme] = self._makers[scheme]()
            return self._made[scheme]


# ---- what every transport says ---------------------------------------------------------------------------------------


def at_most_twice(once: Callable[[], bytes], repeatable: bool) -> bytes:
    """What `once` gives; for a pure query, one more try where no answer came."""
    try:
        return once()
    except PlatformError as error:
        if not repeatable or error.reason is not Reason.UNKNOWN_OUTCOME:
            raise
    try:
        return once()
    except PlatformError as error:
        if error.reason is not Reason.UNKNOWN_OUTCOME:
            raise
        raise PlatformError(Reason.READ_FAILED, "两次等待平台应答都失败；这是查询，可以重做") from error


def accepted(status: int, answer: bytes) -> bytes:
    """The body of an answer with that HTTP status. PlatformError UNREADABLE_ANSWER where it is none, or too long."""
    if len(answer) > MAX_ANSWER:
        limit = f"{MAX_ANSWER // 1024 // 1024} MB"
        raise PlatformError(Reason.UNREADABLE_ANSWER, f"平台应答超过 {limit}，请核对请求地址")
    if status != 200:
        raise PlatformError(
            Reason.UNREADABLE_ANSWER,
            f"平台返回 HTTP 状态 {status}（应为 200），请核对请求地址，并确认交易状态",
        )
    return answer


def no_answer(late: bool) -> PlatformError:
    """All of the request went out, and no answer came: in time, or at all."""
    what = "等待平台应答超时" if late else "与平台的连接在等待应答时中断"
    return PlatformError(Reason.UNKNOWN_OUTCOME, f"{what}，请求已发出，结果未知：请先确认交易状态，再决定是否重做")


def not_connected() -> PlatformError:
    """Nothing went out."""
    return PlatformError(Reason.CONNECT_FAILED, "无法连接平台，请求未发出，可以重做；请检查网络与请求地址")


# ---- HTTP ------------------------------------------------------------------------------------------------------------


class HttpTransport:
    """Over HTTP and HTTPS. Times in seconds; `proxy` and `ca_file` empty for none and the bundled certificates."""

    def __init__(
        self,
        connect_seconds: float,
        total_seconds: float,
        proxy: str = "",
        ca_file: str = "",
        idle_seconds: float = 10,
    ) -> None:
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds
        self._proxy = proxy
        self._ca_file = ca_file
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._session: requests.Session | None = None
        self._watch = _Watch()

    def post(self, url: str, body: bytes, content_type: str, *, repeatable: bool) -> bytes:
        _check_url(url)
        session = self._open()
        return at_most_twice(lambda: self._post_once(session, url, body, content_type), repeatable)

    def _post_once(self, session: requests.Session, url: str, body: bytes, content_type: str) -> bytes:
        deadline = time.monotonic() + self._total_seconds
        with self._watch.over(deadline) as exchange:
            try:
                response = session.post(
                    url,
                    data=body,
                    headers={"Content-Type": content_type},
                    timeout=(self._connect_seconds, self._total_seconds),
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    answer = response.raw.read(MAX_ANSWER + 1, decode_content=True)
            except _foreign_errors() as error:
                raise _ours(error, exchange) from error
            if exchange.expired:  # http.client takes the end of the stream for the end of the head
                raise _ours(TimeoutError("deadline"), exchange)
        return accepted(response.status_code, bytes(answer))

    def _open(self) -> requests.Session:
        with self._lock:
            if self._session is None:
                self._session = _new_session(self._proxy, self._ca_file, self._idle_seconds)
            return self._session


class _Exchange:
    """One request on its way: its connection, whether a byte of it and all of it went out, whether its time ran out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.connection: Any = None
        self.started = False
        self.sent = False
        self.expired = False

    def expire(self) -> None:
        """Wake the thread that waits on the socket; it sees the end of the stream."""
        with self._lock:
            self.expired = True
            sock = getattr(self.connection, "sock", None)
            if sock is not None:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # closed already: the waiting thread is awake

    def let_go(self) -> None:
        """The connection goes back to the pool: from here on it may be another exchange's, and is not ours to end."""
        with self._lock:
            self.connection = None


_current = threading.local()


class _Watch:
    """One thread that ends exchanges whose deadline has come; it sleeps while there are none to watch."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._heap: list[tuple[float, int, _Exchange]] = []
        self._ids = itertools.count()
        self._running = False

    def over(self, deadline: float) -> _Watched:
        """A context that lasts as long as the exchange of the calling thread."""
        return _Watched(self, deadline)

    def add(self, deadline: float, exchange: _Exchange) -> tuple[float, int, _Exchange]:
        entry = (deadline, next(self._ids), exchange)
        with self._wake:
            heapq.heappush(self._heap, entry)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="vcshim-deadlines", daemon=True).start()
            elif self._heap[0] is entry:
                self._wake.notify()
        return entry

    def remove(self, entry: tuple[float, int, _Exchange]) -> None:
        with self._wake:
            if entry in self._heap:
                self._heap.remove(entry)
                heapq.heapify(self._heap)

    def _run(self) -> None:
        while True:
            with self._wake:
                now = time.monotonic()
                due = []
                while self._heap and self._heap[0][0] <= now:
                    due.append(heapq.heappop(self._heap)[2])
                if not due:
                    self._wake.wait(self._heap[0][0] - now if self._heap else None)
            for exchange in due:
                exchange.expire()


class _Watched:
    def __init__(self, watch: _Watch, deadline: float) -> None:
        self._watch = watch
        self._deadline = deadline

    def __enter__(self) -> _Exchange:
        exchange = _Exchange()
        _current.exchange = exchange
        self._entry = self._watch.add(self._deadline, exchange)
        return exchange

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        _current.exchange = None
        self._watch.remove(self._entry)


def _new_session(proxy: str, ca_file: str, idle_seconds: float) -> requests.Session:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    def noting(base: Any) -> Any:
        class Noting(base):  # type: ignore[misc]
            """Tells the exchange of the calling thread which connection serves it and when bytes go out."""

            def request(self, *args: Any, **kwargs: Any) -> None:
                _current.exchange.connection = self
                super().request(*args, **kwargs)
                _current.exchange.sent = True

            def send(self, data: Any) -> None:
                if self.sock is None:
                    self.connect()
                _current.exchange.started = True
                super().send(data)

        return Noting

    def resting(base: Any, connection: Any) -> Any:
        class Resting(base):  # type: ignore[misc]
            """Gives no connection a second use that has rested for long.

            NB: a platform closes idle connections when it likes. A request that meets the closing has gone out, and
            its outcome is unknown: a new connection costs a millisecond, that costs the clerk a phone call.
            """

            ConnectionCls = noting(connection)

            def _get_conn(self, timeout: float | None = None) -> Any:
                found = super()._get_conn(timeout)
                if time.monotonic() - getattr(found, "rested_since", time.monotonic()) > idle_seconds:
                    found.close()
                return found

            def _put_conn(self, used: Any) -> None:
                if used is not None:
                    used.rested_since = time.monotonic()
                exchange = getattr(_current, "exchange", None)
                if exchange is not None:
                    exchange.let_go()
                super()._put_conn(used)

        return Resting

    pools = {
        "http": resting(HTTPConnectionPool, HTTPConnection),
        "https": resting(HTTPSConnectionPool, HTTPSConnection),
    }

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
            manager = super().proxy_manager_for(proxy, **kwargs)
            manager.pool_classes_by_scheme = pools
            return manager

    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = "virtualcard-shim"
    session.headers["Accept-Encoding"] = "identity"
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    if ca_file:
        session.verify = ca_file
    adapter = Adapter(pool_connections=4, pool_maxsize=_POOL, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _check_url(url: str) -> None:
    if not url.strip():
        raise HostError(Reason.NO_URL, "请求地址 strUrl 为空（VC 3.2、EC B.1.3）")
    if not url.lower().startswith(("http://", "https://")):
        raise HostError(Reason.UNSUPPORTED_URL, "请求地址 strUrl 应以 http:// 或 https:// 开头，请核对")


def _foreign_errors() -> tuple[type[Exception], ...]:
    """Everything that the libraries below raise for a request; requests' own errors are OSErrors."""
    from http.client import HTTPException

    from urllib3.exceptions import HTTPError

    return (OSError, ValueError, HTTPError, HTTPException)


def _ours(error: Exception, exchange: _Exchange) -> ShimError:
    """The one table from foreign exceptions to ours; what was sent decides whether the outcome is known."""
    import requests

    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError)):
        return HostError(Reason.UNSUPPORTED_URL, "请求地址 strUrl 不合法，请核对")
    if exchange.sent:
        return no_answer(late=exchange.expired or isinstance(error, requests.exceptions.ReadTimeout))
    if exchange.started:
        return PlatformError(Reason.SEND_FAILED, "发送请求时与平台的连接中断，平台未收到完整请求，可以重做；请检查网络")
    if isinstance(error, requests.exceptions.SSLError):
        return PlatformError(Reason.CONNECT_FAILED, "与平台的安全连接失败（证书不受信任），请检查 [transport] ca_file")
    if isinstance(error, requests.exceptions.ProxyError):
        return PlatformError(Reason.CONNECT_FAILED, "连接代理失败，请检查 [transport] proxy")
    if isinstance(error, requests.exceptions.ConnectTimeout) or exchange.expired:
        return PlatformError(Reason.CONNECT_FAILED, "连接平台超时，请求未发出，可以重做；请检查网络与请求地址")
    return not_connected()
