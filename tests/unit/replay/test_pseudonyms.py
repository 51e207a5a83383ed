"""Stand-ins: of the same kind and length, always the same one, everywhere; and what is kept."""

from __future__ import annotations

import json
import random
import re

import pytest

from shim.replay.json_text import Path, rewritten
from shim.replay.pseudonyms import Pseudonyms, check_digit, harmless_words
from tests.support.replays import NOON

WORDS = harmless_words()


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(WORDS, random.Random(15))


KINDS = {
    "11010119900307001X": r"(11|21|31|35|41|51|61)0\d{3}(19|20)\d{6}\d\d\d[\dX]",
    "110101900307001": r"(11|21|31|35|41|51|61)0\d{3}\d{6}\d{3}",
    "13912345678": r"1[3-9]\d{9}",
    "4240000012345678901235990000": r"424\d{21}0000",
    "opc1234567890123456789012345": r"opc\d{25}",
    "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E": r"[0-9A-F]{48}",
    "8bf77b9b0688aa6e": r"[0-9a-f]{16}",
    "85:8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001": r"85:[0-9A-F]{48}:1:::\d{11}",
    "f8:34:41:bd:e1:88": r"02(:[0-9a-f]{2}){5}",
    "F8-34-41-BD-E1-88": r"02(-[0-9A-F]{2}){5}",
    "192.168.10.7": r"\d{3}\.\d{3}\.\d\d\.\d",
    "http://his.hospital.cn:8080/ehcService/gateway.do?org=XA12": r"http://[a-z]{3}\.[a-z]{8}\.[a-z]{2}:8080/ehcService/"
                                                                   r"gateway\.do\?org=[A-Z]{2}\d\d",
    "19900307": r"(18|19|20)\d{6}",
    "1990.03.07": r"(18|19|20)\d\d\.\d\d\.\d\d",
    "王小明": r"[一-鿿]{3}",
    "厦门市思明区1号": r"[一-鿿]{6}\d[一-鿿]",
    "Anna Li": r"[A-Z][a-z]{3} [A-Z][a-z]",
    "Zhang San": r"[A-Z][a-z]{4} [A-Z][a-z]{2}",
    "D000002": r"[A-Z]\d{6}",
    "/9j/4AAQSkZJRgABAQ==": r"/\d[a-z]/\d[A-Z]{3}[A-Za-z]{10}==",
}  # fmt: skip


@pytest.mark.parametrize("value", KINDS)
def test_a_stand_in_is_of_the_same_kind_and_length(pseudonyms: Pseudonyms, value: str) -> None:
    made = pseudonyms.of(value, NOON)
    assert made != value
    assert len(made) == len(value)
    assert re.fullmatch(KINDS[value], made)
    assert pseudonyms.of(value, NOON) == made


KEPT = ("", "1", "Y", "01", "succ", "成功", "ehc.ehealthcode.verify", "010105", "12.50", "MD5", "20260528120000",
        "2026-05-28 12:00:00", "1779969600", "1779969600123", "20260528120000123", "男")  # fmt: skip


@pytest.mark.parametrize("value", KEPT)
def test_what_is_harmless_is_kept(value: str) -> None:
    assert Pseudonyms(WORDS | {"MD5"}).of(value, NOON) == value


def test_a_name_is_replaced_however_short(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.of("Li", NOON) == "Li"
    assert pseudonyms.name("Li", NOON) != "Li" and pseudonyms.name("成功", NOON) != "成功"


def test_a_time_far_from_the_call_is_none_that_is_kept(pseudonyms: Pseudonyms) -> None:
    made = pseudonyms.of("20200101120000", NOON)
    assert made != "20200101120000"
    assert re.fullmatch(r"20\d\d[01]\d[0-3]\d[0-2]\d[0-5]\d[0-5]\d", made)


@pytest.mark.parametrize("seed", range(20))
def test_an_identity_number_keeps_what_is_computed_from_it(seed: int) -> None:
    """A valid check digit, the sex, and the birthday that other fields have, too, however they write it."""
    pseudonyms = Pseudonyms(WORDS, random.Random(seed))
    number = "11010119900307001X"[:17]
    number += check_digit(number)
    made = pseudonyms.of(number, NOON)
    assert made[17] == check_digit(made[:17])
    assert int(made[16]) % 2 == int(number[16]) % 2
    day = made[6:14]
    assert "19860101" < day < "19941231"
    assert pseudonyms.of("19900307", NOON) == day
    assert pseudonyms.of("1990-03-07", NOON) == f"{day[:4]}-{day[4:6]}-{day[6:]}"
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    assert pseudonyms.of(wrong, NOON)[17] != check_digit(pseudonyms.of(wrong, NOON)[:17])


def test_check_digits_are_those_of_the_standard() -> None:
    assert [check_digit(digits) for digits in ("11010519491231002", "44052418800101001")] == ["X", "4"]


def test_two_values_never_get_one_stand_in(pseudonyms: Pseudonyms) -> None:
    values = [f"1391234{number:04d}" for number in range(500)]
    assert len({pseudonyms.of(value, NOON) for value in values}) == 500


def test_the_parts_of_a_code_have_the_stand_ins_that_they_have_alone(pseudonyms: Pseudonyms) -> None:
    code = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
    made = pseudonyms.of(code, NOON)
    assert made.split(":") == [pseudonyms.of(part, NOON) for part in code.split(":")]


def test_a_value_inside_another_one_has_its_stand_in_there(pseudonyms: Pseudonyms) -> None:
    pseudonyms.learn(["王小明", "11010119900307001X"])
    made = pseudonyms.of("患者王小明，证件11010119900307001X，电话不详", NOON)
    assert pseudonyms.of("王小明", NOON) in made and pseudonyms.of("11010119900307001X", NOON) in made
    assert "王小明" not in made and "11010119900307001X" not in made and "患者" not in made
    assert re.fullmatch(r"[一-鿿]{5}，[一-鿿]{2}.{18}，[一-鿿]{4}", made)


def test_a_rare_character_gets_one_of_as_many_bytes(pseudonyms: Pseudonyms) -> None:
    made = pseudonyms.of("王𬱖㐁", NOON)
    assert [len(c.encode("gb18030")) for c in made] == [2, 4, 4]
    assert [len(c.encode("utf-8")) for c in made] == [3, 4, 3]


def test_numbers_of_six_digits_and_more_are_replaced(pseudonyms: Pseudonyms) -> None:
    assert [pseudonyms.number(text, NOON) for text in ("0", "-5", "99999", "12.50", "1e10")] == [
        "0", "-5", "99999", "12.50", "1e10",
    ]  # fmt: skip
    made = pseudonyms.number("123456", NOON)
    assert made != "123456" and re.fullmatch(r"[1-9]\d{5}", made)


def test_stand_ins_cannot_be_foretold() -> None:
    assert Pseudonyms(WORDS).of("13912345678", NOON) != Pseudonyms(WORDS).of("13912345678", NOON)


# ---- JSON texts ------------------------------------------------------------------------------------------------------


def shouted(path: Path, value: str, is_number: bool) -> str:
    return value if path[-1:] == ("*",) else "7" * len(value) if is_number else value.upper()


TEXTS = {
    '{"a":"x"}': '{"a":"X"}',
    '{ "a" : "x" ,\r\n  "b": 12, }': '{ "a" : "X" ,\r\n  "b": 77, }',
    '{"a":"{\\"b\\":\\"x\\"}"}': '{"a":"{\\"b\\":\\"X\\"}"}',
    '["x",{"a":["y",1.5]},true,null]': '["X",{"a":["Y",777]},true,null]',
    '{"a":"h\\/x"}': '{"a":"H\\/X"}',
    '{"a":"\\u00e9x"}': '{"a":"\\u00c9X"}',
    '{"a":"\\u00E9x"}': '{"a":"\\u00C9X"}',
    '\ufeff {"a":"x"}\0': '\ufeff {"a":"X"}\0',
    '{"a":"x:y, {z}"}': '{"a":"X:Y, {Z}"}',
}


@pytest.mark.parametrize("text", TEXTS)
def test_only_values_of_a_json_text_change(text: str) -> None:
    assert rewritten(text, shouted) == TEXTS[text]


def test_paths_are_those_of_the_names() -> None:
    seen: list[tuple[Path, str]] = []

    def note(path: Path, value: str, is_number: bool) -> str:
        seen.append((path, value))
        return value

    rewritten(json.dumps({"a": {"b": "x"}, "c": [{"d": "y"}], "e": json.dumps({"f": "z"})}), note)
    assert [row for row in seen if row[0][-1] != "*"] == [(("a", "b"), "x"), (("c", "d"), "y"), (("e", "f"), "z")]
