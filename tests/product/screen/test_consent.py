"""A patient decides: the phone is Chromium on the simulator's page, whose address a decoder read off the screen."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from shim.simulator.server import Simulator
from tests.support.browser import Browser, chromium
from tests.support.desk import wait_until
from tests.support.screenhost import BAD, GOOD, ScreenHost, codes, countdown, differ, is_hidden, shows
from tests.support.screens import Place


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.mark.parametrize(
    ("decision", "status", "colour"), [("agree", "succ", GOOD), ("refuse", "cancel", BAD), ("fail", "fail", BAD)]
)
def test_a_patient_decides(
    host: ScreenHost, place: Place, browser: Browser, simulator: Simulator, decision: str, status: str,
    colour: tuple[int, int, int],
) -> None:  # fmt: skip
    """How soon the screen changes is measured by bench/screen.py: VC 2.2 demands three seconds."""
    desk = place.desk
    number = f"DECIDE-{place.system}-{decision}"
    assert host.mode(1) == 0
    url = host.ask(number)
    wait_until(lambda: codes(desk) == [url])
    browser.forget()
    browser.open(f"{simulator.url}/phone")
    browser.follow(".people a")
    browser.open(codes(desk)[0])
    browser.follow(f"button[value={decision}]")
    while host.query(number) == "ing":
        time.sleep(0.2)
    wait_until(lambda: shows(desk, colour))
    if status == "succ":
        assert codes(desk) == []
        wait_until(lambda: is_hidden(desk))
    else:
        assert codes(desk) == [url]
        first = countdown(desk)
        wait_until(lambda: differ(first, countdown(desk)))  # VC 2.2: 维持授权页面，倒计时继续
    assert host.query(number) == status
