"""Which calls may be ended, and which never are: on libraries that answer when the test says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import pytest

from shim.bridge.calls import RunningCalls
from shim.bridge.refusals import ENDED, BridgeRefusal
from shim.bridge.request import read_request
from tests.support.bridges import Lines

SCAN: dict[str, Any] = {"strUrl": "sim:", "InData": {"transType": "ec.query", "data": {}}}
NO_SCAN: dict[str, Any] = {"strUrl": "sim:", "InData": {"transType": "ec.other", "data": {}}}


class Held:
    """Libraries whose transactions last until they are released. `now` is the process that takes calls."""

    def __init__(self) -> None:
        self.now = "one"
        self.asked: list[str] = []
        self.modes: list[int] = []
        self.waiting: list[asyncio.Future[dict[str, Any]]] = []

    async def process(self) -> str:
        return self.now

    async def call(self, process: str, name: str, values: Sequence[str | int], seconds: float) -> dict[str, Any]:
        if name == "Set_QRflow_Mode":
            self.asked.append(process)
            self.modes.append(int(values[0]))
            return {"code": 0}
        self.waiting.append(asyncio.get_running_loop().create_future())
        return await self.waiting[-1]


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def started(held: Held, *rows: tuple[str, str, dict[str, Any]]) -> tuple[RunningCalls, list[asyncio.Task[Any]]]:
    """Calls of clients, by id."""
    calls = RunningCalls(held, 60, logging.getLogger("bridge-calls"))
    made = [calls.begin(who, read_request("NationEcTrans", {**fields, "id": number})) for who, number, fields in rows]
    return calls, [asyncio.ensure_future(calls.finish(call)) for call in made]


@pytest.mark.parametrize(
    ("rows", "cancel", "ended"),
    [
        ([("a", "1", SCAN)], ("a", "1"), True),
        ([("a", "1", NO_SCAN)], ("a", "1"), False),
        ([("a", "1", SCAN)], ("b", "1"), False),
        ([("a", "1", SCAN)], ("a", "2"), False),
        # the first has its code already: the DLL refuses a second scan at once
        ([("a", "1", SCAN), ("a", "2", SCAN)], ("a", "1"), False),
        ([("a", "1", SCAN), ("a", "2", SCAN)], ("a", "2"), True),
        ([("a", "1", SCAN), ("a", "2", NO_SCAN)], ("a", "1"), True),
        ([("a", "1", SCAN), ("b", "1", SCAN)], ("a", "1"), False),
    ],
)
def test_whose_scan_is_ended(rows: list[tuple[str, str, dict[str, Any]]], cancel: tuple[str, str], ended: bool) -> None:
    async def play() -> None:
        held = Held()
        calls, tasks = started(held, *rows)
        await _settle()
        assert await calls.cancel(*cancel) is ended
        assert held.modes == ([0] if ended else [])
        assert await calls.cancel(*cancel) is False  # once is enough
        for future in held.waiting:
            future.set_result({"code": "-2", "OutData": ""})
        assert {answer["code"] for answer in await asyncio.gather(*tasks)} == {"-2"}
        assert await calls.cancel(*cancel) is False

    asyncio.run(play())


def test_scans_in_two_processes() -> None:
    """Each is ended where it is: a process that takes no more calls may have one still."""

    async def play() -> None:
        held = Held()
        calls, tasks = started(held, ("a", "1", SCAN))
        await _settle()
        held.now = "two"
        later = calls.begin("a", read_request("NationEcTrans", {**SCAN, "id": "2"}))
        assert await calls.cancel("a", "1") is False  # it may still go to the same one
        tasks.append(asyncio.ensure_future(calls.finish(later)))
        await _settle()
        assert [await calls.cancel("a", number) for number in ("1", "2")] == [True, True]
        assert held.asked == ["one", "two"]
        for future in held.waiting:
            future.set_result({"code": "-2", "OutData": ""})
        await asyncio.gather(*tasks)

    asyncio.run(play())


def test_a_client_that_has_left() -> None:
    """Its scan ends; a call that has been sent goes on to its end, and the log has its outcome."""

    async def play() -> None:
        held = Held()
        calls = RunningCalls(held, 60, logging.getLogger("bridge-calls"))
        sent = calls.begin("a", read_request("NationEcTrans", NO_SCAN))
        scan = calls.begin("a", read_request("NationEcTrans", SCAN))
        tasks = [asyncio.ensure_future(calls.finish(call)) for call in (sent, scan)]
        await _settle()
        for task in tasks:
            task.cancel()
        calls.leave(sent)
        calls.leave(scan)
        await _settle()
        assert held.modes == [0]
        for future in held.waiting:
            future.set_result({"code": "0000", "OutData": ""})
        await _settle()
        calls.leave(sent)  # too late to matter
        await _settle()
        assert held.modes == [0]

    with Lines("bridge-calls") as lines:
        asyncio.run(play())
    assert [row["code"] for row in lines.facts] == ["0000", "0000"]
    assert [row.get("ended_by") for row in lines.facts] == [None, "left"]


def test_the_log_has_no_value() -> None:
    """A vendor's code may be anything; a refusal goes by its name."""

    async def play() -> None:
        held = Held()
        _, tasks = started(held, ("https://his.example.cn ws 1", "1", NO_SCAN), ("b", "2", NO_SCAN))
        await _settle()
        held.waiting[0].set_result({"code": "张三 350200199001011234", "OutData": "张三"})
        held.waiting[1].set_exception(BridgeRefusal(ENDED, code=1))
        await asyncio.gather(*tasks, return_exceptions=True)

    with Lines("bridge-calls") as lines:
        asyncio.run(play())
    for row in lines.facts:
        row.pop("ms")
    assert lines.facts == [
        {"call": "NationEcTrans", "from": "https://his.example.cn", "code": "?"},
        {"call": "NationEcTrans", "from": "b", "refused": "ended"},
    ]
