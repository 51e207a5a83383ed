"""How an insurance code passes through verify: fields of VC 4.2 that become EC B.3, and EC B.4 that become VC 4.2.2.

What it is: rows, one a field. What it is not: the code that moves values (shim/dialects/merged.py). Editions: VC V1.1.2
of 2020-06-08, EC XJ-D01-2019 of 2019-12-17. Neither document prints this correspondence; it follows from the names and
meanings of the fields, and VC 4.2.2 says which of them an insurance code fills.
"""

from __future__ import annotations

# VC 4.2.1 -> EC B.3: the request of ec.query.
REQUEST: tuple[tuple[str, str], ...] = (
    ("orgId", "orgId"),
    ("businessType", "businessType"),
    ("businessInfo", "businessInfo"),
    ("operator_id", "operatorId"),
    ("operator_name", "operatorName"),
    ("officeId", "officeId"),
    ("officeName", "officeName"),
)

# EC B.4 -> VC 4.2.2: the answer to the host.
RESPONSE: tuple[tuple[str, str], ...] = (
    ("userName", "user_name"),
    ("idNo", "id_no"),
    ("idType", "id_type"),
    ("gender", "user_sex"),
    ("birthday", "birthday"),
    ("ecToken", "ecToken"),
    ("insuOrg", "insuOrg"),
)

# VC 4.2.2: the card type of an insurance code.
CARD_TYPE = "A2"

# EC C.2 -> VC 附录2.2: the same document has another number. What VC does not list is 99 (其他法定有效证件).
ID_TYPES: dict[str, str] = {
    "01": "01",  # 居民身份证（户口簿）
    "02": "04",  # 中国人民解放军军官证 -> 军官证
    "03": "04",  # 中国人民武装警察警官证 -> 军官证
    "04": "06",  # 港澳居民来往内地通行证
    "05": "06",
    "06": "07",  # 台湾居民来往大陆通行证
    "07": "A3",  # 外国人永久居留证
    "08": "03",  # 外国人护照
    "16": "08",  # 出生医学证明
    "17": "A1",  # 港澳台居民居住证: VC has one number for 港澳 and one for 台湾; EC's does not say which
}
OTHER_ID_TYPE = "99"
