"""The thread of the extension screen, that no call waits for it, and what a call of the service tells it."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shim.call_activity import CallActivity
from shim.call_port import Port
from shim.devices.screen.absent import AbsentScreen
from shim.devices.screen.base import Display, ScreenContent, ScreenPhase
from shim.devices.screen.driver import DrivenScreen
from shim.devices.screen.state import Durations, ScreenState
from shim.dialects.virtualcard import VcAnswer, VcRequest
from shim.simulator.server import Simulator
from shim.spec import find_method
from shim.spec.rows import Step
from tests.support.consent import AUTHURL, OPERATOR, QUERY, TIME, asking, in_data
from tests.support.platforms import NEWCOMER

LOGGER = logging.getLogger("vcshim.tests.screen")


def until(condition: Callable[[], Any]) -> None:
    """Wait until `condition` holds; the limit only ends a test that has failed."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.01)


class Recorder(Display):
    """Records what it is shown. `running` cleared makes `refresh` hang; `bug` makes it raise once."""

    def __init__(self) -> None:
        self.shown: list[ScreenContent] = []
        self.refreshed = 0
        self.closed = 0
        self.rested = 0
        self.running = threading.Event()
        self.running.set()
        self.bug = False
        self.trouble = ""

    @property
    def problem(self) -> str | None:
        return self.trouble

    def refresh(self, content: ScreenContent) -> None:
        self.running.wait(60)
        if self.bug:
            self.bug = False
            raise RuntimeError(content.code)
        self.refreshed += 1
        if not self.shown or self.shown[-1] != content:
            self.shown.append(content)

    def rest(self) -> None:
        self.rested += 1

    def close(self) -> None:
        self.closed += 1


def driven(display: Recorder, **times: float) -> DrivenScreen:
    return DrivenScreen(ScreenState(Durations(**times)), lambda: display, CallActivity(), LOGGER)


# ---- the thread ------------------------------------------------------------------------------------------------------


def test_nothing_starts_before_mode_1() -> None:
    opened: list[int] = []
    screen = DrivenScreen(ScreenState(Durations()), lambda: opened.append(1) or Recorder(), CallActivity(), LOGGER)  # type: ignore[func-returns-value]
    screen.set_visible(False)
    screen.tell(Step.ASKS, "A1", "http://h/1")
    time.sleep(0.1)
    assert not opened
    screen.set_visible(True)
    until(lambda: opened)


def test_all_phases() -> None:
    display, now = Recorder(), [100.0]
    state = ScreenState(Durations(valid=1.2, succeeded=0.3, expired=0.3))
    screen = DrivenScreen(state, lambda: display, CallActivity(), LOGGER, clock=lambda: now[0])

    def shows(phase: ScreenPhase, seconds: int | None = None) -> None:
        until(lambda: display.shown and (display.shown[-1].phase, display.shown[-1].seconds) == (phase, seconds))

    screen.set_visible(True)
    screen.tell(Step.ASKS, "A1", "http://h/1")
    shows(ScreenPhase.WAITING, 2)
    screen.tell(Step.DECIDES, "A1", "succ")
    shows(ScreenPhase.SUCCEEDED)
    now[0] += 0.3
    shows(ScreenPhase.HIDDEN)
    screen.tell(Step.ASKS, "A2", "http://h/2")
    for passes, phase, seconds in (
        (0.1, ScreenPhase.WAITING, 2),
        (0.2, ScreenPhase.WAITING, 1),
        (1.0, ScreenPhase.EXPIRED, None),
        (0.3, ScreenPhase.HIDDEN, None),
    ):
        now[0] += passes
        shows(phase, seconds)
    assert [shown.seconds for shown in display.shown if shown.code == "http://h/2"] == [2, 1]


def test_a_display_is_refreshed_while_nothing_changes() -> None:
    """A window must be pinged, and a lost display looked for, also between calls."""
    display = Recorder()
    driven(display).set_visible(True)
    until(lambda: display.refreshed > 8)
    assert display.shown == [ScreenContent(ScreenPhase.HIDDEN)]


def test_nothing_runs_while_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The device is released and the thread ends; switched on again it shows on the same display."""
    monkeypatch.setattr("shim.devices.screen.driver._UNUSED_SECONDS", 0.3)
    display = Recorder()
    screen = driven(display)
    for times in (1, 2):
        screen.set_visible(True)
        screen.tell(Step.ASKS, "A1", "http://h/1")
        until(lambda: display.shown and display.shown[-1].code == "http://h/1")
        thread = screen._thread
        assert thread is not None and display.rested == times - 1
        screen.set_visible(False)
        thread.join(30)
        assert not thread.is_alive() and display.rested == times and display.closed == 0
        assert display.shown[-1].phase is ScreenPhase.HIDDEN


def test_a_host_that_switches_to_and_fro_finds_it_running() -> None:
    display = Recorder()
    screen = driven(display)
    screen.set_visible(True)
    thread = screen._thread
    for _ in range(20):
        screen.set_visible(False)
        until(lambda: not screen._pending)
        screen.set_visible(True)
        until(lambda: not screen._pending)
    assert screen._thread is thread and display.rested == 0


def test_switched_on_while_the_device_is_being_released(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.devices.screen.driver._UNUSED_SECONDS", 0.0)
    display = Recorder()
    screen = driven(display)

    def rest() -> None:
        display.rested += 1
        screen.set_visible(True)
        screen.tell(Step.ASKS, "A2", "http://h/2")

    monkeypatch.setattr(display, "rest", rest)
    screen.set_visible(True)
    screen.set_visible(False)
    until(lambda: display.shown and display.shown[-1].code == "http://h/2")
    assert display.rested == 1


def test_the_problem_is_that_of_the_display() -> None:
    """Unknown until the display has seen what the last call asked for; an internal error has a text of its own."""
    display = Recorder()
    screen = driven(display)
    assert screen.problem is None
    display.trouble = "已断开"
    screen.set_visible(True)
    until(lambda: screen.problem == "已断开")
    display.trouble = ""
    until(lambda: screen.problem == "")
    display.running.clear()
    screen.tell(Step.ASKS, "A1", "http://h/1")
    assert screen.problem is None
    until(lambda: not screen._pending)  # the thread is in `refresh`
    assert screen.problem is None
    display.running.set()
    until(lambda: screen.problem == "")
    display.bug = True
    until(lambda: "内部错误" in (screen.problem or ""))


def test_no_call_waits_for_a_display_that_hangs() -> None:
    display = Recorder()
    screen = driven(display)
    display.running.clear()
    screen.set_visible(True)
    for number in range(200):
        screen.tell(Step.ASKS, str(number), f"http://h/{number}")
        screen.tell(Step.DECIDES, str(number), "cancel")
    screen.set_visible(False)
    screen.set_visible(True)
    screen.tell(Step.ASKS, "last", "http://h/last")
    assert display.shown == []  # it still hangs, and no call waited
    display.running.set()
    until(lambda: display.shown and display.shown[-1].code == "http://h/last")


def test_a_bug_hides_the_code_and_the_screen_comes_back(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shim.devices.screen.driver._RESTART_SECONDS", (0.1, 0.1))
    displays: list[Recorder] = []

    def opened() -> Recorder:
        displays.append(Recorder())
        return displays[-1]

    screen = DrivenScreen(ScreenState(Durations()), opened, CallActivity(), LOGGER)
    screen.set_visible(True)
    until(lambda: displays)
    with caplog.at_level(logging.ERROR, LOGGER.name):
        displays[0].bug = True
        screen.tell(Step.ASKS, "A1", "http://secret/1")
        until(lambda: len(displays) == 2 and displays[1].shown and displays[1].shown[-1].phase is ScreenPhase.WAITING)
    assert displays[0].closed == 1
    assert "扩展屏内部错误" in caplog.text
    # The log's own handler writes the place and the type of an exception, never its text.
    assert all(record.getMessage().find("secret") < 0 for record in caplog.records)


# ---- what a call tells it --------------------------------------------------------------------------------------------


class RecordingScreen(AbsentScreen):
    """Records what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Step, str, str]] = []
        self.times: list[str] = []

    def tell(self, step: Step, number: str, text: str, time_expire: str = "") -> None:
        self.calls.append((step, number, text))
        self.times.append(time_expire)


class Host:
    """A program with its own service, whose screen records."""

    def __init__(self, folder: Path, url: str) -> None:
        self.port = Port(folder)
        self.screen = RecordingScreen()
        self._url = url

    def call(self, method: str, content: dict[str, Any], directives: str = "") -> tuple[bytes, dict[str, Any] | str]:
        texts = [
            (self._url + directives).encode(),
            json.dumps(in_data(method, content), ensure_ascii=False).encode("gb18030"),
        ]
        service = self.port._wire().service
        service._devices = replace(service._devices, screen=self.screen)
        answer = self.port.answer("VirtualCardTrans", texts, 0, 4096)
        text = answer.out.decode("gb18030")
        return answer.code, json.loads(text) if answer.code == b"00" else text


@pytest.fixture
def host(tmp_path: Path, simulator: Simulator) -> Host:
    return Host(tmp_path, simulator.gateway)


def test_authurl_and_query(host: Host, simulator: Simulator) -> None:
    code, out = host.call(AUTHURL, asking("S1"))
    assert code == b"00" and isinstance(out, dict)
    url = out["ehealth_authurl"]
    host.call(QUERY, {"out_authorize_no": "S1"})
    assert host.screen.calls == [(Step.ASKS, "S1", url), (Step.DECIDES, "S1", "ing")]


@pytest.mark.parametrize(
    ("flag", "step", "field"),
    [
        ({}, Step.REGISTERS, "ehealth_code"),
        ({"pub_flag": "N"}, Step.REGISTERS, "ehealth_code"),
        ({"pub_flag": "Y"}, Step.FOLLOWS, "pub_qrcode"),
        ({"pub_flag": "y"}, Step.FOLLOWS, "pub_qrcode"),
    ],
)
def test_a_registration(host: Host, flag: dict[str, str], step: Step, field: str) -> None:
    code, out = host.call("ehc.ehealthcard.querywithreg", {**NEWCOMER, **flag})
    assert code == b"00" and isinstance(out, dict)
    if step is Step.FOLLOWS and not out.get(field):
        step, field = Step.REGISTERS, "ehealth_code"  # a platform that has none: the new code
    assert host.screen.calls == [(step, "", out[field])]


def test_a_code_that_was_not_asked_for(host: Host) -> None:
    """A platform that sends pub_qrcode always: it is shown where pub_flag asks for it, else the new code."""
    host.call("ehc.ehealthcard.querywithreg", NEWCOMER)
    host.screen.calls.clear()
    service = host.port._wired.service  # type: ignore[union-attr]
    fields = {"ehealth_code": "C:1", "pub_qrcode": "http://follow"}
    for content, call in (({}, (Step.REGISTERS, "", "C:1")), ({"pub_flag": "Y"}, (Step.FOLLOWS, "", "http://follow"))):
        method = find_method("ehc.ehealthcard.querywithreg")
        request = VcRequest("", method, {}, dict(content), "", {})
        service._tell_screen(request, VcAnswer("", True, fields))
        assert host.screen.calls.pop() == call


@pytest.mark.parametrize("time_expire", ["", "60", 300, 0, None])
def test_the_screen_knows_whether_a_code_expires(host: Host, time_expire: object) -> None:
    """VC 4.1.1, as the host has given it; a platform's time is not looked at."""
    service = host.port._wire().service
    service._devices = replace(service._devices, screen=host.screen)
    method = find_method("ehc.ehealthcard.querywithreg")
    request = VcRequest("", method, {}, {"time_expire": time_expire}, "", {})
    service._tell_screen(request, VcAnswer("", True, {"ehealth_code": "C:1"}))
    assert host.screen.calls == [(Step.REGISTERS, "", "C:1")]
    assert host.screen.times == ["" if not time_expire else str(time_expire)]


@pytest.mark.parametrize("fields", [{}, {"ehealth_authurl": ""}, {"ehealth_authurl": None}, {"ehealth_authurl": "  "}])
def test_an_answer_without_its_code(host: Host, caplog: pytest.LogCaptureFixture, fields: dict[str, Any]) -> None:
    """The code of the patient before goes, and the log says that there is none."""
    logger = logging.getLogger("tests.screen")  # the log of the port takes the lines of its own
    screen = DrivenScreen(ScreenState(Durations()), Recorder, CallActivity(), logger)
    screen.set_visible(True)
    screen.tell(Step.ASKS, "A1", "http://h/1")
    service = host.port._wire().service
    service._devices = replace(service._devices, screen=screen)
    request = VcRequest("", find_method(AUTHURL), {}, {"out_authorize_no": "A2"}, "", {})
    with caplog.at_level(logging.WARNING, logger.name):
        service._tell_screen(request, VcAnswer("", True, fields))
    assert screen._state.content(screen._clock()).phase is ScreenPhase.HIDDEN
    assert [record.getMessage()[:14] for record in caplog.records] == ["平台的应答中没有二维码的内容"]


def test_a_refusal_tells_the_screen_nothing(host: Host) -> None:
    assert host.call(AUTHURL, asking("S2"), "?sim=refuse:3001")[0] == b"3001"
    assert host.call("ehc.ehealthcard.no.such.method", {})[0] != b"00"
    assert host.screen.calls == []


def test_other_methods_tell_it_nothing(host: Host) -> None:
    code, _ = host.call(
        "ehc.ehealthcode.verify",
        {**OPERATOR, "ehealth_code": "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001",
         "out_verify_no": "V1", "out_verify_time": TIME},
    )  # fmt: skip
    assert code == b"00" and host.screen.calls == []
