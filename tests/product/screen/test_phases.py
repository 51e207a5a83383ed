"""The extension screen as a patient sees it: built libraries, a native program, two monitors.

On Linux the host library; under Wine the 32-bit DLL in a GUI program whose EDIT control has the focus.
"""

from __future__ import annotations

import time

import pytest

from tests.support.desk import wait_until
from tests.support.platforms import NEWCOMER
from tests.support.product import Product
from tests.support.screenhost import (
    BAD,
    INI,
    ScreenHost,
    at_rest,
    codes,
    countdown,
    differ,
    is_hidden,
    pixels,
    shows,
)
from tests.support.screens import Place


def test_every_phase(host: ScreenHost, place: Place) -> None:
    """Waiting, hidden, a new code, a code to follow; nothing on the main monitor, and the focus stays."""
    desk = place.desk
    wait_until(lambda: place.system == "linux" or host.order("focus")[1:3] == ["Edit", "1"])
    before = at_rest(desk, desk.main)
    focus = host.order("focus")
    assert host.mode(1) == 0

    url = host.ask("PHASES1")
    wait_until(lambda: codes(desk) == [url])
    first = countdown(desk)
    wait_until(lambda: differ(first, countdown(desk)))
    assert codes(desk) == [url]

    assert host.query("PHASES1") == "ing"
    assert pixels(desk, BAD) == 0
    time.sleep(0.5)  # two refreshes
    assert codes(desk) == [url]

    assert host.mode(0) == 0
    wait_until(lambda: is_hidden(desk))
    assert host.mode(1) == 0

    card = host.call("ehc.ehealthcard.querywithreg", NEWCOMER)
    wait_until(lambda: codes(desk) == [card["ehealth_code"]])
    follow = host.call("ehc.ehealthcard.querywithreg", {**NEWCOMER, "pub_flag": "Y"})
    wait_until(lambda: codes(desk) == [follow["pub_qrcode"]])

    assert host.order("focus") == focus
    assert not differ(before, desk.picture(desk.main))


@pytest.fixture
def short(product: Product) -> Product:
    """The shortest time that a code may be valid; a test has that long to see it."""
    return product.ini(INI + "valid_seconds = 5\nexpired_seconds = 4\n")


def test_zero_seconds(short: Product, host: ScreenHost, place: Place) -> None:
    """At zero the code goes, 已过期 is shown, and then the screen is hidden."""
    desk = place.desk
    assert host.mode(1) == 0
    card = host.call("ehc.ehealthcard.querywithreg", NEWCOMER)
    wait_until(lambda: codes(desk) == [card["ehealth_code"]])  # from here on a frame takes no second
    url = host.ask("ZERO1")
    wait_until(lambda: codes(desk) == [url])
    wait_until(lambda: shows(desk, BAD))
    assert codes(desk) == []
    wait_until(lambda: is_hidden(desk))


def test_no_patient_data_in_the_log(host: ScreenHost, place: Place, product: Product) -> None:
    host.mode(1)
    url = host.ask("LOGGED1")
    card = host.call("ehc.ehealthcard.querywithreg", NEWCOMER)
    wait_until(lambda: codes(place.desk) == [card["ehealth_code"]])
    text = product.log_text()
    assert "扩展屏已就绪" in text
    assert all(secret not in text for secret in (url, card["ehealth_code"], card["ehealth_card_id"], "㛃敏"))


@pytest.mark.parametrize(("mode", "code"), [(2, 9001), (-1, 9001), (0, 0)])
def test_other_modes(host: ScreenHost, mode: int, code: int) -> None:
    assert host.mode(mode) == code
