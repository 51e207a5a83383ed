"""Both platforms of the simulator: every method, code and directive; literals where mistakes could cancel out."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from shim.simulator import cards, sealing
from shim.simulator.directives import Directives, filler_json, filler_text
from shim.simulator.persons import (
    APP_ID,
    LIMITED_APP_ID,
    LIMITED_SECRET,
    NOTABLE,
    ORG_ID,
    PERSONS,
    SECRET,
)
from shim.simulator.platforms import GATEWAY, QR_QUERY, TOKEN_CHECK, answer_request
from shim.simulator.store.accounts import Account
from shim.simulator.store.terminals import RegisteredTerminal
from shim.spec import METHODS, VC_CODES
from tests.support.paths import vectors
from tests.support.platforms import (
    ASKED_OF_INSURANCE,
    ASKING,
    AUTH_QUERY,
    AUTH_URL,
    CLOSE,
    INFO,
    LINK,
    MORE,
    NEWCOMER,
    PUSH,
    REGISTER,
    VERIFY,
    VERIFYING,
    OfflinePlatforms,
    body,
    dump,
)

WIRE = {row["id"]: row for row in vectors("wire")}


@pytest.fixture
def platforms() -> OfflinePlatforms:
    return OfflinePlatforms()


# ---- sealing, against what was computed elsewhere --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "enc_type"), [("Y1-aes-cbc-direct", "AES"), ("Y3-des-cbc-direct", "DES"), ("Y8-sm4-ecb-direct16", "SM4")]
)
def test_ciphers_are_those_of_the_vectors(row: str, enc_type: str) -> None:
    vector = WIRE[row]
    assert sealing.encrypt_content(enc_type, vector["plaintext"], vector["secret"]) == vector["ciphertext"]
    assert sealing.decrypt_content(enc_type, vector["ciphertext"], vector["secret"]) == vector["plaintext"]


def test_a_plus_sign_may_arrive_as_a_blank() -> None:
    vector = WIRE["Y3-des-cbc-direct"]
    assert "+" in vector["ciphertext"]
    assert (
        sealing.decrypt_content("DES", vector["ciphertext"].replace("+", " "), vector["secret"]) == vector["plaintext"]
    )


# The code for each vector. 2002: sign and cipher are right, and the code belongs to no person.
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


def replayed(platforms: OfflinePlatforms, row: dict[str, Any]) -> bytes:
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
    # N1 has another account, terminal and version, and `digest` for sign: all but the sign is adapted.
    content = sealing.encrypt_content("SM4", '{"a":"1"}', "0123456789ABCDEF")
    platforms.state.accounts.add(Account("TESTAPP", "0123456789ABCDEF"))
    platforms.state.terminals.add(RegisteredTerminal("T1"))
    fields = {**common, "app_id": "TESTAPP", "term_id": "T1", "timestamp": "1557236049417", "digest_type": "SM3"}
    return dump(
        {**fields, "sign_type": "SM3", "enc_type": "SM4", "biz_content": content, "sign": row["expected"]}
    ).encode()


@pytest.mark.parametrize("name", VERDICTS)
def test_every_vector_is_replayed(platforms: OfflinePlatforms, name: str) -> None:
    """Accepted if it is of the platform's dialect, refused with the right code if it is not.

    Required fields may be missing: the vectors' content has few.
    """
    assert platforms.post(replayed(platforms, WIRE[name]), "lax:1")["ret_code"] == VERDICTS[name]


def test_the_vectors_are_these() -> None:
    assert set(VERDICTS) == set(WIRE)
    assert len(WIRE) == 15


def test_fields_that_a_vector_lacks_are_required(platforms: OfflinePlatforms) -> None:
    assert platforms.post(replayed(platforms, WIRE["G1-md5-key-utf8"]))["ret_code"] == "9001"


@pytest.mark.parametrize("row", [name for name in WIRE if name.startswith("Y")])
def test_only_the_default_ciphers_open(platforms: OfflinePlatforms, row: str) -> None:
    """Each ciphertext under each enc_type: the right one decrypts, every other one is refused."""
    matching = {"Y1-aes-cbc-direct": "AES", "Y3-des-cbc-direct": "DES", "Y8-sm4-ecb-direct16": "SM4"}.get(row)
    for enc_type in ("AES", "DES", "SM4"):
        request = json.loads(body(VERIFY, {}, enc_type))
        request["biz_content"] = WIRE[row]["ciphertext"]
        assert platforms.post(dump(request).encode())["ret_code"] == ("9003" if matching == enc_type else "9007")


def test_hex_in_lower_case_is_refused(platforms: OfflinePlatforms) -> None:
    request = json.loads(body(VERIFY, VERIFYING))
    assert (
        platforms.post(dump(request | {"biz_content": request["biz_content"].lower()}).encode())["ret_code"] == "9007"
    )
    assert platforms.post(dump(request | {"sign": request["sign"].lower()}).encode())["ret_code"] == "9003"


@pytest.mark.parametrize("enc_type", ["", "Plain", "AES", "DES", "SM4"])
@pytest.mark.parametrize(("sign_type", "digest"), [("", "md5"), ("MD5", "md5"), ("SM3", "sm3"), ("SHA256", "sha256")])
def test_answers_are_sealed_as_requests(
    platforms: OfflinePlatforms, enc_type: str, sign_type: str, digest: str
) -> None:
    """The base string is written out here once more: sorted, joined, key= without an ampersand, upper hex."""
    reply = platforms.post(body(VERIFY, VERIFYING, enc_type, sign_type=sign_type))
    plain = sealing.decrypt_content(enc_type, reply["biz_content"], SECRET)
    assert json.loads(plain)["user_name"] == "王𬱖"
    fields = [f"app_id={APP_ID}", f"biz_content={plain}"]
    fields += [f"enc_type={enc_type}"] if enc_type else []
    fields += ["ret_code=0000", "ret_msg=操作成功"] + ([f"sign_type={sign_type}"] if sign_type else [])
    text = "&".join(fields) + "key=1TESTSEC0000000000000000TESTSEC0"
    assert reply["sign"] == hashlib.new(digest, text.encode()).hexdigest().upper()
    assert (reply["biz_content"] == plain) == (enc_type in ("", "Plain"))


# ---- the eight methods -----------------------------------------------------------------------------------------------


def register(platforms: OfflinePlatforms, **more: Any) -> dict[str, Any]:
    return platforms.done(REGISTER, {**NEWCOMER, **more}, "again:1")


def test_the_whole_flow(platforms: OfflinePlatforms) -> None:
    """Register, verify, authorise, consent, close."""
    made = register(platforms)
    shown = platforms.done(VERIFY, {**VERIFYING, "ehealth_code": made["ehealth_code"]})
    assert (shown["user_name"], shown["id_no"]) == ("㛃敏𬱖", "990000199912310013")
    url = platforms.done(AUTH_URL, ASKING)["ehealth_authurl"]
    assert url == "http://platforms/auth/name0"
    asked = platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["user_name"], asked["id_no"]) == ("ing", "", "")
    assert platforms.state.authorisations.consent(url, made["ehealth_card_id"])
    asked = platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["user_name"], asked["id_no"]) == ("succ", "㛃敏𬱖", "990000199912310013")
    closed = platforms.done(
        CLOSE, {"ehealth_card_id": made["ehealth_card_id"], "out_close_no": "C1", "out_close_time": "20261121000058"}
    )
    assert closed == {"mindex_id": made["mindex_id"], "ehealth_card_id": made["ehealth_card_id"]}
    assert platforms.code(VERIFY, {**VERIFYING, "ehealth_code": made["ehealth_code"], "out_verify_no": "V2"}) == "3001"


def test_every_field_of_the_response_tables(platforms: OfflinePlatforms) -> None:
    """With all fields sent, all fields are answered, except those that only an insurance code has (VC 4.2.2)."""
    made = register(platforms, **MORE)
    card_id = made["ehealth_card_id"]
    alter = {"ehealth_card_id": card_id, "out.Alter_no": "N1", "out.Alter_time": "20261121000058"}
    url = platforms.done(AUTH_URL, ASKING)["ehealth_authurl"]
    platforms.state.authorisations.consent(url, card_id)
    answers = {
        REGISTER: made,
        VERIFY: platforms.done(VERIFY, {**VERIFYING, "ehealth_code": made["ehealth_code"]}),
        LINK: platforms.done(LINK, {**alter, "to_card_type": "01", "to_card_no": "D9"}),
        INFO: platforms.done(INFO, {**alter, "mobile_phone": "19911112222"}),
        AUTH_URL: {"ehealth_authurl": url},
        AUTH_QUERY: platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"}),
        PUSH: platforms.done(
            PUSH, {"ehealth_card_id": card_id, "out_close_no": "P1", "out_close_time": "20261121000058"}
        ),
        CLOSE: platforms.done(
            CLOSE, {"ehealth_card_id": card_id, "out_close_no": "C1", "out_close_time": "20261121000058"}
        ),
    }
    of_insurance = {"ecToken", "insuOrg", "EcQrCode"}
    for name, shown in answers.items():
        assert set(shown) == {field.name for field in METHODS[name].response} - of_insurance, name
        for field in METHODS[name].response:
            value = shown.get(field.name, "")
            assert field.length is None or len(value) <= field.length, field
    assert made["card_list"] == MORE["card_list"]
    assert (made["card_type"], made["card_no"]) == ("02", "H1")
    assert made["pub_qrcode"] == "http://platforms/follow"
    assert answers[VERIFY]["address"] == "龙䶮路 1 号"


def test_required_fields_are_enough(platforms: OfflinePlatforms) -> None:
    """With only required fields sent, every required field is answered and no empty optional one."""
    made = register(platforms)
    assert set(made) == {
        "ehealth_card_id", "ehealth_code", "mindex_id", "xman_id", "id_type", "id_no", "user_name",
    }  # fmt: skip
    shown = platforms.done(VERIFY, {**VERIFYING, "ehealth_code": made["ehealth_code"]})
    assert set(shown) == {
        "mindex_id", "ehealth_card_id", "xman_id", "smk_id", "id_type", "id_no", "user_name", "user_sex",
        "mobile_phone",
    }  # fmt: skip
    platforms.done(AUTH_URL, ASKING)
    asked = platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert set(asked) == {field.name for field in METHODS[AUTH_QUERY].response if field.required}


def test_the_methods_are_those_of_the_specification() -> None:
    assert set(cards.METHOD_HANDLERS) == {name for name, method in METHODS.items() if method.clause.startswith("VC ")}


def test_known_people_stay_who_they_are(platforms: OfflinePlatforms) -> None:
    """The same document gives the same code; new cards are added, another name is refused."""
    first = register(platforms)
    assert (
        register(platforms, card_list='[{"card_type":"01","card_no":"D9"}]')["ehealth_card_id"]
        == first["ehealth_card_id"]
    )
    assert register(platforms)["card_list"] == [{"card_type": "01", "card_no": "D9"}]
    refused = platforms.ask(REGISTER, {**NEWCOMER, "user_name": "别人", "out_trade_no": "T2"})
    assert refused == {"ret_code": "9001", "ret_msg": "请求参数有误：姓名与该证件已注册的姓名不符"}
    seed = register(platforms, id_no=PERSONS[3].id_no, user_name="龙䶮")
    assert seed["ehealth_code"] == PERSONS[3].ehealth_code
    assert (seed["card_type"], seed["card_no"]) == ("01", "D000003")


def test_a_static_code_has_its_literal_form(platforms: OfflinePlatforms) -> None:
    made = register(platforms)
    number = hashlib.sha256(b"01 990000199912310013").hexdigest().upper()[:48]
    assert made["ehealth_code"] == f"{number}:1:::35020010001"
    assert made["mindex_id"] == number[::-1]
    for empty in ("", None):
        assert register(platforms, time_expire=empty)["ehealth_code"] == made["ehealth_code"]


def test_dynamic_codes_expire(platforms: OfflinePlatforms) -> None:
    """time_expire is in seconds; 2001 once it has passed. The token is bound to its ID."""
    code = register(platforms, time_expire="60")["ehealth_code"]
    parts = code.split(":")
    assert (len(parts), parts[1], parts[3:]) == (5, "0", ["", "35020010001"])
    assert len(parts[2]) == 32
    platforms.clock.now += 59
    assert platforms.done(VERIFY, {**VERIFYING, "ehealth_code": code})["user_name"] == "㛃敏𬱖"
    platforms.clock.now += 1
    assert platforms.code(VERIFY, {**VERIFYING, "ehealth_code": code, "out_verify_no": "V2"}) == "2001"
    for other in (
        code.replace(parts[0], PERSONS[2].code_id),
        code.replace(parts[2], parts[2][::-1]),
        code.replace(parts[2], ""),
        code.replace(parts[2], "汉"),
    ):
        assert platforms.code(VERIFY, {**VERIFYING, "ehealth_code": other, "out_verify_no": "V2"}) == "2002"
    assert len(code) <= 128


def test_cards_are_bound_and_replaced(platforms: OfflinePlatforms) -> None:
    card_id = register(platforms, **MORE)["ehealth_card_id"]
    alter = {"ehealth_card_id": card_id, "out.Alter_no": "N1", "out.Alter_time": "20261121000058"}
    platforms.done(LINK, {**alter, "to_card_type": "01", "to_card_no": "D9"})
    old = {"from_card_type": "02", "from_card_no": "H1"}
    platforms.done(LINK, {**alter, **old, "out.Alter_no": "N2", "to_card_type": "03", "to_card_no": "T1"})
    alter["out.Alter_no"] = "N3"
    assert register(platforms)["card_list"] == [
        {"card_type": "03", "card_no": "T1"},
        {"card_type": "05", "card_no": "H2"},
        {"card_type": "01", "card_no": "D9"},
    ]
    assert platforms.code(LINK, {**alter, **old, "to_card_type": "03", "to_card_no": "T2"}) == "3001"
    assert platforms.code(LINK, {**alter, "from_card_type": "02", "to_card_type": "03", "to_card_no": "T2"}) == "9001"


def test_answers_spell_the_serial_number_as_the_request_does(platforms: OfflinePlatforms) -> None:
    card_id = register(platforms)["ehealth_card_id"]
    for name, number in (("out.Alter_no", "N7"), ("out_alter_no", "N8")):
        shown = platforms.done(
            INFO, {"ehealth_card_id": card_id, name: number, "out_alter_time": "20261121000058", "user_sex": "1"}
        )
        assert set(shown) == {"ehealth_card_id", "mindex_id", name, "alter_no"}
        assert shown[name] == number
    repeated = {"ehealth_card_id": card_id, "out.Alter_no": "N8", "out.Alter_time": "20261121000058", "user_sex": "1"}
    assert platforms.code(INFO, repeated) == "3002"
    code = register(platforms)["ehealth_code"]
    assert platforms.done(VERIFY, {**VERIFYING, "ehealth_code": code})["user_sex"] == "1"


def test_closed_people_may_register_again(platforms: OfflinePlatforms) -> None:
    made = register(platforms, **MORE)
    closing = {"ehealth_card_id": made["ehealth_card_id"], "out_close_no": "C1", "out_close_time": "20261121000058"}
    platforms.done(CLOSE, closing)
    closing["out_close_no"] = "C2"
    for method, more in (
        (CLOSE, {}),
        (PUSH, {}),
        (INFO, {"out.Alter_no": "1", "out.Alter_time": "20261121000058"}),
        (LINK, {"out.Alter_no": "1", "out.Alter_time": "20261121000058", "to_card_type": "01", "to_card_no": "1"}),
    ):
        assert platforms.code(method, {**closing, **more}) == "3001"
    again = register(platforms)
    assert again["ehealth_code"] == made["ehealth_code"]
    assert "card_list" not in again


@pytest.mark.parametrize("status", ["cancel", "fail"])
def test_a_patient_may_decline(platforms: OfflinePlatforms, status: str) -> None:
    url = platforms.done(AUTH_URL, ASKING)["ehealth_authurl"]
    assert platforms.state.authorisations.decline(url, status)
    assert not platforms.state.authorisations.consent(url, PERSONS[2].code_id)
    asked = platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["id_no"]) == (status, "")


def test_authorisations_last_a_minute(platforms: OfflinePlatforms) -> None:
    """VC 2.2: after 60 seconds it has failed, and consent is too late. An earlier decision stays."""
    url = platforms.done(AUTH_URL, ASKING)["ehealth_authurl"]
    platforms.clock.now += 59.9
    assert platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})["auth_status"] == "ing"
    platforms.clock.now += 0.1
    assert not platforms.state.authorisations.consent(url, PERSONS[2].code_id)
    assert not platforms.state.authorisations.decline(url)
    assert platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})["auth_status"] == "fail"
    url = platforms.done(AUTH_URL, ASKING, "again:1")["ehealth_authurl"]
    assert not platforms.state.authorisations.consent(url, "unknown")
    assert platforms.state.authorisations.consent(url, PERSONS[2].code_id)
    platforms.clock.now += 3600
    assert platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})["auth_status"] == "succ"


def test_an_authorisation_with_automatic_consent(platforms: OfflinePlatforms) -> None:
    """``agree``: the first notable person consents after that time, unless the authorisation expires first."""
    platforms.done(AUTH_URL, ASKING, "agree:1500")
    asked = platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["user_name"]) == ("ing", "")
    platforms.clock.now += 1.5
    asked = platforms.done(AUTH_QUERY, {"out_authorize_no": "A1"})
    assert (asked["auth_status"], asked["user_name"], asked["id_no"]) == ("succ", "林晓雯", "990101198805120024")
    platforms.done(AUTH_URL, {**ASKING, "out_authorize_no": "A2"}, "agree:0")
    assert platforms.done(AUTH_QUERY, {"out_authorize_no": "A2"})["auth_status"] == "succ"
    platforms.done(AUTH_URL, {**ASKING, "out_authorize_no": "A3"}, "agree:60000")
    platforms.clock.now += 60
    assert platforms.done(AUTH_QUERY, {"out_authorize_no": "A3"})["auth_status"] == "fail"


def test_states_do_not_share(platforms: OfflinePlatforms) -> None:
    other = OfflinePlatforms()
    register(platforms)
    code = f"{platforms.state.holders.by_document('01', NEWCOMER['id_no']).code_id}:1:::"  # type: ignore[union-attr]
    assert platforms.code(VERIFY, {**VERIFYING, "ehealth_code": code}) == "0000"
    assert other.code(VERIFY, {**VERIFYING, "ehealth_code": code}) == "2002"


# ---- every code of VC appendix 1 -------------------------------------------------------------------------------------

# Codes for wrong requests: what is changed in a correct verify.
FROM_WRONG_REQUESTS: dict[str, list[dict[str, Any]]] = {
    "1001": [{"app_id": ""}, {"app_id": None}],
    "1002": [{"term_id": ""}],
    "1003": [{"version": ""}, {"version": "X.M.0.2"}],
    "1004": [{"method": ""}],
    "1005": [{"method": "ehealthcode.verify"}, {"method": "ec.query"}, {"method": "all"}],
    "1006": [{"enc_type": "ROT13"}, {"enc_type": "MD5"}],
    "1007": [{"sign_type": "CRC32"}],
    "1008": [{"app_id": "UNKNOWN"}],
    "1009": [{"term_id": "UNKNOWN"}],
    "9001": [{"key": SECRET}, {"app_id": 1}, {"enc_type": ["AES"]}],
    "9003": [{"secret": "1TESTSEC0000000000000000TESTSEC1"}],
    "9007": [{"secret": "WRONGKEY000000000000000000000000"}],
}


@pytest.mark.parametrize(
    ("code", "change"), [(code, change) for code, rows in FROM_WRONG_REQUESTS.items() for change in rows]
)
def test_wrong_envelopes(platforms: OfflinePlatforms, code: str, change: dict[str, Any]) -> None:
    arguments = {"method": VERIFY, "content": VERIFYING, **change}
    if "enc_type" in arguments and not isinstance(arguments["enc_type"], str):
        request = json.loads(body(VERIFY, VERIFYING)) | {"enc_type": arguments["enc_type"]}
        assert platforms.post(dump(request).encode())["ret_code"] == code
        return
    assert platforms.post(body(**arguments))["ret_code"] == code


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
        ("3001", PUSH, {"ehealth_card_id": "0", "out_close_no": "1", "out_close_time": "20261121000058"}),
        ("3001", CLOSE, {"ehealth_card_id": "0", "out_close_no": "1", "out_close_time": "20261121000058"}),
        ("3001", AUTH_QUERY, {"out_authorize_no": "never asked"}),
    ],
)
def test_verdicts_on_the_content(platforms: OfflinePlatforms, code: str, method: str, content: dict[str, Any]) -> None:
    base = {VERIFY: VERIFYING, REGISTER: NEWCOMER}.get(method, {})
    assert platforms.code(method, {**base, **content}) == code


def test_an_account_without_permission(platforms: OfflinePlatforms) -> None:
    limited = {"app_id": LIMITED_APP_ID, "secret": LIMITED_SECRET}
    assert platforms.post(body(VERIFY, VERIFYING, **limited))["ret_code"] == "0000"
    assert platforms.post(body(AUTH_URL, ASKING, **limited)) == {
        "ret_code": "1010",
        "ret_msg": "应用无该接口权限：app_id = 1TESTAPP0000000000000000LIMITED0 不能调用 ehc.ehealthcard.authurl，"
        "只能调用 ehc.ehealthcode.verify",
    }


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"[1]", b"\xff\xfe", "王".encode("gbk"), b"[" * 100_000, b'{"app_id":"\\ud800"}'],
)
def test_bodies_that_are_no_request(platforms: OfflinePlatforms, data: bytes) -> None:
    assert platforms.post(data)["ret_code"] == "9008"
    assert platforms.post(data, path=QR_QUERY)["code"] == -2
    assert platforms.post(data, path=TOKEN_CHECK)["code"] == -2


@pytest.mark.parametrize("content", [{"ehealth_code": "x"}, None, 5])
def test_biz_content_must_be_a_string(platforms: OfflinePlatforms, content: Any) -> None:
    request = json.loads(body(VERIFY, VERIFYING, "")) | {"biz_content": content}
    assert platforms.post(dump(request).encode()) == {
        "ret_code": "9008",
        "ret_msg": "报文读取错误：biz_content 应为字符串",
    }


@pytest.mark.parametrize("content", ["", "[]", '"x"', "{", '{"ehealth_code":"\\ud800"}'])
def test_biz_content_must_hold_an_object(platforms: OfflinePlatforms, content: str) -> None:
    assert platforms.post(body(VERIFY, content, ""))["ret_code"] == "9008"


@pytest.mark.parametrize("place", range(32))
def test_every_character_of_the_sign_counts(platforms: OfflinePlatforms, place: int) -> None:
    request = json.loads(body(VERIFY, VERIFYING))
    sign = request["sign"]
    request["sign"] = sign[:place] + ("0" if sign[place] != "0" else "1") + sign[place + 1 :]
    assert platforms.post(dump(request).encode()) == {"ret_code": "9003", "ret_msg": "验签失败"}


def test_every_field_is_signed(platforms: OfflinePlatforms) -> None:
    request = json.loads(body(VERIFY, VERIFYING))
    assert platforms.post(dump(request | {"extra": "", "nothing": None}).encode())["ret_code"] == "0000"
    for change in ({"timestamp": "20261121000059"}, {"extra": "x"}, {"timestamp": ""}, {"sign": None}):
        assert platforms.post(dump(request | change).encode())["ret_code"] == "9003"


def test_serial_numbers_are_unique(platforms: OfflinePlatforms) -> None:
    """Per account and method; the number of a refused request is free again; `again` accepts used ones."""
    closing = {"ehealth_card_id": PERSONS[5].code_id, "out_close_no": "V1", "out_close_time": "20261121000058"}
    bad = {**VERIFYING, "ehealth_code": "garbage"}
    assert [platforms.code(VERIFY, bad) for _ in range(2)] == ["2002", "2002"]
    assert [platforms.code(VERIFY, VERIFYING) for _ in range(2)] == ["0000", "3002"]
    assert platforms.ask(VERIFY, VERIFYING) == {"ret_code": "3002", "ret_msg": "流水号重复"}
    assert [platforms.code(VERIFY, VERIFYING, "again:1") for _ in range(2)] == ["0000", "0000"]
    assert platforms.code(VERIFY, {**VERIFYING, "out_verify_no": "V2"}, "again:1") == "0000"
    assert platforms.code(VERIFY, {**VERIFYING, "out_verify_no": "V2"}) == "3002"
    assert platforms.code(CLOSE, closing) == "0000"
    limited = body(VERIFY, VERIFYING, app_id=LIMITED_APP_ID, secret=LIMITED_SECRET)
    assert platforms.post(limited)["ret_code"] == "0000"
    url = platforms.done(AUTH_URL, ASKING)
    assert url and [platforms.code(AUTH_QUERY, ASKING) for _ in range(2)] == ["0000", "0000"]


def test_accounts_and_terminals_are_those_of_the_state(platforms: OfflinePlatforms) -> None:
    """A new account can be used at once, for its methods and no others."""
    theirs = {"app_id": "HIS2", "secret": "2TESTSEC0000000000000000TESTSEC0", "term_id": "KIOSK2"}
    asked = body(VERIFY, VERIFYING, "Plain", **theirs)
    assert platforms.post(asked) == {
        "ret_code": "1008",
        "ret_msg": "应用不存在：app_id = HIS2，可用 1TESTAPP0000000000000000TESTAPP0、1TESTAPP0000000000000000LIMITED0",
    }
    platforms.state.accounts.add(Account("HIS2", theirs["secret"], "第二家医院", frozenset({VERIFY, AUTH_QUERY})))
    assert platforms.post(asked) == {"ret_code": "1009", "ret_msg": "终端不存在：term_id = KIOSK2，可用 35020010001"}
    platforms.state.terminals.add(RegisteredTerminal("KIOSK2", "自助机"))
    assert platforms.post(asked)["ret_code"] == "0000"
    assert platforms.post(body(AUTH_URL, ASKING, "Plain", **theirs))["ret_code"] == "1010"


def test_the_log_has_the_content_of_answers(platforms: OfflinePlatforms) -> None:
    """The record of a call has the decrypted content of the answer, and none after a refusal."""
    call = answer_request(GATEWAY, body(VERIFY, VERIFYING), Directives(), platforms.state).call
    assert json.loads(call.request_content) == VERIFYING
    assert (call.code, json.loads(call.answer_content)["user_name"]) == ("0000", "王𬱖")
    call = answer_request(GATEWAY, body(VERIFY, VERIFYING), Directives(), platforms.state).call
    assert (call.code, call.answer_content) == ("3002", "")
    data = {**ASKED_OF_INSURANCE, "ecQrCode": PERSONS[3].ec_code}
    request = {"orgId": ORG_ID, "transType": "ec.query", "data": data}
    call = answer_request(QR_QUERY, dump(request).encode(), Directives(), platforms.state).call
    assert (call.code, json.loads(call.answer_content)["userName"]) == ("0", "龙䶮")
    call = answer_request(QR_QUERY, dump(request).encode(), Directives(), platforms.state).call
    assert (call.code, call.answer_content) == ("500049", "")


# The rest of appendix 1 concerns the caller's side or the platform itself: by directive, with the document's text.
BY_DIRECTIVE = {
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


@pytest.mark.parametrize("code", BY_DIRECTIVE)
def test_codes_by_directive(platforms: OfflinePlatforms, code: str) -> None:
    assert platforms.ask(VERIFY, VERIFYING, f"refuse:{code}") == {"ret_code": code, "ret_msg": BY_DIRECTIVE[code]}


def test_no_code_is_left_out() -> None:
    """All 38 rows are in the tests above."""
    elsewhere = {"0000", "1010", "2001", "2002", "2003", "2004", "3001", "3002", "9008"}
    assert set(VC_CODES) == elsewhere | set(FROM_WRONG_REQUESTS) | set(BY_DIRECTIVE)


# ---- the insurance platform ------------------------------------------------------------------------------------------


def test_query_by_code(platforms: OfflinePlatforms) -> None:
    reply = platforms.nation({"orgId": ORG_ID, "businessType": "01101", "ecQrCode": "4240000000000000000300350000"})
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
    package = platforms.nation({"ecQrCode": "opc0000000000000000400350000"})
    assert package["data"]["userName"] == "㛃敏"
    assert package["data"]["ecQrCode"] == "opc0000000000000000400350000"
    assert platforms.nation({"ecQrCode": "4240000000000000000400350000"})["code"] == 500049  # the same code, and used


# For a person with each kind of document: the number of the kind in EC C.2.
DOCUMENTS = {
    1001: "01", 1012: "07", 1013: "08", 1015: "16", 1017: "01", 1019: "02", 1020: "99", 1021: "04", 1022: "06",
    1023: "17", 1024: "17", 1025: "99",
}  # fmt: skip


@pytest.mark.parametrize("number", DOCUMENTS)
def test_documents_have_the_numbers_of_the_insurance(platforms: OfflinePlatforms, number: int) -> None:
    """A query returns them, and the token check compares them."""
    person = next(one for one in NOTABLE if one.number == number)
    data = platforms.nation({"ecQrCode": person.ec_code})["data"]
    assert (data["idType"], data["idNo"], data["userName"]) == (DOCUMENTS[number], person.id_no, person.user_name)
    fields = {
        "ecToken": data["ecToken"],
        "idType": DOCUMENTS[number],
        "idNo": person.id_no,
        "userName": person.user_name,
    }
    assert platforms.token(fields)["data"] == {"flag": "1"}
    assert platforms.token({**fields, "idType": "03"})["data"] == {"flag": "0"}


def test_birthdays_of_the_insurance(platforms: OfflinePlatforms) -> None:
    """With full stops, in whatever form they were registered; empty if there is none."""
    code_id = register(platforms, birthday="1999-12-31")["ehealth_card_id"]
    asked = [platforms.state.insurance_codes.issue(code_id).code, NOTABLE[0].ec_code, NOTABLE[24].ec_code]
    shown = [platforms.nation({"ecQrCode": code})["data"] for code in asked]
    assert [data["birthday"] for data in shown] == ["1999.12.31", "1988.05.12", ""]
    assert [data["ecToken"] for data in shown] == [
        "350000ec000000000000000000000001000001",
        "350000ec000000000000000000000000001001",
        "350000ec000000000000000000000000001025",
    ]


@pytest.mark.parametrize(
    ("code", "message", "request_"),
    [
        (-2, "请求参数异常：缺少必填字段 data（接口请求参数，EC B.1）", {"data": None}),
        (-2, "请求参数异常：data（接口请求参数，EC B.1）应为 JSON 对象", {"data": "text"}),
        (-2, "请求参数异常：缺少必填字段 transType（交易类型，EC B.1）", {"transType": ""}),
        (500098, "缺少 orgId 入参：没有 orgId（EC B.1）", {"orgId": None}),
        (500098, "缺少 orgId 入参：data 中没有 orgId（EC B.3）", {"data": {}}),
        (500049, "电子凭证二维码无效", {}),
        (500049, "电子凭证二维码无效", {"data": ASKED_OF_INSURANCE | {"ecQrCode": "4249999999999999999900350000"}}),
    ],
)
def test_insurance_refusals(platforms: OfflinePlatforms, code: int, message: str, request_: dict[str, Any]) -> None:
    request = {"orgId": ORG_ID, "transType": "ec.query", "data": ASKED_OF_INSURANCE, **request_}
    reply = platforms.post(dump(request).encode(), path=QR_QUERY)
    assert reply == {"code": code, "message": message, "orgId": request["orgId"] or "", "success": False}


def test_insurance_codes_are_good_once(platforms: OfflinePlatforms) -> None:
    data = {"ecQrCode": PERSONS[4].ec_code}
    assert [platforms.nation(data)["code"] for _ in range(2)] == [0, 500049]
    assert [platforms.nation(data, "again:1")["code"] for _ in range(2)] == [0, 0]


def test_insurance_codes_run_out(platforms: OfflinePlatforms) -> None:
    """A new code is valid for a minute; after that 500005, with `again` as well."""
    asked = {"ecQrCode": platforms.state.insurance_codes.issue(PERSONS[4].code_id).code}
    platforms.clock.now += 59.9
    assert platforms.nation(asked)["data"]["userName"] == "㛃敏"
    platforms.clock.now += 0.1
    for sim in ("", "again:1"):
        refused = platforms.nation(asked, sim)
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
def test_people_whom_the_insurance_refuses(platforms: OfflinePlatforms, number: int, code: int, message: str) -> None:
    """The refusal does not use their codes up."""
    person = next(one for one in NOTABLE if one.number == number)
    for _ in range(2):
        refused = platforms.nation({"ecQrCode": person.ec_code})
        assert (refused["code"], refused["message"]) == (code, message)
    assert platforms.state.insurance_codes.use(person.ec_code)


def test_tokens_are_checked(platforms: OfflinePlatforms) -> None:
    """Flag 1 only after a query, for that person, for half an hour (EC C.3, 2.10)."""
    fields = {
        "ecToken": "350000ec000000000000000000000000000003",
        "idType": "01",
        "idNo": "990000195304040039",
        "userName": "龙䶮",
    }
    assert platforms.token(fields) == {
        "code": 0,
        "data": {"flag": "0"},
        "message": "成功",
        "orgId": "",
        "type": "success",
    }
    platforms.nation({"ecQrCode": PERSONS[3].ec_code})
    assert platforms.token(fields)["data"] == {"flag": "1"}
    assert platforms.token({"orgId": ORG_ID, "data": fields})["data"] == {"flag": "1"}
    for change in ({"userName": "别人"}, {"idNo": "0"}, {"idType": "07"}, {"ecToken": "x"}):
        assert platforms.token({**fields, **change})["data"] == {"flag": "0"}
    platforms.clock.now += 1800
    assert platforms.token(fields)["data"] == {"flag": "0"}
    assert platforms.token({**fields, "ecToken": ""})["code"] == -2
    assert platforms.token(fields, "refuse:500067")["message"] == "无效 token"


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
    "unknown.type",
]


@pytest.mark.parametrize("name", PASSED)
def test_other_types_pass(platforms: OfflinePlatforms, name: str) -> None:
    """The echo shows that the request arrived unchanged; for three types data is text."""
    request = {"transType": name, "data": {"amount": 12.5, "名": "龙䶮"}, "extra": None}
    sent = dump(request).encode()
    reply = platforms.post(sent, path=QR_QUERY)
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
    assert (len(data) == 1) == (name == "unknown.type")


@pytest.mark.parametrize("name", ["cn.nhsa.qrcode.get", "iot.gain.ec.qrcode"])
def test_types_that_scan(platforms: OfflinePlatforms, name: str) -> None:
    data = platforms.nation({"gainWay": "ALL", "ecQrCode": PERSONS[3].ec_code}, transType=name)["data"]
    assert (data["ecQrCode"], data["userName"]) == ("4240000000000000000300350000", "龙䶮")
    assert data["authNo"] == "3500000000000000000000000003"
    assert platforms.nation({}, transType=name)["code"] == 500049


def test_the_national_envelope(platforms: OfflinePlatforms) -> None:
    reply = platforms.nation({"ecQrCode": PERSONS[3].ec_code}, "wrap:1,textcode:1")
    assert list(reply) == [
        "appId", "encType", "encData", "signType", "signData", "timestamp", "success", "code", "message", "data",
    ]  # fmt: skip
    assert (reply["code"], reply["success"], reply["data"]["userName"]) == ("0", True, "龙䶮")
    refused = platforms.nation({}, "wrap:1")
    assert (refused["code"], refused["success"], refused["data"]) == (500049, False, None)
    assert refused["message"] == "电子凭证二维码无效"


# ---- directives ------------------------------------------------------------------------------------------------------


def test_directives_are_parsed() -> None:
    assert Directives.parse("") == Directives()
    assert Directives.parse("refuse:7777,words:5,delay:20") == Directives(refuse="7777", words=5, delay=20)
    for text in ("hurry:1", "names:mine", "delay:soon"):
        with pytest.raises(ValueError):
            Directives.parse(text)
    assert Directives.__doc__ is not None
    for name in Directives.__dataclass_fields__:
        assert f"    {name}:" in Directives.__doc__, name


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 9, 2047, 2048])
def test_texts_of_a_given_size(platforms: OfflinePlatforms, size: int) -> None:
    assert len(filler_text(size).encode("gb18030")) == size
    assert len(filler_json(size).encode("gb18030")) == (size or 2)
    reply = platforms.post(body(VERIFY, VERIFYING), f"size:{size}")
    assert sealing.decrypt_content("AES", reply["biz_content"], SECRET) == filler_json(size)
    refusal = platforms.post(body(VERIFY, VERIFYING), f"words:{size}")
    assert refusal == {"ret_code": "9998", "ret_msg": filler_text(size)}
    data = platforms.nation({"ecQrCode": PERSONS[3].ec_code}, f"size:{size}")["data"]
    assert data == json.loads(filler_json(size))


def test_signs_that_do_not_fit(platforms: OfflinePlatforms) -> None:
    good = platforms.post(body(VERIFY, VERIFYING))
    spoiled = platforms.post(body(VERIFY, VERIFYING), "spoil:1,again:1")
    assert [a != b for a, b in zip(good["sign"], spoiled["sign"], strict=True)].count(True) == 1
    unsigned = platforms.post(body(VERIFY, VERIFYING), "unsigned:1,again:1")
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
def test_other_names(platforms: OfflinePlatforms, word: str, code: str, message: str) -> None:
    """The sign covers the names that are sent."""
    reply = platforms.post(body(VERIFY, VERIFYING, "Plain"), f"names:{word},success:200")
    assert (reply[code], reply[message]) == ("200", "操作成功")
    assert "ret_code" not in reply
    unsigned = {name: value for name, value in reply.items() if name != "sign"}
    text = "&".join(f"{name}={unsigned[name]}" for name in sorted(unsigned)) + f"key={SECRET}"
    assert reply["sign"] == hashlib.md5(text.encode()).hexdigest().upper()
    assert platforms.post(body(VERIFY, {}), f"names:{word}")[code] == "9001"


def test_an_answer_under_data(platforms: OfflinePlatforms) -> None:
    reply = platforms.post(body(VERIFY, VERIFYING), "under:data")
    assert list(reply) == ["ret_code", "ret_msg", "data"]
    assert list(reply["data"]) == ["app_id", "enc_type", "sign_type", "biz_content", "sign"]
    assert json.loads(sealing.decrypt_content("AES", reply["data"]["biz_content"], SECRET))["user_name"] == "王𬱖"


def test_content_as_an_object(platforms: OfflinePlatforms) -> None:
    asked = body(VERIFY, VERIFYING, "Plain")
    text, reply = platforms.post(asked), platforms.post(asked, "objectcontent:1,again:1")
    assert reply["biz_content"]["user_name"] == "王𬱖"
    assert reply["sign"] == text["sign"]
    assert platforms.post(asked, "objectcontent:1,size:3")["biz_content"] == "x"
    assert isinstance(platforms.post(body(VERIFY, VERIFYING), "objectcontent:1,again:1")["biz_content"], str)


def test_charsets_and_labels(platforms: OfflinePlatforms) -> None:
    asked = body(VERIFY, VERIFYING, "Plain")
    reply = answer_request(GATEWAY, asked, Directives.parse("gbkbody:1"), platforms.state)
    assert reply.content_type == "application/json; charset=UTF-8"
    assert "王𬱖" in reply.body.decode("gb18030")
    reply = answer_request(GATEWAY, asked, Directives.parse("label:gbk,again:1"), platforms.state)
    assert reply.content_type == "application/json; charset=gbk"
    assert "王𬱖" in reply.body.decode("utf-8")


def test_huge_answers(platforms: OfflinePlatforms) -> None:
    reply = answer_request(GATEWAY, body(VERIFY, VERIFYING), Directives.parse("huge:1"), platforms.state)
    assert len(reply.body) == 9_437_184
    assert json.loads(reply.body)["ret_code"] == "0000"
    assert len(reply.call.answer) < 10_000
