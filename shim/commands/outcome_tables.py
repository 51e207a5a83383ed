"""The tables of docs/outcomes.md: what became of a call, its codes, what the host should do.

From the rows of `errors.Reason` and of `dialects.statuses`. Not a command. Each function gives the heads and the rows
of one table; tables.py writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shim.dialects.statuses import STATUSES
from shim.errors import Reason, State
from shim.host_codes import REFUSED
from shim.messages.outcome import DONE as ALREADY_DONE
from shim.messages.outcome import NOT_DONE_AGAIN, UNKNOWN
from shim.spec import EXPORT_BY_NAME, Effect, Family

Table = tuple[Sequence[str], list[Sequence[str]]]

_NOT_DONE, _PERHAPS, _DONE = State.NOT_DONE.value, f"**{State.UNKNOWN.value}**", State.DONE.value
_REFUSED = "平台没有受理"


_EFFECTS = {
    Effect.CHANGE: "办理：注册、变更、注销、授权，以及规范中没有的交易",
    Effect.IDENTIFY: "验证：ehc.ehealthcode.verify、ec.query 等验证二维码的交易",
    Effect.QUERY: "查询：ehc.ehealthcard.auth.query",
}


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of a call. `reasons` have the same meaning for a host; each of them has its own pair of codes."""

    what: str
    state: str
    reasons: tuple[Reason, ...]
    host: str


_CORRECT = "按说明改正后再试"
_ASK_FIRST = "按请求的种类，见“说明中的结果”"

OUTCOMES: tuple[OutcomeRow, ...] = (
    OutcomeRow(
        "入参指针、长度或编码有误，或不是 JSON", _NOT_DONE,
        (Reason.NULL_ARGUMENT, Reason.UNREADABLE_ARGUMENT, Reason.ARGUMENT_TOO_LONG, Reason.INVALID_CHARSET,
         Reason.NOT_JSON),
        _CORRECT,
    ),
    OutcomeRow(
        "入参缺少字段，或字段不合规范", _NOT_DONE,
        (Reason.INVALID_FIELD, Reason.NO_APP_ID, Reason.NO_TERM_ID, Reason.NO_VERSION, Reason.NO_METHOD,
         Reason.UNKNOWN_METHOD, Reason.UNKNOWN_ENC_TYPE, Reason.UNKNOWN_SIGN_TYPE),
        _CORRECT,
    ),
    OutcomeRow("请求地址为空或不支持", _NOT_DONE, (Reason.NO_URL, Reason.UNSUPPORTED_URL), _CORRECT),
    OutcomeRow("`vcshim.ini` 的设置无法使用", _NOT_DONE, (Reason.SETTINGS,), "改正设置后再试"),
    OutcomeRow(
        "无法签名或加密", _NOT_DONE, (Reason.SIGN_FAILED, Reason.CIPHER_FAILED, Reason.CIPHER_MISSING),
        "核对应用密钥 key 与设置后再试",
    ),
    OutcomeRow("没有扫到二维码", _NOT_DONE, (Reason.SCAN_TIMED_OUT,), "请患者出示二维码，再扫一次"),
    OutcomeRow("操作员取消扫码", _NOT_DONE, (Reason.SCAN_CANCELLED,), "无需处理"),
    OutcomeRow("设备未配置、未连接或被占用", _NOT_DONE, (Reason.DEVICE_UNAVAILABLE,), "按说明处理设备后再试"),
    OutcomeRow("没有连上平台", _NOT_DONE, (Reason.CONNECT_FAILED,), "可以再试；检查网络与地址"),
    OutcomeRow("发送时断开，平台没有收到完整的请求", _NOT_DONE, (Reason.SEND_FAILED,), "可以再试；检查网络"),
    OutcomeRow(
        "等待应答超时，连接断开，应答不完整或过长，开始发送之后扫码组件出错", _PERHAPS, (Reason.UNKNOWN_OUTCOME,),
        _ASK_FIRST,
    ),
    OutcomeRow("HTTP 状态不是 2xx，正文中没有平台自己的拒绝（见下表）", _PERHAPS, (Reason.HTTP_STATUS,), _ASK_FIRST),
    OutcomeRow("应答为空", _PERHAPS, (Reason.EMPTY_ANSWER,), _ASK_FIRST),
    OutcomeRow(
        "应答读不出：网页（防火墙、登录页）、不是 JSON、字符损坏、重复的字段值不同、没有返回码", _PERHAPS,
        (Reason.UNREADABLE_ANSWER,), _ASK_FIRST,
    ),
    OutcomeRow(
        "应答无法解密", _PERHAPS, (Reason.ANSWER_NOT_DECIPHERED,), f"{_ASK_FIRST}；核对应用密钥 key 与 `[wire] dialect`"
    ),
    OutcomeRow(
        "应答的签名不对，且 `[wire] verify = strict`", _PERHAPS, (Reason.ANSWER_SIGN_WRONG,),
        f"{_ASK_FIRST}；核对应用密钥 key 与 `[wire] dialect`",
    ),
    OutcomeRow(
        "业务已办成，但 OutData 放不下应答", _DONE, (Reason.OUT_TOO_SMALL,), "请勿重做；按日志设置 `out_capacity`"
    ),
    OutcomeRow("扫码组件在发送之前出错", _NOT_DONE, (Reason.INTERNAL,), "查看日志；原因在前一行"),
)  # fmt: skip


def outcomes() -> Table:
    """Every outcome of a call with its codes for both DLLs."""
    success = (f"`{EXPORT_BY_NAME[name].success}`" for name in ("VirtualCardTrans", "NationEcTrans"))
    refused = (f"`{REFUSED[family]}`" for family in (Family.VC, Family.EC))
    rows: list[Sequence[str]] = [
        ("成功：HTTP 状态为 2xx，返回码表示成功", _DONE, *success, "读取 OutData"),
        ("平台拒绝，不论 HTTP 状态", _REFUSED, "平台的返回码", "平台的返回码", "按返回码与说明处理"),
        ("平台拒绝，但返回码不能安全交给程序", _REFUSED, *refused, "按说明处理；先查询结果，再决定是否重做"),
    ]
    rows += [
        (row.what, row.state, _codes(row.reasons, "vc_code"), _codes(row.reasons, "ec_code"), row.host)
        for row in OUTCOMES
    ]
    return ("情形", "结果", "VirtualCardTrans", "NationEcTrans", "HIS 应做"), rows


def outcome_words() -> Table:
    """What the text of a failure says of the call, by the state and by the request."""
    rows: list[Sequence[str]] = [
        (State.NOT_DONE.value, "任何请求", f"{NOT_DONE_AGAIN.text}（再试无用的，没有后半句）"),
        *((State.UNKNOWN.value, _EFFECTS[effect], row.text) for effect, row in UNKNOWN.items()),
        (State.DONE.value, "任何请求", ALREADY_DONE.text),
    ]
    return ("结果", "请求", "说明中写"), rows


def statuses() -> Table:
    """What an HTTP status other than 2xx is reported as."""
    rows: list[Sequence[str]] = [
        (
            _range(row.first, row.last),
            row.message.clerk.format(platform="平台"),
            row.message.engineer.format(platform="平台", **row.message.usual),
        )
        for row in STATUSES
    ]
    return ("HTTP 状态", "说明", "日志"), rows


def _codes(reasons: Sequence[Reason], name: str) -> str:
    return " ".join(dict.fromkeys(f"`{getattr(reason, name)}`" for reason in reasons))


def _range(first: int, last: int) -> str:
    if last - first < 99:
        return str(first) if first == last else f"{first}–{last}"
    return "其他" if first == 0 else f"其他 {first // 100}xx"
