"""Rows: what goes wrong in this component itself."""

from __future__ import annotations

from shim.errors import Message, Reason, State
from shim.messages.clerk import IT_DEPARTMENT

INTERNAL = Message(
    "own.internal", Reason.INTERNAL, "扫码组件出错", "内部异常，原因在本调用的上一行日志",
    then=IT_DEPARTMENT, again=False,
    english="an internal exception; the line of the log before that of this call has the cause",
)  # fmt: skip
INTERNAL_SENT = Message(
    "own.internal_sent", Reason.UNKNOWN_OUTCOME, "扫码组件出错", "内部异常，发生在提交之后，原因在本调用的上一行日志",
    again=False, state=State.UNKNOWN,
    english="an internal exception after the request was sent; the line of the log before that of this call has the "
    "cause",
)  # fmt: skip
_TOO_LONG = (
    "交易已成功，但应答有 {size} 字节，OutData 只能放 {room} 字节；请确认医院程序分配的缓冲区不少于 {capacity} 字节，"
    "再在 vcshim.ini 设置 [abi] out_capacity = {capacity}；"
)
_TOO_LONG_ENGLISH = (
    "the transaction succeeded, but the answer has {size} bytes, and OutData has room for {room}; make sure that the "
    "buffer of the hospital program has {capacity} bytes at least, then set [abi] out_capacity = {capacity} in "
    "vcshim.ini; "
)
TOO_LONG = Message(
    "own.too_long", Reason.OUT_TOO_SMALL, "结果太长，医院程序未能接收", _TOO_LONG + "应答全文没有保存",
    {"size": 3100, "room": 2047, "capacity": 4096}, then=IT_DEPARTMENT, again=False, state=State.DONE,
    english=_TOO_LONG_ENGLISH + "the answer was not kept",
)  # fmt: skip
TOO_LONG_KEPT = Message(
    "own.too_long_kept", Reason.OUT_TOO_SMALL, "结果太长，医院程序未能接收",
    _TOO_LONG + "应答全文已加密保存 7 天，只有本机当前的 Windows 用户能看：vcshim kept {name}",
    {"size": 3100, "room": 2047, "capacity": 4096, "name": "20260101-120000-1a2b3c4d"},
    then=IT_DEPARTMENT, again=False, state=State.DONE,
    english=_TOO_LONG_ENGLISH + "the whole answer is kept for 7 days, encrypted, and only the present Windows user "
    "of this PC can see it: vcshim kept {name}",
)  # fmt: skip
