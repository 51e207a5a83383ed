"""The service: how much a finding matters, which answers are believed, what a table row is enough for."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from buildlib import demo
from shim import spec
from shim.call_port import Port
from shim.host_bytes import Answer
from shim.simulator.server import Simulator
from shim.spec.rows import Field, Method
from shim.validate import check_fields
from tests.support.calls import QUERY, VERIFY
from tests.support.logs import log

Ask = Callable[..., Answer]


@pytest.fixture
def ask(tmp_path: Path, simulator: Simulator) -> Ask:
    """A call with an ini text of its own: ask(ini, function, in_data, wish)."""

    def run(ini: str, function: str, in_data: str | bytes, wish: str = "") -> Answer:
        (tmp_path / "vcshim.ini").write_text(ini, "utf-8")
        url = simulator.gateway if function == "VirtualCardTrans" else simulator.qr_query
        data = in_data if isinstance(in_data, bytes) else in_data.encode("gb18030")
        return Port(tmp_path).answer(function, [(url + wish).encode(), data], 0, 2048)

    return run


def changed(text: str, **fields: Any) -> str:
    data = json.loads(text)
    data["biz_content" if "biz_content" in data else "data"].update(fields)
    return json.dumps(data, ensure_ascii=False)


# ---- validation ------------------------------------------------------------------------------------------------------

LONG = changed(VERIFY["in"], operator_name="王" * 33, treatment_code="999999")
EC_LONG = changed(QUERY["in"], operatorName="王" * 31, businessType="1")


def test_warn_logs_and_sends(ask: Ask, tmp_path: Path) -> None:
    """The default: field, clause, limit and length are in the log, the value is not, and the call goes out."""
    assert ask("", "VirtualCardTrans", LONG).code == b"00"
    assert ask("", "NationEcTrans", EC_LONG).code == b"0000"
    findings = "".join(text for row in log(tmp_path) for text in row.get("findings", []))
    assert "字段 operator_name（用卡验证操作员姓名，VC 4.2.1）最多 32 字，实为 33 字，请缩短" in findings
    assert "字段 treatment_code" in findings and "的值不在字典“诊疗环节编码表”（VC 附录2.5）中" in findings
    assert "字段 operatorName（操作员姓名，EC B.3）最多 30 字，实为 31 字" in findings
    assert "字段 businessType" in findings
    assert "缺少必填字段 orgId" not in findings  # the code is none of the insurance
    assert "王王" not in findings and "999999" not in findings


def test_strict_refuses_before_anything_is_sent(ask: Ask, simulator: Simulator, tmp_path: Path) -> None:
    """The clerk reads where the first faults are; the log lists all of them."""
    seen = simulator.seen
    card = ask("[validate]\nlevel = strict\n", "VirtualCardTrans", LONG)
    nation = ask("[validate]\nlevel = strict\n", "NationEcTrans", EC_LONG)
    assert (card.code, nation.code) == (b"9001", b"-2")
    said = "医院程序传来的数据有误（operator_name 等 2 处），本次没有提交。请联系信息科（9001）。"
    assert card.out.decode("gb18030") == said
    assert "businessType 等 2 处" in json.loads(nation.out.decode("gb18030"))["message"]
    found = [row["findings"] for row in log(tmp_path) if row["text"] == "入参不合规范，没有发送"]
    assert [len(texts) for texts in found] == [2, 2] and "字段 treatment_code（" in found[0][1]
    assert simulator.seen == seen


def test_off_is_silent(ask: Ask, tmp_path: Path) -> None:
    assert ask("[validate]\nlevel = off\n", "VirtualCardTrans", LONG).code == b"00"
    assert [row for row in log(tmp_path) if "findings" in row] == []


def test_an_unknown_method_passes_unless_strict(ask: Ask) -> None:
    data = json.loads(VERIFY["in"]) | {"method": "all"}
    assert ask("", "VirtualCardTrans", json.dumps(data)).code == b"1005"  # the platform's own word
    assert "接口名称 method" in ask("[validate]\nlevel = strict\n", "VirtualCardTrans", json.dumps(data)).out.decode(
        "gbk"
    )


@pytest.mark.parametrize(
    ("value", "findings"),
    [
        ("", 1),
        (None, 1),
        ("张三", 0),
        ("张" * 50, 0),
        ("张" * 51, 1),
        ({"a": 1}, 0),
        (7, 0),
    ],
)
def test_check(value: Any, findings: int) -> None:
    row = Field("user_name", "用户姓名", "String", 50, True, "VC 4.1.1")
    assert len(check_fields((row,), {"user_name": value})) == findings
    assert len(check_fields((replace(row, required=False),), {"user_name": value})) == (findings if value else 0)


def test_a_name_of_the_dictionary_will_do() -> None:
    row = Field("nation", "民族", "String", 50, False, "VC 4.1.1", "nations")
    assert check_fields((row,), {"nation": "01"}) == check_fields((row,), {"nation": "汉族"}) == []
    assert len(check_fields((row,), {"nation": "火星族"})) == 1


def test_a_new_method_is_a_row(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row makes the strict service know a method, its fields and its aliases: no code."""
    field = Field("a", "甲", "String", 2, True, "VC 9.9.1", aliases=("A",))
    row = Method("ehc.ehealthcard.example", "示例", "VC 9.9", (field,), ())
    data = json.loads(VERIFY["in"]) | {"method": row.name, "biz_content": {"A": "太长了"}}
    strict = "[validate]\nlevel = strict\n[messages]\naudience = developer\n"
    assert "附录2.1" in ask(strict, "VirtualCardTrans", json.dumps(data)).out.decode("gbk")
    monkeypatch.setitem(spec.METHODS, row.name, row)
    assert "字段 a（甲，VC 9.9.1）最多 2 字" in ask(strict, "VirtualCardTrans", json.dumps(data)).out.decode("gbk")


def texts(folder: Path, level: str = "WARNING") -> list[str]:
    """The findings in the log, line by line."""
    return [text for row in log(folder) if row["level"] == level for text in row.get("findings", [])]


COMPANIONS = ["ECUrl", "orgId", "businessType", "businessInfo", "officeId", "officeName", "IsMultiCode"]
INSURANCE = "4240000000000000000300350000"


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, []),
        ({"IsMultiCode": "1"}, []),
        ({"IsMultiCode": "0"}, COMPANIONS[:-1]),
        ({"IsMultiCode": 0}, COMPANIONS[:-1]),
        ({"ehealth_code": INSURANCE}, COMPANIONS),
        ({"ehealth_code": INSURANCE + "\r\n"}, COMPANIONS),
        ({"ehealth_code": "opc" + INSURANCE[3:], "ECUrl": "sim:"}, COMPANIONS[1:]),
        ({"ehealth_code": INSURANCE[:-1]}, []),
    ],
)
def test_ec_url_and_its_companions_are_required_for_insurance_codes(
    ask: Ask, tmp_path: Path, fields: dict[str, Any], missing: list[str]
) -> None:
    ask("", "VirtualCardTrans", changed(VERIFY["in"], **fields))
    found = [text.split("（")[0].removeprefix("缺少必填字段 ") for text in texts(tmp_path) if "VC 4.2.1；" in text]
    assert found == missing
    strict = ask("[validate]\nlevel = strict\n", "VirtualCardTrans", changed(VERIFY["in"], **fields))
    assert (strict.code == b"9001") == bool(missing)


@pytest.mark.parametrize(
    ("code", "missing"),
    [("8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001", False), (INSURANCE, True)],
)
def test_a_scanned_code_decides_too(ask: Ask, tmp_path: Path, simulator: Simulator, code: str, missing: bool) -> None:
    """What is wrong whatever the code is stops a strict call before the scan, what the code decides after it."""
    (tmp_path / "code.txt").write_text(code + "\n", "ascii")
    ini = "[validate]\nlevel = strict\n[scanner]\ntype = file\nfile = " + str(tmp_path / "code.txt") + "\n"
    seen = simulator.seen
    answer = ask(ini, "VirtualCardTrans", changed(VERIFY["in"], ehealth_code=""))
    assert answer.code == (b"9001" if missing else b"00")
    assert ("ECUrl" in answer.out.decode("gb18030")) == missing
    assert simulator.seen == seen + (not missing)
    (tmp_path / "code.txt").write_text("", "ascii")
    answer = ask(ini, "VirtualCardTrans", changed(VERIFY["in"], ehealth_code="", operator_id=""))
    assert (answer.code, "operator_id" in answer.out.decode("gb18030")) == (b"9001", True)


@pytest.mark.parametrize("function", ["VirtualCardTrans", "NationEcTrans"])
def test_the_requests_of_the_demo_are_clean(tmp_path: Path, function: str) -> None:
    (tmp_path / "vcshim.ini").write_text("[validate]\nlevel = strict\n", "utf-8")
    data = demo._VERIFY if function == "VirtualCardTrans" else demo._QUERY
    in_data = json.dumps(data, ensure_ascii=False).encode("gb18030")
    port = Port(tmp_path)
    assert port.answer(function, [b"sim:", in_data], 0, 2048).code in (b"00", b"0000")
    assert [row for row in log(tmp_path) if "findings" in row] == []


def test_a_finding_is_a_warning_once_a_process(simulator: Simulator, tmp_path: Path) -> None:
    """By method, field and kind; later ones are for the level debug. Another process says it again."""
    (tmp_path / "vcshim.ini").write_text("[log]\nlevel = debug\n", "utf-8")
    port = Port(tmp_path)

    def call(**fields: Any) -> None:
        data = changed(VERIFY["in"], **fields).encode("gb18030")
        assert port.answer("VirtualCardTrans", [simulator.gateway.encode(), data], 0, 2048).code == b"00"

    call(treatment_code="999999")
    call(treatment_code="888888")
    assert len(texts(tmp_path)) == 1 and len(texts(tmp_path, "DEBUG")) == 1
    call(treatment_code="7777777", operator_name="王" * 33)
    assert [text.split("（")[0] for text in texts(tmp_path)] == ["字段 treatment_code", "字段 operator_name"]
    call(treatment_code="9" * 33)  # another kind of finding
    assert len(texts(tmp_path)) == 3
    port = Port(tmp_path)
    call(treatment_code="999999")
    assert len(texts(tmp_path)) == 4


def test_an_odd_code_and_a_wrong_sign_are_warnings_once_a_process(simulator: Simulator, tmp_path: Path) -> None:
    """Which answers had a wrong sign stays in the line of each call."""
    port = Port(tmp_path)
    url = simulator.gateway.encode() + b"?sim=spoil:1"
    for code in ("odd", "odder", VERIFY["in"]):
        data = changed(VERIFY["in"], **({"ehealth_code": code} if len(code) < 10 else {})).encode("gb18030")
        port.answer("VirtualCardTrans", [url, data], 0, 2048)
    port.answer("VirtualCardTrans", [url, VERIFY["in"].encode("gb18030")], 0, 2048)
    rows = log(tmp_path)
    warnings = [row["text"][:9] for row in rows if row["level"] == "WARNING"]
    assert warnings == ["二维码不是常见的形", "多码融合平台的应答"]
    assert [row.get("sign") for row in rows if row["text"] == "成功"] == ["不对", "不对"]


@pytest.mark.parametrize(
    ("function", "change", "words"),
    [
        ("VirtualCardTrans", {"method": "ehc.ehealthcode.verfy"}, ("ehc.ehealthcode.verfy", "ehc.ehealthcode.verify")),
        ("VirtualCardTrans", {"method": "ehealthcode.verfiy"}, ("verfiy", "是否应为 ehc.ehealthcode.verify？")),
        ("VirtualCardTrans", {"method": "EHC.EHEALTHCODE.VERIFY"}, ("是否应为 ehc.ehealthcode.verify？",)),
        ("VirtualCardTrans", {"method": "ehc.ehealthcard.aut.query"}, ("是否应为 ehc.ehealthcard.auth.query？",)),
        ("NationEcTrans", {"transType": "ec.qurey"}, ("ec.qurey", "是否应为 ec.query？")),
        ("NationEcTrans", {"transType": "cn.nhsa.qrcod.get"}, ("是否应为 cn.nhsa.qrcode.get？",)),
        ("NationEcTrans", {"transType": "hos.uplaod.fee"}, ("是否应为 hos.upload.fee？",)),
        ("VirtualCardTrans", {"timestmap": "1", "timestamp": None}, ("timestmap", "timestamp")),
        ("NationEcTrans", {"transtype": "ec.query", "transType": None}, ("transtype", "transType")),
        ("NationEcTrans", {"exrta": {}, "extra": None}, ("exrta", "extra")),
    ],
)  # fmt: skip
def test_a_slip_gets_its_nearest_name(
    ask: Ask, tmp_path: Path, function: str, change: dict[str, Any], words: tuple[str, ...]
) -> None:
    data = json.loads((VERIFY if function == "VirtualCardTrans" else QUERY)["in"]) | change
    in_data = json.dumps({name: value for name, value in data.items() if value is not None}, ensure_ascii=False)
    ask("", function, in_data)
    (text,) = texts(tmp_path)
    assert all(word in text for word in words)
    strict = ask("[validate]\nlevel = strict\n[messages]\naudience = developer\n", function, in_data)
    assert strict.code in (b"1005", b"9001", b"-2") and words[-1] in strict.out.decode("gb18030")


@pytest.mark.parametrize("name", ["hos.query.insu", "cn.nhsa.auth.check", "a.type.of.the.site"])
def test_a_type_without_a_row_is_no_finding(ask: Ask, tmp_path: Path, name: str) -> None:
    data = json.dumps(json.loads(QUERY["in"]) | {"transType": name}, ensure_ascii=False)
    assert ask("[validate]\nlevel = strict\n", "NationEcTrans", data).code == b"0000"
    assert texts(tmp_path) == []


@pytest.mark.parametrize(
    ("taken", "given", "remark"),
    [("app_id", "appid", "appid"), ("method", "metod", "metod"), ("key", "kye", "kye"), ("version", "ver", "")],
)
def test_a_missing_common_field_names_its_slip(ask: Ask, taken: str, given: str, remark: str) -> None:
    data = json.loads(VERIFY["in"])
    data[given] = data.pop(taken)
    ini = "[messages]\naudience = developer\n"
    text = ask(ini, "VirtualCardTrans", json.dumps(data, ensure_ascii=False)).out.decode("gb18030")
    assert taken in text.partition("，")[0] and ("收到未知字段" in text) == bool(remark) and remark in text


@pytest.mark.parametrize("level", ["warn", "strict", "off"])
@pytest.mark.parametrize(
    "name", ["990000195203030026", "王𬱖", "E99000012", "ehc.ehealthcode.verify990000195203030026"]
)
def test_a_name_that_may_be_a_patients_is_masked(ask: Ask, tmp_path: Path, level: str, name: str) -> None:
    """What hosts put where a name belongs: in method, transType, the type words and the names of fields."""
    ini = f"[validate]\nlevel = {level}\n[log]\nlevel = wire\n"
    card, nation = json.loads(VERIFY["in"]), json.loads(QUERY["in"])
    card["biz_content"][name + "operator_id"] = "x"
    del card["biz_content"]["operator_id"]
    for change in ({"method": name}, {"sign_type": name}, {"enc_type": name}, {name: "x"}):
        answer = ask(ini, "VirtualCardTrans", json.dumps(card | change, ensure_ascii=False))
        assert name not in answer.out.decode("gb18030") or answer.code == b"00"
    twice = json.dumps(card, ensure_ascii=False)[:-1] + f', "{name}": 1, "{name}": 2}}'
    assert name not in ask(ini, "VirtualCardTrans", twice).out.decode("gb18030")
    for change in ({"transType": name}, {name: "x"}):
        ask(ini, "NationEcTrans", json.dumps(nation | change, ensure_ascii=False))
    assert name not in "".join(path.read_text("utf-8") for path in (tmp_path / "vcshim_log").iterdir())


@pytest.mark.parametrize("field", ["sign_type", "enc_type"])
def test_a_slip_in_a_type_word(ask: Ask, field: str) -> None:
    word, meant = {"sign_type": ("SM33", "SM3"), "enc_type": ("ASE", "AES")}[field]
    ini = "[messages]\naudience = developer\n"
    text = ask(ini, "VirtualCardTrans", json.dumps(json.loads(VERIFY["in"]) | {field: word})).out.decode("gb18030")
    assert f"类型 {field} 没有此项），" in text and f"入参 {field} = {word}（" in text
    assert f"是否应为 {meant}？可用：" in text


# ---- what is believed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verify", "code"), [("off", b"00"), ("warn", b"00"), ("strict", b"9003")])
@pytest.mark.parametrize("wish", ["spoil:1", "unsigned:1"])
def test_a_wrong_or_missing_sign(ask: Ask, tmp_path: Path, verify: str, code: bytes, wish: str) -> None:
    assert ask(f"[wire]\nverify = {verify}\n", "VirtualCardTrans", VERIFY["in"], f"?sim={wish}").code == code
    warned = [row for row in log(tmp_path) if row["level"] == "WARNING" and "签名不对" in row["text"]]
    assert len(warned) == (1 if verify == "warn" else 0)


@pytest.mark.parametrize("verify", ["off", "warn", "strict"])
@pytest.mark.parametrize("wish", ["", ",spoil:1", ",unsigned:1"])
def test_the_sign_of_a_refusal_is_not_looked_at(ask: Ask, tmp_path: Path, verify: str, wish: str) -> None:
    """The platform's own code and words survive: who cannot be verified cannot be answered with a sign (1008)."""
    answer = ask(f"[wire]\nverify = {verify}\n", "VirtualCardTrans", VERIFY["in"], f"?sim=refuse:2001{wish}")
    assert (answer.code, answer.out.decode("gb18030")) == (b"2001", "多码融合码二维码已过期")
    assert [row for row in log(tmp_path) if "签名不对" in row["text"] or "sign" in row] == []


@pytest.mark.parametrize(("number", "shown"), [("990000195203030026", "***（18 字）"), ("990000195", "***（9 字）")])
def test_a_number_of_a_person_in_place_of_a_code_stays_out_of_the_log(
    ask: Ask, tmp_path: Path, number: str, shown: str
) -> None:
    for function, text in (("VirtualCardTrans", VERIFY["in"]), ("NationEcTrans", QUERY["in"])):
        answer = ask("[log]\nlevel = wire\n", function, text, f"?sim=refuse:{number}")
        assert answer.code.decode() == (number if len(number) < 10 else "9998" if function[0] == "V" else "-1")
    lines = "".join(path.read_text("utf-8") for path in (tmp_path / "vcshim_log").iterdir())
    assert shown in lines and number not in lines


@pytest.mark.parametrize(
    "wish",
    [
        "under:data", "names:code", "names:msg", "names:return_code", "names:resp_code", "names:respCode",
        "objectcontent:1", "gbkbody:1", "label:gbk", "success:00", "success:0", "success:200", "success:10",
    ],
)  # fmt: skip
def test_an_answer_in_another_dress(ask: Ask, wish: str) -> None:
    """Whatever names, charset, place or success value a platform uses: the same OutData."""
    answer = ask("", "VirtualCardTrans", VERIFY["in"], f"?sim={wish}")
    assert (answer.code, answer.out) == (b"00", VERIFY["out"].encode("gb18030"))


@pytest.mark.parametrize("wish", ["wrap:1", "textcode:1", "gbkbody:1"])
def test_a_nation_answer_in_another_dress(ask: Ask, wish: str) -> None:
    answer = ask("", "NationEcTrans", QUERY["in"], f"?sim={wish}")
    assert (answer.code, answer.out) == (b"0000", QUERY["out"].encode("gb18030"))


@pytest.mark.parametrize(
    ("wish", "code"), [("reset:1", b"3003"), ("half:1", b"3003"), ("huge:1", b"3003"), ("http:404", b"3003")]
)
def test_an_answer_that_is_none(ask: Ask, wish: str, code: bytes) -> None:
    assert ask("", "VirtualCardTrans", VERIFY["in"], f"?sim={wish}").code == code


def test_a_refusal_never_looks_like_success(ask: Ask) -> None:
    """mianyang takes 200 for yes, so 00 is a no: what the host must not get is the "00" it takes for success."""
    plain = json.loads(VERIFY["in"]) | {"enc_type": "", "sign_type": ""}
    site = "[wire]\ndialect = here\n[dialect here]\nbase = ehcservice\nsuccess = 200\n"
    answer = ask(site, "VirtualCardTrans", json.dumps(plain), "?sim=refuse:00,words:4")
    assert (answer.code, answer.out.decode("gbk")) == (b"9998", "汉汉")


@pytest.mark.parametrize("function", ["VirtualCardTrans", "NationEcTrans"])
@pytest.mark.parametrize("raised", [RecursionError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit])
@pytest.mark.parametrize(
    ("place", "sent"),
    [
        ("shim.transport.sockets.SocketTransport.post", 0),
        ("shim.transport.connection.Connector.connect", 0),
        ("shim.transport.sockets.read_answer", 1),
        ("shim.dialects.nation.parse_answer shim.dialects.virtualcard.parse_answer", 1),
    ],
    ids=["post", "connect", "read", "parse"],
)
def test_an_exception_ends_a_call_as_its_state_says(
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    simulator: Simulator,
    function: str,
    place: str,
    sent: int,
    raised: type[BaseException],
) -> None:
    """After sending the platform may have carried the request out: 8009 would invite the host to do it again."""

    def broken(*_: object) -> None:
        raise raised("张三")

    for name in place.split():
        monkeypatch.setattr(name, broken)
    before = simulator.seen
    answer = ask("", function, VERIFY["in"] if function == "VirtualCardTrans" else QUERY["in"])
    codes = {"VirtualCardTrans": (b"8009", b"3003"), "NationEcTrans": (b"-1", b"-1")}
    text = answer.out.decode("gbk")
    assert answer.code == codes[function][sent]
    assert sent or simulator.seen == before
    assert ("不影响业务" in text, "本次没有提交" in text, "张三" in text) == (bool(sent), not sent, False)


def test_a_field_in_both_spellings_keeps_both() -> None:
    from shim.dialects.table import EHCSERVICE
    from shim.dialects.virtualcard import parse_vc_request

    fields = {"out.Alter_no": "N1", "out_alter_no": "", "out_alter_time": "T1"}
    data = json.loads(VERIFY["in"]) | {"method": "ehc.ehealthcard.alterinfo", "biz_content": fields}
    request = parse_vc_request(json.dumps(data), EHCSERVICE)
    assert request.content == {"out.Alter_no": "N1", "out_alter_no": "", "out.Alter_time": "T1"}
    assert request.spelled == {"out.Alter_time": "out_alter_time"}


# ---- enc_type, sign_type, dialect ------------------------------------------------------------------------------------


@pytest.mark.parametrize("enc_type", ["", "Plain", "AES", "DES", "SM4"])
@pytest.mark.parametrize("sign_type", ["", "MD5", "SM3"])
def test_every_cipher_and_digest_of_the_default(ask: Ask, enc_type: str, sign_type: str) -> None:
    data = json.loads(VERIFY["in"]) | {"enc_type": enc_type, "sign_type": sign_type}
    answer = ask("[wire]\nverify = strict\n", "VirtualCardTrans", json.dumps(data, ensure_ascii=False))
    assert (answer.code, answer.out) == (b"00", VERIFY["out"].encode("gb18030"))


@pytest.mark.parametrize("enc_type", ["MD5", "RSA"])
def test_what_is_no_cipher(ask: Ask, enc_type: str) -> None:
    """VC 4.6-4.8 print MD5 as an enc_type: a digest cannot be undone, 1006."""
    data = json.loads(VERIFY["in"]) | {"enc_type": enc_type}
    assert ask("", "VirtualCardTrans", json.dumps(data)).code == b"1006"


def test_another_dialect_is_refused_by_the_platform(ask: Ask) -> None:
    assert ask("[wire]\ndialect = ehcservice-amp\n", "VirtualCardTrans", VERIFY["in"]).code == b"9003"


def test_a_dialect_that_cannot_be_used(ask: Ask, simulator: Simulator, tmp_path: Path) -> None:
    """8006, and nothing is signed by another dialect instead; the other DLL does not care."""
    seen = simulator.seen
    for ini in ("[wire]\ndialect = nowhere\n", "[wire]\ndialect = 本院\n[dialect 本院]\nsort = random\n"):
        answer = ask(ini, "VirtualCardTrans", VERIFY["in"])
        assert answer.code == b"8006"
        assert answer.out.decode("gbk") == "本机设置有误，本次没有提交。请联系信息科（8006）。"
        assert "dialect" in log(tmp_path)[-1]["text"]
    assert simulator.seen == seen
    assert ask("[wire]\ndialect = nowhere\n", "NationEcTrans", QUERY["in"]).code == b"0000"


# ---- charset ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("charset", "sent", "received"),
    [
        ("gbk", "gb18030", "gb18030"),
        ("utf-8", "utf-8", "utf-8"),
        ("auto", "gb18030", "gb18030"),
        ("auto", "utf-8", "utf-8"),
        ("gbk", "utf-8-sig", "utf-8"),
    ],
)
def test_the_answer_goes_out_in_the_charset_of_the_question(ask: Ask, charset: str, sent: str, received: str) -> None:
    answer = ask(f"[abi]\ncharset = {charset}\n", "VirtualCardTrans", VERIFY["in"].encode(sent))
    assert (answer.code, answer.out) == (b"00", VERIFY["out"].encode(received))


def test_plain_ascii_is_answered_in_gbk(ask: Ask) -> None:
    text = changed(VERIFY["in"], operator_name="admin")
    answer = ask("[abi]\ncharset = auto\n", "VirtualCardTrans", text)
    assert answer.out == VERIFY["out"].encode("gb18030")


# ---- bugs ------------------------------------------------------------------------------------------------------------


def test_a_bug_is_8009_and_its_place_is_in_the_log(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shim.dialects import virtualcard

    def broken(*_: object) -> None:
        raise RuntimeError("张三 990000195203030026")

    monkeypatch.setattr(virtualcard, "parse_vc_request", broken)
    answer = ask("", "VirtualCardTrans", VERIFY["in"])
    assert answer.code == b"8009"
    text = json.dumps(log(tmp_path), ensure_ascii=False)
    assert "RuntimeError" in text and "service.py" in text and "张三" not in text and "990000" not in text


@pytest.fixture(autouse=True)
def close_log() -> Any:
    yield
    for handler in list(logging.getLogger("vcshim").handlers):
        handler.close()
        logging.getLogger("vcshim").removeHandler(handler)


# ---- what is said of a call that got no answer -----------------------------------------------------------------------


def last_failure(folder: Path) -> dict[str, Any]:
    return [row for row in log(folder) if "reason" in row][-1]


def test_the_platform_that_was_asked_is_named_not_that_of_the_dll(tmp_path: Path) -> None:
    """VirtualCardTrans asks the insurance platform for an insurance code (ECUrl); what it is told names that one."""
    data = json.loads(VERIFY["in"])
    data["biz_content"] |= {"ehealth_code": "4240000000000000000300350000", "ECUrl": "sim:?sim=early:1", "orgId": "ORG"}
    answer = Port(tmp_path).answer("VirtualCardTrans", [b"sim:", json.dumps(data).encode()], 0, 2048)
    lost = "与医保平台的连接断开，没有收到答复，没有结果，不影响业务，请患者刷新二维码再试（3003）。"
    assert (answer.code, answer.out.decode("gb18030")) == (b"3003", lost)
    assert last_failure(tmp_path)["text"].startswith("与医保平台 sim 的连接")
    data["biz_content"]["ehealth_code"] = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
    answer = Port(tmp_path).answer("VirtualCardTrans", [b"sim:?sim=early:1", json.dumps(data).encode()], 0, 2048)
    assert answer.out.decode("gb18030") == lost.replace("医保平台", "多码融合平台")


@pytest.mark.parametrize(
    ("method", "field", "serial", "logged"),
    [
        ("ehc.ehealthcard.authurl", "out_authorize_no", "20261121000058", "20261121000058"),
        ("ehc.ehealthcard.alterinfo", "out_alter_no", "20261121000058000001", "20261121000058000001"),
        ("ehc.ehealthcard.close", "out_close_no", "990000195203030026", "9***（18 字）"),
        ("ehc.ehealthcard.auth.query", "out_authorize_no", "20261121000058", None),
        ("ehc.ehealthcode.verify", "out_verify_no", "20261121000058", None),
        ("all", "out_trade_no", "20261121000058", None),
    ],
)
def test_what_may_be_done_can_be_found_at_the_platform(
    ask: Ask, tmp_path: Path, method: str, field: str, serial: str, logged: str | None
) -> None:
    """By the serial number of a change, in the line that says so."""
    data = json.loads(VERIFY["in"]) | {"method": method, "biz_content": {field: serial}}
    if method.endswith("verify"):
        data["biz_content"]["ehealth_code"] = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
    text = ask("", "VirtualCardTrans", json.dumps(data), "?sim=early:1").out.decode("gb18030")
    failure = last_failure(tmp_path)
    changes = method not in ("ehc.ehealthcard.auth.query", "ehc.ehealthcode.verify")
    assert ("业务可能已办成，请先查询结果（3003）" in text, "不影响业务" in text) == (changes, not changes)
    outcome = "可能已办成" if changes else "没有结果，不影响业务"
    assert (failure["outcome"], failure.get("serial")) == (outcome, logged)


def test_where_requests_go_is_in_the_log_once(tmp_path: Path, simulator: Simulator) -> None:
    """Scheme, host and port, and nothing else of the address; also of one where nobody is, and of none that is odd."""
    port = Port(tmp_path)
    secret = simulator.gateway.replace("http://", "http://who:secret@")
    for url in (secret, secret, *(f"http://127.0.0.1:1/x?id={each}" for each in (3501, 3502)), "sim:", "x"):
        port.answer("VirtualCardTrans", [url.encode(), VERIFY["in"].encode("gb18030")], 0, 2048)
    rows = log(tmp_path)
    assert [row["platform"] for row in rows if "platform" in row] == [simulator.url, "http://127.0.0.1:1"]
    assert "secret" not in str(rows) and "3501" not in str([row for row in rows if "platform" in row])
