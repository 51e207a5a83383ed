"""Lines of [abi] from how the vendor's exports treated the host."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shim.capture.record import CapturedCall, Habits
from shim.learn.habits import learn_habits

_CALL = CapturedCall("t-1", "his.exe", "VirtualCardTrans", (b"http://a", b"{}"), 0, b"{}", b"00", 0, 1.0, 2.0)


def call(function: str = "VirtualCardTrans", out: bytes | None = b"{}", **habits: int | str) -> CapturedCall:
    return replace(_CALL, function=function, out=out, habits=Habits(**habits))  # type: ignore[arg-type]


def topics(*calls: CapturedCall) -> set[str]:
    return {each.topic for each in learn_habits(calls)[1]}


@pytest.mark.parametrize(("popped", "line"), [(4, "stdcall"), (0, "cdecl")])
def test_who_takes_the_argument_off_the_stack(popped: int, line: str) -> None:
    lines, findings = learn_habits([call("Set_QRflow_Mode", None, popped=popped)])
    assert lines["set_qrflow_mode"] == line
    assert findings[0].facts == {"bytes": popped, "count": 1, "value": line}


def test_a_convention_that_was_not_seen_is_no_line() -> None:
    assert "no-flow-call" in topics(call())
    assert "stack-unknown" in topics(call("Set_QRflow_Mode", None, popped=-1))
    assert "both-conventions" in topics(
        call("Set_QRflow_Mode", None, popped=0), call("Set_QRflow_Mode", None, popped=4)
    )


@pytest.mark.parametrize(("size", "line"), [(2047, None), (2048, "4096"), (4096, "8192"), (19000, "20480")])
def test_the_largest_out_data(size: int, line: str | None) -> None:
    assert learn_habits([call(), call(out=b"x" * size)])[0].get("out_capacity") == line


def test_the_rest_of_the_buffer() -> None:
    assert "buffer-untouched" in topics(call(out_touched=3))
    _, findings = learn_habits([call(out_touched=2048)])
    assert {"count": 1, "total": 1, "bytes": 2048} in [each.facts for each in findings]


@pytest.mark.parametrize(
    ("memory", "line"), [("module", "static"), ("heap", "cotaskmem"), ("out", None), ("stack", None)]
)
def test_whose_memory_the_returned_text_is(memory: str, line: str | None) -> None:
    lines, findings = learn_habits([call(memory=memory, pointer=4096)] * 3)
    assert lines.get("return_memory") == line
    assert f"memory-{memory}" in {each.topic for each in findings}


@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
def test_the_charset_of_the_host(charset: str) -> None:
    text = '{"name":"测试员王小明"}'.encode(charset)
    lines, _ = learn_habits([replace(call(out=text), texts=(b"http://a", text))])
    assert lines["charset"] == charset
    mixed = [replace(call(out='{"姓名":"测试员"}'.encode("gbk")), texts=(b"http://a", '{"名":"测试员"}'.encode()))]
    assert "charsets-differ" in topics(*mixed)
    assert "charset-open" in topics(call())


def test_crashes_are_counted() -> None:
    _, findings = learn_habits([call(crashed=0xC0000005)])
    assert {"count": 1, "code": "C0000005"} in [each.facts for each in findings]
