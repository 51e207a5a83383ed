"""What the journal is told of a call that the vendor's DLL answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from shim.capture.record import CapturedCall, Habits, Traffic
from shim.journal.call_journal import JournalCall, JournalTicket, NoJournal
from shim.journal.forwarded import ForwardedCalls, asked, forwarded_outcome

CLOSE = {"method": "ehc.ehealthcard.close", "biz_content": {"out_close_no": "20261121000058", "user_name": "张三"}}
URL = b"http://127.0.0.1:9000/gateway.do"
POST = b"POST /gateway.do HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
UPDATE = b"GET /update/version.txt HTTP/1.0\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def in_data(value: object, charset: str = "gb18030") -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(charset)


@pytest.mark.parametrize(
    ("function", "method", "sent", "code", "answered", "outcome"),
    [
        ("VirtualCardTrans", "ehc.ehealthcard.close", True, "00", True, "success"),
        ("NationEcTrans", "ec.query", True, "0000", True, "success"),
        ("VirtualCardTrans", "ehc.ehealthcard.close", True, "0", True, "success"),
        ("VirtualCardTrans", "ehc.ehealthcard.close", True, "1008", True, "refused"),
        ("VirtualCardTrans", "ehc.ehealthcard.close", True, "3003", True, "unknown"),
        ("VirtualCardTrans", "ehc.ehealthcard.close", True, "8001", False, "unknown"),
        ("VirtualCardTrans", "ehc.ehealthcard.close", True, None, False, "unknown"),
        ("VirtualCardTrans", "ehc.ehealthcard.close", False, "8004", False, "not done"),
        ("VirtualCardTrans", "ehc.ehealthcard.auth.query", True, "3003", False, "no result"),
        ("NationEcTrans", "ec.query", True, "-1", True, "no result"),
        ("NationEcTrans", "a.pay", True, "-1", True, "unknown"),
        ("VirtualCardTrans", "", True, None, False, "unknown"),
        ("SetEcQrcode", "", True, "5", True, "not done"),
        ("EhealthID_Print", "", True, None, True, "perhaps"),
    ],
)  # fmt: skip
def test_what_became_of_a_forwarded_call(
    function: str, method: str, sent: bool, code: str | None, answered: bool, outcome: str
) -> None:
    assert forwarded_outcome(function, method, sent, code, answered).value == outcome


@pytest.mark.parametrize(
    ("function", "texts", "charset", "expected"),
    [
        ("VirtualCardTrans", [URL, in_data(CLOSE)], "gbk", ("ehc.ehealthcard.close", "20261121000058")),
        ("VirtualCardTrans", [URL, in_data(CLOSE, "utf-8")], "utf-8", ("ehc.ehealthcard.close", "20261121000058")),
        ("VirtualCardTrans", [URL, in_data(CLOSE | {"biz_content": json.dumps(CLOSE["biz_content"])})], "gbk",
         ("ehc.ehealthcard.close", "20261121000058")),
        ("VirtualCardTrans", [URL, in_data(CLOSE | {"biz_content": "{"})], "gbk", ("ehc.ehealthcard.close", "")),
        ("VirtualCardTrans", [URL, in_data({"method": "ehc.ehealthcard.alterinfo",
         "biz_content": {"out_alter_no": "20261121000058"}})], "gbk", ("ehc.ehealthcard.alterinfo", "20261121000058")),
        ("VirtualCardTrans", [URL, in_data({"method": "their.own"})], "gbk", ("their.own", "")),
        ("VirtualCardTrans", [URL, b"no json"], "gbk", ("", "")),
        ("VirtualCardTrans", [URL, b"\xff\xff"], "utf-8", ("", "")),
        ("VirtualCardTrans", [URL, None], "gbk", ("", "")),
        ("VirtualCardTrans", [URL, b" " * 300_000 + in_data(CLOSE)], "gbk", ("", "")),
        ("NationEcTrans", [URL, in_data({"transType": "ec.query", "data": {}})], "gbk", ("ec.query", "")),
        ("NationEcTrans", [b"http://h/localEcTokenCheck", in_data({"ecToken": "x"})], "gbk", ("localEcTokenCheck", "")),
        ("EhealthID_Print", [b"{}", b"{}", b"{}"], "gbk", ("", "")),
    ],
)  # fmt: skip
def test_what_was_asked(function: str, texts: list[bytes | None], charset: str, expected: tuple[str, str]) -> None:
    assert asked(function, texts, charset) == expected


class Told(NoJournal):
    """A journal that remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[JournalCall] = []

    def began(self, call: JournalCall) -> JournalTicket:
        self.calls.append(call)
        return JournalTicket(call)

    def ended(self, call: JournalCall, ticket: JournalTicket | None = None) -> JournalTicket:
        self.calls.append(call)
        return ticket or JournalTicket(call)


@pytest.fixture
def journal() -> Iterator[Told]:
    yield Told()


def captured(sent: bytes, received: bytes, code: bytes | None = b"00") -> CapturedCall:
    traffic = (Traffic("http://h:80", sent, received, 1.0, 2.0, 3.0),)
    return CapturedCall(
        "x", "his.exe", "VirtualCardTrans", (URL, in_data(CLOSE)), 0, b"", code, 0, 1000.0, 1000.25, traffic
    )  # fmt: skip


def test_a_change_has_its_row_before(journal: Told) -> None:
    forwarded = ForwardedCalls(journal)
    assert forwarded.began("NationEcTrans", (URL, in_data({"transType": "ec.query"}))) is None
    assert forwarded.began("SetEcQrcode", ()) is None and journal.calls == []
    ticket = forwarded.began("VirtualCardTrans", (URL, in_data(CLOSE)))
    forwarded.ended(captured(POST, ANSWER), ticket)
    told = [
        (each.method, each.serial, each.sent, each.outcome.value, each.code, each.milliseconds)
        for each in journal.calls
    ]
    assert told == [
        ("ehc.ehealthcard.close", "20261121000058", True, "sending", "", None),
        ("ehc.ehealthcard.close", "20261121000058", True, "success", "00", 250.0),
    ]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (captured(POST, ANSWER, b"1008"), (True, "refused", "1008")),
        (captured(POST, b"", b"8001"), (True, "unknown", "8001")),
        (captured(UPDATE + POST, ANSWER, b"1008"), (True, "refused", "1008")),
        (captured(UPDATE, ANSWER, b"8004"), (False, "not done", "8004")),
        (replace(captured(b"", b"", b"8004"), traffic=()), (False, "not done", "8004")),
        (replace(captured(b"", b"", b"3003"), traffic=(), recorded=False), (True, "unknown", "3003")),
        (replace(captured(POST, ANSWER, None), habits=Habits(crashed=0xC0000005)), (True, "unknown", "")),
        (replace(captured(b"", b"", None), traffic=(), function="EhealthID_Print", number=5), (False, "not done", "5")),
    ],
)  # fmt: skip
def test_what_the_traffic_says(journal: Told, call: CapturedCall, expected: tuple[bool, str, str]) -> None:
    ForwardedCalls(journal).ended(call)
    (told,) = journal.calls
    assert (told.sent, told.outcome.value, told.code) == expected
