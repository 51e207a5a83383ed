"""EC table C.3: the answer of the token check.

What it is: the table as printed.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: EC XJ-D01-2019 of 2019-12-17.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# EC C.3 校验结果代码表
EC_FLAGS = Dictionary(
    name="ec_flags",
    title="校验结果代码表",
    clause="EC C.3",
    entries=(
        Entry("0", "校验失败"),
        Entry("1", "校验成功"),
    ),
)
