"""What C says where Python cannot is what Python says: one table of rows (native/messages_build.py)."""

from __future__ import annotations

import pytest

from native import messages_build
from shim.messages.clerk import LONGEST
from shim.reply import CallRecord
from shim.spec import EXPORT_BY_NAME, EXPORTS, Shape
from tests.support.paths import ROOT

# What a host gets of each outcome: VirtualCardTrans, SetEcQrcode, NationEcTrans.
WORDS = {
    "NOT_ANSWERED": (
        "扫码组件出错，本次没有提交。请联系信息科（8009）。",
        "扫码组件出错，医保码没有填入。请联系信息科（8009）。",
        "扫码组件出错，本次没有提交。请联系信息科（-1）。",
    ),
    "UNKNOWN": (
        "扫码组件出错，业务可能已办成，请先查询结果，并联系信息科（3003）。",
        "扫码组件出错，医保码可能已经填入，请先看输入框，并联系信息科（3003）。",
        "扫码组件出错，业务可能已办成，请先查询结果，并联系信息科（-1）。",
    ),
    "NOT_STARTED": (
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），医保码没有填入。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（-1）。",
    ),
    "NOT_LOADED": (
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），医保码没有填入。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（-1）。",
    ),
    "NO_FILE": (
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），医保码没有填入。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（-1）。",
    ),
    "NO_CRT": (
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），医保码没有填入。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（-1）。",
    ),
    "NO_FOLDERS": (
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），医保码没有填入。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（-1）。",
    ),
    "SEMICOLON": (
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），医保码没有填入。请联系信息科（8009）。",
        "扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（-1）。",
    ),
    "NO_MEMORY": (
        "内存不足，扫码组件不能启动，本次没有提交，可以再试；请先关闭其他程序（8009）。",
        "内存不足，扫码组件不能启动，医保码没有填入。请先关闭其他程序（8009）。",
        "内存不足，扫码组件不能启动，本次没有提交，可以再试；请先关闭其他程序（-1）。",
    ),
    "NO_THREAD": (
        "系统资源不足，扫码组件不能工作，本次没有提交，可以再试；请先关闭其他程序（8009）。",
        "系统资源不足，扫码组件不能工作，医保码没有填入。请先关闭其他程序（8009）。",
        "系统资源不足，扫码组件不能工作，本次没有提交，可以再试；请先关闭其他程序（-1）。",
    ),
    "NO_VENDOR": (
        "原厂扫码组件没有装好，本次没有提交。请联系信息科（8009）。",
        "原厂扫码组件没有装好，医保码没有填入。请联系信息科（8009）。",
        "原厂扫码组件没有装好，本次没有提交。请联系信息科（-1）。",
    ),
    "VENDOR_IS_OURS": (
        "原厂扫码组件没有装好，本次没有提交。请联系信息科（8009）。",
        "原厂扫码组件没有装好，医保码没有填入。请联系信息科（8009）。",
        "原厂扫码组件没有装好，本次没有提交。请联系信息科（-1）。",
    ),
    "NO_EXPORT": (
        "原厂扫码组件没有这项功能，本次没有提交。请联系信息科（8009）。",
        "原厂扫码组件没有这项功能，医保码没有填入。请联系信息科（8009）。",
        "原厂扫码组件没有这项功能，本次没有提交。请联系信息科（-1）。",
    ),
    "CRASHED": (
        "原厂扫码组件出错，本次没有提交，可以再试；请联系信息科（8009）。",
        "原厂扫码组件出错，医保码没有填入。请联系信息科（8009）。",
        "原厂扫码组件出错，本次没有提交，可以再试；请联系信息科（-1）。",
    ),
    "CRASHED_SENT": (
        "原厂扫码组件出错，业务可能已办成，请先查询结果，并联系信息科（3003）。",
        "原厂扫码组件出错，医保码可能已经填入，请先看输入框，并联系信息科（3003）。",
        "原厂扫码组件出错，业务可能已办成，请先查询结果，并联系信息科（-1）。",
    ),
}  # fmt: skip
TEXTS = ("VirtualCardTrans", "SetEcQrcode", "NationEcTrans")


@pytest.mark.parametrize("outcome", WORDS)
def test_what_is_said(outcome: str) -> None:
    """And it stands in what failure.c includes, whole and with no path in it."""
    row, state = messages_build.ROWS[outcome]
    texts = [messages_build.clerk(row, state, EXPORT_BY_NAME[name]) for name in TEXTS]
    assert tuple(texts) == WORDS[outcome]
    header = messages_build.header()
    for text in texts:
        assert f'"{text}"' in header
        assert len(text.replace("{mark}", "L4294967295")) <= LONGEST and "{path}" not in text
    assert f'"{messages_build.engineer(row)}"' in header


def test_every_outcome_of_the_front_has_a_row() -> None:
    text = (ROOT / "native/failure.h").read_text("utf-8")
    outcomes = "".join(text.partition("enum outcome {")[2].partition("}")[0].split()).split(",")
    assert (
        [name for name in outcomes if name not in ("ANSWERED", "OUTCOMES")] == list(messages_build.ROWS) == list(WORDS)
    )


def test_python_says_the_same_in_its_last_resort() -> None:
    """The answers that are prepared for an exception that cannot be told."""
    import logging

    from shim.submission import Submission

    silent = logging.Logger("unused", logging.CRITICAL + 1)
    for begun, outcome in ((False, "NOT_ANSWERED"), (True, "UNKNOWN")):
        for export in EXPORTS:
            if export.shape is Shape.NUMBER:
                continue
            submission = Submission()
            submission.begun = begun
            record = CallRecord(export, silent, submission=submission)
            assert record.failed(record.internal_error()).text == WORDS[outcome][TEXTS.index(export.name)]
