"""Both platforms of the simulator: every method, every code, every wish; literals where mistakes could cancel out."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from shim.simulator import cards, sealing
from shim.simulator.persons import (
    APP_ID,
    LIMITED_APP_ID,
    LIMITED_SECRET,
    NOTABLE,
    ORG_ID,
    PERSONS,
    SECRET,
    TERM_ID,
)
from shim.simulator.platform import GATEWAY, QR_QUERY, TOKEN_CHECK, answer
from shim.simulator.state import Account, State, Terminal
from shim.simulator.wishes import Wish, filler, sized
from shim.spec import METHODS, VC_CODES
from tests.support.paths import vectors

WIRE = {row["id"]: row for row in vectors("wire")}

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

# Nobody: the region 990000 does not exist.
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


class Clock:
    """What time it is, as the test says."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """The gateway and the insurance platform with a state and a clock of their own, and no socket."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.names = iter(f"name{number}" for number in range(1000))
        self.state = State(None, self.clock, lambda: next(self.names), "http://desk")

    def post(self, body: bytes, sim: str = "", path: str = GATEWAY) -> dict[str, Any]:
        reply: dict[str, Any] = json.loads(answer(path, body, Wish.parse(sim), self.state).body)
        return reply

    def ask(self, method: str, content: Any, sim: str = "", enc_type: str = "AES", **envelope: Any) -> dict[str, Any]:
        """The answer's envelope, biz_content opened."""
        reply = self.post(body(method, content, enc_type=enc_type, **envelope), sim)
        if "biz_content" in reply:
            reply["biz_content"] = json.loads(sealing.unseal(enc_type, reply["biz_content"], SECRET))
        return reply

    def done(self, method: str, content: Any, sim: str = "") -> dict[str, Any]:
        """The content of an answer that must be a yes."""
        reply = self.ask(method, content, sim)
        assert (reply["ret_code"], reply["ret_msg"]) == ("0000", "操作成功")
        opened: dict[str, Any] = reply["biz_content"]
        return opened

    def code(self, method: str, content: Any, sim: str = "", **envelope: Any) -> str:
        return str(self.ask(method, content, sim, **envelope)["ret_code"])

    def nation(self, content: dict[str, Any] | None, sim: str = "", **envelope: Any) -> dict[str, Any]:
        request = {"orgId": ORG_ID, "transType": "ec.query", "data": content, "extra": {}, **envelope}
        return self.post(dump(request).encode(), sim, QR_QUERY)

    def token(self, fields: dict[str, Any], sim: str = "") -> dict[str, Any]:
        return self.post(dump(fields).encode(), sim, TOKEN_CHECK)


@pytest.fixture
def desk() -> Desk:
    return Desk()


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
    known = enc_type in sealing.ENC_TYPES and fields.get("sign_type", "") in sealing.DIGESTS
    fields["sign"] = sealing.sign({**fields, "biz_content": text}, secret) if known else "?"
    fields["biz_content"] = sealing.seal(enc_type, text, secret) if known else text
    return dump(fields).encode()


# ---- sealing, against what was computed elsewhere --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "enc_type"), [("Y1-aes-cbc-direct", "AES"), ("Y3-des-cbc-direct", "DES"), ("Y8-sm4-ecb-direct16", "SM4")]
)
def test_ciphers_are_those_of_the_vectors(row: str, enc_type: str) -> None:
    vector = WIRE[row]
    assert sealing.seal(enc_type, vector["plaintext"], vector["secret"]) == vector["ciphertext"]
    assert sealing.unseal(enc_type, vector["ciphertext"], vector["secret"]) == vector["plaintext"]


def test_a_plus_sign_may_arrive_as_a_blank() -> None:
    vector = WIRE["Y3-des-cbc-direct"]
    assert "+" in vector["ciphertext"]
    assert sealing.unseal("DES", vector["ciphertext"].replace("+", " "), vector["secret"]) == vector["plaintext"]


# What the platform makes of each vector: 2002 is a sign that fits, an opened content and a code that nobody has.
VERDICTS = {
    "Y1-aes-cbc-direct": "2002",
    "Y2-aes-cbc-derived": "9007",
    "Y3-des-cbc-direct": "2002",
    "Y4-des-cbc-derived": "9007",
    "Y5-sm4-ecb-derived-gbk": "9007",
    "Y6-sm4-cbc-derived": "9007",
    "Y7-sm4-cbc-hexkey": "9007",
    "Y8-sm4-ecb-direct16": "2002",
    "G1-md5-key-utf8": "2002",
    "G2-md5-ampkey-utf8": "9003",
    "G3-md5-key-gbk": "9003",
    "G4-sm3-key-utf8": "2002",
    "G5-md5-key-over-ciphertext": "9003",
    "G6-md5-bare-utf8": "9003",
    "N1-sm3-app_secret": "9003",
}


def replayed(desk: Desk, row: dict[str, Any]) -> bytes:
    """The request of a vector: its ciphertext with a sign made here, or its base string and digest with Y1's."""
    common = {
        "app_id": "1TESTAPP0000000000000000TESTAPP0",
        "method": "ehc.ehealthcode.verify",
        "sign_type": "MD5",
        "term_id": "35020010001",
        "timestamp": "20200608120000",
        "version": "X.M.0.1",
    }
    if "ciphertext" in row:
        enc_type = row["mode"][:3]
        text = f"biz_content={row['plaintext']}&enc_type={enc_type}"
        signed = "&".join(sorted([text, *(f"{name}={value}" for name, value in common.items())]))
        sign = hashlib.md5(f"{signed}key={row['secret']}".encode()).hexdigest().upper()
        return dump({**common, "enc_type": enc_type, "biz_content": row["ciphertext"], "sign": sign}).encode()
    if row["id"].startswith("G"):
        sign_type = {"G4-sm3-key-utf8": "SM3"}.get(row["id"], "MD5")
        sealed = WIRE["Y1-aes-cbc-direct"]["ciphertext"]
        fields = {**common, "sign_type": sign_type, "enc_type": "AES", "biz_content": sealed, "sign": row["expected"]}
        return dump(fields).encode()
    # N1 has an account, a terminal and a version of its own, and digest for sign: all but the sign is made known.
    content = sealing.seal("SM4", '{"a":"1"}', "0123456789ABCDEF")
    desk.state.add_account(Account("TESTAPP", "0123456789ABCDEF"))
    desk.state.add_terminal(Terminal("T1"))
    fields = {**common, "app_id": "TESTAPP", "term_id": "T1", "timestamp": "1557236049417", "digest_type": "SM3"}
    return dump(
        {**fields, "sign_type": "SM3", "enc_type": "SM4", "biz_content": content, "sign": row["expected"]}
    ).encode()


@pytest.mark.parametrize("name", VERDICTS)
def test_every_vector_is_replayed(desk: Desk, name: str) -> None:
    """Opened where it is of the platform's dialect, and refused with the right code where it is not.

    Required fields may be missing: the vectors' content has few.
    """
    assert desk.post(replayed(desk, WIRE[name]), "lax:1")["ret_code"] == VERDICTS[name]


def test_the_vectors_are_these() -> None:
    assert set(VERDICTS) == set(WIRE)
    assert len(WIRE) == 15


def test_fields_that_a_vector_lacks_are_required(desk: Desk) -> None:
    assert desk.post(replayed(desk, WIRE["G1-md5-key-utf8"]))["ret_code"] == "9001"


@pytest.mark.parametrize("row", [name for name in WIRE if name.startswith("Y")])
def test_only_the_default_ciphers_open(desk: Desk, row: str) -> None:
    """Each vector of a cipher under each name: its own name opens, every other one is refused."""
    own = {"Y1-aes-cbc-direct": "AES", "Y3-des-cbc-direct": "DES", "Y8-sm4-ecb-direct16": "SM4"}.get(row)
    for enc_type in ("AES", "DES", "SM4"):
        request = json.loads(body(VERIFY, {}, enc_type))
        request["biz_content"] = WIRE[row]["ciphertext"]
        assert desk.post(dump(request).encode())["ret_code"] == ("9003" if own == enc_type else "9007")


def test_hex_in_lower_case_is_refused(desk: Desk) -> None:
    request = json.loads(body(VERIFY, VERIFYING))
    assert desk.post(dump(request | {"biz_content": request["biz_content"].lower()}).encode())["ret_code"] == "9007"
    assert desk.post(dump(request | {"sign": request["sign"].lower()}).encode())["ret_code"] == "9003"


@pytest.mark.parametrize("enc_type", ["", "Plain", "AES", "DES", "SM4"])
@pytest.mark.parametrize(("sign_type", "digest"), [("", "md5"), ("MD5", "md5"), ("SM3", "sm3"), ("SHA256", "sha256")])
def test_answers_are_sealed_as_requests(desk: Desk, enc_type: str, sign_type: str, digest: str) -> None:
    """The base string is written out here once more: sorted, joined, key= without an ampersand, upper hex."""
    reply = desk.post(body(VERIFY, VERIFYING, enc_type, sign_type=sign_type))
    plain = sealing.unseal(enc_type, reply["biz_content"], SECRET)
    assert json.loads(plain)["user_name"] == "王𬱖"
    fields = [f"app_id={APP_ID}", f"biz_content={plain}"]
    fields += [f"enc_type={enc_type}"] if enc_type else []
    fields += ["ret_code=0000", "ret_msg=操作成功"] + ([f"sign_type={sign_type}"] if sign_type else [])
    text = "&".join(fields) + "key=1TESTSEC0000000000000000TESTSEC0"
    assert reply["sign"] == hashlib.new(digest, text.encode()).hexdigest().upper()
    assert (reply["biz_content"] == plain) == (enc_type in ("", "Plain"))


# ---- the eight methods -----------------------------------------------------------------------------------------------


def register(desk: Desk, **more: Any) -> dict[str, Any]:
    return desk.done(REGISTER, {**NEWCOMER, **more}, "again:1")


def test_the_whole_flow(desk: Desk) -> None:
    """Register, verify, authorise, consent, close: what a kiosk does in an hour."""
    made = register(desk)
    shown = desk.done(VERIFY, {**VERIFYING, "ehealth_code": made["ehealth_code"]})
    assert (shown["user_name"], shown["id_no"]) == ("㛃敏𬱖", "990000199912310013")
    url = desk.done(AUTH_URL, ASKING)["ehealth_authurl"]
    assert url == "http://desk/auth/name0"
    asked = desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["user_name"], asked["id_no"]) == ("ing", "", "")
    assert desk.state.consent(url, made["ehealth_card_id"])
    asked = desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["user_name"], asked["id_no"]) == ("succ", "㛃敏𬱖", "990000199912310013")
    closed = desk.done(
        CLOSE, {"ehealth_card_id": made["ehealth_card_id"], "out_close_no": "C1", "out_close_time": "20261121000058"}
    )
    assert closed == {"mindex_id": made["mindex_id"], "ehealth_card_id": made["ehealth_card_id"]}
    assert desk.code(VERIFY, {**VERIFYING, "ehealth_code": made["ehealth_code"], "out_verify_no": "V2"}) == "3001"


def test_every_field_of_the_response_tables(desk: Desk) -> None:
    """All fields in, all fields out, and no others, but for those that only an insurance code has (VC 4.2.2)."""
    made = register(desk, **MORE)
    card_id = made["ehealth_card_id"]
    alter = {"ehealth_card_id": card_id, "out.Alter_no": "N1", "out.Alter_time": "20261121000058"}
    url = desk.done(AUTH_URL, ASKING)["ehealth_authurl"]
    desk.state.consent(url, card_id)
    answers = {
        REGISTER: made,
        VERIFY: desk.done(VERIFY, {**VERIFYING, "ehealth_code": made["ehealth_code"]}),
        LINK: desk.done(LINK, {**alter, "to_card_type": "01", "to_card_no": "D9"}),
        INFO: desk.done(INFO, {**alter, "mobile_phone": "19911112222"}),
        AUTH_URL: {"ehealth_authurl": url},
        AUTH_QUERY: desk.done(AUTH_QUERY, {"out_authorize_no": "A1"}),
        PUSH: desk.done(PUSH, {"ehealth_card_id": card_id, "out_close_no": "P1", "out_close_time": "1"}),
        CLOSE: desk.done(CLOSE, {"ehealth_card_id": card_id, "out_close_no": "C1", "out_close_time": "1"}),
    }
    of_insurance = {"ecToken", "insuOrg", "EcQrCode"}
    for name, shown in answers.items():
        assert set(shown) == {field.name for field in METHODS[name].response} - of_insurance, name
        for field in METHODS[name].response:
            value = shown.get(field.name, "")
            assert field.length is None or len(value) <= field.length, field
    assert made["card_list"] == MORE["card_list"]
    assert (made["card_type"], made["card_no"]) == ("02", "H1")
    assert made["pub_qrcode"] == "http://desk/follow"
    assert answers[VERIFY]["address"] == "龙䶮路 1 号"


def test_required_fields_are_enough(desk: Desk) -> None:
    """Required and nothing else: no answer lacks a required field, none shows an empty optional one."""
    made = register(desk)
    assert set(made) == {
        "ehealth_card_id", "ehealth_code", "mindex_id", "xman_id", "id_type", "id_no", "user_name",
    }  # fmt: skip
    shown = desk.done(VERIFY, {**VERIFYING, "ehealth_code": made["ehealth_code"]})
    assert set(shown) == {
        "mindex_id", "ehealth_card_id", "xman_id", "smk_id", "id_type", "id_no", "user_name", "user_sex",
        "mobile_phone",
    }  # fmt: skip
    desk.done(AUTH_URL, ASKING)
    asked = desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert set(asked) == {field.name for field in METHODS[AUTH_QUERY].response if field.required}


def test_the_methods_are_those_of_the_specification() -> None:
    assert set(cards.METHODS) == {name for name, method in METHODS.items() if method.clause.startswith("VC ")}


def test_known_people_stay_who_they_are(desk: Desk) -> None:
    """The same document twice: the same code; new cards are added, another name is refused."""
    first = register(desk)
    assert (
        register(desk, card_list='[{"card_type":"01","card_no":"D9"}]')["ehealth_card_id"] == first["ehealth_card_id"]
    )
    assert register(desk)["card_list"] == [{"card_type": "01", "card_no": "D9"}]
    refused = desk.ask(REGISTER, {**NEWCOMER, "user_name": "别人", "out_trade_no": "T2"})
    assert refused == {"ret_code": "9001", "ret_msg": "请求参数有误：姓名与该证件已注册的姓名不符"}
    seed = register(desk, id_no=PERSONS[3].id_no, user_name="龙䶮")
    assert seed["ehealth_code"] == PERSONS[3].ehealth_code
    assert (seed["card_type"], seed["card_no"]) == ("01", "D000003")


def test_a_static_code_has_its_literal_form(desk: Desk) -> None:
    made = register(desk)
    number = hashlib.sha256(b"01 990000199912310013").hexdigest().upper()[:48]
    assert made["ehealth_code"] == f"{number}:1:::35020010001"
    assert made["mindex_id"] == number[::-1]
    for empty in ("", None):
        assert register(desk, time_expire=empty)["ehealth_code"] == made["ehealth_code"]


def test_dynamic_codes_expire(desk: Desk) -> None:
    """time_expire in seconds: good until the last of them, 2001 from then on; the token belongs to its ID."""
    code = register(desk, time_expire="60")["ehealth_code"]
    parts = code.split(":")
    assert (len(parts), parts[1], parts[3:]) == (5, "0", ["", "35020010001"])
    assert len(parts[2]) == 32
    desk.clock.now += 59
    assert desk.done(VERIFY, {**VERIFYING, "ehealth_code": code})["user_name"] == "㛃敏𬱖"
    desk.clock.now += 1
    assert desk.code(VERIFY, {**VERIFYING, "ehealth_code": code, "out_verify_no": "V2"}) == "2001"
    for other in (
        code.replace(parts[0], PERSONS[2].code_id),
        code.replace(parts[2], parts[2][::-1]),
        code.replace(parts[2], ""),
        code.replace(parts[2], "汉"),
    ):
        assert desk.code(VERIFY, {**VERIFYING, "ehealth_code": other, "out_verify_no": "V2"}) == "2002"
    assert len(code) <= 128


def test_cards_are_bound_and_replaced(desk: Desk) -> None:
    card_id = register(desk, **MORE)["ehealth_card_id"]
    alter = {"ehealth_card_id": card_id, "out.Alter_no": "N1", "out.Alter_time": "20261121000058"}
    desk.done(LINK, {**alter, "to_card_type": "01", "to_card_no": "D9"})
    old = {"from_card_type": "02", "from_card_no": "H1"}
    desk.done(LINK, {**alter, **old, "out.Alter_no": "N2", "to_card_type": "03", "to_card_no": "T1"})
    alter["out.Alter_no"] = "N3"
    assert register(desk)["card_list"] == [
        {"card_type": "03", "card_no": "T1"},
        {"card_type": "05", "card_no": "H2"},
        {"card_type": "01", "card_no": "D9"},
    ]
    assert desk.code(LINK, {**alter, **old, "to_card_type": "03", "to_card_no": "T2"}) == "3001"
    assert desk.code(LINK, {**alter, "from_card_type": "02", "to_card_type": "03", "to_card_no": "T2"}) == "9001"


def test_answers_spell_the_serial_number_as_the_request_does(desk: Desk) -> None:
    card_id = register(desk)["ehealth_card_id"]
    for name, number in (("out.Alter_no", "N7"), ("out_alter_no", "N8")):
        shown = desk.done(INFO, {"ehealth_card_id": card_id, name: number, "out_alter_time": "1", "user_sex": "1"})
        assert set(shown) == {"ehealth_card_id", "mindex_id", name, "alter_no"}
        assert shown[name] == number
    repeated = {"ehealth_card_id": card_id, "out.Alter_no": "N8", "out.Alter_time": "1", "user_sex": "1"}
    assert desk.code(INFO, repeated) == "3002"
    code = register(desk)["ehealth_code"]
    assert desk.done(VERIFY, {**VERIFYING, "ehealth_code": code})["user_sex"] == "1"


def test_closed_people_may_register_again(desk: Desk) -> None:
    made = register(desk, **MORE)
    closing = {"ehealth_card_id": made["ehealth_card_id"], "out_close_no": "C1", "out_close_time": "1"}
    desk.done(CLOSE, closing)
    closing["out_close_no"] = "C2"
    for method, more in (
        (CLOSE, {}),
        (PUSH, {}),
        (INFO, {"out.Alter_no": "1", "out.Alter_time": "1"}),
        (LINK, {"out.Alter_no": "1", "out.Alter_time": "1", "to_card_type": "01", "to_card_no": "1"}),
    ):
        assert desk.code(method, {**closing, **more}) == "3001"
    again = register(desk)
    assert again["ehealth_code"] == made["ehealth_code"]
    assert "card_list" not in again


@pytest.mark.parametrize("status", ["cancel", "fail"])
def test_a_patient_may_decline(desk: Desk, status: str) -> None:
    url = desk.done(AUTH_URL, ASKING)["ehealth_authurl"]
    assert desk.state.decline(url, status)
    assert not desk.state.consent(url, PERSONS[2].code_id)
    asked = desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["id_no"]) == (status, "")


def test_authorisations_last_a_minute(desk: Desk) -> None:
    """VC 2.2: 60 seconds; then it has failed and consent comes too late. A decision before stays."""
    url = desk.done(AUTH_URL, ASKING)["ehealth_authurl"]
    desk.clock.now += 59.9
    assert desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})["auth_status"] == "ing"
    desk.clock.now += 0.1
    assert not desk.state.consent(url, PERSONS[2].code_id)
    assert not desk.state.decline(url)
    assert desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})["auth_status"] == "fail"
    url = desk.done(AUTH_URL, ASKING, "again:1")["ehealth_authurl"]
    assert not desk.state.consent(url, "nobody")
    assert desk.state.consent(url, PERSONS[2].code_id)
    desk.clock.now += 3600
    assert desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})["auth_status"] == "succ"


def test_an_authorisation_that_agrees_by_itself(desk: Desk) -> None:
    """With the wish ``agree``: by the first notable person, so many milliseconds later, unless it runs out before."""
    desk.done(AUTH_URL, ASKING, "agree:1500")
    asked = desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["user_name"]) == ("ing", "")
    desk.clock.now += 1.5
    asked = desk.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["user_name"], asked["id_no"]) == ("succ", "林晓雯", "990101198805120024")
    desk.done(AUTH_URL, {**ASKING, "out_authorize_no": "A2"}, "agree:0")
    assert desk.done(AUTH_QUERY, {"out_authorize_no": "A2"})["auth_status"] == "succ"
    desk.done(AUTH_URL, {**ASKING, "out_authorize_no": "A3"}, "agree:60000")
    desk.clock.now += 60
    assert desk.done(AUTH_QUERY, {"out_authorize_no": "A3"})["auth_status"] == "fail"


def test_states_do_not_share(desk: Desk) -> None:
    other = Desk()
    register(desk)
    code = f"{desk.state.holder_of('01', NEWCOMER['id_no']).code_id}:1:::"  # type: ignore[union-attr]
    assert desk.code(VERIFY, {**VERIFYING, "ehealth_code": code}) == "0000"
    assert other.code(VERIFY, {**VERIFYING, "ehealth_code": code}) == "2002"


# ---- every code of VC appendix 1 -------------------------------------------------------------------------------------

# By a request that is wrong: what is changed of a good verify.
PROVOKED: dict[str, list[dict[str, Any]]] = {
    "1001": [{"app_id": ""}, {"app_id": None}],
    "1002": [{"term_id": ""}],
    "1003": [{"version": ""}, {"version": "X.M.0.2"}],
    "1004": [{"method": ""}],
    "1005": [{"method": "ehealthcode.verify"}, {"method": "ec.query"}, {"method": "all"}],
    "1006": [{"enc_type": "ROT13"}, {"enc_type": "MD5"}],
    "1007": [{"sign_type": "CRC32"}],
    "1008": [{"app_id": "NOBODY"}],
    "1009": [{"term_id": "NOWHERE"}],
    "9001": [{"key": SECRET}, {"app_id": 1}, {"enc_type": ["AES"]}],
    "9003": [{"secret": "1TESTSEC0000000000000000TESTSEC1"}],
    "9007": [{"secret": "WRONGKEY000000000000000000000000"}],
}


@pytest.mark.parametrize(("code", "change"), [(code, change) for code, rows in PROVOKED.items() for change in rows])
def test_wrong_envelopes(desk: Desk, code: str, change: dict[str, Any]) -> None:
    given = {"method": VERIFY, "content": VERIFYING, **change}
    if "enc_type" in given and not isinstance(given["enc_type"], str):
        request = json.loads(body(VERIFY, VERIFYING)) | {"enc_type": given["enc_type"]}
        assert desk.post(dump(request).encode())["ret_code"] == code
        return
    assert desk.post(body(**given))["ret_code"] == code


@pytest.mark.parametrize(
    ("code", "method", "content"),
    [
        ("2002", VERIFY, {"ehealth_code": "garbage"}),
        ("2002", VERIFY, {"ehealth_code": PERSONS[2].code_id}),
        ("2002", VERIFY, {"ehealth_code": PERSONS[2].ehealth_code.replace(":1:", ":7:")}),
        ("2002", VERIFY, {"ehealth_code": PERSONS[2].ec_code}),
        ("2002", VERIFY, {"ehealth_code": "opc" + PERSONS[2].ec_code[3:]}),
        ("2002", VERIFY, {"ehealth_code": ""}),
        ("0000", VERIFY, {"ehealth_code": PERSONS[2].ehealth_code.replace(":1:", "::")}),
        ("0000", VERIFY, {"ehealth_code": f"85:{PERSONS[2].code_id}:1"}),
        ("9001", VERIFY, {"operator_id": ""}),
        ("9001", VERIFY, {"operator_id": None}),
        ("9001", VERIFY, {"ehealth_code": {"a": 1}}),
        ("2003", REGISTER, {"time_expire": " "}),
        ("2004", REGISTER, {"time_expire": "0"}),
        ("2004", REGISTER, {"time_expire": "-5"}),
        ("2004", REGISTER, {"time_expire": "soon"}),
        ("2004", REGISTER, {"time_expire": "12345678901"}),
        ("0000", REGISTER, {"time_expire": 300}),
        ("9001", REGISTER, {"card_list": "none"}),
        ("9001", REGISTER, {"card_list": [{"card_type": "01"}]}),
        ("9001", REGISTER, {"user_name": " "}),
        ("3001", PUSH, {"ehealth_card_id": "0", "out_close_no": "1", "out_close_time": "1"}),
        ("3001", CLOSE, {"ehealth_card_id": "0", "out_close_no": "1", "out_close_time": "1"}),
        ("3001", AUTH_QUERY, {"out_authorize_no": "never asked"}),
    ],
)
def test_verdicts_on_the_content(desk: Desk, code: str, method: str, content: dict[str, Any]) -> None:
    base = {VERIFY: VERIFYING, REGISTER: NEWCOMER}.get(method, {})
    assert desk.code(method, {**base, **content}) == code


def test_an_account_without_permission(desk: Desk) -> None:
    limited = {"app_id": LIMITED_APP_ID, "secret": LIMITED_SECRET}
    assert desk.post(body(VERIFY, VERIFYING, **limited))["ret_code"] == "0000"
    assert desk.post(body(AUTH_URL, ASKING, **limited)) == {"ret_code": "1010", "ret_msg": "应用无该接口权限"}


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"[1]", b"\xff\xfe", "王".encode("gbk"), b"[" * 100_000, b'{"app_id":"\\ud800"}'],
)
def test_bodies_that_are_no_request(desk: Desk, data: bytes) -> None:
    assert desk.post(data)["ret_code"] == "9008"
    assert desk.post(data, path=QR_QUERY)["code"] == -2
    assert desk.post(data, path=TOKEN_CHECK)["code"] == -2


@pytest.mark.parametrize("content", [{"ehealth_code": "x"}, None, 5])
def test_biz_content_must_be_a_string(desk: Desk, content: Any) -> None:
    request = json.loads(body(VERIFY, VERIFYING, "")) | {"biz_content": content}
    assert desk.post(dump(request).encode()) == {
        "ret_code": "9008",
        "ret_msg": "报文读取错误：biz_content 应为字符串",
    }


@pytest.mark.parametrize("content", ["", "[]", '"x"', "{", '{"ehealth_code":"\\ud800"}'])
def test_biz_content_must_hold_an_object(desk: Desk, content: str) -> None:
    assert desk.post(body(VERIFY, content, ""))["ret_code"] == "9008"


@pytest.mark.parametrize("place", range(32))
def test_every_character_of_the_sign_counts(desk: Desk, place: int) -> None:
    request = json.loads(body(VERIFY, VERIFYING))
    sign = request["sign"]
    request["sign"] = sign[:place] + ("0" if sign[place] != "0" else "1") + sign[place + 1 :]
    assert desk.post(dump(request).encode()) == {"ret_code": "9003", "ret_msg": "验签失败"}


def test_every_field_is_signed(desk: Desk) -> None:
    request = json.loads(body(VERIFY, VERIFYING))
    assert desk.post(dump(request | {"extra": "", "nothing": None}).encode())["ret_code"] == "0000"
    for change in ({"timestamp": "20261121000059"}, {"extra": "x"}, {"timestamp": ""}, {"sign": None}):
        assert desk.post(dump(request | change).encode())["ret_code"] == "9003"


def test_serial_numbers_are_unique(desk: Desk) -> None:
    """Per account and method; a number whose request was refused is free again; `again` takes it once more."""
    closing = {"ehealth_card_id": PERSONS[5].code_id, "out_close_no": "V1", "out_close_time": "1"}
    bad = {**VERIFYING, "ehealth_code": "garbage"}
    assert [desk.code(VERIFY, bad) for _ in range(2)] == ["2002", "2002"]
    assert [desk.code(VERIFY, VERIFYING) for _ in range(2)] == ["0000", "3002"]
    assert desk.ask(VERIFY, VERIFYING) == {"ret_code": "3002", "ret_msg": "流水号重复"}
    assert [desk.code(VERIFY, VERIFYING, "again:1") for _ in range(2)] == ["0000", "0000"]
    assert desk.code(VERIFY, {**VERIFYING, "out_verify_no": "V2"}, "again:1") == "0000"
    assert desk.code(VERIFY, {**VERIFYING, "out_verify_no": "V2"}) == "3002"
    assert desk.code(CLOSE, closing) == "0000"
    limited = body(VERIFY, VERIFYING, app_id=LIMITED_APP_ID, secret=LIMITED_SECRET)
    assert desk.post(limited)["ret_code"] == "0000"
    url = desk.done(AUTH_URL, ASKING)
    assert url and [desk.code(AUTH_QUERY, ASKING) for _ in range(2)] == ["0000", "0000"]


def test_accounts_and_terminals_are_those_of_the_state(desk: Desk) -> None:
    """Whoever is added may ask at once, with the methods given and no others."""
    theirs = {"app_id": "HIS2", "secret": "2TESTSEC0000000000000000TESTSEC0", "term_id": "KIOSK2"}
    asked = body(VERIFY, VERIFYING, "Plain", **theirs)
    assert desk.post(asked) == {"ret_code": "1008", "ret_msg": "应用不存在"}
    desk.state.add_account(Account("HIS2", theirs["secret"], "第二家医院", frozenset({VERIFY, AUTH_QUERY})))
    assert desk.post(asked) == {"ret_code": "1009", "ret_msg": "终端不存在"}
    desk.state.add_terminal(Terminal("KIOSK2", "自助机"))
    assert desk.post(asked)["ret_code"] == "0000"
    assert desk.post(body(AUTH_URL, ASKING, "Plain", **theirs))["ret_code"] == "1010"


def test_what_was_told_is_noted(desk: Desk) -> None:
    """A note has the answer's opened content, and none where there was a refusal."""
    call = answer(GATEWAY, body(VERIFY, VERIFYING), Wish(), desk.state).call
    assert json.loads(call.opened) == VERIFYING
    assert (call.code, json.loads(call.told)["user_name"]) == ("0000", "王𬱖")
    call = answer(GATEWAY, body(VERIFY, VERIFYING), Wish(), desk.state).call
    assert (call.code, call.told) == ("3002", "")
    request = {"transType": "ec.query", "data": {"orgId": ORG_ID, "ecQrCode": PERSONS[3].ec_code}}
    call = answer(QR_QUERY, dump(request).encode(), Wish(), desk.state).call
    assert (call.code, json.loads(call.told)["userName"]) == ("0", "龙䶮")
    call = answer(QR_QUERY, dump(request).encode(), Wish(), desk.state).call
    assert (call.code, call.told) == ("500049", "")


# The rest of appendix 1 is of the caller's side or nobody's fault: by wish, with the document's words.
WISHED = {
    "9998": "交易失败",
    "9999": "未知错误",
    "2005": "密码服务失败",
    "3003": "资源正在被占用, 请确认交易状态再试",
    "8001": "网络读失败",
    "8002": "网络传输出错",
    "8003": "空网络请求",
    "8004": "网络连接失败",
    "8005": "数据库连接失败",
    "8006": "数据库配置加载失败",
    "8007": "数据操作失败",
    "8008": "密码服务失败",
    "8009": "内部异常",
    "9002": "签名失败",
    "9004": "响应报文为空",
    "9005": "请求系统不支持",
    "9006": "报文加密失败",
}


@pytest.mark.parametrize("code", WISHED)
def test_wished_codes(desk: Desk, code: str) -> None:
    assert desk.ask(VERIFY, VERIFYING, f"refuse:{code}") == {"ret_code": code, "ret_msg": WISHED[code]}


def test_no_code_is_left_out() -> None:
    """The tests above and these: all 38 rows."""
    elsewhere = {"0000", "1010", "2001", "2002", "2003", "2004", "3001", "3002", "9008"}
    assert set(VC_CODES) == elsewhere | set(PROVOKED) | set(WISHED)


# ---- the insurance platform ------------------------------------------------------------------------------------------


def test_query_by_code(desk: Desk) -> None:
    reply = desk.nation({"orgId": ORG_ID, "businessType": "01101", "ecQrCode": "4240000000000000000300350000"})
    assert reply == {
        "code": 0,
        "data": {
            "userName": "龙䶮",
            "idNo": "990000195304040039",
            "idType": "01",
            "ecToken": "350000ec000000000000000000000000000003",
            "insuOrg": "350200",
            "gender": "1",
            "birthday": "1953.04.04",
            "ecQrCode": "4240000000000000000300350000",
            "email": None,
            "extra": "null",
        },
        "message": "成功",
        "orgId": "1TESTORG0000000000000000TESTORG0",
        "type": "success",
    }
    package = desk.nation({"ecQrCode": "opc0000000000000000400350000"})
    assert package["data"]["userName"] == "㛃敏"
    assert package["data"]["ecQrCode"] == "opc0000000000000000400350000"
    assert desk.nation({"ecQrCode": "4240000000000000000400350000"})["code"] == 500049  # the same code, and used


# Of persons of each kind of paper: number, and what the insurance platform calls it (EC C.2).
PAPERS = {
    1001: "01", 1012: "07", 1013: "08", 1015: "16", 1017: "01", 1019: "02", 1020: "99", 1021: "04", 1022: "06",
    1023: "17", 1024: "17", 1025: "99",
}  # fmt: skip


@pytest.mark.parametrize("number", PAPERS)
def test_papers_have_the_numbers_of_the_insurance(desk: Desk, number: int) -> None:
    """A query says them, and the token check wants them."""
    person = next(one for one in NOTABLE if one.number == number)
    data = desk.nation({"ecQrCode": person.ec_code})["data"]
    assert (data["idType"], data["idNo"], data["userName"]) == (PAPERS[number], person.id_no, person.user_name)
    told = {"ecToken": data["ecToken"], "idType": PAPERS[number], "idNo": person.id_no, "userName": person.user_name}
    assert desk.token(told)["data"] == {"flag": "1"}
    assert desk.token({**told, "idType": "03"})["data"] == {"flag": "0"}


def test_birthdays_of_the_insurance(desk: Desk) -> None:
    """With points, however they were registered; without one, nothing."""
    code_id = register(desk, birthday="1999-12-31")["ehealth_card_id"]
    asked = [desk.state.new_ec_code(code_id).code, NOTABLE[0].ec_code, NOTABLE[24].ec_code]
    shown = [desk.nation({"ecQrCode": code})["data"] for code in asked]
    assert [data["birthday"] for data in shown] == ["1999.12.31", "1988.05.12", ""]
    assert [data["ecToken"] for data in shown] == [
        "350000ec000000000000000000000001000001",
        "350000ec000000000000000000000000001001",
        "350000ec000000000000000000000000001025",
    ]


@pytest.mark.parametrize(
    ("code", "request_"),
    [
        (-2, {"data": None}),
        (-2, {"data": "text"}),
        (500098, {"orgId": None}),
        (500049, {}),
        (500049, {"data": {"ecQrCode": "4249999999999999999900350000"}}),
    ],
)
def test_insurance_refusals(desk: Desk, code: int, request_: dict[str, Any]) -> None:
    request = {"orgId": ORG_ID, "transType": "ec.query", "data": {}, **request_}
    reply = desk.post(dump(request).encode(), path=QR_QUERY)
    words = {-2: "请求参数异常", 500098: "缺少 orgId 入参", 500049: "电子凭证二维码无效"}
    assert reply == {"code": code, "message": words[code], "orgId": request["orgId"] or "", "success": False}


def test_insurance_codes_are_good_once(desk: Desk) -> None:
    data = {"ecQrCode": PERSONS[4].ec_code}
    assert [desk.nation(data)["code"] for _ in range(2)] == [0, 500049]
    assert [desk.nation(data, "again:1")["code"] for _ in range(2)] == [0, 0]


def test_insurance_codes_run_out(desk: Desk) -> None:
    """A fresh one is good for a minute; 500005 from then on, whatever is wished."""
    asked = {"ecQrCode": desk.state.new_ec_code(PERSONS[4].code_id).code}
    desk.clock.now += 59.9
    assert desk.nation(asked)["data"]["userName"] == "㛃敏"
    desk.clock.now += 0.1
    for sim in ("", "again:1"):
        refused = desk.nation(asked, sim)
        assert (refused["code"], refused["message"]) == (500005, "展码 id 失效或已过期")


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (1026, 500001, "该电子凭证不存在"),  # the 多码融合码 was closed
        (1028, 500001, "该电子凭证不存在"),
        (1029, 500002, "该电子凭证未激活"),
        (1030, 500003, "该用户在该应用渠道未授权"),
        (1031, 500054, "参保地为空"),
        (1032, 500057, "用户身份信息校验不通过"),
        (1033, 500058, "人员信息错误"),
    ],
)
def test_people_whom_the_insurance_refuses(desk: Desk, number: int, code: int, message: str) -> None:
    """Their codes are not used up by it."""
    person = next(one for one in NOTABLE if one.number == number)
    for _ in range(2):
        refused = desk.nation({"ecQrCode": person.ec_code})
        assert (refused["code"], refused["message"]) == (code, message)
    assert desk.state.use_ec_code(person.ec_code)


def test_tokens_are_checked(desk: Desk) -> None:
    """Flag 1 only after a query, for that person, for half an hour (EC C.3, 2.10)."""
    fields = {
        "ecToken": "350000ec000000000000000000000000000003",
        "idType": "01",
        "idNo": "990000195304040039",
        "userName": "龙䶮",
    }
    assert desk.token(fields) == {"code": 0, "data": {"flag": "0"}, "message": "成功", "orgId": "", "type": "success"}
    desk.nation({"ecQrCode": PERSONS[3].ec_code})
    assert desk.token(fields)["data"] == {"flag": "1"}
    assert desk.token({"orgId": ORG_ID, "data": fields})["data"] == {"flag": "1"}
    for change in ({"userName": "别人"}, {"idNo": "0"}, {"idType": "07"}, {"ecToken": "x"}):
        assert desk.token({**fields, **change})["data"] == {"flag": "0"}
    desk.clock.now += 1800
    assert desk.token(fields)["data"] == {"flag": "0"}
    assert desk.token({**fields, "ecToken": ""})["code"] == -2
    assert desk.token(fields, "refuse:500067")["message"] == "无效 token"


PASSED = [
    "cn.nhsa.ec.auth",
    "cn.nhsa.auth.check",
    "cn.nhsa.cert.get",
    "cn.nhsa.settle.notify",
    "iot.medical.settle.notify",
    "hos.query.insu",
    "hos.upload.fee",
    "hos.revoke.order",
    "hos.refund.setl",
    "nobody.knows",
]


@pytest.mark.parametrize("name", PASSED)
def test_other_types_pass(desk: Desk, name: str) -> None:
    """The answer proves that the request arrived as it was; for three types its data is text."""
    request = {"transType": name, "data": {"amount": 12.5, "名": "龙䶮"}, "extra": None}
    sent = dump(request).encode()
    reply = desk.post(sent, path=QR_QUERY)
    assert (reply["code"], reply["orgId"]) == (0, "")
    as_text = name in ("cn.nhsa.cert.get", "cn.nhsa.settle.notify", "hos.upload.fee")
    data: Any = reply["data"]
    assert isinstance(data, str) == as_text
    data = json.loads(data) if as_text else data
    assert data["echo"] == {
        "transType": name,
        "bytes": len(sent),
        "sha256": hashlib.sha256(sent).hexdigest(),
        "names": ["amount", "名"],
    }
    assert (len(data) == 1) == (name == "nobody.knows")


@pytest.mark.parametrize("name", ["cn.nhsa.qrcode.get", "iot.gain.ec.qrcode"])
def test_types_that_scan(desk: Desk, name: str) -> None:
    data = desk.nation({"gainWay": "ALL", "ecQrCode": PERSONS[3].ec_code}, transType=name)["data"]
    assert (data["ecQrCode"], data["userName"]) == ("4240000000000000000300350000", "龙䶮")
    assert data["authNo"] == "3500000000000000000000000003"
    assert desk.nation({}, transType=name)["code"] == 500049


def test_the_national_envelope(desk: Desk) -> None:
    reply = desk.nation({"ecQrCode": PERSONS[3].ec_code}, "wrap:1,textcode:1")
    assert list(reply) == [
        "appId", "encType", "encData", "signType", "signData", "timestamp", "success", "code", "message", "data",
    ]  # fmt: skip
    assert (reply["code"], reply["success"], reply["data"]["userName"]) == ("0", True, "龙䶮")
    refused = desk.nation({}, "wrap:1")
    assert (refused["code"], refused["success"], refused["data"]) == (500049, False, None)
    assert refused["message"] == "电子凭证二维码无效"


# ---- wishes ----------------------------------------------------------------------------------------------------------


def test_wishes_are_read() -> None:
    assert Wish.parse("") == Wish()
    assert Wish.parse("refuse:7777,words:5,delay:20") == Wish(refuse="7777", words=5, delay=20)
    for text in ("hurry:1", "names:mine", "delay:soon"):
        with pytest.raises(ValueError):
            Wish.parse(text)
    assert Wish.__doc__ is not None
    for name in Wish.__dataclass_fields__:
        assert f"    {name}:" in Wish.__doc__, name


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 9, 2047, 2048])
def test_texts_of_a_wished_size(desk: Desk, size: int) -> None:
    assert len(filler(size).encode("gb18030")) == size
    assert len(sized(size).encode("gb18030")) == (size or 2)
    reply = desk.post(body(VERIFY, VERIFYING), f"size:{size}")
    assert sealing.unseal("AES", reply["biz_content"], SECRET) == sized(size)
    refusal = desk.post(body(VERIFY, VERIFYING), f"words:{size}")
    assert refusal == {"ret_code": "9998", "ret_msg": filler(size)}
    data = desk.nation({"ecQrCode": PERSONS[3].ec_code}, f"size:{size}")["data"]
    assert data == json.loads(sized(size))


def test_signs_that_do_not_fit(desk: Desk) -> None:
    good = desk.post(body(VERIFY, VERIFYING))
    spoiled = desk.post(body(VERIFY, VERIFYING), "spoil:1,again:1")
    assert [a != b for a, b in zip(good["sign"], spoiled["sign"], strict=True)].count(True) == 1
    unsigned = desk.post(body(VERIFY, VERIFYING), "unsigned:1,again:1")
    assert "sign" not in unsigned and unsigned["ret_code"] == "0000"


@pytest.mark.parametrize(
    ("word", "code", "message"),
    [
        ("code", "code", "message"),
        ("msg", "code", "msg"),
        ("return_code", "return_code", "return_msg"),
        ("resp_code", "resp_code", "resp_msg"),
        ("respCode", "respCode", "respMsg"),
    ],
)
def test_other_names(desk: Desk, word: str, code: str, message: str) -> None:
    """They are signed under the names they have."""
    reply = desk.post(body(VERIFY, VERIFYING, "Plain"), f"names:{word},success:200")
    assert (reply[code], reply[message]) == ("200", "操作成功")
    assert "ret_code" not in reply
    unsigned = {name: value for name, value in reply.items() if name != "sign"}
    text = "&".join(f"{name}={unsigned[name]}" for name in sorted(unsigned)) + f"key={SECRET}"
    assert reply["sign"] == hashlib.md5(text.encode()).hexdigest().upper()
    assert desk.post(body(VERIFY, {}), f"names:{word}")[code] == "9001"


def test_an_answer_under_data(desk: Desk) -> None:
    reply = desk.post(body(VERIFY, VERIFYING), "under:data")
    assert list(reply) == ["ret_code", "ret_msg", "data"]
    assert list(reply["data"]) == ["app_id", "enc_type", "sign_type", "biz_content", "sign"]
    assert json.loads(sealing.unseal("AES", reply["data"]["biz_content"], SECRET))["user_name"] == "王𬱖"


def test_content_as_an_object(desk: Desk) -> None:
    asked = body(VERIFY, VERIFYING, "Plain")
    text, reply = desk.post(asked), desk.post(asked, "objectcontent:1,again:1")
    assert reply["biz_content"]["user_name"] == "王𬱖"
    assert reply["sign"] == text["sign"]
    assert desk.post(asked, "objectcontent:1,size:3")["biz_content"] == "x"
    assert isinstance(desk.post(body(VERIFY, VERIFYING), "objectcontent:1,again:1")["biz_content"], str)


def test_charsets_and_labels(desk: Desk) -> None:
    asked = body(VERIFY, VERIFYING, "Plain")
    reply = answer(GATEWAY, asked, Wish.parse("gbkbody:1"), desk.state)
    assert reply.content_type == "application/json; charset=UTF-8"
    assert "王𬱖" in reply.body.decode("gb18030")
    reply = answer(GATEWAY, asked, Wish.parse("label:gbk,again:1"), desk.state)
    assert reply.content_type == "application/json; charset=gbk"
    assert "王𬱖" in reply.body.decode("utf-8")


def test_huge_answers(desk: Desk) -> None:
    reply = answer(GATEWAY, body(VERIFY, VERIFYING), Wish.parse("huge:1"), desk.state)
    assert len(reply.body) == 9_437_184
    assert json.loads(reply.body)["ret_code"] == "0000"
    assert len(reply.call.answer) < 10_000
