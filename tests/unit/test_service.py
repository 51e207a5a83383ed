"""The service: how much a finding matters, which answers are believed, what a table row is enough for."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shim import spec
from shim.abi import Answer, Port
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
    assert "字段 operator_name（用卡验证操作员姓名，VC 4.2.1）最长 32 字，收到 王***（33字），请缩短" in findings
    assert "字段 treatment_code" in findings and "不在字典中" in findings
    assert "字段 operatorName（操作员姓名，EC B.3）最长 30 字，收到 王***（31字）" in findings
    assert "字段 businessType" in findings
    assert "缺少必填字段 orgId（机构 id，VC 4.2.1）" in findings
    assert "王王" not in findings and "999999" not in findings


def test_strict_refuses_before_anything_is_sent(ask: Ask, simulator: Simulator) -> None:
    seen = simulator.seen
    card = ask("[validate]\nlevel = strict\n", "VirtualCardTrans", LONG)
    nation = ask("[validate]\nlevel = strict\n", "NationEcTrans", EC_LONG)
    assert (card.code, nation.code) == (b"9001", b"-2")
    assert "operator_name" in card.out.decode("gb18030") and "VC 4.2.1" in card.out.decode("gb18030")
    assert "operatorName" in json.loads(nation.out.decode("gb18030"))["message"]
    assert simulator.seen == seen


def test_off_is_silent(ask: Ask, tmp_path: Path) -> None:
    assert ask("[validate]\nlevel = off\n", "VirtualCardTrans", LONG).code == b"00"
    assert [row for row in log(tmp_path) if "findings" in row] == []


def test_an_unknown_method_passes_unless_strict(ask: Ask) -> None:
    data = json.loads(VERIFY["in"]) | {"method": "all"}
    assert ask("", "VirtualCardTrans", json.dumps(data)).code == b"1005"  # the platform's own word
    assert "接口名称" in ask("[validate]\nlevel = strict\n", "VirtualCardTrans", json.dumps(data)).out.decode("gbk")


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
    assert len(check_fields([row], {"user_name": value})) == findings
    assert len(check_fields([replace(row, required=False)], {"user_name": value})) == (findings if value else 0)


def test_a_name_of_the_dictionary_will_do() -> None:
    row = Field("nation", "民族", "String", 50, False, "VC 4.1.1", "nations")
    assert check_fields([row], {"nation": "01"}) == check_fields([row], {"nation": "汉族"}) == []
    assert len(check_fields([row], {"nation": "火星族"})) == 1


def test_a_new_method_is_a_row(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row makes the strict service know a method, its fields and its aliases: no code."""
    field = Field("a", "甲", "String", 2, True, "VC 9.9.1", aliases=("A",))
    row = Method("ehc.ehealthcard.example", "示例", "VC 9.9", (field,), ())
    data = json.loads(VERIFY["in"]) | {"method": row.name, "biz_content": {"A": "太长了"}}
    strict = "[validate]\nlevel = strict\n"
    assert "附录 2.1" in ask(strict, "VirtualCardTrans", json.dumps(data)).out.decode("gbk")
    monkeypatch.setitem(spec.METHODS, row.name, row)
    assert "字段 a（甲，VC 9.9.1）最长 2 字" in ask(strict, "VirtualCardTrans", json.dumps(data)).out.decode("gbk")


# ---- what is believed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verify", "code"), [("off", b"00"), ("warn", b"00"), ("strict", b"9003")])
@pytest.mark.parametrize("wish", ["spoil:1", "unsigned:1"])
def test_a_wrong_or_missing_sign(ask: Ask, tmp_path: Path, verify: str, code: bytes, wish: str) -> None:
    assert ask(f"[wire]\nverify = {verify}\n", "VirtualCardTrans", VERIFY["in"], f"?sim={wish}").code == code
    warned = [row for row in log(tmp_path) if row["level"] == "WARNING" and "签名不符" in row["text"]]
    assert len(warned) == (1 if verify == "warn" else 0)


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
@pytest.mark.parametrize("place", ["shim.dialects.answers.parse_answer", "shim.transport.http.HttpTransport.post"])
def test_a_bug_after_sending_is_3003(ask: Ask, monkeypatch: pytest.MonkeyPatch, function: str, place: str) -> None:
    """The platform may have carried the request out: 8009 and -1 would say that this PC is to blame."""

    def broken(*_: object) -> None:
        raise RecursionError("张三")

    for module in ("nation", "virtualcard"):
        monkeypatch.setattr(place.replace("answers", module), broken)
    answer = ask("", function, VERIFY["in"] if function == "VirtualCardTrans" else QUERY["in"])
    assert answer.code == b"3003" and "结果未知" in answer.out.decode("gbk")


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


def test_a_dialect_that_cannot_be_used(ask: Ask, simulator: Simulator) -> None:
    """8006, and nothing is signed by another dialect instead; the other DLL does not care."""
    seen = simulator.seen
    for ini in ("[wire]\ndialect = nowhere\n", "[wire]\ndialect = 本院\n[dialect 本院]\nsort = random\n"):
        answer = ask(ini, "VirtualCardTrans", VERIFY["in"])
        assert answer.code == b"8006"
        assert "dialect" in answer.out.decode("gbk")
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
