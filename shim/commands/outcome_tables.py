"""The tables of docs/outcomes.md: what became of a call, whether it was sent, its codes, what the host should do.

From the rows of `errors.Reason` and of `dialects.statuses`. Not a command. Each function gives the heads and the rows
of one table; tables.py writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shim.dialects.statuses import STATUSES
from shim.errors import Reason
from shim.host_codes import REFUSED
from shim.spec import EXPORT_BY_NAME, Family

Table = tuple[Sequence[str], list[Sequence[str]]]

_NOT_SENT, _SENT, _PERHAPS = "未发出", "已送达", "**未知**"


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of a call. `reasons` have the same meaning for a host; each of them has its own pair of codes."""

    what: str
    sent: str
    reasons: tuple[Reason, ...]
    host: str


_CORRECT = "按说明改正后重做"
_ASK_FIRST = "先向平台核对该笔交易，再决定是否重做"

OUTCOMES: tuple[OutcomeRow, ...] = (
    OutcomeRow(
        "入参指针、长度或编码有误，或不是 JSON", _NOT_SENT,
        (Reason.NULL_ARGUMENT, Reason.UNREADABLE_ARGUMENT, Reason.ARGUMENT_TOO_LONG, Reason.INVALID_CHARSET,
         Reason.NOT_JSON),
        _CORRECT,
    ),
    OutcomeRow(
        "入参缺少字段，或字段不合规范", _NOT_SENT,
        (Reason.INVALID_FIELD, Reason.NO_APP_ID, Reason.NO_TERM_ID, Reason.NO_VERSION, Reason.NO_METHOD,
         Reason.UNKNOWN_METHOD, Reason.UNKNOWN_ENC_TYPE, Reason.UNKNOWN_SIGN_TYPE),
        _CORRECT,
    ),
    OutcomeRow("请求地址为空或不支持", _NOT_SENT, (Reason.NO_URL, Reason.UNSUPPORTED_URL), _CORRECT),
    OutcomeRow("`vcshim.ini` 的设置无法使用", _NOT_SENT, (Reason.SETTINGS,), "改正设置后重做"),
    OutcomeRow(
        "无法签名或加密", _NOT_SENT, (Reason.SIGN_FAILED, Reason.CIPHER_FAILED, Reason.CIPHER_MISSING),
        "核对 key 与设置后重做",
    ),
    OutcomeRow("没有扫到二维码", _NOT_SENT, (Reason.SCAN_TIMED_OUT,), "请患者重新出示二维码"),
    OutcomeRow("操作员取消扫码", _NOT_SENT, (Reason.SCAN_CANCELLED,), "无需处理"),
    OutcomeRow("设备未配置、未连接或被占用", _NOT_SENT, (Reason.DEVICE_UNAVAILABLE,), "按说明处理设备后重做"),
    OutcomeRow("没有连上平台", _NOT_SENT, (Reason.CONNECT_FAILED,), "可以重做；检查网络与地址"),
    OutcomeRow("发送中断，平台没有收到完整的请求", "不完整", (Reason.SEND_FAILED,), "可以重做；检查网络"),
    OutcomeRow(
        "等待应答超时，连接中断，应答不完整或过长，开始发送之后本组件异常", _PERHAPS, (Reason.UNKNOWN_OUTCOME,),
        _ASK_FIRST,
    ),
    OutcomeRow("HTTP 状态不是 2xx，正文中没有平台自己的拒绝（见下表）", _PERHAPS, (Reason.HTTP_STATUS,), _ASK_FIRST),
    OutcomeRow("应答为空", _PERHAPS, (Reason.EMPTY_ANSWER,), _ASK_FIRST),
    OutcomeRow(
        "应答读不出：网页（防火墙、登录页）、不是 JSON、字符损坏、重复的字段值不同、没有返回码", _PERHAPS,
        (Reason.UNREADABLE_ANSWER,), _ASK_FIRST,
    ),
    OutcomeRow(
        "应答无法解密", _PERHAPS, (Reason.ANSWER_NOT_DECIPHERED,), f"{_ASK_FIRST}；核对 key 与 `[wire] dialect`"
    ),
    OutcomeRow(
        "应答的签名不符，且 `[wire] verify = strict`", _SENT, (Reason.ANSWER_SIGN_WRONG,),
        f"交易可能已完成：{_ASK_FIRST}",
    ),
    OutcomeRow(
        "交易已成功，但 OutData 放不下应答", _SENT, (Reason.OUT_TOO_SMALL,), "不要重做；按说明设置 `out_capacity`"
    ),
    OutcomeRow("本组件在发送之前异常", _NOT_SENT, (Reason.INTERNAL,), "查看日志并联系供应商"),
)  # fmt: skip


def outcomes() -> Table:
    """Every outcome of a call with its codes for both DLLs."""
    success = (f"`{EXPORT_BY_NAME[name].success}`" for name in ("VirtualCardTrans", "NationEcTrans"))
    refused = (f"`{REFUSED[family]}`" for family in (Family.VC, Family.EC))
    rows: list[Sequence[str]] = [
        ("成功：状态 2xx，返回码表示成功", _SENT, *success, "读取 OutData"),
        ("平台拒绝，不论 HTTP 状态", _SENT, "平台的返回码", "平台的返回码", "按返回码与说明处理"),
        ("平台拒绝，但返回码不能安全交给程序", _SENT, *refused, "按说明处理；重做前先确认交易状态"),
    ]
    rows += [
        (row.what, row.sent, _codes(row.reasons, "vc_code"), _codes(row.reasons, "ec_code"), row.host)
        for row in OUTCOMES
    ]
    return ("情形", "请求", "VirtualCardTrans", "NationEcTrans", "HIS 应做"), rows


def statuses() -> Table:
    """What an HTTP status other than 2xx is reported as."""
    rows: list[Sequence[str]] = [(_range(row.first, row.last), row.what, row.check) for row in STATUSES]
    return ("HTTP 状态", "说明", "请"), rows


def _codes(reasons: Sequence[Reason], name: str) -> str:
    return " ".join(dict.fromkeys(f"`{getattr(reason, name)}`" for reason in reasons))


def _range(first: int, last: int) -> str:
    if last - first < 99:
        return str(first) if first == last else f"{first}–{last}"
    return "其他" if first == 0 else f"其他 {first // 100}xx"
