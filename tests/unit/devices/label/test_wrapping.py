"""Names on several lines: broken at the interpunct first, else between characters, and evenly."""

from __future__ import annotations

import pytest

from shim.devices.label.wrapping import words, wrap


@pytest.mark.parametrize(
    ("text", "width", "lines", "torn"),
    [
        ("王小明", 3, ("王小明",), 0),
        ("买买提·吐尔逊·阿卜杜", 9, ("买买提·", "吐尔逊·阿卜杜"), 0),
        ("买买提·吐尔逊·阿卜杜", 5, ("买买提·", "吐尔逊·", "阿卜杜"), 0),
        ("买买提•吐尔逊・阿卜杜", 5, ("买买提•", "吐尔逊・", "阿卜杜"), 0),
        ("欧阳娜娜", 3, ("欧阳", "娜娜"), 1),
        ("一二三四五六七", 6, ("一二三四", "五六七"), 1),
        ("阿卜杜热合曼·买买提", 5, ("阿卜杜热合", "曼·买买提"), 1),
        ("John Smith Miller", 10, ("John Smith", "Miller"), 0),
        ("AB CD", 2, ("AB", "CD"), 0),
        ("ABC DEF", 3, ("ABC", "DEF"), 0),
        ("👍🏽👍🏽", 1, ("👍🏽", "👍🏽"), 1),
        ("", 5, (), 0),
    ],
)
def test_wrap(text: str, width: int, lines: tuple[str, ...], torn: int) -> None:
    """Each character is one dot wide."""
    wrapped = wrap(text, width, lambda cluster: 1)
    assert (wrapped.lines, wrapped.torn) == (lines, torn)


@pytest.mark.parametrize("length", range(1, 60))
def test_nothing_is_lost_and_no_line_is_too_wide(length: int) -> None:
    text = "".join("上官欧阳·"[number % 5] for number in range(length))
    for width in range(1, 20):
        lines = wrap(text, width, lambda cluster: 1).lines
        assert "".join(lines) == text
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("length", [9, 10, 11, 50])
def test_lines_of_one_word_are_even(length: int) -> None:
    """No line of a single character at the end."""
    for width in range(3, 9):
        lengths = [len(line) for line in wrap("名" * length, width, lambda cluster: 1).lines]
        assert max(lengths) - min(lengths) <= 1


def test_words() -> None:
    assert words("买买提·吐尔逊 A-B") == ["买买提·", "吐尔逊 ", "A-", "B"]
