"""`vcshim spec` as a person and as a script see it.

Expected values are literals typed from VC V1.1.2 and EC XJ-D01-2019, never computed from the tables.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from shim import cli, lookup, spec
from tests.support.paths import ROOT

Capture = pytest.CaptureFixture[str]
KEYS = ["kind", "name", "title", "where", "detail", "clause", "note"]


def show(capsys: Capture, *words: str, code: int = 0) -> str:
    """What `vcshim spec` prints: to stdout when something matches, else to stderr."""
    assert cli.main(["spec", *words]) == code
    out, err = capsys.readouterr()
    wanted, other = (out, err) if code == 0 or "--json" in words else (err, out)
    assert other == ""
    return wanted


def show_json(capsys: Capture, *words: str, code: int = 0) -> Any:
    return json.loads(show(capsys, *words, "--json", code=code))


# --- a word that names something ---


@pytest.mark.parametrize(
    ("word", "kind", "rows"),
    [
        ("ehc.ehealthcode.verify", "method", [("ehc.ehealthcode.verify", "VC 4.2")]),
        ("ehealthcode.verify", "method", [("ehc.ehealthcode.verify", "VC 4.2")]),
        ("verify", "method", [("ehc.ehealthcode.verify", "VC 4.2")]),
        ("VERIFY", "method", [("ehc.ehealthcode.verify", "VC 4.2")]),
        ("ｖｅｒｉｆｙ", "method", [("ehc.ehealthcode.verify", "VC 4.2")]),
        ("querywithreg", "method", [("ehc.ehealthcard.querywithreg", "VC 4.1")]),
        ("auth.query", "method", [("ehc.ehealthcard.auth.query", "VC 4.7")]),
        ("ehc.ehealthcard.aut.h.query", "method", [("ehc.ehealthcard.auth.query", "VC 4.7")]),
        ("query", "method", [("ehc.ehealthcard.auth.query", "VC 4.7"), ("ec.query", "EC B.1.6")]),
        ("NationEcTrans", "export", [("NationEcTrans", "EC B.1.3")]),
        ("_SetEcQrcode@4", "export", [("SetEcQrcode", "VC 3.5")]),
        # two spellings that differ in case only, one in each document
        ("ECQRCODE", "field", [("EcQrCode", "VC 4.2.2"), ("ecQrCode", "规范外"), ("ecQrCode", "规范外")]),
        ("photo_format", "field", [("photo_fomat", "VC 4.1.1"), ("photo_format", "VC 4.4.1")]),
        ("poutdata", "field", [("OutData", "VC 3.2")]),
        ("sign", "field", [("sign", "VC 3.2")]),
        ("orgId", "field", [("orgId", clause) for clause in ("EC B.1", "EC B.2", "VC 4.2.1", "EC B.3")]),
        ("2001", "code", [("2001", "VC 附录1")]),
        ("-2", "code", [("-2", "EC C.4")]),
        ("－２", "code", [("-2", "EC C.4")]),
        ("00", "code", [("00", "VC 3.2")]),
        ("0000", "code", [("0000", "VC 附录1"), ("0000", "EC B.1.3")]),
        ("id_types", "dictionary", [("id_types", "VC 附录2.2")]),
        ("350200", "entry", [("350200", "VC 附录2.8")]),
        ("a3", "entry", [("A3", "VC 附录2.2")]),
        ("0304", "entry", [("0304", "VC 附录2.6")]),
    ],
)
def test_a_name_finds_its_rows_and_nothing_else(
    capsys: Capture, word: str, kind: str, rows: list[tuple[str, str]]
) -> None:
    found = show_json(capsys, word)
    matches = [(hit["name"], hit["clause"]) for hit in found if hit["kind"] == kind]
    assert matches == rows
    if word != "ehc.ehealthcode.verify":  # VC 附录2.1 has it as an entry too
        assert {hit["kind"] for hit in found} == {kind}


def test_what_is_told_of_each_kind(capsys: Capture) -> None:
    assert show_json(capsys, "verify") == [
        dict(zip(KEYS, ("method", "ehc.ehealthcode.verify", "验证多码融合码二维码", "VirtualCardTrans",
                        "请求 13 项，应答 18 项", "VC 4.2", ""), strict=True))
    ]  # fmt: skip
    assert [list(hit.values())[1:] for hit in show_json(capsys, "ecToken")] == [
        ["ecToken", "身份令牌", "ehc.ehealthcode.verify 应答", "String(64) 必填", "VC 4.2.2", "仅医保电子凭证有值"],
        ["ecToken", "令牌", "ec.query 应答", "C(40) 必填", "EC B.4", "用于业务处理验证"],
        ["ecToken", "令牌", "localEcTokenCheck 请求", "C(40) 必填", "规范外", ""],
    ]
    assert [list(hit.values()) for hit in show_json(capsys, "pErrmsg")] == [
        ["field", "pErrmsg", "错误信息说明", "SetEcQrcode 参数", "Char(256) 出参", "VC 3.5", ""]
    ]
    assert [list(hit.values())[1:] for hit in show_json(capsys, "500049")] == [
        ["500049", "电子凭证二维码无效", "电子凭证中心", "", "EC C.4", "请患者刷新二维码，再扫一次；每个码只能用一次。"]
    ]
    assert [list(hit.values()) for hit in show_json(capsys, "sexes")] == [
        ["dictionary", "sexes", "性别编码 (GB2261)", "user_sex", "6 项", "VC 附录2.4", ""]
    ]
    assert [list(hit.values()) for hit in show_json(capsys, "0305")] == [
        ["entry", "0305", "血液内科专业", "departments", "属 0300", "VC 附录2.6", ""]
    ]


@pytest.mark.parametrize(
    ("name", "declaration"),
    [
        ("VirtualCardTrans", "char* __stdcall VirtualCardTrans(char* strUrl, char* InData, char* OutData)"),
        ("Set_QRflow_Mode", "int __stdcall Set_QRflow_Mode(int mode)"),
        ("EhealthID_Print", "int __stdcall EhealthID_Print(char* ehealthid, char* cardNo, char* name)"),
        ("SetEcQrcode", "int __stdcall SetEcQrcode(char* pErrmsg)"),
        ("NationEcTrans", "char* __stdcall NationEcTrans(char* strUrl, char* InData, char* OutData)"),
    ],
)
def test_declarations_as_printed(capsys: Capture, name: str, declaration: str) -> None:
    (hit,) = show_json(capsys, name)
    assert (hit["kind"], hit["detail"]) == ("export", declaration)


def test_an_alias_finds_its_export(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec, "ALIASES", (spec.Alias("NationTrans", "NationEcTrans", "made up"),))
    assert [hit["name"] for hit in show_json(capsys, "nationtrans")] == ["NationEcTrans"]


# --- clauses ---


@pytest.mark.parametrize("words", [["EC B.3"], ["B.3"], ["ec", "b.3"]])
def test_a_clause_finds_its_whole_table(capsys: Capture, words: list[str]) -> None:
    names = {hit["name"] for hit in show_json(capsys, *words)}
    assert names == set("orgId businessType businessInfo operatorId operatorName officeId officeName".split())


def test_a_clause_finds_what_is_below_it(capsys: Capture) -> None:
    hits = show_json(capsys, "4.6")
    assert [hit["clause"] for hit in hits] == ["VC 4.6", *["VC 4.6.1"] * 5, "VC 4.6.2"]
    assert "VC 4.6.1" not in {hit["clause"] for hit in show_json(capsys, "VC 附录2.6")}


# --- a word that names nothing ---


def test_words_inside_names_titles_and_notes(capsys: Capture) -> None:
    hits = show_json(capsys, "挂号")
    assert [(hit["kind"], hit["name"], hit["title"], hit["where"], hit["clause"]) for hit in hits] == [
        ("entry", "010101", "挂号", "treatments", "VC 附录2.5"),
        ("entry", "5500", "挂号处", "departments", "VC 附录2.6"),
        ("entry", "01101", "挂号", "businesses", "VC 附录2.9"),
        ("entry", "01201", "问诊", "businesses", "VC 附录2.9"),
        ("entry", "01204", "治疗", "businesses", "VC 附录2.9"),
        ("entry", "01304", "打印票据和清单", "businesses", "VC 附录2.9"),
        ("entry", "01101", "挂号", "ec_businesses", "EC C.1"),
        ("entry", "01201", "问诊", "ec_businesses", "EC C.1"),
        ("entry", "01204", "治疗", "ec_businesses", "EC C.1"),
        ("entry", "01304", "打印票据和清单", "ec_businesses", "EC C.1"),
    ]


@pytest.mark.parametrize(
    ("word", "kind", "name"),
    [
        ("VirtualCardChk", "export", "Set_QRflow_Mode"),
        ("消息推送", "method", "ehc.ehealthcard.push"),
        ("身份令牌", "field", "ecToken"),
        ("多码融合码ID", "field", "ehealth_card_id"),
        ("触发限流", "code", "-6"),
        ("民族代码", "dictionary", "nations"),
        ("厦门社保卡", "entry", "01"),
        ("厦门", "entry", "350200"),
        ("3502", "entry", "350200"),
        ("琼中", "entry", "469030"),
        ("TOKEN", "field", "ecToken"),
        ("ToKeN", "code", "500067"),
    ],
)
def test_a_search_looks_everywhere(capsys: Capture, word: str, kind: str, name: str) -> None:
    assert (kind, name) in [(hit["kind"], hit["name"]) for hit in show_json(capsys, word)]


# --- no match ---


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("verfy", "ehc.ehealthcode.verify"),
        ("ehc.ehealthcode.verifi", "ehc.ehealthcode.verify"),
        ("virtualcardtran5", "VirtualCardTrans"),
        ("ecTokn", "ecToken"),
        ("20010", "2001"),
        ("挂好", "010101"),
    ],
)
def test_near_matches(capsys: Capture, word: str, near: str) -> None:
    found = show_json(capsys, word, code=1)
    assert found["near"][0]["name"] == near
    text = show(capsys, word, code=1)
    assert text.startswith(f"{found['error']}。\n相近的有：\n  {near}  ")


def test_a_district_leads_to_its_city(capsys: Capture) -> None:
    found = show_json(capsys, "350203", code=1)
    assert found["near"][0] == {"name": "350200", "title": "厦门市"}
    # what begins alike comes before what shares later digits
    assert [each["name"] for each in found["near"]] == ["350200", "350000", "350001", "350100", "350300", "350400"]


def test_a_code_outside_the_documents(capsys: Capture) -> None:
    assert "平台可能返回规范以外的代码，原样返回" in show(capsys, "500159", code=1)
    assert show(capsys, "xyzzy", code=1) == "两份规范中都查不到“xyzzy”。\n"
    assert show_json(capsys, " ", code=1) == {"error": "请给出要查的词", "near": []}


# --- the console ---


def test_lines(capsys: Capture) -> None:
    assert show(capsys, "businessInfo") == (
        "字段（2 项）\n"
        "  businessInfo  用码业务类型  ehc.ehealthcode.verify 请求  String(2) 必填  VC 4.2.1\n"
        "    01 身份核验\n"
        "  businessInfo  用码业务信息  ec.query 请求  C(200)  EC B.3\n"
        "    用码经办业务部分信息\n"
    )
    assert show(capsys, "00").startswith(
        "返回码（1 项）\n  00  成功  VirtualCardTrans 返回值  VC 3.2\n    OutData 为应答 JSON。\n"
    )


def test_every_row_can_be_found_and_has_a_clause() -> None:
    hits = {hit for word in ("e", "码", "0", "1", "省", "市", "科", "族") for hit in contained(word)}
    assert len(hits) > 700
    assert all(hit.clause and hit.kind in lookup.KINDS for hit in hits)


def contained(word: str) -> tuple[lookup.Hit, ...]:
    return lookup.search(word)


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp437", "utf-8"])
@pytest.mark.parametrize(("words", "code"), [(("verify",), 0), (("2001",), 0), (("𬱖㛃",), 1), (("𬱖", "--json"), 1)])
def test_no_encoding_of_a_console_is_fatal(encoding: str, words: tuple[str, ...], code: int) -> None:
    done = run(encoding, *words)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    shown = (done.stdout or done.stderr).decode(encoding)
    if encoding == "gbk" and words == ("verify",):
        assert "验证多码融合码二维码" in shown
    if encoding == "ascii" and words == ("2001",):
        assert "2001" in shown and "??" in shown


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_json_loses_no_character_in_any_encoding(encoding: str) -> None:
    done = run(encoding, "350200", "--json")
    assert json.loads(done.stdout.decode(encoding))[0]["title"] == "厦门市"
    assert ("厦门市".encode() in done.stdout) == (encoding == "utf-8")


def run(encoding: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    """The command in its own process, with a console that refuses what its encoding lacks."""
    environment = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict", "PYTHONUTF8": "0", "LC_ALL": "zh_CN.UTF-8"}
    command = [sys.executable, "-m", "shim.cli", "spec", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)


def test_no_word_is_exit_code_2(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["spec"])
    assert left.value.code == 2
    assert "用法：vcshim spec" in capsys.readouterr().err
