"""VC 4.7.2: values of auth_status.

What it is: the values printed in the remark of the parameter.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 4.7.2 用卡授权状态
AUTH_STATUSES = Dictionary(
    name="auth_statuses",
    title="用卡授权状态",
    clause="VC 4.7.2",
    entries=(
        Entry("ing", "正在授权"),
        Entry("succ", "授权成功"),
        Entry("fail", "授权失败"),
        Entry("cancel", "用户取消授权"),
    ),
)
