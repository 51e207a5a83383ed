"""VC appendix 2.2: kinds of identity papers.

What it is: the table as printed. EC C.2 numbers the same papers differently: see ``ec_id_types``.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 附录2.2 证件类型字典
ID_TYPES = Dictionary(
    name="id_types",
    title="证件类型字典",
    clause="VC 附录2.2",
    entries=(
        Entry("01", "居民身份证"),
        Entry("02", "居民户口簿"),
        Entry("03", "护照"),
        Entry("04", "军官证"),
        Entry("05", "驾驶证"),
        Entry("06", "港澳居民来往内地通行证"),
        Entry("07", "台湾居民来往内地通行证"),
        Entry("08", "出生医学证明"),
        Entry("A1", "港澳居民居住证"),
        Entry("A2", "台湾居民居住证"),
        Entry("A3", "外国人永久居留证"),
        Entry("99", "其他法定有效证件"),
    ),
)
