"""Which platform a code belongs to, and how an insurance code comes back inside verify (VC 4.2.2)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shim.dialects import merged
from shim.dialects.scanned import Kind, is_usual, kind, tidy
from shim.errors import PlatformError, Reason
from shim.simulator.server import Simulator
from tests.support.calls import VERIFY
from tests.support.clients import Kind as Client
from tests.support.clients import Rig, trans_line
from tests.support.product import install


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("4240000000000000000300350000", Kind.INSURANCE),
        ("9990000000000000000300350000", Kind.INSURANCE),
        ("opc4240000000000000000300350", Kind.INSURANCE),
        ("424000000000000000030035000", Kind.UNKNOWN),  # 27 digits
        ("42400000000000000003003500000", Kind.UNKNOWN),  # 29
        ("opc42400000000000000003003500", Kind.UNKNOWN),  # opc + 26
        ("42400000000000000003003５0000", Kind.UNKNOWN),  # a full-width digit
        ("206CB2B57E8E905C5EF59A063515F655D8A17XCD312DD76A:1:::00000001001", Kind.FUSED),
        ("85:0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF:1", Kind.FUSED),
        ("206CB2B57E8E905C5EF59A063515F655D8A17XCD312DD76A::token::1", Kind.FUSED),
        ("hello", Kind.UNKNOWN),
        ("", Kind.UNKNOWN),
    ],
)
def test_kind(code: str, wanted: Kind) -> None:
    assert kind(code) is wanted


def test_tidy() -> None:
    assert tidy(" \t4240000000000000000300350000\r\n") == "4240000000000000000300350000"


def test_usual() -> None:
    assert is_usual("4240000000000000000300350000") and is_usual("opc4240000000000000000300350")
    assert not is_usual("9990000000000000000300350000")


def verify(code: str, **fields: Any) -> bytes:
    data = json.loads(VERIFY["in"])
    data["biz_content"].update({"ehealth_code": code, **fields})
    return json.dumps(data, ensure_ascii=False).encode("gb18030")


INSURANCE = {
    "orgId": "1TESTORG0000000000000000TESTORG0",
    "businessType": "01101",
    "businessInfo": "01",
    "officeId": "0304",
    "officeName": "心血管内科专业",
    "IsMultiCode": "1",
}


@pytest.mark.parametrize("client", ["linux-c", "win32-c"])
def test_an_insurance_code_is_routed_and_merged(rig: Rig, simulator: Simulator, tmp_path: Path, client: Client) -> None:
    """The code goes to ECUrl as ec.query with the fields of EC B.3; the answer has the shape of VC 4.2.2."""
    in_data = verify("4240000000000000000300350000\r\n", ECUrl=simulator.qr_query, **INSURANCE)
    (reply,) = install(client, tmp_path / "his").run(rig, [trans_line("v", in_data, url="http://127.0.0.1:9/unused")])
    assert reply.broken == {}
    assert reply.returned == b"00"
    assert (reply.out or b"").decode("gb18030") == (
        '{"EcQrCode":"4240000000000000000300350000","birthday":"19530404","card_type":"A2",'
        '"ecToken":"350000ec000000000000000000000000000003","id_no":"990000195304040039","id_type":"01",'
        '"insuOrg":"350200","user_name":"龙䶮","user_sex":"1"}'
    )
    assert json.loads(simulator.calls[-1].request) == {
        "orgId": "1TESTORG0000000000000000TESTORG0",
        "transType": "ec.query",
        "extra": {},
        "data": {
            "orgId": "1TESTORG0000000000000000TESTORG0",
            "businessType": "01101",
            "businessInfo": "01",
            "operatorId": "9527",
            "operatorName": "测试员",
            "officeId": "0304",
            "officeName": "心血管内科专业",
            "ecQrCode": "4240000000000000000300350000",
        },
    }


def test_what_the_insurance_platform_refuses(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """Its own code and text are what verify returns."""
    in_data = verify("4249999999999999999999999999", ECUrl=simulator.qr_query, **INSURANCE)
    (reply,) = install("linux-c", tmp_path / "his").run(rig, [trans_line("v", in_data, url=simulator.gateway)])
    assert reply.returned == b"500049"
    assert (reply.out or b"").decode("gb18030") == "电子凭证二维码无效"


def test_without_ecurl_the_gateway_decides(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    product = install("linux-c", tmp_path / "his")
    (reply,) = product.run(rig, [trans_line("v", verify("4240000000000000000300350000"), url=simulator.gateway)])
    assert reply.returned == b"2002"
    assert simulator.calls[-1].path.endswith("/gateway.do")


@pytest.mark.parametrize(
    ("id_type", "wanted"), [("01", "01"), ("02", "04"), ("04", "06"), ("08", "03"), ("16", "08"), ("12", "99")]
)
def test_id_types_are_translated(id_type: str, wanted: str) -> None:
    out = json.dumps({"code": 0, "data": {"idType": id_type}})
    assert json.loads(merged.verify_out_data(out, "x"))["id_type"] == wanted


def test_empty_and_null_fields_stay_out() -> None:
    data = '{"userName":"张三","birthday":"null","gender":null,"insuOrg":""}'
    out = json.dumps({"code": 0, "data": data})
    assert merged.verify_out_data(out, "x") == '{"EcQrCode":"x","card_type":"A2","user_name":"张三"}'


@pytest.mark.parametrize("data", ['"no json"', '"[1]"', "[1]", "7"])
def test_data_that_is_no_object_is_the_platforms_fault(data: str) -> None:
    with pytest.raises(PlatformError) as caught:
        merged.verify_out_data(f'{{"code":0,"data":{data}}}', "x")
    assert caught.value.reason is Reason.UNREADABLE_ANSWER
