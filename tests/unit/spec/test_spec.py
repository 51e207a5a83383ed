"""The specification tables against the two documents.

Expected values are literals typed from VC V1.1.2 and EC XJ-D01-2019, never computed from the tables.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shim import spec
from shim.dialects import scanned
from shim.spec import codes, nation, virtualcard
from shim.spec.rows import Effect, Field
from tests.support.paths import ROOT

# clause of the table: its wire names in the printed order
TABLES = {
    "VC 4.1.1": "out_trade_no out_trade_time time_expire certificate_mode apply_method id_type id_no user_name user_sex"
    " mobile_phone birthday nation telephone address work_unit photo_fomat photo_info card_list pub_flag QRprint",
    "VC 4.1.2": "ehealth_card_id ehealth_code mindex_id xman_id id_type id_no user_name card_type card_no card_list"
    " pub_qrcode",
    "VC 4.2.1": "out_verify_no out_verify_time operator_id operator_name treatment_code ECUrl orgId businessType"
    " businessInfo officeId officeName IsMultiCode",
    "VC 4.2.2": "mindex_id ehealth_card_id xman_id smk_id id_type id_no user_name user_sex mobile_phone birthday"
    " telephone address work_unit card_type card_no ecToken insuOrg EcQrCode",
    "VC 4.3.1": "ehealth_card_id from_card_type from_card_no to_card_type to_card_no out.Alter_no out.Alter_time",
    "VC 4.3.2": "mindex_id ehealth_card_id out.Alter_no alter_no",
    "VC 4.4.1": "ehealth_card_id user_sex mobile_phone photo_format photo_info out.Alter_no out.Alter_time",
    "VC 4.4.2": "ehealth_card_id mindex_id out.Alter_no alter_no",
    "VC 4.5.1": "ehealth_card_id out_close_no out_close_time",
    "VC 4.5.2": "mindex_id ehealth_card_id",
    "VC 4.6.1": "out_authorize_no out_authorize_time operator_id operator_name treatment_code",
    "VC 4.6.2": "ehealth_authurl",
    "VC 4.7.1": "out_authorize_no",
    "VC 4.7.2": "auth_status mindex_id ehealth_card_id xman_id smk_id id_type id_no user_name user_sex mobile_phone"
    " birthday telephone address work_unit card_type card_no card_list",
    "VC 4.8.1": "ehealth_card_id out_close_no out_close_time",
    "VC 4.8.2": "mindex_id ehealth_card_id",
    "EC B.3": "orgId businessType businessInfo operatorId operatorName officeId officeName",
    "EC B.4": "userName idNo idType ecToken insuOrg ecIndexNo gender birthday nationality email extra",
}

COUNTS = {
    "methods": 8,
    "id_types": 12,
    "nations": 57,
    "sexes": 6,
    "treatments": 10,
    "departments": 199,
    "card_types": 6,
    "regions": 420,
    "businesses": 17,
    "business_groups": 3,
    "ec_businesses": 17,
    "ec_id_types": 16,
    "ec_flags": 2,
    "certificate_modes": 2,
    "apply_methods": 4,
    "yes_no": 2,
    "multi_code_flags": 2,
    "auth_statuses": 4,
}


def tables() -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Every table of fields with a name for the failure message."""
    yield "VC common", virtualcard.COMMON
    yield "VC unlisted", virtualcard.UNLISTED
    yield "EC common in", nation.COMMON_IN
    yield "EC common out", nation.COMMON_OUT
    for method in spec.METHODS.values():
        yield f"{method.name} request", method.request
        yield f"{method.name} response", method.response


def fields() -> list[Field]:
    return [row for _, table in tables() for row in table]


def find_field(method: str, part: str, name: str) -> Field:
    rows: tuple[Field, ...] = getattr(spec.METHODS[method], part)
    (row,) = (row for row in rows if row.name == name)
    return row


# --- methods and fields ---


def test_methods_are_those_of_both_documents() -> None:
    assert list(spec.METHODS) == [
        "ehc.ehealthcard.querywithreg",
        "ehc.ehealthcode.verify",
        "ehc.ehealthcard.alterlink",
        "ehc.ehealthcard.alterinfo",
        "ehc.ehealthcard.close",
        "ehc.ehealthcard.authurl",
        "ehc.ehealthcard.auth.query",
        "ehc.ehealthcard.push",
        "ec.query",
        "localEcTokenCheck",
    ]
    # a dict would swallow a second row of the same name
    assert len(spec.METHODS) == len(virtualcard.METHODS) + len(nation.METHODS)


@pytest.mark.parametrize(("clause", "names"), TABLES.items(), ids=TABLES)
def test_table_holds_the_printed_names_in_order(clause: str, names: str) -> None:
    rows = [row for method in spec.METHODS.values() for row in (*method.request, *method.response)]
    assert [row.name for row in rows if row.clause == clause] == names.split()


def test_rows_of_no_table() -> None:
    printed = [*TABLES, "VC 3.2", "VC 4.1.1", "EC B.1", "EC B.2"]
    others = [(name, row.name, row.clause) for name, table in tables() for row in table if row.clause not in printed]
    assert others == [
        ("ec.query request", "ecQrCode", "规范外"),
        ("ec.query response", "ecQrCode", "规范外"),
        ("ec.query response", "authNo", "规范外"),
        ("localEcTokenCheck request", "ecToken", "规范外"),
        ("localEcTokenCheck request", "idType", "规范外"),
        ("localEcTokenCheck request", "idNo", "规范外"),
        ("localEcTokenCheck request", "userName", "规范外"),
        ("localEcTokenCheck response", "flag", "规范外"),
    ]


def test_common_fields() -> None:
    assert [(row.name, row.length) for row in virtualcard.COMMON] == [
        ("method", 50),
        ("app_id", 32),
        ("key", 32),
        ("term_id", 32),
        ("version", 10),
        ("timestamp", 20),
        ("sign_type", 10),
        ("enc_type", 10),
        ("biz_content", None),
    ]
    assert all(row.required for row in virtualcard.COMMON)
    assert [(row.name, row.length, row.required) for row in nation.COMMON_IN] == [
        ("orgId", 40, True),
        ("transType", 40, True),
        ("data", 204800, True),
        ("extra", 204800, False),
    ]
    assert [(row.name, row.length, row.required) for row in nation.COMMON_OUT] == [
        ("orgId", 40, True),
        ("code", 8, True),
        ("data", 204800, True),
        ("message", 200, False),
        ("extra", 204800, False),
    ]


@pytest.mark.parametrize(
    ("method", "part", "name", "title", "type_", "length", "required", "dictionary"),
    [
        ("ehc.ehealthcard.querywithreg", "request", "photo_info", "照片信息", "String", 2048, False, None),
        ("ehc.ehealthcard.querywithreg", "request", "id_type", "证件类型", "String", 2, True, "id_types"),
        ("ehc.ehealthcard.querywithreg", "response", "pub_qrcode", "微信关注二维码", "String", 128, False, None),
        ("ehc.ehealthcode.verify", "request", "businessInfo", "用码业务类型", "String", 2, True, None),
        ("ehc.ehealthcode.verify", "request", "businessType", "用码业务类型", "String", 5, True, "businesses"),
        ("ehc.ehealthcode.verify", "request", "ECUrl", "医保电子凭证请求地址", "String", 512, True, None),
        ("ehc.ehealthcode.verify", "request", "treatment_code", "诊疗环节编码", "String", 32, True, "treatments"),
        ("ehc.ehealthcode.verify", "request", "ehealth_code", "多码融合码二维码", "String", 128, False, None),
        ("ehc.ehealthcode.verify", "response", "insuOrg", "参保地区编码", "String", 6, True, "regions"),
        ("ehc.ehealthcode.verify", "response", "ecToken", "身份令牌", "String", 64, True, None),
        ("ehc.ehealthcard.alterlink", "request", "from_card_type", "旧卡类型", "String", 2, False, "card_types"),
        ("ehc.ehealthcard.alterinfo", "request", "mobile_phone", "变更手机号", "String", 20, False, None),
        ("ehc.ehealthcard.auth.query", "response", "card_list", "绑定卡列表", "JSON", None, False, None),
        ("ec.query", "request", "businessType", "用码业务类型", "C", 5, True, "ec_businesses"),
        ("ec.query", "request", "operatorName", "操作员姓名", "C", 30, True, None),
        ("ec.query", "response", "idType", "证件类型", "C", 2, True, "ec_id_types"),
        ("ec.query", "response", "ecToken", "令牌", "C", 40, True, None),
        ("localEcTokenCheck", "response", "flag", "校验结果", "C", 1, True, "ec_flags"),
    ],
)
def test_field_as_printed(
    method: str,
    part: str,
    name: str,
    title: str,
    type_: str,
    length: int | None,
    required: bool,
    dictionary: str | None,
) -> None:
    row = find_field(method, part, name)
    assert (row.title, row.type, row.length, row.required, row.dictionary) == (
        title,
        type_,
        length,
        required,
        dictionary,
    )


# Printed 可空 = N, and filled by one kind of code or one outcome only: VC 4.2.1 is older in the sample of VC 3.2, which
# has none of the seven; VC 4.2.2 says 融合码时返回; VC 4.7.2 says which outcomes there are beside 授权成功.
CONDITIONAL = {
    ("ehc.ehealthcode.verify", "request", "二维码为医保电子凭证或 IsMultiCode 为 0 时"): "ECUrl orgId businessType"
    " businessInfo officeId officeName IsMultiCode",
    ("ehc.ehealthcode.verify", "response", "二维码为多码融合码时"): "mindex_id ehealth_card_id",
    ("ehc.ehealthcode.verify", "response", "二维码为医保电子凭证时"): "ecToken insuOrg EcQrCode",
    ("ehc.ehealthcard.auth.query", "response", "auth_status 为 succ 时"): "mindex_id ehealth_card_id id_type id_no"
    " user_name user_sex mobile_phone",
}


def test_conditions() -> None:
    found: dict[tuple[str, str, str], list[str]] = {}
    for method in spec.METHODS.values():
        for part, rows in (("request", method.request), ("response", method.response)):
            for row in rows:
                if row.when is not None:
                    assert row.required, row
                    found.setdefault((method.name, part, row.when.title), []).append(row.name)
    assert {key: " ".join(names) for key, names in found.items()} == CONDITIONAL


def test_a_condition_names_what_there_is() -> None:
    """A kind of code that the scanned ones have, and a value of a field of the same table and its dictionary."""
    for _, rows in tables():
        for when in {row.when for row in rows if row.when is not None}:
            assert when.code in ("", *(kind.value for kind in scanned.Kind))
            for name, value in when.values:
                (field,) = [row for row in rows if row.name == name]
                assert spec.DICTIONARIES[field.dictionary or ""].find(value)


def test_required_rows_of_each_request() -> None:
    required = {m.name: sum(row.required for row in m.request) for m in spec.METHODS.values()}
    assert required == {
        "ehc.ehealthcard.querywithreg": 9,
        "ehc.ehealthcode.verify": 12,
        "ehc.ehealthcard.alterlink": 5,
        "ehc.ehealthcard.alterinfo": 3,
        "ehc.ehealthcard.close": 3,
        "ehc.ehealthcard.authurl": 5,
        "ehc.ehealthcard.auth.query": 1,
        "ehc.ehealthcard.push": 3,
        "ec.query": 4,
        "localEcTokenCheck": 4,
    }


@pytest.mark.parametrize(("name", "table"), list(tables()), ids=[name for name, _ in tables()])
def test_names_and_aliases_of_a_table_are_unique(name: str, table: tuple[Field, ...]) -> None:
    spellings = [spelling for row in table for spelling in (row.name, *row.aliases)]
    assert len(spellings) == len(set(spellings)), name


def test_every_field_row_is_sound() -> None:
    for row in fields():
        assert row.name and row.title and row.clause, row
        assert row.type in {"String", "JSON", "C", "Json"}, row
        assert row.length is None or row.length > 0, row
        assert row.dictionary is None or row.dictionary in spec.DICTIONARIES, row
        assert row.name == row.name.strip() and row.title == row.title.strip(), row


def test_field_aliases_are_the_known_slips() -> None:
    aliases = {(row.name, alias) for row in fields() for alias in row.aliases}
    assert aliases == {
        ("photo_fomat", "photo_format"),
        ("photo_format", "photo_fomat"),
        ("out.Alter_no", "out_alter_no"),
        ("out.Alter_time", "out_alter_time"),
    }


def test_method_aliases_do_not_collide() -> None:
    spellings = [s for method in spec.METHODS.values() for s in (method.name, *method.aliases)]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ehc.ehealthcode.verify", "ehc.ehealthcode.verify"),
        ("ehealthcode.verify", "ehc.ehealthcode.verify"),  # VC 3.2, the sample
        ("ehc.ehealthcard.aut.h.query", "ehc.ehealthcard.auth.query"),  # VC 4.7.1, as printed
        ("ec.query", "ec.query"),
        ("localEcTokenCheck", "localEcTokenCheck"),
        ("EHC.EHEALTHCODE.VERIFY", None),
        ("ehc.ehealthcard.", None),
        ("all", None),
        ("", None),
    ],
)
def test_find_method(name: str, found: str | None) -> None:
    method = spec.find_method(name)
    assert (method.name if method else None) == found


def test_only_the_query_may_be_repeated_and_only_two_methods_scan() -> None:
    by_effect = {effect: {m.name for m in spec.METHODS.values() if m.effect is effect} for effect in Effect}
    assert by_effect[Effect.QUERY] == {"ehc.ehealthcard.auth.query"}
    assert by_effect[Effect.IDENTIFY] == {"ehc.ehealthcode.verify", "ec.query"}
    assert {m.name: m.scans for m in spec.METHODS.values() if m.scans} == {
        "ehc.ehealthcode.verify": "ehealth_code",
        "ec.query": "ecQrCode",
    }
    for method in spec.METHODS.values():
        if method.scans:
            assert not find_field(method.name, "request", method.scans).required


# --- codes ---


def test_code_counts_and_uniqueness() -> None:
    """A dict would swallow a second row of the same code."""
    assert len(codes.VC_ROWS) == 38 == len(spec.VC_CODES)
    assert len(codes.EC_ROWS) == 55 == len(spec.EC_CODES)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("0000", "操作成功"),
        ("9999", "未知错误"),
        ("1004", "接口名称不为空"),
        ("1010", "应用无该接口权限"),
        ("2001", "多码融合码二维码已过期"),
        ("3003", "资源正在被占用, 请确认交易状态再试"),
        ("8004", "网络连接失败"),
        ("8009", "内部异常"),
        ("9001", "请求参数有误"),
        ("9008", "报文读取错误"),
    ],
)
def test_vc_code_as_printed(code: str, meaning: str) -> None:
    assert spec.VC_CODES[code].meaning == meaning
    assert spec.VC_CODES[code].clause == "VC 附录1"
    assert spec.VC_CODES[code].scope == ""


@pytest.mark.parametrize(
    ("code", "scope", "meaning"),
    [
        ("0", "系统级", "成功"),
        ("-2", "系统级", "请求参数异常"),
        ("-6", "系统级", "触发限流"),
        ("500001", "电子凭证中心", "该电子凭证不存在"),
        ("500024", "电子凭证中心", "需要生成的链接类型为空或不存在"),
        ("500049", "电子凭证中心", "电子凭证二维码无效"),
        ("500067", "电子凭证中心", "无效 token"),
        ("500100", "电子凭证中心", "无接口权限"),
    ],
)
def test_ec_code_as_printed(code: str, scope: str, meaning: str) -> None:
    assert (spec.EC_CODES[code].scope, spec.EC_CODES[code].meaning) == (scope, meaning)
    assert spec.EC_CODES[code].clause == "EC C.4"


def test_code_order_is_the_printed_one() -> None:
    vc = [row.code for row in codes.VC_ROWS]
    assert vc[:3] == ["0000", "9998", "9999"]
    assert vc[3:] == sorted(vc[3:])
    ec = [int(row.code) for row in codes.EC_ROWS]
    assert ec[:7] == [0, -1, -2, -3, -4, -5, -6]
    assert ec[7:] == sorted(ec[7:])
    assert [row.scope for row in codes.EC_ROWS].count("系统级") == 7
    assert [row.scope for row in codes.EC_ROWS].count("电子凭证中心") == 48


def test_every_code_has_a_remedy() -> None:
    for row in (*codes.VC_ROWS, *codes.EC_ROWS):
        assert row.remedy.endswith("。") and row.remedy != row.meaning, row


# --- dictionaries ---


def test_dictionary_counts() -> None:
    assert {name: len(table.entries) for name, table in spec.DICTIONARIES.items()} == COUNTS


@pytest.mark.parametrize("name", COUNTS)
def test_dictionary_is_sound(name: str) -> None:
    table = spec.DICTIONARIES[name]
    assert table.name == name
    assert table.title
    assert table.clause.startswith(("VC ", "EC "))
    entry_codes = [entry.code for entry in table.entries]
    assert len(entry_codes) == len(set(entry_codes))
    for entry in table.entries:
        assert entry.code == entry.code.strip() and entry.name == entry.name.strip() != "", entry
        assert table.find(entry.code) is entry
    assert table.find("no such code") is None
    assert table.find("") is None


@pytest.mark.parametrize(
    ("dictionary", "code", "name"),
    [
        ("methods", "ehc.ehealthcard.authurl", "生成用卡授权链接"),
        ("id_types", "01", "居民身份证"),
        ("id_types", "02", "居民户口簿"),
        ("id_types", "A3", "外国人永久居留证"),
        ("id_types", "99", "其他法定有效证件"),
        ("nations", "01", "汉族"),
        ("nations", "15", "土家族"),
        ("nations", "29", "柯尔柯孜族"),
        ("nations", "31", "达尔族"),
        ("nations", "44", "俄罗斯族"),
        ("nations", "56", "基诺族"),
        ("nations", "97", "其他未识别的民族"),
        ("sexes", "0", "未知性别"),
        ("sexes", "9", "未说明性别"),
        ("treatments", "010105", "收费"),
        ("treatments", "A10102", "退款"),
        ("treatments", "000000", "其他"),
        ("departments", "0100", "预防保健科"),
        ("departments", "0304", "心血管内科专业"),
        ("departments", "0409", "其他外科"),
        ("departments", "0705", "小儿心脏病专业"),
        ("departments", "3202", "CT 诊断专业"),
        ("departments", "5405", "内科药房"),
        ("departments", "5909", "手术室层护士站"),
        ("departments", "0102", "计划免疫"),
        ("card_types", "04", "市民卡（经信局）"),
        ("card_types", "A2", "医保电子凭证"),
        ("regions", "420700", "鄂州市"),
        ("regions", "350200", "厦门市"),
        ("regions", "350500", "泉州市"),
        ("regions", "310001", "上海市(市级)"),
        ("regions", "429021", "神农架林区"),
        ("regions", "469030", "海南省琼中黎族苗族自治县"),
        ("regions", "660001", "新疆生产建设兵团(市级)"),
        ("regions", "510900", "遂宁市"),
        ("businesses", "01101", "挂号"),
        ("businesses", "03131", "医疗类 APP 线上身份认证"),
        ("ec_businesses", "01101", "挂号"),
        ("ec_businesses", "02122", "下载外购处方"),
        ("ec_id_types", "01", "居民身份证（户口簿）"),
        ("ec_id_types", "02", "中国人民解放军军官证"),
        ("ec_id_types", "11", "外国人就业证"),
        ("ec_flags", "0", "校验失败"),
        ("ec_flags", "1", "校验成功"),
        ("certificate_modes", "02", "社保卡实名认证"),
        ("apply_methods", "3", "医疗卫生机构窗口申请"),
        ("auth_statuses", "succ", "授权成功"),
    ],
)
def test_entry_as_printed(dictionary: str, code: str, name: str) -> None:
    entry = spec.DICTIONARIES[dictionary].find(code)
    assert entry is not None
    assert entry.name == name


@pytest.mark.parametrize(
    ("dictionary", "code"),
    [
        ("departments", "5008"),  # VC 附录2.6 prints 5405 in its place
        ("regions", "540000"),  # VC 附录2.8 has no row of Tibet
        ("id_types", "09"),
        ("nations", "57"),
        ("ec_id_types", "09"),
        ("businesses", "101"),
    ],
)
def test_entry_that_is_not_printed(dictionary: str, code: str) -> None:
    assert spec.DICTIONARIES[dictionary].find(code) is None


@pytest.mark.parametrize(
    "name", ["nations", "sexes", "id_types", "businesses", "ec_businesses", "ec_id_types", "ec_flags", "card_types"]
)
def test_dictionary_ascends_where_the_document_does(name: str) -> None:
    entry_codes = [e.code for e in spec.DICTIONARIES[name].entries if e.code != "99"]
    assert entry_codes == sorted(entry_codes)


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        # the first code of every ascending run, as the document prints them
        ("regions", ["420700", "350500", "230700", "140001", "110000", "440700"]),
        (
            "departments",
            ["0100", "5009", "5404", "9900", "5304", "0101", "5406", "5408", "5305", "0102"],
        ),
        ("treatments", ["010101", "000000"]),
    ],
)
def test_dictionary_keeps_the_printed_order(name: str, starts: list[str]) -> None:
    entry_codes = [entry.code for entry in spec.DICTIONARIES[name].entries]
    runs = [b for a, b in zip([None, *entry_codes], entry_codes, strict=False) if a is None or b < a]
    assert runs == starts


def test_codes_have_the_printed_width() -> None:
    widths = {
        name: {len(entry.code) for entry in spec.DICTIONARIES[name].entries}
        for name in ("regions", "departments", "businesses", "ec_businesses", "treatments", "nations", "ec_id_types")
    }
    assert widths == {
        "regions": {6},
        "departments": {4},
        "businesses": {5},
        "ec_businesses": {5},
        "treatments": {6},
        "nations": {2},
        "ec_id_types": {2},
    }


def test_codes_are_digits() -> None:
    for name in ("regions", "departments", "businesses", "ec_businesses", "nations", "ec_id_types"):
        assert all(entry.code.isdecimal() for entry in spec.DICTIONARIES[name].entries), name


def test_names_hold_no_broken_words() -> None:
    """A page break or a line break of the document must not be left in a name."""
    with_blank = [e.name for name in COUNTS for e in spec.DICTIONARIES[name].entries if " " in e.name]
    assert with_blank == [
        "X 线诊断专业",
        "CT 诊断专业",
        "医疗类 APP 线上身份认证",
        "医疗类 APP 线上结算",
        "医疗类 APP",
        "医疗类 APP 线上身份认证",
        "医疗类 APP 线上结算",
        "APP 在线申请",
    ]
    assert not [e for name in COUNTS for e in spec.DICTIONARIES[name].entries if set(e.name) & set("\t\n\u3000")]


def test_parents_exist() -> None:
    departments = spec.DICTIONARIES["departments"]
    tops = [entry.code for entry in departments.entries if not entry.parent]
    assert len(tops) == 41
    for entry in departments.entries:
        assert not entry.parent or (entry.parent in tops and entry.code[:2] == entry.parent[:2]), entry
    heart = departments.find("0304")
    assert heart is not None
    assert heart.parent == "0300"
    for name in ("businesses", "ec_businesses"):
        for entry in spec.DICTIONARIES[name].entries:
            assert spec.DICTIONARIES["business_groups"].find(entry.parent), entry
            assert entry.code.startswith(entry.parent), entry


def test_the_business_tables_differ_only_in_three_remarks() -> None:
    """VC 附录2.9 prints 身份证件 where EC C.1 prints 身份证."""
    pairs = zip(spec.DICTIONARIES["businesses"].entries, spec.DICTIONARIES["ec_businesses"].entries, strict=True)
    assert [(vc.code, vc.note, ec.note) for vc, ec in pairs if vc != ec] == [
        ("01102", "替代身份证件、社保卡", "替代身份证、社保卡"),
        ("01305", "替代身份证件、社保卡（门诊和住院各类材料复印）", "替代身份证、社保卡（门诊和住院各类材料复印）"),
        ("02122", "替代社保卡、身份证件", "替代社保卡、身份证"),
    ]


def test_the_methods_dictionary_names_the_methods() -> None:
    assert {e.code for e in spec.DICTIONARIES["methods"].entries} == {m.name for m in virtualcard.METHODS}


def test_unknown_dictionary() -> None:
    assert "departments" in spec.DICTIONARIES
    assert "hospitals" not in spec.DICTIONARIES
    with pytest.raises(KeyError):
        spec.DICTIONARIES["hospitals"]


# --- the package ---


def test_rows_cannot_be_changed() -> None:
    row = virtualcard.COMMON[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.length = 51  # type: ignore[misc]


def test_long_tables_are_not_imported_until_asked_for() -> None:
    script = (
        "import sys, shim.spec as s\n"
        "late = ['shim.spec.dictionaries.departments', 'shim.spec.dictionaries.regions']\n"
        "assert list(s.DICTIONARIES) and 'regions' in s.DICTIONARIES and len(s.DICTIONARIES) == 18\n"
        "assert not [m for m in late if m in sys.modules], 'imported too early'\n"
        "assert s.DICTIONARIES['regions'].find('350200').name == '\\u53a6\\u95e8\\u5e02'\n"
        "assert [m for m in late if m in sys.modules] == late[1:]\n"
        "outside = [m for m in sys.modules if m.startswith('shim.') and not (m + '.').startswith('shim.spec.')]\n"
        "assert not outside, outside\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
