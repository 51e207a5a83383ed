"""A patient at a hospital, from the built DLL to a phone: two programs of the hospital, one simulator, one browser.

The window (a Delphi-mode program) registers and asks for consent; the kiosk (a C program) verifies the code and queries
the consent; the phone is Chromium. The code that is verified is what a decoder read off the phone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shim.simulator.server import Simulator
from tests.support.browser import Browser, chromium
from tests.support.clients import Kind, Rig, trans_line
from tests.support.consent import AUTHURL, OPERATOR, QUERY, TIME, asking, in_data
from tests.support.platforms import NEWCOMER
from tests.support.product import Product, install


class Program:
    """One program of the hospital. Each call is a run of it, the first one of its day."""

    def __init__(self, rig: Rig, product: Product, url: str) -> None:
        self._rig = rig
        self._product = product
        self._url = url

    def call(self, method: str, content: dict[str, Any], enc_type: str = "AES") -> dict[str, Any]:
        """VirtualCardTrans, which must succeed: OutData."""
        data = json.dumps(in_data(method, content, enc_type), ensure_ascii=False).encode("gb18030")
        (reply,) = self._product.run(self._rig, [trans_line("call", data, url=self._url)])
        assert (reply.returned, reply.broken) == (b"00", {})
        out: dict[str, Any] = json.loads((reply.out or b"").decode("gb18030"))
        return out

    def consent(self) -> tuple[str, str]:
        """What auth.query says: the status of the authorisation, and whose it is."""
        out = self.call(QUERY, {"out_authorize_no": "KIOSK1"}, "SM4")
        return out["auth_status"], out["user_name"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.mark.parametrize(("at_window", "at_kiosk"), [("win32-delphi", "win32-c"), ("linux-c", "win32-gui")])
@pytest.mark.parametrize(("decision", "consent"), [("agree", ("succ", "㛃敏𬱖")), ("refuse", ("cancel", ""))])
def test_the_whole_flow(
    rig: Rig, tmp_path: Path, browser: Browser, at_window: Kind, at_kiosk: Kind, decision: str, consent: tuple[str, str]
) -> None:
    with Simulator() as running:
        window = Program(rig, install(at_window, tmp_path / "window"), running.gateway)
        kiosk = Program(rig, install(at_kiosk, tmp_path / "kiosk"), running.gateway)
        browser.forget()

        card = window.call("ehc.ehealthcard.querywithreg", NEWCOMER)
        browser.open(f"{running.url}/phone/{card['ehealth_card_id']}")
        assert "㛃敏𬱖" in browser.text(".holder")
        assert browser.read_codes(".qr") == [card["ehealth_code"]]

        browser.open(f"{running.url}/phone/{card['ehealth_card_id']}?show=dynamic")
        (dynamic,) = browser.read_codes(".qr")
        verified = kiosk.call(
            "ehc.ehealthcode.verify",
            {**OPERATOR, "ehealth_code": dynamic, "out_verify_no": "KIOSK1", "out_verify_time": TIME},
        )
        assert (verified["user_name"], verified["id_no"]) == ("㛃敏𬱖", "990000199912310013")

        asked = window.call(AUTHURL, asking("KIOSK1"))
        assert kiosk.consent() == ("ing", "")
        browser.open(asked["ehealth_authurl"])
        browser.follow(f"button[value={decision}]")
        assert kiosk.consent() == consent
        assert browser.errors() == []
        assert [call.code for call in running.calls] == ["0000"] * 5
