"""The extension screen between the service and a display: what a call tells it, and that no call waits for it."""

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

from shim.abi import Port
from shim.call_activity import CallActivity
from shim.configuration import parse
from shim.devices.base import DeviceUnavailable
from shim.devices.screen.absent import AbsentScreen
from shim.devices.screen.base import Display, Shown, State
from shim.devices.screen.driver import DrivenScreen
from shim.devices.screen.pick import pages, pick_painter, pick_screen, pick_times
from shim.devices.screen.serial_display import SerialDisplay
from shim.devices.screen.state import Board, Times
from shim.devices.screen.window_display import WindowDisplay
from shim.dialects.virtualcard import VcAnswer, VcRequest
from shim.simulator.persons import APP_ID, SECRET, TERM_ID
from shim.simulator.server import Simulator
from shim.spec import find_method
from shim.spec.rows import Step
from tests.simulator.test_platforms import NEWCOMER

LOGGER = logging.getLogger("vcshim.tests.screen")
WHO = {"operator_id": "9527", "operator_name": "测试员", "treatment_code": "010101"}
WHEN = "20261121000058"


def until(condition: Callable[[], Any]) -> None:
    """Wait for it; the limit only ends a test that has failed."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


class Recorder(Display):
    """Remembers what it was shown; `stuck` holds it up in the middle of that, `bug` makes it raise once."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.refreshed = 0
        self.closed = 0
        self.stuck = threading.Event()
        self.stuck.set()
        self.bug = False

    def refresh(self, shown: Shown) -> None:
        self.stuck.wait(60)
        if self.bug:
            self.bug = False
            raise RuntimeError(shown.code)
        self.refreshed += 1
        if not self.shown or self.shown[-1] != shown:
            self.shown.append(shown)

    def close(self) -> None:
        self.closed += 1


def driven(display: Recorder, **times: float) -> DrivenScreen:
    return DrivenScreen(Board(Times(**times)), lambda: display, CallActivity(), LOGGER)


# ---- the thread ------------------------------------------------------------------------------------------------------


def test_nothing_starts_before_mode_1() -> None:
    opened: list[int] = []
    screen = DrivenScreen(Board(Times()), lambda: opened.append(1) or Recorder(), CallActivity(), LOGGER)  # type: ignore[func-returns-value]
    screen.set_visible(False)
    screen.tell(Step.ASKS, "A1", "http://h/1")
    time.sleep(0.1)
    assert not opened
    screen.set_visible(True)
    until(lambda: opened)


def test_the_whole_way() -> None:
    display = Recorder()
    screen = driven(display, valid=1.2, succeeded=0.3, expired=0.3)
    screen.set_visible(True)
    screen.tell(Step.ASKS, "A1", "http://h/1")
    until(lambda: display.shown and display.shown[-1].state is State.WAITING)
    screen.tell(Step.DECIDES, "A1", "succ")
    until(lambda: display.shown[-1].state is State.SUCCEEDED)
    until(lambda: display.shown[-1].state is State.HIDDEN)
    screen.tell(Step.ASKS, "A2", "http://h/2")
    until(lambda: display.shown[-1].state is State.EXPIRED)
    assert [shown.seconds for shown in display.shown if shown.code == "http://h/2"] == [2, 1]
    until(lambda: display.shown[-1].state is State.HIDDEN)


def test_a_display_that_is_never_left_alone() -> None:
    """A window wants to be asked for signs of life also while nothing happens."""
    display = Recorder()
    driven(display).set_visible(True)
    until(lambda: display.refreshed > 8)
    assert display.shown == [Shown(State.HIDDEN)]


def test_no_call_waits_for_a_stuck_display() -> None:
    display = Recorder()
    screen = driven(display)
    display.stuck.clear()
    screen.set_visible(True)
    for number in range(200):
        screen.tell(Step.ASKS, str(number), f"http://h/{number}")
        screen.tell(Step.DECIDES, str(number), "cancel")
    screen.set_visible(False)
    screen.set_visible(True)
    screen.tell(Step.ASKS, "last", "http://h/last")
    assert display.shown == []  # still stuck: nobody waited for it
    display.stuck.set()
    until(lambda: display.shown and display.shown[-1].code == "http://h/last")


def test_a_bug_hides_the_code_and_the_screen_comes_back(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shim.devices.screen.driver._AFTER_A_BUG", (0.1, 0.1))
    displays: list[Recorder] = []

    def opened() -> Recorder:
        displays.append(Recorder())
        return displays[-1]

    screen = DrivenScreen(Board(Times()), opened, CallActivity(), LOGGER)
    screen.set_visible(True)
    until(lambda: displays)
    with caplog.at_level(logging.ERROR, LOGGER.name):
        displays[0].bug = True
        screen.tell(Step.ASKS, "A1", "http://secret/1")
        until(lambda: len(displays) == 2 and displays[1].shown and displays[1].shown[-1].state is State.WAITING)
    assert displays[0].closed == 1
    assert "扩展屏内部错误" in caplog.text
    # The log's own handler writes the place and the kind, never the text of an exception.
    assert all(record.getMessage().find("secret") < 0 for record in caplog.records)


# ---- what a call tells it --------------------------------------------------------------------------------------------


class Told(AbsentScreen):
    """A screen that only listens."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[Step, str, str]] = []

    def tell(self, step: Step, number: str, text: str) -> None:
        self.told.append((step, number, text))


class Host:
    """A program with a service of its own, whose screen only listens."""

    def __init__(self, folder: Path, url: str) -> None:
        self.port = Port(folder)
        self.screen = Told()
        self._url = url

    def call(self, method: str, content: dict[str, Any], wish: str = "") -> tuple[bytes, dict[str, Any] | str]:
        in_data = {
            "app_id": APP_ID, "biz_content": content, "enc_type": "AES", "key": SECRET, "method": method,
            "sign_type": "SM3", "term_id": TERM_ID, "timestamp": WHEN, "version": "X.M.0.1",
        }  # fmt: skip
        texts = [(self._url + wish).encode(), json.dumps(in_data, ensure_ascii=False).encode("gb18030")]
        service = self.port._wire().service
        service._devices = replace(service._devices, screen=self.screen)
        answer = self.port.answer("VirtualCardTrans", texts, 0, 4096)
        text = answer.out.decode("gb18030")
        return answer.code, json.loads(text) if answer.code == b"00" else text


@pytest.fixture
def host(tmp_path: Path, simulator: Simulator) -> Host:
    return Host(tmp_path, simulator.gateway)


def test_authurl_and_query(host: Host, simulator: Simulator) -> None:
    asking = {**WHO, "out_authorize_no": "S1", "out_authorize_time": WHEN}
    code, told = host.call("ehc.ehealthcard.authurl", asking)
    assert code == b"00" and isinstance(told, dict)
    url = told["ehealth_authurl"]
    host.call("ehc.ehealthcard.auth.query", {"out_authorize_no": "S1"})
    assert host.screen.told == [(Step.ASKS, "S1", url), (Step.DECIDES, "S1", "ing")]


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
    code, told = host.call("ehc.ehealthcard.querywithreg", {**NEWCOMER, **flag})
    assert code == b"00" and isinstance(told, dict)
    if step is Step.FOLLOWS and not told.get(field):
        step, field = Step.REGISTERS, "ehealth_code"  # a platform that has none: the new code
    assert host.screen.told == [(step, "", told[field])]


def test_a_code_that_nobody_asked_for(host: Host) -> None:
    """A platform that sends pub_qrcode always: it is shown where pub_flag asks for it, else the new code."""
    host.call("ehc.ehealthcard.querywithreg", NEWCOMER)
    host.screen.told.clear()
    service = host.port._wired.service  # type: ignore[union-attr]
    fields = {"ehealth_code": "C:1", "pub_qrcode": "http://follow"}
    for content, told in (({}, (Step.REGISTERS, "", "C:1")), ({"pub_flag": "Y"}, (Step.FOLLOWS, "", "http://follow"))):
        method = find_method("ehc.ehealthcard.querywithreg")
        request = VcRequest("", method, {}, dict(content), "", {})
        service._tell_screen(request, VcAnswer("", True, fields))
        assert host.screen.told.pop() == told


def test_a_refusal_tells_the_screen_nothing(host: Host) -> None:
    asking = {**WHO, "out_authorize_no": "S2", "out_authorize_time": WHEN}
    assert host.call("ehc.ehealthcard.authurl", asking, "?sim=refuse:3001")[0] == b"3001"
    assert host.call("ehc.ehealthcard.no.such.method", {})[0] != b"00"
    assert host.screen.told == []


def test_other_methods_tell_it_nothing(host: Host) -> None:
    code, _ = host.call(
        "ehc.ehealthcode.verify",
        {**WHO, "ehealth_code": "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001",
         "out_verify_no": "V1", "out_verify_time": WHEN},
    )  # fmt: skip
    assert code == b"00" and host.screen.told == []


# ---- settings --------------------------------------------------------------------------------------------------------


def test_the_default_is_a_window(tmp_path: Path) -> None:
    screen = pick_screen(parse("").screen, LOGGER, tmp_path, CallActivity())
    assert isinstance(screen, DrivenScreen)
    assert isinstance(screen._open_display(), WindowDisplay)
    assert pick_times(parse("").screen) == Times(60, 3, 3, 60)


def test_none_says_so(tmp_path: Path) -> None:
    screen = pick_screen(parse("[screen]\ntype = none\n").screen, LOGGER, tmp_path, CallActivity())
    with pytest.raises(DeviceUnavailable) as caught:
        screen.set_visible(True)
    assert "[screen]" in caught.value.message and "扩展屏未配置" in caught.value.message
    screen.tell(Step.ASKS, "A1", "http://h/1")


@pytest.mark.parametrize(
    ("ini", "advice"),
    [
        ("type = serial", "port"),
        ("type = serial\nport = COM4\nprotocol = custom\nprefix = 0x7E", "十六进制"),
    ],
)
def test_what_cannot_be_used_is_said_at_mode_1(tmp_path: Path, ini: str, advice: str) -> None:
    screen = pick_screen(parse(f"[screen]\n{ini}\n").screen, LOGGER, tmp_path, CallActivity())
    with pytest.raises(DeviceUnavailable) as caught:
        screen.set_visible(True)
    assert advice in caught.value.message


def test_texts_colours_and_fonts_of_the_site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ini = (
        "[screen]\nheading = 第一医院\nwaiting_title = 扫我\nsucceeded_title = 好了\ngood_colour = #123456\n"
        "bad_colour = 红\nfonts = nosuch.ttf; other.ttc#2\ncountdown = 剩 {seconds}\n"
    )
    with caplog.at_level(logging.WARNING, LOGGER.name):
        page = pages(parse(ini).screen, LOGGER)
        pick_painter(parse(ini).screen, LOGGER, tmp_path)
    assert page(Shown(State.WAITING, "http://h", 7)).countdown == "剩 7"
    assert page(Shown(State.WAITING, "http://h", 7)).look.title == "扫我"
    good, bad = (page(Shown(state)).look for state in (State.SUCCEEDED, State.REFUSED))
    assert (good.title, good.colour, bad.colour) == ("好了", "#123456", "#B3261E")
    assert all(page(Shown(state)).look.title for state in set(State) - {State.HIDDEN})
    assert caplog.text.count("bad_colour") == 2  # refused and expired


@pytest.mark.needs("font")
def test_a_character_that_the_fonts_lack_is_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, LOGGER.name):
        pick_painter(parse("[screen]\nheading = 医院\ue000\n").screen, LOGGER, tmp_path)
    (record,) = caplog.records
    assert record.facts["characters"] == "U+E000"  # type: ignore[attr-defined]


def test_a_serial_display_is_driven_alike(tmp_path: Path) -> None:
    screen = pick_screen(
        parse("[screen]\ntype = serial\nport = /dev/ttyNONE\n").screen, LOGGER, tmp_path, CallActivity()
    )
    assert isinstance(screen, DrivenScreen)
    assert isinstance(screen._open_display(), SerialDisplay)
