"""VC appendix 2.3: ethnic groups.

What it is: the table as printed; 29 and 31 keep the slips of the document.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 附录2.3 民族代码
NATIONS = Dictionary(
    name="nations",
    title="民族代码",
    clause="VC 附录2.3",
    entries=(
        Entry("01", "汉族"),
        Entry("02", "蒙古族"),
        Entry("03", "回族"),
        Entry("04", "藏族"),
        Entry("05", "维吾尔族"),
        Entry("06", "苗族"),
        Entry("07", "彝族"),
        Entry("08", "壮族"),
        Entry("09", "布依族"),
        Entry("10", "朝鲜族"),
        Entry("11", "满族"),
        Entry("12", "侗族"),
        Entry("13", "瑶族"),
        Entry("14", "白族"),
        Entry("15", "土家族"),
        Entry("16", "哈尼族"),
        Entry("17", "哈萨克族"),
        Entry("18", "傣族"),
        Entry("19", "黎族"),
        Entry("20", "傈僳族"),
        Entry("21", "佤族"),
        Entry("22", "畲族"),
        Entry("23", "高山族"),
        Entry("24", "拉祜族"),
        Entry("25", "水族"),
        Entry("26", "东乡族"),
        Entry("27", "纳西族"),
        Entry("28", "景颇族"),
        Entry("29", "柯尔柯孜族", note="文档如此；GB/T 3304 为柯尔克孜族"),
        Entry("30", "土族"),
        Entry("31", "达尔族", note="文档如此；GB/T 3304 为达斡尔族"),
        Entry("32", "仫佬族"),
        Entry("33", "羌族"),
        Entry("34", "布朗族"),
        Entry("35", "撒拉族"),
        Entry("36", "毛南族"),
        Entry("37", "仡佬族"),
        Entry("38", "锡伯族"),
        Entry("39", "阿昌族"),
        Entry("40", "普米族"),
        Entry("41", "塔吉克族"),
        Entry("42", "怒族"),
        Entry("43", "乌孜别克族"),
        Entry("44", "俄罗斯族"),
        Entry("45", "鄂温克族"),
        Entry("46", "德昂族"),
        Entry("47", "保安族"),
        Entry("48", "裕固族"),
        Entry("49", "京族"),
        Entry("50", "塔塔尔族"),
        Entry("51", "独龙族"),
        Entry("52", "鄂伦春族"),
        Entry("53", "赫哲族"),
        Entry("54", "门巴族"),
        Entry("55", "珞巴族"),
        Entry("56", "基诺族"),
        Entry("97", "其他未识别的民族"),
    ),
)
