"""Answers of both platforms: what is success, what a refusal and what nobody can know, at any status, in any form."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from shim.dialects import merged
from shim.dialects.answers import parse_answer
from shim.dialects.nation import EcRequest, failure_text, open_ec_answer, parse_ec_request
from shim.dialects.table import DIALECTS
from shim.dialects.virtualcard import VcAnswer, VcRequest, open_vc_answer
from shim.errors import PlatformError, PlatformRefusal, Reason, State
from shim.http_answer import HttpAnswer

EHCSERVICE = DIALECTS["ehcservice"]
EC_REQUEST: EcRequest = parse_ec_request('{"transType":"hos.query.insu","orgId":"O1","data":{}}', "")
VC_REQUEST = VcRequest("all", None, {"app_id": "A", "method": "all"}, {}, "S", {})
GOOD_EC = '{"code":0,"data":{"userName":"张三"},"message":"成功"}'
GOOD_VC = '{"ret_code":"0000","ret_msg":"操作成功","biz_content":"{\\"user_name\\":\\"张三\\"}"}'


def ec(body: str | bytes, **head: Any) -> str:
    data = body if isinstance(body, bytes) else body.encode()
    return open_ec_answer(HttpAnswer(data, **head), EC_REQUEST)


def vc(body: str | bytes, success: frozenset[str] = EHCSERVICE.success, at: str = "top", **head: Any) -> VcAnswer:
    data = body if isinstance(body, bytes) else body.encode()
    return open_vc_answer(HttpAnswer(data, **head), VC_REQUEST, replace(EHCSERVICE, success=success, answer_at=at))


def refused(call: Any, *arguments: Any, **head: Any) -> tuple[str, str]:
    with pytest.raises(PlatformRefusal) as caught:
        call(*arguments, **head)
    return caught.value.code, caught.value.message


def unknown(call: Any, *arguments: Any, **head: Any) -> tuple[Reason | None, str]:
    with pytest.raises(PlatformError) as caught:
        call(*arguments, **head)
    assert not isinstance(caught.value, PlatformRefusal), caught.value.code
    assert caught.value.reason is not None and caught.value.reason.leaves_outcome_unknown
    assert caught.value.row is not None and caught.value.row.state is State.UNKNOWN
    return caught.value.reason, caught.value.message


# ---- success ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["0", '"0"', '"0000"', "0.0", "0.000", "0e0", "0E-10", "0.0e+5"])
def test_zero_is_success_for_the_insurance_platform(code: str) -> None:
    text = ec(GOOD_EC.replace('"code":0', f'"code":{code}'))
    assert text == '{"code":0,"data":{"userName":"张三"},"message":"成功","orgId":"O1"}'


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ('"00"', "00"), ('"00000"', "00000"), ('"-0"', "-0"), ("-0", "-0"), ("-0.0", "-0.0"), ('"0.0"', "0.0"),
        ('"0 "', "0 "), ('"０"', "０"), ('"0\\u0000"', "0\0"), ('"0000\\u0000"', "0000\0"), ('"False"', "False"),
        ("1e-400", "1e-400"), ("0.00000001", "0.00000001"), ("500159", "500159"), ("500159.0", "500159"),
        ("5.00159E5", "500159"), ('"500159"', "500159"), ("-3", "-3"), ("1E7", "10000000"),
    ],
)  # fmt: skip
def test_what_is_not_exactly_zero_is_a_refusal(code: str, given: str) -> None:
    text = "请使用医保电子凭证二维码"
    assert refused(ec, f'{{"code":{code},"message":"{text}"}}') == (given, text)


@pytest.mark.parametrize("code", ["null", '""', "true", "false", "[0]", "{}", '{"code":0}'])
def test_a_code_that_is_none(code: str) -> None:
    assert (
        unknown(ec, f'{{"code":{code},"message":"成功","data":{{"userName":"张三"}}}}')[0] is Reason.UNREADABLE_ANSWER
    )
    body = GOOD_VC.replace('"0000"', code)
    assert unknown(vc, body)[0] is Reason.UNREADABLE_ANSWER


@pytest.mark.parametrize(
    ("success", "code"),
    [("0000", '"0000"'), ("00", '"00"'), ("0", '"0"'), ("0", "0"), ("0", "0.0"), ("200", '"200"'), ("200", "200"),
     ("200", "200.0"), ("200", "2E2"), ("10", '"10"'), ("10", "1.0E1")],
)  # fmt: skip
def test_the_success_of_a_dialect(success: str, code: str) -> None:
    answer = vc(GOOD_VC.replace('"0000"', code), frozenset({success}))
    assert answer.text == '{"user_name":"张三"}'


@pytest.mark.parametrize(
    ("success", "code"),
    [("0000", '"00"'), ("0000", "0"), ("00", '"00\\u0000"'), ("00", '"00 "'), ("00", '" 00"'), ("00", '"００"'),
     ("200", '"0200"'), ("200", "200.5"), ("200", "200.0000000000000001"), ("0", "-0"), ("0", '"+0"'), ("0", '"0.0"')],
)  # fmt: skip
def test_what_is_not_the_success_of_a_dialect(success: str, code: str) -> None:
    assert refused(vc, GOOD_VC.replace('"0000"', code), frozenset({success}))[1] == "操作成功"


def test_an_answer_without_a_code_needs_a_content() -> None:
    assert vc('{"biz_content":{"user_name":"张三"}}').text == '{"user_name":"张三"}'
    for body in ('{"biz_content":""}', '{"biz_content":null}', '{"biz_content":"{}"}', "{}", '{"data":{"a":1}}'):
        assert "没有返回码，也没有 biz_content" in unknown(vc, body)[1]
    assert "没有返回码 code" in unknown(ec, '{"data":{"userName":"张三"}}')[1]


# ---- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 302, 400, 401, 403, 404, 407, 409, 422, 500, 502, 503, 504, 599])
def test_the_platforms_own_words_survive_at_any_status(status: int) -> None:
    assert refused(ec, '{"code":500100,"message":"系统繁忙"}', status=status) == ("500100", "系统繁忙")
    assert refused(vc, '{"ret_code":"3002","ret_msg":"流水号重复"}', status=status) == ("3002", "流水号重复")
    assert refused(vc, '{"ret_code":"3003","ret_msg":"正被占用"}', status=status) == ("3003", "正被占用")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_that_repeats_its_status_is_not_the_platform(status: int) -> None:
    body = f'{{"code":{status},"message":"Bad Gateway"}}'
    assert unknown(ec, body, status=status)[0] is Reason.HTTP_STATUS
    assert unknown(vc, body, status=status)[0] is Reason.HTTP_STATUS
    assert refused(ec, '{"code":500,"message":"系统异常"}', status=500) == ("500", "系统异常")


def test_a_refusal_under_a_gateways_success() -> None:
    for data in (
        '{"ret_code":"3002","ret_msg":"流水号重复"}',
        '"{\\"ret_code\\":\\"3002\\",\\"ret_msg\\":\\"流水号重复\\"}"',
    ):
        for body in (f'{{"code":0,"message":"成功","data":{data}}}', f'{{"code":"200","data":{data}}}'):
            for at in ("top", "data"):
                assert refused(vc, body, at=at) == ("3002", "流水号重复")
    assert vc('{"code":0,"data":{"ret_code":"0000","biz_content":{"a":1}}}').text == '{"a":1}'
    # What stands beside biz_content and is called data is no answer.
    assert vc('{"code":0,"data":{"code":"A1"},"biz_content":{"a":1}}').text == '{"a":1}'


def test_success_denied_in_the_same_breath() -> None:
    assert refused(ec, '{"code":0,"success":false,"message":"失败"}') == ("0", "失败")
    assert refused(vc, '{"ret_code":"0000","success":"false","ret_msg":"失败","biz_content":"{}"}') == ("0000", "失败")
    assert ec('{"code":0,"success":true,"data":{}}') == '{"code":0,"data":{},"message":"成功","orgId":"O1"}'


# ---- unknown outcomes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 405, 407, 413, 500, 502, 503, 504])
@pytest.mark.parametrize(
    "body", [b"", b"\0 ", b"<html>990000195203030026</html>", b"[]", b"\xff\xfe", b"{}", b'{"status":500,"error":"x"}']
)
def test_another_status_without_a_refusal(status: int, body: bytes) -> None:
    for call in (ec, vc):
        reason, text = unknown(call, body, status=status)
        assert reason is Reason.HTTP_STATUS and f"HTTP {status}" in text and "9900" not in text


@pytest.mark.parametrize("status", [302, 400, 500, 504])
def test_success_under_another_status_is_unknown(status: int) -> None:
    assert unknown(ec, GOOD_EC, status=status)[0] is Reason.HTTP_STATUS
    assert unknown(vc, GOOD_VC, status=status)[0] is Reason.HTTP_STATUS
    assert ec(GOOD_EC, status=201) and vc(GOOD_VC, status=299).text


UNREADABLE = [
    (b"", Reason.EMPTY_ANSWER, "平台的应答为空；请联系平台"),
    (b" \r\n\0", Reason.EMPTY_ANSWER, "平台的应答为空；请联系平台"),
    (
        b"<html>WAF</html>", Reason.UNREADABLE_ANSWER,
        "平台的应答不能按 JSON 读出（16 字节，是 HTML 网页）；请核对请求地址，并看途中有无防火墙或登录页面",
    ),
    (
        b"\r\n<!DOCTYPE html><p>", Reason.UNREADABLE_ANSWER,
        "平台的应答不能按 JSON 读出（20 字节，是 HTML 网页）；请核对请求地址，并看途中有无防火墙或登录页面",
    ),
    (
        b"<Envelope/>", Reason.UNREADABLE_ANSWER,
        "平台的应答不能按 JSON 读出（11 字节，以 XML 标记开头）；请核对请求地址",
    ),
    (b'{"code":0', Reason.UNREADABLE_ANSWER, "平台的应答不能按 JSON 读出（9 字节，以左花括号开头）；请核对请求地址"),
    (b"OK", Reason.UNREADABLE_ANSWER, "平台的应答不能按 JSON 读出（2 字节，以其他字符开头）；请核对请求地址"),
    (b"[]", Reason.UNREADABLE_ANSWER, "平台的应答不是 JSON 对象（2 字节）；请核对请求地址"),
    (b'"x"', Reason.UNREADABLE_ANSWER, "平台的应答不是 JSON 对象（3 字节）；请核对请求地址"),
    (b'{"code":0,"code":1}', Reason.UNREADABLE_ANSWER,
     "平台的应答不能按 JSON 读出（19 字节，以左花括号开头）；请核对请求地址"),
    (b'{"code":0,"message":"\xff\xff"}', Reason.UNREADABLE_ANSWER,
     "平台的应答中有损坏的字符，既不是 UTF-8 也不是 GBK（25 字节）；请联系平台"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "reason", "text"), UNREADABLE)
def test_what_cannot_be_read_is_described(body: bytes, reason: Reason, text: str) -> None:
    assert unknown(ec, body) == unknown(vc, body) == (reason, text)


@pytest.mark.parametrize(
    ("encoding", "shown"), [("br", " br "), (" ZSTD ", " zstd "), ("张三", "不认识的方式"), ("x" * 50, "不认识的方式")]
)
def test_what_is_compressed_is_said_to_be(encoding: str, shown: str) -> None:
    for body in (b"\x1b\x02\x80\xff", b"\x1b\x02abc"):
        reason, text = unknown(ec, body, encoding=encoding)
        assert (reason, text) == (
            Reason.UNREADABLE_ANSWER, f"平台的应答用{shown}压缩，读不出（{len(body)} 字节）；请联系平台"
        )  # fmt: skip
    assert ec(GOOD_EC, encoding=encoding)  # plain after all


def test_half_a_character_is_no_success() -> None:
    """A rare character cut in two: any charset would write a question mark into the name."""
    for name in ("\\ud842", "\\udfb7三"):
        assert "半个字符" in unknown(ec, GOOD_EC.replace("张三", name))[1]
        assert "半个字符" in unknown(vc, GOOD_VC.replace("张三", "\\" + name.replace("三", "")))[1]
    assert "𠮷" in ec(GOOD_EC.replace("张三", "\\ud842\\udfb7"))


def test_a_refusal_survives_half_a_character_in_its_text() -> None:
    assert refused(ec, '{"code":500159,"message":"查无\\ud842"}') == ("500159", "查无\ud842")
    assert refused(vc, '{"ret_code":"2001","ret_msg":"查无\\ud842"}') == ("2001", "查无\ud842")


def test_a_mark_of_the_platforms_own_stays() -> None:
    """U+FFFD is what the platform says; nothing is replaced here."""
    assert "张�" in ec(GOOD_EC.replace("张三", "张�"))


# ---- JSON as the field writes it -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        GOOD_EC + "\0", GOOD_EC + "\0\0 \r\n\0", "\r\n\r\n" + GOOD_EC, "\ufeff" + GOOD_EC,
        json.dumps(GOOD_EC), json.dumps(GOOD_EC + "\0", ensure_ascii=False) + "\0",
    ],
)  # fmt: skip
def test_padding_and_a_string_around_it(body: str) -> None:
    assert json.loads(ec(body))["data"] == {"userName": "张三"}
    assert parse_answer(HttpAnswer(body.encode("gbk", "ignore")))["message"] == "成功"


def test_a_string_around_biz_content() -> None:
    twice = json.dumps({"ret_code": "0000", "biz_content": json.dumps('{"user_name":"张三"}')})
    assert vc(twice).text == '{"user_name":"张三"}'
    asked = replace(VC_REQUEST, envelope={**VC_REQUEST.envelope, "enc_type": "AES"})  # not encrypted after all
    assert open_vc_answer(HttpAnswer(twice.encode()), asked, EHCSERVICE).text == '{"user_name":"张三"}'


def test_the_declared_charset_reaches_the_name() -> None:
    body = GOOD_EC.replace("张三", "毛伟").replace("成功", "OK").encode("gbk")
    assert json.loads(ec(body, charset="gbk"))["data"] == {"userName": "毛伟"}
    assert json.loads(ec(GOOD_EC, charset="gbk"))["data"] == {"userName": "张三"}


# ---- an insurance code in verify -------------------------------------------------------------------------------------


def test_data_as_text_in_verify() -> None:
    for data in ('{"userName":"张三"}', '{"userName":"张三"}\0', json.dumps('{"userName":"张三"}')):
        out = json.dumps({"code": 0, "data": data})
        assert merged.verify_out_data(out, "x") == '{"EcQrCode":"x","card_type":"A2","user_name":"张三"}'


@pytest.mark.parametrize(
    "data", ["{}", '""', '"{}"', '{"code":500159,"message":"x"}', '{"userName":null}', '"x"', "[]"]
)
def test_no_person_is_no_success_of_verify(data: str) -> None:
    assert unknown(merged.verify_out_data, f'{{"code":0,"data":{data}}}', "x")[0] is Reason.UNREADABLE_ANSWER


# ---- OutData of a failure --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("500159", 500159),
        ("-3", -3),
        ("0001", 1),
        ("00", -1),
        ("0.0", -1),
        ("", -1),
        ("²", -1),
        ("ABC", -1),
        ("9" * 40, -1),
    ],
)
def test_a_failure_is_json_with_a_number_that_is_not_zero(code: str, number: int) -> None:
    assert json.loads(failure_text(code, "x", "O1")) == {"code": number, "data": {}, "message": "x", "orgId": "O1"}
