"""The kept code and the next patient: every way to identify one makes it forgotten at once, however that ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from shim import configuration
from shim.call_port import Port
from shim.deadline import Deadline
from shim.devices.base import DeviceUnavailable
from shim.devices.scanner.base import Scanner
from shim.errors import Message, PlatformError, Reason, Unavailable
from shim.host_bytes import NULL, TOO_LONG, UNREADABLE, Answer
from shim.http_answer import HttpAnswer
from shim.messages import answers, network
from shim.simulator.server import Simulator
from shim.spec import METHODS, Effect, Shape
from tests.support import contract
from tests.support.calls import QUERY, VERIFY
from tests.support.contract import CASES
from tests.support.scanners import FUSED, INSURANCE, Background

OLD = "4241111111111111111111111111"  # of the patient before
NEW = INSURANCE
TICKS = 1_000_000


def verify(**content: Any) -> tuple[str, str, bytes]:
    case = json.loads(VERIFY["in"])
    case["biz_content"].update(content)
    return "VirtualCardTrans", "http://127.0.0.1:9/gateway", json.dumps(case).encode()


def virtual_card(method: str, **content: Any) -> tuple[str, str, bytes]:
    case = json.loads(VERIFY["in"]) | {"method": method, "biz_content": content}
    return "VirtualCardTrans", "http://127.0.0.1:9/gateway", json.dumps(case).encode()


def nation(trans_type: str, url: str = "http://127.0.0.1:9/ec", **data: Any) -> tuple[str, str, bytes]:
    case = json.loads(QUERY["in"]) | {"transType": trans_type}
    case["data"] = data
    return "NationEcTrans", url, json.dumps(case).encode()


_TOKEN = {"ecToken": "T" * 32, "idType": "01", "idNo": "990000195203030026", "userName": "X"}
_PERSON = {"id_type": "01", "id_no": "990000195203030026", "user_name": "X", "out_trade_no": "1"}
_CARD = {"ehealth_card_id": "A" * 48}

# What identifies a patient: the request, and the code that is kept of it, "" for none.
KINDS: dict[str, tuple[tuple[str, str, bytes], str]] = {
    "an insurance code": (nation("ec.query", ecQrCode=NEW), NEW),
    "an insurance code, scanned": (nation("ec.query", ecQrCode=""), NEW),
    "an insurance code, cn.nhsa.qrcode.get": (nation("cn.nhsa.qrcode.get", ecQrCode=NEW), NEW),
    "an insurance code, iot.gain.ec.qrcode": (nation("iot.gain.ec.qrcode"), NEW),
    "another form of an insurance code": (nation("ec.query", ecQrCode="of another form"), "of another form"),
    "a health code for the insurance": (nation("ec.query", ecQrCode=FUSED), ""),
    "verify of an insurance code": (verify(ehealth_code=NEW), NEW),
    "verify of an insurance code, by ECUrl": (verify(ehealth_code=NEW, ECUrl="http://127.0.0.1:9/ec"), NEW),
    "verify of a health code": (verify(ehealth_code=FUSED), ""),
    "verify of an unknown code": (verify(ehealth_code="of another form"), ""),
    "verify by identity number": (verify(ehealth_code="990000195203030026"), ""),
    "verify, scanned": (verify(ehealth_code=""), NEW),
    "registration": (virtual_card("ehc.ehealthcard.querywithreg", **_PERSON), ""),
    "registration under its short name": (virtual_card("ehealthcard.querywithreg", **_PERSON), ""),
    "another card": (virtual_card("ehc.ehealthcard.alterlink", **_CARD, to_card_type="01", to_card_no="1"), ""),
    "other particulars": (virtual_card("ehc.ehealthcard.alterinfo", **_CARD), ""),
    "closing": (virtual_card("ehc.ehealthcard.close", **_CARD), ""),
    "consent": (virtual_card("ehc.ehealthcard.authurl", out_authorize_no="1"), ""),
    "the outcome of a consent": (virtual_card("ehc.ehealthcard.auth.query", out_authorize_no="1"), ""),
    "a method without a row": (virtual_card("ehc.ehealthcard.find", id_no="1"), ""),
    "a token": (nation("localEcTokenCheck", **_TOKEN), ""),
    "a token, by its address": (
        ("NationEcTrans", "http://127.0.0.1:9/localEcTokenCheck", json.dumps(_TOKEN).encode()), ""
    ),
    "a type without a row": (nation("cn.nhsa.ec.auth", **_TOKEN), ""),
}  # fmt: skip


@dataclass
class PretendScanner(Scanner):
    """Hands out a code, or fails."""

    read: Callable[[], str] = lambda: NEW

    def scan(self) -> str:
        return self.read()

    def cancel(self) -> bool:
        return False

    def settle(self) -> None:
        """Nothing was opened."""


@dataclass
class Platforms:
    """Both platforms: `answers` makes the answer; `kept` is the code that was kept when a request came."""

    look: Callable[[], str | None]
    answers: Callable[[], HttpAnswer]
    kept: list[str | None] = field(default_factory=list)

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        effect: Effect,
        deadline: Deadline,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> HttpAnswer:
        self.kept.append(self.look())
        return self.answers()


class Place:
    """A Port with such a scanner and such platforms; OLD is kept."""

    def __init__(
        self, folder: Path, answers: Callable[[], HttpAnswer], read: Callable[[], str] = lambda: NEW, ini: str = ""
    ) -> None:
        (folder / "vcshim.ini").write_text(f"[autofill]\nmethod = none\n{ini}")
        self.port = Port(folder)
        service = self.port._wire().service
        self.last_code = service._devices.last_code
        self.platforms = Platforms(self.last_code.look, answers)
        service._access = replace(service._access, transport=self.platforms)
        service._devices = replace(service._devices, scanner=PretendScanner(read))
        self.last_code.keep(OLD)

    def call(self, request: tuple[str, str, Any], entered: int | None = None) -> Answer:
        function, url, in_data = request
        return self.port.answer(function, [url.encode(), in_data], 0, 2048, entered=entered)


def answered(**fields: Any) -> Callable[[], HttpAnswer]:
    return lambda: HttpAnswer(json.dumps(fields).encode())


def failing(error: Exception) -> Callable[[], Any]:
    def fail() -> Any:
        raise error

    return fail


ANSWERS: dict[str, Callable[[], HttpAnswer]] = {
    "refused": answered(ret_code="2001", ret_msg="no", code=500049, message="no"),
    "understood": answered(ret_code="0000", ret_msg="ok", biz_content="{}", code=0, message="ok", data={}),
    "unreadable": lambda: HttpAnswer(b"<html>"),
    "not connected": failing(PlatformError(network.NOT_CONNECTED, peer="p")),
    "timed out": failing(PlatformError(answers.EMPTY)),
    "an internal error": failing(ZeroDivisionError()),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("kind", KINDS)
def test_forgotten_before_the_platform_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, answer: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    request, kept = KINDS[kind]
    at = Place(tmp_path, ANSWERS[answer])
    at.call(request)
    assert at.platforms.kept == [kept or None] and at.last_code.look() == (kept or None)


def _unavailable(why: Unavailable, reason: Reason = Reason.DEVICE_UNAVAILABLE) -> DeviceUnavailable:
    return DeviceUnavailable(Message("test", reason, "扫码枪", "扫码枪", why=why))


SCANS = {
    "cancelled": _unavailable(Unavailable.CANCELLED, Reason.SCAN_CANCELLED),
    "timed out": _unavailable(Unavailable.TIMED_OUT, Reason.SCAN_TIMED_OUT),
    "busy": _unavailable(Unavailable.BUSY),
    "not set up": _unavailable(Unavailable.NOT_SET_UP),
    "an internal error": ZeroDivisionError(),
}


@pytest.mark.parametrize("scan", SCANS)
@pytest.mark.parametrize("kind", [kind for kind, ((_, _, text), _) in KINDS.items() if NEW.encode() not in text])
def test_forgotten_when_the_light_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, scan: str
) -> None:
    """A scan that reads nothing has forgotten the code before it began."""
    request, _ = KINDS[kind]
    at = Place(tmp_path, ANSWERS["understood"])
    seen: list[str | None] = []

    def read() -> str:
        seen.append(at.last_code.look())
        raise SCANS[scan]

    at.port._wire().service._devices.scanner.read = read  # type: ignore[attr-defined]
    at.call(request)
    assert seen in ([], [None])
    assert OLD != at.last_code.look()


@pytest.mark.parametrize("function", ["VirtualCardTrans", "NationEcTrans"])
@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"\xff\xff\xff", b"{\x00", b'{"method": "ehc.ehealthcode.verify"}', NULL, UNREADABLE, TOO_LONG],
)
def test_forgotten_by_what_cannot_be_read(tmp_path: Path, function: str, text: bytes | int) -> None:
    """It may be about another patient."""
    at = Place(tmp_path, ANSWERS["understood"])
    at.call((function, "http://127.0.0.1:9/", text))
    assert at.last_code.look() is None


@pytest.mark.parametrize("ini", ["[wire]\ndialect = none such\n", "[validate]\nlevel = strict\n"])
def test_forgotten_by_what_is_not_sent(tmp_path: Path, ini: str) -> None:
    at = Place(tmp_path, ANSWERS["understood"], ini=ini)
    at.call(verify(ehealth_code=FUSED, operator_name="X" * 100))
    assert (at.platforms.kept, at.last_code.look()) == ([], None)


@pytest.mark.parametrize(
    "case", [case for case in CASES if contract.export_of(case).shape is Shape.TRANS], ids=lambda case: case["id"]
)
def test_forgotten_by_every_call_of_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulator: Simulator, case: dict[str, Any]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "vcshim.ini").write_text("[autofill]\nmethod = none\n")
    port = Port(tmp_path)
    last_code = port._wire().service._devices.last_code
    last_code.keep(OLD)
    texts = [text if isinstance(text, bytes) else NULL for text in contract.texts(case, simulator)]
    port.answer(contract.export_of(case).name, texts, 0, 2048)
    assert last_code.look() != OLD


@pytest.mark.parametrize(
    ("function", "texts", "mode"),
    [("Set_QRflow_Mode", [], 0), ("Set_QRflow_Mode", [], 1), ("EhealthID_Print", [b"1:1:::1", b"1", b"X"], 0)],
)
def test_kept_by_the_screen_and_the_label(tmp_path: Path, function: str, texts: list[bytes], mode: int) -> None:
    """They ask nobody who the patient is."""
    at = Place(tmp_path, ANSWERS["understood"])
    at.port.answer(function, texts, mode, 0)
    assert at.last_code.look() == OLD


def test_kept_by_a_message_to_a_patient(tmp_path: Path) -> None:
    """Hosts push in the background, while the next patient is at the window."""
    at = Place(tmp_path, ANSWERS["understood"])
    at.call(virtual_card("ehc.ehealthcard.push", **_CARD))
    assert len(at.platforms.kept) == 1 and at.last_code.look() == OLD


def test_the_methods_that_identify() -> None:
    """A new row identifies unless it says otherwise."""
    assert [row.name for row in METHODS.values() if not row.identifies] == ["ehc.ehealthcard.push"]
    assert [row.name for row in METHODS.values() if row.identified] == ["ehc.ehealthcard.auth.query"]


# ---- at the same time ----------------------------------------------------------------------------------------------


def while_scanning(at: Place, request: tuple[str, str, bytes], entered: int) -> None:
    """A scan that the host enters at TICKS; `request` is made meanwhile, and the scan reads NEW after it."""
    scanner = at.port._wire().service._devices.scanner

    def read() -> str:
        Background(lambda: at.call(request, entered)).result()
        return NEW

    scanner.read = read  # type: ignore[attr-defined]
    at.call(nation("ec.query", ecQrCode=""), TICKS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "scanned" not in kind and "iot" not in kind])
def test_the_one_that_began_later_counts(tmp_path: Path, kind: str) -> None:
    """Not the one that ended later; and what was entered before the scan takes nothing from it."""
    request, kept = KINDS[kind]
    request = json.loads(json.dumps([request[0], request[1], request[2].decode().replace(NEW, "425" + NEW[3:])]))
    other = (request[0], request[1], request[2].encode())
    later, before = tmp_path / "later", tmp_path / "before"
    for folder, entered in ((later, TICKS + 1), (before, TICKS - 1)):
        folder.mkdir()
        at = Place(folder, ANSWERS["understood"])
        at.last_code._read_by = at.last_code._newest = 0  # the clock of these calls begins anew
        while_scanning(at, other, entered)
        if entered < TICKS or kind == "the outcome of a consent":  # nobody has consented
            assert at.last_code.look() == NEW
        else:
            assert at.last_code.look() == (kept.replace(NEW, "425" + NEW[3:]) or None)


@pytest.mark.parametrize(
    ("status", "kept"), [("ing", NEW), ("fail", NEW), ("cancel", NEW), ("succ", None), (" SUCC ", None)]
)
def test_a_consent_counts_when_it_is_given(tmp_path: Path, status: str, kept: str | None) -> None:
    """Hosts ask for it every second: asking takes nothing from a scan that is running, the patient's consent does."""
    biz_content = json.dumps({"auth_status": status, "out_authorize_no": "1"})
    at = Place(tmp_path, answered(ret_code="0000", biz_content=biz_content, code=0, message="ok", data={}))
    at.last_code._read_by = at.last_code._newest = 0
    while_scanning(at, KINDS["the outcome of a consent"][0], TICKS + 1)
    assert at.last_code.look() == kept


def test_the_two_libraries_share_it(tmp_path: Path) -> None:
    """Kept by NationECCode.dll, forgotten by VirtualCardChk.dll, and the other way round."""
    at = Place(tmp_path, ANSWERS["understood"])
    at.call(nation("ec.query", ecQrCode=NEW))
    assert at.last_code.look() == NEW
    at.call(verify(ehealth_code=FUSED))
    assert at.last_code.look() is None
    at.call(verify(ehealth_code=NEW))
    assert at.last_code.look() == NEW
    at.call(nation("localEcTokenCheck", **_TOKEN))
    assert at.last_code.look() is None


def test_the_time_begins_with_the_reading(tmp_path: Path) -> None:
    """However long the patient took to show the code."""
    now = [0.0]
    at = Place(tmp_path, ANSWERS["understood"])
    at.last_code._clock = lambda: now[0]

    def read() -> str:
        now[0] = 1000.0
        return NEW

    at.port._wire().service._devices.scanner.read = read  # type: ignore[attr-defined]
    at.call(nation("ec.query", ecQrCode=""))
    now[0] = 1000.0 + configuration.parse("").scanner.keep_code_seconds - 1
    assert at.last_code.look() == NEW
    now[0] += 1
    assert at.last_code.look() is None
