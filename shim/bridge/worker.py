"""Keeps the process with the DLLs: starts it, hands calls to it, starts another one when it has ended. No HTTP.

A vendor's DLL can end its process by a bad pointer. Here that costs the calls that were under way, each of which is
told so, and not the service. Used on the event loop only; reading and writing the pipes has threads of its own, so that
the loop never waits for a DLL.
"""

from __future__ import annotations

import asyncio
import json
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from shim.bridge import refusals
from shim.bridge.refusals import BridgeRefusal

_MOST_ENDS, _ENDS_SECONDS = 5, 60.0
_NO_WINDOW = 0x08000000  # CREATE_NO_WINDOW


class LibraryWorker:
    """The process with the DLLs, whichever it is at the time.

    Args:
        command, environment: how it is started.
        ended: told the exit code of one that has ended by itself, and how many calls were under way.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], ended: Callable[[int, int], None]
    ) -> None:
        self._command, self._environment, self._ended = list(command), dict(environment), ended
        self._process: WorkerProcess | None = None
        self._is_closed = False
        self._ends: deque[float] = deque(maxlen=_MOST_ENDS)

    async def call(
        self, process: WorkerProcess, name: str, values: Sequence[str | int], seconds: float
    ) -> dict[str, Any]:
        """What the DLL in a process gave. One that takes no more calls can be asked to end a scan in it.

        Raises:
            BridgeRefusal: NO_LIBRARY, FIELD: nothing was called. ENDED, LATE: not known.
        """
        try:
            return await asyncio.wait_for(process.call(name, values), seconds)
        except TimeoutError:
            self._retire(process)
            raise BridgeRefusal(refusals.LATE, seconds=int(seconds)) from None

    async def state(self) -> dict[str, Any]:
        """How many bits the process has, and which DLLs there are. Starts it.

        Raises:
            BridgeRefusal: NOT_STARTED, OFTEN_ENDED.
        """
        return (await self.process()).facts

    def close(self) -> None:
        """End the process, and with it the calls that are under way. No other one is started."""
        self._is_closed = True
        process, self._process = self._process, None
        if process is not None:
            process.end()

    async def process(self) -> WorkerProcess:
        """The process that takes calls. Starts it.

        Raises:
            BridgeRefusal: NOT_STARTED, OFTEN_ENDED.
        """
        if self._is_closed:
            raise BridgeRefusal(refusals.NOT_STARTED, problem="服务正在停止")
        if self._process is None or self._process.is_over:
            now = time.monotonic()
            if len(self._ends) == _MOST_ENDS and now - self._ends[0] < _ENDS_SECONDS:
                raise BridgeRefusal(refusals.OFTEN_ENDED, count=_MOST_ENDS)
            try:
                self._process = WorkerProcess(self._command, self._environment, self._over)
            except OSError as error:
                raise BridgeRefusal(refusals.NOT_STARTED, problem=error.strerror or error.errno) from None
        process = self._process
        await process.started()
        return process

    def _over(self, process: WorkerProcess, code: int, waiting: int) -> None:
        if self._process is process:
            self._process = None
            self._ends.append(time.monotonic())
            self._ended(code, waiting)

    def _retire(self, process: WorkerProcess) -> None:
        """Give a process no more calls: one of its threads has been in a DLL for too long."""
        if self._process is process:
            self._process = None
        process.end_when_idle()


class WorkerProcess:
    """One process, and the calls that it has been given. Made by LibraryWorker, which is to be asked for calls."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        over: Callable[[WorkerProcess, int, int], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = over
        self._calls: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._ready: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._jobs: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._ends_when_idle = False
        self.is_over = False
        self.facts: dict[str, Any] = {}
        flags = _NO_WINDOW if sys.platform == "win32" else 0
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=flags,
        )  # fmt: skip
        for work in (self._read, self._write):
            threading.Thread(target=work, name="bridge-worker", daemon=True).start()

    async def started(self) -> None:
        """Wait until it takes calls; BridgeRefusal NOT_STARTED if it never will."""
        self.facts = await asyncio.shield(self._ready)

    async def call(self, name: str, values: Sequence[str | int]) -> dict[str, Any]:
        """What the DLL gave; as `LibraryWorker.call`, without a limit."""
        if self.is_over:
            raise BridgeRefusal(refusals.ENDED, code=self._process.returncode)
        self._number += 1
        number = self._number
        future = self._calls[number] = self._loop.create_future()
        self._jobs.put(json.dumps({"number": number, "call": name, "values": list(values)}).encode("ascii") + b"\n")
        try:
            return _result(await future)
        except asyncio.CancelledError:
            self._calls.pop(number, None)  # nobody waits for it any more
            raise

    def end_when_idle(self) -> None:
        """End it as soon as all calls that somebody waits for have returned."""
        self._ends_when_idle = True
        self._end_if_idle()

    def end(self) -> None:
        """End it now."""
        self._process.kill()

    def _end_if_idle(self) -> None:
        if self._ends_when_idle and not self._calls:
            self.end()

    # ---- threads -----------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as answers:
            for line in answers:
                self._tell(self._take, json.loads(line))
        self._jobs.put(None)
        self._tell(self._finish, self._process.wait())

    def _write(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError), self._process.stdin as jobs:  # OSError: it has ended, which `_read` finds as well
            while (job := self._jobs.get()) is not None:
                jobs.write(job)
                jobs.flush()

    def _tell(self, action: Callable[..., None], *words: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(action, *words)
        except RuntimeError:
            return  # the loop is closed

    # ---- on the loop -------------------------------------------------------------------------------------------------

    def _take(self, answer: dict[str, Any]) -> None:
        if "ready" in answer:
            self._ready.set_result(answer["ready"])
            return
        future = self._calls.pop(answer["number"], None)
        if future is not None and not future.done():
            future.set_result(answer)
        self._end_if_idle()

    def _finish(self, code: int) -> None:
        self.is_over = True
        waiting = [future for future in self._calls.values() if not future.done()]
        self._calls.clear()
        if not self._ready.done():
            self._ready.set_exception(BridgeRefusal(refusals.NOT_STARTED, problem=f"退出码 {code}"))
            self._ready.exception()  # somebody may have stopped waiting
        for future in waiting:
            future.set_exception(BridgeRefusal(refusals.ENDED, code=code))
        self._over(self, code, len(waiting))


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    """The result in an answer of the process, or what it refused."""
    if "refused" in answer:
        raise BridgeRefusal.again(refusals.ROWS[answer["refused"]], answer["text"])
    if "failed" in answer:
        raise BridgeRefusal(refusals.FAULT, kind=answer["failed"])
    result: dict[str, Any] = answer["result"]
    return result
