"""requests as `transport` needs it: sessions whose connections report what was sent, and its errors as ours.

The only module that knows requests and urllib3. It imports both at once, so that `transport` imports it with the first
call: a host that loads the DLL and never calls does not wait for them.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterator
from functools import partial
from http.client import BadStatusLine, HTTPException, LineTooLong
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests import Session as Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from shim import submission
from shim.errors import HostError, ShimError
from shim.messages import network
from shim.transport import causes
from shim.transport.causes import ConnectingStep, Peer
from shim.transport.connection import USER_AGENT, open_socket
from shim.transport.portable.exchange import TimedExchange, current
from shim.transport.resolver import Resolver
from shim.transport.trust import client_context

_POOL_SIZE = 16
_RESOLVER = Resolver()

# All that a request can raise; the exceptions of requests are OSErrors.
ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, HTTPError, HTTPException)


def new_session(proxy: str, ca_file: str, idle_seconds: float) -> Session:
    """A session without memory: no system proxies, no .netrc, no cookies. Arguments as those of the transport."""
    session = _Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = USER_AGENT
    session.headers["Accept-Encoding"] = "identity"
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    adapter = _Adapter(idle_seconds, ca_file)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def translate(error: Exception, exchange: TimedExchange, peer: Peer) -> ShimError:
    """One of `ERRORS` as ours; how much was sent decides whether the outcome is known."""
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError)):
        return HostError(network.URL_FORM)
    late = exchange.expired or isinstance(error, requests.exceptions.Timeout)
    if exchange.sent:
        return _unknown(error, late, exchange, peer)
    if exchange.started:
        # NB: a socket whose own time ran out in sending is a broken connection to requests.
        return causes.cut_off(peer, late or any(map(causes.is_time_out, _chain(error))), exchange.age)
    refused = re.search(r"Tunnel connection failed: (\d{3})", str(error))
    if refused:
        return causes.proxy_refused(int(refused[1]), peer)
    root, deadline = _root(error), exchange.connecting
    if root is None:
        return causes.timed_out(ConnectingStep.CONNECT, peer, deadline) if late else causes.not_connected(peer)
    step = ConnectingStep.TLS if isinstance(root, ssl.SSLError) else ConnectingStep.CONNECT
    return causes.connecting_failed(root, step, peer, deadline)


def _unknown(error: Exception, late: bool, exchange: TimedExchange, peer: Peer) -> ShimError:
    if late:
        return causes.no_answer(peer, late=True, seconds=exchange.age)
    if exchange.received is not None:
        return causes.answer_cut(exchange.received, peer)
    for each in _chain(error):
        if isinstance(each, (BadStatusLine, LineTooLong)) and not isinstance(each, ConnectionError):
            return causes.not_http(peer)
    return causes.no_answer(peer, late=False, seconds=exchange.age)


def _root(error: Exception) -> OSError | None:
    """What the system, the resolver or OpenSSL said, below what requests and urllib3 made of it."""
    for each in _chain(error):
        if isinstance(each, OSError) and not isinstance(each, requests.exceptions.RequestException):
            return each
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was made of, outermost first."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [getattr(each, "reason", None), each.__cause__, each.__context__, *each.args]


class _Session(Session):
    """A session that leaves redirects, and the bodies that come with them, alone."""

    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Any:
        return iter(())


class _Connection(HTTPConnection):
    """Tells the exchange of the calling thread which connection serves it and when bytes are sent."""

    def _new_conn(self) -> socket.socket:
        """A socket within the time for connecting: urllib3 has no limit for looking a name up."""
        peer = Peer(self._dns_host, self.port or self.default_port, is_proxy=self.proxy is not None)
        return open_socket(_RESOLVER, peer, current.exchange.connecting)[0]

    def connect(self) -> None:
        exchange = current.exchange
        exchange.connected = False
        super().connect()
        exchange.connected = True

    def request(self, *args: Any, **kwargs: Any) -> None:
        current.exchange.connection = self
        super().request(*args, **kwargs)
        current.exchange.broken = False  # the platform broke it off; its answer may be there

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not current.exchange.started:
            current.exchange.begin()
        if current.exchange.connected:  # what goes to a proxy before is no part of the request
            submission.begin()
            current.exchange.started = True
        try:
            super().send(data)
        except OSError:
            current.exchange.broken = True
            raise


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

    def __init__(self, idle_seconds: float, ca_file: str) -> None:
        self._ca_file = ca_file
        self._pools: Any = {
            "http": partial(_Pool, idle_seconds=idle_seconds),
            "https": partial(_SecurePool, idle_seconds=idle_seconds),
        }
        super().__init__(pool_connections=4, pool_maxsize=_POOL_SIZE, max_retries=0)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The certificates are those of `trust`, and no others: requests would add its own."""
        if url.lower().startswith("https:"):
            conn.cert_reqs = "CERT_REQUIRED"
            conn.conn_kw["ssl_context"] = client_context(self._ca_file)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager
