"""The simulator as an HTTP server: Tornado, one thread, loopback unless another address is given.

Starts and stops the server; http_exchange handles the requests to the platforms, api and pages all others. Used by the
command line and by tests.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application

from shim.simulator.api import api_routes
from shim.simulator.connection_limits import PATIENCE_SECONDS, ConnectionLimits
from shim.simulator.faults import FaultRule, FaultRuleSet
from shim.simulator.http_exchange import RequestRouter, ServerControl
from shim.simulator.http_guard import HttpGuard
from shim.simulator.messages import Call
from shim.simulator.pages import application_settings, page_routes
from shim.simulator.platforms import GATEWAY, QR_QUERY, TOKEN_CHECK, SimulatedPlatforms
from shim.simulator.state import SimulatorState

MAX_BODY = 16 * 1024 * 1024
_TURN_SECONDS = 0.25


class Simulator:
    """A running simulator. Close it, or use it with `with`. Any thread may call its methods.

    `url` is its address, `state` its memory.

    Args:
        host: The address to listen on.
        port: The port, 0 for a free one.
        state: The memory; the caller closes it. None for a new one that `close` closes.
        base_url: The address at which patients' phones reach the pages, "" if that is `url`.
        names: What is accepted in the Host header besides this machine's names and addresses and that of `base_url`.
        patience: Seconds that a client has to send a head, to send a body, and to read an answer.

    Raises:
        OSError: The address is in use or not of this machine, or the state cannot be written.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state: SimulatorState | None = None,
        base_url: str = "",
        names: Iterable[str] = (),
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._closes_state = state is None
        self.state = state or SimulatorState()
        self.platforms = SimulatedPlatforms(self.state)
        self._host = host
        listener = _listen(host, port)
        # Bound and not listening, so that the system refuses every connection to it.
        self._refusing = socket.socket()
        self._refusing.bind((host, 0))
        self.url = f"http://{host}:{listener.getsockname()[1]}"
        self.state.base_url = base_url or self.url
        guard = HttpGuard(host, base_url, (*names, listener.getsockname()[0]))
        self._server = _ServerThread(self.platforms, listener, guard, ConnectionLimits(patience))

    @property
    def gateway(self) -> str:
        """The strUrl for VirtualCardTrans."""
        return self.url + GATEWAY

    @property
    def qr_query(self) -> str:
        """The strUrl for NationEcTrans."""
        return self.url + QR_QUERY

    @property
    def token_check(self) -> str:
        """The strUrl for NationEcTrans to check an ecToken."""
        return self.url + TOKEN_CHECK

    @property
    def refused(self) -> str:
        """An address like `url` at which every connection is refused."""
        return f"http://{self._host}:{self._refusing.getsockname()[1]}"

    @property
    def seen(self) -> int:
        """The number of requests so far."""
        last = self.state.calls.after(limit=1)
        return last[0].number if last else 0

    @property
    def calls(self) -> list[Call]:
        """The last 1000 requests, oldest first."""
        return self.state.calls.after()

    def misbehave(self, *rules: str, seed: int = 0) -> None:
        """Replace the fault rules, which apply to all requests from now on.

        Args:
            rules: ``delay:500``, ``drop:1@0.1``; none to end all misbehaviour.
            seed: The seed of the draws.

        Raises:
            ValueError: A rule is wrong.
        """
        self.state.fault_rules.replace(FaultRuleSet(tuple(FaultRule.parse(rule) for rule in rules), seed))

    def close(self) -> None:
        """Stop listening and close every connection."""
        self._server.stop()
        self._refusing.close()
        if self._closes_state:
            self.state.close()

    def wait(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Serve until the calling thread is interrupted; call `meanwhile` on that thread a few times a second."""
        self._server.wait(meanwhile)

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _ServerThread(ServerControl):
    """The server's thread and event loop. It serves from construction until `stop`."""

    def __init__(
        self, platforms: SimulatedPlatforms, listener: socket.socket, guard: HttpGuard, limits: ConnectionLimits
    ) -> None:
        self._platforms = platforms
        self._guard = guard
        self._limits = limits
        self._listener = listener
        self._address = listener.getsockname()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Close everything and wait for the thread to end. From another thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def wait(self, meanwhile: Callable[[], None]) -> None:
        """Block while the server runs; the calling thread can be interrupted."""
        while self._thread.is_alive():
            self._thread.join(_TURN_SECONDS)
            meanwhile()

    def start_task(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def go_down(self, seconds: float) -> None:
        self._http.stop()
        self.start_task(self._come_back(seconds))

    def _run(self) -> None:
        # The selector loop on every system: Windows' default loop cannot wait for plain sockets as Tornado needs it.
        try:
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve())
        finally:
            self._ready.set()  # also if starting failed: the constructor waits for it

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        state = self._platforms.state
        application = Application([*api_routes(state), *page_routes(state)], **application_settings())
        self._router = RequestRouter(self._platforms, self, application, self._guard, self._limits)
        self._http = self._start_http(self._listener)
        self.start_task(self._close_late_connections())
        self._ready.set()
        await self._stop.wait()
        self._http.stop()
        for task in self._tasks:
            task.cancel()
        await self._http.close_all_connections()

    async def _close_late_connections(self) -> None:
        while True:
            await asyncio.sleep(self._limits.interval)
            self._limits.close_late_ones()

    async def _come_back(self, seconds: float) -> None:
        await self._http.close_all_connections()
        await asyncio.sleep(seconds)
        self._http = self._start_http(_listen(*self._address[:2]))

    def _start_http(self, listener: socket.socket) -> HTTPServer:
        """Serve on that socket. NB: an HTTPServer that was stopped cannot be started again."""
        http = HTTPServer(self._router, max_body_size=MAX_BODY, max_buffer_size=2 * MAX_BODY)
        http.conn_params.header_timeout = None  # ConnectionLimits sees to it, at less cost
        http.add_socket(listener)
        return http


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.create_server((host, port), backlog=512)
    listener.setblocking(False)
    return listener
