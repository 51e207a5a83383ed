"""The service as a web server on 127.0.0.1: Tornado, one thread, HTTP and WebSocket.

docs/bridge.md has the addresses. `guard` decides first; then `request` and `calls`. A handler
here only connects them.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream, StreamClosedError
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from shim import __version__, codec, log
from shim.bridge import peer, refusals
from shim.bridge.calls import RunningCall, RunningCalls
from shim.bridge.guard import BridgeGuard, preflight_headers, sharing_headers
from shim.bridge.refusals import BridgeRefusal
from shim.bridge.request import MOST_BYTES, identifier, read_request, request_fields
from shim.bridge.worker import LibraryWorker

ADDRESS = "127.0.0.1"
MOST_CONNECTIONS = 64
_PATIENCE = 60.0  # seconds for a head, for a body, and between two requests
_LAST_SECONDS = 5.0  # for calls to learn that the process with the DLLs was ended
_FIRST_MESSAGE = 10.0  # seconds for a WebSocket to send the token
_PING = 20.0
_JSON = "application/json"
SERVICE = "vcshim bridge"


class Bridge:
    """A service. `serve` runs it. Made and used on one event loop.

    `port` is where it listens, `sockets` how many WebSockets are open.

    Args:
        ports: the first of them that is free is taken.
        origins, token: who may ask, as BridgeGuard has it.
        worker: makes the process with the DLLs, told how a process has ended.
        seconds: the limit of a call.

    Raises:
        OSError: none of the ports is free.
    """

    def __init__(
        self,
        ports: Collection[int],
        origins: Collection[str],
        token: str,
        worker: Callable[[Callable[[int, int], None]], LibraryWorker],
        seconds: float,
        logger: logging.Logger,
    ) -> None:
        self._listener = _listen(ports)
        self.port: int = self._listener.getsockname()[1]
        self.guard = BridgeGuard(self.port, origins, token)
        self.logger = logger
        self.worker = worker(self._worker_ended)
        self.calls = RunningCalls(self.worker, seconds, logger)
        self.sockets = 0
        self._said = log.SaidBefore()
        self._stop = asyncio.Event()

    async def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until `stop`; `ready` is called when a client can connect."""
        rows = [
            (r"/v1/status", StatusHandler),
            (r"/v1/calls/([^/]*)", CallHandler),
            (r"/v1/cancel", CancelHandler),
            (r"/v1/stop", StopHandler),
            (r"/v1/socket", SocketHandler),
        ]
        application = Application(
            [(path, handler, {"bridge": self}) for path, handler in rows],
            default_handler_class=NoHandler, default_handler_args={"bridge": self},
            log_function=lambda handler: None, websocket_max_message_size=MOST_BYTES, websocket_ping_interval=_PING,
        )  # fmt: skip
        http = _LimitedServer(
            application, max_body_size=MOST_BYTES, max_buffer_size=2 * MOST_BYTES, max_header_size=16384,
            idle_connection_timeout=_PATIENCE, body_timeout=_PATIENCE,
        )  # fmt: skip
        http.add_socket(self._listener)
        log.event(self.logger, logging.INFO, "vcshim bridge 已启动", port=self.port)
        ready()
        try:
            await self._stop.wait()
        finally:
            http.stop()
            self.worker.close()
            await self.calls.settle(_LAST_SECONDS)
            await asyncio.sleep(0.1)  # the last answer leaves
            await http.close_all_connections()
            log.event(self.logger, logging.INFO, "vcshim bridge 已停止", port=self.port)

    def stop(self) -> None:
        """End `serve`. On its loop."""
        self._stop.set()

    def refused(self, refusal: BridgeRefusal, origin: str) -> None:
        """Write a refusal to the log, each kind once: a page may try again for ever."""
        if not self._said.times((refusal.row.name, origin)):
            log.event(self.logger, logging.WARNING, "vcshim bridge 拒绝了请求", reason=refusal.row.name, origin=origin)

    def _worker_ended(self, code: int, waiting: int) -> None:
        text = "动态库所在的进程意外结束，下一次调用时重新启动"
        log.event(self.logger, logging.ERROR, text, exit_code=code, calls=waiting)


class _LimitedServer(HTTPServer):
    """Closes what is more than MOST_CONNECTIONS at once: select() of Windows takes 512 sockets."""

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        if len(self._connections) >= MOST_CONNECTIONS:
            stream.close()
        else:
            super().handle_stream(stream, address)


class _Guarded:
    """What HTTP and WebSocket have in common: who asks."""

    bridge: Bridge
    request: Any
    origin: str = ""

    def admit(self) -> None:
        """Set `origin`; BridgeRefusal."""
        self.origin = self.bridge.guard.check_source(self.request.headers)
        sock = self.request.connection.stream.socket
        with suppress(OSError):  # it has closed meanwhile
            if peer.is_foreign(sock.getpeername()[:2], sock.getsockname()[:2]):
                raise BridgeRefusal(refusals.USER)

    @property
    def client(self) -> str:
        """Whose calls these are: a site's, or a program's."""
        return self.origin or "program"


class BridgeHandler(_Guarded, RequestHandler):
    """The base of the HTTP addresses. Its body, which is small, has been read when the guard decides."""

    METHODS: tuple[str, ...] = ("POST",)
    NEEDS_TOKEN = True

    def initialize(self, bridge: Bridge) -> None:
        self.bridge = bridge

    def set_default_headers(self) -> None:
        self.set_header("Server", "vcshim")
        self.set_header("Content-Type", f"{_JSON}; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Origin")

    def prepare(self) -> None:
        try:
            self.admit()
            for name, value in sharing_headers(self.origin).items():
                self.set_header(name, value)
            if self.request.method == "OPTIONS":
                for name, value in preflight_headers(self.request.headers).items():
                    self.set_header(name, value)
                self.set_status(204)
                self.clear_header("Content-Type")
                self.finish()
                return
            if self.request.method not in self.METHODS:
                raise BridgeRefusal(refusals.METHOD, methods="、".join(self.METHODS))
            if self.NEEDS_TOKEN:
                self.bridge.guard.check_token(self.request.headers)
            if self.request.method == "POST":
                self._check_content_type()
        except BridgeRefusal as refusal:
            self.bridge.refused(refusal, self.origin)
            self.refuse(refusal)

    def fields(self) -> dict[str, Any]:
        """The JSON object in the body; BridgeRefusal."""
        return request_fields(self.request.body)

    def refuse(self, refusal: BridgeRefusal) -> None:
        """End with a refusal."""
        self.set_status(refusal.row.status)
        self.write_object(refusal.answer)

    def write_object(self, value: dict[str, Any]) -> None:
        """End with an answer."""
        self.finish(to_json(value))

    def write_error(self, status_code: int, **_: Any) -> None:
        self.write_object({"error": "fault", "text": f"HTTP {status_code}"})

    def _check_content_type(self) -> None:
        kinds = self.request.headers.get_list("Content-Type")
        if [kind.partition(";")[0].strip().lower() for kind in kinds] != [_JSON]:
            raise BridgeRefusal(refusals.CONTENT_TYPE)


class NoHandler(BridgeHandler):
    """Any other address."""

    METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")

    def prepare(self) -> None:
        super().prepare()
        if not self._finished:
            self.refuse(BridgeRefusal(refusals.PATH))


class StatusHandler(BridgeHandler):
    """That the service is there. Tells nothing of the PC, so that a page can look for the port without a token."""

    METHODS = ("GET",)
    NEEDS_TOKEN = False

    def get(self) -> None:
        self.write_object({"service": SERVICE, "version": __version__})


class CallHandler(BridgeHandler):
    """One call."""

    _call: RunningCall | None = None

    async def post(self, name: str) -> None:
        try:
            self._call = self.bridge.calls.begin(self.client, read_request(name, self.fields()))
            answer = await self.bridge.calls.finish(self._call)
        except BridgeRefusal as refusal:
            self.refuse(refusal)
        else:
            with suppress(StreamClosedError):
                self.write_object(answer)

    def on_connection_close(self) -> None:
        if self._call is not None:
            self.bridge.calls.leave(self._call)


class CancelHandler(BridgeHandler):
    """End the scan of a call by its id."""

    async def post(self) -> None:
        try:
            number = identifier(self.fields().get("id"))
            self.write_object({"cancelled": bool(number) and await self.bridge.calls.cancel(self.client, number)})
        except BridgeRefusal as refusal:
            self.refuse(refusal)


class StopHandler(BridgeHandler):
    """End the service: for programs, so that the DLLs can be replaced."""

    def post(self) -> None:
        if self.origin:
            self.refuse(BridgeRefusal(refusals.PROGRAM_ONLY))
            return
        self.write_object({"stopping": True})
        self.bridge.stop()


class SocketHandler(_Guarded, WebSocketHandler):
    """The same over one connection: the first message carries the token, each further one is a call or a cancel."""

    def initialize(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self._is_admitted = False
        self._calls: set[RunningCall] = set()

    async def prepare(self) -> None:
        try:
            self.admit()
            if self.bridge.sockets >= MOST_CONNECTIONS:
                raise BridgeRefusal(refusals.CONNECTIONS, count=MOST_CONNECTIONS)
        except BridgeRefusal as refusal:
            self.bridge.refused(refusal, self.origin)
            self.set_status(refusal.row.status)
            self.finish(to_json(refusal.answer))

    def check_origin(self, origin: str) -> bool:
        return True  # `admit` has

    def open(self, *_: str, **__: str) -> None:
        self.bridge.sockets += 1
        asyncio.get_running_loop().call_later(_FIRST_MESSAGE, self._close_if_silent)

    async def on_message(self, message: str | bytes) -> None:
        try:
            fields = request_fields(message)
        except BridgeRefusal as refusal:
            self._send(refusal.answer)
            return
        if not self._is_admitted:
            self._admit_by_token(fields)
            return
        # In the background: while a call waits, the next message, which may cancel it, is read.
        task = asyncio.ensure_future(self._answer(fields))
        _TASKS.add(task)
        task.add_done_callback(_TASKS.discard)

    def on_close(self) -> None:
        self.bridge.sockets -= 1
        for call in self._calls:
            self.bridge.calls.leave(call)

    @property
    def client(self) -> str:
        return f"{self.origin or 'program'} ws {id(self)}"

    def _admit_by_token(self, fields: dict[str, Any]) -> None:
        if self.bridge.guard.is_token(fields.get("token")):
            self._is_admitted = True
            self._send({"service": SERVICE, "version": __version__})
            return
        refusal = BridgeRefusal(refusals.TOKEN)
        self.bridge.refused(refusal, self.origin)
        self._send(refusal.answer)
        self.close(4401, refusal.row.name)

    async def _answer(self, fields: dict[str, Any]) -> None:
        number: dict[str, Any] = {}
        try:
            number = {"id": identifier(fields.get("id"))}
            if "cancel" in fields:
                wanted = identifier(fields["cancel"])
                cancelled = bool(wanted) and await self.bridge.calls.cancel(self.client, wanted)
                self._send({**number, "cancelled": cancelled})
                return
            call = self.bridge.calls.begin(self.client, read_request(fields.get("call"), fields))
            self._calls.add(call)
            try:
                self._send({**number, **await self.bridge.calls.finish(call)})
            finally:
                self._calls.discard(call)
        except BridgeRefusal as refusal:
            self._send({**number, "status": refusal.row.status, **refusal.answer})

    def _send(self, value: dict[str, Any]) -> None:
        with suppress(WebSocketClosedError, StreamClosedError):
            self.write_message(to_json(value))

    def _close_if_silent(self) -> None:
        if not self._is_admitted:
            self.close(4401, refusals.TOKEN.name)


_TASKS: set[asyncio.Task[None]] = set()


def to_json(value: dict[str, Any]) -> str:
    """An answer."""
    return codec.dumps(value)


def _listen(ports: Collection[int]) -> socket.socket:
    """A listener on the first free port. NB: not on one that another program of this PC also listens on."""
    problem = OSError()
    for port in ports:
        sock = socket.socket()
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((ADDRESS, port))
            sock.listen(128)
        except OSError as error:
            sock.close()
            problem = error
            continue
        sock.setblocking(False)
        return sock
    raise problem
