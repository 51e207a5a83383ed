"""VC 4.1.1: values of apply_method.

What it is: the values printed in the remark of the parameter.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 4.1.1 申请方式
APPLY_METHODS = Dictionary(
    name="apply_methods",
    title="申请方式",
    clause="VC 4.1.1",
    entries=(
        Entry("1", "APP 在线申请"),
        Entry("2", "医疗卫生机构自助机申请"),
        Entry("3", "医疗卫生机构窗口申请"),
        Entry("4", "批量预生成"),
    ),
)
