"""Findings: conditions, slips of names, what they cost and what they never show."""

from __future__ import annotations

from typing import Any

import pytest

from shim.errors import shown_name
from shim.spec import METHODS
from shim.spec.rows import Condition, Field
from shim.validate import FindingKind, check_fields, misspelt_names, nearest

A = Field("a", "甲", "String", 2, True, "VC 9.9.1")
IF_FUSED = Condition("二维码为多码融合码时", "VC 9.9.1", "多码融合码")
IF_B = Condition("b 为 1 时", "VC 9.9.1", values=(("b", "1"), ("c", "2")))
REGISTER = METHODS["ehc.ehealthcard.querywithreg"].request


def field(name: str, *, required: bool = False, when: Condition | None = None) -> Field:
    return Field(name, "甲", "String", 2, required, "VC 9.9.1", when=when)


@pytest.mark.parametrize(
    ("when", "values", "code", "missing"),
    [
        (None, {}, "", True),
        (IF_FUSED, {}, "", False),
        (IF_FUSED, {}, "多码融合码", True),
        (IF_FUSED, {}, "医保电子凭证", False),
        (IF_FUSED, {"a": "1"}, "多码融合码", False),
        (IF_B, {}, "", False),
        (IF_B, {"b": "1"}, "", True),
        (IF_B, {"b": 1}, "", True),
        (IF_B, {"b": " 1 "}, "", True),
        (IF_B, {"b": "2"}, "", False),
        (IF_B, {"b": "2", "c": "2"}, "多码融合码", True),
        (IF_B, {"b": "1", "a": ""}, "", True),
        (IF_B, {"b": None}, "", False),
    ],
)
def test_required_where_the_case_requires_it(
    when: Condition | None, values: dict[str, Any], code: str, missing: bool
) -> None:
    findings = check_fields((field("a", required=True, when=when),), values, code)
    assert [finding.kind for finding in findings] == [FindingKind.MISSING] * missing
    assert all(("时必填" in finding.text) == (when is not None) for finding in findings)


def test_a_value_of_a_conditional_field_is_checked_in_every_case() -> None:
    (finding,) = check_fields((field("a", required=True, when=IF_FUSED),), {"a": "123"})
    assert finding.kind is FindingKind.TOO_LONG


@pytest.mark.parametrize(
    ("given", "slips"),
    [
        (["operater_id"], {"operator_id": "operater_id"}),
        (["operatorid", "OPERATOR_NAME"], {"operator_id": "operatorid", "operator_name": "OPERATOR_NAME"}),
        (["operator_id", "operater_id"], {}),  # the known one is there
        (["operater_id", "operatr_id"], {"operator_id": "operater_id"}),
        (["ecurl"], {"ECUrl": "ecurl"}),
        (["treatment_cod", "something", "x"], {"treatment_code": "treatment_cod"}),
        (["out_verify_on"], {"out_verify_no": "out_verify_on"}),
        (["操作员", "", "o" * 5000], {}),
        ([], {}),
    ],
)
def test_slips_of_names(given: list[str], slips: dict[str, str]) -> None:
    assert misspelt_names(METHODS["ehc.ehealthcode.verify"].request, given) == slips


def test_what_a_slip_is_told() -> None:
    """A required field is missing, and why; an optional one would be lost without a word."""
    values = {row.name: "01" for row in REGISTER if row.required and row.name != "id_no"}
    findings = check_fields(REGISTER, values | {"idno": "9", "adress": "x"})
    assert [(row.field, row.kind.value, row.text) for row in findings if row.field in ("id_no", "address")] == [
        ("id_no", "missing", "缺少必填字段 id_no（证件号，VC 4.1.1）；收到未知字段 idno，可能是它的误写，请核对"),
        ("address", "misspelt", "未知字段 adress 可能是 address（居住地址，VC 4.1.1）的误写，请核对"),
    ]


def test_an_alias_is_no_slip() -> None:
    """Hosts put photo_format for photo_fomat; and what no row has may be the site's own."""
    values = {row.name: "01" for row in REGISTER if row.required}
    values |= {"photo_format": "JPGBASE64", "card_type": "01", "hospital": "H1", "deviceType": "SelfService"}
    assert [row.field for row in check_fields(REGISTER, values) if row.kind is FindingKind.MISSPELT] == []


def test_thousands_of_unknown_names_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def note(word: str, _: tuple[str, ...]) -> str:
        compared.append(word)
        return ""

    monkeypatch.setattr("shim.validate.nearest", note)
    check_fields(REGISTER, {f"x{number}": "" for number in range(5000)})
    assert compared == [f"x{number}" for number in range(40)]


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("SM33", ("MD5", "SM3"), "SM3"),
        ("RSA", ("PLAIN", "AES", "DES", "SM4"), ""),
        ("date", ("orgId", "data"), "data"),
        ("", ("a",), ""),
        ("a", (), ""),
        ("EC_QUERY", ("ec.query",), "ec.query"),
    ],
)
def test_nearest(word: str, known: tuple[str, ...], meant: str) -> None:
    assert nearest(word, known) == meant


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ehc.ehealthcard.auth.query", "ehc.ehealthcard.auth.query"),
        ("out.Alter_no", "out.Alter_no"),
        ("SHA-256", "SHA-256"),
        ("a" * 50, "a" * 50),
        ("a" * 51, "a***（51 字）"),
        ("990000195203030026", "9***（18 字）"),
        ("E12345678", "E***（9 字）"),
        ("a1b2c3d4", "a***（8 字）"),
        ("张三", "***（2 字）"),
        ("Zhang San", "Z***（9 字）"),
        ("name\n", "n***（5 字）"),
        ("", "***（0 字）"),
    ],
)
def test_a_name_is_shown_only_if_it_looks_like_one(name: str, shown: str) -> None:
    assert shown_name(name) == shown
