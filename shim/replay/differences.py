"""The kinds of differences, and the reasons why a call cannot be compared: rows, each with its sentence.

Not here: how a difference is found (`compare`). The sentences are shown to people and written to logs, so that no fact
in them is a value: of a value they say its kind and its length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any, NamedTuple

from shim import codec
from shim.bilingual import NONE, in_english, word_list


class Explanation(NamedTuple):
    """A sentence in both languages; ``{name}`` is a fact, the same ones in both."""

    zh: str
    en: str


class ValueKind(NamedTuple):
    """What a value is and how long, in both languages: all that is ever said of it."""

    zh: str
    en: str


def kind_of(value: object) -> ValueKind:
    """The kind of a JSON value or of bytes."""
    match value:
        case None:
            return ValueKind("null", "null")
        case bool():
            return ValueKind("真假值", "a boolean")
        case bytes():
            return ValueKind(f"{len(value)} 字节", f"{len(value)} bytes")
        case codec.Number() | int() | float():
            return ValueKind(f"{len(str(value))} 位数字", f"a number of {len(str(value))} digits")
        case str():
            return ValueKind(f"{len(value)} 字的文字", f"a text of {len(value)} characters") if value else EMPTY
        case dict():
            return ValueKind(f"{len(value)} 个字段的对象", f"an object of {len(value)} fields")
        case list() | tuple():
            return ValueKind(f"{len(value)} 项的数组", f"a list of {len(value)} items")
    return ValueKind("其他", "something else")


EMPTY = ValueKind("空文字", "an empty text")


@unique
class DifferenceKind(Enum):
    """What may be different. The value is the word that stands for it in counts and JSON, and its sentence."""

    NOT_POSTED = (
        "request.missing",
        Explanation(
            "原厂发出了请求，vcshim 没有发：{line}",
            "the vendor's DLL sent a request, ours none, which the log puts thus: {line}",
        ),
    )
    MORE_REQUESTS = (
        "request.more",
        Explanation(
            "原厂在这次交易中另发了 {count} 个内容不同的请求，vcshim 只发一个",
            "the vendor's DLL sent {count} more requests with other bodies in this call, ours sends one",
        ),
    )
    HTTP_METHOD = (
        "request.method",
        Explanation("HTTP 方法：原厂 {vendor}，vcshim POST", "HTTP method: the vendor's DLL uses {vendor}, ours POST"),
    )
    TARGET = (
        "request.target",
        Explanation(
            "请求行中的路径：原厂为 {vendor}，vcshim 为 {ours}",
            "path of the request line: the vendor's is {vendor}, ours {ours}",
        ),
    )
    HEADER_MISSING = (
        "header.missing",
        Explanation(
            "请求头 {name}：原厂发送（{vendor}），vcshim 不发",
            "header {name}: sent by the vendor's DLL ({vendor}), not by ours",
        ),
    )
    HEADER_EXTRA = (
        "header.extra",
        Explanation("请求头 {name}：原厂不发，vcshim 发送", "header {name}: sent by ours, not by the vendor's DLL"),
    )
    HEADER_VALUE = (
        "header.value",
        Explanation(
            "请求头 {name} 的值：原厂为 {vendor}，vcshim 为 {ours}",
            "value of the header {name}: the vendor's is {vendor}, ours {ours}",
        ),
    )
    BODY_FORM = (
        "body.form",
        Explanation(
            "原厂的请求正文（{vendor}）不是 JSON 对象，vcshim 的是",
            "the vendor's request body ({vendor}) is no JSON object, ours is one",
        ),
    )
    BODY_MISSING = (
        "body.missing",
        Explanation(
            "请求字段 {name}：原厂有（{vendor}），vcshim 没有",
            "request field {name}: in the vendor's ({vendor}), not in ours",
        ),
    )
    BODY_EXTRA = (
        "body.extra",
        Explanation(
            "请求字段 {name}：原厂没有，vcshim 有（{ours}）",
            "request field {name}: in ours ({ours}), not in the vendor's",
        ),
    )
    BODY_VALUE = (
        "body.value",
        Explanation(
            "请求字段 {name} 的值不同：原厂为 {vendor}，vcshim 为 {ours}",
            "value of the request field {name}: the vendor's is {vendor}, ours another, {ours}",
        ),
    )
    BODY_ORDER = (
        "body.order",
        Explanation(
            "请求字段的次序不同，从 {name} 起",
            "the fields of the request stand in another order, from {name} on",
        ),
    )
    BODY_SPELLING = (
        "body.spelling",
        Explanation(
            "请求的字段和值都相同，写法不同（空格、转义、数字写法或字符集）：原厂 {vendor}，vcshim {ours}",
            "the fields and values of the request are the same, written in another way (spaces, escapes, numbers or "
            "charset): {vendor} by the vendor's DLL, {ours} by ours",
        ),
    )
    SIGN_FOLLOWS = (
        "sign.follows",
        Explanation(
            "签名 {name} 不同，因为参加签名的字段不同：{names}",
            "the sign {name} differs because fields that are signed differ: {names}",
        ),
    )
    SIGN_RULE = (
        "sign.rule",
        Explanation(
            "签名 {name} 不同，而参加签名的字段（{names}）都相同：签名规则或应用密钥与原厂不同；"
            "原厂为 {vendor}，vcshim 为 {ours}",
            "the sign {name} differs although the fields that are signed ({names}) are the same: another rule or "
            "another key; the vendor's is {vendor}, ours {ours}",
        ),
    )
    CONTENT_SEALED = (
        "content.sealed",
        Explanation(
            "原厂的 biz_content 按本报文格式解不开：加密方式或应用密钥与原厂不同；原厂为 {vendor}，vcshim 为 {ours}",
            "the vendor's biz_content does not open by this dialect: another cipher or another key; the vendor's is "
            "{vendor}, ours {ours}",
        ),
    )
    CONTENT_CIPHER = (
        "content.cipher",
        Explanation(
            "biz_content 的明文相同，密文不同：补齐、编码或初始向量与原厂不同",
            "the plain text of biz_content is the same, its ciphertext is not: another padding, encoding or initial "
            "vector",
        ),
    )
    CODE = (
        "code",
        Explanation(
            "返回值：原厂 {vendor}，vcshim {ours}", "return value: {vendor} by the vendor's DLL, {ours} by ours"
        ),
    )
    OURS_FAILED = (
        "outcome.failed",
        Explanation(
            "原厂成功，vcshim 失败：{line}", "the vendor's DLL succeeds, ours fails, which the log puts thus: {line}"
        ),
    )
    VENDOR_FAILED = (
        "outcome.vendor_failed",
        Explanation(
            "vcshim 成功，原厂失败（返回值 {vendor}）", "ours succeeds, the vendor's DLL fails (it returns {vendor})"
        ),
    )
    OUT_FORM = (
        "out.form",
        Explanation("OutData：原厂为 {vendor}，vcshim 为 {ours}", "OutData: the vendor's is {vendor}, ours {ours}"),
    )
    OUT_MISSING = (
        "out.missing",
        Explanation(
            "OutData 字段 {name}：原厂有（{vendor}），vcshim 没有",
            "OutData field {name}: in the vendor's ({vendor}), not in ours",
        ),
    )
    OUT_EXTRA = (
        "out.extra",
        Explanation(
            "OutData 字段 {name}：原厂没有，vcshim 有（{ours}）",
            "OutData field {name}: in ours ({ours}), not in the vendor's",
        ),
    )
    OUT_VALUE = (
        "out.value",
        Explanation(
            "OutData 字段 {name} 的值不同：原厂为 {vendor}，vcshim 为 {ours}",
            "value of the OutData field {name}: the vendor's is {vendor}, ours another, {ours}",
        ),
    )
    OUT_ORDER = (
        "out.order",
        Explanation(
            "OutData 字段的次序不同，从 {name} 起",
            "the fields of OutData stand in another order, from {name} on",
        ),
    )
    OUT_SPELLING = (
        "out.spelling",
        Explanation(
            "OutData 的字段和值都相同，写法不同（空格、转义、数字写法或字符集）：原厂 {vendor}，vcshim {ours}",
            "the fields and values of OutData are the same, written in another way (spaces, escapes, numbers or "
            "charset): {vendor} by the vendor's DLL, {ours} by ours",
        ),
    )
    OUT_TEXT = (
        "out.text",
        Explanation(
            "OutData 的文字不同：原厂为 {vendor}，vcshim 为 {ours}",
            "the text of OutData: the vendor's is {vendor}, ours another, {ours}",
        ),
    )
    FAULT = "ours.fault", Explanation("vcshim 内部异常：{line}", "a fault of ours: {line}")

    def __init__(self, word: str, explanation: Explanation) -> None:
        self.word = word
        self.explanation = explanation


@unique
class NotComparable(Enum):
    """Why a call cannot be compared: its word, its sentence, and whether that says nothing against going native.

    Those that say nothing happen at any window on any day: a device, a scan that came to nothing.
    """

    DEVICE = (
        "device",
        Explanation("本函数只控制设备，不发请求", "the export only moves a device and sends no request"),
        True,
    )
    SCAN = (
        "scan",
        Explanation(
            "没有扫到码（取消、超时或扫码枪故障），原厂没有发请求",
            "no code was scanned (cancelled, timed out, or the scanner failed), and the vendor's DLL sent no request",
        ),
        True,
    )
    OWN_FAILURE = (
        "own_failure",
        Explanation(
            "原厂没有发请求就返回失败（自行检查入参、取消，或网络不通）",
            "the vendor's DLL failed without sending a request (its own validation, cancelled, or no network)",
        ),
        True,
    )
    CRASHED = "crashed", Explanation("原厂动态库崩溃", "the vendor's DLL crashed"), True
    HUNG = "hung", Explanation("原厂长时间没有返回，也没有发请求", "the vendor's DLL hung and sent no request"), True
    NO_ANSWER = (
        "no_answer",
        Explanation(
            "请求相同；平台没有完整应答，返回内容是原厂自己的话",
            "the requests are the same; no whole answer came, and what the vendor's DLL says then are words of its own",
        ),
        True,
    )
    UNREADABLE = (
        "unreadable_answer",
        Explanation(
            "请求相同；平台的应答两边都读不懂，返回内容是原厂自己的话",
            "the requests are the same; neither DLL can read the answer, and what they say then are words of their own",
        ),
        True,
    )
    NOT_RECORDED = (
        "not_recorded",
        Explanation(
            "这次交易没有经过记录器，看不到报文", "the call did not pass the recorder: its traffic is not known"
        ),
        False,
    )
    BYPASSED = (
        "bypassed",
        Explanation("原厂成功，记录器却没有看到请求", "the vendor's DLL succeeded, and the recorder saw no request"),
        False,
    )
    ELSEWHERE = (
        "elsewhere",
        Explanation(
            "医保码交 InData 中的 ECUrl 查询，那个地址不经过记录器",
            "an insurance code is asked of ECUrl in InData, an address that does not pass the recorder",
        ),
        True,
    )
    CODE_UNKNOWN = (
        "code_unknown",
        Explanation(
            "原厂扫到的码在报文中找不到", "the code that the vendor's DLL scanned is not to be found in the traffic"
        ),
        False,
    )

    def __init__(self, word: str, explanation: Explanation, harmless: bool) -> None:
        self.word = word
        self.explanation = explanation
        self.harmless = harmless


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of one call. Free of values."""

    kind: DifferenceKind
    facts: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The sentence, in ``zh`` or ``en``."""
        return explained(self.kind.explanation, language, self.facts)


def explained(explanation: Explanation, language: str, facts: Mapping[str, Any]) -> str:
    """A sentence with its facts, those that have two languages in the right one."""
    chosen = {name: _in_language(value, language) for name, value in facts.items()}
    return (explanation.zh if language == "zh" else explanation.en).format(**chosen)


def _in_language(value: Any, language: str) -> str:
    if isinstance(value, ValueKind):
        return value.zh if language == "zh" else value.en
    if isinstance(value, tuple):
        value = word_list(value) or NONE
    return str(value if language == "zh" else in_english(value))
