"""As strict as the documents: every row of the request tables refuses what it does not allow, and says what it got.

The requests are filled from shim.spec, and the sentences are literals where the rows have one of each kind.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from buildlib.demo import _QUERY, _VERIFY
from shim.call_port import Port
from shim.errors import mask
from shim.simulator.persons import APP_ID, LIMITED_APP_ID
from shim.simulator.platforms import EITHER, GATEWAY, QR_QUERY, TOKEN_CHECK
from shim.simulator.server import Simulator
from shim.spec import DICTIONARIES, METHODS, Field
from tests.support.contract import CASES
from tests.support.contract import texts as contract_texts
from tests.support.platforms import (
    ASKED_OF_INSURANCE,
    AUTH_URL,
    LINK,
    NEWCOMER,
    REGISTER,
    VERIFY,
    VERIFYING,
    OfflinePlatforms,
    body,
    dump,
)

CARD_METHODS = [name for name in METHODS if name.startswith("ehc.")]
ROWS = [(method, row) for method in CARD_METHODS for row in METHODS[method].request]
QUERY_ROWS = METHODS["ec.query"].request
TIME = "20261121000058"


def ids(value: object) -> str | None:
    return value.name if isinstance(value, Field) else None


@pytest.fixture
def platforms() -> OfflinePlatforms:
    return OfflinePlatforms()


def usual(row: Field) -> str:
    """A value that the row allows."""
    if row.dictionary:
        return DICTIONARIES[row.dictionary].entries[0].code
    return TIME if row.name.endswith("_time") else "1"


def content(method: str, **changes: Any) -> dict[str, Any]:
    """A request with every field of its table, but for card_list and what it stands for."""
    rows = METHODS[method].request
    fields = {row.name: usual(row) for row in rows if row.name != "card_list"}
    return {name: value for name, value in (fields | changes).items() if value is not ...}


def said(platforms: OfflinePlatforms, method: str, **changes: Any) -> tuple[str, str]:
    reply = platforms.ask(method, content(method, **changes))
    return reply["ret_code"], reply["ret_msg"]


def insurance(platforms: OfflinePlatforms, sim: str = "", **changes: Any) -> tuple[int, str]:
    reply = platforms.nation({name: value for name, value in changes.items() if value is not ...}, sim)
    return reply["code"], reply["message"]


# ---- VC --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "row"), [one for one in ROWS if one[1].length], ids=ids)
def test_lengths(platforms: OfflinePlatforms, method: str, row: Field) -> None:
    """One character too many; characters are counted, not bytes. The value is masked."""
    assert row.length
    code, message = said(platforms, method, **{row.name: "龙" * (row.length + 1)})
    if row.name == "time_expire":
        assert (code, message) == ("2004", f"有效时间不合法：time_expire 应为正整数（秒），收到“{mask('龙' * 11)}”")
        return
    wanted = f"{row.name}（{row.title}，{row.clause}）最多 {row.length} 字，实为 {row.length + 1} 字：龙***"
    if row.length < 2:
        wanted = wanted.removesuffix("龙***") + "***"
    assert code == "9001" and message.startswith(f"请求参数有误：{wanted}")
    if not row.dictionary and not row.name.endswith("_time"):
        assert said(platforms, method, **{row.name: "龙" * row.length})[1][:6] != "请求参数有误"


@pytest.mark.parametrize(("method", "row"), [one for one in ROWS if one[1].dictionary], ids=ids)
def test_dictionaries(platforms: OfflinePlatforms, method: str, row: Field) -> None:
    wrong = "7" * min(row.length or 6, 6) if row.name != "IsMultiCode" else "77"
    code, message = said(platforms, method, **{row.name: wrong})
    assert code == "9001"
    assert f"{row.name}（{row.title}，{row.clause}）的值“{wrong}”不在字典“" in message


@pytest.mark.parametrize(("method", "row"), [one for one in ROWS if one[1].required and not one[1].when], ids=ids)
@pytest.mark.parametrize("absent", [..., "", None, "  "])
def test_required_fields(platforms: OfflinePlatforms, method: str, row: Field, absent: Any) -> None:
    changes: dict[str, Any] = {row.name: absent}
    if any(other.when for other in METHODS[method].request):
        changes["IsMultiCode"] = "1"
    assert said(platforms, method, **changes) == (
        "9001",
        f"请求参数有误：缺少必填字段 {row.name}（{row.title}，{row.clause}）",
    )


@pytest.mark.parametrize(("method", "row"), [one for one in ROWS if one[1].name.endswith("_time")], ids=ids)
@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("2026-11-21 00:00:58", "应为 yyyyMMddHHmmss（VC 3.2），收到“2026-11-21 00:00:58”"),
        ("2026/11/21", "应为 yyyyMMddHHmmss（VC 3.2），收到“2026/11/21”"),
        ("202611210000", "应为 yyyyMMddHHmmss（VC 3.2），收到“202611210000”"),
        ("1795224600000", "应为 yyyyMMddHHmmss（VC 3.2），收到“1795224600000”"),
        ("２０２６１１２１００００５８", "应为 yyyyMMddHHmmss（VC 3.2），收到“２***（14"),
        ("990000195203030026", "应为 yyyyMMddHHmmss（VC 3.2），收到“9***（18"),
        ("19900000002", "应为 yyyyMMddHHmmss（VC 3.2），收到“1***（11"),
        ("soon", "应为 yyyyMMddHHmmss（VC 3.2），收到“s***（4"),
        ("20260230000000", "没有这个时间：20260230000000"),
        ("20261121240000", "没有这个时间：20261121240000"),
        ("20261121006000", "没有这个时间：20261121006000"),
        ("00001121000000", "没有这个时间：00001121000000"),
    ],
)
def test_times(platforms: OfflinePlatforms, method: str, row: Field, time: str, message: str) -> None:
    """A day, an hour, a form that VC 3.2 does not have; a number that may be a person's is masked."""
    code, text = said(platforms, method, **{row.name: time})
    assert code == "9001" and text.startswith(f"请求参数有误：{row.name}（{row.title}，{row.clause}）{message}")


@pytest.mark.parametrize("time", ["2026-11-21 00:00:58", "20261321000058", None])
def test_the_timestamp(platforms: OfflinePlatforms, time: str | None) -> None:
    """Of the envelope, after the sign was checked."""
    reply = platforms.ask(VERIFY, VERIFYING, timestamp=time)
    assert reply["ret_code"] == "9001" and "timestamp（请求时间戳，VC 4.1.1）" in reply["ret_msg"]
    assert platforms.code(VERIFY, VERIFYING, "lax:1", timestamp=time) == "0000"


@pytest.mark.parametrize(("method", "row"), ROWS, ids=ids)
def test_fields_are_text(platforms: OfflinePlatforms, method: str, row: Field) -> None:
    for value in ([1], {"a": 1}, True):
        code, message = said(platforms, method, **{row.name: value})
        assert code == "9001" and row.name in message
        assert "应为" in message


def test_an_alias_is_checked_as_its_row(platforms: OfflinePlatforms) -> None:
    changes = {"out.Alter_no": ..., "out_alter_no": "N" * 33}
    assert said(platforms, LINK, **changes)[1].startswith(
        "请求参数有误：out.Alter_no（外部变更流水号，VC 4.3.1）最多 32 字"
    )


def test_several_faults(platforms: OfflinePlatforms) -> None:
    """The first two, and how many there are."""
    code, message = said(platforms, VERIFY, operator_id="", operator_name="测" * 100, treatment_code="999999")
    assert (code, message) == (
        "9001",
        "请求参数有误：缺少必填字段 operator_id（用卡验证操作员编号，VC 4.2.1）；"
        "operator_name（用卡验证操作员姓名，VC 4.2.1）最多 32 字，实为 100 字：" + mask("测" * 100) + "；等 3 处",
    )
    assert "测测" not in message and "测***" in message
    assert said(platforms, VERIFY, treatment_code="999999") == (
        "9001",
        "请求参数有误：treatment_code（诊疗环节编码，VC 4.2.1）的值“999999”不在字典“诊疗环节编码表”（VC 附录2.5）中："
        "010101、010102、010103、010104、010105、010106、010107、A10101、A10102、000000",
    )


def test_a_person_in_the_place_of_a_code_is_masked(platforms: OfflinePlatforms) -> None:
    for value in ("990000195203030026", "19900000002", "王𬱖"):
        message = said(platforms, VERIFY, treatment_code=value)[1]
        assert value not in message and "treatment_code" in message


def test_companions_of_an_insurance_code(platforms: OfflinePlatforms) -> None:
    """Required where IsMultiCode says so (VC 4.2.1); whose code it is decides the library."""
    assert platforms.code(VERIFY, VERIFYING) == "0000"
    reply = platforms.ask(VERIFY, VERIFYING | {"IsMultiCode": "0"})
    assert reply["ret_code"] == "9001" and reply["ret_msg"].endswith("；等 6 处")
    assert "缺少必填字段 ECUrl（医保电子凭证请求地址，VC 4.2.1）" in reply["ret_msg"]


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        (
            {"card_type": "09", "card_no": "H2"},
            "请求参数有误（card_list 第 2 项）：card_type（新卡类型，VC 4.3.1）的值",
        ),
        (
            {"card_type": "01", "card_no": "H" * 33},
            "请求参数有误（card_list 第 2 项）：card_no（新卡号，VC 4.3.1）最多 32 字",
        ),
        (
            {"card_type": "01", "card_no": ""},
            "请求参数有误（card_list 第 2 项）：缺少必填字段 card_no（新卡号，VC 4.3.1）",
        ),
    ],
)
def test_cards_of_a_list(platforms: OfflinePlatforms, card: dict[str, str], fault: str) -> None:
    cards = [{"card_type": "01", "card_no": "H1"}, card]
    for value in (cards, dump(cards)):
        reply = platforms.ask(REGISTER, NEWCOMER | {"card_list": value})
        assert reply["ret_code"] == "9001" and fault in reply["ret_msg"]
    assert platforms.code(REGISTER, NEWCOMER | {"card_list": cards}, "lax:1") == "0000"


def test_what_a_host_sends_besides_is_accepted(platforms: OfflinePlatforms) -> None:
    assert platforms.code(VERIFY, VERIFYING | {"extra": "x" * 5000, "other_time": "soon", "list": [1]}) == "0000"
    assert platforms.code(REGISTER, NEWCOMER | {"nation": "汉族", "time_expire": 300}) == "0000"


def test_nothing_is_checked_on_request(platforms: OfflinePlatforms) -> None:
    faulty = VERIFYING | {"operator_name": "测" * 100, "treatment_code": "999999", "out_verify_time": "soon"}
    assert platforms.code(VERIFY, faulty) == "9001"
    assert platforms.code(VERIFY, faulty, "lax:1") == "0000"


def test_a_refused_request_keeps_its_number(platforms: OfflinePlatforms) -> None:
    assert platforms.code(VERIFY, VERIFYING | {"treatment_code": "999999"}) == "9001"
    assert platforms.code(VERIFY, VERIFYING) == "0000"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"app_id": "NOBODY"}, "1008", f"应用不存在：app_id = NOBODY，可用 {APP_ID}、{LIMITED_APP_ID}"),
        ({"app_id": "1testapp0000000000000000limited0"}, "1008",
         "应用不存在：app_id = 1testapp0000000000000000limited0，"
         f"是否应为 {LIMITED_APP_ID}？可用 {LIMITED_APP_ID}、{APP_ID}"),
        ({"app_id": ""}, "1001", "应用编号为空：缺少必填字段 app_id（VC 4.1.1）"),
        ({"term_id": "35020010002"}, "1009",
         "终端不存在：term_id = 35020010002，是否应为 35020010001？可用 35020010001"),
        ({"term_id": None}, "1002", "终端编号为空：缺少必填字段 term_id（VC 4.1.1）"),
        ({"version": "1.0"}, "1003", "不支持交易版本号：version = 1.0，应为 X.M.0.1"),
        ({"version": ""}, "1003", "不支持交易版本号：缺少必填字段 version（VC 4.1.1）"),
        ({"method": ""}, "1004", "接口名称不为空：缺少必填字段 method（VC 4.1.1）"),
        ({"method": "ehc.ehealthcode.verfy"}, "1005",
         "接口名称不合法：method = ehc.ehealthcode.verfy，是否应为 ehc.ehealthcode.verify？"
         "可用 ehc.ehealthcode.verify、ehc.ehealthcard.querywithreg、ehc.ehealthcard.alterlink、"
         "ehc.ehealthcard.alterinfo、ehc.ehealthcard.close、ehc.ehealthcard.authurl、"
         "ehc.ehealthcard.auth.query、ehc.ehealthcard.push"),
        ({"enc_type": "aes"}, "1006",
         "未知加密类型：enc_type = aes，是否应为 AES？可用 AES、Plain、DES、SM4，区分大小写"),
        ({"enc_type": "RSA"}, "1006", "未知加密类型：enc_type = RSA，可用 Plain、AES、DES、SM4，区分大小写"),
        ({"sign_type": "SHA-256"}, "1007",
         "未知签名类型：sign_type = SHA-256，是否应为 SHA256？可用 SHA256、MD5、SM3，区分大小写"),
    ],
)  # fmt: skip
def test_refusals_of_the_envelope(platforms: OfflinePlatforms, change: dict[str, Any], code: str, message: str) -> None:
    """What came, and what is known."""
    arguments = {"method": VERIFY, "content": VERIFYING, **change}
    assert platforms.post(body(**arguments)) == {"ret_code": code, "ret_msg": message}


def test_a_passport_in_the_place_of_a_method_is_masked(platforms: OfflinePlatforms) -> None:
    for change in ({"method": "E99000012"}, {"enc_type": "E99000012"}, {"sign_type": "E99000012"}):
        arguments: dict[str, Any] = {"method": VERIFY, "content": VERIFYING, **change}
        assert "E99000012" not in platforms.post(body(**arguments))["ret_msg"]
    for path, name in ((GATEWAY, "transType"), (QR_QUERY, "method")):
        assert "E99000012" not in str(platforms.post(dump({name: "E99000012"}).encode(), path=path))


@pytest.mark.parametrize("name", ["app_id", "term_id", "version", "method", "enc_type", "sign_type"])
@pytest.mark.parametrize(
    "value",
    ["990000195203030026", "99010620010615012X", "19900000002", "王𬱖", "x" * 60, "A\x00B", "42400000000000000003"],
)
def test_what_may_be_a_persons_is_masked(platforms: OfflinePlatforms, name: str, value: str) -> None:
    """Also in the envelope, where it may have come by a mistake."""
    arguments: dict[str, Any] = {"method": VERIFY, "content": VERIFYING, name: value}
    message = platforms.post(body(**arguments))["ret_msg"]
    assert f"{name} = {mask(value)}，" in message and value not in message


# ---- EC --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in QUERY_ROWS if row.length], ids=ids)
def test_lengths_of_a_query(platforms: OfflinePlatforms, row: Field) -> None:
    assert row.length
    code, message = insurance(platforms, **{row.name: "龙" * (row.length + 1)})
    assert code == -2
    assert message.startswith(
        f"请求参数异常：{row.name}（{row.title}，{row.clause}）最多 {row.length} 字，实为 {row.length + 1} 字：龙***"
    )


@pytest.mark.parametrize("row", [row for row in QUERY_ROWS if row.required], ids=ids)
@pytest.mark.parametrize("absent", ["", None, "  "])
def test_required_fields_of_a_query(platforms: OfflinePlatforms, row: Field, absent: Any) -> None:
    wanted = (-2, f"请求参数异常：缺少必填字段 {row.name}（{row.title}，{row.clause}）")
    if row.name == "orgId":
        wanted = (500098, "缺少 orgId 入参：data 中没有 orgId（EC B.3）")
    assert insurance(platforms, **{row.name: absent}) == wanted


def test_the_dictionary_of_a_query(platforms: OfflinePlatforms) -> None:
    code, message = insurance(platforms, businessType="1")
    assert (
        code == -2
        and "businessType（用码业务类型，EC B.3）的值“1”不在字典“电子凭证用码业务类型表”（EC C.1）中" in message
    )


def test_the_envelope_of_the_insurance(platforms: OfflinePlatforms) -> None:
    def posted(**changes: Any) -> tuple[int, str]:
        request = {"orgId": "O", "transType": "hos.upload.fee", "data": {}, **changes}
        reply = platforms.post(dump(request).encode(), path=QR_QUERY)
        return reply["code"], reply["message"]

    assert posted()[0] == 0
    assert posted(transType="x" * 41) == (
        -2,
        f"请求参数异常：transType（交易类型，EC B.1）最多 40 字，实为 41 字：{mask('x' * 41)}",
    )
    assert posted(data="龙" * 204_801) == (
        -2,
        "请求参数异常：data（接口请求参数，EC B.1）最多 204800 字，实为 204801 字",
    )
    assert posted(data="龙" * 204_800)[0] == 0


def test_a_query_that_is_not_checked(platforms: OfflinePlatforms) -> None:
    changes = {"businessType": "1", "operatorId": "", "operatorName": "测" * 100, "orgId": ""}
    assert insurance(platforms, ecQrCode="4240000000000000000300350000", **changes)[0] == 500098
    assert insurance(platforms, "lax:1", ecQrCode="4240000000000000000300350000", **changes)[0] == 0


def test_fields_of_a_token_check(platforms: OfflinePlatforms) -> None:
    """No document has this table: what is there must fit, and only the token must be there."""
    assert platforms.token({"ecToken": "x"})["data"] == {"flag": "0"}
    assert platforms.token({"ecToken": "x" * 41})["code"] == -2
    refused = platforms.token({"ecToken": "x", "idType": "77"})
    assert refused["code"] == -2 and "idType（证件类型，规范外）的值“77”不在字典" in refused["message"]
    assert platforms.token({"ecToken": ""})["message"] == "请求参数异常：缺少 ecToken（令牌）"


# ---- the wrong platform ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [QR_QUERY, TOKEN_CHECK])
def test_a_card_request_at_the_insurance(platforms: OfflinePlatforms, path: str) -> None:
    assert platforms.post(body(VERIFY, VERIFYING), path=path) == {
        "code": -2,
        "message": "请求参数异常：这是多码融合平台的请求（有 method = ehc.ehealthcode.verify），"
        "请把地址改为多码融合平台的地址",
        "orgId": "",
        "success": False,
    }
    without = platforms.post(b'{"biz_content":"x"}', path=path)["message"]
    assert without == "请求参数异常：这是多码融合平台的请求（有 biz_content），请把地址改为多码融合平台的地址"


def test_an_insurance_request_at_the_gateway(platforms: OfflinePlatforms) -> None:
    request = {"orgId": "O", "transType": "ec.query", "data": ASKED_OF_INSURANCE}
    assert platforms.post(dump(request).encode(), path=GATEWAY) == {
        "ret_code": "9005",
        "ret_msg": "请求系统不支持：这是医保平台的请求（有 transType = ec.query），请把地址改为医保平台的地址",
    }
    assert "（有 ecToken）" in platforms.post(b'{"ecToken":"x"}', path=GATEWAY)["ret_msg"]
    assert platforms.post(dump(request).encode(), path=EITHER)["code"] == 500049
    assert platforms.post(body(AUTH_URL, {}), path=EITHER)["ret_code"] == "9001"


# ---- what hosts send in practice -------------------------------------------------------------------------------------


def test_the_good_cases_of_the_contract_are_accepted(tmp_path: Path) -> None:
    """By simulators that check everything; the shared one of other tests does not."""
    good = [case for case in CASES if case.get("code") in ("00", "0000")]
    with Simulator() as simulator:
        simulator.misbehave("again:1")
        port = Port(tmp_path)
        for case in good:
            texts = [text for text in contract_texts(case, simulator) if isinstance(text, bytes)]
            assert port.answer(case["function"], texts, 0, 2048).code.decode() == case["code"], case["id"]
    assert len(good) > 20


def test_the_calls_of_the_demo_are_accepted(tmp_path: Path) -> None:
    port = Port(tmp_path)
    for function, data, code in (("VirtualCardTrans", _VERIFY, b"00"), ("NationEcTrans", _QUERY, b"0000")):
        text = json.dumps(data, ensure_ascii=False).encode("gb18030")
        assert port.answer(function, [b"sim:", text], 0, 2048).code == code
