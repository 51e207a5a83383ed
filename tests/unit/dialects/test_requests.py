"""Requests as hosts really write them: what becomes of padding, missing objects and broken characters on the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shim.dialects.nation import build_ec_body, parse_ec_request, require_ec_data
from shim.dialects.scanned import tidy
from shim.dialects.table import DIALECTS, EHCSERVICE
from shim.dialects.virtualcard import parse_vc_request, seal_vc_request
from shim.errors import HostError, Reason
from shim.spec import METHODS
from shim.spec.nation import ALSO_SCAN
from shim.spec.rows import Field
from tests.support.calls import QUERY, VERIFY

URL = "http://127.0.0.1/localcfc/api/hsecfc/localQrCodeQuery"
PADDINGS = ["  ", "\r\n", "\t", "\0\0", "\u3000", "\ufeff", "\xa0 \x1a"]


def ec_body(in_data: Any, url: str = URL) -> bytes:
    request = parse_ec_request(in_data if isinstance(in_data, str) else json.dumps(in_data), url)
    require_ec_data(request)
    return build_ec_body(request, None, "ecQrCode")


def vc_body(in_data: Any, dialect: str = "ehcservice") -> bytes:
    row = DIALECTS[dialect]
    return seal_vc_request(parse_vc_request(in_data if isinstance(in_data, str) else json.dumps(in_data), row), row)


# ---- one-word fields -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("padding", PADDINGS, ids=ascii)
def test_words_of_an_insurance_query_are_sent_without_padding(padding: str) -> None:
    """What people write, and fields without a row, are sent as they came."""
    p = padding
    in_data = {
        "orgId": f"{p}H1{p}",
        "transType": f"{p}ec.query{p}",
        "data": {
            "orgId": f"H1{p}",
            "businessType": f"{p}01101",
            "businessInfo": f"门诊 {p}",
            "operatorId": f"001{p}",
            "operatorName": f"{p}测试员{p}",
            "officeName": f"内科{p}",
            "ecQrCode": f"{p}4240000000000000000300350000{p}",
            "another": f"{p}x{p}",
        },
        "extra": {},
        "more": f"y{p}",
    }
    q = json.dumps(p, ensure_ascii=False)[1:-1]
    assert ec_body(in_data).decode("utf-8") == (
        '{"orgId":"H1","transType":"ec.query","data":{"orgId":"H1","businessType":"01101",'
        f'"businessInfo":"门诊 {q}","operatorId":"001","operatorName":"{q}测试员{q}","officeName":"内科{q}",'
        f'"ecQrCode":"4240000000000000000300350000","another":"{q}x{q}"}},"extra":{{}},"more":"y{q}"}}'
    )


@pytest.mark.parametrize("padding", PADDINGS, ids=ascii)
@pytest.mark.parametrize("dialect", ["ehcservice", "mianyang"])
@pytest.mark.parametrize("enc_type", ["Plain", "AES"])
def test_words_of_a_card_request_are_signed_and_sent_without_padding(padding: str, dialect: str, enc_type: str) -> None:
    """The same bytes as for the clean request: sign, ciphertext and key, too."""
    clean = json.loads(VERIFY["in"]) | {"enc_type": enc_type, "sign_type": "MD5"}
    padded: dict[str, Any] = {
        name: f"{padding}{value}{padding}" for name, value in clean.items() if name != "biz_content"
    }
    content = {name: value + padding for name, value in clean["biz_content"].items() if name != "operator_name"}
    padded["biz_content"] = {**content, "operator_name": "测试员"}
    clean["biz_content"] = {**{name: clean["biz_content"][name] for name in content}, "operator_name": "测试员"}
    assert vc_body(padded, dialect) == vc_body(clean, dialect)


def test_words_of_a_card_request_as_literals() -> None:
    """The base string by hand, and its MD5 by md5sum:

    app_id=A&biz_content={"out_close_no":"7","note":" n "}&enc_type=Plain&method=ehc.ehealthcard.close&sign_type=MD5
    &term_id=T&timestamp=1&version=Vkey=K, in one line.
    """
    in_data = (
        '{"app_id":"A ","term_id":" T","version":"V\\r\\n","method":"ehealthcard.close\\t","sign_type":"MD5 ",'
        '"enc_type":"Plain ","timestamp":"1\\u0000","key":"K  ","biz_content":{"out_close_no":"7 ","note":" n "}}'
    )
    assert vc_body(in_data) == (
        b'{"app_id":"A","term_id":"T","version":"V","method":"ehc.ehealthcard.close","sign_type":"MD5",'
        b'"enc_type":"Plain","timestamp":"1","biz_content":"{\\"out_close_no\\":\\"7\\",\\"note\\":\\" n \\"}",'
        b'"sign":"226FD92676143B013AE545F91EBC817E"}'
    )


def test_a_field_under_its_other_name_is_a_word_too() -> None:
    content = parse_vc_request(
        changed_verify(method="ehc.ehealthcard.alterlink", content={"out_alter_no": "7 "}), EHCSERVICE
    )
    assert content.content == {"out.Alter_no": "7"}


PROSE = {
    "user_name", "address", "work_unit", "operator_name", "officeName",  # VC
    "businessInfo", "operatorName", "userName",  # EC
}  # fmt: skip


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_field_but_what_people_write_is_a_word(method: Any) -> None:
    rows: tuple[Field, ...] = method.request
    vc_code = {"businessInfo"} if method.clause.startswith("VC") else set()  # two digits there, 200 characters in EC
    assert {row.name for row in rows if not row.is_word and row.type != "JSON"} == (
        {row.name for row in rows} & PROSE - vc_code
    )


@pytest.mark.parametrize("value", [5, 1.5, None, True, [" a "], {"a": " b "}])
def test_what_is_no_text_stays(value: Any) -> None:
    body = json.loads(ec_body({"transType": "ec.query", "data": {"orgId": value}}))
    assert body["data"]["orgId"] == value


@pytest.mark.parametrize("name", ALSO_SCAN)
def test_the_code_of_a_type_without_rows(name: str) -> None:
    assert ec_body({"transType": f"{name} ", "data": {"ecQrCode": "42\r\n", "gainWay": "ALL "}}) == (
        b'{"transType":"%s","data":{"ecQrCode":"42","gainWay":"ALL "}}' % name.encode()
    )


def test_the_token_check_has_its_words_in_in_data() -> None:
    body = ec_body('{"ecToken":"t ","idType":" 01","idNo":"9\\r\\n","userName":"张三 "}', "http://x/localEcTokenCheck")
    assert body == '{"ecToken":"t","idType":"01","idNo":"9","userName":"张三 "}'.encode()


@pytest.mark.parametrize("text", [" 42\r\n", "42\0\0", "\u300042\x1d", "\ufeff42\x1a"])
def test_a_scanned_code(text: str) -> None:
    assert tidy(text) == "42"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("method", Reason.NO_METHOD),
        ("app_id", Reason.NO_APP_ID),
        ("term_id", Reason.NO_TERM_ID),
        ("version", Reason.NO_VERSION),
        ("key", Reason.INVALID_FIELD),
    ],
)
def test_padding_alone_is_nothing(name: str, reason: Reason) -> None:
    with pytest.raises(HostError) as caught:
        vc_body(changed_verify(**{name: " \u3000\0"}))
    assert caught.value.reason is reason and name in caught.value.message


# ---- exact on the wire -----------------------------------------------------------------------------------------------


def test_control_characters_are_escaped_on_the_wire() -> None:
    assert ec_body('{"transType":"ec.query","data":{"operatorName":"测\t\r\n试\x01\x1f"}}') == (
        '{"transType":"ec.query","data":{"operatorName":"测\\t\\r\\n试\\u0001\\u001f"}}'.encode()
    )
    text = changed_verify(content={"operator_name": "测\t试"}, enc_type="Plain")
    body = vc_body(text.replace("\\t", "\t"))
    assert json.loads(body)["biz_content"] == '{"operator_name":"测\\t试"}'
    assert body == vc_body(text)


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("inner", [False, True])
def test_json_inside_a_json_string(wrapped: bool, inner: bool) -> None:
    query, verify = json.loads(QUERY["in"]), json.loads(VERIFY["in"])
    if inner:
        query["data"] = "\ufeff" + json.dumps(query["data"]) + "\0"
        verify["biz_content"] = "\r\n" + json.dumps(verify["biz_content"]) + " "
    texts = [json.dumps(value, ensure_ascii=False) for value in (query, verify)]
    if wrapped:
        texts = [" " + json.dumps(text) + "\0" for text in texts]
    assert ec_body(texts[0]) == ec_body(QUERY["in"])
    assert vc_body(texts[1]) == vc_body(VERIFY["in"])


def test_a_data_that_needs_no_code_is_sent_as_it_came() -> None:
    assert ec_body('{"transType":"hos.upload.fee","data":"{\\"a\\": 1.10 }"}') == (
        b'{"transType":"hos.upload.fee","data":"{\\"a\\": 1.10 }"}'
    )


@pytest.mark.parametrize(
    ("in_data", "path"),
    [
        ('{"transType":"ec.query","data":{"operatorName":"王\\ud842"}}', "data.operatorName"),
        ('{"transType":"hos.upload.fee","data":{"rows":[{"name":"\\udfb7"}]}}', "data.rows.name"),
        ('{"transType":"ec.query","data":"{\\"operatorName\\":\\"\\\\ud842\\"}"}', "operatorName"),
    ],
)
def test_half_a_character_is_not_sent(in_data: str, path: str) -> None:
    with pytest.raises(HostError) as caught:
        ec_body(in_data)
    assert caught.value.reason is Reason.INVALID_CHARSET
    assert f"字段 {path} 中有半个字符" in caught.value.message


@pytest.mark.parametrize("as_text", [False, True])
def test_half_a_character_is_not_signed(as_text: bool) -> None:
    content: Any = {"operator_name": "\ud842"}
    with pytest.raises(HostError) as caught:
        vc_body(changed_verify(content=json.dumps(content) if as_text else content))
    assert caught.value.reason is Reason.INVALID_CHARSET and "operator_name 中有半个字符" in caught.value.message


# ---- the object that is missing --------------------------------------------------------------------------------------

MISSING = [(), (None,), ("",), (" \r\n\0",)]
NO_OBJECT = [([],), (5,), (True,), ([{"a": 1}],), ("[1]",), ("5",)]


@pytest.mark.parametrize("value", MISSING)
@pytest.mark.parametrize("name", ["ec.query", *ALSO_SCAN])
def test_a_missing_data_is_named(name: str, value: tuple[Any, ...]) -> None:
    with pytest.raises(HostError) as caught:
        ec_body({"orgId": "H1", "transType": name, **({"data": value[0]} if value else {})})
    assert caught.value.reason is Reason.INVALID_FIELD
    assert caught.value.message == ("InData 缺少 data（接口请求参数，EC B.1）：业务参数应放在 data 对象中")


@pytest.mark.parametrize("value", NO_OBJECT)
def test_a_data_that_is_no_object_is_named(value: tuple[Any]) -> None:
    with pytest.raises(HostError) as caught:
        ec_body({"transType": "ec.query", "data": value[0]})
    assert caught.value.reason is Reason.NOT_JSON and "data 应为一个 JSON 对象（EC B.1）" in caught.value.message


@pytest.mark.parametrize(
    "in_data",
    [
        {"transType": "ec.query", "data": {}},  # the code is scanned
        {"transType": "ec.query", "ecQrCode": "42"},  # InData itself has it
        {"transType": "hos.upload.fee"},
        {"transType": "hos.upload.fee", "data": None},
        {"transType": "hos.upload.fee", "data": []},
        {"transType": "", "data": ""},
        {"a": 1},
    ],
)
def test_a_data_that_nobody_needs_may_be_missing(in_data: dict[str, Any]) -> None:
    assert json.loads(ec_body(in_data)) == in_data


@pytest.mark.parametrize("value", MISSING)
@pytest.mark.parametrize("method", ["ehc.ehealthcode.verify", "ehealthcard.auth.query", "ehc.ehealthcard.authurl"])
def test_a_missing_biz_content_is_named(method: str, value: tuple[Any, ...]) -> None:
    in_data = json.loads(changed_verify(method=method))
    del in_data["biz_content"]
    with pytest.raises(HostError) as caught:
        vc_body(in_data | ({"biz_content": value[0]} if value else {}))
    assert caught.value.reason is Reason.INVALID_FIELD
    assert caught.value.message == (
        "InData 缺少 biz_content（请求参数集合，VC 4.1.1）：业务参数应放在 biz_content 对象中"
    )


@pytest.mark.parametrize("value", NO_OBJECT)
def test_a_biz_content_that_is_no_object_is_named(value: tuple[Any]) -> None:
    with pytest.raises(HostError) as caught:
        vc_body(changed_verify(content=value[0]))
    assert (
        caught.value.reason is Reason.NOT_JSON and "biz_content 应为一个 JSON 对象（VC 4.1.1）" in caught.value.message
    )


def test_a_method_that_nobody_knows_needs_no_biz_content() -> None:
    in_data = json.loads(changed_verify(method="all "))
    del in_data["biz_content"]
    assert json.loads(vc_body(in_data | {"enc_type": "Plain"}))["biz_content"] == "{}"


def changed_verify(content: Any = None, **fields: str) -> str:
    """InData of a verify with other common fields, or another biz_content."""
    in_data = json.loads(VERIFY["in"]) | fields
    return json.dumps(in_data if content is None else in_data | {"biz_content": content}, ensure_ascii=True)
