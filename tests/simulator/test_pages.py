"""The simulator's pages in headless Chromium: codes that a scanner can read, consent, the console and its fault form.

A test sets the clock of the simulator. For what the browser counts down itself it waits, without measuring. With
--toolbox all but those marked `inside` run against the simulator of vcshim-toolbox.exe (build_dll.py toolbox --pages).
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import requests
import zxingcpp
from selenium.webdriver.common.keys import Keys

from shim.simulator import sealing
from shim.simulator.directives import Directives
from shim.simulator.faults import FaultRule, FaultRuleSet
from shim.simulator.messages import Call
from shim.simulator.pages import present, switches
from shim.simulator.persons import APP_ID, NOTABLE, ORG_ID, SECRET
from shim.simulator.server import Simulator
from shim.simulator.state import SimulatorState
from shim.simulator.store.holders import Card, Holder
from tests.support import toolbox
from tests.support.browser import Browser
from tests.support.clients import Rig
from tests.support.platforms import (
    ASKED_OF_INSURANCE,
    ASKING,
    AUTH_QUERY,
    AUTH_URL,
    VERIFY,
    VERIFYING,
    Clock,
    body,
    dump,
)

# 王𬱖
CODE_ID = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E"
PHONE = f"/phone/{CODE_ID}"
STATIC = f"{CODE_ID}:1:::35020010001"
CLOSED = next(person.code_id for person in NOTABLE if person.closed)
NOT_ACTIVE = next(person.code_id for person in NOTABLE if person.insurance == "500002")
LONGEST = max(NOTABLE, key=lambda person: len(person.user_name)).code_id
# A person whose every field is markup, with a card number that cannot be wrapped.
HOSTILE = Holder(
    id_type="<b>",
    id_no="<img src=x onerror=document.title='beaten'>",
    user_name="<script>document.title='beaten'</script>",
    user_sex='"><i>',
    mobile_phone="'\"><u>",
    birthday="<b>1",
    cards=(Card("<b>", "W" * 120), Card("01", "</table><script>document.title='beaten'</script>")),
)
WIDTHS = (320, 390, 768, 1280, 1920)


class Kiosk:
    """A simulator with a clock that the test sets, and the calls that a kiosk makes to it."""

    def __init__(self, simulator: Simulator | toolbox.ToolboxSimulator, clock: Clock) -> None:
        self._simulator = simulator
        self.gateway = simulator.gateway
        self.clock = clock
        self.url = simulator.url
        self._numbers = itertools.count()

    @property
    def simulator(self) -> Simulator:
        """For tests that are marked `inside`: the simulator in this process."""
        assert isinstance(self._simulator, Simulator)
        return self._simulator

    @property
    def state(self) -> SimulatorState:
        return self.simulator.state

    def ask(self, method: str, content: dict[str, Any], secret: str = SECRET, **envelope: Any) -> dict[str, Any]:
        """A call of the gateway: the answer's envelope, biz_content opened."""
        reply: dict[str, Any] = requests.post(
            self.gateway, body(method, content, secret=secret, **envelope), timeout=20
        ).json()
        if "biz_content" in reply:
            reply["biz_content"] = json.loads(sealing.decrypt_content("AES", reply["biz_content"], secret))
        return reply

    def verify(self, code: str, **envelope: Any) -> tuple[str, str]:
        """The platform's answer to a scanned 多码融合码: its code, and the name."""
        number = f"PAGES{next(self._numbers)}"
        reply = self.ask(VERIFY, {**VERIFYING, "ehealth_code": code, "out_verify_no": number}, **envelope)
        return reply["ret_code"], reply.get("biz_content", {}).get("user_name", "")

    def insured(self, code: str) -> tuple[int, str]:
        """The insurance platform's answer to a scanned code: its code, and the name."""
        content = {**ASKED_OF_INSURANCE, "ecQrCode": code}
        request = {"orgId": ORG_ID, "transType": "ec.query", "data": content, "extra": {}}
        reply = requests.post(self._simulator.qr_query, dump(request).encode(), timeout=20).json()
        return reply["code"], (reply.get("data") or {}).get("userName", "")

    def authurl(self, number: str = "A1") -> str:
        """The address that a kiosk shows as a QR code."""
        url: str = self.ask(AUTH_URL, {**ASKING, "out_authorize_no": number})["biz_content"]["ehealth_authurl"]
        return url

    def authorised(self, number: str = "A1") -> tuple[str, str]:
        """The status of the authorisation, and the name of the person who consented."""
        content = self.ask(AUTH_QUERY, {"out_authorize_no": number})["biz_content"]
        return content["auth_status"], content["user_name"]


@pytest.fixture
def kiosk(request: pytest.FixtureRequest) -> Iterator[Kiosk]:
    """One in this process, or with --toolbox the one of vcshim-toolbox.exe, new for each test."""
    clock = Clock()
    if which := request.config.getoption("toolbox"):
        rig: Rig = request.getfixturevalue("rig")
        with toolbox.simulator(rig.wine64 if which == "win64" else rig.wine32, toolbox.program(which)) as running:
            yield Kiosk(running, clock)
        return
    state = SimulatorState(clock=clock)
    with Simulator(state=state) as simulator:
        yield Kiosk(simulator, clock)
    state.close()


# ---- the phone -------------------------------------------------------------------------------------------------------


def test_the_static_code_is_read_off_the_screen(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(kiosk.url + PHONE)
    assert browser.text("#holder") == "王𬱖"
    assert browser.read_codes(".qr") == [browser.text("#code-text")] == [STATIC]
    assert kiosk.verify(STATIC) == ("0000", "王𬱖")
    assert "长期有效" in browser.text("#code")


@pytest.mark.parametrize(("width", "scale"), [(320, 1), (390, 2), (1280, 1), (1440, 1.25)])
def test_every_code_is_read_off_every_screen(width: int, scale: float, kiosk: Kiosk, browser: Browser) -> None:
    browser.size(width, 800, scale)
    for show in ("static", "dynamic", "insurance"):
        browser.open(f"{kiosk.url}{PHONE}?show={show}")
        assert browser.read_codes(".qr") == [browser.text("#code-text")]


@pytest.mark.parametrize("show", ["static", "dynamic", "insurance"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 640), (430, 932)])
def test_the_code_is_large_on_a_phone(show: str, width: int, height: int, kiosk: Kiosk, browser: Browser) -> None:
    """The modules take four fifths of the width; they and the hint are seen without scrolling."""
    browser.size(width, height, 2)
    browser.open(f"{kiosk.url}{PHONE}?show={show}")
    shown, left, right, bottom = the_code(browser)
    assert shown == browser.text("#code-text")
    assert right - left >= 0.8 * width and left >= 0.08 * width and right <= 0.92 * width
    hint = browser.script("return document.querySelector('.bright').getBoundingClientRect().top")
    assert bottom < hint and (hint < height or height == 640)
    assert browser.text(".bright").startswith("请调亮屏幕")


def the_code(browser: Browser) -> tuple[str, float, float, float]:
    """Text, left, right and lower edge of the modules, in CSS pixels, of the one code in a picture of the window."""
    picture = browser.picture(whole=False).convert("L")
    scale = picture.width / float(browser.script("return innerWidth"))
    (code,) = zxingcpp.read_barcodes(picture)
    rect = browser.script(
        "const r = document.querySelector('.qr svg').getBoundingClientRect(); return [r.x, r.y, r.right]"
    )
    x, y, right = (round(number * scale) for number in rect)
    ink = picture.crop((x, y, right, y + right - x)).point(lambda grey: 255 * (grey < 64)).getbbox()
    assert ink is not None
    return code.text, (x + ink[0]) / scale, (x + ink[2]) / scale, (y + ink[3]) / scale


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800), (844, 390)])
def test_a_tap_shows_the_code_alone(width: int, height: int, kiosk: Kiosk, browser: Browser) -> None:
    """On the whole window, also when the code is renewed meanwhile; a second tap and Escape lead back."""
    browser.size(width, height)
    browser.open(f"{kiosk.url}{PHONE}?show=insurance")
    before = the_code(browser) if height > 600 else ("", 0.0, 0.0, 0.0)
    browser.click(".qr")
    alone = the_code(browser)
    assert alone[0] == browser.text("#code-text") and browser.find("#code-text").is_displayed() is False
    assert alone[2] - alone[1] >= before[2] - before[1] - 1
    covered = "return document.elementFromPoint(innerWidth / 2, arguments[0]).closest('#code') !== null"
    assert browser.script(covered, 2) and browser.script(covered, height - 3)
    browser.script("refresh(document.getElementById('code'))")
    browser.wait(lambda: browser.text("#code-text") != alone[0])
    assert the_code(browser)[0] == browser.text("#code-text")
    browser.click(".qr")
    assert browser.find("#code-text").is_displayed()
    browser.click(".qr")
    browser.find("body").send_keys(Keys.ESCAPE)
    assert browser.find("#code-text").is_displayed()


def test_the_code_alone_without_a_script(kiosk: Kiosk, browser: Browser) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(f"{kiosk.url}{PHONE}?show=dynamic&life=600")
        browser.follow(".qr")
        assert browser.driver.current_url == f"{kiosk.url}{PHONE}?show=dynamic&life=600&full=1"
        assert the_code(browser)[0] == browser.text("#code-text")
        assert not browser.find("#code-text").is_displayed()
        browser.follow(".qr")
        assert browser.find("#code-text").is_displayed()
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.inside
def test_the_dynamic_code_runs_out(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}{PHONE}?show=dynamic")
    (code,) = browser.read_codes(".qr")
    assert code == browser.text("#code-text") and code.startswith(f"{CODE_ID}:0:")
    assert browser.find("progress").get_attribute("max") == "60"
    assert kiosk.verify(code) == ("0000", "王𬱖")
    kiosk.clock.now += 59
    assert kiosk.verify(code) == ("0000", "王𬱖")
    kiosk.clock.now += 1
    assert kiosk.verify(code) == ("2001", "")


@pytest.mark.inside
def test_the_countdown_ends_in_a_new_code(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}{PHONE}?show=dynamic&life=2")
    before = browser.text("#code-text")
    kiosk.clock.now += 2
    assert kiosk.verify(before) == ("2001", "")
    browser.wait(lambda: browser.text("#code-text") != before)
    after = browser.text("#code-text")
    assert browser.read_codes(".qr") == [after]
    assert kiosk.verify(after) == ("0000", "王𬱖")
    assert 0 <= int(browser.text("#code [data-left]")) <= 2


@pytest.mark.inside
def test_the_countdown_waits_for_a_simulator_that_is_away(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}{PHONE}?show=dynamic&life=2")
    before = browser.text("#code-text")
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{kiosk.simulator.gateway}?sim=down:5000", b"{}", timeout=20)
    browser.wait(lambda: browser.count("#code.stale"))
    assert browser.text("#code-text") == before
    kiosk.clock.now += 2
    browser.wait(lambda: browser.text("#code-text") not in ("", before))
    browser.wait(lambda: browser.count(".stale") == 0)
    assert {"net::ERR_" in error for error in browser.errors()} == {True}


def test_a_code_that_has_run_out_can_be_shown(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}{PHONE}?show=dynamic&life=0")
    (code,) = browser.read_codes(".qr")
    assert "已过期" in browser.text("#code .life")
    assert browser.count("#code [data-left]") == 0
    assert kiosk.verify(code) == ("2001", "")


@pytest.mark.inside
def test_the_insurance_code_is_good_once(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}{PHONE}?show=insurance")
    (code,) = browser.read_codes(".qr")
    assert code == browser.text("#code-text") and len(code) == 28 and code.startswith("424") and code.endswith("350000")
    assert "一次有效" in browser.text("#code")
    assert kiosk.insured(code) == (0, "王𬱖")
    assert kiosk.insured(code) == (500049, "")
    browser.click("[data-refresh]")
    browser.wait(lambda: browser.text("#code-text") not in ("", code))
    kiosk.clock.now += 61
    assert kiosk.insured(browser.text("#code-text")) == (500005, "")


def test_the_phone_says_why_an_insurance_code_is_refused(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}/phone/{NOT_ACTIVE}?show=insurance")
    assert browser.text("#code .note") == "查询此凭证将返回 500002 该电子凭证未激活"
    assert kiosk.insured(browser.text("#code-text")) == (500002, "")


@pytest.mark.parametrize("show", ["static", "dynamic", "insurance"])
def test_a_closed_card_shows_no_code(show: str, kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}/phone/{CLOSED}?show={show}")
    assert "已注销" in browser.text(".outcome")
    assert browser.count(".qr, #code-text, #scan, #pending") == 0


@pytest.mark.parametrize("modern", [True, False])
def test_a_code_is_copied(modern: bool, kiosk: Kiosk, browser: Browser) -> None:
    """`modern`: by navigator.clipboard, which browsers offer to loopback and HTTPS only; else by execCommand."""
    browser.driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    browser.open(kiosk.url + PHONE)
    browser.script("window.kept = navigator.clipboard; return kept.writeText('nothing')")
    if modern:
        browser.script("document.execCommand = () => false")
    else:
        browser.script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    browser.click("[data-copy]")
    browser.wait(lambda: browser.text("[data-copy]") == "已复制")
    assert browser.script("return kept.readText()") == STATIC


def test_a_person_is_found_and_shown(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}/phone")
    browser.find("#q").send_keys("990000195203030026")
    browser.follow(".search button")
    assert browser.count(".people li") == 1
    browser.follow(".people a")
    assert browser.driver.current_url == kiosk.url + PHONE
    assert "居民身份证 990•••••••••••0026" in browser.text(".holder")
    assert browser.text(".cards li") == "社保卡 默认D000002"


def test_a_request_comes_to_the_phone_by_itself(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(kiosk.url + PHONE)
    assert browser.count(".requests") == 0
    url = kiosk.authurl("PUSHED")
    browser.wait(lambda: browser.count(".requests a"))
    assert "PUSHED" in browser.text(".requests")
    browser.follow(".requests a")
    assert browser.driver.current_url == url


def test_an_authurl_is_scanned_by_hand(kiosk: Kiosk, browser: Browser) -> None:
    url = kiosk.authurl()
    browser.open(kiosk.url + PHONE)
    browser.find("#scan").send_keys("https://elsewhere.example/auth/x")
    browser.follow("#scan + button")
    assert "不是本平台的授权地址" in browser.text("#scan-note")
    browser.find("#scan").clear()
    browser.find("#scan").send_keys(f"  {url} ")
    browser.follow("#scan + button")
    assert browser.driver.current_url == url


# ---- consent ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "heading", "outcome"),
    [
        ("agree", "授权成功", ("succ", "王𬱖")),
        ("refuse", "授权未成功", ("cancel", "")),
        ("fail", "授权未成功", ("fail", "")),
    ],
)
def test_consent(decision: str, heading: str, outcome: tuple[str, str], kiosk: Kiosk, browser: Browser) -> None:
    browser.open(kiosk.url + PHONE)
    browser.open(kiosk.authurl())
    assert "王𬱖" in browser.text(".consent .holder") and "A1" in browser.text(".consent .facts")
    assert int(browser.text("[data-left]")) <= 60
    assert kiosk.authorised() == ("ing", "")
    browser.follow(f"button[value={decision}]")
    assert browser.text("h1") == heading
    assert kiosk.authorised() == outcome


def test_buttons_are_named_as_the_extension_screen_names_them(kiosk: Kiosk, browser: Browser) -> None:
    """The screen says 在手机上点“确认授权”; its results are those of the page."""
    browser.open(kiosk.url + PHONE)
    browser.open(kiosk.authurl())
    assert browser.script("return [...document.querySelectorAll('form button')].map(one => one.textContent)") == [
        "确认授权", "取消授权", "模拟授权失败",
    ]  # fmt: skip
    browser.follow("button[value=refuse]")
    assert browser.text(".outcome > p") == "授权已取消，医院不会得到您的任何信息。"
    browser.open(kiosk.authurl("A2"))
    browser.follow("button[value=fail]")
    assert browser.text(".outcome > p") == "医院不会得到您的任何信息。如需继续办理，请联系工作人员。"
    browser.open(kiosk.authurl("A3"))
    browser.follow("button[value=agree]")
    assert browser.text(".outcome > p") == "王𬱖已授权“测试应用”使用多码融合码。请回到窗口或自助机，继续办理。"


def test_consent_without_a_script(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(kiosk.url + PHONE)
    url = kiosk.authurl()
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(url)
        browser.follow("button[value=agree]")
        assert browser.text("h1") == "授权成功"
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert kiosk.authorised() == ("succ", "王𬱖")


def test_consent_before_a_person_is_chosen(kiosk: Kiosk, browser: Browser) -> None:
    url = kiosk.authurl()
    browser.open(url)
    assert browser.count("button[value]") == 0
    browser.find("#q").send_keys("许多卡")
    browser.follow(".search button")
    browser.follow(".people a")
    assert browser.driver.current_url == url
    assert "许多卡" in browser.text(".consent .holder")
    browser.follow("button[value=agree]")
    assert kiosk.authorised() == ("succ", "许多卡")


@pytest.mark.inside
def test_an_open_request_expires(kiosk: Kiosk, browser: Browser) -> None:
    url = kiosk.authurl()
    browser.open(kiosk.url + PHONE)
    kiosk.clock.now += 58.5
    browser.open(url)
    assert int(browser.text("[data-left]")) <= 2
    kiosk.clock.now += 1.5
    browser.wait(lambda: browser.text("h1") == "二维码已过期")
    assert "重新获取授权二维码" in browser.text(".outcome")
    assert browser.count("button[value]") == 0
    assert kiosk.authorised() == ("fail", "")


@pytest.mark.inside
def test_consent_that_is_too_late(kiosk: Kiosk, browser: Browser) -> None:
    url = kiosk.authurl()
    browser.open(kiosk.url + PHONE)
    browser.open(url)
    kiosk.clock.now += 60
    browser.follow("button[value=agree]")
    assert browser.text("h1") == "二维码已过期"
    assert browser.text(".note") == "提交时请求已结束，未作更改。"
    assert kiosk.authorised() == ("fail", "")
    assert ["409" in error for error in browser.errors()] == [True]


def test_a_closed_card_cannot_consent(kiosk: Kiosk, browser: Browser) -> None:
    url = kiosk.authurl()
    browser.open(f"{kiosk.url}/phone/{CLOSED}")
    browser.open(url)
    assert "已注销" in browser.text(".consent .note")
    assert browser.count("button[value=agree]") == 0
    with requests.post(url, {"decision": "agree", "code_id": CLOSED}, timeout=20) as reply:
        assert reply.status_code == 409 and "多码融合码已注销或不存在，未作更改。" in reply.text
    assert kiosk.authorised() == ("ing", "")


# ---- the console -----------------------------------------------------------------------------------------------------


@pytest.mark.inside
def test_the_console_shows_a_call_as_it_is_made(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(kiosk.url)
    assert browser.text("#address-0") == f"{kiosk.url}/ehcService/gateway.do"
    assert browser.text("#address-1") == f"{kiosk.url}/localcfc/api/hsecfc/localQrCodeQuery"
    assert browser.count("#rows tr") == 0 and browser.find(".none-yet").is_displayed()
    assert kiosk.verify(STATIC) == ("0000", "王𬱖")
    browser.wait(lambda: browser.count("#rows tr") == 1)
    assert kiosk.verify("nothing") == ("2002", "")
    browser.wait(lambda: browser.count("#rows tr") == 2)
    assert "2002 多码融合码二维码不合法" in browser.text("#rows tr:first-child")
    assert "ehc.ehealthcode.verify验证多码融合码二维码" in browser.text("#rows tr:last-child")
    browser.follow("#rows tr:last-child a")
    wire, request_content, answer, answer_content = (
        json.loads(str(browser.script("return document.querySelectorAll('pre')[arguments[0]].textContent", at)))
        for at in range(4)
    )
    call = kiosk.state.calls.get(1)
    assert call is not None
    assert (wire, answer) == (json.loads(call.request), json.loads(call.answer))
    assert request_content["ehealth_code"] == STATIC and request_content["out_verify_no"] == "PAGES0"
    assert answer_content["user_name"] == "王𬱖" and answer_content["id_no"] == "990000195203030026"
    assert wire["biz_content"].isalnum() and len(wire["sign"]) == 32
    notes = browser.script("return [...document.querySelectorAll('.line.seal')].map(line => line.dataset.note)")
    assert notes == ["加密算法", "签名算法", "签名"] * 2


def test_a_filter_holds_for_calls_to_come(kiosk: Kiosk, browser: Browser) -> None:
    kiosk.verify(STATIC)
    browser.open(f"{kiosk.url}/console?method=verify&code=2002")
    assert browser.count("#rows tr") == 0 and "没有符合条件的调用" in browser.text(".none-yet")
    kiosk.verify(STATIC)
    kiosk.verify("nothing")
    browser.wait(lambda: browser.count("#rows tr") == 1)
    assert "2002" in browser.text("#rows tr")
    har = str(browser.script("return document.querySelector('[download]').href"))
    assert har == f"{kiosk.url}/_sim/calls.har?method=verify&code=2002"
    assert len(requests.get(har, timeout=20).json()["log"]["entries"]) == 1
    browser.script("document.querySelector('[name=code]').value = ''")
    browser.follow(".filter button")
    assert browser.count("#rows tr") == 3


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (320, 640)])
def test_a_wrong_sign_is_explained(kiosk: Kiosk, browser: Browser, width: int, height: int) -> None:
    """The account's key is shown, because it is printed in the documents; markup in a request stays text."""
    request = json.loads(body(VERIFY, {**VERIFYING, "operator_name": "<script>document.title='beaten'</script>"}))
    request["sign"] = request["sign"].lower()
    with requests.post(kiosk.gateway, dump(request).encode(), timeout=20) as reply:
        assert reply.json()["ret_code"] == "9003"
    browser.size(width, height)
    browser.open(f"{kiosk.url}/console/calls/1")
    assert browser.text(".causes b") == "签名的十六进制字母应为大写，收到的是小写"
    assert browser.text("#base-expected").endswith(f"key={SECRET}")
    assert browser.text("#base-expected") == browser.text("#base-received")
    assert [browser.text(f"mark.{each}") for each in ("good", "bad")] == [request["sign"].upper(), request["sign"]]
    assert "beaten" not in browser.driver.title
    command = str(browser.script("return document.getElementById('curl-sh').textContent"))
    assert json.loads(shlex.split(command)[-1]) == request
    widths = browser.script("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert isinstance(widths, list) and widths[0] == widths[1]


def test_the_key_of_an_account_of_its_own_is_not_shown(kiosk: Kiosk, browser: Browser) -> None:
    requests.post(f"{kiosk.url}/console/accounts", {"app_id": "OWN", "secret": "PRIVATE-0123456789"}, timeout=20)
    request = json.loads(body(VERIFY, VERIFYING, secret="PRIVATE-0123456789", app_id="OWN"))
    request["sign"] = "0"
    requests.post(kiosk.gateway, dump(request).encode(), timeout=20)
    browser.open(f"{kiosk.url}/console/calls/1")
    assert browser.text("#base-expected").endswith("key=PRI•••••••••••6789")
    assert "PRIVATE-0123456789" not in browser.driver.page_source


@pytest.mark.inside
def test_many_calls_at_once_leave_the_last_sixty(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(kiosk.url)
    for first, last in ((0, 39), (40, 149)):
        for number in range(first, last + 1):
            kiosk.state.calls.append(Call(method=f"call {number}", request="{}"))
        browser.wait(partial(shows, browser, f"call {last}"))
    assert browser.count("#rows tr") == 60
    assert "call 90" in browser.text("#rows tr:last-child")


def shows(browser: Browser, words: str) -> bool:
    """Whether the newest row of the console has these words."""
    return words in browser.text("#rows tr:first-child")


@pytest.mark.inside
def test_a_paused_console_does_not_change(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(kiosk.url)
    browser.click("#pause")
    kiosk.state.calls.append(Call(method="unseen", request="{}"))
    browser.driver.execute_async_script("setTimeout(arguments[0], 1500)")
    assert browser.count("#rows tr") == 0
    browser.click("#pause")
    browser.wait(lambda: browser.count("#rows tr") == 1)


@pytest.mark.inside
def test_a_fault_applies_until_all_are_cleared(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}/console")
    assert browser.count(".alarm") == 0
    browser.click("#on-http")
    browser.script("document.querySelector('[name=value-http]').value = '503'")
    browser.script("document.querySelector('[name=seed]').value = '7'")
    browser.follow("#faults form button:not(.plain)")
    assert browser.text(".alarm .chips") == "HTTP 错误页 503 状态码"
    assert kiosk.state.fault_rules.current() == FaultRuleSet((FaultRule("http:503"),), 7)
    with requests.post(kiosk.simulator.gateway, b"{}", timeout=20) as reply:
        assert (reply.status_code, reply.text) == (503, "<html><body>服务器错误</body></html>")
    assert browser.find("#on-http").is_selected()
    browser.wait(lambda: "http:503" in browser.text("#rows tr:first-child"))
    browser.follow(".alarm button")
    assert browser.count(".alarm") == 0 and not browser.find("#on-http").is_selected()
    assert kiosk.state.fault_rules.current() == FaultRuleSet((), 7)
    assert kiosk.verify(STATIC) == ("0000", "王𬱖")


@pytest.mark.inside
def test_a_form_with_a_mistake_is_kept_and_changes_nothing(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}/console")
    browser.click("#on-empty")
    browser.find("#more").send_keys("size:1200@0.1\nnonsense:1")
    browser.follow("#faults form button:not(.plain)")
    assert browser.text("#faults .note") == "“其他规则”中这一行看不懂：nonsense:1（unknown directive: nonsense）"
    assert browser.find("#on-empty").is_selected()
    assert browser.find("#more").get_property("value") == "size:1200@0.1\nnonsense:1"
    assert kiosk.state.fault_rules.current() == FaultRuleSet()
    assert ["400" in error for error in browser.errors()] == [True]


def test_a_terminal_and_an_account_are_added(kiosk: Kiosk, browser: Browser) -> None:
    assert kiosk.verify(STATIC, term_id="T-9") == ("1009", "")
    browser.open(f"{kiosk.url}/console")
    fill(browser, "terminals", {"term-title": "二号窗口", "term_id": "T-9"})
    assert "二号窗口" in browser.text("#terminals")
    assert kiosk.verify(STATIC, term_id="T-9") == ("0000", "王𬱖")
    fill(browser, "accounts", {"account-title": "", "app_id": "APP-9", "secret": "very-secret-key-9"})
    assert "未命名应用" in browser.text("#accounts") and "APP-9" in browser.text("#accounts")
    assert "very-secret-key-9" not in browser.text("#accounts") and "ver••••••••••ey-9" in browser.text("#accounts")
    assert kiosk.verify(STATIC, app_id="APP-9", secret="very-secret-key-9")[0] == "0000"
    fill(browser, "accounts", {"account-title": "", "app_id": APP_ID, "secret": "x"})
    assert browser.text("#accounts .note") == f"应用编号已存在：{APP_ID}"
    fill(browser, "terminals", {"term_id": "二号"})
    assert "英文字母" in browser.text("#terminals .note")
    assert len(browser.errors()) == 2


def fill(browser: Browser, section: str, fields: dict[str, str]) -> None:
    browser.click(f"#{section} summary")
    for name, text in fields.items():
        browser.find(f"#{name}").send_keys(text)
    browser.follow(f"#{section} details button")


@pytest.mark.inside
def test_the_console_follows_an_authorisation(kiosk: Kiosk, browser: Browser) -> None:
    browser.open(f"{kiosk.url}/console")
    url = kiosk.authurl("FOLLOWED")
    browser.wait(lambda: "FOLLOWED" in browser.text("#authorised"))
    assert "ing 正在授权" in browser.text("#authorised")
    assert kiosk.state.authorisations.consent(url, CODE_ID)
    browser.wait(lambda: "succ 授权成功" in browser.text("#authorised"))
    assert "王𬱖" in browser.text("#authorised")


# ---- all pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(kiosk: Kiosk) -> list[str]:
    """The address of every kind of page, with the contents that are hardest to show."""
    hostile = kiosk.state.holders.register(HOSTILE)
    kiosk.verify(STATIC)
    kiosk.insured("x" * 400)
    kiosk.ask(VERIFY, {**VERIFYING, "out_verify_no": "<script>" + "W" * 300})
    kiosk.state.calls.append(
        Call(method="<script>" * 9, code="<b>", directives="W" * 99, request="<" * 25_000, request_content='{"<i>":1}')
    )
    urls = [kiosk.authurl("N" * 32), kiosk.authurl("<script>title='beaten'</script>"), kiosk.authurl("succ")]
    kiosk.state.authorisations.consent(urls[2], hostile.code_id)
    kiosk.simulator.misbehave("delay:1@0.001", "size:1200,unsigned:1@0.001", "label:<b>@0")
    shows = [f"/phone/{hostile.code_id}?show={show}" for show in ("static", "dynamic", "insurance")]
    others = [f"/phone/{code_id}" for code_id in (LONGEST, CLOSED, NOT_ACTIVE)]
    calls = [f"/console/calls/{number}" for number in (1, 2, 3, 4)]
    paths = ["/console", "/phone", "/phone?q=%3Cscript%3E", "/follow", "/lost", *shows, *others, *calls]
    return [*urls[:2], *(kiosk.url + path for path in paths), urls[2], urls[0]]


@pytest.mark.inside
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(width: int, pages: list[str], browser: Browser) -> None:
    browser.size(width, 800)
    for page in pages:
        browser.open(page)
        wide = browser.script("const e = document.documentElement; return [e.scrollWidth, e.clientWidth]")
        assert wide[0] <= wide[1], page
    assert ["404" in error for error in browser.errors()] == [True]


@pytest.mark.inside
def test_names_are_text_on_every_page(pages: list[str], browser: Browser) -> None:
    for page in pages:
        browser.open(page)
        assert browser.driver.title != "beaten"
        assert browser.count("script:not([src]), main b > b, main i, main u, img") == 0, page
    browser.errors()
    browser.open(pages[2].replace("/console", f"/phone?q={HOSTILE.user_name}"))
    assert browser.text(".people .name") == "<script>document.title='beaten'</script>"
    assert browser.find("#q").get_property("value") == "<script>document.title='beaten'</script>"


@pytest.mark.inside
def test_every_field_has_a_name(pages: list[str], browser: Browser) -> None:
    unnamed = """return [...document.querySelectorAll('input:not([type=hidden]), textarea, select, button, a')]
        .filter(one => !(one.labels?.length || one.textContent.trim() || one.ariaLabel)).map(one => one.outerHTML)"""
    for page in pages:
        browser.open(page)
        assert browser.script(unnamed) == [], page
        assert browser.script("return document.documentElement.lang") == "zh-CN"
        assert browser.text("footer").startswith("模拟平台 · 数据均为虚构")
    browser.errors()


# ---- without a browser -----------------------------------------------------------------------------------------------


def test_headers(kiosk: Kiosk) -> None:
    for path in ("/", PHONE, "/lost", "/console/calls?after=x"):
        with requests.get(kiosk.url + path, timeout=20) as reply:
            assert reply.headers["Content-Security-Policy"].startswith("default-src 'self';")
            assert reply.headers["X-Content-Type-Options"] == "nosniff"
            assert reply.headers["Cache-Control"] == "no-store"
            cookies = reply.headers.get("Set-Cookie", "")
            assert cookies == (f"me={CODE_ID}; HttpOnly; Path=/; SameSite=Lax" if path == PHONE else "")


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/phone/unknown", 404, "没有找到"),
        ("/phone/unknown/pending", 404, "没有找到"),
        ("/phone/%00%0d%0aX", 404, "没有找到"),
        ("/phone/%ff", 400, "请求有误"),
        ("/phone?q=%ff", 400, "请求有误"),
        ("/phone?q=%00%00'%22%3B--", 200, "这是谁的手机"),
        (f"{PHONE}?show=nonsense&life=-1", 200, "多码融合码（静态）"),
        (f"{PHONE}?show=dynamic&life=99999999999999999999", 200, "60 秒"),
        (f"{PHONE}?show=dynamic&life=999999999", 200, "86400"),
        (f"{PHONE}?show=dynamic&life=٣", 200, "60 秒"),
        (f"{PHONE}?to=..%2F..%2Fphone", 404, "没有找到"),
        ("/auth/nothing", 404, "没有找到"),
        ("/auth/%2e%2e%2f", 404, "没有找到"),
        ("/console/calls/1", 404, "没有找到"),
        ("/console/calls/0", 404, "没有找到"),
        ("/console/calls/99999999999999999999", 404, "没有找到"),
        ("/console/calls?after=-1", 400, "请求有误"),
        ("/console/calls?after=999999999999999", 204, ""),
        ("/console/switches", 405, "不支持该操作"),
        ("/console/", 404, "没有找到"),
        ("/nowhere", 404, "没有找到"),
    ],
)
def test_odd_addresses(path: str, status: int, heading: str, kiosk: Kiosk) -> None:
    with requests.get(kiosk.url + path, timeout=20) as reply:
        assert (reply.status_code, heading in reply.text) == (status, True)


def test_a_cookie_without_a_person(kiosk: Kiosk) -> None:
    url = kiosk.authurl()
    for cookie in ("me=unknown", "me=%ff%00", 'me="', "other=1; me"):
        with requests.get(url, headers={"Cookie": cookie}, timeout=20) as reply:
            assert reply.status_code == 200 and "请先选择这是谁的手机" in reply.text


@pytest.mark.inside
@pytest.mark.parametrize("path", ["/console/switches", "/console/heal", "/console/accounts", "/console/terminals"])
@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Origin": "OWN"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "OWN"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "OWN"}, False),
    ],
)
def test_forms_of_other_sites(path: str, headers: dict[str, str], taken: bool, kiosk: Kiosk) -> None:
    kiosk.simulator.misbehave("delay:1")
    before = (kiosk.state.fault_rules.current(), kiosk.state.accounts.all(), kiosk.state.terminals.all())
    headers = {name: value.replace("OWN", kiosk.url) for name, value in headers.items()}
    form = {"app_id": "A", "secret": "S", "term_id": "T"}
    with requests.post(kiosk.url + path, form, headers=headers, timeout=20, allow_redirects=False) as reply:
        assert reply.status_code == (303 if taken else 403)
        assert taken or "已拒绝" in reply.text
    assert (
        (kiosk.state.fault_rules.current(), kiosk.state.accounts.all(), kiosk.state.terminals.all()) != before
    ) is taken


def test_a_decision_of_another_site(kiosk: Kiosk) -> None:
    url = kiosk.authurl()
    form = {"decision": "agree", "code_id": CODE_ID}
    with requests.post(url, form, headers={"Origin": "http://evil.example"}, timeout=20) as reply:
        assert reply.status_code == 403
    assert kiosk.authorised() == ("ing", "")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"decision": "else"}, 400),
        ({"decision": "agree"}, 409),
        ({"decision": "agree", "code_id": "unknown"}, 409),
        ({"decision": "agree", "code_id": "\x00"}, 409),
    ],
)
def test_odd_decisions(form: dict[str, str], status: int, kiosk: Kiosk) -> None:
    url = kiosk.authurl()
    with requests.post(url, form, timeout=20) as reply:
        assert reply.status_code == status
    assert kiosk.authorised() == ("ing", "")
    assert requests.post(f"{kiosk.url}/auth/none", {"decision": "refuse"}, timeout=20).status_code == 404


# ---- switches --------------------------------------------------------------------------------------------------------


def test_every_switch_is_a_directive_and_every_connection_directive_a_switch() -> None:
    rows = [row for _, _, rows in switches.GROUPS for row in rows]
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert Directives.parse(f"{row.name}:{row.value}") != Directives()
    assert {row.name for row in rows} >= {
        "delay", "down", "early", "reset", "drop", "never", "half", "drip", "http", "empty", "huge", "label", "gbkbody",
        "unsigned", "spoil", "refuse", "again", "lax",
    }  # fmt: skip


SAID = {"交易未执行": "0000", "交易已执行": "3002", "交易照常执行": "3002"}
SAYING = [row for _, _, rows in switches.GROUPS for row in rows if row.note.startswith(tuple(SAID))]


@pytest.mark.inside
@pytest.mark.parametrize("row", SAYING, ids=lambda row: row.name)
def test_a_switch_says_whether_the_request_is_carried_out(row: switches.FaultSwitch, kiosk: Kiosk) -> None:
    """If it was, its serial number is used up."""
    value = "1" if row.name in ("delay", "drip", "down") else row.value
    request = body(VERIFY, VERIFYING)
    with contextlib.suppress(requests.RequestException):
        limit = 0.5 if row.name == "never" else 20
        requests.post(f"{kiosk.simulator.gateway}?sim={row.name}:{value}", request, timeout=limit)
    wait_until_listening(kiosk)
    reply = requests.post(kiosk.simulator.gateway, request, timeout=20).json()
    assert reply["ret_code"] == SAID[row.note.partition("，")[0]]


def wait_until_listening(kiosk: Kiosk) -> None:
    while True:
        with contextlib.suppress(requests.RequestException):
            requests.get(f"{kiosk.url}/_sim/standing", timeout=20)
            return


def test_every_switch_that_breaks_an_answer_says_it() -> None:
    groups = {english: rows for _, english, rows in switches.GROUPS}
    rows = [*groups["Speed"], *groups["Connection"], *(row for row in groups["Answer"] if row.name in LOSING)]
    assert [row.name for row in rows if row not in SAYING] == [] and len(rows) == 12


LOSING = ("refuse", "http", "empty", "huge")


def test_the_form_shows_the_rules_in_force() -> None:
    rules = (
        FaultRule("delay:250", 0.125),
        FaultRule("http:502"),
        FaultRule("size:1200,drop:1", 0.5),
        FaultRule("delay:9"),
    )
    form = switches.form_from_rules(FaultRuleSet(rules, -3))
    assert form.switches["delay"] == switches.SwitchState(True, "250", "12.5")
    assert form.switches["drop"] == switches.SwitchState(False, "1", "100")
    assert (form.more, form.seed) == ("size:1200,drop:1@0.5\ndelay:9", "-3")
    assert set(switches.rules_from_form(form).rules) == set(rules)
    assert [switches.describe_rule(rule) for rule in rules] == [
        "延迟应答 250 毫秒（12.5%）", "HTTP 错误页 502 状态码", "size:1200,drop:1（50%）", "延迟应答 9 毫秒",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on-delay": "1", "value-delay": "0"}, "“延迟应答”的毫秒应为 1 至 600000 的整数：0"),
        ({"on-delay": "1", "value-delay": "1e3"}, "“延迟应答”的毫秒应为 1 至 600000 的整数：1e3"),
        ({"on-http": "1", "value-http": "700"}, "“HTTP 错误页”的状态码应为 200 至 599 的整数：700"),
        ({"on-refuse": "1", "value-refuse": "1,drop:1"}, "“业务拒绝”的返回码应为 1 至 20 个字母或数字：1,drop:1"),
        ({"on-empty": "1", "chance-empty": "101"}, "“空应答”的概率应为 0 至 100：101"),
        ({"on-empty": "1", "chance-empty": "nan"}, "“空应答”的概率应为 0 至 100：nan"),
        ({"more": "delay:x"}, "“其他规则”中这一行看不懂：delay:x"),
        ({"more": "delay:1@2"}, "“其他规则”中这一行看不懂：delay:1@2"),
        ({"seed": "abc"}, "随机种子应为整数：abc"),
        ({"seed": "9" * 16}, "随机种子应为整数：9999999999999999"),
    ],
)
def test_a_wrong_form_says_what_is_wrong(fields: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError) as refused:
        switches.rules_from_form(switches.form_from_request(lambda name: fields.get(name, "")))
    assert str(refused.value).startswith(words)


def test_only_what_is_on_counts() -> None:
    fields = {"value-delay": "nonsense", "on-unsigned": "1", "value-unsigned": "7", "chance-unsigned": "0.5"}
    standing = switches.rules_from_form(switches.form_from_request(lambda name: fields.get(name, "")))
    assert standing == FaultRuleSet((FaultRule("unsigned:1", 0.005),), 0)


# ---- presentation ----------------------------------------------------------------------------------------------------


def test_json_in_lines() -> None:
    call = Call(method="ehc.ehealthcode.verify")
    lines = present.json_lines('{"sign":"AB","ehealth_code":"x","data":{"unknown":[]}}', present.titles(call))
    assert [(line.text, line.note, line.security) for line in lines] == [
        ("{", "", False),
        ('  "sign": "AB",', "签名", True),
        ('  "ehealth_code": "x",', "多码融合码二维码", False),
        ('  "data": {', "业务内容", False),
        ('    "unknown": []', "", False),
        ("  }", "", False),
        ("}", "", False),
    ]
    assert [line.text for line in present.json_lines("<html>\nno JSON", {})] == ["<html>", "no JSON"]
    cut = present.json_lines("x" * 30_000, {})
    assert [line.text for line in cut] == ["x" * 20_000, "…… 共 30000 字，仅显示前 20000 字"]
    assert len(present.json_lines("[" * 100_000, {})) == 2


@pytest.mark.parametrize(
    ("number", "shown"),
    [("990000195203030026", "990•••••••••••0026"), ("12345678", "123•5678"), ("1234567", "•••••••"), ("", "")],
)
def test_masked_numbers(number: str, shown: str) -> None:
    assert present.redacted(number) == shown


def test_values_as_people_read_them() -> None:
    person = replace(HOSTILE, id_type="A3", user_sex="9", birthday="19790922")
    assert (present.id_type(person), present.sex(person)) == ("外国人永久居留证", "未说明性别")
    assert (present.date("19790922"), present.date("1979"), present.date("")) == ("1979-09-22", "1979", "—")
    assert (present.card_type("A2"), present.card_type("ZZ")) == ("医保电子凭证", "ZZ")
    assert (present.meaning("2001"), present.meaning("500049")) == ("多码融合码二维码已过期", "电子凭证二维码无效")
    assert (present.meaning("0000"), present.meaning("500159"), present.remedy("0000")) == ("操作成功", "", "")
    assert [present.whole(left) for left in (60, 0.01, 0, -5)] == [60, 1, 0, 0]
    assert [present.verdict(Call(code=code)) for code in ("0000", "0", "", "-2")] == ["good", "good", "none", "bad"]
