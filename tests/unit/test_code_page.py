"""Code page 936 by the table of Windows: every character, every sequence of one and two bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim.code_page import decode_936, encode_936
from tests.support.paths import vectors

TABLE = vectors("cp936")


def pairs() -> Iterator[tuple[bytes, str]]:
    """Each character of the code page outside ASCII, with its bytes."""
    for code, character in TABLE["single"].items():
        yield bytes.fromhex(code), chr(int(character, 16))
    for lead, runs in TABLE["lead"].items():
        for run in runs.split():
            first, characters = run.split(":")
            for n in range(len(characters) // 4):
                trail = int(first, 16) + n
                yield bytes([int(lead, 16), trail]), chr(int(characters[4 * n : 4 * n + 4], 16))


CODE_PAGE = dict(pairs())
CHARACTERS = {character: code for code, character in CODE_PAGE.items()}
READ_OTHERWISE = {bytes.fromhex(code): chr(int(c, 16)) for code, c in TABLE["read_otherwise"].items()}


def test_the_table_is_whole() -> None:
    """126 first bytes with 190 second ones, 80, and FF."""
    assert len(CODE_PAGE) == len(CHARACTERS) == 126 * 190 + 2
    assert len(READ_OTHERWISE) == 81


def test_what_the_code_page_has_is_written_as_windows_writes_it() -> None:
    wrong = [c for c, code in CHARACTERS.items() if encode_936(c) != code or encode_936(f"a{c}王{c}1") != (
        b"a" + code + b"\xcd\xf5" + code + b"1"
    )]  # fmt: skip
    assert wrong == []


def test_what_it_lacks_is_written_as_gb18030() -> None:
    """Two bytes for the 80 characters that GB18030 has instead of private use ones, four for all others."""
    lacking = [
        chr(code) for code in range(0x80, 0x110000) if not 0xD800 <= code < 0xE000 and chr(code) not in CHARACTERS
    ]
    assert [c for c in lacking if encode_936(c) != c.encode("gb18030")] == []
    short = {c: encode_936(c) for c in lacking if len(encode_936(c)) != 4}
    assert short == {c: code for code, c in READ_OTHERWISE.items() if c != "€"}


def test_ascii_is_itself() -> None:
    text = "".join(map(chr, range(0x80)))
    assert encode_936(text) == text.encode("ascii") and decode_936(text.encode("ascii")) == text


def test_the_bytes_of_a_gbk_program_are_read() -> None:
    """As Windows reads them, but the real character where Windows has a private use one."""
    assert decode_936(b"\x80") == "€"
    wrong = [code.hex() for code, c in CODE_PAGE.items() if code != b"\xff" and decode_936(code) != (
        READ_OTHERWISE.get(code, c)
    )]  # fmt: skip
    assert wrong == []


def test_what_a_gbk_program_wrote_comes_back_byte_for_byte() -> None:
    """A2 E3 alone does not: it is the euro sign of GB18030, which code page 936 writes as 80."""
    changed = [code for code in CODE_PAGE if code != b"\xff" and encode_936(decode_936(code)) != code]
    assert changed == [b"\xa2\xe3"] and encode_936(decode_936(b"\xa2\xe3")) == b"\x80"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x80\x80a\x80", "€€a€"),
        (b"\x80\xb0\x80\x80", "€皜€"),  # 80 as a second byte is part of a character
        (b"\x80\x99\x33\xc3\x36\x80", "€𬱖€"),
    ],
)
def test_the_euro_sign_among_others(data: bytes, text: str) -> None:
    assert decode_936(data) == text
    assert encode_936(text) == data


@pytest.mark.parametrize(
    ("data", "start"), [(b"ab\xff", 2), (b"\x80\xc1", 1), (b"\xc1\x20", 0), (b"\x80\x80\x81\x30\x80\x30", 2)]
)
def test_a_broken_byte_is_told_by_its_offset(data: bytes, start: int) -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        decode_936(data)
    assert caught.value.start == start


@given(st.text(st.characters(exclude_categories=["Cs", "Co"])))
def test_every_text_comes_back(text: str) -> None:
    """But for private use characters: some of them have the bytes of real ones."""
    assert decode_936(encode_936(text)) == text


def test_half_a_character_becomes_a_question_mark() -> None:
    assert encode_936("a\ud800€\udc80b") == b"a?\x80?b"
