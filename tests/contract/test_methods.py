"""Every method through the libraries: once with every field of its table, once with the required ones only.

The fields are filled from the tables; what must come back is checked against the platform's own note of what arrived
and against the response rows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shim.simulator.server import Simulator
from shim.spec import METHODS
from shim.spec.rows import Field, Method
from tests.support.calls import QUERY, VERIFY
from tests.support.clients import Kind, Rig, trans_line
from tests.support.product import install

RARE = "𬱖䶮㛃"
CARD_METHODS = [name for name in METHODS if name.startswith("ehc.")]
KINDS: tuple[Kind, ...] = ("linux-c", "win32-c", "win32-delphi")

# Values that a platform checks; all other fields take a text of their own.
FIXED: dict[str, Any] = {
    "id_type": "01",
    "user_sex": "1",
    "nation": "01",
    "apply_method": "3",
    "certificate_mode": "01",
    "treatment_code": "010101",
    "businessType": "01101",
    "businessInfo": "01",
    "IsMultiCode": "1",
    "pub_flag": "Y",
    "QRprint": "N",
    "time_expire": "12000",
    "card_type": "01",
    "to_card_type": "02",
    "from_card_type": "01",
    "card_list": [{"card_type": "01", "card_no": "D990001"}],
    "photo_fomat": "JPGBASE64",
    "photo_format": "JPGBASE64",
    "mobile_phone": "19900000000",
}


def value(field: Field, salt: str) -> Any:
    """Something for a field: what the table of fixed values says, else rare characters, within its length."""
    if field.name in FIXED:
        return FIXED[field.name]
    return f"{salt}{RARE}{field.name}"[: field.length or 30]


def content(method: Method, salt: str, known: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    return {
        field.name: known.get(field.name, value(field, salt))
        for field in method.request
        if whole or field.required or field.name == method.scans
    }


def in_data(method: str, biz_content: dict[str, Any]) -> bytes:
    data = json.loads(VERIFY["in"])
    data |= {"method": method, "biz_content": biz_content}
    return json.dumps(data, ensure_ascii=False).encode("gb18030")


def assert_fields(answer: dict[str, Any], rows: tuple[Field, ...], optional: set[str]) -> None:
    """Every required response field is there, and none that the table does not have."""
    names = {row.name for row in rows}
    assert set(answer) <= names
    assert {row.name for row in rows if row.required} - set(answer) <= optional


@pytest.mark.parametrize("whole", [True, False], ids=["every field", "required fields"])
@pytest.mark.parametrize("method", CARD_METHODS)
@pytest.mark.parametrize("kind", KINDS)
def test_method(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, method: str, whole: bool) -> None:
    salt = f"{CARD_METHODS.index(method)}{int(whole)}{KINDS.index(kind)}"
    row = METHODS[method]
    product = install(kind, tmp_path / "his")

    # A person of this test's own, registered through the library, so that every later method has something to act on.
    new = METHODS["ehc.ehealthcard.querywithreg"]
    id_no = f"ID{RARE}{salt}"
    person = content(new, salt, {"id_no": id_no, "user_name": f"王{RARE}"}, whole=True)
    (registered,) = product.run(rig, [trans_line("r", in_data(new.name, person), url=simulator.gateway)])
    assert (registered.returned, registered.broken) == (b"00", {}), (registered.out or b"").decode("gb18030")
    card = json.loads((registered.out or b"").decode("gb18030"))

    known = {
        "ehealth_card_id": card["ehealth_card_id"],
        "ehealth_code": card["ehealth_code"],
        "from_card_no": "D990001",
        "id_no": id_no,
        "user_name": f"王{RARE}",
        "ECUrl": simulator.qr_query,
    }
    lines = []
    if method == "ehc.ehealthcard.auth.query":
        known["out_authorize_no"] = f"A{salt}"
        asked = content(METHODS["ehc.ehealthcard.authurl"], salt, known, whole=True)
        lines.append(trans_line("a", in_data("ehc.ehealthcard.authurl", asked), url=simulator.gateway))
    biz_content = content(row, salt, known, whole=whole)
    lines.append(trans_line("m", in_data(method, biz_content), url=simulator.gateway))
    reply = product.run(rig, lines)[-1]
    assert (reply.returned, reply.broken) == (b"00", {}), (reply.out or b"").decode("gb18030")

    # Every field arrived as it was given, under its canonical name, deciphered by the platform.
    assert json.loads(simulator.calls[-1].request_content) == biz_content
    answer = json.loads((reply.out or b"").decode("gb18030"))
    assert list(answer) == sorted(answer)
    # VC 4.2.2: these three belong to the other kind of code
    assert_fields(answer, row.response, {"ecToken", "insuOrg", "EcQrCode"})
    if method == "ehc.ehealthcode.verify":
        assert (answer["user_name"], answer["id_no"]) == (f"王{RARE}", id_no)


@pytest.mark.parametrize("whole", [True, False], ids=["every field", "required fields"])
@pytest.mark.parametrize("kind", KINDS)
def test_ec_query(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, whole: bool) -> None:
    row = METHODS["ec.query"]
    known = {"ecQrCode": "4240000000000000000300350000", "orgId": "1TESTORG0000000000000000TESTORG0"}
    data = json.loads(QUERY["in"])
    data["data"] = content(row, "", known, whole=whole)
    text = json.dumps(data, ensure_ascii=False).encode("gb18030")
    line = trans_line("q", text, url=simulator.qr_query, export="NationEcTrans")
    (reply,) = install(kind, tmp_path / "his").run(rig, [line])
    assert (reply.returned, reply.broken) == (b"0000", {})
    assert json.loads(simulator.calls[-1].request) == data
    answer = json.loads((reply.out or b"").decode("gb18030"))
    assert_fields(answer["data"], row.response, set())
    assert answer["data"]["userName"] == "龙䶮"


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_the_spelling_of_the_host_comes_back(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """out_alter_no for out.Alter_no: the platform gets the printed name, the host reads its own."""
    from shim.simulator.persons import PERSONS

    fields = {
        "ehealth_card_id": PERSONS[9].code_id,
        "mobile_phone": "19900000009",
        "out_alter_no": "N1",
        "out_alter_time": "T1",
    }
    line = trans_line("m", in_data("ehealthcard.alterinfo", fields), url=simulator.gateway)
    (reply,) = install(kind, tmp_path / "his").run(rig, [line])
    assert reply.returned == b"00"
    assert json.loads(simulator.calls[-1].request_content)["out.Alter_no"] == "N1"
    answer = json.loads((reply.out or b"").decode("gb18030"))
    assert answer["out_alter_no"] == "N1" and "out.Alter_no" not in answer


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_every_other_transtype_passes(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """What has no table is posted as it came: amounts as written, data as a text stays a text, nulls stay nulls."""
    bodies = [
        '{"transType":"hos.upload.fee","orgId":"O1","data":"{\\"amt\\":1.10}","extra":null}',
        '{"transType":"hos.revoke.order","data":{"amount":100.00,"big":12345678901234567890,"list":[1,null,""]}}',
        '{"transType":"cn.nhsa.settle.notify","orgId":"","data":{"名":"王𬱖"},"url":"x","deviceType":"SelfService"}',
        '{"transType":"no.such.type","data":{}}',
    ]
    lines = [
        trans_line(str(i), body.encode("gb18030"), url=simulator.qr_query, export="NationEcTrans")
        for i, body in enumerate(bodies)
    ]
    seen = simulator.seen
    replies = install(kind, tmp_path / "his").run(rig, lines)
    assert [reply.broken for reply in replies] == [{}] * len(bodies)
    assert [call.request for call in list(simulator.calls)[-len(bodies) :]] == bodies
    assert simulator.seen == seen + len(bodies)
    assert [reply.returned for reply in replies] == [b"0000"] * len(bodies)


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_token_check(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """localEcTokenCheck has no transType: its address tells, and data.flag answers (EC C.3)."""
    query = trans_line("q", QUERY["in"].encode("gb18030"), url=simulator.qr_query, export="NationEcTrans")
    token = "350000ec000000000000000000000000000003"
    good = f'{{"ecToken":"{token}","idType":"01","idNo":"990000195304040039","userName":"龙䶮"}}'
    bad = good.replace("0003", "9999", 1)
    lines = [
        query,
        trans_line("g", good.encode("gb18030"), url=simulator.token_check, export="NationEcTrans"),
        trans_line("b", bad.encode("gb18030"), url=simulator.token_check, export="NationEcTrans"),
    ]
    _, first, second = install(kind, tmp_path / "his").run(rig, lines)
    assert (first.returned, second.returned) == (b"0000", b"0000")
    assert json.loads((first.out or b"").decode("gb18030"))["data"]["flag"] in (1, "1")
    assert json.loads((second.out or b"").decode("gb18030"))["data"]["flag"] in (0, "0")


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_two_hundred_kilobytes(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """EC B.1 allows 200K of data: it goes out whole."""
    body = json.dumps({"transType": "hos.upload.fee", "data": {"x": "汉" * 68000}}, ensure_ascii=False)
    line = trans_line("b", body.encode("gb18030"), url=simulator.qr_query, export="NationEcTrans")
    (reply,) = install(kind, tmp_path / "his").run(rig, [line])
    assert (reply.returned, reply.broken) == (b"0000", {})
    assert len(simulator.calls[-1].request) > 68000
