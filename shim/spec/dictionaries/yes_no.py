"""VC 4.1.1: values of pub_flag and QRprint.

What it is: the values printed in the remark of the parameter.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 4.1.1 是否
YES_NO = Dictionary(
    name="yes_no",
    title="是否",
    clause="VC 4.1.1",
    entries=(
        Entry("Y", "是"),
        Entry("N", "否", note="默认"),
    ),
)
