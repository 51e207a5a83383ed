"""The calls that are under way: how many there may be, who may end which, and what the log says. No HTTP.

A DLL of this ABI has one way to end a wait: Set_QRflow_Mode(0), which ends a scan, whoever asked for it, and hides the
extension screen. So it is called only for a call that is scanning as far as can be told from here: its method needs a
code, none was given, and no such call was begun after it in the same process (the DLL refuses a second scan at once, so
that a call which is older than another one has its code already). On the event loop only.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shim import log
from shim.bridge import refusals
from shim.bridge.refusals import BridgeRefusal
from shim.bridge.request import BridgeRequest, result_object

MOST_CALLS = 16
"""At the same time, from all pages together; a page that is out of hand must not fill the PC with threads."""

_CANCEL = "Set_QRflow_Mode"
_SHOWN_CODE = re.compile(r"-?[A-Za-z0-9]{1,8}")


class Libraries(Protocol):
    """What carries calls out: processes, of which one takes calls at a time."""

    async def process(self) -> Any:
        """The process that takes calls; BridgeRefusal."""

    async def call(self, process: Any, name: str, values: Sequence[str | int], seconds: float) -> dict[str, Any]:
        """What the DLL in that process gave; BridgeRefusal."""


@dataclass(eq=False, slots=True)
class RunningCall:
    """A call that is under way.

    Attributes:
        client: whose it is: only they can cancel it. Up to the first blank it is what the log says.
        ended_by: why its scan was ended, "" if nobody has.
        process: which carries it out; None until it is known.
    """

    client: str
    request: BridgeRequest
    ended_by: str = ""
    process: Any = None


class RunningCalls:
    """All of them.

    Args:
        seconds: the limit of one.
    """

    def __init__(self, libraries: Libraries, seconds: float, logger: logging.Logger) -> None:
        self._libraries, self._seconds, self._logger = libraries, seconds, logger
        self._running: list[RunningCall] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, client: str, request: BridgeRequest) -> RunningCall:
        """Take a call, which `finish` then carries out.

        Raises:
            BridgeRefusal: BUSY, USED. Set_QRflow_Mode is never refused for BUSY: it ends what keeps others waiting.
        """
        if len(self._running) >= MOST_CALLS and request.export.name != _CANCEL:
            raise BridgeRefusal(refusals.BUSY, count=MOST_CALLS)
        if request.id and self._find(client, request.id):
            raise BridgeRefusal(refusals.USED, id=request.id)
        call = RunningCall(client, request)
        self._running.append(call)
        return call

    async def finish(self, call: RunningCall) -> dict[str, Any]:
        """Carry a call out, and return what the page gets. It goes on if the page has left.

        Raises:
            BridgeRefusal: as `LibraryWorker.call`.
        """
        task = asyncio.ensure_future(self._carry_out(call))
        self._keep(task)
        return await asyncio.shield(task)

    async def cancel(self, client: str, number: str) -> bool:
        """End the scan of a call; False if there is no such call, or it is not scanning."""
        call = self._find(client, number)
        return call is not None and await self._end_scan(call, "cancel")

    async def settle(self, seconds: float) -> None:
        """Wait until everything that is under way is over, and whoever asked for it can be told; at most `seconds`."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def leave(self, call: RunningCall) -> None:
        """The page that made a call has gone: nobody will show a code for it."""
        if call in self._running:
            self._keep(asyncio.ensure_future(self._end_scan(call, "left")))

    async def _end_scan(self, call: RunningCall, reason: str) -> bool:
        together = (call.process, None)
        scanning = [each for each in self._running if each.request.may_scan and each.process in together]
        if not scanning or scanning[-1] is not call or call.ended_by:
            return False
        call.ended_by = reason
        try:
            process = call.process or await self._libraries.process()
            await self._libraries.call(process, _CANCEL, [0], self._seconds)
        except BridgeRefusal:
            return False
        return True

    async def _carry_out(self, call: RunningCall) -> dict[str, Any]:
        request, started = call.request, time.monotonic()
        facts: dict[str, object] = {"call": request.export.name, "from": call.client.partition(" ")[0]}
        try:
            call.process = await self._libraries.process()
            result = await self._libraries.call(call.process, request.export.name, request.values, self._seconds)
        except BridgeRefusal as refusal:
            facts["refused"] = refusal.row.name
            raise
        else:
            facts["code"] = _shown_code(result["code"])
            return {**result_object(result), "ms": round((time.monotonic() - started) * 1000)}
        finally:
            self._running.remove(call)
            facts["ms"] = round((time.monotonic() - started) * 1000)
            if call.ended_by:
                facts["ended_by"] = call.ended_by
            log.event(self._logger, logging.INFO, "vcshim bridge 的一次调用", **facts)

    def _find(self, client: str, number: str) -> RunningCall | None:
        same = (call for call in self._running if call.client == client and call.request.id == number)
        return next(same, None)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited for it has it, too


def _shown_code(code: object) -> object:
    """A code as the log may show it: what a vendor's DLL returns may be anything."""
    return code if isinstance(code, int) or _SHOWN_CODE.fullmatch(str(code)) else "?"
