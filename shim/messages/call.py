"""Rows: what an export's own arguments lack, once they are texts and numbers. Raised by shim/service.py.

The exports of these rows return numbers only: nobody but the engineer reads them.
"""

from __future__ import annotations

from shim.errors import Message, Reason
from shim.messages.clerk import IT_DEPARTMENT

MODE = Message(
    "call.mode", Reason.INVALID_FIELD, "医院程序传来的数据有误（mode）",
    "mode 应为 0（不显示）或 1（显示）（VC 3.3），实为 {mode}；请检查医院程序",
    {"mode": 2}, then=IT_DEPARTMENT, again=False,
    english="mode should be 0 (hide) or 1 (show) (VC 3.3), and is {mode}; check the hospital program",
)  # fmt: skip
EMPTY = Message(
    "call.empty", Reason.INVALID_FIELD, "医院程序传来的数据有误（缺少 {parameter}）",
    "参数 {parameter} 不可为空（VC 3.4）；请检查医院程序",
    {"parameter": "ehealthid"}, then=IT_DEPARTMENT, again=False,
    english="parameter {parameter} must not be empty (VC 3.4); check the hospital program",
)  # fmt: skip
