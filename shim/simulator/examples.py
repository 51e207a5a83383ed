"""Requests that the simulator answers with success, one for each method: InData as a hospital program hands it over.

For `vcshim examples` and `vcshim call --example`; examples/requests/ in the checkout holds the same as files. All
people in them are fictitious (persons.py). Not test data: each passes with [validate] level = strict.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shim.simulator.persons import APP_ID, CONSENTED_NO, ORG_ID, PERSONS, SECRET, TERM_ID

_TIME = "20261121000058"
# Person 2, whose name needs GB18030, and person 3, who is insured.
_CARD, _INSURED = PERSONS[2], PERSONS[3]
_OPERATOR = {"operator_id": "9527", "operator_name": "测试员"}


@dataclass(frozen=True, slots=True)
class Example:
    """One request: the word by which it is chosen, the export, the method, and InData."""

    name: str
    export: str
    method: str
    in_data: Mapping[str, Any]

    @property
    def text(self) -> str:
        """InData, laid out for people; the DLLs read it as it is."""
        return json.dumps(self.in_data, ensure_ascii=False, indent=2) + "\n"


def _card(name: str, method: str, **content: Any) -> Example:
    in_data = {
        "app_id": APP_ID,
        "biz_content": content,
        "enc_type": "AES",
        "key": SECRET,
        "method": method,
        "sign": "",
        "sign_type": "SM3",
        "term_id": TERM_ID,
        "timestamp": _TIME,
        "version": "X.M.0.1",
    }
    return Example(name, "VirtualCardTrans", method, in_data)


def _insured(name: str, trans_type: str, **data: Any) -> Example:
    in_data = {"orgId": ORG_ID, "transType": trans_type, "extra": {}, "data": data}
    return Example(name, "NationEcTrans", trans_type, in_data)


EXAMPLES: tuple[Example, ...] = (
    _card(
        "register", "ehc.ehealthcard.querywithreg", out_trade_no="REGISTER0001", out_trade_time=_TIME,
        certificate_mode="01", apply_method="3", id_type="01", id_no="990000199912310013", user_name="㛃敏𬱖",
        user_sex="2", mobile_phone="19911110000",
    ),
    _card(
        "verify", "ehc.ehealthcode.verify", ehealth_code=_CARD.ehealth_code, out_verify_no="VERIFY0001",
        out_verify_time=_TIME, treatment_code="010105", **_OPERATOR,
    ),
    _card(
        "alterlink", "ehc.ehealthcard.alterlink", ehealth_card_id=_CARD.code_id, to_card_type="02", to_card_no="H0001",
        **{"out.Alter_no": "LINK0001", "out.Alter_time": _TIME},
    ),
    _card(
        "alterinfo", "ehc.ehealthcard.alterinfo", ehealth_card_id=_CARD.code_id, mobile_phone="19911110001",
        **{"out.Alter_no": "INFO0001", "out.Alter_time": _TIME},
    ),
    _card(
        "authurl", "ehc.ehealthcard.authurl", out_authorize_no=CONSENTED_NO, out_authorize_time=_TIME,
        treatment_code="010105", **_OPERATOR,
    ),
    # A consent that a new simulator has; after the request above, whatever has become of that one.
    _card("auth.query", "ehc.ehealthcard.auth.query", out_authorize_no=CONSENTED_NO),
    _card("push", "ehc.ehealthcard.push", ehealth_card_id=_CARD.code_id, out_close_no="PUSH0001", out_close_time=_TIME),
    _card(
        "close", "ehc.ehealthcard.close", ehealth_card_id=PERSONS[1].code_id, out_close_no="CLOSE0001",
        out_close_time=_TIME,
    ),
    _insured(
        "ec.query", "ec.query", orgId=ORG_ID, businessType="01101", operatorId="9527", operatorName="测试员",
        ecQrCode=_INSURED.ec_code,
    ),
    # The token of that query's answer: valid for 30 minutes after it.
    _insured(
        "token", "localEcTokenCheck", ecToken=_INSURED.ec_token, idType=_INSURED.id_type, idNo=_INSURED.id_no,
        userName=_INSURED.user_name,
    ),
)  # fmt: skip


def find_example(name: str) -> Example | None:
    """The example of this name, None where there is none."""
    return next((example for example in EXAMPLES if example.name == name), None)
