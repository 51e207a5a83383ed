"""Texts before they are drawn: what is invisible; joined letters and visual order by vectors; scripts refused."""

from __future__ import annotations

import json

import pytest

from shim.drawing.shaping import clusters, in_visual_order, is_right_to_left, joined_letters, script_to_shape, visible
from tests.support.paths import VECTORS

ROWS = json.loads((VECTORS / "shaping.json").read_text("utf-8"))

INVISIBLE = [
    "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202c", "\u202e", "\u2060", "\u2063", "\u2066",
    "\u2069", "\ufeff", "\u00ad", "\u034f", "\u061c", "\u180e", "\u115f", "\u3164", "\uffa0", "\ufe0e", "\ufe0f",
    "\U000e0100", "\U000e0001", "\U000e0041", "\u2065", "\ufff0", "\ufff9", "\x00", "\x07", "\x1b", "\x7f", "\x80",
    "\x9f", "\U0001d173", "\u206f", "\U000e0fff",
]  # fmt: skip


@pytest.mark.parametrize("mark", INVISIBLE, ids=ascii)
def test_what_cannot_be_seen_is_drawn_as_nothing(mark: str) -> None:
    assert visible(f"张{mark}三") == visible(f"{mark}张三") == visible(f"张三{mark}{mark}") == "张三"
    assert visible(mark) == ""


@pytest.mark.parametrize(
    "blank", ["  ", "\u3000", "\t", "\r\n", "\u00a0", "\u2028", "\u2800", "\u205f", "\x1f", "\x85"]
)
def test_blanks_of_every_kind_are_one_blank(blank: str) -> None:
    """And none at the ends, as databases pad."""
    assert visible(f"{blank}欧阳{blank}娜{blank}\x00 ") == "欧阳 娜"
    assert visible(blank) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ange\u0301lique", "Angélique"),
        ("カ\u3099", "ガ"),
        ("\u1112\u1161\u11ab", "한"),
        ("\uf900\ufa0c", "\uf900\ufa0c"),  # a form of a character that somebody chose stays
        ("王𬱖㛃", "王𬱖㛃"),
        ("ئا\u200cب", "ئا\u200cب"),  # it changes the letters beside it
        ("A\u200dB", "AB"),
    ],
)
def test_what_is_seen_stays(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_clusters() -> None:
    assert clusters("王e\u0301👍🏽🇨🇳🇨") == ["王", "e\u0301", "👍🏽", "🇨🇳", "🇨"]


@pytest.mark.parametrize("row", ROWS["joined"], ids=lambda row: row["text"])
def test_letters_are_joined(row: dict[str, str]) -> None:
    """As HarfBuzz joins them."""
    assert in_visual_order(joined_letters(row["text"]), True) == row["seen"]


@pytest.mark.parametrize("row", ROWS["order"], ids=lambda row: f"{row['base']} {row['text']}")
def test_visual_order(row: dict[str, str]) -> None:
    """As python-bidi orders them."""
    assert in_visual_order(row["text"], row["base"] == "R") == row["seen"]


def test_joiners() -> None:
    """A non-joiner parts two letters, a joiner joins a letter to nothing."""
    assert joined_letters("\u0628\u200c\u0628") == "\u0628\u0628"
    assert joined_letters("\u0628\u0628") == "\ufe91\ufe90"
    assert joined_letters("\u0628\u200d") == "\ufe91"
    assert joined_letters("张三 ABC") == "张三 ABC"


def test_the_direction_of_a_text() -> None:
    assert [is_right_to_left(text) for text in ("张三 ئا", "12 ئا", "אב A", "", "12")] == [
        False,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("བསྟན་འཛིན", "藏文"), ("ᠮᠣᠩᠭᠣᠯ", "蒙古文"), ("สมชาย", "泰文"), ("राम", "天城文"), ("မောင်", "缅甸文"),
        ("ᦎᦷᦑᦺ", "傣文"), ("ܐܒ", "叙利亚文"), ("மணி", "泰米尔文"), ("ខ្មែរ", "高棉文"), ("ລາວ", "老挝文"),
        ("張\u0323", "组合用的附加符号"), ("مُحَمَّد", "阿拉伯文（带符号或少见的字母）"),
        ("\u06ee", "阿拉伯文（带符号或少见的字母）"),
        ("אָ", "希伯来文（带符号）"), ("\u1100", "谚文（没有合成的字母）"), ("张三བ", "藏文"), ("𞤀", "ADLAM"),
        ("王小明", ""), ("Ångström", ""), ("Нурсултан", ""), ("ئابدۇرەھىم", ""), ("אברהם", ""), ("김철수", ""),
        ("ꆈꌠ", ""), ("ꓡꓲ", ""), ("①Ａｂ（女）", ""), ("\ue000", ""), ("№ 5 ℃ ∆", ""),
    ],
)  # fmt: skip
def test_scripts_that_would_be_drawn_wrong_are_named(text: str, script: str) -> None:
    assert script_to_shape(visible(text)) == script
