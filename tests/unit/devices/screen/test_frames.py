"""Frames of the extension screen: read by two decoders, the countdown at the top right, nothing cut, little repaint."""

from __future__ import annotations

import base64
import io
import itertools
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from shim.configuration import parse
from shim.devices.screen import shapes
from shim.devices.screen.base import ScreenContent, ScreenPhase
from shim.devices.screen.frames import CodeNotDrawn, FrameColours, Painter
from shim.devices.screen.pages import PageStyle, ScreenPage, Sign, pages
from shim.drawing.fonts import FontChain, FontFile
from shim.drawing.qr import qr_image
from tests.support.label_parsers import codes

pytestmark = pytest.mark.needs("font")

NOTO = FontFile(Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2)
COLOURS = FrameColours(background="#F4F7FB", text="#1F2D3D", bar="#0B5FA5", bar_text="#FFFFFF")
WAITING = PageStyle("请用微信或支付宝扫码授权", "打开“扫一扫”，扫描画面中的二维码，在手机上点“确认授权”", "#0B5FA5")
DONE = PageStyle("授权成功", "请继续办理", "#0A7D33", Sign.TICK)
REFUSED = PageStyle("授权未成功", "如需继续办理，|请联系工作人员", "#B3261E", Sign.CROSS)
EXPIRED = PageStyle("二维码已过期", "请联系工作人员，|重新获取二维码", "#B3261E", Sign.WARNING)
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
@pytest.mark.parametrize(
    "page",
    [ScreenPage(WAITING, URL, "60 秒"), ScreenPage(DONE), ScreenPage(REFUSED, URL, "60 秒"), ScreenPage(EXPIRED)],
    ids=["code", "tick", "cross", "warning"],
)
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


@pytest.mark.parametrize(
    ("text", "size", "row"),
    [
        ("x" * 4000, (1024, 600), "screen.code_too_long"),
        ("x" * 2332, (3840, 2160), "screen.code_too_long"),
        ("x" * 1000, (200, 150), "screen.code_too_fine"),
        ("data:image/png;base64," + "iVBORw0K" * 500, (1024, 600), "screen.picture_unreadable"),
        ("iVBORw0KGgo" * 50, (1024, 600), "screen.picture_unreadable"),
    ],
)
def test_what_cannot_be_drawn_is_not_asked_for(painter: Painter, text: str, size: tuple[int, int], row: str) -> None:
    """There is no frame, the reason has no code in it, and what was shown before stays known."""
    for _ in range(2):
        with pytest.raises(CodeNotDrawn) as caught:
            painter.frame(size, ScreenPage(WAITING, text, "60 秒"))
        said = caught.value.row.engineer.format(**caught.value.facts)
        assert caught.value.row.key == row and "二维码" in said and "放不下" in said
        assert text not in said and text[:12] not in said


def test_a_refusal_needs_no_code(painter: Painter) -> None:
    """Nobody is asked to scan: the mark stands alone."""
    frame = painter.frame((1024, 600), ScreenPage(REFUSED, "x" * 4000, "30 秒"))
    assert share(frame, BAD) > 0.3 and zxingcpp.read_barcodes(frame) == []


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (200, 20)])
def test_a_monitor_of_a_few_dots(painter: Painter, size: tuple[int, int]) -> None:
    assert painter.frame(size, ScreenPage(DONE)).size == size
    with pytest.raises(CodeNotDrawn):
        painter.frame(size, ScreenPage(WAITING, URL, "60 秒"))


# ---- what a patient reads from two metres, with fonts and without ----------------------------------------------------

GOOD, BAD, WHITE = (0x0A, 0x7D, 0x33), (0xB3, 0x26, 0x1E), (255, 255, 255)
LOOKED_AT = [(800, 480), (1024, 600), (1280, 800), (1366, 768), (1920, 1080), (1080, 1920)]
LATIN = FontFile(Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))


def share(frame: Image.Image, colour: tuple[int, int, int]) -> float:
    """The part of the frame that has exactly this colour."""
    found = dict((colour, count) for count, colour in frame.getcolors(1 << 24) or [])
    return found.get(colour, 0) / (frame.width * frame.height)


def phases(painter: Painter, size: tuple[int, int]) -> dict[ScreenPhase, Image.Image]:
    """Waiting and the three results, with the texts of the default settings."""
    page_of = pages(parse("").screen)
    contents = [ScreenContent(phase, URL, 42, 60) for phase in (ScreenPhase.WAITING, ScreenPhase.REFUSED)]
    contents += [ScreenContent(phase) for phase in (ScreenPhase.SUCCEEDED, ScreenPhase.EXPIRED)]
    return {content.phase: painter.frame(size, page_of(content)) for content in contents}


@pytest.mark.parametrize(
    ("size", "fonts"),
    [*itertools.product(LOOKED_AT, ([], [NOTO])), ((1024, 600), [LATIN])],
    ids=lambda value: str(value) if isinstance(value, tuple) else ", ".join(file.path.stem for file in value) or "none",
)
def test_a_result_looks_unlike_waiting(
    size: tuple[int, int], fonts: list[FontFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By colour over a large part of the screen and by a mark that is drawn, not by words."""
    marks: list[tuple[Sign, int]] = []
    draw_mark = shapes.draw_mark

    def recorded(frame: Image.Image, at: tuple[int, int], side: int, sign: Sign, *colours: shapes.Rgb) -> None:
        marks.append((sign, side))
        draw_mark(frame, at, side, sign, *colours)

    monkeypatch.setattr(shapes, "draw_mark", recorded)
    frames = phases(Painter(FontChain(fonts), "", COLOURS), size)
    waiting = frames[ScreenPhase.WAITING]
    assert share(waiting, BAD) == share(waiting, GOOD) == 0
    for phase, colour, other, least in (
        (ScreenPhase.SUCCEEDED, GOOD, BAD, 0.4),
        (ScreenPhase.EXPIRED, BAD, GOOD, 0.4),
        (ScreenPhase.REFUSED, BAD, GOOD, 0.12),
    ):
        assert share(frames[phase], colour) > least and share(frames[phase], other) == 0, phase
    assert [code.text for code in zxingcpp.read_barcodes(frames[ScreenPhase.REFUSED])] == [URL]  # VC 2.2: it stays
    sides = dict(marks)
    assert set(sides) == {Sign.TICK, Sign.CROSS, Sign.WARNING}
    least = 0.36 if fonts == [NOTO] else 0.5  # of the shorter side
    assert min(sides[Sign.TICK], sides[Sign.WARNING]) >= least * min(size)
    assert sides[Sign.CROSS] >= least / 1.7 * min(size)


def test_the_marks_differ_in_shape() -> None:
    """Not in colour alone: red and green are one to many."""
    drawn = set()
    for sign in (Sign.TICK, Sign.CROSS, Sign.WARNING):
        frame = Image.new("RGB", (100, 100), GOOD)
        shapes.draw_mark(frame, (0, 0), 100, sign, WHITE, GOOD)
        dark = frame.convert("L").histogram()[:150]
        assert sum(dark) > 100 * 100 * (1 - 3.1416 / 4) + 400  # outside of the disc, and the mark
        drawn.add(frame.tobytes())
    assert len(drawn) == 3


@pytest.mark.parametrize("fonts", [[], [LATIN]], ids=["no font", "no Chinese"])
def test_without_chinese_there_is_no_letter(fonts: list[FontFile]) -> None:
    """No box, no half of a sentence: a page with texts is the page without them, dot for dot."""
    painter = Painter(FontChain(fonts), "第一医院 Window 3", COLOURS)
    for style in (WAITING, DONE, REFUSED, EXPIRED):
        code = URL if style in (WAITING, REFUSED) else ""
        bare = PageStyle("", "", style.colour, style.sign)
        one, other = (painter.frame((1024, 600), ScreenPage(each, code)) for each in (style, bare))
        assert one.tobytes() == other.tobytes()


def test_without_chinese_the_seconds_are_a_number() -> None:
    painter = Painter(FontChain([LATIN]), "", COLOURS)
    one, other = (painter.frame((1024, 600), ScreenPage(WAITING, URL, text)) for text in ("还剩 42 秒", "42"))
    assert one.tobytes() == other.tobytes()
    assert one.tobytes() != painter.frame((1024, 600), ScreenPage(WAITING, URL, "")).tobytes()


def test_the_ring_empties(painter: Painter) -> None:
    """A quarter less is a quarter of the ring less, with the same words."""
    size = (1024, 600)
    drawn = [
        share(painter.frame(size, ScreenPage(WAITING, URL, "42 秒", left)), WHITE) for left in (1.0, 0.75, 0.5, 0.25)
    ]  # fmt: skip
    steps = [before - after for before, after in itertools.pairwise(drawn)]
    assert all(step > 0 for step in steps) and max(steps) < 1.5 * min(steps)


@pytest.mark.parametrize("size", LOOKED_AT, ids=str)
def test_the_seconds_do_not_jump(size: tuple[int, int]) -> None:
    """10 and 9 seconds are of one size."""
    painter = Painter(FontChain([NOTO]), "", COLOURS)
    sizes: list[object] = []
    painter._letters.draw_line = lambda _frame, _at, _text, font_size, *_rest: sizes.append(font_size)  # type: ignore[method-assign]
    for text in ("还剩 10 秒", "还剩 9 秒"):
        painter.frame(size, ScreenPage(PageStyle("", "", "#0B5FA5"), URL, text))
    assert len(sizes) == 2 and sizes[0] == sizes[1]


def test_the_countdown_draws_the_corner_only(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a whole frame is drawn again nor two whole frames are compared: a host pays for every second."""
    size = (1920, 1080)
    painter.forget()
    painter.changes(size, ScreenPage(WAITING, URL, "60 秒"))
    compared: list[tuple[int, int]] = []
    original = ImageChops.difference

    def difference(one: Image.Image, other: Image.Image) -> Image.Image:
        compared.append(one.size)
        return original(one, other)

    monkeypatch.setattr(painter, "_draw", None)
    monkeypatch.setattr(ImageChops, "difference", difference)
    for _ in range(4):
        painter.changes(size, ScreenPage(WAITING, URL, "59 秒"))
    assert len(compared) == 1 and compared[0][0] * compared[0][1] <= 0.08 * size[0] * size[1]


def test_the_title_is_bold() -> None:
    """More ink than the same text in regular letters, from a bold file or thickened."""
    size, style = (1024, 600), PageStyle("请扫码授权", "", "#000000")
    bold = FontFile(NOTO.path.with_name("NotoSansCJK-Bold.ttc"), 2)
    ink = [
        share(Painter(FontChain([NOTO]), "", COLOURS, bold=chain).frame(size, ScreenPage(style)), (0, 0, 0))
        for chain in (FontChain([bold, NOTO]), None)
    ]
    hint = PageStyle("", "请扫码授权", "#000000")
    colours = FrameColours(background="#F4F7FB", text="#000000", bar="#0B5FA5", bar_text="#FFFFFF")
    painter = Painter(FontChain([NOTO]), "", colours)
    painter_hint = share(painter.frame(size, ScreenPage(hint)), (0, 0, 0))
    scale = (0.155 / 0.08) ** 2
    assert min(ink) > 1.2 * painter_hint * scale


@pytest.mark.parametrize("size", LOOKED_AT, ids=str)
@pytest.mark.parametrize("phase", [phase for phase in ScreenPhase if phase is not ScreenPhase.HIDDEN])
def test_the_words_stand_as_they_were_written(size: tuple[int, int], phase: ScreenPhase) -> None:
    """At six sizes titles are one line, and hints break where their | is, nowhere else."""
    drawn: list[str] = []
    painter = Painter(FontChain([NOTO]), "", COLOURS)
    original = painter._letters.draw_line

    def draw_line(frame: Image.Image, at: tuple[int, int], text: str, *rest: object, **more: object) -> None:
        drawn.append(text)
        original(frame, at, text, *rest, **more)  # type: ignore[arg-type]

    painter._letters.draw_line = draw_line  # type: ignore[method-assign]
    content = ScreenContent(phase, URL if phase not in (ScreenPhase.SUCCEEDED, ScreenPhase.EXPIRED) else "")
    page = pages(parse("").screen)(content)
    painter.frame(size, page)
    assert drawn == [page.style.title, *page.style.hint.split("|")]


def test_without_a_heading_the_bar_is_a_stripe(painter: Painter) -> None:
    """Not an empty bar over a seventh of the screen."""
    frame = Painter(FontChain([NOTO]), " ", COLOURS).frame((1024, 600), ScreenPage(WAITING, URL, "60 秒"))
    with_heading = painter.frame((1024, 600), ScreenPage(WAITING, URL, "60 秒"))
    bar = (0x0B, 0x5F, 0xA5)
    assert frame.getpixel((2, 2)) == bar and frame.getpixel((2, 40)) != bar
    assert with_heading.getpixel((2, 40)) == bar


@pytest.mark.parametrize("size", LOOKED_AT, ids=str)
def test_the_card_keeps_its_corners(painter: Painter, size: tuple[int, int]) -> None:
    """Round: the corner of the white card is background, whatever room the code needs."""
    frame = painter.frame(size, ScreenPage(WAITING, URL, "60 秒"))
    short = min(size)
    margin, bar = round(short * 0.05), round(short * 0.14)
    left = next(x for x in range(size[0]) if frame.getpixel((x, (bar + margin + size[1]) // 3)) == WHITE)
    top = next(y for y in range(bar, size[1]) if frame.getpixel((left + short // 5, y)) == WHITE)
    inside = round(short * 0.03 * 0.2)
    assert frame.getpixel((left + inside, top + inside)) != WHITE


def test_the_logo_stands_in_the_bar() -> None:
    """As large as the bar allows, at the left, and the heading beside it."""
    logo = Image.new("RGBA", (300, 300), (1, 200, 3, 255))
    frame = Painter(FontChain([NOTO]), "医院", COLOURS, logo=logo).frame((1024, 600), ScreenPage(DONE))
    green = [x for x in range(1024) if frame.getpixel((x, 42)) == (1, 200, 3)]
    assert green[0] == 30 and 55 <= len(green) <= 70


@pytest.mark.parametrize("transparent", [False, True])
def test_a_platform_that_gives_a_picture(painter: Painter, transparent: bool) -> None:
    """PNG in a data: address or alone, as large as the card, read by the decoder as the text in it."""
    code = qr_image(URL, 3).convert("RGBA")
    if transparent:
        code.putalpha(code.convert("L").point(lambda value: 255 - value))
    file = io.BytesIO()
    code.save(file, "PNG")
    text = base64.b64encode(file.getvalue()).decode()
    for given in (f"data:image/png;base64,{text}", text):
        frame = painter.frame((1024, 600), ScreenPage(WAITING, given, "60 秒"))
        assert [found.text for found in zxingcpp.read_barcodes(frame)] == [URL]


@pytest.mark.parametrize("fonts", [[], [NOTO]], ids=["no font", "fonts"])
def test_without_a_font_there_is_still_the_code(fonts: list[FontFile]) -> None:
    frame = Painter(FontChain(fonts), "医院", COLOURS).frame((1024, 600), ScreenPage(WAITING, URL, "60 秒"))
    assert [code.text for code in zxingcpp.read_barcodes(frame)] == [URL]
