"""Columns of a terminal: widths, and line ends as Chinese and English have them."""

from __future__ import annotations

import pytest

from shim.commands.columns import width, wrapped


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("中文", 4), ("中文 ab", 7), ("，。", 4), ("“”…", 6), ("ＡＢ", 4), ("𬱖", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("", 10, []),
        ("one two three", 8, ["one two", "three"]),
        ("一二三四五", 4, ["一二", "三四", "五"]),
        ("一二三四五", 5, ["一二", "三四", "五"]),
        ("一二，三四", 4, ["一", "二，", "三四"]),  # a closing mark stays with what it closes
        ("一二（三）", 6, ["一二", "（三）"]),  # and an opening one with what it opens
        ("“一二”三", 6, ["“一", "二”三"]),
        ("一二三 vcshim.ini 四", 12, ["一二三", "vcshim.ini", "四"]),
        ("在 vcshim.ini 的", 13, ["在 vcshim.ini", "的"]),
        ("unbreakable-word 一", 5, ["unbreakable-word", "一"]),
    ],
)
def test_wrapped(text: str, limit: int, lines: list[str]) -> None:
    assert wrapped(text, limit) == lines
