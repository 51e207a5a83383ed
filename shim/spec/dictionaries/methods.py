"""VC appendix 2.1: the names of the eight methods.

What it is: the table as printed; only the last name, cut short in print, is completed.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 附录2.1 接口名称(method)字典
METHODS = Dictionary(
    name="methods",
    title="接口名称(method)字典",
    clause="VC 附录2.1",
    entries=(
        Entry("ehc.ehealthcode.verify", "多码融合码二维码验证"),
        Entry("ehc.ehealthcard.querywithreg", "实名注册多码融合码并获取二维码"),
        Entry("ehc.ehealthcard.alterlink", "更换绑定关联实体卡"),
        Entry("ehc.ehealthcard.alterinfo", "修改多码融合码个人信息"),
        Entry("ehc.ehealthcard.close", "注销多码融合码"),
        Entry("ehc.ehealthcard.authurl", "生成用卡授权链接"),
        Entry("ehc.ehealthcard.auth.query", "查询用户用卡授权结果"),
        Entry("ehc.ehealthcard.push", "多码融合码消息推送", note="文档印作“ehc.ehealthcard.”，缺末段"),
    ),
)
