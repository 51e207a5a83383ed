"""The simulator on a socket: Tornado, loopback unless told otherwise, one thread for everything.

Requests to the platforms take the short way, straight from Tornado's HTTP layer: they are what is measured and what
must be able to break off anywhere. Everything else (pages, `/_sim/`) is an ordinary Tornado application. What a wish
does to the connection happens here. L3; started by the command line and by tests.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import threading
from collections.abc import Awaitable, Coroutine
from typing import Any

from tornado.http1connection import HTTP1Connection
from tornado.httpserver import HTTPServer
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

from shim.simulator import api, pages
from shim.simulator.faults import Rule, Standing
from shim.simulator.messages import Call
from shim.simulator.platform import ERROR_PAGE, GATEWAY, PATHS, QR_QUERY, TOKEN_CHECK, Platform
from shim.simulator.state import State
from shim.simulator.wishes import Wish

MAX_BODY = 16 * 1024 * 1024
_LINGER_NOT = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_REASONS = {200: "OK", 400: "Bad Request"}


class Simulator:
    """A running simulator: `url` to reach it, `state` what it remembers. Close it, or use `with`.

    OSError where the address is taken. `state` is closed by whoever made it; one of our own, by `close`. `base_url` is
    what patients' phones reach it by, where that is not `url`.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, state: State | None = None, base_url: str = "") -> None:
        self._own_state = state is None
        self.state = state or State()
        self.platform = Platform(self.state)
        self._host = host
        self._listener = _listen(host, port)
        self._port = self._listener.getsockname()[1]
        # Bound and not listening: whoever connects there is refused, by the system and for certain.
        self._refusing = socket.socket()
        self._refusing.bind((host, 0))
        self.url = f"http://{host}:{self._port}"
        self.state.base_url = base_url or self.url
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._thread.start()
        self._ready.wait()

    @property
    def gateway(self) -> str:
        """strUrl for VirtualCardTrans."""
        return self.url + GATEWAY

    @property
    def qr_query(self) -> str:
        """strUrl for NationEcTrans."""
        return self.url + QR_QUERY

    @property
    def token_check(self) -> str:
        """strUrl for NationEcTrans where a token is to be checked."""
        return self.url + TOKEN_CHECK

    @property
    def refused(self) -> str:
        """An address like `url` at which every connection is refused."""
        return f"http://{self._host}:{self._refusing.getsockname()[1]}"

    @property
    def seen(self) -> int:
        """How many requests there were."""
        last = self.state.calls(limit=1)
        return last[0].number if last else 0

    @property
    def calls(self) -> list[Call]:
        """The last 1000 requests, oldest first."""
        return self.state.calls()

    def misbehave(self, *rules: str, seed: int = 0) -> None:
        """Put these rules (``delay:500``, ``drop:1@0.1``) on all requests from now on; none at all heals."""
        self.state.set_standing(Standing(tuple(Rule.parse(rule) for rule in rules), seed))

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._refusing.close()
        if self._own_state:
            self.state.close()

    def wait(self) -> None:
        """Serve until the calling thread is interrupted."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- on the simulator's own thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        # The selector loop everywhere: what Windows has by default cannot wait for plain sockets as Tornado does.
        try:
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve())
        finally:
            self._ready.set()  # also when it did not get so far: nobody waits for ever

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        application = Application([*api.routes(self.state), *pages.routes(self.state)], **pages.settings())
        self._doors = _Doors(self, application)
        self._http = self._open(self._listener)
        self._ready.set()
        await self._stop.wait()
        self._http.stop()
        for task in self._tasks:
            task.cancel()
        await self._http.close_all_connections()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` go on beside everything else, until it ends or the simulator is closed."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def go_down(self, seconds: float) -> None:
        """Refuse connections from now on and for so long, and end all there are."""
        self._http.stop()
        self.begin(self._come_back(seconds))

    async def _come_back(self, seconds: float) -> None:
        await self._http.close_all_connections()
        await asyncio.sleep(seconds)
        self._http = self._open(_listen(self._host, self._port))

    def _open(self, listener: socket.socket) -> HTTPServer:
        """A server on that socket. NB: Tornado's stops once and for all."""
        http = HTTPServer(self._doors, max_body_size=MAX_BODY, max_buffer_size=2 * MAX_BODY)
        http.conn_params.header_timeout = None  # a timer for each request costs more than a client that says nothing
        http.add_socket(listener)
        return http


class _Doors(HTTPServerConnectionDelegate):
    """A POST to a platform goes there; everything else is for the pages."""

    def __init__(self, simulator: Simulator, application: Application) -> None:
        self.simulator = simulator
        self.application = application

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        return _Door(self, server_conn, request_conn)


class _Door(HTTPMessageDelegate):
    """One request, until its head says who takes it. Tornado's router would first make much of what nobody asks."""

    def __init__(self, doors: _Doors, server_connection: object, connection: HTTPConnection) -> None:
        self._doors = doors
        self._server_connection = server_connection
        self._connection = connection

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        assert isinstance(start_line, RequestStartLine)
        path, _, query = start_line.path.partition("?")
        if start_line.method == "POST" and path in PATHS:
            self._taken: HTTPMessageDelegate = _Exchange(self._doors.simulator, self._connection, path, query)
        else:
            self._taken = self._doors.application.start_request(self._server_connection, self._connection)
        return self._taken.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._taken.data_received(chunk)

    def finish(self) -> None:
        self._taken.finish()

    def on_connection_close(self) -> None:
        self._taken.on_connection_close()


class _Exchange(HTTPMessageDelegate):
    """One request to a platform and what becomes of its connection."""

    def __init__(self, simulator: Simulator, connection: HTTPConnection, path: str, query: str) -> None:
        assert isinstance(connection, HTTP1Connection)
        self._simulator = simulator
        self._path = path
        self._query = query
        self._connection = connection
        self._body: list[bytes] = []
        self._wish: Wish | None = None

    def headers_received(self, start_line: object, headers: HTTPHeaders) -> None:
        self._words = self._simulator.platform.words(self._query)
        try:
            wish = Wish.parse(self._words)
        except ValueError as error:
            self._problem = str(error)
            return
        self._wish = wish
        if wish.down or wish.early:
            self._simulator.platform.turn_away(self._path, self._words)
            if wish.down:  # first, so that nobody who was reset gets in again
                self._simulator.go_down(wish.down / 1000)
            _reset(self._connection.detach())

    def data_received(self, chunk: bytes) -> None:
        self._body.append(chunk)

    def finish(self) -> None:
        wish = self._wish
        if wish is None:
            self._send(400, self._problem.encode(), "text/plain; charset=utf-8")
            return
        reply = self._simulator.platform.receive(self._path, b"".join(self._body), self._words, wish)
        status, body, content_type = 200, reply.body, reply.content_type
        if wish.http:
            status, body, content_type = wish.http, ERROR_PAGE, "text/html; charset=utf-8"
        if wish.delay or wish.drip:
            self._simulator.begin(self._later(wish, status, body, content_type))
        else:
            self._end(wish, status, body, content_type)

    def on_connection_close(self) -> None:
        """The client went away: its business."""

    async def _later(self, wish: Wish, status: int, body: bytes, content_type: str) -> None:
        await asyncio.sleep(wish.delay / 1000)
        if not wish.drip:
            self._end(wish, status, body, content_type)
            return
        try:
            await self._connection.write_headers(*_head(status, len(body), content_type), body[:1])
            for at in range(1, len(body)):
                await asyncio.sleep(wish.drip / 1000)
                await self._connection.write(body[at : at + 1])
            self._connection.finish()
        except StreamClosedError:
            return  # the client has had enough: its business

    def _end(self, wish: Wish, status: int, body: bytes, content_type: str) -> None:
        """The answer, or what the wish has in its place."""
        if wish.never:
            return
        if wish.reset:
            _reset(self._connection.detach())
        elif wish.drop:
            self._connection.detach().close()
        elif wish.half:
            line, headers = _head(status, len(body), content_type)
            head = f"HTTP/1.1 {line.code} {line.reason}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.get_all())
            stream = self._connection.detach()
            stream.write(head.encode() + b"\r\n" + body[: len(body) // 2]).add_done_callback(lambda _: stream.close())
        else:
            self._send(status, body, content_type)

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        """Head and body in one write: two would meet the other side's delayed acknowledgement."""
        self._connection.write_headers(*_head(status, len(body), content_type), body)
        self._connection.finish()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.create_server((host, port), backlog=512)
    listener.setblocking(False)
    return listener


def _head(status: int, size: int, content_type: str) -> tuple[ResponseStartLine, HTTPHeaders]:
    line = ResponseStartLine("HTTP/1.1", status, _REASONS.get(status, "Simulated"))
    return line, HTTPHeaders({"Content-Type": content_type, "Content-Length": str(size)})


def _reset(stream: IOStream) -> None:
    """Close so that the other side sees a reset."""
    stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    stream.close()
