"""The judge of the wire faults: each finding is found, and what is right is not. No libraries and no sockets."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from tests.support.faults.campaign import case_of
from tests.support.faults.host import Result
from tests.support.faults.oracle import Calls, judge
from tests.support.faults.peer import PHASES, Expect, Fault, Plan, Record
from tests.support.faults.rows import FAULTS
from tests.support.faults.transactions import TRANSACTIONS, Transaction, serial_number

OWN, OTHER = serial_number(1), serial_number(7)
ROWS = {row.name: row for row in TRANSACTIONS}
QUERY, VERIFY, FEE = ROWS["ehc.ehealthcard.auth.query"], ROWS["ehc.ehealthcode.verify"], ROWS["hos.upload.fee"]


def out(transaction: Transaction, code: str, text: str | None = None, number: object = None) -> bytes:
    """OutData of a call; None for the words of an unknown outcome."""
    text = transaction.unknown if text is None else text
    if transaction.family == "VC":
        return text.encode("gb18030")
    value = {"code": int(code) if number is None else number, "data": {}, "message": text, "orgId": ""}
    return json.dumps(value, ensure_ascii=False).encode("gb18030")


def good(transaction: Transaction, serial: str) -> Result:
    return Result(transaction.success, out(transaction, "0", f'{{"user_name":"王小明{serial}"}}'), 0.01, 0)


def findings(
    expect: Expect,
    result: Result,
    *,
    transaction: Transaction = VERIFY,
    requests: int = 1,
    begun: int = 1,
    answered: bool = False,
    met: bool = True,
    code: str = "",
    after: Result | None = None,
    fault: str = "a fault",
    cookie: bool = False,
) -> set[str]:
    """What the judge finds in a case in which the server saw `requests`, and sent the success whole if `answered`."""
    serials = {phase: serial_number(number) for number, phase in enumerate(PHASES)}
    plan = Plan(Fault("place", fault, expect), transaction, serials, OTHER, False, False, False, 1, True, "")
    record = Record(code=code, hits=int(met))
    record.whole_requests[OWN] = [0.0] * requests
    record.begun = {(number, "fault") for number in range(begun)}
    record.successes = {OWN} if answered else set()
    record.served_well = {OWN} if answered and not met else set()
    record.cookies = {serials["after"]} if cookie else set()
    calls = Calls(None, result, after or good(transaction, serials["after"]), 0.0, 0.0)
    return set(judge(plan, record, calls, 1.0).reasons)


def failed(code: str, text: str | None = None, transaction: Transaction = VERIFY, number: object = None) -> Result:
    return Result(code, out(transaction, code, text, number), 0.5, 0)


RIGHT = [
    findings(Expect.GOOD, good(VERIFY, OWN), answered=True),
    findings(Expect.EITHER, good(VERIFY, OWN), answered=True),
    findings(Expect.EITHER, failed("3003"), answered=True),
    findings(Expect.UNKNOWN, failed("3003")),
    findings(Expect.UNKNOWN, failed("-1", transaction=FEE), transaction=FEE),
    findings(Expect.UNKNOWN, failed("3003", transaction=QUERY), transaction=QUERY, requests=2, begun=2),
    findings(Expect.UNSENT, failed("8004", "无法连接"), requests=0, begun=0),
    findings(Expect.LOST, failed("8002", "未收到"), requests=0),
    findings(Expect.LOST, failed("3003"), requests=0),
    findings(Expect.REFUSED, failed("3001", "拒绝"), code="3001"),
    findings(Expect.FAILED, failed("9998", "拒绝")),
    findings(Expect.ODD, failed("9998", "拒绝")),
    # An attempt that met no fault was answered well.
    findings(Expect.UNSENT, good(VERIFY, OWN), answered=True, met=False),
]


def test_what_is_right_is_not_found() -> None:
    assert set().union(*RIGHT) == set()


WRONG: dict[str, tuple[str, set[str]]] = {
    "two requests": ("sent twice", findings(Expect.UNKNOWN, failed("3003"), requests=2)),
    "bytes of two requests": ("sent twice", findings(Expect.LOST, failed("3003"), requests=0, begun=2)),
    "a query three times": ("sent twice", findings(Expect.UNKNOWN, failed("3003"), transaction=QUERY, requests=3)),
    "the answer of another": ("foreign", findings(Expect.GOOD, good(VERIFY, OTHER), answered=True)),
    "a refusal of another": (
        "foreign", findings(Expect.REFUSED, failed("3001", f"拒绝{OTHER}"), code="3001"),
    ),
    "a success without a patient": (
        "foreign", findings(Expect.GOOD, Result("00", b"{}", 0.1, 0), answered=True),
    ),
    "over the deadline": ("late", findings(Expect.UNKNOWN, replace(failed("3003"), seconds=2.5))),
    "unknown, and another code": ("wrong code", findings(Expect.UNKNOWN, failed("9008"))),
    "unknown, and success": ("wrong code", findings(Expect.UNKNOWN, good(VERIFY, OWN), answered=True)),
    "unknown without the words": ("wrong code", findings(Expect.UNKNOWN, failed("3003", "应答为空"))),
    "unknown, with the words of another request": (
        "wrong code", findings(Expect.UNKNOWN, failed("3003", FEE.unknown)),
    ),
    "a change with the words of a query": (
        "wrong code", findings(Expect.UNKNOWN, failed("-1", QUERY.unknown, transaction=FEE), transaction=FEE),
    ),
    "unsent, and unknown": ("wrong code", findings(Expect.UNSENT, failed("3003"), requests=0)),
    "arrived whole, and not unknown": ("wrong code", findings(Expect.LOST, failed("8002"), requests=1)),
    "good, and unknown": ("wrong code", findings(Expect.GOOD, failed("3003"), answered=True)),
    "success that was not sent": ("wrong code", findings(Expect.EITHER, good(VERIFY, OWN))),
    "another code than that of the platform": (
        "wrong code", findings(Expect.REFUSED, failed("9998", "拒绝"), code="3001"),
    ),
    "a code that reads as success": ("wrong code", findings(Expect.FAILED, failed("0000", "拒绝"))),
    "full-width zeros": ("wrong code", findings(Expect.FAILED, failed("００", "拒绝"))),
    "an empty code": ("wrong code", findings(Expect.FAILED, Result("", b"x", 0.1, 0))),
    "an empty text": ("wrong code", findings(Expect.FAILED, failed("9998", ""))),
    "code 0 in a failure": (
        "wrong code", findings(Expect.FAILED, failed("-1", "拒绝", FEE, number=0), transaction=FEE),
    ),
    "no JSON": ("wrong code", findings(Expect.FAILED, Result("-1", b"no", 0.1, 0), transaction=FEE)),
    "another name": (
        "wrong code", findings(Expect.GOOD, Result("00", f"鐜嬪{OWN}".encode("gb18030"), 0.1, 0), answered=True),
    ),
    "the next call": ("next failed", findings(Expect.UNKNOWN, failed("3003"), after=failed("8004"))),
    "a cookie": ("state kept", findings(Expect.GOOD, good(VERIFY, OWN), answered=True, fault="cookies", cookie=True)),
    "the end of the program": ("crashed", findings(Expect.UNKNOWN, Result(None, b"", 0, 0))),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name: str) -> None:
    finding, found = WRONG[name]
    assert finding in found


def test_a_case_is_its_number() -> None:
    """The same on every machine: the numbers that a run prints can be carried out again."""
    assert str(case_of(3, 41)) == str(case_of(3, 41)) != str(case_of(4, 41))
    assert case_of(3, 41).plan == case_of(3, 41).plan


def test_a_round_has_every_fault() -> None:
    names = [(fault.place, fault.name) for fault in FAULTS]
    drawn = [case_of(5, number).plan.fault for number in range(len(FAULTS))]
    assert len(set(names)) == len(FAULTS)
    assert sorted((fault.place, fault.name) for fault in drawn) == sorted(names)


def test_transactions_carry_their_serial_number() -> None:
    rng = random.Random(1)
    for row in TRANSACTIONS:
        serial = serial_number(rng.randrange(10**9))
        assert serial.encode() in row.in_data(serial)
        assert serial in json.dumps(row.answer(serial)) and serial in json.dumps(row.refusal(serial, 1))
