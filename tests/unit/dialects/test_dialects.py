"""Dialects: every vector in both directions, every preset sealed and opened, damage refused, a site's own rows.

Expected bytes are literals (tests/vectors/README.md says whose).
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shim import codec, crypto
from shim.dialects import answer as answers
from shim.dialects import keys, seal, table
from shim.dialects.table import DIALECTS, Dialect
from shim.errors import HostError, PlatformError, Reason
from tests.support.paths import ROOT

VECTORS = ROOT / "tests" / "vectors"


def load(name: str) -> dict[str, Any]:
    rows = json.loads((VECTORS / name).read_text("utf-8"))
    return {row["id"]: row for row in rows}


WIRE = load("wire.json")
OURS = load("dialects.json")
SM2 = load("gbt32918-sm2.json")["A.2"]

SECRET = "1TESTSEC0000000000000000TESTSEC0"
HEX_SECRET = "00112233445566778899AABBCCDDEEFF"
APP_ID = "1TESTAPP0000000000000000TESTAPP0"
RARE = '{"user_name":"测试员𬱖䶮㛃","ehealth_code":"85:0123:1","n":1.10}'

# ---- the table -----------------------------------------------------------------------------------------------------


def test_presets_are_these() -> None:
    assert list(DIALECTS) == [
        "ehcservice",
        "ehcservice-sm4cbc",
        "ehcservice-amp",
        "ehcservice-gbk",
        "ehcservice-sealed",
        "ehcservice-bare",
        "sister",
        "sister-gbk",
        "sichuan-v1.1",
        "xm01-sm4",
        "xm01-aes256",
        "mianyang",
    ]
    assert len({row.title for row in DIALECTS.values()}) == len(DIALECTS)


@pytest.mark.parametrize("row", DIALECTS.values(), ids=DIALECTS)
def test_rows_hold_only_known_words(row: Dialect) -> None:
    assert row.title and row.origin and row.code_names and row.message_names and row.success
    assert row.scope in ("outer", "inner")
    assert row.sign_over in ("plain", "sealed")
    assert row.sort in ("ascii", "ignore-case", "fixed") and bool(row.fields) == (row.sort == "fixed")
    assert row.empty in ("drop", "keep")
    assert row.charset in keys.CODECS
    assert row.sign_encoding in crypto.ENCODINGS
    assert row.content_form in ("string", "object") and row.content_order in ("kept", "sorted")
    assert row.answer_at in ("top", "data")
    assert "" in row.digests and set(row.digests.values()) <= {*crypto.DIGESTS, "SM2"}
    for ciphers in filter(None, (row.ciphers, row.answer_ciphers)):
        assert ciphers[""] is None and ciphers["PLAIN"] is None
        assert set(ciphers) == set(row.ciphers)
        for cipher in filter(None, ciphers.values()):
            assert cipher.key_bytes in crypto.KEY_BYTES[cipher.algorithm] and cipher.mode in crypto.MODES
            assert len(cipher.iv) == (crypto.BLOCK_BYTES[cipher.algorithm] if cipher.mode == "CBC" else 0)
            assert cipher.encoding in crypto.ENCODINGS
            assert cipher.rule in keys.RULES and cipher.charset in keys.CODECS


def test_every_knob_is_used_by_a_row_or_open_to_a_site() -> None:
    """No dead column: what no preset varies, a site can."""
    site = {row.key for row in table.SITE_KEYS}
    rows = list(DIALECTS.values())
    for column in fields(Dialect):
        varies = any(getattr(row, column.name) != getattr(rows[0], column.name) for row in rows)
        assert varies or column.name in site or column.name == "sm2", column.name


def test_secrets_are_not_shown() -> None:
    dialect = table.site_dialect("s", {"cipher_secret": "hush1", "answer_secret": "hush2", "digest": "SM2"} | SM2_KEYS)
    assert "hush" not in repr(dialect) and SM2["private_key"] not in repr(dialect)


# ---- wire.json: ciphers and keys -----------------------------------------------------------------------------------

CIPHERS = {
    # vector: dialect, enc_type, direction
    "Y1-aes-cbc-direct": ("ehcservice", "AES", "request"),
    "Y2-aes-cbc-derived": ("sister", "AES", "request"),
    "Y3-des-cbc-direct": ("ehcservice", "DES", "request"),
    "Y4-des-cbc-derived": ("sister", "DES", "request"),
    "Y5-sm4-ecb-derived-gbk": ("sister-gbk", "SM4", "request"),
    "Y6-sm4-cbc-derived": ("sister", "SM4", "request"),
    "Y7-sm4-cbc-hexkey": ("sister", "SM4", "answer"),
    "Y8-sm4-ecb-direct16": ("ehcservice", "SM4", "request"),
}


@pytest.mark.parametrize("vector", CIPHERS)
def test_cipher_vectors_in_both_directions(vector: str) -> None:
    row = WIRE[vector]
    name, enc_type, direction = CIPHERS[vector]
    dialect = DIALECTS[name]
    app_id = row.get("app_id", "")
    envelope = {"app_id": app_id, "enc_type": enc_type, "biz_content": row["plaintext"]}
    assert seal.seal(dialect, envelope, row["secret"], direction=direction)["biz_content"] == row["ciphertext"]
    came = {"biz_content": row["ciphertext"]}
    opened = seal.open_content(dialect, came, enc_type, row["secret"], app_id=app_id, direction=direction)
    assert opened == row["plaintext"]
    cipher = seal._cipher(dialect, enc_type, direction)
    assert cipher is not None
    if "derived_password" in row:
        assert keys.password(cipher, row["secret"], app_id) == row["derived_password"]


# ---- wire.json: digests --------------------------------------------------------------------------------------------

PLAIN = WIRE["Y1-aes-cbc-direct"]["plaintext"]
OUTER = {
    "version": "X.M.0.1",
    "timestamp": "20200608120000",
    "term_id": "35020010001",
    "method": "ehc.ehealthcode.verify",
    "enc_type": "AES",
    "app_id": APP_ID,
    "empty": "",
    "null": None,
    "key": "never signed, never sent",
    "sign": "never signed",
    "biz_content": PLAIN,
}
N1_OUTER = {
    "app_id": "TESTAPP",
    "biz_content": '{"a":"1"}',
    "sign_type": "SM3",
    "enc_type": "SM4",
    "method": "ehc.ehealthcode.verify",
    "term_id": "T1",
    "timestamp": "1557236049417",
    "version": "V1.1",
    "not_listed": "not signed",
}

DIGESTS = {
    # vector: dialect, the envelope as the host gave it, secret
    "G1-md5-key-utf8": ("ehcservice", {**OUTER, "sign_type": "MD5"}, SECRET),
    "G2-md5-ampkey-utf8": ("ehcservice-amp", {**OUTER, "sign_type": "MD5"}, SECRET),
    "G3-md5-key-gbk": ("ehcservice-gbk", {**OUTER, "sign_type": "MD5"}, SECRET),
    "G4-sm3-key-utf8": ("ehcservice", {**OUTER, "sign_type": "SM3"}, SECRET),
    "G5-md5-key-over-ciphertext": ("ehcservice-sealed", {**OUTER, "sign_type": "MD5"}, SECRET),
    "G6-md5-bare-utf8": ("ehcservice-bare", {**OUTER, "sign_type": "MD5"}, SECRET),
    "N1-sm3-app_secret": ("sichuan-v1.1", N1_OUTER, "0123456789ABCDEF"),
}


@pytest.mark.parametrize("vector", DIGESTS)
def test_digest_vectors_from_an_envelope(vector: str) -> None:
    """Signing gives the literal; the literal fits; the text that was digested is the printed one."""
    row = WIRE[vector]
    name, envelope, secret = DIGESTS[vector]
    dialect = DIALECTS[name]
    sealed = seal.seal(dialect, envelope, secret)
    assert sealed[dialect.sign_name] == row["expected"]
    assert "key" not in sealed
    over = sealed if dialect.sign_over == "sealed" else {**sealed, "biz_content": envelope["biz_content"]}
    assert seal.base_string(dialect, over, secret) == row["input"]
    came = {**sealed, dialect.sign_name: row["expected"]}
    assert seal.sign_fits(dialect, came, str(envelope["biz_content"]), secret)
    came[dialect.sign_name] = row["expected"][:-1] + ("1" if row["expected"][-1] == "0" else "0")
    assert not seal.sign_fits(dialect, came, str(envelope["biz_content"]), secret)


@pytest.mark.parametrize("vector", DIGESTS)
def test_digest_vectors_as_texts(vector: str) -> None:
    row = WIRE[vector]
    kind = "SM3" if "sm3" in vector else "MD5"
    assert crypto.digest(kind, row["input"].encode(row["charset"])).hex().upper() == row["expected"].upper()


def test_every_vector_of_wire_json_is_tested() -> None:
    assert set(WIRE) == {*CIPHERS, *DIGESTS}


def test_over_ciphertext_seals_what_y1_seals() -> None:
    sealed = seal.seal(DIALECTS["ehcservice-sealed"], {**OUTER, "sign_type": "MD5"}, SECRET)
    assert sealed["biz_content"] == WIRE["Y1-aes-cbc-direct"]["ciphertext"]


# ---- dialects.json: the rows that wire.json does not reach -----------------------------------------------------------


def dialect_of(row: dict[str, Any]) -> Dialect:
    return table.site_dialect(row["id"] + "-site", row["site"]) if "site" in row else DIALECTS[row["id"]]


@pytest.mark.parametrize("row", OURS.values(), ids=OURS)
def test_rows_against_openssl(row: dict[str, Any]) -> None:
    dialect = dialect_of(row)
    sealed = seal.seal(dialect, {**row["envelope"], "biz_content": row["content"]}, row["secret"])
    assert sealed["biz_content"] == row["sealed"]
    enc_type = row["envelope"]["enc_type"]
    assert seal.open_content(dialect, {"biz_content": row["sealed"]}, enc_type, row["secret"]) == row["content"]
    if "sign" in row:
        assert sealed[row["sign_name"]] == row["sign"]
        assert seal.sign_fits(dialect, sealed, row["content"], row["secret"])
        assert not seal.sign_fits(dialect, sealed, row["content"], row["secret"] + "0")


def test_secrets_of_request_and_answer_apart() -> None:
    """Literals of Y1: its secret serves the answers alone, then both directions, whatever the host's key is."""
    row = WIRE["Y1-aes-cbc-direct"]
    envelope = {"enc_type": "AES", "biz_content": row["plaintext"]}
    apart = table.site_dialect("apart", {"cipher_secret": "another", "answer_secret": row["secret"]})
    assert seal.seal(apart, envelope, "host's", direction="answer")["biz_content"] == row["ciphertext"]
    assert seal.seal(apart, envelope, "host's")["biz_content"] != row["ciphertext"]
    assert seal.open_content(apart, {"biz_content": row["ciphertext"]}, "AES", "host's") == row["plaintext"]
    both = table.site_dialect("both", {"cipher_secret": row["secret"]})
    for direction in ("request", "answer"):
        assert seal.seal(both, envelope, "host's", direction=direction)["biz_content"] == row["ciphertext"]


def test_host_names_become_the_dialects() -> None:
    """sign and sign_type of the host leave as digest and digest_type, in their place; nothing else moves."""
    envelope = {"app_id": "A", "sign_type": "SM3", "sign": "", "version": "V1.1", "key": "k", "biz_content": "{}"}
    sealed = seal.seal(DIALECTS["sichuan-v1.1"], envelope, SECRET)
    assert list(sealed) == ["app_id", "digest_type", "version", "biz_content", "digest"]
    already = {"app_id": "A", "digest_type": "SM3", "version": "V1.1", "biz_content": "{}"}
    assert seal.seal(DIALECTS["sichuan-v1.1"], already, SECRET) == sealed


# ---- unknown words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", DIALECTS.values(), ids=DIALECTS)
def test_md5_is_no_enc_type(row: Dialect) -> None:
    """VC 4.6 to 4.8 print MD5 in the enc_type column: a slip."""
    for enc_type in ("MD5", "md5", "RSA"):
        with pytest.raises(HostError, match="enc_type") as caught:
            seal.check_types(row, "", enc_type)
        assert caught.value.vc_code == "1006"
        with pytest.raises(HostError):
            seal.seal(row, {"enc_type": enc_type, "biz_content": "{}"}, SECRET)


def test_unknown_sign_type() -> None:
    with pytest.raises(HostError, match="MD5、SM3") as caught:
        seal.check_types(DIALECTS["ehcservice"], "SHA1", "AES")
    assert caught.value.vc_code == "1007"


@pytest.mark.parametrize(("sign_type", "enc_type"), [("md5", "aes"), ("Sm3", "Plain"), ("", "")])
def test_type_words_in_any_case(sign_type: str, enc_type: str) -> None:
    seal.check_types(DIALECTS["ehcservice"], sign_type, enc_type)


def test_unhexed_key_that_is_no_hex() -> None:
    for secret in ("not hex", HEX_SECRET[:-2], HEX_SECRET + "00"):
        with pytest.raises(HostError, match="32 个十六进制") as caught:
            seal.seal(DIALECTS["xm01-sm4"], {"enc_type": "SM4", "biz_content": "{}"}, secret)
        assert caught.value.reason is Reason.INVALID_FIELD and secret not in caught.value.message


# ---- sealed and opened -----------------------------------------------------------------------------------------------

SM2_KEYS = {"sm2_private_key": SM2["private_key"], "sm2_public_key": SM2["public_key"]}
SITES = {
    "sm2": table.site_dialect("sm2", {"digest": "SM2", "sign_encoding": "base64", "tail": "&key="} | SM2_KEYS),
    "sm2-der": table.site_dialect(
        "sm2-der",
        {"digest": "SM2", "sign_encoding": "lower-hex", "sm2_form": "der", "sm2_user_id": "secret"} | SM2_KEYS,
    ),
    "odd": table.site_dialect(
        "odd",
        {
            "sort": "ignore-case",
            "empty": "keep",
            "joiner": "none",
            "tail": "&sign_key=",
            "digest": "SHA-256",
            "sign_encoding": "base64",
            "unsigned": "term_id, ret_msg",
            "content_form": "object",
            "content_order": "sorted",
            "cipher_secret": "OTHERKEY00000000",
            "answer_secret": "ANSWERKEY0000000",
            "des": "DES/ECB lower-hex charset=gbk",
            "3des": "3DES/ECB hex-upper",
            "aes_answer": "AES-192/CBC hex-lower iv=hex:000102030405060708090A0B0C0D0E0F",
        },
    ),
}
EVERY = {**DIALECTS, **SITES}
COMBINATIONS = [
    (name, enc_type, sign_type)
    for name, row in EVERY.items()
    for enc_type in row.ciphers
    for sign_type in row.digests
    if not (name.startswith("sm2") and (sign_type != "SM2" or enc_type not in ("AES", "")))
]


def secret_for(name: str) -> str:
    return HEX_SECRET if name == "xm01-sm4" else SECRET


def an_answer(name: str, enc_type: str, sign_type: str, content: str) -> dict[str, Any]:
    """A sealed answer as a platform of that dialect gives it, through its JSON."""
    envelope = {
        "app_id": APP_ID,
        "enc_type": enc_type,
        "ret_code": "0000",
        "ret_msg": "操作成功",
        EVERY[name].sign_type_name: sign_type,
        "biz_content": content,
    }
    sealed = seal.seal(EVERY[name], envelope, secret_for(name), direction="answer")
    return answers.read(codec.dump(sealed).encode("utf-8"))


def accepted(name: str, answer: dict[str, Any], enc_type: str) -> str | None:
    """What a strict reader takes from an answer; None where it refuses."""
    dialect, secret = EVERY[name], secret_for(name)
    try:
        inside = seal.envelope(dialect, answer)
        plain = seal.open_content(dialect, inside, enc_type, secret, app_id=APP_ID)
    except PlatformError:
        return None
    return plain if seal.sign_fits(dialect, inside, plain, secret) else None


names = st.text(st.sampled_from('李强测试𬱖䶮㛃㐀€a \\"/\n+=&'), max_size=20)


@pytest.mark.parametrize(("name", "enc_type", "sign_type"), COMBINATIONS)
@given(user_name=names, more=st.dictionaries(names, names, max_size=2))
@settings(max_examples=8, deadline=None)
def test_what_is_sealed_can_be_opened(
    name: str, enc_type: str, sign_type: str, user_name: str, more: dict[str, str]
) -> None:
    row = EVERY[name]
    content = codec.dump({"user_name": "𬱖䶮㛃" + user_name, **more}, sort_keys=row.content_order == "sorted")
    if name.startswith("sm2") and more:
        return  # a curve in pure Python: one example in so many is enough
    assert accepted(name, an_answer(name, enc_type, sign_type, content), enc_type) == content
    envelope = {"app_id": APP_ID, "enc_type": enc_type, "sign_type": sign_type, "biz_content": content}
    sealed = seal.seal(row, envelope, secret_for(name))
    assert seal.open_content(row, sealed, enc_type, secret_for(name), app_id=APP_ID, direction="request") == content


@pytest.mark.parametrize("name", [name for name in EVERY if not name.startswith("sm2")])
def test_a_flipped_bit_in_content_or_sign_is_refused(name: str) -> None:
    """Every bit of every byte of the sealed biz_content and of the sign, in every cipher of every row."""
    row = EVERY[name]
    for enc_type in row.ciphers:
        answer = an_answer(name, enc_type, "", RARE if row.content_form == "string" else '{"user_name":"𬱖䶮㛃"}')
        assert accepted(name, answer, enc_type) is not None
        for field in ("biz_content", row.sign_name):
            if not isinstance(answer[field], str):
                continue  # an object: its bytes are the JSON's, see the test of a whole body
            data = answer[field].encode("utf-8")
            for position in range(len(data)):
                for bit in range(8):
                    damaged = bytearray(data)
                    damaged[position] ^= 1 << bit
                    came = {**answer, field: damaged.decode("utf-8", "replace")}
                    assert accepted(name, came, enc_type) is None, (enc_type, field, position, bit)


@pytest.mark.parametrize("name", ["sm2", "sm2-der"])
def test_a_flipped_bit_is_refused_with_sm2(name: str) -> None:
    answer = an_answer(name, "AES", "SM2", RARE)
    for field in ("biz_content", "sign"):
        data = answer[field].encode("ascii")
        for position in range(0, len(data), 16):
            damaged = bytearray(data)
            damaged[position] ^= 1
            assert accepted(name, {**answer, field: damaged.decode()}, "AES") is None, (field, position)


@pytest.mark.parametrize(
    ("name", "enc_type", "sign_type"),
    [
        ("ehcservice", "AES", "MD5"),
        ("ehcservice", "SM4", "SM3"),
        ("ehcservice", "DES", "MD5"),
        ("ehcservice", "Plain", "SM3"),
    ],
)
def test_a_flipped_bit_anywhere_in_the_body_is_refused(name: str, enc_type: str, sign_type: str) -> None:
    """The default signs every field that is not empty, so no byte of a body without empty ones changes unnoticed."""
    body = codec.dump(an_answer(name, enc_type, sign_type, '{"user_name":"𬱖䶮㛃"}')).encode("utf-8")
    for position in range(len(body)):
        for bit in range(8):
            damaged = bytearray(body)
            damaged[position] ^= 1 << bit
            try:
                came = answers.read(bytes(damaged))
            except PlatformError:
                continue
            assert accepted(name, came, enc_type) is None, (position, bit, bytes(damaged))


def test_a_sign_that_is_missing_or_strange_does_not_fit() -> None:
    dialect = DIALECTS["ehcservice"]
    answer = an_answer("ehcservice", "AES", "MD5", RARE)
    oddities: list[Any] = [None, "", 0, [], {}, "\ud800", "测", answer["sign"] + " x", answer["sign"][:-1]]
    for strange in oddities:
        assert not seal.sign_fits(dialect, {**answer, "sign": strange}, RARE, SECRET)
    without = {name: value for name, value in answer.items() if name != "sign"}
    assert not seal.sign_fits(dialect, without, RARE, SECRET)
    for strange_type in ("RSA", "SM2", 5, ["MD5"]):
        assert not seal.sign_fits(dialect, {**answer, "sign_type": strange_type}, RARE, SECRET)


def test_hex_sign_in_the_other_case_fits_but_mixed_case_does_not() -> None:
    answer = an_answer("ehcservice", "AES", "MD5", RARE)
    sign = answer["sign"]
    assert accepted("ehcservice", {**answer, "sign": sign.lower()}, "AES") == RARE
    letter = next(index for index, character in enumerate(sign) if character.isalpha())
    mixed = sign[:letter] + sign[letter].lower() + sign[letter + 1 :]
    assert accepted("ehcservice", {**answer, "sign": mixed}, "AES") is None


def test_answer_without_a_sign_type_is_verified_with_the_requests() -> None:
    row = DIALECTS["ehcservice"]
    signed = {"ret_code": "0000", "biz_content": RARE}
    digest = crypto.digest("SM3", seal.base_string(row, signed, SECRET).encode()).hex().upper()
    assert seal.sign_fits(row, {**signed, "sign": digest}, RARE, SECRET, sign_type="sm3")
    assert not seal.sign_fits(row, {**signed, "sign": digest}, RARE, SECRET)


def test_base64_whose_plus_became_a_blank_is_repaired() -> None:
    """Y3 has four plus signs; a form-encoded hop makes blanks of them."""
    sealed = WIRE["Y3-des-cbc-direct"]["ciphertext"]
    assert "+" in sealed
    came = {"biz_content": sealed.replace("+", " ")}
    opened = seal.open_content(DIALECTS["ehcservice"], came, "DES", SECRET)
    assert opened == WIRE["Y3-des-cbc-direct"]["plaintext"]


def test_repaired_base64_still_fits_where_the_ciphertext_is_signed() -> None:
    answer = next(
        candidate
        for number in range(100)
        if "+" in (candidate := an_answer("xm01-aes256", "AES", "", f'{{"n":{number}}}'))["biz_content"]
    )
    came = {**answer, "biz_content": answer["biz_content"].replace("+", " ")}
    assert accepted("xm01-aes256", came, "AES") is not None


def test_what_cannot_be_deciphered() -> None:
    row = DIALECTS["ehcservice"]
    for content in ("not hex", "AB", "00" * 16, "中文"):
        with pytest.raises(PlatformError) as caught:
            seal.open_content(row, {"biz_content": content}, "AES", SECRET)
        assert caught.value.reason is Reason.ANSWER_NOT_DECIPHERED and content not in caught.value.message
    with pytest.raises(PlatformError, match="RSA") as caught:
        seal.open_content(row, {"biz_content": "00" * 16}, "RSA", SECRET)
    assert caught.value.vc_code == "9007"
    with pytest.raises(PlatformError):  # the rule cannot use this secret: not the host's fault at this point
        seal.open_content(DIALECTS["xm01-sm4"], {"biz_content": "00" * 16}, "SM4", "not hex")


@pytest.mark.parametrize("content", ['{"a":1}', ' {"a":1}', "[]"])
@pytest.mark.parametrize("enc_type", ["AES", "", "Plain", "unheard-of"])
def test_plain_json_is_taken_whatever_enc_type_says(content: str, enc_type: str) -> None:
    assert seal.open_content(DIALECTS["ehcservice"], {"biz_content": content}, enc_type, SECRET) == content


def test_content_that_is_absent_or_an_object() -> None:
    row = DIALECTS["ehcservice"]
    assert seal.open_content(row, {}, "AES", SECRET) == ""
    assert seal.open_content(row, {"biz_content": None}, "AES", SECRET) == ""
    assert seal.open_content(row, {"biz_content": {"b": 1, "a": codec.Number("1.10")}}, "AES", SECRET) == (
        '{"b":1,"a":1.10}'
    )


# ---- the envelope of an answer ---------------------------------------------------------------------------------------


def test_answer_under_data() -> None:
    row = replace(DIALECTS["ehcservice"], answer_at="data")
    sealed = an_answer("ehcservice", "AES", "MD5", RARE)
    for shell in (
        {"code": "0", "data": sealed},
        {"code": "0", "data": codec.dump(sealed)},
        {"code": "0", "biz_content": "another", "data": sealed},
    ):
        inside = seal.envelope(row, shell)
        assert seal.open_content(row, inside, "AES", SECRET) == RARE
        assert seal.sign_fits(row, inside, RARE, SECRET)
    beside = {name: value for name, value in sealed.items() if name not in ("sign", "sign_type", "enc_type")}
    shell = {name: sealed[name] for name in ("sign", "sign_type", "enc_type")} | {"data": beside}
    assert seal.sign_fits(row, seal.envelope(row, shell), RARE, SECRET)


def test_answer_at_the_top() -> None:
    row = DIALECTS["ehcservice"]
    sealed = an_answer("ehcservice", "AES", "MD5", RARE)
    for shell in (sealed, {**sealed, "data": {"a": 1}}, {**sealed, "data": None}, {**sealed, "data": "{not json"}):
        assert seal.envelope(row, shell) is shell
    assert seal.envelope(row, {"code": 0, "data": sealed}) == sealed


# ---- single knobs ----------------------------------------------------------------------------------------------------

KNOBS = [
    # changes to ehcservice, base string of {"B":"2","a":1,"c":"","D":None,"x":{"k":[true]},"sign":"s"} and secret S
    ({}, 'B=2&a=1&x={"k":[true]}key=S'),
    ({"tail": "&key="}, 'B=2&a=1&x={"k":[true]}&key=S'),
    ({"tail": ""}, 'B=2&a=1&x={"k":[true]}S'),
    ({"joiner": ""}, 'B=2a=1x={"k":[true]}key=S'),
    ({"sort": "ignore-case"}, 'a=1&B=2&x={"k":[true]}key=S'),
    ({"empty": "keep"}, 'B=2&D=&a=1&c=&x={"k":[true]}key=S'),
    ({"sort": "fixed", "fields": ("a", "c", "B", "gone")}, "a=1&B=2key=S"),
    ({"sort": "fixed", "fields": ("a", "c", "B", "gone"), "empty": "keep"}, "a=1&c=&B=2&gone=key=S"),
    ({"unsigned": frozenset({"x", "B"})}, "a=1key=S"),
    ({"sign_name": "x"}, "B=2&a=1&sign=skey=S"),
]


@pytest.mark.parametrize(("changes", "expected"), KNOBS)
def test_base_string_knobs(changes: dict[str, Any], expected: str) -> None:
    envelope = {"B": "2", "a": 1, "c": "", "D": None, "x": {"k": [True]}, "sign": "s", "key": "never"}
    assert seal.base_string(replace(DIALECTS["ehcservice"], **changes), envelope, "S") == expected


def test_inner_scope() -> None:
    row = DIALECTS["mianyang"]
    assert seal.base_string(row, {"outer": "1", "biz_content": '{"b":1.10,"a":"","c":null}'}, "S") == "b=1.10&key=S"
    assert seal.base_string(row, {"biz_content": {"b": True}}, "S") == "b=true&key=S"
    assert seal.base_string(row, {}, "S") == seal.base_string(row, {"biz_content": ""}, "S") == "&key=S"
    for content in ("[1]", "no json", 5):
        with pytest.raises(HostError):
            seal.base_string(row, {"biz_content": content}, "S")
        assert not seal.sign_fits(row, {"digest": "00" * 16, "biz_content": content}, str(content), "S")


def test_content_as_an_object() -> None:
    row = replace(DIALECTS["ehcservice"], content_form="object")
    envelope = {"app_id": "A", "enc_type": "", "biz_content": '{"b":1.10,"a":"𬱖"}'}
    sealed = seal.seal(row, envelope, SECRET)
    assert codec.dump(sealed["biz_content"]) == '{"b":1.10,"a":"𬱖"}'
    assert sealed["sign"] == seal.seal(DIALECTS["ehcservice"], envelope, SECRET)["sign"]
    assert isinstance(seal.seal(row, {**envelope, "enc_type": "AES"}, SECRET)["biz_content"], str)


def test_content_sorted() -> None:
    row = replace(DIALECTS["ehcservice"], content_order="sorted")
    sealed = seal.seal(row, {"biz_content": '{"b":1,"a":{"d":1,"c":2}}'}, SECRET)
    assert sealed["biz_content"] == '{"a":{"c":2,"d":1},"b":1}'
    assert seal.seal(row, {"biz_content": {"b": 1, "a": 2}}, SECRET)["biz_content"] == '{"a":2,"b":1}'


def test_sealing_changes_nothing_it_was_given() -> None:
    envelope = {"app_id": "A", "sign_type": "MD5", "sign": "old", "key": "k", "enc_type": "AES", "biz_content": "{}"}
    before = dict(envelope)
    seal.seal(DIALECTS["sichuan-v1.1"], {**envelope, "sign_type": "SM3", "enc_type": "SM4"}, SECRET)
    seal.seal(DIALECTS["ehcservice"], envelope, SECRET)
    assert envelope == before


def test_sm2_without_a_private_key_is_refused_before_anything_is_sent() -> None:
    row = replace(DIALECTS["ehcservice"], digests={"": "SM2"})
    with pytest.raises(HostError, match="sm2_private_key"):
        seal.seal(row, {"biz_content": "{}"}, SECRET)
    assert not seal.sign_fits(row, {"sign": "00" * 64}, "", SECRET)


def test_sm2_answer_signed_by_openssl_fits() -> None:
    """The base string of this envelope, signed by OpenSSL 3.0.20 with the key of GB/T 32918.5 A.2, the secret as id."""
    row = table.site_dialect(
        "nhsa",
        {"digest": "SM2", "sign_encoding": "base64", "sm2_form": "der", "tail": "&key=", "sm2_user_id": "secret"}
        | SM2_KEYS,
    )
    came = {
        "app_id": "A1",
        "biz_content": '{"user_name":"𬱖䶮㛃","ehealth_code":"85:0123:1"}',
        "enc_type": "SM4",
        "method": "ehc.ehealthcode.verify",
        "term_id": "T1",
        "timestamp": "20200608120000",
        "version": "X.M.0.1",
        "sign": "MEUCICTp5SdnJTdu1CDLzvFY84CaL1vubj5KgroqMTTM+yVCAiEApnAc/ztbhU622AgrNKyEbM4FtprZY6YFb5ZY8bo/G60=",
    }
    assert seal.sign_fits(row, came, came["biz_content"], SECRET)
    assert not seal.sign_fits(row, {**came, "term_id": "T2"}, came["biz_content"], SECRET)


# ---- a site's own rows -----------------------------------------------------------------------------------------------


def test_site_dialect_without_keys_is_the_default() -> None:
    site = table.site_dialect("my-hospital", {})
    base = DIALECTS["ehcservice"]
    for column in fields(Dialect):
        if column.name not in ("name", "origin"):
            assert getattr(site, column.name) == getattr(base, column.name)
    assert site.name == "my-hospital" and "my-hospital" in site.origin


def test_site_dialect_writes_over_its_base() -> None:
    site = table.site_dialect(
        "bozhou",
        {
            "base": "Sichuan-V1.1",
            "title": "亳州",
            "tail": "&sign_key=",
            "joiner": "none",
            "sort": "FIXED",
            "fields": "app_id，method , biz_content",
            "unsigned": "none",
            "empty": "drop",
            "charset": "GBK",
            "digest": "sha-256",
            "sign_encoding": "Base64",
            "success": "10, 11",
            "code_names": "rc",
            "message_names": "rm,msg",
            "sm4": "none",
            "aes": "AES-256/ECB direct base64",
            "aes_answer": "aes-128/cbc DERIVED lower-hex iv=text:ABCDEFGHIJKLMNOP charset=GBK",
            "answer_at": "data",
        },
    )
    assert (site.title, site.tail, site.joiner, site.sort) == ("亳州", "&sign_key=", "", "fixed")
    assert site.fields == ("app_id", "method", "biz_content")
    assert site.unsigned == frozenset() and site.empty == "drop" and site.charset == "gbk"
    assert site.digests == {"": "SHA-256", "SM3": "SM3", "SHA-256": "SHA-256", "SHA256": "SHA-256"}
    assert site.sign_encoding == "base64" and site.success == {"10", "11"}
    assert site.code_names == ("rc",) and site.message_names == ("rm", "msg")
    assert site.ciphers == {"": None, "PLAIN": None, "AES": keys.Cipher("AES", "ECB", 32, b"", "base64")}
    assert site.answer_ciphers is not None
    assert site.answer_ciphers["AES"] == keys.Cipher(
        "AES", "CBC", 16, b"ABCDEFGHIJKLMNOP", "hex", rule="derived", charset="gbk"
    )
    assert (site.sign_name, site.sign_type_name, site.answer_at) == ("digest", "digest_type", "data")


def test_site_cipher_takes_what_is_not_written_from_its_base() -> None:
    site = table.site_dialect("s", {"base": "sister", "aes": "AES/CBC", "des": "DES/ECB", "3des": "3DES/CBC"})
    assert site.ciphers["AES"] == DIALECTS["sister"].ciphers["AES"]
    assert site.ciphers["DES"] == keys.Cipher("DES", "ECB", 8, b"", "base64", rule="derived")
    assert site.ciphers["3DES"] == keys.Cipher("3DES", "CBC", 24, bytes(range(1, 9)), "HEX")
    # the answers' table of the base stands beside it, unchanged
    assert site.answer_ciphers is not None and site.answer_ciphers["SM4"] == keys.Cipher(
        "SM4", "CBC", 16, b"0102030405060708", "HEX", rule="hex-upper"
    )


WRONG = [
    # name, values, what the message must say
    ("s", {"tale": "key="}, ("tale", "tail", "***")),
    ("s", {"base": "nowhere"}, ("base", "nowhere", "mianyang")),
    ("s", {"sort": "random"}, ("sort", "random", "ignore-case")),
    ("s", {"sort": ""}, ("sort", "（空）", "ascii")),
    ("s", {"sort": "fixed"}, ("fields", "sort = fixed")),
    ("s", {"fields": " , "}, ("fields", "逗号")),
    ("s", {"digest": "SHA1"}, ("digest", "SHA1", "SM3")),
    ("s", {"digest": "SM2"}, ("sm2_private_key", "64")),
    ("s", {"sign_encoding": "hex"}, ("sign_encoding", "hex", "upper-hex")),
    ("s", {"charset": "big5"}, ("charset", "big5", "gbk")),
    ("s", {"sign_name": "a b"}, ("sign_name", "a b")),
    ("s", {"sign_name": "sign_type"}, ("sign_type_name",)),
    ("s", {"scope": "inner", "sign_over": "sealed"}, ("sign_over", "scope = inner")),
    ("s", {"aes": ""}, ("aes", "（空）", "AES-256")),
    ("s", {"aes": "AES-512/CBC"}, ("aes", "AES-512/CBC", "AES-256")),
    ("s", {"aes": "AES/GCM"}, ("aes", "AES/GCM", "ECB")),
    ("s", {"aes": "AES/CBC magic"}, ("aes", "magic", "derived")),
    ("s", {"aes": "AES/CBC iv=hex:xyz"}, ("aes", "iv=hex:xyz")),
    ("s", {"aes": "AES/CBC iv=text:short"}, ("aes", "16 字节", "5 字节")),
    ("s", {"sm4_answer": "SM4"}, ("sm4_answer", "SM4")),
    ("s", {"sm2_private_key": "SECRETVALUE"}, ("sm2_private_key", "64", "S***（11字）")),
    ("s", {"sm2_public_key": "00" * 64}, ("sm2_public_key", "曲线")),
    ("s", {"success": ""}, ("success", "逗号")),
    ("ehcservice", {}, ("ehcservice", "预置")),
    ("", {}, ("名称", "1 到 40")),
    ("a b", {}, ("名称", "a b")),
    ("x" * 41, {}, ("名称", "40")),
]


@pytest.mark.parametrize(("name", "values", "said"), WRONG)
def test_site_dialect_says_what_is_wrong(name: str, values: dict[str, str], said: tuple[str, ...]) -> None:
    with pytest.raises(HostError) as caught:
        table.site_dialect(name, values)
    assert caught.value.reason is Reason.INVALID_FIELD
    for part in said:
        assert part in caught.value.message
    assert "SECRETVALUE" not in caught.value.message


def test_unknown_key_does_not_show_its_value() -> None:
    """It may be a secret under a misspelt name."""
    with pytest.raises(HostError) as caught:
        table.site_dialect("s", {"cipher_secert": "hush-hush"})
    assert "hush" not in caught.value.message


def test_site_keys_are_unique_and_described() -> None:
    assert len({row.key for row in table.SITE_KEYS}) == len(table.SITE_KEYS)
    assert all(row.help and row.allowed for row in table.SITE_KEYS)
    assert {row.key for row in table.SITE_KEYS if row.secret} == {"cipher_secret", "answer_secret", "sm2_private_key"}


@pytest.mark.parametrize("row", [row for row in table.SITE_KEYS if row.choices], ids=lambda row: row.key)
def test_every_choice_is_accepted(row: table.SiteKey) -> None:
    for choice in row.choices:
        others = {"fields": "a"} | SM2_KEYS if row.key in ("sort", "digest") else {}
        table.site_dialect("s", {row.key: choice} | others)


@pytest.mark.parametrize("base", DIALECTS)
def test_every_preset_can_be_a_base(base: str) -> None:
    assert replace(table.site_dialect("s", {"base": base}), name="", origin="") == replace(
        DIALECTS[base], name="", origin=""
    )


# ---- the documentation -----------------------------------------------------------------------------------------------


def test_documentation_names_every_preset_rule_and_key() -> None:
    text = (ROOT / "docs" / "dialects.md").read_text("utf-8")
    for name in [*DIALECTS, *keys.RULES, *(row.key for row in table.SITE_KEYS)]:
        assert f"`{name}`" in text, name


def test_documented_section_is_a_dialect() -> None:
    import configparser

    text = (ROOT / "docs" / "dialects.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in text.split("```ini\n")[1:]]
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"))
    parser.read_string("\n".join(blocks))
    sections = [name for name in parser.sections() if name.startswith("dialect ")]
    assert sections
    for section in sections:
        table.site_dialect(section.removeprefix("dialect "), dict(parser.items(section)))
    assert parser["wire"]["dialect"] in [section.removeprefix("dialect ") for section in sections]


def test_vectors_have_their_origin_recorded() -> None:
    text = (VECTORS / "README.md").read_text("utf-8")
    for path in ("wire.json", "dialects.json", "gbt32905-sm3.json", "gbt32907-sm4.json", "gbt32918-sm2.json"):
        assert f"`{path}`" in text
        assert all(row["source"] for row in load(path).values())
