"""Values that the DLL makes: what each rule makes, what fits it, and rules that cannot be used."""

from __future__ import annotations

import re
import time
from datetime import datetime

import pytest

from shim.dialects.made import ALPHABETS, MADE_RULES, LiveMaker, fits, out_rule, parts_of, written_time

BEGAN = datetime(2020, 6, 8, 12, 0, 58, 250_000).timestamp()  # local time, as the rules write it
ENDED = BEGAN + 3.5

FITTING = [
    # rule, what fits it, what does not
    ("text:V1.1", ["V1.1"], ["V1.2", "", "V1.1 "]),
    ("clock:yyyyMMddHHmmss", ["20200608120058", "20200608120056", "20200608120103"], ["20200608120055"]),
    ("clock:yyyyMMddHHmmss", [], ["20200608120104", "2020060812005"]),
    ("clock:yyyy-MM-dd HH:mm:ss", ["2020-06-08 12:00:59"], ["2020-06-08T12:00:59", "2020-06-08 12:02:59"]),
    ("clock:yyyyMMddHHmmssSSS", ["20200608120058999", "20200608120101000"], ["20200608120158999", "2020060812005899"]),
    ("clock:HHmmss", ["120058"], ["130058"]),
    ("clock:yyyyMMdd", ["20200608"], ["20200609", "2020060"]),
    ("clock:yyMMdd", ["200608"], ["190608"]),
    ("clock:unix", [str(int(BEGAN)), str(int(BEGAN) - 2), str(int(ENDED) + 2)], [str(int(BEGAN) - 4), "x"]),
    ("clock:unix-ms", [str(int(BEGAN * 1000))], [str(int(BEGAN * 1000) - 2500), str(int(BEGAN))]),
    ("random:hex-lower:4", ["0af9"], ["0AF9", "0af", "0af9a"]),
    ("random:hex-upper:4", ["0AF9"], ["0af9"]),
    ("random:digits:6", ["012345"], ["01234a", "01234５"]),
    ("random:alnum:3", ["aZ9"], ["a-9"]),
    ("random:alnum-lower:3", ["az9"], ["aZ9"]),
    ("random:alnum-upper:3", ["AZ9"], ["aZ9"]),
    ("random:letters:3", ["aZb"], ["aZ9"]),
    ("uuid", ["0f8fad5b-d9cb-469f-a165-70867728950e"], ["0F8FAD5B-D9CB-469F-A165-70867728950E", "0f8fad5b"]),
    ("uuid:upper", ["0F8FAD5B-D9CB-469F-A165-70867728950E"], ["0f8fad5b-d9cb-469f-a165-70867728950e"]),
    ("uuid:braces", ["{0F8FAD5B-D9CB-469F-A165-70867728950E}"], ["0F8FAD5B-D9CB-469F-A165-70867728950E"]),
    ("uuid:braces-lower", ["{0f8fad5b-d9cb-469f-a165-70867728950e}"], ["{0F8FAD5B-D9CB-469F-A165-70867728950E}"]),
    ("uuid-plain", ["0f8fad5bd9cb469fa16570867728950e"], ["0F8FAD5BD9CB469FA16570867728950E"]),
    ("uuid-plain:upper", ["0F8FAD5BD9CB469FA16570867728950E"], ["0f8fad5bd9cb469fa16570867728950e"]),
    ("counter", ["0", "17"], ["017", "x", ""]),
    ("counter:4", ["0017", "12345"], ["17", "00017"]),
    ("mac:colon", ["00:1b:44:11:3a:b7"], ["00:1B:44:11:3A:B7", "00-1b-44-11-3a-b7"]),
    ("mac:colon-upper", ["00:1B:44:11:3A:B7"], ["00:1b:44:11:3a:b7"]),
    ("mac:dash", ["00-1B-44-11-3A-B7"], ["00-1b-44-11-3a-b7"]),
    ("mac:dash-lower", ["00-1b-44-11-3a-b7"], ["00-1B-44-11-3A-B7"]),
    ("mac:plain", ["001B44113AB7"], ["001b44113ab7"]),
    ("mac:plain-lower", ["001b44113ab7"], ["001B44113AB7"]),
    ("ip", ["10.1.1.255"], ["10.1.1.256", "10.1.1", "::1"]),
    ("field:app_id", ["", "anything\n"], []),
    ("clock:yyyyMMddHHmmss+random:digits:6", ["20200608120058123456"], ["20200608120158123456", "20200608120058"]),
    ("text:A+B+counter:2+text:-", ["A+B07-"], ["A+B7-", "AB07-"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "yes", "no"), FITTING, ids=[row[0] for row in FITTING])
def test_what_fits(rule: str, yes: list[str], no: list[str]) -> None:
    assert [value for value in yes if not fits(rule, value, BEGAN, ENDED)] == []
    assert [value for value in no if fits(rule, value, BEGAN, ENDED)] == []


def test_every_rule_and_kind_is_here() -> None:
    rules = {rule for rule, _, _ in FITTING}
    assert {row.name for rule in rules for row, _ in parts_of(rule)} == set(MADE_RULES)
    assert {rule.split(":")[1] for rule in rules if rule.startswith("random:")} == set(ALPHABETS)


@pytest.mark.parametrize("rule", [rule for rule, _, _ in FITTING if "field:" not in rule])
def test_what_is_made_fits(rule: str) -> None:
    maker = LiveMaker(lambda: ("001B44113AB7", "10.1.1.2"))
    began = time.time()
    values = [maker.value("x", rule) for _ in range(20)]
    assert all(fits(rule, value, began, time.time()) for value in values), values


def test_what_is_made_of_given_sources() -> None:
    maker = LiveMaker(lambda: ("001B44113AB7", "10.1.1.2"), clock=lambda: BEGAN + 0.0004)
    rules = ("clock:yyyy/MM/dd HH:mm:ss.SSS", "mac:dash", "mac:colon", "mac:plain", "ip", "counter:3", "counter")
    assert [maker.value("x", rule) for rule in rules] == [
        "2020/06/08 12:00:58.250", "00-1B-44-11-3A-B7", "00:1b:44:11:3a:b7", "001B44113AB7", "10.1.1.2", "001", "2",
    ]  # fmt: skip
    assert maker.value("x", "uuid")[14] == "4" and re.fullmatch("[89ab]", maker.value("x", "uuid")[19])


def test_random_values_differ() -> None:
    maker = LiveMaker()
    for rule in ("random:hex-lower:32", "uuid", "uuid-plain", "random:alnum:20"):
        assert len({maker.value("x", rule) for _ in range(50)}) == 50


def test_an_address_that_is_not_known_is_empty() -> None:
    assert LiveMaker().value("x", "mac:colon") == LiveMaker().value("x", "ip") == ""


def test_a_clock_that_reads_one_time_for_all_parts() -> None:
    times = iter((BEGAN, BEGAN + 1))
    maker = LiveMaker(clock=lambda: next(times))
    assert maker.value("x", "clock:ss+clock:ss") == "5858"


def test_milliseconds_are_not_rounded_into_the_second() -> None:
    assert written_time("ssSSS", BEGAN + 0.749) == "58999"


@pytest.mark.parametrize(
    "rule",
    [
        "", "clock", "clock:", "clock:now", "clock:yyyyyyyy", "random", "random:hex-lower", "random:hex-lower:0",
        "random:hex-lower:x", "random:words:3", "random:digits:99999", "uuid:x", "uuid-plain:x", "counter:x",
        "counter:99", "mac", "mac:dots", "ip:4", "field", "field:", "now:yyyy", "random:digits:２",
    ],
)  # fmt: skip
def test_rules_that_cannot_be_used(rule: str) -> None:
    with pytest.raises(ValueError):
        parts_of(rule)


def test_a_text_may_be_empty() -> None:
    assert LiveMaker().value("x", "text:") == ""


@pytest.mark.parametrize("rule", ["", "text", "json:", "json:{", "json:x", "answer:", "request", "nowhere:x"])
def test_rules_of_outdata_that_cannot_be_used(rule: str) -> None:
    with pytest.raises(ValueError):
        out_rule(rule)
