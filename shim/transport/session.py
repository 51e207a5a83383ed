"""requests as `http` needs it: sessions whose connections report what was sent, and its errors as ours.

The only module that knows requests and urllib3. It imports both at once, so that `http` imports it with the first
call: a host that loads the DLL and never calls does not wait for them.
"""

from __future__ import annotations

import time
from functools import partial
from http.client import HTTPException
from typing import Any

import requests
from requests import Session as Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from shim.errors import HostError, PlatformError, Reason, ShimError
from shim.transport.base import no_answer, not_connected
from shim.transport.exchange import Exchange, current

_POOL_SIZE = 16

# All that a request can raise; the exceptions of requests are OSErrors.
ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, HTTPError, HTTPException)


def new_session(proxy: str, ca_file: str, idle_seconds: float) -> Session:
    """A session that ignores the system's proxies and .netrc; arguments as those of `HttpTransport`."""
    session = Session()
    session.trust_env = False
    session.headers["User-Agent"] = "virtualcard-shim"
    session.headers["Accept-Encoding"] = "identity"
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    if ca_file:
        session.verify = ca_file
    adapter = _Adapter(idle_seconds)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def translate(error: Exception, exchange: Exchange) -> ShimError:
    """One of `ERRORS` as ours; how much was sent decides whether the outcome is known."""
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


class _Connection(HTTPConnection):
    """Tells the exchange of the calling thread which connection serves it and when bytes are sent."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        current.exchange.connection = self
        super().request(*args, **kwargs)
        current.exchange.sent = True

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        current.exchange.started = True
        super().send(data)


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    """Closes a connection that was idle for more than `idle_seconds` instead of using it again.

    NB: a platform closes idle connections when it likes. A request that meets the closing has been sent, and its
    outcome is unknown: a new connection costs a millisecond, an unknown outcome costs the clerk a phone call.
    """

    ConnectionCls = _Connection

    def __init__(self, *args: Any, idle_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle_seconds = idle_seconds

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)
        if time.monotonic() - getattr(connection, "idle_since", time.monotonic()) > self._idle_seconds:
            connection.close()
        return connection

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.idle_since = time.monotonic()
        exchange = getattr(current, "exchange", None)
        if exchange is not None:
            exchange.release()
        super()._put_conn(conn)


class _SecurePool(_Pool, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    """Makes pools of the two classes above, with or without a proxy."""

    def __init__(self, idle_seconds: float) -> None:
        self._pools: Any = {
            "http": partial(_Pool, idle_seconds=idle_seconds),
            "https": partial(_SecurePool, idle_seconds=idle_seconds),
        }
        super().__init__(pool_connections=4, pool_maxsize=_POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager
