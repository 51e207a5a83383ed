"""What a scanned text is: the forms of docs/dialects.md, the prefixes of scanners, and what is no code."""

from __future__ import annotations

import pytest

from shim.dialects.scanned import LONGEST, SYMBOLOGIES, is_certain, is_code, is_usual, problem, tidy
from shim.simulator.health_codes import dynamic_code

INSURANCE = "4240000000000000000300350000"
PACKAGE = "opc4240000000000000000300350"
STATIC = "206CB2B57E8E905C5EF59A063515F655D8A17XCD312DD76A:1:::00000001001"  # as the document prints it
LONG = "0123456789ABCDEF" * 4 + ":1:::35020010001"
DYNAMIC = dynamic_code("206CB2B57E8E905C5EF59A063515F655D8A17XCD312DD76A", 1_800_000_000)
SHORT = "85:" + "0123456789ABCDEF" * 4 + ":1"
WITHOUT_FLAG = STATIC.replace(":1:::", "::::")
USUAL = (INSURANCE, PACKAGE, STATIC, LONG, DYNAMIC, SHORT, WITHOUT_FLAG)
UNUSUAL = (
    "9990000000000000000300350000",
    "1" * 28,
    STATIC[:-10],
    STATIC.replace(":1:", ":2:"),
    "0123456789abcdef" * 5 + ":1:::35020010001",
    "SH2026112100000123456",
    "https://health.example.cn/q?c=8BF77B9B0688",
)
NO_CODES = (
    "", "hello", "1234567890", "6901234567892", "134567890123456789", INSURANCE[:-1], INSURANCE + "0",
    "x" * 100, "x" * 200, "0" * 27, "A1" * 65, "ab" * 30, ":" * 20,
    "x" + INSURANCE, INSURANCE + "x", "#" + INSURANCE, INSURANCE * 2, INSURANCE + STATIC, "乷" + INSURANCE,
    STATIC * 2, STATIC + INSURANCE, "xx" + STATIC, "#" + STATIC, STATIC[7:], STATIC[16:],
    "x" * 48 + ":1:::35020010001", "42400000000000000003003５0000", "医保电子凭证二维码医保电子凭证", "]Q1hello",
)  # fmt: skip
PREFIXES = (
    "\\000026", "\\000029", "\\000003", "\\811799", "]Q1", "]Q3", "]C0", "]d2", "]e0", "]A0", "]E0", "]z3", "]X0",
    "]Q2\\000026", "\\000026]Q1", "]Q1\\000026\\000029", "\x02]Q1 ", "\x1d",
)  # fmt: skip


@pytest.mark.parametrize("code", [*USUAL, *UNUSUAL])
def test_codes(code: str) -> None:
    """Unusual ones are for the platform to decide on."""
    assert problem(code) == "" and is_code(code)
    assert is_usual(code) == (code in USUAL)


@pytest.mark.parametrize("cut", [10, 28, 40, 48, 50, 53, 60])
def test_what_a_pause_has_ended_may_be_the_beginning(cut: int) -> None:
    """An unusual form counts only with a mark behind it."""
    for code in (STATIC, LONG):
        assert problem(code[:cut], ended_by_pause=True) != ""
    assert [code for code in USUAL if problem(code, ended_by_pause=True)] == []
    assert [code for code in UNUSUAL if not problem(code, ended_by_pause=True)] == [*UNUSUAL[:2]]  # of a fixed length


@pytest.mark.parametrize("text", NO_CODES)
def test_no_codes(text: str) -> None:
    """With a reason, which shows nothing of the text."""
    assert not is_code(text)
    assert not [text[at : at + 4] for at in range(len(text) - 3) if text[at : at + 4] in problem(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1234567890", "医保码为 28 位数字，实为 10 位"),
        (INSURANCE + "ab", "医保码的前后有别的字符"),
        ("A" * 129, "最多 128 个字符，实为 129 个"),
        ("x" * 100, "连着 100 个字符只有 1 种"),
        ("hello", "只有 5 个字符"),
        (STATIC[7:], "不是一个完整的多码融合码"),
        ("(a1)(a2)(a3)(a4)", "不是医保码，也不是多码融合码"),
    ],
)
def test_reasons(text: str, wanted: str) -> None:
    assert problem(text) == wanted


@pytest.mark.parametrize("code", USUAL)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefixes(prefix: str, code: str) -> None:
    assert tidy(prefix + code) == code
    assert tidy(f" \t{prefix}{code}\r\n") == code


@pytest.mark.parametrize("letter", SYMBOLOGIES)
def test_every_symbology(letter: str) -> None:
    assert {tidy(f"]{letter}{modifier}{INSURANCE}") for modifier in "01239AFz"} == {INSURANCE}


@pytest.mark.parametrize(
    "text", ["]Q1hello", "\\000026", "\\00002" + INSURANCE, "]Q" + INSURANCE[1:], "]?1" + INSURANCE]
)
def test_what_is_not_taken_off(text: str) -> None:
    """Where no code remains, or what looks like a prefix is none."""
    assert tidy(text) == text


def test_what_is_whole_for_certain() -> None:
    """A code of 48 characters may be the rest of one of 64."""
    assert [code for code in USUAL if not is_certain(code)] == [STATIC, DYNAMIC, WITHOUT_FLAG]
    assert is_usual(LONG[16:]) and not is_certain(LONG[16:])
    assert max(map(len, USUAL)) <= LONGEST
