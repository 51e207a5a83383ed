"""What a page asks: JSON to the parameters of an export, and OutData to JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shim.bridge.refusals import BridgeRefusal
from shim.bridge.request import read_request, request_fields, result_object

VERIFY = {"method": "ehc.ehealthcode.verify", "app_id": "A", "biz_content": {"out_verify_no": "1"}}
WITH_CODE = {**VERIFY, "biz_content": {"ehealth_code": "X:1:::1"}}


def asked(name: str, text: str) -> Any:
    return read_request(name, request_fields(text))


@pytest.mark.parametrize(
    ("in_data", "text"),
    [
        ('{"transType":"ec.query"}', '{"transType":"ec.query"}'),
        ('{ "b" : 1.10, "a" : 12345678901234567890, "c": 1e3 }', '{"b":1.10,"a":12345678901234567890,"c":1e3}'),
        ('{"name":"\\u9fa6\U00020000龙䶮","n":null,"t":true}', '{"name":"\u9fa6\U00020000龙䶮","n":null,"t":true}'),
        ('"{\\"a\\": 1.0 }"', '{"a": 1.0 }'),
        ('"not JSON at all"', "not JSON at all"),
        ('""', ""),
    ],
)
def test_in_data(in_data: str, text: str) -> None:
    """An object is written compactly, with its order and its numbers; a text is passed on as it is."""
    request = asked("NationEcTrans", f'{{"strUrl": "sim:", "InData": {in_data}}}')
    assert request.values == ("sim:", text)


def test_the_other_exports() -> None:
    assert asked("Set_QRflow_Mode", '{"mode": 1, "id": "a.B-1"}').values == (1,)
    assert asked("Set_QRflow_Mode", '{"mode": -1, "id": "a.B-1"}').id == "a.B-1"
    assert asked("SetEcQrcode", "{}").values == ()
    printed = asked("EhealthID_Print", '{"name": "王𬱖", "ehealthid": "X", "cardNo": ""}')
    assert printed.values == ("X", "", "王𬱖")


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("nationectrans", "{}", "call"),
        ("", "{}", "call"),
        ("__class__", "{}", "call"),
        ("NationEcTrans", "{}", "field"),
        ("NationEcTrans", '{"strUrl": "sim:"}', "field"),
        ("NationEcTrans", '{"strUrl": 1, "InData": "x"}', "field"),
        ("NationEcTrans", '{"strUrl": 1.5, "InData": "x"}', "field"),
        ("NationEcTrans", '{"strUrl": {}, "InData": "x"}', "field"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": []}', "field"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": 1}', "field"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": 1.5}', "field"),
        ("NationEcTrans", '{"strUrl": "sim:\\u0000", "InData": "x"}', "field"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": "x\\u0000y"}', "field"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": "x", "indata": "y"}', "unknown_field"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": "x", "id": 1}', "id"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": "x", "id": 1.5}', "id"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": "x", "id": ""}', "id"),
        ("NationEcTrans", '{"strUrl": "sim:", "InData": "x", "id": "a b"}', "id"),
        ("NationEcTrans", f'{{"strUrl": "sim:", "InData": "x", "id": "{"x" * 65}"}}', "id"),
        ("Set_QRflow_Mode", '{"mode": "1"}', "field"),
        ("Set_QRflow_Mode", '{"mode": 1.5}', "field"),
        ("Set_QRflow_Mode", '{"mode": true}', "field"),
        ("Set_QRflow_Mode", '{"mode": 2147483648}', "field"),
        ("Set_QRflow_Mode", '{"mode": 99999999999999999999}', "field"),
        ("SetEcQrcode", '{"pErrmsg": ""}', "unknown_field"),
    ],
)
def test_refused(name: str, text: str, error: str) -> None:
    with pytest.raises(BridgeRefusal) as refused:
        asked(name, text)
    assert refused.value.row.name == error


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'"x"',
        b"{",
        b"\xff{}",
        b"1",
        b"null",
        b'{"a":NaN}',
        b"[" * 100_000,
        b'{"a":' * 500,
        b'{"a":"\\ud800"}',
    ],
)
def test_no_json_object(data: bytes) -> None:
    with pytest.raises(BridgeRefusal) as refused:
        request_fields(data)
    assert refused.value.row.name == "json"


@pytest.mark.parametrize(
    ("name", "in_data", "scans"),
    [
        ("VirtualCardTrans", VERIFY, True),
        ("VirtualCardTrans", {**VERIFY, "method": "ehealthcode.verify"}, True),
        ("VirtualCardTrans", {**VERIFY, "biz_content": json.dumps(VERIFY["biz_content"])}, True),
        ("VirtualCardTrans", {**VERIFY, "biz_content": {"ehealth_code": " "}}, True),
        ("VirtualCardTrans", WITH_CODE, False),
        ("VirtualCardTrans", {**VERIFY, "method": "ehc.ehealthcode.close"}, False),
        ("VirtualCardTrans", {**VERIFY, "method": "unknown"}, False),
        ("VirtualCardTrans", {}, False),
        ("NationEcTrans", {"transType": "ec.query", "data": {"orgId": "1"}}, True),
        ("NationEcTrans", {"transType": "ec.query", "data": {"ecQrCode": "4" * 28}}, False),
        ("NationEcTrans", {"transType": "cn.nhsa.qrcode.get", "data": {}}, True),
        ("NationEcTrans", {"transType": "ec.other", "data": {}}, False),
    ],
)
def test_which_calls_scan(name: str, in_data: dict[str, Any], scans: bool) -> None:
    request = read_request(name, {"strUrl": "sim:", "InData": in_data})
    assert request.may_scan is scans
    assert read_request(name, {"strUrl": "sim:", "InData": json.dumps(in_data)}).may_scan is scans


@pytest.mark.parametrize("text", ["", "no JSON", "{", "12", '"x"', "null"])
def test_out_data_that_is_no_object(text: str) -> None:
    assert result_object({"code": "00", "OutData": text}) == {"code": "00", "OutData": text, "data": None}


def test_out_data() -> None:
    """The text is what the DLL gave; beside it the same as JSON."""
    assert result_object({"code": 0}) == {"code": 0}
    answer = result_object({"code": "00", "OutData": '{"a": 1.10, "b": [龙]}'.replace("[龙]", '["龙"]')})
    assert answer["OutData"] == '{"a": 1.10, "b": ["龙"]}'
    assert answer["data"] == {"a": "1.10", "b": ["龙"]}  # a Number, which is written as it came
