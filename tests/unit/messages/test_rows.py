"""Every row of shim/messages in every state of every export: what the clerk reads, and what the log says.

The rows are found by looking into every file, so that a new one is held to the same rules.
"""

from __future__ import annotations

import logging
import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from string import Formatter
from typing import Any

import shim.messages
from shim.commands.message_tables import export_of, message_rows
from shim.devices.base import DeviceUnavailable
from shim.errors import HostError, Message, OwnError, PlatformError, Reason, ShimError, State
from shim.messages.clerk import LONGEST
from shim.reply import CallRecord, Reply
from shim.spec import EXPORT_BY_NAME, Effect, Family, Shape
from tests.support.chinese import CHINESE
from tests.support.each_row import each_row

FILES = sorted(module.name for module in pkgutil.iter_modules(shim.messages.__path__))


def found(value: object) -> Iterator[Message]:
    if isinstance(value, Message):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from found(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from found(item)


ROWS = [
    row
    for file in FILES
    for row in {id(row): row for row in found(vars(import_module(f"shim.messages.{file}")))}.values()
    if row.key.partition(".")[0] == file
]
BY_KEY = {row.key: row for row in ROWS}
TRANS = [row.name for row in EXPORT_BY_NAME.values() if row.shape is Shape.TRANS]

# How a text says what became of the call: exactly one of these stands in it. By export, state and effect the whole.
KERNELS = (
    "本次没有提交", "业务可能已办成", "业务已办成", "不影响业务", "扩展屏没有改变", "扩展屏可能已经改变",
    "标签没有打印", "标签可能已经打出", "医保码没有填入", "医保码可能已经填入",
)  # fmt: skip
UNKNOWN = {
    Effect.CHANGE: "，业务可能已办成，请先查询结果",
    Effect.IDENTIFY: "，没有结果，不影响业务，请患者刷新二维码再试",
    Effect.QUERY: "，没有结果，不影响业务，可以再试",
}
OF_DEVICES = {
    "Set_QRflow_Mode": ("，扩展屏没有改变", "，扩展屏可能已经改变，请先看扩展屏"),
    "EhealthID_Print": ("，标签没有打印", "，标签可能已经打出，请先看打印机，再决定是否补打"),
    "SetEcQrcode": ("，医保码没有填入", "，医保码可能已经填入，请先看输入框"),
}

# Words that nobody at a window knows, who does not exist, or that have another meaning there.
BANNED = (
    "供应商", "技术支持", "管理员", "医保中台", "医保部门", "冲正", "重试", "重发", "重打", "缺省", "方言", "焦点",
    "报文", "结果未知", "交易状态", "未提交任何数据", "请求未发出", "可以重做", "不合法", "本组件", "本程序", "用户",
    "病人", "组件异常", "内部异常", "画面", "唤醒",
)  # fmt: skip
BANNED_IN_LOG = (
    "供应商", "技术支持", "管理员", "医保中台", "医保部门", "冲正", "缺省", "方言", "结果未知", "交易状态",
    "请求未发出", "未提交任何数据", "可以重做", "本次没有提交", "业务可能已办成", "本组件", "本程序",
)  # fmt: skip
# Rows whose clerk's text names a field of the host's own data or one of its arguments, which is what must be told.
NAME_FIELDS = ("host", "call")
# Rows that are allowed what others are not, each with the reason: key to characters or words.
EXCEPTIONS: Mapping[str, tuple[str, ...]] = {
    "answers.a_page": ("HTML",),
    **dict.fromkeys((key for key in BY_KEY if key.startswith("network.ca_file_")), ("ca_file",)),
}

_HOST = frozenset(
    {
        Reason.NULL_ARGUMENT, Reason.UNREADABLE_ARGUMENT, Reason.ARGUMENT_TOO_LONG, Reason.INVALID_FIELD,
        Reason.NO_APP_ID, Reason.NO_TERM_ID, Reason.NO_VERSION, Reason.NO_METHOD, Reason.UNKNOWN_METHOD,
        Reason.UNKNOWN_ENC_TYPE, Reason.UNKNOWN_SIGN_TYPE, Reason.NO_URL, Reason.UNSUPPORTED_URL,
        Reason.INVALID_CHARSET, Reason.NOT_JSON, Reason.SETTINGS,
    }
)  # fmt: skip
_OWN = frozenset(
    {
        Reason.OUT_TOO_SMALL, Reason.SIGN_FAILED, Reason.CIPHER_FAILED, Reason.CIPHER_MISSING, Reason.INTERNAL,
        Reason.SCAN_TIMED_OUT, Reason.SCAN_CANCELLED,
    }
)  # fmt: skip


def error_of(row: Message) -> ShimError:
    facts: dict[str, Any] = dict(row.usual)
    if row.why is not None:
        return DeviceUnavailable(row, **facts)
    return (HostError if row.reason in _HOST else OwnError if row.reason in _OWN else PlatformError)(row, **facts)


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.facts: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.facts.append(record.facts)  # type: ignore[attr-defined]


LOGGER = logging.Logger("test.messages", logging.ERROR)
LINES = Lines()
LOGGER.addHandler(LINES)


def ended(row: Message, name: str, effect: Effect, begun: bool) -> Reply:
    call = CallRecord(EXPORT_BY_NAME[name], LOGGER, effect=effect)
    call.submission.begun = begun
    LINES.facts.clear()
    return call.failed(error_of(row))


def state_of(row: Message, name: str, begun: bool) -> State:
    """What became of a call that `row` ended: what the row knows, unless it was meant for before anything was sent."""
    if not begun:
        return row.state or State.NOT_DONE
    error = error_of(row)
    knows = (
        isinstance(error, PlatformError)
        or (row.reason is Reason.DEVICE_UNAVAILABLE and name not in TRANS)
        or row.reason.vc_code == "3003"
        or row.reason is Reason.OUT_TOO_SMALL
    )
    return row.state if knows and row.state else State.UNKNOWN


def clause(name: str, state: State, effect: Effect) -> str:
    if name in OF_DEVICES:
        return OF_DEVICES[name][state is not State.NOT_DONE]
    return {State.NOT_DONE: "，本次没有提交", State.UNKNOWN: UNKNOWN[effect], State.DONE: "，业务已办成，请勿重做"}[
        state
    ]


@each_row(BY_KEY)
def test_what_became_of_the_call_is_said_once_and_right(key: str) -> None:
    row = BY_KEY[key]
    for name, export in EXPORT_BY_NAME.items():
        for effect in Effect:
            for begun in (False, True):
                reply = ended(row, name, effect, begun)
                state = state_of(row, name, begun)
                case = f"{name} {effect.value} {begun}: {reply.text}"
                assert sum(map(reply.text.count, KERNELS)) == 1, case
                assert clause(name, state, effect) in reply.text, case
                harmless = name in TRANS and state is State.UNKNOWN and effect is not Effect.CHANGE
                logged = "没有结果，不影响业务" if harmless else state.value
                assert [line["outcome"] for line in LINES.facts if "code" in line] == [logged], case
                assert len(reply.text) <= LONGEST == 60, case
                assert reply.text.endswith(f"（{reply.code}）。"), case
                assert reply.text.count("请") <= 3 and "；；" not in reply.text and "。。" not in reply.text, case
                assert reply.code == (row.reason.vc_code if export.family is Family.VC else row.reason.ec_code) or begun


@each_row(BY_KEY)
def test_the_clerk_reads_all_of_it(key: str) -> None:
    """Nothing is cut with the usual facts, the next step included, where the row may end a call."""
    row = BY_KEY[key]
    name = export_of(row).name
    happened = row.clerk.format(platform="多码融合平台", **row.usual)
    for effect in Effect:
        for begun in {False, row.state is State.UNKNOWN}:
            text = ended(row, name, effect, begun).text
            assert text.startswith(f"{happened}，"), text
            if state_of(row, name, begun) is State.NOT_DONE or name not in TRANS:
                assert row.then in text, text
            elif not row.again:
                assert text.endswith(f"联系信息科（{row.reason.vc_code}）。"), text
            if name in TRANS and state_of(row, name, begun) is State.NOT_DONE:
                assert ("可以再试" in text) == row.again, text


@each_row(BY_KEY)
def test_the_clerk_reads_no_technical_word(key: str) -> None:
    row, allowed = BY_KEY[key], EXCEPTIONS.get(key, ())
    said = row.clerk + row.then
    for word in allowed:
        said = said.replace(word, "")
    plain = re.sub(r"\{[a-z_0-9]+\}|strUrl|InData", "", said)  # facts, and the host's own arguments
    if key.partition(".")[0] not in NAME_FIELDS:
        assert not re.search("[A-Za-z]", plain), said
    assert not re.search(r"\.(ini|dll|exe|log|pem|json)|\[[a-z]+\]|0x|U\+|\\", plain), said
    assert [word for word in BANNED if word in said] == []
    assert [name for name in EXPORT_BY_NAME if name in said] == []
    assert said[-1:] not in "，。；：！" and "！" not in said and said.count("：") <= 1


@each_row(BY_KEY)
def test_the_engineer_reads_a_cause(key: str) -> None:
    line = BY_KEY[key].engineer.format(platform="医保平台", **BY_KEY[key].usual)
    plain = re.sub("管理员(?=身份|权限)", "", line)  # what Windows calls a right
    assert [word for word in BANNED_IN_LOG if word in plain] == []
    assert line[-1] not in "，。；：" and "\n" not in line


@each_row(BY_KEY)
def test_chinese_and_latin_have_a_blank_between_them(key: str) -> None:
    row = BY_KEY[key]
    for text in (row.clerk, row.engineer, row.then):
        shown = text.format(platform="医保平台", **row.usual).replace("附录", "")  # VC 附录2.1, as clauses are written
        assert re.findall(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", shown) == [], shown
        assert re.findall(r"[\u4e00-\u9fff][,;:!?()]", shown) == [], shown


@each_row(BY_KEY)
def test_every_fact_is_usual(key: str) -> None:
    row = BY_KEY[key]
    named = {name for text in (row.clerk, row.engineer, row.then) for _, name, _, _ in Formatter().parse(text) if name}
    assert named - set(row.usual) <= {"platform"}
    assert "platform" not in row.usual


def test_keys_are_the_file_and_the_cause() -> None:
    assert len(ROWS) == len(BY_KEY) > 50
    assert [key for key in BY_KEY if not re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]*", key)] == []
    lost = {
        row.key
        for file in FILES
        for row in found(vars(import_module(f"shim.messages.{file}")))
        if row.key.partition(".")[0] not in FILES or BY_KEY.get(row.key) is not row
    }
    assert lost == set()


def test_the_document_has_every_row() -> None:
    assert [row.key for rows in message_rows().values() for row in rows] == [row.key for row in ROWS]


def test_exceptions_are_rows() -> None:
    assert set(EXCEPTIONS) <= set(BY_KEY)


# ---- the engineer's line in English ----------------------------------------------------------------------------------

# Facts whose words are those of the specification, in Chinese; the field's own name and the clause stand beside them.
WORDS_OF_THE_SPECIFICATION = {"host": {"title", "dictionary"}}


@each_row(BY_KEY)
def test_the_line_in_english(key: str) -> None:
    row = BY_KEY[key]
    chinese, english = (
        {name for _, name, _, _ in Formatter().parse(text) if name} for text in (row.engineer, row.english)
    )
    assert row.english and chinese - WORDS_OF_THE_SPECIFICATION.get(key.partition(".")[0], set()) == english
    assert CHINESE.search(row.english) is None
    assert row.english[-1] not in ".;:," and "  " not in row.english and ";;" not in row.english
