"""Exceptions at a sample of the points of a transaction; `build_dll.py faults --raised` raises at all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shim import submission
from shim.host_bytes import Answer
from shim.submission import Submission
from shim.transport.connection import Connection
from shim.transport.sockets import SocketTransport
from tests.support.raised.campaign import Caller, as_in_a_host, judge, run
from tests.support.raised.scenes import SCENES, Evidence, Scene, Stage

TRANSACTIONS = [row for row in SCENES.values() if row.function in ("VirtualCardTrans", "NationEcTrans")]
POINTS = 60
ENOUGH = 120  # so many points hit the line that a test has spoilt


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("scene", TRANSACTIONS, ids=lambda row: row.name)
def test_an_exception_anywhere(scene: Scene, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The answer agrees with what arrived, no text of the exception is repeated, and the next call works."""
    tally = run(scene, tmp_path, seed=12, sample=POINTS)
    assert tally.findings == []
    most = 0.5 if scene.where == "helpers" else 0.75  # a kept connection needs no thread; a busy machine is late
    assert tally.raised >= min(POINTS, tally.events) * most
    assert capfd.readouterr() == ("", "")


def deep(room: int, call: Callable[[], Answer], limit: list[int]) -> Answer:
    """`call` with `room` frames left for it. Begins deeper than any other thread is, for the limit is that of all."""
    frame, depth = sys._getframe(), 0
    while frame is not None and (depth := depth + 1):
        frame = frame.f_back  # type: ignore[assignment]
    if depth < 150:
        return deep(room, call, limit)
    limit.append(depth + room)
    sys.setrecursionlimit(depth + room)
    return call()


@pytest.mark.parametrize("name", ["verify", "register", "nation", "verify inside the process"])
def test_a_stack_of_any_depth(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """RecursionError as Python raises it: deeper and deeper, until there is room for the whole call."""
    scene, usual = SCENES[name], sys.getrecursionlimit()
    outcomes: list[str] = []

    def once(stage: Stage, room: int) -> str:
        state, limit = Submission(), [0]
        try:
            answer = deep(room, lambda: stage.call(state), limit)
        except RecursionError:  # so little that not even the last catch could answer: C does
            return "" if not state.begun else "left the call after it had begun"
        finally:
            sys.setrecursionlimit(usual)
        finding, outcome = judge(scene, stage.expected, answer, stage.evidence(), state.begun)
        outcomes.append(outcome)
        return finding

    with scene.stage(tmp_path) as stage, as_in_a_host():
        caller, after = Caller(), Caller()
        for room in range(3, 60):
            finding = caller(lambda: once(stage, room))  # noqa: B023
            assert finding == "", room
            stage.evidence()
            assert after(lambda: stage.call(Submission())) == stage.expected
            stage.evidence()
    assert {"not sent", "true"} <= set(outcomes)
    assert capfd.readouterr() == ("", "")


# ---- the campaign finds what it is for -------------------------------------------------------------------------------


def test_a_state_that_is_set_too_late_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(self: Connection, data: bytes, deadline: object) -> None:
        self._sock.sendall(data)
        self.sent = len(data)

    monkeypatch.setattr(Connection, "send", send)
    findings = run(SCENES["register"], tmp_path, seed=12, sample=ENOUGH).findings
    assert any("as if nothing had been sent" in text for text in findings)


def test_a_state_that_is_set_too_early_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(self: SocketTransport, *arguments: Any) -> Any:
        submission.begin()
        return asking(self, *arguments)

    asking = SocketTransport._ask
    monkeypatch.setattr(SocketTransport, "_ask", ask)
    findings = run(SCENES["register"], tmp_path, seed=12, sample=4 * ENOUGH).findings
    assert findings and all("nothing had been handed over yet" in text for text in findings)


def test_a_success_without_a_request_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SCENES["register"].stage(tmp_path) as stage:
        expected = stage.expected
    nothing, whole = Evidence(False, False), Evidence(True, True)
    assert judge(SCENES["register"], expected, expected, nothing, False)[0].startswith("the true answer to nothing")
    other = replace(expected, out=b"{}")
    assert judge(SCENES["register"], expected, other, whole, True)[0].startswith("a success that is none")
    told = replace(expected, code=b"8009", number=8009, out="请求未发出，患者张三".encode("gb18030"))
    assert judge(SCENES["register"], expected, told, nothing, False)[0].startswith("repeats the exception")
