"""Codes that cross into C: whatever a platform calls its refusal, no host reads it as success."""

from __future__ import annotations

import ctypes
import json
import logging
import re
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shim.errors import PlatformRefusal
from shim.host_codes import failure_code, is_failure, replaced_word
from shim.reply import CallRecord
from shim.spec import EXPORT_BY_NAME, Family
from tests.support.each_row import each_row

SUCCESS = ("00", "0000", "0", "")
_C = ctypes.CDLL(None)
_C.strtol.restype = _C.atol.restype = ctypes.c_long
_C.strtod.restype = ctypes.c_double


def readings(returned: bytes) -> list[object]:
    """What hosts make of a returned char*, each way of reading as zero where it finds no number."""
    text = ctypes.create_string_buffer(returned).value  # C ends it at the first NUL
    string = text.decode("gb18030", "replace")
    digits = re.match(r"\s*[-+]?\d+", string)
    val = int(digits[0]) if digits else 0
    whole = int(string) if re.fullmatch(r"\s*[-+]?\d+\s*", string) else 0
    return [
        "" if string.strip(" \t\r\n\u3000\xa0") in SUCCESS else "other",
        _C.atol(text),
        ctypes.c_int32(_C.atol(text)).value,
        ctypes.c_int16(_C.atol(text)).value,
        _C.strtol(text, None, 0),
        _C.strtol(text, None, 16),
        _C.strtod(text, None),
        val,
        whole,  # StrToIntDef(text, 0)
    ]


BLANKS = ["", " ", "\t", "\r\n", "\0", "\u3000", "\xa0", "\ufeff", "\u200b", "\x01", "\x7f"]
ZEROS = [
    "0", "00", "0000", "00000", "-0", "+0", "-00", "0.0", "0.", ".0", "0e5", "0x0", "0X1F", "0abc", "abc", "E01",
    "00 错误", "０", "００", "0０", "−0", "－0", "False", "True", "None", "null", "NaN", "inf", "", "-", "0,0",
    "0\x000", "0000\0x", "00\n01", "零", "〇", "٠", "⁰", "²", "4294967296", "65536", "131072", "1" + "0" * 40, "0" * 40,
    "18446744073709551616", "1e-400",
]  # fmt: skip
CODES = st.one_of(
    st.text(max_size=40),
    st.text("0０\0 \t-+.eExX\u3000\xa0", max_size=8),
    st.integers().map(str),
    st.builds("{}{}{}".format, st.sampled_from(BLANKS), st.sampled_from(ZEROS), st.sampled_from(BLANKS)),
)


def check(code: str) -> None:
    for name in EXPORT_BY_NAME:
        reply = CallRecord(EXPORT_BY_NAME[name], logging.getLogger("test.codes")).failed(PlatformRefusal(code, "不行"))
        returned = reply.code.encode("ascii")
        assert 0 < len(returned) < 32 and all(readings(returned)), (name, code, returned)
        assert reply.number != 0 and reply.out.startswith(("不行", "{"))
        if name == "NationEcTrans":
            shown = json.loads(reply.out)
            assert type(shown["code"]) is int and shown["code"] == int(returned) != 0
            assert shown["message"].startswith("不行")


@each_row(["".join(parts) for parts in product(BLANKS, ZEROS, BLANKS)][::7] + ZEROS)
def test_zeros_in_any_dress(code: str) -> None:
    check(code)


@given(CODES)
@example("00\0")
@example("0000\0")
def test_no_refusal_reads_as_success(code: str) -> None:
    check(code)


def test_a_reader_that_takes_letters_for_zero_is_among_them() -> None:
    """The negative control: what the check above would say of codes that are passed on as they came."""
    for code in (b"00", b"E01", b"0x0", b"4294967296", b"65536", b" 00 ", b"\xa3\xb0", b"0e5"):
        assert not all(readings(code)), code
    assert all(readings(b"9998")) and all(readings(b"-1"))


@pytest.mark.parametrize(
    ("code", "vc"),
    [
        ("2001", "2001"),
        ("-3", "-3"),
        ("0001", "0001"),
        ("500159", "500159"),
        ("500159.0", "500159"),  # through a map of Java
        ("3002\0", "3002"),
        ("  3002\r\n", "3002"),
        ("３００２", "3002"),
        ("－３", "-3"),
        ("E-7", "9998"),
        ("990000195203030026", "9998"),  # an identity number where the code should be
    ],
)
def test_a_number_survives(code: str, vc: str) -> None:
    assert failure_code(code, Family.VC) == vc
    assert failure_code(code, Family.EC) == vc.replace("9998", "-1")


@pytest.mark.parametrize(
    "code", ["", "0", "00", "-0", "²", "٣", "1 2", "1\0", "1234567890", "4294967296", "65536", "a1", "1a", "--1"]
)
def test_what_cannot_cross(code: str) -> None:
    assert not is_failure(code)


@pytest.mark.parametrize(
    ("code", "word"),
    [("E-7", "E-7"), (" ERR_01 ", "ERR_01"), ("0", ""), ("2001", ""), ("00 错误", ""), ("990000195203030026", ""),
     ("99000019520303002X", ""), ("张三", "")],
)  # fmt: skip
def test_a_code_of_letters_is_named_in_the_text(code: str, word: str) -> None:
    assert replaced_word(code) == word
