"""The label as dots: whole dots a module, its quiet zone, nothing cut, and what cannot be drawn is said instead."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from shim.devices.label.drawing import Layout, Line, draw, from_png, module_mm, png
from shim.drawing.dots import CannotDraw, Dots
from shim.drawing.fonts import FontChain, FontFile
from shim.drawing.qr import qr_modules
from tests.support.label_parsers import codes, picture
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO

pytestmark = pytest.mark.needs("font")

LAYOUT = Layout(
    50, 30, 1, 1, 22,
    (Line(24, 4, 25, 6, "left", "{name}"), Line(1.5, 24, 47, 5, "centre", "{card_no}")),
)  # fmt: skip


@pytest.fixture(scope="module")
def fonts() -> FontChain:
    path, _, face = NOTO.partition("#")
    return FontChain([FontFile(Path(path), int(face))])


def image(dots: Dots, dpi: int = 203) -> Image.Image:
    return Image.open(io.BytesIO(png(dots, dpi))).convert("L")


def rows(dots: Dots, dpi: int = 203) -> list[str]:
    return picture(png(dots, dpi))


@pytest.mark.parametrize(("dpi", "size"), [(203, (400, 240)), (300, (591, 354)), (600, (1181, 709))])
def test_size_and_code(fonts: FontChain, dpi: int, size: tuple[int, int]) -> None:
    dots = draw(LAYOUT, dpi, fonts, FUSED, CARD_NO, NAME)
    assert (dots.width, dots.height) == size
    assert codes(image(dots, dpi)) == {FUSED}


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_modules_are_whole_dots_and_the_quiet_zone_is_white(fonts: FontChain, dpi: int) -> None:
    """Only the code on the label: every run of black or white in it is a multiple of one module."""
    dots = draw(replace(LAYOUT, lines=()), dpi, fonts, FUSED, CARD_NO, NAME)
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
        draw(LAYOUT, 203, fonts, FUSED, CARD_NO, "王\ue000强\U0010fffd")
    assert "[label] fonts" in str(caught.value)
    assert "王" not in str(caught.value) and "强" not in str(caught.value)


def test_without_any_font(fonts: FontChain) -> None:
    with pytest.raises(CannotDraw, match=r"U\+5F20"):
        draw(LAYOUT, 203, FontChain([]), FUSED, CARD_NO, "张三")


@pytest.mark.parametrize("name", ["欧阳" * 8, "买买提·吐尔逊·阿卜杜热合曼"])
def test_a_long_name_gets_smaller_letters(fonts: FontChain, name: str) -> None:
    """Nothing of it is cut: it lies in its room, black to the right edge at most."""
    alone = replace(LAYOUT, lines=LAYOUT.lines[:1])
    short, long = (rows(draw(alone, 203, fonts, FUSED, CARD_NO, who)) for who in ("欧阳", name))
    room = [row[(24 * 8) : int(49.1 * 8)] for row in long]
    assert any("#" in row for row in room)
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
        draw(LAYOUT, 203, fonts, code, card_no, name)
    assert ("二维码" in str(caught.value)) == (words == "二维码")
    assert "张" not in str(caught.value) and "99" not in str(caught.value)


def test_the_longest_of_the_specification_fits(fonts: FontChain) -> None:
    """VC 3.4: 256 characters of code; VC 4.1.2: an ehealth_card_id of 64 where there is no card."""
    dots = draw(LAYOUT, 300, fonts, "8" * 256, "8" * 64, "张三")
    assert codes(image(dots, 300)) == {"8" * 256}


def test_alignment(fonts: FontChain) -> None:
    drawn = {}
    for align in ("left", "centre", "right"):
        line = Line(1, 24, 48, 5, align, "{card_no}")
        found = rows(draw(replace(LAYOUT, lines=(line,)), 203, fonts, FUSED, CARD_NO, NAME))[24 * 8 :]
        columns = [x for row in found for x, dot in enumerate(row) if dot == "#"]
        drawn[align] = min(columns), max(columns)
    left, right = 8, 49 * 8
    assert drawn["left"][0] - left < 6 and right - drawn["right"][1] < 6
    assert abs((drawn["centre"][0] - left) - (right - drawn["centre"][1])) < 6


def test_places_are_filled_once(fonts: FontChain) -> None:
    """A name that looks like a place is a name; what breaks a line does not."""
    line = Line(1, 24, 48, 5, "left", "{name} {card_no}")

    def drawn(card_no: str, name: str) -> Dots:
        return draw(replace(LAYOUT, lines=(line,)), 203, fonts, FUSED, card_no, name)

    assert drawn(CARD_NO, "{card_no}") != drawn(CARD_NO, CARD_NO)
    assert drawn(CARD_NO, "张\r\n三") == drawn(CARD_NO, "张 三")


def test_upside_down(fonts: FontChain) -> None:
    up, down = (
        rows(draw(replace(LAYOUT, upside_down=turned), 203, fonts, FUSED, CARD_NO, NAME)) for turned in (False, True)
    )
    assert down == [row[::-1] for row in up[::-1]]


def test_png_and_back(fonts: FontChain) -> None:
    dots = draw(replace(LAYOUT, width=49.7), 203, fonts, FUSED, CARD_NO, NAME)
    assert dots.width % 8
    assert from_png(png(dots, 203)) == dots
    with Image.open(io.BytesIO(png(dots, 203))) as file:
        assert file.info["dpi"] == pytest.approx((203, 203), abs=0.1)
