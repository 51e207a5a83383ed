"""VC appendix 2.5: steps of a treatment.

What it is: the table as printed.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 附录2.5 诊疗环节编码表
TREATMENTS = Dictionary(
    name="treatments",
    title="诊疗环节编码表",
    clause="VC 附录2.5",
    entries=(
        Entry("010101", "挂号"),
        Entry("010102", "诊断"),
        Entry("010103", "取药"),
        Entry("010104", "检查"),
        Entry("010105", "收费"),
        Entry("010106", "开方"),
        Entry("010107", "手术"),
        Entry("A10101", "充值"),
        Entry("A10102", "退款"),
        Entry("000000", "其他"),
    ),
)
