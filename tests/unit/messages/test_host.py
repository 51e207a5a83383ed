"""What a clerk is told of a finding about the host's own data: the field and the code, in at most 60 characters."""

from __future__ import annotations

from typing import Any

import pytest

from shim.errors import HostError, State
from shim.messages import host
from shim.messages.clerk import LONGEST, sentence
from shim.spec import DICTIONARIES, EXPORT_BY_NAME, METHODS, Effect
from shim.spec.nation import COMMON_IN
from shim.spec.nation import METHODS as EC_METHODS
from shim.spec.rows import Condition, Field
from shim.spec.virtualcard import COMMON, UNLISTED
from shim.validate import FindingKind, check_fields, check_unknown_vc, findings_error

COMMONS = ("VirtualCardTrans", (*COMMON, *UNLISTED)), ("NationEcTrans", COMMON_IN)
EC_NAMES = {method.name for method in EC_METHODS}
# Every field that either specification has in a request, with the export that it is passed to.
FIELDS: dict[tuple[str, str, str], tuple[str, Field]] = {
    (export, row.name, row.title): (export, row)
    for export, rows in (
        *COMMONS,
        *(("NationEcTrans" if name in EC_NAMES else "VirtualCardTrans", m.request) for name, m in METHODS.items()),
    )
    for row in rows
}


def told(error: HostError, export: str) -> str:
    """The clerk's text of an error before anything was sent."""
    row = EXPORT_BY_NAME[export]
    assert error.row is not None
    code = error.vc_code if export == "VirtualCardTrans" else error.ec_code
    return sentence(error.row, error.facts, row, State.NOT_DONE, Effect.CHANGE, code)


def findings_of(row: Field) -> list[tuple[Field, dict[str, Any]]]:
    """The field with what breaks each of its rules in turn: it is missing, misspelt, too long, in no dictionary."""
    required = Field(row.name, row.title, row.type, 3, True, row.clause)
    optional = Field(row.name, row.title, row.type, 3, False, row.clause)
    listed = Field(row.name, row.title, row.type, None, False, row.clause, dictionary=next(iter(DICTIONARIES)))
    in_case = Field(
        row.name, row.title, "String", 3, True, row.clause, when=Condition("a 为 1 时", "", values=(("a", "1"),))
    )
    slip = f"{row.name}s"
    return [
        (required, {}), (required, {slip: "x"}), (in_case, {"a": "1"}), (in_case, {"a": "1", slip: "x"}),
        (optional, {slip: "x"}), (optional, {row.name: "四个字了"}), (listed, {row.name: "没有这一项"}),
    ]  # fmt: skip


@pytest.mark.parametrize("key", FIELDS, ids="-".join)
def test_every_field_is_named_within_60_characters(key: tuple[str, str, str]) -> None:
    export, row = FIELDS[key]
    for rule, values in findings_of(row):
        (finding,) = check_fields((rule,), values)
        text = told(findings_error([finding]), export)
        assert text.startswith("医院程序传来的数据有误（") and len(text) <= LONGEST, text
        code = "9001" if export == "VirtualCardTrans" else "-2"
        assert text.endswith(f"），本次没有提交。请联系信息科（{code}）。"), text
        assert row.name in text.partition("，")[0], text
        assert row.name in finding.text and row.clause in finding.text


@pytest.mark.parametrize(
    ("row", "values", "text"),
    [
        (Field("operator_name", "用卡验证操作员姓名", "String", 32, True, "VC 4.2.1"), {},
         "医院程序传来的数据有误（缺少用卡验证操作员姓名 operator_name），本次没有提交。请联系信息科（9001）。"),
        (Field("out_authorize_time", "外部用卡授权时间", "String", 32, True, "VC 4.6.1"), {},
         "医院程序传来的数据有误（缺少 out_authorize_time），本次没有提交。请联系信息科（9001）。"),
        (Field("id_no", "证件号", "String", 4, True, "VC 4.1.1"), {"id_no": "12345"},
         "医院程序传来的数据有误（证件号 id_no 太长），本次没有提交。请联系信息科（9001）。"),
        (Field("id_no", "证件号", "String", 4, True, "VC 4.1.1"), {"idno": "12345"},
         "医院程序传来的数据有误（缺少证件号 id_no），本次没有提交。请联系信息科（9001）。"),
        (Field("sex", "性别", "String", 4, True, "VC 4.1.1", dictionary="sexes"), {"sex": "男孩"},
         "医院程序传来的数据有误（性别 sex 不在字典中），本次没有提交。请联系信息科（9001）。"),
        (Field("address", "居住地址", "String", 4, False, "VC 4.1.1"), {"adress": "x"},
         "医院程序传来的数据有误（字段 address 可能写错），本次没有提交。请联系信息科（9001）。"),
    ],
)  # fmt: skip
def test_what_is_told(row: Field, values: dict[str, Any], text: str) -> None:
    assert told(findings_error(check_fields((row,), values)), "VirtualCardTrans") == text


def test_what_the_engineer_is_told() -> None:
    """The limit and what came, the dictionary and where it is printed."""
    long = Field("id_no", "证件号", "String", 4, True, "VC 4.1.1")
    (finding,) = check_fields((long,), {"id_no": "12345"})
    assert finding.text == "字段 id_no（证件号，VC 4.1.1）最多 4 字，实为 5 字，请缩短"
    sex = Field("sex", "性别", "String", 4, True, "VC 4.1.1", dictionary="sexes")
    (finding,) = check_fields((sex,), {"sex": "男孩们"})
    assert finding.text == (
        "字段 sex（性别，VC 4.1.1）的值不在字典“性别编码 (GB2261)”（VC 附录2.4）中，收到 男***（3 字），请核对"
    )


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (["name", "sex"], "name、sex 等 2 处"),
        (["name", "sex", "phone"], "name、sex 等 3 处"),
        (["out_authorize_time", "operator_name"], "out_authorize_time 等 2 处"),
        (["out_authorize_time"] + [f"f{number}" for number in range(99)], "out_authorize_time 等 100 处"),
    ],
)
def test_the_first_places_and_how_many(names: list[str], place: str) -> None:
    findings = check_fields(tuple(Field(name, "甲", "String", 4, True, "VC 9.9.1") for name in names), {})
    error = findings_error(findings)
    text = told(error, "VirtualCardTrans")
    assert text == f"医院程序传来的数据有误（{place}），本次没有提交。请联系信息科（9001）。" and len(text) <= LONGEST
    assert [name for name in names[:2] if f"{name}（甲，VC 9.9.1）" in error.message] == names[:2]
    assert error.message.endswith(f"；等 {len(names)} 处，详见日志") == (len(names) > 2)
    assert len(error.message) < 200


def test_an_unknown_method_is_told_alone() -> None:
    findings = check_unknown_vc("ehc.ehealthcode.verfy", ["app_ids"])
    assert [finding.kind for finding in findings] == [FindingKind.UNKNOWN_METHOD, FindingKind.MISSPELT]
    error = findings_error(findings)
    assert told(error, "VirtualCardTrans") == (
        "医院程序传来的数据有误（接口名称 method 没有此项），本次没有提交。请联系信息科（1005）。"
    )
    assert "是否应为 ehc.ehealthcode.verify？" in error.message


def test_a_name_of_any_length_leaves_the_text_whole() -> None:
    for name in ("a", "x" * 18, "x" * 19, "x" * 50):
        error = HostError(host.TWICE, field="biz_content", name=name, short=host.short(name))
        text = told(error, "VirtualCardTrans")
        assert len(text) <= LONGEST and text.endswith(" 重复出现），本次没有提交。请联系信息科（9008）。")
        assert name in error.message
