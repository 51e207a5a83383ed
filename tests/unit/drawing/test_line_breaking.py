"""Lines of Chinese text: no mark where it may not stand, no torn word, even lengths."""

from __future__ import annotations

import re

import pytest

from shim.devices.screen.settings import ScreenSettings
from shim.drawing.line_breaking import NEVER_FIRST, NEVER_LAST, WORDS, break_lines, unbreakable

# What the screen said before, what it says now, and what a site may write.
TEXTS = [
    "请用微信或支付宝扫码授权",
    "打开“扫一扫”，扫描画面中的二维码，在手机上点“确认授权”",
    "没有得到您的授权。如需继续，请告诉窗口工作人员",
    "请到《门诊大厅》“三号”人工窗口（2 楼）办理，谢谢！",
    "请关注公众号：打开微信“扫一扫”……扫描此二维码",
    "Please open WeChat (微信) and scan within 60 秒",
    *(
        str(option.default)
        for option in ScreenSettings.options()
        if option.key.endswith(("_title", "_hint")) or option.key == "countdown"
    ),
]


def ems(text: str) -> float:
    """A font in which Latin letters are half as wide as Chinese characters."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def squeezed(text: str) -> str:
    return re.sub(r"[|\s]", "", text)


@pytest.mark.parametrize("even", [True, False])
@pytest.mark.parametrize("text", TEXTS)
def test_marks_and_words(text: str, even: bool) -> None:
    """At every width that holds the longest piece: all of the text, no mark misplaced, no word or number torn."""
    narrowest = max(max(ems(piece.rstrip()) for piece in unbreakable(part)) for part in text.split("|"))
    for half in range(int(narrowest * 2 + 0.99), 60):
        width = half / 2
        lines = break_lines(text, width, ems, even=even)
        assert squeezed("".join(lines)) == squeezed(text)
        for line in lines:
            assert line and line == line.strip() and ems(line) <= width
            assert line[0] not in NEVER_FIRST and line[-1] not in NEVER_LAST, (width, lines)
        for word in ("支付宝", "微信", "公众号", "二维码", "确认授权", "工作人员", "WeChat", "within"):
            assert squeezed("\n".join(lines)).count(word) == sum(line.count(word) for line in lines), (width, lines)
        assert not any(line.endswith("60") for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("请用微信或支付宝扫码授权", 7, ["请用微信或", "支付宝扫码授权"]),
        ("请用微信或支付宝扫码授权", 12, ["请用微信或支付宝扫码授权"]),
        ("在手机上点“确认授权”", 7, ["在手机上点", "“确认授权”"]),
        ("如需继续办理，|请联系工作人员", 20, ["如需继续办理，", "请联系工作人员"]),
        ("一二三四五，六七八九十", 7, ["一二三四五，", "六七八九十"]),
        ("甲乙丙丁戊己庚辛", 5, ["甲乙丙丁", "戊己庚辛"]),  # not five and three
        ("请在 60 秒内扫码", 4, ["请在", "60 秒", "内扫码"]),
        ("价格￥100", 4, ["价格", "￥100"]),
        ('他说"好的"', 4, ["他说", '"好的"']),
        ("第一行||\r\n第二行", 9, ["第一行", "第二行"]),
        ("字\ufe00体", 2, ["字\ufe00", "体"]),
        ("", 5, []),
        (" | ", 5, []),
    ],
)
def test_lines(text: str, width: float, lines: list[str]) -> None:
    assert break_lines(text, width, ems) == lines


@pytest.mark.parametrize("text", [text for text in TEXTS if not set("|{") & set(text)])
def test_even_lines_are_as_many_and_more_alike(text: str) -> None:
    for width in range(8, 16):
        even, greedy = break_lines(text, width, ems), break_lines(text, width, ems, even=False)
        assert len(even) == len(greedy)
        if len(even) == 2:
            assert min(map(ems, even)) >= 0.5 * max(map(ems, even)), even


def test_what_is_too_long_for_any_line_is_divided() -> None:
    lines = break_lines("网址 https://example.invalid/auth/0123456789abcdef", 6, ems)
    assert all(ems(line) <= 6 for line in lines) and len(lines) == 5
    assert break_lines("支付宝", 2, ems) == ["支", "付宝"]
    assert break_lines("支付宝", 0.1, ems) == ["支", "付", "宝"]
    assert squeezed("".join(break_lines("（" * 9 + "”" * 9, 3, ems))) == "（" * 9 + "”" * 9


def test_a_long_text_takes_no_long_time() -> None:
    """As many steps as characters times those of a line, not their square."""
    assert len(break_lines("说明" * 10_000, 20, ems)) == 1000


def test_every_word_is_kept_whole() -> None:
    assert {"支付宝", "微信", "公众号", "二维码", "扫一扫", "多码融合码", "工作人员", "医保电子凭证"} <= set(WORDS)
    for word in WORDS:
        assert unbreakable(f"甲{word}乙") == ["甲", word, "乙"], word
    assert len(set(WORDS)) == len(WORDS)
