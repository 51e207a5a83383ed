"""VC appendix 2.4: sexes.

What it is: the table as printed.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 附录2.4 性别编码 (GB2261)
SEXES = Dictionary(
    name="sexes",
    title="性别编码 (GB2261)",
    clause="VC 附录2.4",
    entries=(
        Entry("0", "未知性别"),
        Entry("1", "男"),
        Entry("2", "女"),
        Entry("5", "女性改(变)为男性"),
        Entry("6", "男性改(变)为女性"),
        Entry("9", "未说明性别"),
    ),
)
