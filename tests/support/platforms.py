"""Requests to the simulator's platforms as tests write them: method names, invented people, sealed bodies, a clock."""

from __future__ import annotations

import json
from typing import Any

from shim.simulator import sealing
from shim.simulator.directives import Directives
from shim.simulator.persons import APP_ID, ORG_ID, PERSONS, SECRET, TERM_ID
from shim.simulator.platforms import GATEWAY, QR_QUERY, TOKEN_CHECK, answer_request
from shim.simulator.state import SimulatorState

REGISTER, VERIFY, LINK, INFO, CLOSE, AUTH_URL, AUTH_QUERY, PUSH = (
    "ehc.ehealthcard.querywithreg",
    "ehc.ehealthcode.verify",
    "ehc.ehealthcard.alterlink",
    "ehc.ehealthcard.alterinfo",
    "ehc.ehealthcard.close",
    "ehc.ehealthcard.authurl",
    "ehc.ehealthcard.auth.query",
    "ehc.ehealthcard.push",
)

# Fictitious: the region 990000 is not assigned.
NEWCOMER = {
    "out_trade_no": "T1",
    "out_trade_time": "20261121000058",
    "certificate_mode": "01",
    "apply_method": "3",
    "id_type": "01",
    "id_no": "990000199912310013",
    "user_name": "㛃敏𬱖",
    "user_sex": "2",
    "mobile_phone": "19911110000",
}
MORE = {
    "birthday": "19991231",
    "nation": "01",
    "telephone": "05920000000",
    "address": "龙䶮路 1 号",
    "work_unit": "无此单位",
    "photo_fomat": "JPGBASE64",
    "photo_info": "AAAA",
    "card_list": [{"card_type": "02", "card_no": "H1"}, {"card_type": "05", "card_no": "H2"}],
    "pub_flag": "Y",
    "QRprint": "N",
}
VERIFYING = {
    "ehealth_code": PERSONS[2].ehealth_code,
    "out_verify_no": "V1",
    "out_verify_time": "20261121000058",
    "operator_id": "9527",
    "operator_name": "测试员",
    "treatment_code": "010105",
}
ASKING = {
    "out_authorize_no": "A1",
    "out_authorize_time": "20261121000058",
    "operator_id": "9527",
    "operator_name": "测试员",
    "treatment_code": "010101",
}

ASKED_OF_INSURANCE = {"orgId": ORG_ID, "businessType": "01101", "operatorId": "9527", "operatorName": "测试员"}


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class OfflinePlatforms:
    """Both platforms without a socket, with a state and a clock that the test controls."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.names = iter(f"name{number}" for number in range(1000))
        self.state = SimulatorState(None, self.clock, lambda: next(self.names), "http://platforms")

    def post(self, body: bytes, sim: str = "", path: str = GATEWAY) -> dict[str, Any]:
        reply: dict[str, Any] = json.loads(answer_request(path, body, Directives.parse(sim), self.state).body)
        return reply

    def ask(self, method: str, content: Any, sim: str = "", enc_type: str = "AES", **envelope: Any) -> dict[str, Any]:
        """The answer's envelope, biz_content opened."""
        reply = self.post(body(method, content, enc_type=enc_type, **envelope), sim)
        if "biz_content" in reply:
            reply["biz_content"] = json.loads(sealing.decrypt_content(enc_type, reply["biz_content"], SECRET))
        return reply

    def done(self, method: str, content: Any, sim: str = "") -> dict[str, Any]:
        """The content of an answer, which must be a success."""
        reply = self.ask(method, content, sim)
        assert (reply["ret_code"], reply["ret_msg"]) == ("0000", "操作成功")
        opened: dict[str, Any] = reply["biz_content"]
        return opened

    def code(self, method: str, content: Any, sim: str = "", **envelope: Any) -> str:
        return str(self.ask(method, content, sim, **envelope)["ret_code"])

    def nation(self, content: dict[str, Any], sim: str = "", **envelope: Any) -> dict[str, Any]:
        """A query; `content` is added to the fields that EC B.3 requires."""
        request = {
            "orgId": ORG_ID,
            "transType": "ec.query",
            "data": ASKED_OF_INSURANCE | content,
            "extra": {},
            **envelope,
        }
        return self.post(dump(request).encode(), sim, QR_QUERY)

    def token(self, fields: dict[str, Any], sim: str = "") -> dict[str, Any]:
        return self.post(dump(fields).encode(), sim, TOKEN_CHECK)


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def body(method: str, content: Any, enc_type: str = "AES", secret: str = SECRET, **envelope: Any) -> bytes:
    """A sealed request; `envelope` replaces common fields (before the sign) or, as None, leaves them out."""
    fields: dict[str, Any] = {
        "app_id": APP_ID,
        "enc_type": enc_type,
        "method": method,
        "sign_type": "MD5",
        "term_id": TERM_ID,
        "timestamp": "20261121000058",
        "version": "X.M.0.1",
        **envelope,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    text = content if isinstance(content, str) else dump(content)
    known = enc_type in sealing.ENC_TYPES and fields.get("sign_type", "") in sealing.SIGN_DIGESTS
    fields["sign"] = sealing.signature_of({**fields, "biz_content": text}, secret) if known else "?"
    fields["biz_content"] = sealing.encrypt_content(enc_type, text, secret) if known else text
    return dump(fields).encode()
