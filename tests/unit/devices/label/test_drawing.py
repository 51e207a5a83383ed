"""The label as dots: modules are whole dots, the quiet zone is white, and nothing is ever cut."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from shim.devices.label.content import LabelContent
from shim.devices.label.drawing import draw, from_png, module_mm, png
from shim.devices.label.layout import Align, Area, LabelLayout, TextLine, read_layout
from shim.devices.label.settings import LabelSettings
from shim.drawing.dots import CannotDraw, Dots
from shim.drawing.fonts import FontChain, FontFile
from shim.drawing.qr import qr_modules
from tests.support.label_parsers import codes, picture
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO

pytestmark = pytest.mark.needs("font")

LAYOUT = read_layout(LabelSettings())


@pytest.fixture(scope="module")
def fonts() -> FontChain:
    path, _, face = NOTO.partition("#")
    return FontChain([FontFile(Path(path), int(face))])


def label(fonts: FontChain, layout: LabelLayout = LAYOUT, dpi: int = 203, **texts: str) -> Dots:
    content = {"ehealth_code": FUSED, "card_no": CARD_NO, "name": NAME} | texts
    return draw(layout, dpi, fonts, LabelContent(**content))


def image(dots: Dots, dpi: int = 203) -> Image.Image:
    return Image.open(io.BytesIO(png(dots, dpi))).convert("L")


def rows(dots: Dots, dpi: int = 203) -> list[str]:
    return picture(png(dots, dpi))


@pytest.mark.parametrize(("dpi", "size"), [(203, (400, 240)), (300, (591, 354)), (600, (1181, 709))])
def test_size_and_code(fonts: FontChain, dpi: int, size: tuple[int, int]) -> None:
    dots = label(fonts, dpi=dpi)
    assert (dots.width, dots.height) == size
    assert codes(image(dots, dpi)) == {FUSED}


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_modules_are_whole_dots_and_the_quiet_zone_is_white(fonts: FontChain, dpi: int) -> None:
    """Only the code on the label: every run of black or white in it is a multiple of one module."""
    dots = label(fonts, replace(LAYOUT, lines=()), dpi)
    drawn = [row[: dots.width] for row in rows(dots, dpi)]
    black = [(x, y) for y, row in enumerate(drawn) for x, dot in enumerate(row) if dot == "#"]
    left, top = min(x for x, _ in black), min(y for _, y in black)
    right, bottom = max(x for x, _ in black) + 1, max(y for _, y in black) + 1
    module = (right - left) // qr_modules(FUSED)
    assert right - left == bottom - top == module * qr_modules(FUSED)
    assert module_mm(LAYOUT, dpi, FUSED) == pytest.approx(module * 25.4 / dpi)
    quiet = 4 * module
    assert left >= quiet and top >= quiet and right + quiet <= int(23 * dpi / 25.4) + 1
    for y in range(top, bottom, module):
        line = drawn[y][left:right]
        assert all(drawn[y + i][left:right] == line for i in range(module))
        assert all(len(set(line[x : x + module])) == 1 for x in range(0, len(line), module))


def test_what_no_font_has_is_not_printed(fonts: FontChain) -> None:
    with pytest.raises(CannotDraw, match=r"U\+E000、U\+10FFFD") as caught:
        label(fonts, name="王\ue000强\U0010fffd")
    assert "[label] fonts" in str(caught.value)
    assert "王" not in str(caught.value) and "强" not in str(caught.value)


def test_without_any_font() -> None:
    with pytest.raises(CannotDraw, match=r"^本机没有可用的字体，标签没有打印；请安装中文字体") as caught:
        label(FontChain([]), name="张三")
    assert "[label] fonts" in str(caught.value) and "U+" not in str(caught.value)


def test_without_a_font_a_label_without_text_is_drawn() -> None:
    assert label(FontChain([]), replace(LAYOUT, lines=())).ink() != (0, 0)


@pytest.mark.parametrize("name", ["欧阳" * 8, "买买提·吐尔逊·阿卜杜热合曼"])
def test_a_long_name_gets_smaller_letters(fonts: FontChain, name: str) -> None:
    """Nothing of it is cut: it stays within its area."""
    alone = replace(LAYOUT, lines=LAYOUT.lines[:1])
    short, long = (rows(label(fonts, alone, name=text)) for text in ("欧阳", name))
    area = [row[(24 * 8) : int(49.1 * 8)] for row in long]
    assert any("#" in row for row in area)
    assert not any("#" in row[int(49.1 * 8) :] for row in long)
    tall = [sum("#" in row[(24 * 8) :] for row in drawn) for drawn in (short, long)]
    assert tall[1] < tall[0]


@pytest.mark.parametrize(
    ("code", "card_no", "name", "words"),
    [
        (FUSED, CARD_NO, "张" * 300, "line"),
        (FUSED, "9" * 300, "张三", "line"),
        ("9" * 3000, CARD_NO, "张三", "二维码"),
        ("9" * 9000, CARD_NO, "张三", "二维码"),
    ],
)
def test_what_does_not_fit_is_not_printed(fonts: FontChain, code: str, card_no: str, name: str, words: str) -> None:
    with pytest.raises(CannotDraw, match="标签没有打印") as caught:
        label(fonts, ehealth_code=code, card_no=card_no, name=name)
    assert ("二维码" in str(caught.value)) == (words == "二维码")
    assert "张" not in str(caught.value) and "99" not in str(caught.value)


def test_the_longest_of_the_specification_fits(fonts: FontChain) -> None:
    """VC 3.4: 256 characters of code; VC 4.1.2: an ehealth_card_id of 64 where there is no card."""
    dots = label(fonts, dpi=300, ehealth_code="8" * 256, card_no="8" * 64, name="张三")
    assert codes(image(dots, 300)) == {"8" * 256}


def test_alignment(fonts: FontChain) -> None:
    drawn = {}
    for align in Align:
        line = TextLine("line1", Area(1, 24, 48, 5), align, "{card_no}")
        text = rows(label(fonts, replace(LAYOUT, lines=(line,))))[24 * 8 :]
        columns = [x for row in text for x, dot in enumerate(row) if dot == "#"]
        drawn[align] = min(columns), max(columns)
    left, right = 8, 49 * 8
    assert drawn[Align.LEFT][0] - left < 6 and right - drawn[Align.RIGHT][1] < 6
    assert abs((drawn[Align.CENTRE][0] - left) - (right - drawn[Align.CENTRE][1])) < 6


@pytest.mark.parametrize("key", LabelSettings().text_lines)
def test_every_line_is_drawn_in_its_area(fonts: FontChain, key: str) -> None:
    """Each line of the settings, alone and in a place of its own."""
    texts: dict[str, Any] = {**dict.fromkeys(LabelSettings().text_lines, ""), key: "24, 4, 25, 6, left, {name}"}
    layout = read_layout(LabelSettings(**texts))
    text = [row[23 * 8 :] for row in rows(label(fonts, layout))]
    lines_with_ink = [y for y, row in enumerate(text) if "#" in row]
    assert lines_with_ink and 4 * 8 - 1 <= min(lines_with_ink) <= max(lines_with_ink) <= 10 * 8


def test_upside_down(fonts: FontChain) -> None:
    up, down = (rows(label(fonts, replace(LAYOUT, upside_down=turned))) for turned in (False, True))
    assert down == [row[::-1] for row in up[::-1]]


def test_png_and_back(fonts: FontChain) -> None:
    dots = label(fonts, replace(LAYOUT, width=49.7))
    assert dots.width % 8
    assert from_png(png(dots, 203)) == dots
    with Image.open(io.BytesIO(png(dots, 203))) as file:
        assert file.info["dpi"] == pytest.approx((203, 203), abs=0.1)
