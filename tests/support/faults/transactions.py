"""What the cases call: a row for each transaction with its InData, and the answer that a platform gives to it.

Each call has a serial number. InData carries it, so that the server knows whose request it reads, and the answer
carries it back (as a name and a token), so that the answer of another call is seen. All persons are made up.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

Family = Literal["VC", "EC"]
# What sending does: a query may be sent twice; the others never.
Effect = Literal["query", "identify", "change"]

_GATEWAY = "/ehcService/gateway.do"
_INSURANCE = "/localcfc/api/hsecfc/localQrCodeQuery"
_INSURANCE_CODE = "4240000000000000000300350000"
_FUSED_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
_SERIAL = re.compile(r"SN\d{9}K")

NAME = "王小明"
_UNKNOWN: dict[Effect, str] = {
    "query": "没有结果，不影响业务，可以再试",
    "identify": "没有结果，不影响业务，请患者刷新二维码再试",
    "change": "业务可能已办成，请先查询结果",
}


@dataclass(frozen=True)
class Transaction:
    """One transaction of one of the two DLLs.

    Attributes:
        name: the method or transType.
        field: the field of biz_content, data or InData that carries the serial number.
        fields: the others.
        path: of the URL.
        top: the fields are InData itself, without a transType.
    """

    name: str
    family: Family
    effect: Effect
    field: str
    fields: tuple[tuple[str, str], ...] = ()
    path: str = _GATEWAY
    top: bool = False

    @property
    def function(self) -> str:
        return "VirtualCardTrans" if self.family == "VC" else "NationEcTrans"

    @property
    def success(self) -> str:
        """What the function returns for success."""
        return "00" if self.family == "VC" else "0000"

    @property
    def unknown(self) -> str:
        """What OutData says where the request was sent and no answer was understood."""
        return _UNKNOWN[self.effect]

    @property
    def most(self) -> int:
        """How often the request may reach the platform."""
        return 2 if self.effect == "query" else 1

    def in_data(self, serial: str, padding: int = 0) -> bytes:
        """InData in the charset of the host, with a field of `padding` more characters."""
        fields = {self.field: serial, **dict(self.fields)}
        if padding:
            fields["photo_info"] = "A" * padding
        if self.family == "VC":
            whole: dict[str, Any] = {
                "app_id": "1TESTAPP0000000000000000TESTAPP0",
                "biz_content": fields,
                "enc_type": "Plain",
                "key": "1TESTSEC0000000000000000TESTSEC0",
                "method": self.name,
                "sign_type": "MD5",
                "term_id": "35020010001",
                "timestamp": "20261121000058",
                "version": "X.M.0.1",
            }
        elif self.top:
            whole = dict(fields)
        else:
            whole = {"orgId": "H00000000001", "transType": self.name, "data": fields, "extra": {}}
        return json.dumps(whole, ensure_ascii=False).encode("gb18030")

    def answer(self, serial: str, **more: Any) -> dict[str, Any]:
        """The platform's success; `more` are fields beside or instead of it."""
        person = {"user_name": f"{NAME}{serial}", "ecToken": serial, "id_no": "990000199001010013"}
        if self.family == "VC":
            content = json.dumps(person, ensure_ascii=False)
            return {"ret_code": "0000", "ret_msg": "成功", "enc_type": "Plain", "biz_content": content, **more}
        person = {"userName": f"{NAME}{serial}", "ecToken": serial, "idNo": "990000199001010013", "idType": "01"}
        return {"code": 0, "data": person, "message": "成功", "type": "success", **more}

    def coded(self, serial: str, code: Any, message: str = "") -> dict[str, Any]:
        """The same with another code, and a message that names the call."""
        text = message or f"说明{serial}"
        return self.answer(serial, **{self.code_name: code, "ret_msg" if self.family == "VC" else "message": text})

    def refusal(self, serial: str, code: Any) -> dict[str, Any]:
        """A refusal: code and message, nothing else."""
        text = f"拒绝{serial}"
        if self.family == "VC":
            return {"ret_code": code, "ret_msg": text}
        return {"code": code, "message": text, "success": False}

    @property
    def code_name(self) -> str:
        return "ret_code" if self.family == "VC" else "code"


_OPERATOR = (("operator_id", "001"), ("operator_name", "测试员"), ("treatment_code", "010105"))
_CARD = ("ehealth_card_id", "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E")

TRANSACTIONS: tuple[Transaction, ...] = (
    Transaction("ehc.ehealthcard.auth.query", "VC", "query", "out_authorize_no"),
    Transaction(
        "ehc.ehealthcode.verify", "VC", "identify", "out_verify_no",
        (("ehealth_code", _FUSED_CODE), ("out_verify_time", "20261121000058"), *_OPERATOR),
    ),
    Transaction(
        "ehc.ehealthcard.querywithreg", "VC", "change", "out_trade_no",
        (("out_trade_time", "20261121000058"), ("user_name", NAME), ("id_no", "990000199001010013")),
    ),
    Transaction("ehc.ehealthcard.alterinfo", "VC", "change", "out.Alter_no", (_CARD, ("mobile_phone", "13900000000"))),
    Transaction("ehc.ehealthcard.close", "VC", "change", "out_close_no", (_CARD,)),
    Transaction("ehc.ehealthcard.push", "VC", "change", "out_close_no", (_CARD,)),
    Transaction("ehc.ehealthcard.unheard.of", "VC", "change", "out_trade_no"),
    Transaction(
        "ec.query", "EC", "identify", "businessInfo",
        (("orgId", "H00000000001"), ("businessType", "01101"), ("ecQrCode", _INSURANCE_CODE)), _INSURANCE,
    ),
    Transaction("cn.nhsa.qrcode.get", "EC", "identify", "businessInfo", (("ecQrCode", _INSURANCE_CODE),), _INSURANCE),
    Transaction("hos.upload.fee", "EC", "change", "chrgBchno", (("feeSumamt", "12.50"),), _INSURANCE),
    Transaction("hos.revoke.order", "EC", "change", "payOrdId", (), _INSURANCE),
    Transaction(
        "localEcTokenCheck", "EC", "change", "userName", (("ecToken", "350000ec"), ("idType", "01")),
        "/localcfc/api/hsecfc/localEcTokenCheck", top=True,
    ),
)  # fmt: skip


def serial_number(number: int) -> str:
    """A serial number of a call, unlike all others of a run."""
    return f"SN{number:09d}K"


def serials_in(text: str | bytes) -> list[str]:
    """All serial numbers in a text."""
    return _SERIAL.findall(text.decode("latin-1") if isinstance(text, bytes) else text)
