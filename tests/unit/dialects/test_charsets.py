"""In which charset an answer is: declared, marked or told from its bytes; a broken byte never gives another name."""

from __future__ import annotations

import json
import random
from itertools import product

import pytest

from shim.dialects.charsets import decode_answer
from tests.support.each_row import each_row

GBK_LABELS = ["GBK", "gbk", "gb2312", "GB18030", '"gbk"', "x-gbk", "CP936", "ms936"]
UTF_8_LABELS = ["utf-8", "UTF8", '"utf-8"', "utf8mb4"]
OTHER_LABELS = ["", "iso-8859-1", "us-ascii", "windows-1252", "big5", "none", "x", "utf", "gb"]
LABELS = GBK_LABELS + UTF_8_LABELS + OTHER_LABELS
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


def body(name: str, charset: str, message: str = "OK") -> bytes:
    return json.dumps({"code": 0, "data": {"userName": name}, "message": message}, ensure_ascii=False).encode(charset)


def name_in(data: bytes, label: str) -> str | None:
    text = decode_answer(data, label)
    return None if text is None else str(json.loads(text)["data"]["userName"])


NAMES = ["张三", "欧阳娜娜", "王𬱖", "龙䶮", "测试员𬱖䶮㛃", "买买提·艾力", "李（女）", "刘堃", "喆", "毛"]


@each_row(product(UNICODE, NAMES, LABELS))
def test_unicode_under_any_label(row: tuple[str, str, str]) -> None:
    charset, name, label = row
    assert name_in(body(name, charset, "成功"), label) == name


@each_row(product(NAMES, LABELS))
def test_gbk_under_any_label(row: tuple[str, str]) -> None:
    """Under a GBK label whatever it is; under another one because people's words are in it."""
    name, label = row
    assert name_in(body(name, "gb18030", "查询成功"), label) == name


@pytest.mark.parametrize("label", [*GBK_LABELS, "", "iso-8859-1", "utf-8"])
def test_gbk_that_is_valid_utf_8(label: str) -> None:
    """毛伟 is ëΰ in UTF-8: Latin and Greek in one word."""
    assert body("毛伟", "gbk").decode("utf-8").count("ëΰ") == 1
    assert name_in(body("毛伟", "gbk"), label) == "毛伟"


@pytest.mark.parametrize(
    ("label", "name"),
    [("gbk", "灞卞北"), ("gb2312", "灞卞北"), ("utf-8", "山山"), ('"UTF-8"', "山山"), ("", "山山"), ("big5", "山山")],
)
def test_the_declared_charset_breaks_ties(label: str, name: str) -> None:
    """Six bytes that are usual characters in both."""
    assert name_in(b'{"data":{"userName":"\xe5\xb1\xb1\xe5\xb1\xb1"}}', label) == name


@pytest.mark.parametrize("label", GBK_LABELS)
@pytest.mark.parametrize("name", ["张三", "王小明", "李强", "陈静", "龙䶮", "赵"])
def test_utf_8_under_a_gbk_label(label: str, name: str) -> None:
    """As one tool of this very family sends it, with no other Chinese in the answer."""
    assert name_in(body(name, "utf-8"), label) == name


@pytest.mark.parametrize("label", [*UTF_8_LABELS, "", "iso-8859-1"])
@pytest.mark.parametrize("name", ["Müller", "Иван Петров", "ئابدۇرەھىم", "Zoë", "José", "Ελένη"])
def test_other_alphabets_in_utf_8(name: str, label: str) -> None:
    assert name_in(body(name, "utf-8"), label) == name


@pytest.mark.parametrize("label", ["utf-8", "gbk", "", "iso-8859-1"])
@pytest.mark.parametrize(
    ("name", "message"), [("张三", "成功"), ("张三", "OK"), ("王小明", "OK"), ("欧阳娜娜", "查询成功")]
)
def test_a_broken_byte_of_utf_8_gives_no_other_name(name: str, message: str, label: str) -> None:
    """Every value of every byte of the name: its own name, another character of UTF-8, or nothing; never GBK."""
    whole = body(name, "utf-8", message)
    start = whole.index(name.encode())
    for position in range(start, start + len(name.encode())):
        for value in range(0x80, 0x100):
            damaged = whole[:position] + bytes([value]) + whole[position + 1 :]
            try:
                expected = damaged.decode("utf-8")
            except UnicodeDecodeError:
                expected = None
            got = decode_answer(damaged, label)
            assert got is None or got == expected or (label == "gbk" and expected is not None), (position, value, got)


@pytest.mark.parametrize("label", ["utf-8", "gbk", ""])
def test_a_cut_character_is_unreadable(label: str) -> None:
    """A platform's column that is too short: half of the last character."""
    for data in (b'{"a":"\xe5\xbc\xa0\xe4\xb8\x89\xe5\xbc"}', b'{"a":"\xd5\xc5\xc8\xfd\xd5"}'):
        assert decode_answer(data, label) is None


@pytest.mark.parametrize("label", ["utf-8", ""])
def test_characters_that_nobody_uses_are_no_gbk(label: str) -> None:
    """张三 with two broken bytes: one usual character of GBK and two rare ones. GBK if it is declared, in doubt not."""
    assert decode_answer(b'{"a":"\xe5\xc0\xa0\xe4\x81\xfe"}', label) is None
    assert name_in(body("喆", "gbk"), label) is None
    assert name_in(body("喆", "gbk"), "gbk") == "喆"


@pytest.mark.parametrize(("label", "name"), [("", "模模"), ("gbk", "模模"), ("utf-8", "ģģ"), ("x", "模模")])
def test_two_byte_letters_without_a_label_are_gbk(label: str, name: str) -> None:
    """One alphabet, but no letter of ASCII beside them, as in Zoë: the usual characters are more likely."""
    assert name_in(b'{"data":{"userName":"\xc4\xa3\xc4\xa3"}}', label) == name


@pytest.mark.parametrize("label", ["utf-8", ""])
def test_latin_1_is_not_read_as_gbk(label: str) -> None:
    assert decode_answer('{"a":"Müller"}'.encode("latin-1"), label) is None


def test_real_gbk_is_not_taken_for_damaged_utf_8() -> None:
    """A thousand texts of usual characters, each of them at least as long as a name and a message."""
    draw = random.Random(7)
    usual = [bytes([lead, trail]).decode("gb2312") for lead in range(0xB0, 0xD7) for trail in range(0xA1, 0xFF)]
    for _ in range(1000):
        name = "".join(draw.choices(usual, k=draw.randint(2, 4)))
        for label in ("gbk", "utf-8", ""):
            assert name_in(body(name, "gbk", "查询成功"), label) == name


def test_ascii_is_ascii() -> None:
    assert decode_answer(b'{"a":"\\u5f20"}', "utf-16") == '{"a":"\\u5f20"}'
    assert decode_answer(b"", "gbk") == ""
