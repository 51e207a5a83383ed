"""The codec: charsets, liberal JSON, exact writing, fitting."""

from __future__ import annotations

import json
import subprocess
import sys

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


@given(TEXT)
def test_every_character_survives_gbk(text: str) -> None:
    data = codec.encode(text, "gbk")
    assert codec.decode(data, "gbk", "x")[0] == text


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
    ],
)
def test_loads_is_liberal(text: str, value: object) -> None:
    assert codec.loads(text, "InData") == value


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "第 1 行第 1 个字符"),
        ("{", "不是合法的 JSON"),
        ('{"a":1', "不是合法的 JSON"),
        ("{'a':1}", "不是合法的 JSON"),
        ('{"a":1,"a":2}', "字段 a 重复"),
        ('{"x":{"b":1,"b":1}}', "字段 b 重复"),
        ('{"a":NaN}', "NaN"),
        ("[" * 65 + "]" * 65, "嵌套超过 64 层"),
        ("[" * 4_000_000, "嵌套超过 64 层"),
        ('{"a":,}', "不是合法的 JSON"),
    ],
)
def test_loads_refuses(text: str, fragment: str) -> None:
    with pytest.raises(HostError) as caught:
        codec.loads(text, "InData")
    assert caught.value.reason is Reason.NOT_JSON
    assert "InData" in caught.value.message and fragment in caught.value.message


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
    "number", ["1.10", "0.00", "100", "-5", "1E3", "-0", "123456789012345678901234567890", "0.1000000000000000055"]
)
def test_numbers_leave_as_they_came(number: str) -> None:
    assert codec.dumps(codec.loads(f'{{"a":{number}}}', "x")) == f'{{"a":{number}}}'


def test_dumps_is_compact_and_can_sort() -> None:
    value = {"b": [1, True, None], "a": {"名": '张\n三"', "x": "/"}}
    assert codec.dumps(value) == '{"b":[1,true,null],"a":{"名":"张\\n三\\"","x":"/"}}'
    assert codec.dumps(value, sort_keys=True) == '{"a":{"x":"/","名":"张\\n三\\""},"b":[1,true,null]}'


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_dumps_and_loads_agree_with_the_standard_library(value: object) -> None:
    assert json.loads(codec.dumps(value)) == value
    assert codec.loads(json.dumps(value), "x") == value
