"""The whole way of a patient, from the built DLL to a phone: two programs of a hospital, one simulator, one browser.

The window (a Delphi-mode program) registers and asks for consent; the kiosk (a C program) verifies and asks what became
of it; the phone is Chromium. Codes travel as pictures: what is verified is what a decoder read off the screen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shim.simulator.persons import APP_ID, SECRET, TERM_ID
from shim.simulator.server import Simulator
from tests.simulator.test_platforms import NEWCOMER
from tests.support.browser import Browser, chromium
from tests.support.clients import Kind, Rig, trans_line
from tests.support.product import Product, install

WHO = {"operator_id": "9527", "operator_name": "测试员", "treatment_code": "010101"}
WHEN = "20261121000058"


class Program:
    """One program of the hospital: each call is a run of it, as at a window that is opened in the morning."""

    def __init__(self, rig: Rig, product: Product, url: str) -> None:
        self._rig = rig
        self._product = product
        self._url = url

    def call(self, method: str, content: dict[str, Any], enc_type: str = "AES") -> dict[str, Any]:
        """VirtualCardTrans, which must succeed: OutData."""
        in_data = {
            "app_id": APP_ID,
            "biz_content": content,
            "enc_type": enc_type,
            "key": SECRET,
            "method": method,
            "sign_type": "SM3",
            "term_id": TERM_ID,
            "timestamp": WHEN,
            "version": "X.M.0.1",
        }
        data = json.dumps(in_data, ensure_ascii=False).encode("gb18030")
        (reply,) = self._product.run(self._rig, [trans_line("call", data, url=self._url)])
        assert (reply.returned, reply.broken) == (b"00", {})
        out_data: dict[str, Any] = json.loads((reply.out or b"").decode("gb18030"))
        return out_data

    def consent(self) -> tuple[str, str]:
        """What auth.query says: the state of the authorisation, and whose it is."""
        content = self.call("ehc.ehealthcard.auth.query", {"out_authorize_no": "KIOSK1"}, "SM4")
        return content["auth_status"], content["user_name"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as made:
        yield made


@pytest.mark.parametrize(("at_window", "at_kiosk"), [("win32-delphi", "win32-c"), ("linux-c", "win32-gui")])
@pytest.mark.parametrize(("decision", "outcome"), [("agree", ("succ", "㛃敏𬱖")), ("refuse", ("cancel", ""))])
def test_the_whole_flow(
    rig: Rig, tmp_path: Path, browser: Browser, at_window: Kind, at_kiosk: Kind, decision: str, outcome: tuple[str, str]
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
            {**WHO, "ehealth_code": dynamic, "out_verify_no": "KIOSK1", "out_verify_time": WHEN},
        )
        assert (verified["user_name"], verified["id_no"]) == ("㛃敏𬱖", "990000199912310013")

        asked = window.call(
            "ehc.ehealthcard.authurl", {**WHO, "out_authorize_no": "KIOSK1", "out_authorize_time": WHEN}
        )
        assert kiosk.consent() == ("ing", "")
        browser.open(asked["ehealth_authurl"])
        browser.follow(f"button[value={decision}]")
        assert kiosk.consent() == outcome
        assert browser.errors() == []
        assert [call.code for call in running.calls] == ["0000"] * 5
