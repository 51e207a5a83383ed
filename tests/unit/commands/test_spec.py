"""`vcshim spec` as a person and as a script see it.

Expected values are literals typed from VC V1.1.2 and EC XJ-D01-2019, never computed from the tables.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from typing import Any

import pytest

from shim import cli, lookup, spec
from tests.support.paths import ROOT

Capture = pytest.CaptureFixture[str]


def show(capsys: Capture, *words: str, code: int = 0) -> str:
    """What `vcshim spec` prints: to stdout when it found something, else to stderr."""
    assert cli.main(["spec", *words]) == code
    out, err = capsys.readouterr()
    wanted, other = (out, err) if code == 0 or "--json" in words else (err, out)
    assert other == ""
    return wanted


def show_json(capsys: Capture, *words: str, code: int = 0) -> Any:
    return json.loads(show(capsys, *words, "--json", code=code))


def cells(text: str) -> list[list[str]]:
    """The lines of a table, cut where two blanks stand."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.splitlines()]


def columns(text: str) -> int:
    """Width in a Chinese console."""
    return sum(2 if unicodedata.east_asian_width(char) in ("W", "F", "A") else 1 for char in text)


# --- methods ---


def test_method_verify(capsys: Capture) -> None:
    rows = cells(show(capsys, "method", "verify"))
    assert rows[0] == ["ehc.ehealthcode.verify", "验证多码融合码二维码"]
    assert ["条款", "VC 4.2"] in rows
    assert ["函数", "VirtualCardTrans（VirtualCardChk.dll）"] in rows
    assert ["请求（13 项，必填 12 项）"] in rows
    assert ["应答（18 项，必填 10 项）"] in rows
    assert ["ECUrl", "医保电子凭证请求地址", "String(512)", "是", "VC 4.2.1"] in rows
    assert ["IsMultiCode", "是否支持多码融合平台", "String(2)", "是", "VC 4.2.1"] in rows
    token = rows.index(["ecToken", "身份令牌", "String(64)", "是", "VC 4.2.2"])
    assert rows[token + 1] == ["仅医保电子凭证有值"]
    region = rows.index(["insuOrg", "参保地区编码", "String(6)", "是", "VC 4.2.2"])
    assert rows[region + 1] == ["字典 regions；仅医保电子凭证有值"]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("ehc.ehealthcode.verify", "ehc.ehealthcode.verify"),
        ("ehealthcode.verify", "ehc.ehealthcode.verify"),
        ("verify", "ehc.ehealthcode.verify"),
        ("VERIFY", "ehc.ehealthcode.verify"),
        ("ｖｅｒｉｆｙ", "ehc.ehealthcode.verify"),
        ("querywithreg", "ehc.ehealthcard.querywithreg"),
        ("alterlink", "ehc.ehealthcard.alterlink"),
        ("alterinfo", "ehc.ehealthcard.alterinfo"),
        ("close", "ehc.ehealthcard.close"),
        ("authurl", "ehc.ehealthcard.authurl"),
        ("auth.query", "ehc.ehealthcard.auth.query"),
        ("ehc.ehealthcard.aut.h.query", "ehc.ehealthcard.auth.query"),
        ("push", "ehc.ehealthcard.push"),
        ("ec.query", "ec.query"),
        ("localectokencheck", "localEcTokenCheck"),
        ("4.8", "ehc.ehealthcard.push"),
        ("EC B.1.6", "ec.query"),
    ],
)
def test_words_for_a_method(word: str, name: str) -> None:
    assert lookup.find_method(word).name == name


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("query", ["ehc.ehealthcard.auth.query", "ec.query"]),
        ("verfy", ["ehc.ehealthcode.verify"]),
        ("ehc.ehealthcode.verifi", ["ehc.ehealthcode.verify"]),
        ("注销", ["ehc.ehealthcard.close"]),
        ("xyzzy", []),
    ],
)
def test_no_such_method(capsys: Capture, word: str, near: list[str]) -> None:
    found = show_json(capsys, "method", word, code=1)
    assert [each["name"] for each in found["near"]][: len(near)] == near
    assert bool(found["near"]) == bool(near)
    text = show(capsys, "method", word, code=1)
    assert text.startswith(found["error"])
    assert all(name in text for name in near)


def test_an_ambiguous_word_offers_only_what_it_may_mean(capsys: Capture) -> None:
    assert show_json(capsys, "method", "query", code=1) == {
        "error": "“query”不止一个接口",
        "near": [
            {"name": "ehc.ehealthcard.auth.query", "title": "查询用户用卡授权结果"},
            {"name": "ec.query", "title": "电子凭证二维码解码接口"},
        ],
    }


def test_methods(capsys: Capture) -> None:
    rows = cells(show(capsys, "methods"))
    assert len(rows) == 11
    assert rows[1] == ["ehc.ehealthcard.querywithreg", "实名注册多码融合码并获取二维码", "VC 4.1"]
    assert rows[9] == ["ec.query", "电子凭证二维码解码接口", "EC B.1.6"]


def test_method_as_json(capsys: Capture) -> None:
    found = show_json(capsys, "method", "auth.query")
    assert list(found) == [
        "name",
        "title",
        "clause",
        "function",
        "aliases",
        "changes",
        "scans",
        "shows",
        "prints",
        "request",
        "response",
    ]
    assert found["name"] == "ehc.ehealthcard.auth.query"
    assert (found["function"], found["changes"], found["scans"]) == ("VirtualCardTrans", False, None)
    assert found["request"] == [
        {
            "name": "out_authorize_no",
            "title": "外部用卡授权流水",
            "type": "String",
            "length": 32,
            "required": True,
            "dictionary": None,
            "clause": "VC 4.7.1",
            "aliases": [],
            "note": "",
        }
    ]
    assert len(found["response"]) == 17
    assert show_json(capsys, "method", "ec.query")["scans"] == "ecQrCode"
    assert [each["function"] for each in show_json(capsys, "methods")] == ["VirtualCardTrans"] * 8 + [
        "NationEcTrans"
    ] * 2


# --- functions ---


def test_function(capsys: Capture) -> None:
    text = show(capsys, "function", "VirtualCardTrans")
    rows = cells(text)
    assert rows[0] == ["VirtualCardTrans", "VirtualCardChk.dll"]
    assert ["条款", "VC 3.2"] in rows
    assert ["成功", "返回 00，其他为失败"] in rows
    assert ["OutData", "交易返回数据", "Char(2048)", "是", "VC 3.2"] in rows
    assert ["timestamp", "请求时间戳", "String(20)", "是", "VC 4.1.1"] in rows
    rows = cells(show(capsys, "function", "NationEcTrans"))
    assert ["成功", "返回 0000，其他为失败"] in rows
    assert ["transType", "交易类型", "C(40)", "是", "EC B.1"] in rows
    assert ["message", "返回信息", "C(200)", "否", "EC B.2"] in rows


@pytest.mark.parametrize(
    ("name", "declaration", "success"),
    [
        (
            "VirtualCardTrans",
            "char* __stdcall VirtualCardTrans(char* strUrl, char* InData, char* OutData)",
            "00",
        ),
        ("Set_QRflow_Mode", "int __stdcall Set_QRflow_Mode(int mode)", "0"),
        ("EhealthID_Print", "int __stdcall EhealthID_Print(char* ehealthid, char* cardNo, char* name)", "0"),
        ("SetEcQrcode", "int __stdcall SetEcQrcode(char* pErrmsg)", "0"),
        ("NationEcTrans", "char* __stdcall NationEcTrans(char* strUrl, char* InData, char* OutData)", "0000"),
    ],
)
def test_declarations_as_printed(capsys: Capture, name: str, declaration: str, success: str) -> None:
    found = show_json(capsys, "function", name)
    assert (found["declaration"], found["success"]) == (declaration, success)


def test_function_by_its_decorated_name(capsys: Capture) -> None:
    found = show_json(capsys, "function", "_SetEcQrcode@4")
    assert found["exports"] == ["SetEcQrcode", "_SetEcQrcode@4", "SetEcQrcode@4"]
    near = show_json(capsys, "function", "virtualcardtran", code=1)["near"]
    assert near[0] == {"name": "VirtualCardTrans", "title": "VirtualCardChk.dll"}
    assert [each["name"] for each in show_json(capsys, "function")] == [
        "VirtualCardTrans",
        "Set_QRflow_Mode",
        "EhealthID_Print",
        "SetEcQrcode",
        "NationEcTrans",
    ]


# --- fields ---


def test_field_everywhere(capsys: Capture) -> None:
    rows = cells(show(capsys, "field", "ecToken"))
    assert rows[0] == ["ecToken", "身份令牌"]
    assert ["ehc.ehealthcode.verify", "应答", "String(64)", "是", "VC 4.2.2"] in rows
    assert ["ec.query", "应答", "C(40)", "是", "EC B.4"] in rows
    assert ["localEcTokenCheck", "请求", "C(40)", "是", "dialects.md"] in rows


@pytest.mark.parametrize(
    ("word", "places"),
    [
        # two spellings that differ in case only, one in each document
        ("ECQRCODE", ["VC 4.2.2", "dialects.md", "dialects.md"]),
        ("photo_format", ["VC 4.1.1", "VC 4.4.1"]),
        ("out_alter_no", ["VC 4.3.1", "VC 4.3.2", "VC 4.4.1", "VC 4.4.2"]),
        ("poutdata", ["VC 3.2"]),
        ("transType", ["EC B.1"]),
        ("sign", ["VC 3.2"]),
        ("参保地行政区划", ["EC B.4"]),
        ("orgId", ["EC B.1", "EC B.2", "VC 4.2.1", "EC B.3"]),
    ],
)
def test_field_by_any_spelling(capsys: Capture, word: str, places: list[str]) -> None:
    assert [each["clause"] for each in show_json(capsys, "field", word)] == places


def test_field_as_json(capsys: Capture) -> None:
    assert show_json(capsys, "field", "treatment_code") == [
        {
            "owner": owner,
            "part": "request",
            "name": "treatment_code",
            "title": "诊疗环节编码",
            "type": "String",
            "length": 32,
            "required": True,
            "dictionary": "treatments",
            "clause": clause,
            "aliases": [],
            "note": "",
        }
        for owner, clause in (("ehc.ehealthcode.verify", "VC 4.2.1"), ("ehc.ehealthcard.authurl", "VC 4.6.1"))
    ]
    assert show_json(capsys, "field", "biz_content")[0]["length"] is None


def test_no_such_field(capsys: Capture) -> None:
    found = show_json(capsys, "field", "ecTokn", code=1)
    assert found["near"][0]["name"] == "ecToken"


# --- codes ---


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("2001", [("VC 附录1", "", "多码融合码二维码已过期")]),
        ("-2", [("EC C.4", "系统级", "请求参数异常")]),
        ("－２", [("EC C.4", "系统级", "请求参数异常")]),
        ("500049", [("EC C.4", "电子凭证中心", "电子凭证二维码无效")]),
        ("00", [("VC 3.2", "VirtualCardTrans 返回值", "成功")]),
        ("0000", [("VC 附录1", "", "操作成功"), ("EC B.1.3", "NationEcTrans 返回值", "成功")]),
        (
            "0",
            [
                ("EC C.4", "系统级", "成功"),
                ("VC 3.3", "Set_QRflow_Mode 返回值", "成功"),
                ("VC 3.4", "EhealthID_Print 返回值", "成功"),
                ("VC 3.5", "SetEcQrcode 返回值", "成功"),
            ],
        ),
    ],
)
def test_code(capsys: Capture, code: str, rows: list[tuple[str, str, str]]) -> None:
    found = show_json(capsys, "code", code)
    assert [(each["clause"], each["scope"], each["meaning"]) for each in found] == rows
    assert all(list(each) == ["code", "meaning", "remedy", "clause", "scope"] and each["remedy"] for each in found)


def test_code_tells_which_document_lacks_it(capsys: Capture) -> None:
    rows = cells(show(capsys, "code", "2001"))
    assert rows[1:] == [
        ["2001", "多码融合码二维码已过期", "VC 附录1"],
        ["处理：请患者刷新二维码后重新扫码。"],
        ["EC C.4 中没有此代码"],
    ]
    text = show(capsys, "code", "-2")
    assert "VC 附录1 中没有此代码" in text
    assert "EC C.4 中没有此代码" not in text


def test_a_code_outside_the_documents(capsys: Capture) -> None:
    assert "平台可能返回规范以外的代码，原样返回" in show(capsys, "code", "500159", code=1)
    assert show_json(capsys, "code", "20010", code=1)["near"][0] == {"name": "2001", "title": "多码融合码二维码已过期"}


def test_codes(capsys: Capture) -> None:
    assert len(show_json(capsys, "codes")) == 93
    assert len(show_json(capsys, "codes", "VC")) == 38
    assert [each["code"] for each in show_json(capsys, "codes", "ec")][:3] == ["0", "-1", "-2"]


# --- dictionaries ---


def test_dictionaries(capsys: Capture) -> None:
    rows = cells(show(capsys, "dict"))
    assert len(rows) == 19
    assert ["departments", "标准科室代码", "199", "VC 附录2.6"] in rows
    assert ["ec_id_types", "证件类型代码表", "16", "EC C.2"] in rows
    found = {each["name"]: each["fields"] for each in show_json(capsys, "dict")}
    assert found["yes_no"] == ["pub_flag", "QRprint"]
    assert found["departments"] == []


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("id_types", "id_types"),
        ("ID_TYPES", "id_types"),
        ("id_type", "id_types"),
        ("idType", "ec_id_types"),
        ("证件类型字典", "id_types"),
        ("附录2.6", "departments"),
        ("VC 附录2.8", "regions"),
        ("C.2", "ec_id_types"),
        ("insuOrg", "regions"),
    ],
)
def test_words_for_a_dictionary(word: str, name: str) -> None:
    assert lookup.find_dictionary(word).name == name


def test_dictionary_with_two_meanings_and_with_none(capsys: Capture) -> None:
    found = show_json(capsys, "dict", "businessType", code=1)
    assert [each["name"] for each in found["near"]] == ["businesses", "ec_businesses"]
    found = show_json(capsys, "dict", "region", code=1)
    assert [each["name"] for each in found["near"]] == ["regions"]


@pytest.mark.parametrize(
    ("words", "entries"),
    [
        (("id_types", "A3"), [("A3", "外国人永久居留证")]),
        (("id_types", "a3"), [("A3", "外国人永久居留证")]),
        (("ec_id_types", "02"), [("02", "中国人民解放军军官证")]),
        (("id_type", "02"), [("02", "居民户口簿")]),
        (("departments", "心血管"), [("0304", "心血管内科专业")]),
        (("sexes", "未"), [("0", "未知性别"), ("9", "未说明性别")]),
        (("treatments", "A1"), [("A10101", "充值"), ("A10102", "退款")]),
    ],
)
def test_entries(capsys: Capture, words: tuple[str, str], entries: list[tuple[str, str]]) -> None:
    assert [(each["code"], each["name"]) for each in show_json(capsys, "dict", *words)] == entries


def test_entry_with_its_parent(capsys: Capture) -> None:
    assert show_json(capsys, "dict", "departments", "0304") == [
        {
            "code": "0304",
            "name": "心血管内科专业",
            "note": "",
            "parent": "0300",
            "dictionary": "departments",
            "clause": "VC 附录2.6",
        }
    ]
    assert ["0304", "心血管内科专业", "属 0300"] in cells(show(capsys, "dict", "departments", "0304"))


def test_whole_dictionary(capsys: Capture) -> None:
    rows = cells(show(capsys, "dict", "sexes"))
    assert rows == [
        ["sexes", "性别编码 (GB2261)", "VC 附录2.4"],
        ["用于", "user_sex"],
        ["0", "未知性别"],
        ["1", "男"],
        ["2", "女"],
        ["5", "女性改(变)为男性"],
        ["6", "男性改(变)为女性"],
        ["9", "未说明性别"],
    ]
    assert len(show_json(capsys, "dict", "regions")["entries"]) == 420


@pytest.mark.parametrize(
    ("word", "entries"),
    [
        ("350200", [("350200", "厦门市")]),
        ("厦门", [("350200", "厦门市")]),
        ("3502", [("350200", "厦门市")]),
        ("琼中", [("469030", "海南省琼中黎族苗族自治县")]),
    ],
)
def test_region(capsys: Capture, word: str, entries: list[tuple[str, str]]) -> None:
    found = show_json(capsys, "region", word)
    assert [(each["code"], each["name"]) for each in found] == entries
    assert all(each["clause"] == "VC 附录2.8" for each in found)
    assert "VC 附录2.8" in show(capsys, "region", word)


def test_a_district_leads_to_its_city(capsys: Capture) -> None:
    found = show_json(capsys, "region", "350203", code=1)
    assert found["near"][0] == {"name": "350200", "title": "厦门市"}
    # what begins alike comes before what shares later digits
    assert [each["name"] for each in found["near"]] == ["350200", "350000", "350001", "350100", "350300", "350400"]


def test_no_region_of_tibet(capsys: Capture) -> None:
    assert "统筹区编码字典（VC 附录2.8）中没有“540000”" in show(capsys, "region", "540000", code=1)


# --- search ---


def test_search_chinese(capsys: Capture) -> None:
    found = show_json(capsys, "search", "挂号")
    assert [(each["kind"], each["name"], each["title"], each["places"], each["clauses"]) for each in found] == [
        ("entry", "010101", "挂号", ["treatments"], ["VC 附录2.5"]),
        ("entry", "5500", "挂号处", ["departments"], ["VC 附录2.6"]),
        ("entry", "01101", "挂号", ["businesses"], ["VC 附录2.9"]),
        ("entry", "01201", "问诊", ["businesses"], ["VC 附录2.9"]),
        ("entry", "01204", "治疗", ["businesses"], ["VC 附录2.9"]),
        ("entry", "01304", "打印票据和清单", ["businesses"], ["VC 附录2.9"]),
        ("entry", "01101", "挂号", ["ec_businesses"], ["EC C.1"]),
        ("entry", "01201", "问诊", ["ec_businesses"], ["EC C.1"]),
        ("entry", "01204", "治疗", ["ec_businesses"], ["EC C.1"]),
        ("entry", "01304", "打印票据和清单", ["ec_businesses"], ["EC C.1"]),
    ]
    rows = cells(show(capsys, "search", "挂号"))
    assert rows[0] == ["字典值（10 项）"]
    assert rows[1] == ["010101", "挂号", "treatments", "VC 附录2.5"]


def test_search_ascii_in_any_case(capsys: Capture) -> None:
    found = show_json(capsys, "search", "TOKEN")
    assert [(each["kind"], each["name"], each["clauses"]) for each in found] == [
        ("method", "localEcTokenCheck", ["dialects.md"]),
        ("field", "ecToken", ["VC 4.2.2"]),
        ("field", "ecToken", ["EC B.4", "dialects.md"]),
        ("code", "500067", ["EC C.4"]),
    ]
    text = show(capsys, "search", "ToKeN")
    assert [line for line in text.splitlines() if line and not line.startswith(" ")] == [
        "接口（1 项）",
        "字段（2 项）",
        "返回码（1 项）",
    ]


@pytest.mark.parametrize(
    ("word", "kind", "name"),
    [
        ("VirtualCardChk", "function", "Set_QRflow_Mode"),
        ("消息推送", "method", "ehc.ehealthcard.push"),
        ("aut.h.query", "method", "ehc.ehealthcard.auth.query"),
        ("身份令牌", "field", "ecToken"),
        ("photo_format", "field", "photo_fomat"),
        ("多码融合码ID", "field", "ehealth_card_id"),
        ("触发限流", "code", "-6"),
        ("500100", "code", "500100"),
        ("民族代码", "dictionary", "nations"),
        ("厦门社保卡", "entry", "01"),
        ("B.3", "field", "operatorName"),
        ("vc 4.6.2", "field", "ehealth_authurl"),
    ],
)
def test_search_looks_everywhere(capsys: Capture, word: str, kind: str, name: str) -> None:
    assert (kind, name) in [(each["kind"], each["name"]) for each in show_json(capsys, "search", word)]


def test_search_by_clause_finds_its_whole_table(capsys: Capture) -> None:
    found = {each["name"] for each in show_json(capsys, "search", "EC B.3")}
    assert found == set("orgId businessType businessInfo operatorId operatorName officeId officeName".split())


def test_search_without_result(capsys: Capture) -> None:
    found = show_json(capsys, "search", "挂好", code=1)
    assert {"name": "010101", "title": "挂号"} in found["near"]
    assert show_json(capsys, "search", " ", code=1) == {"error": "请给出要查的词", "near": []}


# --- the console ---


def everything() -> list[tuple[str, ...]]:
    """Words that between them print every row."""
    things: list[tuple[str, ...]] = [
        ("methods",),
        ("function",),
        ("codes",),
        ("dict",),
        ("search", "e"),
        ("search", "码"),
    ]
    things += [("method", name) for name in spec.METHODS]
    things += [("function", function.name) for function in spec.FUNCTIONS]
    things += [("dict", name) for name in spec.DICTIONARIES]
    things += [("field", name) for name in {place.field.name: None for place in lookup.places()}]
    return things


@pytest.mark.parametrize("words", everything(), ids=" ".join)
def test_output_fits_a_console_of_80_columns(capsys: Capture, words: tuple[str, ...]) -> None:
    lines = show(capsys, *words).splitlines()
    assert lines
    assert [line for line in lines if columns(line) > 79 or line != line.rstrip()] == []


def test_columns_line_up_for_wide_characters(capsys: Capture) -> None:
    lines = show(capsys, "methods").splitlines()
    clauses = ["条款", *[f"VC 4.{number}" for number in range(1, 9)], "EC B.1.6", "dialects.md"]
    assert {columns(line.removesuffix(clause)) for line, clause in zip(lines, clauses, strict=True)} == {66}


def test_a_name_is_never_broken(capsys: Capture) -> None:
    text = show(capsys, "search", "二维码")
    assert "ehc.ehealthcard.querywithreg  实名注册" in text
    assert ["ehc.ehealthcode.verify", "多码融合码二维码验证", "methods", "VC 附录2.1"] in cells(text)


def test_every_row_of_every_table_shows_its_clause(capsys: Capture) -> None:
    found = show_json(capsys, "search", "e") + show_json(capsys, "search", "码")
    assert len(found) > 150
    assert all(each["clauses"] for each in found)
    for words in (("field", "orgId"), ("codes",), ("dict", "nations", "汉")):
        assert all(each["clause"] for each in show_json(capsys, *words))


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp437", "utf-8"])
@pytest.mark.parametrize(
    ("words", "code"),
    [(("method", "verify"), 0), (("codes",), 0), (("search", "𬱖㛃"), 1), (("region", "𬱖", "--json"), 1)],
)
def test_no_encoding_of_a_console_is_fatal(encoding: str, words: tuple[str, ...], code: int) -> None:
    done = run(encoding, *words)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    shown = (done.stdout or done.stderr).decode(encoding)
    if encoding == "gbk" and words[0] == "method":
        assert "验证多码融合码二维码" in shown
    if encoding == "ascii" and words[0] == "codes":
        assert "2001" in shown and "??" in shown


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_json_loses_no_character_in_any_encoding(encoding: str) -> None:
    done = run(encoding, "region", "350200", "--json")
    assert json.loads(done.stdout.decode(encoding))[0]["name"] == "厦门市"
    assert ("厦门市".encode() in done.stdout) == (encoding == "utf-8")


def run(encoding: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    """The command in its own process, with a console that refuses what its encoding lacks."""
    environment = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict", "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "shim.cli", "spec", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("words", [(), ("method",), ("code",), ("codes", "xx"), ("regions",)])
def test_wrong_words_are_exit_code_2(capsys: Capture, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["spec", *words])
    assert left.value.code == 2
    assert "usage: vcshim spec" in capsys.readouterr().err


def test_help_is_ascii_and_fits(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        cli.main(["spec", "--help"])
    out = capsys.readouterr().out
    assert out.isascii()
    assert max(map(len, out.splitlines())) <= 79
