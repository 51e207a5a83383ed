"""EC table C.2: kinds of identity papers.

What it is: the table as printed. VC appendix 2.2 numbers the same papers differently: see ``id_types``.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: EC XJ-D01-2019 of 2019-12-17.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# EC C.2 证件类型代码表
EC_ID_TYPES = Dictionary(
    name="ec_id_types",
    title="证件类型代码表",
    clause="EC C.2",
    entries=(
        Entry("01", "居民身份证（户口簿）"),
        Entry("02", "中国人民解放军军官证"),
        Entry("03", "中国人民武装警察警官证"),
        Entry("04", "香港特区护照/港澳居民来往内地通行证"),
        Entry("05", "澳门特区护照/港澳居民来往内地通行证"),
        Entry("06", "台湾居民来往大陆通行证"),
        Entry("07", "外国人永久居留证"),
        Entry("08", "外国人护照"),
        Entry("11", "外国人就业证"),
        Entry("12", "外国专家证"),
        Entry("13", "外国人常驻记者证"),
        Entry("14", "台港澳人员就业证"),
        Entry("15", "回国（来华）定居专家证"),
        Entry("16", "出生医学证明"),
        Entry("17", "港澳台居民居住证"),
        Entry("99", "其他身份证件"),
    ),
)
