"""The codec: charsets, liberal JSON, exact writing, fitting."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim import codec
from shim.errors import HostError, Reason
from tests.support.paths import ROOT

TEXT = st.text(st.characters(exclude_categories=["Cs"]))  # no lone surrogates


@pytest.mark.parametrize(
    ("data", "charset", "text", "detected"),
    [
        (b"\xd5\xc5\xc8\xfd", "gbk", "张三", "gbk"),
        (b"\xe5\xbc\xa0\xe4\xb8\x89", "utf-8", "张三", "utf-8"),
        (b"\xe5\xbc\xa0\xe4\xb8\x89", "auto", "张三", "utf-8"),
        (b"\xd5\xc5\xc8\xfd", "auto", "张三", "gbk"),
        (b"\xef\xbb\xbf\xe5\xbc\xa0", "gbk", "张", "utf-8"),
        # the bytes as another converter, GNU iconv, writes them
        (b"\xfe\x9f", "gbk", "䶮", "gbk"),
        (b"\x99\x33\xc3\x36", "gbk", "𬱖", "gbk"),
        (b"\x82\x30\xb7\x31", "gbk", "㛃", "gbk"),
        # 模 in GBK is valid UTF-8 by accident: only `gbk`, the default, reads it right
        (b"\xc4\xa3", "gbk", "模", "gbk"),
        (b"\xc4\xa3", "auto", "ģ", "utf-8"),
        # as code page 936 writes them
        (b"\x80\xfe\x9f\xaa\xa1", "gbk", "€䶮\ue000", "gbk"),
        (b"\x80", "auto", "€", "gbk"),
        (b"", "gbk", "", "gbk"),
    ],
)
def test_decode(data: bytes, charset: str, text: str, detected: str) -> None:
    assert codec.decode(data, charset, "InData") == (text, detected)


@pytest.mark.parametrize(("data", "charset", "offset"), [(b"ab\xff", "gbk", "3"), (b"\xc1\xaa", "utf-8", "1")])
def test_decode_names_field_and_offset(data: bytes, charset: str, offset: str) -> None:
    with pytest.raises(HostError) as caught:
        codec.decode(data, charset, "InData")
    assert caught.value.reason is Reason.INVALID_CHARSET
    assert "InData" in caught.value.message and f"第 {offset} 字节" in caught.value.message


@pytest.mark.parametrize(
    ("data", "charset", "right"),
    [
        ('{"a":"张"}'.encode(), "gbk", "UTF-8"),
        ("王小明1".encode(), "gbk", "UTF-8"),
        ('{"a":"张三"}'.encode("gb18030"), "utf-8", "GBK"),
        ("𬱖".encode("gb18030"), "utf-8", "GBK"),
        (b"\x80", "utf-8", "GBK"),
        (b"\xff\xff", "gbk", None),
        (b"\xe5\xbc\xff", "utf-8", None),
    ],
)
def test_the_charset_that_a_text_is_in_is_named(data: bytes, charset: str, right: str | None) -> None:
    with pytest.raises(HostError) as caught:
        codec.decode(data, charset, "InData")
    assert (f"全文是 {right}" in caught.value.message) is (right is not None)
    assert right is None or f"[abi] charset 设为 {right.lower()}" in caught.value.message


@pytest.mark.parametrize(
    ("data", "likely"),
    [
        ("测试".encode(), True),
        ('{"operator_name":"王小"}'.encode(), True),
        ("欧阳".encode() + b"A" * 4000, True),
        ("医A".encode(), True),
        (b"", False),
        (b"plain", False),
        ("é è ü".encode(), False),
        # GBK that is valid UTF-8 by accident
        (b"\xc4\xa3", False),  # 模
        (b"\xc1\xaa\xcd\xa8", False),  # 联通
        (b"\xc3\xab\xce\xb0", False),  # 毛伟
        (b"\xe8\xaa\xacB", False),  # 瑾珺
        (b"\xe8\xaa\xacB\xe8\xaa\xacB", False),
        ("测试员".encode("gb18030"), False),
        ("张三".encode() + b"\xff", False),
    ],
)
def test_utf_8_that_would_be_read_as_gbk(data: bytes, likely: bool) -> None:
    assert codec.resembles_utf_8(data) is likely


@pytest.mark.parametrize("data", [b"\xff\xfe{\0", b"\xff\xfe{", b"\xfe\xff\0{", b"\xff\xfe", b"{\0", b"\0{"])
def test_utf_16(data: bytes) -> None:
    assert codec.is_utf_16(data)
    assert not codec.is_utf_16("张三{}".encode("gb18030"))


@pytest.mark.parametrize(
    "blank",
    [
        " ",
        "\t",
        "\r\n",
        "\0",
        "\x1a",
        "\x0b",
        "\x1d",
        "\x7f",
        "\x85",
        "\xa0",
        "\u2003",
        "\u200b",
        "\u2028",
        "\u3000",
        "\ufeff",
    ],
)
def test_blanks_of_every_kind_are_taken_off(blank: str) -> None:
    assert codec.strip_word(f"{blank}a b{blank * 3}") == "a b"
    assert codec.loads(f'{blank * 2}{{"a":1}}{blank * 4000}', "InData") == {"a": 1}
    assert codec.loads(f'{{{blank}"a":{blank}[1{blank},{blank}]{blank}}}', "InData") == {"a": [1]}
    inside = '{"a":"' + (blank + "王" + blank) + '"}'
    assert codec.loads(inside, "InData") == {"a": blank + "王" + blank}


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert codec.encode("a\ud800b", "gbk") == b"a?b"
    assert codec.encode("a\ud800b", "utf-8") == b"a?b"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a":1}', {"a": 1}),
        ('\ufeff{"a":1}', {"a": 1}),
        ('{\r\n  "a" : "x",\r\n}', {"a": "x"}),
        ('{"a":[1,2,],"b":",}",}', {"a": [1, 2], "b": ",}"}),
        ('{"a":",]\\",}"}', {"a": ',]",}'}),
        ('{"a":null,"b":""}', {"a": None, "b": ""}),
        ('{"a":"x\ty\r\nz\0\x1f\x7f"}', {"a": "x\ty\r\nz\0\x1f\x7f"}),
        ('{"a\tb":1}', {"a\tb": 1}),
        ('{"a":"\u3000,]",\u3000}', {"a": "\u3000,]"}),
        ('{"a":1,"a":1}', {"a": 1}),
        ('{"a":1.10,"b":2,"a":1.10}', {"a": "1.10", "b": 2}),
        ('{"x":{"b":null,"b":null}}', {"x": {"b": None}}),
        ('{"a":{"b":[1,{"c":"d"}],"e":2},"a":{"e":2,"b":[1,{"c":"d"}]}}', {"a": {"b": [1, {"c": "d"}], "e": 2}}),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)
def test_loads_is_liberal(text: str, value: object) -> None:
    assert codec.loads(text, "InData") == value


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "第 1 行第 1 个字符"),
        ("{", "JSON 格式不对"),
        ('{"a":1', "JSON 格式不对"),
        ("{'a':1}", "JSON 格式不对"),
        ('{"a":1,"a":2}', "字段 a 重复"),
        ('{"x":{"b":1,"b":1,"b":"1"}}', "字段 b 重复"),
        ('{"a":1,"a":true}', "字段 a 重复"),
        ('{"a":1,"a":1.0}', "字段 a 重复"),
        ('{"a":1.0,"a":1.00}', "字段 a 重复"),
        ('{"a":[1,2],"a":[2,1]}', "字段 a 重复"),
        ('{"a":{"b":1},"a":{"b":1,"c":1}}', "字段 a 重复"),
        ('{"a":"","a":null}', "字段 a 重复"),
        ('{"a":NaN}', "NaN"),
        ("[" * 65 + "]" * 65, "嵌套超过 64 层"),
        ("[" * 4_000_000, "嵌套超过 64 层"),
        ('{"a":,}', "JSON 格式不对"),
        ('{"a":1}x', "JSON 格式不对"),
        ('{"a":1}\0{"a":2}', "JSON 格式不对"),
        ('{"a":"1\0', "JSON 格式不对"),
        ('{"a":-Infinity}', "-Infinity"),
        ("[" + "1," * 99_999 + "1]", "超过 100000 个值"),
        ('{"a":' + "[]," * 60_000 + "}", "超过 100000 个值"),
        ('{"a":"' + "\x01\x1f" * 50_001 + '"}', "控制字符超过 100000 个"),
    ],
    ids=lambda value: value[:40],
)
def test_loads_refuses(text: str, fragment: str) -> None:
    with pytest.raises(HostError) as caught:
        codec.loads(text, "InData")
    assert caught.value.reason is Reason.NOT_JSON
    assert "InData" in caught.value.message and fragment in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "[" + "1," * 99_998 + "1]",
        '{"a":"' + "," * 1_000_000 + '"}',
        '{"a":"' + "[{" * 500_000 + '"}',
        '{"a":"' + '\\"' * 500_000 + '"}',
        '{"a":"' + "\\u0001" * 500_000 + '"}',
    ],
    ids=lambda value: value[:20],
)
def test_only_values_count_and_so_many_are_read(text: str) -> None:
    assert codec.dumps(codec.loads(text, "InData")) == text


@pytest.mark.parametrize("form", [lambda text: text, json.dumps], ids=["plain", "in a string"])
def test_an_object_may_stand_in_a_string(form: Callable[[str], str]) -> None:
    assert codec.loads_object("\ufeff " + form('\u3000{"a":"x\ty",}\0') + "\0", "data", "EC B.1") == {"a": "x\ty"}


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("[1]", "data 应为一个 JSON 对象（EC B.1）"),
        ("5", "data 应为一个 JSON 对象（EC B.1）"),
        ("null", "data 应为一个 JSON 对象（EC B.1）"),
        ('"[]"', "data 应为一个 JSON 对象（EC B.1）"),
        (json.dumps(json.dumps("{}")), "data 应为一个 JSON 对象（EC B.1）"),
        ('"hello"', "data 的 JSON 格式不对"),
        ('""', "data 的 JSON 格式不对"),
    ],
)
def test_what_is_no_object(text: str, fragment: str) -> None:
    with pytest.raises(HostError) as caught:
        codec.loads_object(text, "data", "EC B.1")
    assert caught.value.reason is Reason.NOT_JSON and fragment in caught.value.message


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"data":{"operatorName":"王\\ud842"}}', "data.operatorName"),
        ('{"a":[{"b":"\\uDFFF"}]}', "a.b"),
        ('{"data":{"\\ud800":1}}', "data"),
        ('{"a":"\\ude00\\ud83d"}', "a"),
        ('"\\ud800"', ""),
        ('{"a":"\ud800"}', "a"),
    ],
)
def test_half_a_character_is_named(text: str, path: str) -> None:
    with pytest.raises(HostError) as caught:
        codec.loads(text, "InData")
    assert caught.value.reason is Reason.INVALID_CHARSET
    assert ("半个字符" in caught.value.message) and "王" not in caught.value.message
    assert (f"InData 的字段 {path} 中" if path else "InData 中") in caught.value.message
    assert codec.broken_field(codec.loads(text, "InData", surrogates=True)) == path


def test_whole_characters_are_not_named() -> None:
    assert codec.broken_field(codec.loads('{"a":["\\ud842\\udfb7",1,null],"b":"\\\\ud842"}', "x")) is None


# Texts of up to 4 MB, which is what the front lets in: each would take hours, or gigabytes, if either grew with the
# square of the length. As code, because a fresh process measures them too.
MALICE = {
    "quotes": """'"\\\\' * 2_000_000""",
    "escapes": """'{"a":"' + '\\\\"' * 2_000_000""",
    "escapes, cut": """'{"a":"' + '\\\\"' * 2_000_000 + '\\\\'""",
    "strings": """'[' + '"a",' * 1_000_000""",
    "duplicates": """'{' + '"a":1,' * 600_000""",
    "blanks": """'[1,' + ' ' * 4_000_000""",
    "commas": """'[' + '1, ' * 1_300_000""",
    "brackets": """'[' * 4_000_000""",
    "duplicates of duplicates": """'{"a":1,"a":' * 60 + '{"a":"' + 'x' * 4_000_000 + '"}' + '}' * 60""",
    "numbers": """'[' + '1,' * 2_000_000 + '1]'""",
    "digits, cut": """'[' + '1' * 4_000_000""",
    "empty strings": """'[' + '"",' * 1_300_000 + '""]'""",
    "names": """'{' + ','.join(f'"{n}":0' for n in range(400_000)) + '}'""",
    "control characters, cut": """'"' + chr(1) * 4_000_000""",
    "odd blanks": """'[' + chr(0x3000) * 1_000_000 + '1' + chr(0) * 1_000_000 + '2'""",
    "commas and blanks": """'[' + (',' + chr(0xa0) * 20) * 90_000 + 'x'""",
    "one duplicate of many": """'{' + ','.join(f'"k{n}":0' for n in range(300_000)) + ',"k0":0}'""",
}


@pytest.mark.needs("linux")
@pytest.mark.parametrize("text", MALICE.values(), ids=MALICE)
def test_four_megabytes_of_malice_are_refused(text: str) -> None:
    """Refused, and with no more than half a gigabyte in a process of its own."""
    code = (
        "import re\n"
        "from shim import codec\n"
        "from shim.errors import HostError\n"
        f"text = {text}\n"
        "try: codec.loads(text, 'InData')\n"
        "except HostError as error: print(error.reason.name)\n"
        # NB: not ru_maxrss, which counts what the process that started this one had.
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) // 1024)\n"
    )
    root = ROOT
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    reason, megabytes = done.stdout.split()
    assert reason == "NOT_JSON"
    assert int(megabytes) < 512


def test_depth_counts_only_brackets() -> None:
    assert codec.loads("[" * 64 + "]" * 64, "x") is not None
    assert codec.loads('["' + "[" * 200 + '"]', "x") == ["[" * 200]


@pytest.mark.parametrize(
    "number",
    [
        "1.10",
        "0.00",
        "100",
        "-5",
        "1E3",
        "-0",
        "123456789012345678901234567890",
        "0.1000000000000000055",
        "0.0",
        "1e0",
        "1E+400",
        "9" * 100_000,
    ],
)
def test_numbers_leave_as_they_came(number: str) -> None:
    assert codec.dumps(codec.loads(f'{{"a":{number}}}', "x")) == f'{{"a":{number}}}'


def test_dumps_is_compact_and_can_sort() -> None:
    value: dict[str, object] = {"b": [1, True, None, [], {}, ()], "a": {"名": '张\n三"', "x": "/"}}
    assert codec.dumps(value) == '{"b":[1,true,null,[],{},[]],"a":{"名":"张\\n三\\"","x":"/"}}'
    assert codec.dumps(value, sort_keys=True) == '{"a":{"x":"/","名":"张\\n三\\""},"b":[1,true,null,[],{},[]]}'


def test_control_characters_leave_escaped() -> None:
    text = "".join(map(chr, range(0x20))) + "\x7f"
    written = codec.dumps({text: text})
    assert written.isprintable() is False and all(c >= " " for c in written)
    assert json.loads(written) == {text: text}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_that_json_lacks_leaves(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        codec.dumps({"a": value})


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_dumps_and_loads_agree_with_the_standard_library(value: object) -> None:
    assert json.loads(codec.dumps(value)) == value
    assert codec.loads(json.dumps(value), "x") == value
