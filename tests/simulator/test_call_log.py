"""The log of calls for people and programs: filters, HAR, curl, the lines of the terminal."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from shim.commands.language import CommandLanguage, speaking
from shim.commands.simulator_calls import CallLines
from shim.simulator.exchange_texts import answer_status, curl_of, har_entries
from shim.simulator.messages import Call
from shim.simulator.server import Simulator
from shim.simulator.state import SimulatorState
from shim.simulator.store.call_log import CallFilter
from tests.support.har import faults
from tests.support.platforms import VERIFY, VERIFYING, body

CALLS = (
    Call("/ehcService/gateway.do", "ehc.ehealthcode.verify", "0000", '{"a":"一"}', "王𬱖", "{}", at=1.0, ms=2.0),
    Call("/ehcService/gateway.do", "ehc.ehealthcard.push", "9003", "<not JSON>", "", '{"x":"%_"}', at=2.0, ms=3.0),
    Call("/", "ec.query", "0", "q", "", "a", "told", at=3.0),
    Call("/", directives="down:5", at=4.0),
)


@pytest.fixture
def state() -> Iterator[SimulatorState]:
    state = SimulatorState(base_url="http://h:1")
    for call in CALLS:
        state.calls.append(call)
    yield state
    state.close()


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (CallFilter(), [1, 2, 3, 4]),
        (CallFilter(method="EHC."), [1, 2]),
        (CallFilter(code="9003"), [2]),
        (CallFilter(code="!"), [2, 4]),
        (CallFilter(text="王𬱖"), [1]),
        (CallFilter(text="told"), [3]),
        (CallFilter(text="%_"), [2]),
        (CallFilter("ehc", "0000", "一"), [1]),
        (CallFilter("ehc", "!", "一"), []),
        (CallFilter("' OR 1=1 --"), []),
    ],
)
def test_calls_are_filtered(state: SimulatorState, wanted: CallFilter, numbers: list[int]) -> None:
    assert [call.number for call in state.calls.search(wanted)] == numbers


def test_the_last_ones_of_those_wanted(state: SimulatorState) -> None:
    assert [call.number for call in state.calls.search(CallFilter(method="e"), after=1, limit=1)] == [3]


def test_programs_filter_too(simulator: Simulator) -> None:
    """The calls of this simulator, whatever tests made them before."""
    requests.post(simulator.gateway, body(VERIFY, {**VERIFYING, "out_verify_no": "FILTER1"}), timeout=20)
    asked: dict[str, Any] = {"method": "verify", "text": "FILTER1"}
    calls = requests.get(f"{simulator.url}/_sim/calls", params=asked, timeout=20).json()
    assert [json.loads(call["opened"])["out_verify_no"] for call in calls] == ["FILTER1"]
    assert requests.get(f"{simulator.url}/_sim/calls", params={**asked, "code": "zz"}, timeout=20).json() == []


def test_calls_as_har(simulator: Simulator) -> None:
    requests.post(simulator.gateway, body(VERIFY, {**VERIFYING, "out_verify_no": "HAR1"}), timeout=20)
    answer = requests.get(f"{simulator.url}/_sim/calls.har", params={"text": "HAR1"}, timeout=20)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="vcshim-simulator.har"'
    archive = answer.json()
    assert faults(archive) == []
    (entry,) = archive["log"]["entries"]
    assert entry["request"]["url"] == simulator.gateway
    assert json.loads(entry["request"]["postData"]["text"])["method"] == VERIFY
    assert json.loads(entry["response"]["content"]["text"])["ret_code"] == "0000"


def test_a_request_with_a_wrong_sign_is_opened_all_the_same(simulator: Simulator) -> None:
    request = json.loads(body(VERIFY, {**VERIFYING, "out_verify_no": "WRONG1"}))
    seen = simulator.seen
    requests.post(simulator.gateway, json.dumps({**request, "sign": "0"}).encode(), timeout=20)
    (call,) = simulator.state.calls.after(seen)
    assert (call.code, json.loads(call.request_content)["out_verify_no"]) == ("9003", "WRONG1")


@pytest.mark.parametrize(
    ("directives", "status"),
    [("", 200), ("delay:5", 200), ("http:503", 503), ("status:201", 201), ("reset:1", 0), ("drop:1", 0), ("half:1", 0),
     ("never:1", 0), ("early:1", 0), ("down:5", 0), ("no such word", 0)],
)  # fmt: skip
def test_the_status_that_the_client_got(directives: str, status: int) -> None:
    assert answer_status(Call(directives=directives)) == status


def test_entries_have_address_time_and_what_applied() -> None:
    (entry,) = har_entries([CALLS[3]], "http://h:1")
    assert (entry.url, entry.at, entry.status, entry.comment.split()[-1]) == ("http://h:1/", 4.0, 0, "down:5")


def test_a_call_as_curl() -> None:
    words = shlex.split(curl_of(CALLS[0], "http://h:1", "sh"))
    assert words[:2] == ["curl", "http://h:1/ehcService/gateway.do"] and words[-1] == '{"a":"一"}'


# ---- the terminal ----------------------------------------------------------------------------------------------------


def lines(state: SimulatorState, capsys: pytest.CaptureFixture[str], language: CommandLanguage, *calls: Call) -> str:
    """What is printed of calls that are made after the command began."""
    shown = CallLines(state)
    for call in calls:
        state.calls.append(call)
    with speaking(language):
        shown.show_new()
        shown.show_new()  # nothing twice
    return capsys.readouterr().out


def test_a_line_a_call(state: SimulatorState, capsys: pytest.CaptureFixture[str]) -> None:
    said = lines(state, capsys, CommandLanguage.CHINESE, Call("/", "ec.query", "0", ms=1.25, directives="delay:1"))
    assert said.partition("  ")[2] == "ec.query  0 成功  1.2 毫秒  [delay:1]\n"


def test_a_request_that_was_not_read(state: SimulatorState, capsys: pytest.CaptureFixture[str]) -> None:
    assert "(not read)  -   0.0 ms  [down:5]" in lines(state, capsys, CommandLanguage.ENGLISH, CALLS[3])


def test_the_cause_of_a_wrong_sign(state: SimulatorState, capsys: pytest.CaptureFixture[str]) -> None:
    request = json.loads(body(VERIFY, VERIFYING))
    request["sign"] = request["sign"].lower()
    call = Call("/", VERIFY, "9003", json.dumps(request, ensure_ascii=False))
    said = lines(state, capsys, CommandLanguage.ENGLISH, call).splitlines()
    assert said[1:] == ["    cause: the sign must be in upper-case hex, not in lower case"]
    call.request = json.dumps({**request, "sign": "0"})
    assert lines(state, capsys, CommandLanguage.CHINESE, call).splitlines()[1].startswith("    签名不对，已知的写法")
    call.request = json.dumps({**request, "sign": request["sign"].upper()})  # refused by a directive: nothing is wrong
    assert len(lines(state, capsys, CommandLanguage.CHINESE, call).splitlines()) == 1


def test_why_it_cannot_be_decrypted(state: SimulatorState, capsys: pytest.CaptureFixture[str]) -> None:
    request = json.loads(body(VERIFY, VERIFYING))
    request["biz_content"] = request["biz_content"].lower()
    said = lines(state, capsys, CommandLanguage.ENGLISH, Call("/", VERIFY, "9007", json.dumps(request)))
    assert "cause: the ciphertext must be in upper-case hex" in said
    request["biz_content"] = "00" * 16
    said = lines(state, capsys, CommandLanguage.ENGLISH, Call("/", VERIFY, "9007", json.dumps(request)))
    assert "the ciphertext opens in no known way" in said


def test_very_many_calls_are_counted(state: SimulatorState, capsys: pytest.CaptureFixture[str]) -> None:
    said = lines(state, capsys, CommandLanguage.ENGLISH, *[Call("/", "m", "0")] * 60).splitlines()
    assert said[0] == "... and 10 more, see the console" and len(said) == 51


def test_calls_as_lines_of_json(state: SimulatorState, capsys: pytest.CaptureFixture[str]) -> None:
    shown = CallLines(state, as_json=True)
    state.calls.append(CALLS[0])
    shown.show_new()
    record = json.loads(capsys.readouterr().out)
    assert (record["method"], record["opened"]) == ("ehc.ehealthcode.verify", "王𬱖")
