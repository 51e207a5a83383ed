"""VC appendix 2.9 and EC table C.1: the first level of the business types.

What it is: the first two columns of both tables, which agree.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08; EC XJ-D01-2019 of 2019-12-17.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 附录2.9 用码业务类型第一级编码
BUSINESS_GROUPS = Dictionary(
    name="business_groups",
    title="用码业务类型第一级编码",
    clause="VC 附录2.9",
    entries=(
        Entry("01", "医院"),
        Entry("02", "药店"),
        Entry("03", "医疗类 APP"),
    ),
)
