"""The pages of the extension screen: the texts, colours and signs that [screen] has for each phase."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from shim.configuration import parse
from shim.devices.screen.base import ScreenContent, ScreenPhase
from shim.devices.screen.pages import Sign, all_texts, pages
from shim.devices.screen.painter import make_painter

LOGGER = logging.getLogger("vcshim.tests.pages")
INI = (
    "[screen]\nheading = 第一医院\nwaiting_title = 扫|我\nsucceeded_title = 好了\ngood_colour = #123456\n"
    "fonts = nosuch.ttf; other.ttc#2\ncountdown = 剩 {seconds}\n"
)


def test_texts_and_colours_of_the_site() -> None:
    page_of = pages(parse(INI).screen)
    waiting = page_of(ScreenContent(ScreenPhase.WAITING, "http://h", 7))
    assert (waiting.code, waiting.countdown) == ("http://h", "剩 7")
    assert (waiting.style.title, waiting.style.sign) == ("扫|我", Sign.NONE)
    good = page_of(ScreenContent(ScreenPhase.SUCCEEDED)).style
    assert (good.title, good.colour, good.sign) == ("好了", "#123456", Sign.TICK)
    for phase, sign in ((ScreenPhase.REFUSED, Sign.CROSS), (ScreenPhase.EXPIRED, Sign.WARNING)):
        style = page_of(ScreenContent(phase)).style
        assert (style.colour, style.sign) == ("#B3261E", sign)


def test_every_phase_but_hidden_has_words() -> None:
    page_of = pages(parse("").screen)
    for phase in set(ScreenPhase) - {ScreenPhase.HIDDEN}:
        style = page_of(ScreenContent(phase)).style
        assert style.title and style.hint


TEXTS = {
    ScreenPhase.WAITING: ("请扫码授权", "打开微信或支付宝扫一扫，|在手机上点“确认授权”"),
    ScreenPhase.SUCCEEDED: ("授权成功", "请稍候，|正在为您办理"),
    ScreenPhase.REFUSED: ("授权未成功", "如需继续办理，|请联系工作人员"),
    ScreenPhase.EXPIRED: ("二维码已过期", "请联系工作人员，|重新获取二维码"),
    ScreenPhase.REGISTERED: ("您的多码融合码", "请拍照保存，|就诊时出示"),
    ScreenPhase.EXPIRING: ("您的多码融合码", "请现在使用，|过期后需重新获取"),
    ScreenPhase.FOLLOW: ("请关注公众号", "打开微信扫一扫，|扫描此二维码"),
}


def test_the_texts_of_every_phase() -> None:
    page_of = pages(parse("").screen)
    found = {phase: page_of(ScreenContent(phase)).style for phase in set(ScreenPhase) - {ScreenPhase.HIDDEN}}
    assert {phase: (style.title, style.hint) for phase, style in found.items()} == TEXTS
    assert all(len(title) <= 10 and len(hint.replace("|", "")) <= 24 for title, hint in TEXTS.values())
    assert page_of(ScreenContent(ScreenPhase.WAITING, "x", 42, 60)).countdown == "还剩 42 秒"


@pytest.mark.parametrize(
    ("seconds", "total", "left"), [(60, 60, 1.0), (15, 60, 0.25), (7, None, 1.0), (9, 6, 1.0), (0, 0, 0.0)]
)
def test_the_part_that_is_left(seconds: int, total: int | None, left: float) -> None:
    page = pages(parse("").screen)(ScreenContent(ScreenPhase.WAITING, "x", seconds, total))
    assert page.left == left


def test_a_page_without_a_countdown() -> None:
    assert pages(parse("").screen)(ScreenContent(ScreenPhase.SUCCEEDED)).countdown == ""


def test_the_repr_has_no_code() -> None:
    page = pages(parse("").screen)(ScreenContent(ScreenPhase.WAITING, "http://secret", 7))
    assert "secret" not in repr(page)


def test_all_texts_of_the_site() -> None:
    texts = all_texts(parse(INI).screen)
    assert all(text in texts for text in ("第一医院", "扫我", "好了", "剩", "二维码已过期", "您的多码融合码"))
    assert "|" not in texts


@pytest.mark.parametrize(("heading", "characters"), [("医院\ue000", "U+E000"), ("\ue000\ue001", "U+E000 U+E001")])
@pytest.mark.needs("font")
def test_a_character_that_the_fonts_lack_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, heading: str, characters: str
) -> None:
    with caplog.at_level(logging.WARNING, LOGGER.name):
        make_painter(parse(f"[screen]\nheading = {heading}\nfonts = nosuch.ttf\n").screen, LOGGER)
    (record,) = caplog.records
    assert record.facts["characters"] == characters  # type: ignore[attr-defined]


def test_the_colours_of_the_site_are_painted(tmp_path: Path) -> None:
    settings = parse("[screen]\nbackground_colour = #010203\nbar_colour = navy\n").screen
    page = pages(settings)(ScreenContent(ScreenPhase.SUCCEEDED))
    frame = make_painter(settings, LOGGER).frame((320, 240), page)
    assert (frame.getpixel((1, 239)), frame.getpixel((1, 1))) == ((1, 2, 3), (0, 0, 128))
