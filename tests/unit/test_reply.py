"""Replies: the code and the text of every export after success and failure, fitted to a buffer, and the log line."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim import codec
from shim.devices.base import DeviceUnavailable
from shim.errors import (
    HostError,
    Message,
    OwnError,
    PlatformError,
    PlatformRefusal,
    Reason,
    ShimError,
    State,
    Unavailable,
)
from shim.messages import answers, network, own
from shim.reply import CallRecord, Reply
from shim.spec import EC_CODES, EXPORT_BY_NAME, SEEN_CODES, VC_CODES, Effect

VC = [name for name in EXPORT_BY_NAME if name != "NationEcTrans"]
# Whatever a text may hold but lone surrogates, which no charset has.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


class Lines(logging.Handler):
    """The lines of a log: level, text and facts."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[int, str, dict[str, object]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelno, record.getMessage(), record.facts))  # type: ignore[attr-defined]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logger = logging.getLogger("test.reply")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def record(name: str, org_id: str = "") -> CallRecord:
    return CallRecord(EXPORT_BY_NAME[name], logging.getLogger("test.reply"), org_id=org_id)


# ---- success ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [("VirtualCardTrans", "00"), ("Set_QRflow_Mode", "0"), ("EhealthID_Print", "0"), ("SetEcQrcode", "0"),
     ("NationEcTrans", "0000")],
)  # fmt: skip
def test_success(lines: Lines, name: str, code: str) -> None:
    call = record(name, "O1")
    call.facts["method"] = "m"
    reply = call.succeeded("{}")
    assert (reply.code, reply.out, reply.wrap, reply.org_id) == (code, "{}", None, "O1")
    ((level, text, facts),) = lines.lines
    assert (level, text) == (logging.INFO, "成功")
    assert list(facts) == ["function", "code", "ms", "method"]
    assert (facts["function"], facts["code"]) == (name, code)


# ---- failure ---------------------------------------------------------------------------------------------------------


# A row of each family, meant for before anything was sent, and what stands for its sentence.
LACKING = Message(
    "test.lacking", Reason.NO_METHOD, "缺少 {field}", "InData 缺少 {field}", {"field": "method"}, "请联系信息科", False
)
QUOTED = Message("test.quoted", Reason.INTERNAL, '"引号"和汉字', "{platform}的内部异常")


@pytest.mark.parametrize("name", VC)
def test_a_failure_of_virtualcardchk(name: str) -> None:
    reply = record(name, "O1").failed(HostError(LACKING, field="method"))
    what = {"VirtualCardTrans": "本次没有提交", "Set_QRflow_Mode": "扩展屏没有改变", "EhealthID_Print": "标签没有打印",
            "SetEcQrcode": "医保码没有填入"}[name]  # fmt: skip
    assert (reply.code, reply.number, reply.out) == ("1004", 1004, f"缺少 method，{what}。请联系信息科（1004）。")


def test_a_failure_of_nationeccode() -> None:
    reply = record("NationEcTrans", "O1").failed(OwnError(QUOTED))
    assert reply.code == "-1"
    assert reply.out == (
        '{"code":-1,"data":{},"message":"\\"引号\\"和汉字，本次没有提交，可以再试（-1）。","orgId":"O1"}'
    )


def test_the_developer_reads_both_texts(lines: Lines) -> None:
    """The clerk's sentence comes first: a small buffer shortens the other one."""
    for name, platform in (("VirtualCardTrans", "多码融合平台"), ("NationEcTrans", "医保平台")):
        call = record(name)
        call.audience = "developer"
        reply = call.failed(OwnError(QUOTED))
        code = reply.code
        assert reply.text == f'"引号"和汉字，本次没有提交，可以再试（{code}）。详情：{platform}的内部异常'
        assert lines.lines[-1][1] == f"{platform}的内部异常"
    assert call.failed(PlatformRefusal("500049", "码已失效")).text == "码已失效"


@pytest.mark.parametrize(
    ("effect", "text"),
    [
        (Effect.CHANGE, "医保平台 90 秒未答复，业务可能已办成，请先查询结果（3003）。"),
        (Effect.IDENTIFY, "医保平台 90 秒未答复，没有结果，不影响业务，请患者刷新二维码再试（3003）。"),
        (Effect.QUERY, "医保平台 90 秒未答复，没有结果，不影响业务，可以再试（3003）。"),
    ],
)
def test_the_platform_that_was_asked_is_named(lines: Lines, effect: Effect, text: str) -> None:
    """A call of VirtualCardTrans may have asked the insurance platform."""
    call = record("VirtualCardTrans")
    call.platform, call.effect, call.submission.begun = "医保平台", effect, True
    assert call.failed(PlatformError(network.NO_ANSWER, peer="10.1.1.1:80", seconds="90")).text == text
    ((_, line, facts),) = lines.lines
    assert line == "医保平台 10.1.1.1:80 在 90 秒内没有应答"
    outcome = "可能已办成" if effect is Effect.CHANGE else "没有结果，不影响业务"
    assert (facts["outcome"], facts["reason"], facts["family"]) == (outcome, "unknown outcome", "platform")


def test_what_is_too_long_is_left_out_by_rank() -> None:
    """What to do next goes first, then the end of what happened; never what became of the call, or the code."""
    for length, end in (
        (29, "，本次没有提交，可以再试；仍不行请联系信息科（8009）。"),
        (33, "，本次没有提交，可以再试（8009）。"),
        (300, "，本次没有提交，可以再试（8009）。"),
    ):
        row = Message("test.long", Reason.INTERNAL, "啊" * length, "x", then="仍不行请联系信息科")
        text = record("VirtualCardTrans").failed(OwnError(row)).text
        assert text == "啊" * min(length, 60 - len(end)) + end and len(text) <= 60


# ---- refusals of a platform ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["clerk", "developer"])
@pytest.mark.parametrize("words", ["二维码已过期", "  流水号 重复 ", "x" * 500])
def test_the_words_of_a_platform_stay(words: str, audience: str) -> None:
    for name, code in (("VirtualCardTrans", "2001"), ("NationEcTrans", "500777")):
        call = record(name)
        call.audience, call.submission.begun = audience, True
        reply = call.failed(PlatformRefusal(code, words))
        assert (reply.code, reply.text, reply.is_ours) == (code, words.strip(), False)


@pytest.mark.parametrize(
    ("name", "code", "text"),
    [
        ("VirtualCardTrans", "2001",
         "多码融合平台未受理：多码融合码二维码已过期（2001）。请患者刷新二维码，再扫一次。"),
        ("NationEcTrans", "500049",
         "医保平台未受理：电子凭证二维码无效（500049）。请患者刷新二维码，再扫一次；每个码只能用一次。"),
        # verify passes on what the insurance platform says
        ("VirtualCardTrans", "500049",
         "多码融合平台未受理：电子凭证二维码无效（500049）。请患者刷新二维码，再扫一次；每个码只能用一次。"),
        ("NationEcTrans", "500159",
         "医保平台未受理：请使用医保电子凭证二维码（500159）。所扫不是医保码；请患者打开医保电子凭证，再扫一次。"),
        ("NationEcTrans", "500777", "医保平台未受理（500777）。请联系信息科。"),
        ("VirtualCardTrans", "1001", "多码融合平台未受理：应用编号为空（1001）。请联系信息科。"),
        ("VirtualCardTrans", "9998", "多码融合平台未受理：交易失败（9998）。先查询结果，再决定是否重做。"),
        ("VirtualCardTrans", "E-7",
         "多码融合平台未受理：交易失败（9998，平台返回码 E-7）。先查询结果，再决定是否重做。"),
        ("VirtualCardTrans", "990000195203030026",
         "多码融合平台未受理：交易失败（9998）。先查询结果，再决定是否重做。"),
        ("VirtualCardTrans", "3003", "多码融合平台未受理：资源正在被占用, 请确认交易状态再试（3003）。请联系信息科。"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("words", ["", " ", "\0", "\x1b\x07 \r\n"])
def test_a_refusal_without_words_is_explained(name: str, code: str, text: str, words: str) -> None:
    assert record(name).failed(PlatformRefusal(code, words)).text == text and len(text) <= 60


def test_no_explanation_of_a_refusal_is_too_long() -> None:
    """What to do is left out before anything else, and never a field or a setting named."""
    for code in VC_CODES | EC_CODES | SEEN_CODES:
        text = record("VirtualCardTrans").failed(PlatformRefusal(code, "")).text
        head, _, remedy = text.partition("）。")
        assert len(text) <= 60 and head.startswith("多码融合平台未受理：")
        assert not re.search("[A-Za-z]|说明", remedy), text


@pytest.mark.parametrize(
    ("name", "code", "words", "instead", "text"),
    [
        ("VirtualCardTrans", "E-7", "不行", "9998", "不行（平台返回码 E-7）"),
        ("NationEcTrans", "FAIL", "不行", "-1", "不行（平台返回码 FAIL）"),
        ("VirtualCardTrans", "990000195203030026", "不行", "9998", "不行"),
        ("VirtualCardTrans", "2001\0", "不\0行", "2001", "不 行"),
    ],
)
def test_a_code_that_cannot_cross_leaves_the_words(name: str, code: str, words: str, instead: str, text: str) -> None:
    reply = record(name).failed(PlatformRefusal(code, words))
    assert (reply.code, reply.text) == (instead, text)


# ---- by the state of the call ----------------------------------------------------------------------------------------

# What a call that an exception has ended is answered with, before it may have had an effect outside and after.
ENDED = {
    "VirtualCardTrans": (
        ("8009", "扫码组件出错，本次没有提交。请联系信息科（8009）。"),
        ("3003", "扫码组件出错，业务可能已办成，请先查询结果，并联系信息科（3003）。"),
    ),
    "NationEcTrans": (
        ("-1", "扫码组件出错，本次没有提交。请联系信息科（-1）。"),
        ("-1", "扫码组件出错，业务可能已办成，请先查询结果，并联系信息科（-1）。"),
    ),
    "Set_QRflow_Mode": (
        ("8009", "扫码组件出错，扩展屏没有改变。请联系信息科（8009）。"),
        ("3003", "扫码组件出错，扩展屏可能已经改变，请先看扩展屏，并联系信息科（3003）。"),
    ),
    "EhealthID_Print": (
        ("8009", "扫码组件出错，标签没有打印。请联系信息科（8009）。"),
        ("3003", "扫码组件出错，标签可能已经打出，请先看打印机，再决定是否补打，并联系信息科（3003）。"),
    ),
    "SetEcQrcode": (
        ("8009", "扫码组件出错，医保码没有填入。请联系信息科（8009）。"),
        ("3003", "扫码组件出错，医保码可能已经填入，请先看输入框，并联系信息科（3003）。"),
    ),
}


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("name", list(EXPORT_BY_NAME))
def test_the_state_decides_how_an_exception_ends_a_call(lines: Lines, name: str, begun: bool) -> None:
    call = record(name, "O1")
    call.submission.begun = begun
    reply = call.failed(call.internal_error())
    assert (reply.code, reply.text, reply.is_ours) == (*ENDED[name][begun], True)
    assert lines.lines[-1][2]["outcome"] == ("可能已办成" if begun else "没有提交")


# Errors that were meant for the time before anything was sent, and one each that says what became of the call.
CIPHER = Message("test.cipher", Reason.CIPHER_MISSING, "缺少 x", "缺少 x")
BEFORE: list[ShimError] = [HostError(LACKING, field="x"), OwnError(CIPHER)]
PART = Message("test.part", Reason.DEVICE_UNAVAILABLE, "填了一半", "x", state=State.UNKNOWN, why=Unavailable.INCOMPLETE)
NONE = Message("test.none", Reason.DEVICE_UNAVAILABLE, "没电", "x", state=State.NOT_DONE, why=Unavailable.LOST)
LOST = Message("test.lost", Reason.DEVICE_UNAVAILABLE, "断开了", "x", why=Unavailable.LOST)
TOO_LONG = OwnError(own.TOO_LONG, size=3100, room=2047, capacity=4096, kept="未保存")
KNOWN: list[tuple[str, ShimError, str]] = [
    ("VirtualCardTrans", PlatformError(network.SENDING_BROKEN, peer="x"),
     "与多码融合平台的连接断开，请求没有发完，本次没有提交，可以再试；仍不行请联系信息科（8002）。"),
    ("VirtualCardTrans", PlatformError(network.NEEDS_TLS, peer="x"),
     "连不上多码融合平台：它要求安全连接，本次没有提交。请联系信息科（8004）。"),
    ("VirtualCardTrans", PlatformError(answers.SIGN_WRONG),
     "多码融合平台已答复，但签名不对，没有采用，业务可能已办成，请先查询结果，并联系信息科（9003）。"),
    ("NationEcTrans", TOO_LONG, "结果太长，医院程序未能接收，业务已办成，请勿重做，并联系信息科（-1）。"),
    ("SetEcQrcode", DeviceUnavailable(PART), "填了一半，医保码可能已经填入，请先看输入框（9005）。"),
    ("EhealthID_Print", DeviceUnavailable(NONE), "没电，标签没有打印（9005）。"),
    ("EhealthID_Print", DeviceUnavailable(LOST), "断开了，标签可能已经打出，请先看打印机，再决定是否补打（9005）。"),
]  # fmt: skip


@pytest.mark.parametrize("error", BEFORE, ids=str)
@pytest.mark.parametrize("name", list(EXPORT_BY_NAME))
def test_after_sending_no_error_says_that_nothing_was_sent(lines: Lines, name: str, error: ShimError) -> None:
    call = record(name)
    assert call.failed(error).text.startswith("缺少 x，")
    call.submission.begun = True
    reply = call.failed(error)
    assert (reply.code, reply.text) == ENDED[name][True]
    assert lines.lines[1][1:] == ("发送之后的错误", {"function": name, "error": error.message})


@pytest.mark.parametrize(("name", "error", "text"), KNOWN, ids=lambda value: str(value)[:20])
def test_after_sending_an_error_that_knows_the_outcome_stays(name: str, error: ShimError, text: str) -> None:
    call = record(name)
    call.submission.begun = True
    assert call.failed(error).text == text


def test_a_device_that_is_not_there_after_sending_is_no_answer_of_a_platform() -> None:
    call = record("VirtualCardTrans")
    call.submission.begun = True
    error = DeviceUnavailable(LOST)
    assert (call.failed(error).code, call.failed(error).text) == ENDED["VirtualCardTrans"][True]


@pytest.mark.parametrize(
    ("serial", "shown"),
    [
        ("20261121000058", "20261121000058"),
        ("20261121000058123456", "20261121000058123456"),
        ("202611210000581234567", "2***（21 字）"),  # room for a phone or more
        ("20261321000058", "2***（14 字）"),  # no time
        ("990000195203030026", "9***（18 字）"),
        ("ZY-19900000002", "Z***（14 字）"),
        ("", None),
    ],
)
def test_the_serial_number_of_what_may_be_done_is_in_the_log(lines: Lines, serial: str, shown: str | None) -> None:
    """It is how the platform finds the business; one that might be a number of a person is masked."""
    call = record("VirtualCardTrans")
    call.serial, call.submission.begun = serial, True
    call.failed(PlatformError(network.CONNECTION_LOST, peer="x"))
    assert lines.lines[-1][2].get("serial") == shown
    call.failed(PlatformError(network.SENDING_BROKEN, peer="x"))
    call.failed(PlatformRefusal("2001", "x"))
    call.effect = Effect.IDENTIFY
    call.failed(PlatformError(network.CONNECTION_LOST, peer="x"))
    assert [facts.get("serial") for _, _, facts in lines.lines[-3:]] == [None] * 3


@pytest.mark.parametrize(
    ("name", "code", "instead"),
    [
        ("VirtualCardTrans", "00", "9998"),
        ("VirtualCardTrans", " 00 ", "9998"),
        ("VirtualCardTrans", "00\0", "9998"),
        ("VirtualCardTrans", "0", "9998"),  # hosts should compare the text with 00, but not all do
        ("VirtualCardTrans", "0000", "9998"),
        ("VirtualCardTrans", "10", "10"),
        ("NationEcTrans", "0000", "-1"),
        ("NationEcTrans", "00", "-1"),  # the JSON has the number, and that would be 0
        ("NationEcTrans", "0", "-1"),
        ("NationEcTrans", "0000\0", "-1"),
        ("NationEcTrans", "", "-1"),
        ("NationEcTrans", "-0", "-1"),
        ("NationEcTrans", "0001", "0001"),
        ("SetEcQrcode", "0", "9998"),
        ("SetEcQrcode", "00", "9998"),
    ],
)
def test_a_refusal_never_reads_as_success(lines: Lines, name: str, code: str, instead: str) -> None:
    reply = record(name).failed(PlatformRefusal(code, "不行"))
    assert reply.code == instead
    logged = {"10": "***（2 字）", "0001": "***（4 字）"}  # in neither table of codes
    assert lines.lines[0][2]["code"] == logged.get(instead, instead)
    if name == "NationEcTrans":
        assert json.loads(reply.out)["code"] == int(instead) != 0


@pytest.mark.parametrize(
    ("error", "level", "family", "reason"),
    [
        (HostError(LACKING, field="x"), "InData 缺少 x", "host", "no method"),
        (PlatformError(network.NO_URL), "请求地址 strUrl 为空（VC 3.2、EC B.1.3）", "platform", "no url"),
        (OwnError(QUOTED), "医保平台的内部异常", "own", "internal"),
        (PlatformRefusal("9", "张三 990000195203030026"), "医保平台拒绝（说明 21 字）", "platform", "refused"),
    ],
)
def test_the_log_line_of_a_failure(lines: Lines, error: ShimError, level: str, family: str, reason: str) -> None:
    """What a platform says may name a patient: only its length is logged."""
    record("NationEcTrans").failed(error)
    ((number, text, facts),) = lines.lines
    assert (number, text) == (logging.ERROR, level)
    outcome = [] if reason == "refused" else ["outcome"]
    assert list(facts) == ["function", "code", "family", "reason", *outcome, "ms"]
    assert (facts["family"], facts["reason"]) == (family, reason)


@pytest.mark.parametrize(
    ("name", "code", "logged", "text"),
    [
        ("VirtualCardTrans", "9003", "9003",
         "多码融合平台拒绝（说明 4 字）：验签失败。核对 app_id 与应用密钥 key 是否配对，以及报文格式的设置；"
         "说明写明业务可能已办成的请先查询结果。"),
        ("VirtualCardTrans", " 2001 ", "2001",
         "多码融合平台拒绝（说明 4 字）：多码融合码二维码已过期。请患者刷新二维码，再扫一次。"),
        ("NationEcTrans", "500049", "500049",
         "医保平台拒绝（说明 4 字）：电子凭证二维码无效。请患者刷新二维码，再扫一次；每个码只能用一次。"),
        # verify passes on what the insurance platform says
        ("VirtualCardTrans", "500002", "500002",
         "多码融合平台拒绝（说明 4 字）：该电子凭证未激活。请患者先激活医保电子凭证。"),
        ("NationEcTrans", "500159", "500159",
         "医保平台拒绝（说明 4 字）：请使用医保电子凭证二维码。所扫不是医保码；请患者打开医保电子凭证，再扫一次。"),
        ("VirtualCardTrans", "500777", "***（6 字）", "多码融合平台拒绝（说明 4 字）"),
        ("VirtualCardTrans", "9998", "9998",
         "多码融合平台拒绝（说明 4 字）：交易失败。先查询结果，再决定是否重做。"),
        ("VirtualCardTrans", "00", "9998",
         "多码融合平台拒绝（说明 4 字）：平台的返回码 ***（2 字）以 9998 代替。先查询结果，再决定是否重做。"),
        ("VirtualCardTrans", "990000195203030026", "9998",
         "多码融合平台拒绝（说明 4 字）：平台的返回码 ***（18 字）以 9998 代替。先查询结果，再决定是否重做。"),
        ("NationEcTrans", "张三", "-1",
         "医保平台拒绝（说明 4 字）：平台的返回码 ***（2 字）以 -1 代替。"
         "记下时间，查看日志；说明写明本次没有提交的可以再试，否则先查询结果，再决定是否重做。"),
    ],
)  # fmt: skip
def test_the_log_explains_a_refusal_by_the_tables(lines: Lines, name: str, code: str, logged: str, text: str) -> None:
    """Neither the platform's words nor a code that no table has: it was an identity number once."""
    reply = record(name).failed(PlatformRefusal(code, "查无张三"))
    ((_, line, facts),) = lines.lines
    assert (line, facts["code"]) == (text, logged)
    assert reply.text == "查无张三"


def test_facts_are_in_the_line_and_a_time_is_taken_also_of_what_fails(lines: Lines) -> None:
    call = record("VirtualCardTrans")
    with pytest.raises(OwnError), call.timed("scan_ms"):
        time.sleep(0.002)
        raise OwnError(QUOTED)
    call.failed(OwnError(QUOTED))
    facts = lines.lines[0][2]
    assert isinstance(facts["scan_ms"], float) and facts["scan_ms"] >= 1


def test_a_line_beside_the_last_one(lines: Lines) -> None:
    record("NationEcTrans").warn("奇怪", length=28)
    assert lines.lines == [(logging.WARNING, "奇怪", {"function": "NationEcTrans", "length": 28})]


# ---- the code as a number --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "number"),
    [("0", 0), ("9001", 9001), ("-2", -2), ("0017", 17), ("²", 8009), ("--5", 8009), ("1-", 8009), ("ABC", 8009),
     ("", 8009), ("9" * 40, 8009), (" 1", 8009)],
)  # fmt: skip
def test_number(code: str, number: int) -> None:
    assert Reply(code, "").number == number


# ---- fitting ---------------------------------------------------------------------------------------------------------


def test_a_text_that_fits_is_whole() -> None:
    assert Reply("9001", "王𬱖x", lambda text: text).fitted("gbk", 7) == "王𬱖x".encode("gb18030")
    assert Reply("00", "王𬱖x").fitted("utf-8", 8) == "王𬱖x".encode()


@pytest.mark.parametrize(
    ("charset", "room", "text"),
    [("gbk", 6, "王𬱖"), ("gbk", 5, "王"), ("gbk", 2, "王"), ("gbk", 1, ""), ("gbk", 0, ""), ("utf-8", 6, "王"),
     ("utf-8", 7, "王𬱖"), ("utf-8", 2, "")],
)  # fmt: skip
def test_a_message_is_shortened_by_whole_characters(charset: str, room: int, text: str) -> None:
    out = Reply("9001", "王𬱖x", lambda text: text).fitted(charset, room)
    assert out == text.encode({"gbk": "gb18030"}.get(charset, charset))


@given(TEXT, st.sampled_from(["gbk", "utf-8"]), st.integers(0, 40))
def test_no_character_is_cut_and_none_left_out_that_fits(text: str, charset: str, room: int) -> None:
    out = Reply("9001", text, lambda text: text).fitted(charset, room)
    assert len(out) <= room
    kept = out.decode({"gbk": "gb18030"}.get(charset, charset))
    assert text.startswith(kept)
    if len(kept) < len(text):
        assert len(codec.encode(text[: len(kept) + 1], charset)) > room


def test_json_stays_json_however_small_the_buffer_is() -> None:
    """As much of the message as fits; a quote takes two bytes in JSON, as a Chinese character does in GBK."""
    reply = record("NationEcTrans").failed(OwnError(QUOTED))
    wrapping = b'{"code":-1,"data":{},"message":"","orgId":""}'
    assert reply.fitted("gbk", len(wrapping) - 1) == b""
    assert reply.fitted("gbk", len(wrapping)) == wrapping
    lengths = []
    for room in range(len(wrapping), len(reply.out.encode("gb18030")) + 1):
        out = reply.fitted("gbk", room)
        message = json.loads(out.decode("gb18030"))["message"]
        assert len(out) <= room and reply.text.startswith(message)
        lengths.append(len(message))
    assert lengths[:15] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]
    assert lengths == sorted(lengths) and lengths[-1] == len(reply.text)
