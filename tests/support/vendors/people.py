"""Invented people and calls for the made-up vendors: what a host passes, what a platform knows. Nobody exists.

Every value that must not stand anywhere in clear is made here, from the number of the call: a test can look for it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from tests.support.vendors.rows import VendorRow

APP_ID = "1VENDAPP0000AB12CD34EF56789012AA"
_SECRET = "1VENDSEC0000XY98ZW76VU54TS3210QP"
_SECRET_HEX = "8f3a1c5e7b9d204f6a8c0e1d3b5f7a92"
ORG_ID = "1VENDORG0000000000000000000350200"
TERM_ID = "35020010077"
VERIFY, REGISTER, CLOSE = "ehc.ehealthcode.verify", "ehc.ehealthcard.querywithreg", "ehc.ehealthcard.close"

# In code page 936, or beyond the BMP: what lies between, a vendor that converts by Windows loses ("?").
_FAMILIES = "龚阙濮澹臧芮厍"
_NAMES = ("喆堃", "媣敏", "犇羴", "𠮷野", "思明", "小“丫”", "O'Néill·阿")
_OPERATORS = ("测试员", "李/四&五=六", 'a"b\\c', "湖里　𠮷", "admin")


def secret(row: VendorRow) -> str:
    """`key` of InData."""
    return _SECRET_HEX if row.secret_hex else _SECRET


def _number(serial: str, size: int) -> str:
    return str(int(hashlib.sha256(serial.encode()).hexdigest(), 16))[-size:]


def name_of(serial: str) -> str:
    """A person's name, by the serial number of the call."""
    number = int(_number(serial, 6))
    return _FAMILIES[number % len(_FAMILIES)] + _NAMES[number // 7 % len(_NAMES)] + f"{number % 97}"


def answered(serial: str, code: str) -> dict[str, Any]:
    """What a platform tells of a person, in an order of its own."""
    return {
        "user_name": name_of(serial),
        "id_type": "01",
        "id_no": "990000" + _number(serial, 11) + "X",
        "ehealth_card_id": hashlib.sha256(serial.encode()).hexdigest().upper()[:48],
        "mobile_phone": "199" + _number(serial, 8),
        "address": f"福建省/厦门市 思明区\t{serial}",
        "user_sex": "1",
        "card_list": [{"card_type": "02", "card_no": _number(serial, 9)}, {"card_type": "05", "card_no": ""}],
        "birthday": "19681019",
        "out_verify_no": serial,
        "ehealth_code": code,
    }


def insured(serial: str) -> dict[str, Any]:
    """What the insurance platform tells."""
    return {
        "userName": name_of(serial),
        "idType": "01",
        "idNo": "990000" + _number(serial, 11) + "X",
        "ecToken": "35" + _number(serial, 36).rjust(36, "0"),
        "insuOrg": "350200",
        "gender": None,
        "birthday": "1998.01.01",
        "ecQrCode": "424" + _number(serial, 17).rjust(17, "0") + "00350000",
    }


def private_values(row: VendorRow, serial: str) -> list[str]:
    """What of a call must not stand anywhere in clear: of the host, and of the platform's answer."""
    if row.dll == "EC":
        person = insured(serial)
        return [str(person[name]) for name in ("userName", "idNo", "ecToken", "ecQrCode")]
    person = answered(serial, "")
    return [secret(row), *(str(person[name]) for name in ("user_name", "id_no", "mobile_phone", "ehealth_card_id"))]


@dataclass(frozen=True)
class VendorCall:
    """One call: the serial number, InData, and the words for the platform (platform.py)."""

    serial: str
    text: str
    orders: str = ""

    def in_data(self, row: VendorRow) -> bytes:
        return self.text.encode(row.host_charset)


def calls(row: VendorRow, count: int, first: int = 0, orders: str | None = None) -> list[VendorCall]:
    """Calls as hosts make them: several methods, empty fields, marks and rare characters, another order of the fields.

    `orders` are the words for the platform in every call; None: a mixture with refusals, chunks and long answers.
    """
    make = _vc_call if row.dll == "VC" else _ec_call
    return [make(row, number, orders) for number in range(first, first + count)]


_MIXTURE = {3: "R1001", 4: "C", 5: "L40", 8: "D", 13: "R8104", 16: "R2007", 17: "C L60"}


def _orders(number: int, orders: str | None) -> str:
    return orders if orders is not None else _MIXTURE.get(number % 20, "9527")


def _vc_call(row: VendorRow, number: int, orders: str | None) -> VendorCall:
    serial = f"V{number:07d}"
    words = _orders(number, orders)
    code = f"{hashlib.sha256(serial.encode()).hexdigest().upper()[:48]}:1:::00000001001"
    content: dict[str, Any] = {
        "out_verify_no": serial,
        "ehealth_code": code,
        "operator_id": words,
        "operator_name": _OPERATORS[number % 5],
        "out_verify_time": f"202611270959{number % 60:02d}",
        "treatment_code": "" if number % 4 == 1 else "010105",
    }
    method = (VERIFY, REGISTER, CLOSE)[number // 2 % 3]
    if method == REGISTER:
        content |= {
            "user_name": name_of(serial), "id_no": "990000" + _number(serial, 11) + "X", "id_type": "01",
            "mobile_phone": "199" + _number(serial, 8), "photo_info": "iVBORw0KGgo/+8=",
            "card_list": [{"card_type": "02", "card_no": _number(serial, 9)}],
        }  # fmt: skip
    enc_type = row.encrypted[number % len(row.encrypted)]
    fields: dict[str, Any] = {
        "app_id": APP_ID,
        "biz_content": content,
        "enc_type": enc_type,
        "key": secret(row),
        "method": method,
        "sign": "",
        "sign_type": row.signed[number // 2 % len(row.signed)],
        "term_id": TERM_ID,
        "timestamp": f"202611270959{number % 60:02d}",
        "version": "X.M.0.1",
    }
    if number % 3 == 1:  # another order, as other hosts have it
        order = (
            "method",
            "version",
            "app_id",
            "sign",
            "term_id",
            "timestamp",
            "sign_type",
            "enc_type",
            "key",
            "biz_content",
        )
        fields = {name: fields[name] for name in order}
    if number % 6 == 5:
        fields["Remark"] = "" if number % 12 == 5 else "自助机/2"
    if number % 7 == 2:
        del fields["sign"]
    if number % 8 == 6:
        fields["biz_content"] = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    if number % 5 == 4:
        text = json.dumps(fields, ensure_ascii=False, indent=2).replace("\n", "\r\n")
    return VendorCall(serial, text, words)


def _ec_call(row: VendorRow, number: int, orders: str | None) -> VendorCall:
    serial = f"E{number:0{7 + number % 2}d}"
    words = _orders(number, orders).replace("R8104", "R500159")
    data: dict[str, Any] = {
        "orgId": ORG_ID,
        "businessType": "01101",
        "operatorId": words,
        "operatorName": _OPERATORS[number % 5],
        "officeId": "" if number % 2 else "32760",
        "officeName": None if number % 3 == 0 else "内科/一",
        "outBizNo": serial,
    }
    kind = "ec.query"
    if number % 6 == 4:
        kind = "cn.nhsa.auth.check"
        data |= {"idNo": "990000" + _number(serial, 11) + "X", "userName": name_of(serial), "totalAmount": 12.5}
    if number % 9 == 7:
        data["ecQrCode"] = "424" + _number(serial, 17).rjust(17, "0") + "00350000"  # the host has scanned itself
    fields: dict[str, Any] = {"orgId": ORG_ID, "transType": kind, "extra": {}, "data": data}
    if number % 5 == 3:
        fields = {"data": data, "transType": kind, "orgId": ORG_ID}
    if number % 7 == 5:
        fields["extra"] = None
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    if number % 4 == 2:
        text = json.dumps(fields, ensure_ascii=False, indent=1).replace("\n", "\r\n")
    return VendorCall(serial, text, words)
