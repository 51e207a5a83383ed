"""The service of `vcshim bridge` for tests: in this process, on a loop of its own; and made-up DLLs that it calls."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import websocket

from buildlib import tools
from shim.bridge.program import child_environment, worker_command
from shim.bridge.server import Bridge
from shim.bridge.worker import LibraryWorker
from tests.support.paths import ROOT

SITE = "https://his.example.cn"
TOKEN = "a-token-of-the-tests-0123456789"
LIBRARIES = ("libVirtualCardChk.so", "libNationECCode.so")


def make_libraries(folder: Path) -> Path:
    """A HIS folder with the DLLs of tests/native/bridge_vendor.c."""
    tools.require("gcc")
    folder.mkdir(parents=True, exist_ok=True)
    source = ROOT / "tests" / "native" / "bridge_vendor.c"
    for name in LIBRARIES:
        subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", folder / name, source], check=True, timeout=120)
    return folder


class Lines(logging.Handler):
    """The facts of what a logger is told, for the block."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.facts: list[dict[str, Any]] = []
        self._logger = logging.getLogger(name)

    def emit(self, record: logging.LogRecord) -> None:
        self.facts.append(dict(vars(record)["facts"]))

    def __enter__(self) -> Lines:
        self._logger.setLevel(logging.INFO)
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)


class RunningBridge:
    """A service that runs, as programs and pages reach it."""

    def __init__(self, bridge: Bridge, loop: asyncio.AbstractEventLoop) -> None:
        self.bridge, self._loop = bridge, loop
        self.port = bridge.port
        self.url = f"http://127.0.0.1:{bridge.port}"

    def headers(self, **more: str) -> dict[str, str]:
        """What a page of the permitted site sends."""
        return {"Origin": SITE, "Authorization": f"Bearer {TOKEN}", **more}

    def call(self, name: str, /, **fields: Any) -> requests.Response:
        """One call of that page."""
        url = f"{self.url}/v1/calls/{name}"
        return requests.post(url, json=fields, headers=self.headers(), timeout=60)

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"{}") -> requests.Response:
        """Any request."""
        return requests.request(method, self.url + path, data=body, headers=dict(headers), timeout=60)

    @contextmanager
    def socket(self, token: str | None = TOKEN, origin: str = SITE) -> Iterator[websocket.WebSocket]:
        """A WebSocket of a page of `origin`, after its first message unless `token` is None."""
        opened = websocket.WebSocket()
        opened.settimeout(60)
        try:
            opened.connect(f"ws://127.0.0.1:{self.port}/v1/socket", origin=origin)  # type: ignore[no-untyped-call]
            if token is not None:
                send(opened, token=token)
            yield opened
        finally:
            opened.close()
            opened.shutdown()  # type: ignore[no-untyped-call]  # close() leaves the socket open if the service has closed the connection

    def refused_socket(self, **words: str) -> int:
        """The HTTP status by which a WebSocket is refused."""
        opened = websocket.WebSocket()
        opened.settimeout(60)
        try:
            opened.connect(f"ws://127.0.0.1:{self.port}/v1/socket", **words)  # type: ignore[no-untyped-call]
        except websocket.WebSocketBadStatusException as refused:
            return int(refused.status_code)
        finally:
            opened.close()
        raise AssertionError("it was opened")

    def stop(self) -> None:
        """End it."""
        self._loop.call_soon_threadsafe(self.bridge.stop)


def send(opened: websocket.WebSocket, **fields: Any) -> None:
    """One message."""
    import json

    opened.send(json.dumps(fields))


def receive(opened: websocket.WebSocket) -> dict[str, Any]:
    """The next message."""
    import json

    value: dict[str, Any] = json.loads(opened.recv())
    return value


@contextmanager
def running_bridge(
    folder: Path, *, origins: Iterable[str] = (SITE,), seconds: float = 60, logger: logging.Logger | None = None
) -> Iterator[RunningBridge]:
    """A service with the DLLs in `folder`, on a free port."""
    started = threading.Event()
    made: list[RunningBridge] = []

    async def serve() -> None:
        bridge = Bridge(
            (0,), tuple(origins), TOKEN,
            lambda ended: LibraryWorker(worker_command(folder), child_environment(), ended),
            seconds, logger or logging.getLogger("bridge-test"),
        )  # fmt: skip
        made.append(RunningBridge(bridge, asyncio.get_running_loop()))
        await bridge.serve(started.set)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    if not started.wait(60):
        raise AssertionError("the service did not start")
    try:
        yield made[0]
    finally:
        made[0].stop()
        thread.join(60)
