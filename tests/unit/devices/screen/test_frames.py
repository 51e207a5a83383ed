"""Frames of the extension screen: read by two decoders, the countdown at the top right, nothing cut, little repaint."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from shim.devices.screen.frames import FrameColours, Painter
from shim.devices.screen.pages import PageStyle, ScreenPage, Sign
from shim.drawing.fonts import FontChain, FontFile
from tests.support.label_parsers import codes

pytestmark = pytest.mark.needs("font")

NOTO = FontFile(Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2)
COLOURS = FrameColours(background="#F4F7FB", text="#1F2D3D", bar="#0B5FA5", bar_text="#FFFFFF")
WAITING = PageStyle("请用微信或支付宝扫码授权", "打开“扫一扫”，扫描画面中的二维码，在手机上点“确认授权”", "#0B5FA5")
DONE = PageStyle("授权成功", "请继续办理", "#0A7D33", Sign.TICK)
URL = "http://192.168.1.20:8000/auth/c0e9be5aba699c5c?out_authorize_no=2026112220"
SIZES = [(1024, 600), (1920, 1080), (800, 480), (600, 1024), (1080, 1920), (320, 240), (3840, 2160)]


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(FontChain([NOTO]), "第一医院门诊收费三号窗口", COLOURS)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("text", [URL, "http://h/" + "x" * 119, "8BF77B9B0688AA6E:1:::35020010001"])
def test_two_decoders_read_the_code(painter: Painter, size: tuple[int, int], text: str) -> None:
    frame = painter.frame(size, ScreenPage(WAITING, text, "60 秒"))
    assert frame.size == size
    assert [code.text for code in zxingcpp.read_barcodes(frame)] == [text]
    assert codes(frame) == {text}


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_code_is_large_enough(painter: Painter, size: tuple[int, int]) -> None:
    """A phone reads a code from ten times its side: half a metre wants five centimetres.

    A screen of seven inches at 1024 x 600 has 154 mm of width, one of ten at 1920 x 1080 has 221.
    """
    frame = painter.frame(size, ScreenPage(WAITING, URL, "60 秒"))
    (code,) = zxingcpp.read_barcodes(frame)
    side = code.position.top_right.x - code.position.top_left.x
    inches = 7 if max(size) <= 1024 else 10
    millimetres = side * inches * 25.4 / (size[0] ** 2 + size[1] ** 2) ** 0.5
    assert millimetres >= 50 or (size == (320, 240) and side >= 100)


def box(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int]:
    found = ImageChops.difference(before, after).getbbox()
    assert found is not None
    return found


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_countdown_is_at_the_top_right(painter: Painter, size: tuple[int, int]) -> None:
    bare = painter.frame(size, ScreenPage(WAITING, URL))
    left, top, right, bottom = box(bare, painter.frame(size, ScreenPage(WAITING, URL, "60 秒")))
    assert left > size[0] * 0.6 and right <= size[0] and top >= 0 and bottom <= round(size[1] * 0.15)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("page", [ScreenPage(WAITING, URL, "60 秒"), ScreenPage(DONE)], ids=["code", "sign"])
def test_nothing_is_cut(painter: Painter, size: tuple[int, int], page: ScreenPage) -> None:
    """The rim of the body is background: no letter, no code reaches it."""
    frame = painter.frame(size, page)
    background = frame.getpixel((2, size[1] - 2))
    bar = round(size[1] * 0.15)
    for edge in ((0, size[1] - 2, *size), (size[0] - 2, bar, *size), (0, bar, 2, size[1])):
        assert frame.crop(edge).getcolors() == [(frame.crop(edge).width * frame.crop(edge).height, background)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_long_texts_get_smaller(size: tuple[int, int]) -> None:
    """The hospital's whole name beside the countdown, forty characters of title: all there, none over another."""
    painter = Painter(FontChain([NOTO]), "厦门大学附属第一医院（思明院区）门诊收费处三号窗口", COLOURS)
    style = PageStyle("请用微信或支付宝扫描二维码授权医院读取您的身份信息和就诊卡号" * 2, "说明" * 60, "#0B5FA5")
    frame = painter.frame(size, ScreenPage(style, URL, "60 秒"))
    assert [code.text for code in zxingcpp.read_barcodes(frame)] == [URL]
    if size[0] >= 800:
        edge = frame.crop((0, size[1] - 2, *size))
        assert len(edge.getcolors() or []) == 1


def test_little_is_repainted(painter: Painter) -> None:
    """The frame once, then the countdown alone, then nothing."""
    size = (1024, 600)
    painter.forget()
    first = painter.changes(size, ScreenPage(WAITING, URL, "60 秒"))
    assert first is not None and (first.x, first.y, first.width, first.height) == (0, 0, *size)
    second = painter.changes(size, ScreenPage(WAITING, URL, "59 秒"))
    assert second is not None and second.width < 200 and second.height < 100 and second.x > 800
    assert painter.changes(size, ScreenPage(WAITING, URL, "59 秒")) is None
    painter.forget()
    again = painter.changes(size, ScreenPage(WAITING, URL, "59 秒"))
    assert again is not None and again.width == 1024


def test_the_rectangles_add_up(painter: Painter) -> None:
    """What a window has after a number of changes is the last frame, dot for dot."""
    size = (800, 480)
    painter.forget()
    window = Image.new("RGB", size)
    for page in (
        ScreenPage(WAITING, URL, "60 秒"),
        ScreenPage(WAITING, URL, "9 秒"),
        ScreenPage(DONE),
        ScreenPage(WAITING, URL + "2", "60 秒"),
    ):
        paint = painter.changes(size, page)
        assert paint is not None and len(paint.bgrx) == paint.width * paint.height * 4
        part = Image.frombytes("RGB", (paint.width, paint.height), paint.bgrx, "raw", "BGRX")
        window.paste(part, (paint.x, paint.y))
        assert window.tobytes() == painter.frame(size, page).tobytes()


def test_another_code_is_another_picture(painter: Painter) -> None:
    """Size and words are the same, and the code of the last patient must not stay."""
    for text in (URL, URL + "2", URL):
        frame = painter.frame((1024, 600), ScreenPage(WAITING, text, "60 秒"))
        assert [code.text for code in zxingcpp.read_barcodes(frame)] == [text]


def test_another_size_is_a_whole_frame(painter: Painter) -> None:
    painter.forget()
    painter.changes((1024, 600), ScreenPage(DONE))
    other = painter.changes((800, 480), ScreenPage(DONE))
    assert other is not None and (other.width, other.height) == (800, 480)


def test_a_code_that_no_screen_holds(painter: Painter) -> None:
    """Too long for a QR code, or for the dots there are: the words stay, nothing fails."""
    for text, size in (("x" * 4000, (1024, 600)), ("x" * 1000, (200, 150))):
        frame = painter.frame(size, ScreenPage(WAITING, text, "60 秒"))
        assert zxingcpp.read_barcodes(frame) == []
        assert len(frame.getcolors(100_000) or []) > 10


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (200, 20)])
def test_a_monitor_of_a_few_dots(painter: Painter, size: tuple[int, int]) -> None:
    for page in (ScreenPage(WAITING, URL, "60 秒"), ScreenPage(DONE)):
        assert painter.frame(size, page).size == size


def test_without_a_font_there_is_still_the_code() -> None:
    frame = Painter(FontChain([]), "医院", COLOURS).frame((1024, 600), ScreenPage(WAITING, URL, "60 秒"))
    assert [code.text for code in zxingcpp.read_barcodes(frame)] == [URL]
