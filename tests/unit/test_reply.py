"""Replies: the code and the text of every export after success and failure, fitted to a buffer, and the log line."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim import codec
from shim.devices.base import DeviceUnavailable
from shim.errors import HostError, OwnError, PlatformError, PlatformRefusal, Reason, ShimError, Unavailable
from shim.reply import CallRecord, Reply
from shim.spec import EXPORT_BY_NAME

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


@pytest.mark.parametrize("name", VC)
def test_a_failure_of_virtualcardchk(name: str) -> None:
    reply = record(name, "O1").failed(HostError(Reason.NO_METHOD, "缺少 method"))
    assert (reply.code, reply.number, reply.out) == ("1004", 1004, "缺少 method")


def test_a_failure_of_nationeccode() -> None:
    reply = record("NationEcTrans", "O1").failed(HostError(Reason.NO_URL, '地址"空"'))
    assert reply.code == "-5"
    assert reply.out == '{"code":-5,"data":{},"message":"地址\\"空\\"","orgId":"O1"}'


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("VirtualCardTrans", "2001", "多码融合码二维码已过期"),
        ("NationEcTrans", "500049", "电子凭证二维码无效"),
        ("VirtualCardTrans", "500049", "错误码 500049"),
        ("NationEcTrans", "500159", "错误码 500159"),
        ("VirtualCardTrans", "9998", "交易失败"),
    ],
)
@pytest.mark.parametrize("words", ["", " ", "\0", "\x1b\x07 \r\n"])
def test_a_refusal_without_words_is_explained(name: str, code: str, message: str, words: str) -> None:
    reply = record(name).failed(PlatformRefusal(code, words))
    assert (reply.code, reply.text) == (code, message)


@pytest.mark.parametrize(
    ("name", "code", "words", "instead", "text"),
    [
        ("VirtualCardTrans", "E-7", "", "9998", "交易失败（平台返回码 E-7）"),
        ("VirtualCardTrans", "E-7", "不行", "9998", "不行（平台返回码 E-7）"),
        ("NationEcTrans", "FAIL", "不行", "-1", "不行（平台返回码 FAIL）"),
        ("VirtualCardTrans", "990000195203030026", "不行", "9998", "不行"),
        ("VirtualCardTrans", "2001\0", "不\0行", "2001", "不 行"),
    ],
)
def test_a_code_that_cannot_cross_leaves_the_words(name: str, code: str, words: str, instead: str, text: str) -> None:
    reply = record(name).failed(PlatformRefusal(code, words))
    assert (reply.code, reply.text) == (instead, text)


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason.leaves_outcome_unknown])
def test_an_unknown_outcome_says_so(lines: Lines, reason: Reason) -> None:
    for name in ("VirtualCardTrans", "NationEcTrans"):
        reply = record(name).failed(PlatformError(reason, "平台应答为空，请联系平台"))
        text = "平台应答为空，请联系平台；请求已发出，结果未知：请先确认交易状态，再决定是否重做"
        assert (reply.text, lines.lines[-1][1], lines.lines[-1][2]["reason"]) == (text, text, reason.title)
        assert record(name).failed(PlatformError(reason, "超时，结果未知")).text == "超时，结果未知"


# What a call that an exception has ended is answered with, before it may have had an effect outside and after.
ENDED = {
    "VirtualCardTrans": (
        ("8009", "内部异常，请求未发出，请查看日志并联系软件供应商"),
        ("3003", "内部异常，请查看日志并联系软件供应商；请求已发出，结果未知：请先确认交易状态，再决定是否重做"),
    ),
    "NationEcTrans": (
        ("-1", "内部异常，请求未发出，请查看日志并联系软件供应商"),
        ("-1", "内部异常，请查看日志并联系软件供应商；请求已发出，结果未知：请先确认交易状态，再决定是否重做"),
    ),
    "Set_QRflow_Mode": (
        ("8009", "内部异常，未提交任何数据，请查看日志并联系软件供应商"),
        ("3003", "内部异常，请查看日志并联系软件供应商；扩展屏可能已经改变，结果未知：请看扩展屏，可以重做"),
    ),
    "EhealthID_Print": (
        ("8009", "内部异常，未提交任何数据，请查看日志并联系软件供应商"),
        ("3003", "内部异常，请查看日志并联系软件供应商；标签可能已经打印，结果未知：请先看打印机，再决定是否重打"),
    ),
    "SetEcQrcode": (
        ("8009", "内部异常，未提交任何数据，请查看日志并联系软件供应商"),
        ("3003", "内部异常，请查看日志并联系软件供应商；医保码可能已经填入，结果未知：请先核对输入框，再决定是否重做"),
    ),
}


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("name", list(EXPORT_BY_NAME))
def test_the_state_decides_how_an_exception_ends_a_call(name: str, begun: bool) -> None:
    call = record(name, "O1")
    call.submission.begun = begun
    reply = call.failed(call.internal_error())
    assert (reply.code, reply.text, reply.is_ours) == (*ENDED[name][begun], True)


# Errors that were meant for the time before anything was sent, and one each that says what became of the call.
BEFORE = [HostError(Reason.SETTINGS, "设置有误，未提交任何数据"), OwnError(Reason.CIPHER_MISSING, "请求未发出")]
KNOWN: list[tuple[str, ShimError]] = [
    ("VirtualCardTrans", PlatformError(Reason.SEND_FAILED, "平台未收到完整请求，可以重做")),
    ("VirtualCardTrans", PlatformError(Reason.CONNECT_FAILED, "请求未发出，可以重做")),
    ("VirtualCardTrans", PlatformError(Reason.ANSWER_SIGN_WRONG, "签名不符，结果未知")),
    ("VirtualCardTrans", PlatformRefusal("2001", "已过期")),
    ("NationEcTrans", OwnError(Reason.OUT_TOO_SMALL, "交易已成功")),
    ("SetEcQrcode", DeviceUnavailable("自动填值", Unavailable.INCOMPLETE, "请清空输入框后重试")),
    ("EhealthID_Print", DeviceUnavailable("标签打印机", Unavailable.LOST, "看标签是否已经打出")),
]


@pytest.mark.parametrize("error", BEFORE, ids=str)
@pytest.mark.parametrize("name", list(EXPORT_BY_NAME))
def test_after_sending_no_error_says_that_nothing_was_sent(lines: Lines, name: str, error: ShimError) -> None:
    call = record(name)
    assert call.failed(error).text == error.message
    call.submission.begun = True
    reply = call.failed(error)
    assert (reply.code, reply.text) == ENDED[name][True]
    assert lines.lines[1][1:] == ("发送之后的错误", {"function": name, "error": error.message})


@pytest.mark.parametrize(("name", "error"), KNOWN, ids=lambda value: str(value))
def test_after_sending_an_error_that_knows_the_outcome_stays(name: str, error: ShimError) -> None:
    call = record(name)
    call.submission.begun = True
    assert call.failed(error).text == error.message


def test_a_device_that_is_not_there_after_sending_is_no_answer_of_a_platform() -> None:
    call = record("VirtualCardTrans")
    call.submission.begun = True
    error = DeviceUnavailable("扫码枪", Unavailable.LOST, "请求未发出")
    assert (call.failed(error).code, call.failed(error).text) == ENDED["VirtualCardTrans"][True]


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
    logged = {"10": "***（2字）", "0001": "***（4字）"}  # in neither table of codes
    assert lines.lines[0][2]["code"] == logged.get(instead, instead)
    if name == "NationEcTrans":
        assert json.loads(reply.out)["code"] == int(instead) != 0


@pytest.mark.parametrize(
    ("error", "level", "family", "reason"),
    [
        (HostError(Reason.NOT_JSON, "x"), "x", "host", "not json"),
        (PlatformError(Reason.SEND_FAILED, "x"), "x", "platform", "send failed"),
        (OwnError(Reason.INTERNAL, "x"), "x", "own", "internal"),
        (PlatformRefusal("9", "张三 990000195203030026"), "平台拒绝（说明 21 字）", "platform", "refused"),
    ],
)
def test_the_log_line_of_a_failure(lines: Lines, error: ShimError, level: str, family: str, reason: str) -> None:
    """What a platform says may name a patient: only its length is logged."""
    record("NationEcTrans").failed(error)
    ((number, text, facts),) = lines.lines
    assert (number, text) == (logging.ERROR, level)
    assert list(facts) == ["function", "code", "family", "reason", "ms"]
    assert (facts["family"], facts["reason"]) == (family, reason)


@pytest.mark.parametrize(
    ("name", "code", "logged", "text"),
    [
        ("VirtualCardTrans", "9003", "9003",
         "平台拒绝（说明 4 字）：验签失败。核对 app_id 与 key 是否配对，以及签名方式的设置。"),
        ("VirtualCardTrans", " 2001 ", "2001",
         "平台拒绝（说明 4 字）：多码融合码二维码已过期。请患者刷新二维码后重新扫码。"),
        ("NationEcTrans", "500049", "500049",
         "平台拒绝（说明 4 字）：电子凭证二维码无效。请患者刷新二维码后重新扫码；每个码只能用一次。"),
        # verify passes on what the insurance platform says
        ("VirtualCardTrans", "500002", "500002", "平台拒绝（说明 4 字）：该电子凭证未激活。请患者先激活医保电子凭证。"),
        ("NationEcTrans", "500159", "500159",
         "平台拒绝（说明 4 字）：请使用医保电子凭证二维码。所扫不是医保电子凭证；请患者打开医保电子凭证后重新扫码。"),
        ("VirtualCardTrans", "500777", "***（6字）", "平台拒绝（说明 4 字）"),
        ("VirtualCardTrans", "9998", "9998",
         "平台拒绝（说明 4 字）：交易失败。查看平台返回的说明；确认交易状态后再决定是否重做。"),
        ("VirtualCardTrans", "00", "9998",
         "平台拒绝（说明 4 字）：平台的返回码 ***（2字）以 9998 代替。"
         "查看平台返回的说明；确认交易状态后再决定是否重做。"),
        ("VirtualCardTrans", "990000195203030026", "9998",
         "平台拒绝（说明 4 字）：平台的返回码 ***（18字）以 9998 代替。"
         "查看平台返回的说明；确认交易状态后再决定是否重做。"),
        ("NationEcTrans", "张三", "-1",
         "平台拒绝（说明 4 字）：平台的返回码 ***（2字）以 -1 代替。"
         "记下时间，查看日志并联系医保中台；重做前先确认交易状态。"),
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
    with pytest.raises(HostError), call.timed("scan_ms"):
        time.sleep(0.002)
        raise HostError(Reason.SCAN_CANCELLED, "x")
    call.failed(HostError(Reason.SCAN_CANCELLED, "x"))
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
    """As much of the message as fits: seven characters, of which the quotes take two bytes each in JSON, as in GBK."""
    reply = record("NationEcTrans").failed(OwnError(Reason.INTERNAL, '"引号"和汉字'))
    wrapping = b'{"code":-1,"data":{},"message":"","orgId":""}'
    assert reply.fitted("gbk", len(wrapping) - 1) == b""
    assert reply.fitted("gbk", len(wrapping)) == wrapping
    lengths = []
    for room in range(len(wrapping), len(reply.out.encode("gb18030")) + 1):
        out = reply.fitted("gbk", room)
        message = json.loads(out.decode("gb18030"))["message"]
        assert len(out) <= room and '"引号"和汉字'.startswith(message)
        lengths.append(len(message))
    assert lengths == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]
