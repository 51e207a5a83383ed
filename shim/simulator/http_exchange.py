"""Requests to the platforms over HTTP, and the directives that concern the connection: delays, resets, half an answer.

These requests are handled directly above Tornado's HTTP layer: their speed is measured, and the connection must be
breakable at any point. All other requests go to an ordinary Tornado application. What http_guard refuses reaches
neither. Everything here runs on the simulator's event loop. Used by server.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Coroutine
from typing import Any

from tornado.http1connection import HTTP1Connection
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import IOStream, StreamClosedError
from tornado.web import Application

from shim.simulator.connection_limits import ConnectionLimits, WatchedConnection
from shim.simulator.directives import Directives
from shim.simulator.http_guard import HttpGuard, RefusedRequest
from shim.simulator.platforms import ERROR_PAGE, PATHS, SimulatedPlatforms

# SO_LINGER on with zero seconds: closing sends a reset.
_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 421: "Misdirected Request"}
_PLAIN_TEXT = "text/plain; charset=utf-8"


class ServerControl(ABC):
    """What a request may do to the server around it. Called on the event loop only."""

    @abstractmethod
    def start_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` until it ends or the server is closed."""

    @abstractmethod
    def go_down(self, seconds: float) -> None:
        """Close all connections, and refuse new ones for `seconds`."""


class RequestRouter(HTTPServerConnectionDelegate):
    """Sends a POST to a path of the platforms to them, and everything else that is not refused to `application`."""

    def __init__(
        self,
        platforms: SimulatedPlatforms,
        control: ServerControl,
        application: Application,
        guard: HttpGuard,
        limits: ConnectionLimits,
    ) -> None:
        self.platforms = platforms
        self.control = control
        self.application = application
        self.guard = guard
        self._limits = limits

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        assert isinstance(request_conn, HTTP1Connection)
        return _RoutedRequest(self, server_conn, request_conn, self._limits.await_request(request_conn.stream))


class _RoutedRequest(HTTPMessageDelegate):
    """One request: its head decides who gets it. Tornado's own router would cost time at every request."""

    def __init__(
        self,
        router: RequestRouter,
        server_connection: object,
        connection: HTTP1Connection,
        watched: WatchedConnection,
    ) -> None:
        self._router = router
        self._server_connection = server_connection
        self._connection = connection
        self._watched = watched

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        assert isinstance(start_line, RequestStartLine)
        self._watched.await_client()
        self._target = self._chosen(start_line, headers)
        return self._target.headers_received(start_line, headers)

    def _chosen(self, start_line: RequestStartLine, headers: HTTPHeaders) -> HTTPMessageDelegate:
        router = self._router
        refused = router.guard.refusal(start_line.method, start_line.path, headers)
        if refused is not None:
            return _RefusedExchange(self._connection, refused)
        path, _, query = start_line.path.partition("?")
        if start_line.method == "POST" and path in PATHS:
            return _Exchange(router.platforms, router.control, self._connection, self._watched, path, query)
        return router.application.start_request(self._server_connection, self._connection)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._target.data_received(chunk)

    def finish(self) -> None:
        self._watched.await_client()
        self._target.finish()

    def on_connection_close(self) -> None:
        self._target.on_connection_close()


class _RefusedExchange(HTTPMessageDelegate):
    """A request that is not carried out. Its body is read and dropped, so that the client reads the answer."""

    def __init__(self, connection: HTTP1Connection, refused: RefusedRequest) -> None:
        self._connection = connection
        self._refused = refused

    def headers_received(self, start_line: object, headers: HTTPHeaders) -> None:
        """Nothing in the head changes the answer."""

    def data_received(self, chunk: bytes) -> None:
        """Dropped."""

    def finish(self) -> None:
        _send(self._connection, self._refused.status, self._refused.text.encode(), _PLAIN_TEXT)

    def on_connection_close(self) -> None:
        """There is nothing to release."""


class _Exchange(HTTPMessageDelegate):
    """One request to a platform, its answer, and the fate of its connection."""

    def __init__(
        self,
        platforms: SimulatedPlatforms,
        control: ServerControl,
        connection: HTTP1Connection,
        watched: WatchedConnection,
        path: str,
        query: str,
    ) -> None:
        self._platforms = platforms
        self._watched = watched
        self._control = control
        self._path = path
        self._query = query
        self._connection = connection
        self._body: list[bytes] = []
        self._directives: Directives | None = None

    def headers_received(self, start_line: object, headers: HTTPHeaders) -> None:
        self._words = self._platforms.directives_for(self._query)
        try:
            directives = Directives.parse(self._words)
        except ValueError as error:
            self._problem = str(error)
            return
        self._directives = directives
        if directives.down or directives.early:
            self._platforms.record_unread(self._path, self._words)
            if directives.down:  # before the reset, so that the client cannot connect again in between
                self._control.go_down(directives.down / 1000)
            _reset(self._connection.detach())

    def data_received(self, chunk: bytes) -> None:
        self._body.append(chunk)

    def finish(self) -> None:
        directives = self._directives
        if directives is None:
            _send(self._connection, 400, self._problem.encode(), _PLAIN_TEXT)
            return
        reply = self._platforms.handle(self._path, b"".join(self._body), self._words, directives)
        status, body, content_type = directives.status or 200, reply.body, reply.content_type
        if directives.http:
            status, body, content_type = directives.http, ERROR_PAGE, "text/html; charset=utf-8"
        if directives.delay or directives.drip:
            self._control.start_task(self._answer_later(directives, status, body, content_type))
        else:
            self._answer(directives, status, body, content_type)

    def on_connection_close(self) -> None:
        """The client closed the connection; there is nothing to release."""

    async def _answer_later(self, directives: Directives, status: int, body: bytes, content_type: str) -> None:
        self._watched.await_server()
        await asyncio.sleep(directives.delay / 1000)
        self._watched.await_client()
        if not directives.drip:
            self._answer(directives, status, body, content_type)
            return
        try:
            await self._connection.write_headers(*_head(status, len(body), content_type), body[:1])
            for at in range(1, len(body)):
                self._watched.await_server()
                await asyncio.sleep(directives.drip / 1000)
                self._watched.await_client()
                await self._connection.write(body[at : at + 1])
            self._connection.finish()
        except StreamClosedError:
            return  # the client closed the connection

    def _answer(self, directives: Directives, status: int, body: bytes, content_type: str) -> None:
        """Send the answer, or do to the connection what the directives say instead."""
        if directives.never:
            self._watched.leave_open()
            return
        if directives.reset:
            _reset(self._connection.detach())
        elif directives.drop:
            self._connection.detach().close()
        elif directives.half:
            line, headers = _head(status, len(body), content_type)
            head = f"HTTP/1.1 {line.code} {line.reason}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.get_all())
            stream = self._connection.detach()
            stream.write(head.encode() + b"\r\n" + body[: len(body) // 2]).add_done_callback(lambda _: stream.close())
        else:
            _send(self._connection, status, body, content_type)


def _send(connection: HTTP1Connection, status: int, body: bytes, content_type: str) -> None:
    """Send head and body in one write: a second one would wait for the delayed acknowledgement of the first."""
    connection.write_headers(*_head(status, len(body), content_type), body)
    connection.finish()


def _head(status: int, size: int, content_type: str) -> tuple[ResponseStartLine, HTTPHeaders]:
    line = ResponseStartLine("HTTP/1.1", status, _REASONS.get(status, "Simulated"))
    named = {"Content-Type": content_type, "Content-Length": str(size), "X-Content-Type-Options": "nosniff"}
    return line, HTTPHeaders(named)


def _reset(stream: IOStream) -> None:
    """Close the connection with a TCP reset."""
    stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    stream.close()
