"""The label as dots: every name on every paper, letters of 2 mm, modules of whole dots, nothing drawn wrong."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from shim import configuration
from shim.devices.label.arrangement import LINE, Arrangement, smallest_em
from shim.devices.label.content import LabelContent
from shim.devices.label.drawing import DrawnLabel, LabelFonts, draw, from_png, png
from shim.devices.label.layout import PAPERS, Align, Area, LabelLayout, TextLine, read_layout
from shim.devices.label.settings import LabelSettings
from shim.drawing.dots import CannotDraw, Dots
from shim.drawing.fonts import FontChain, FontFile, font_files
from shim.drawing.qr import qr_modules
from shim.drawing.shaping import visible
from shim.messages import label as rows_of_label
from tests.support.label_parsers import codes, picture
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO
from tests.support.screenshots_labels import NAMES

pytestmark = pytest.mark.needs("font")

LAYOUT = read_layout(LabelSettings())
FIXED = read_layout(LabelSettings(qr="1, 1, 22"))
MODULES = qr_modules(FUSED) + 8


@pytest.fixture(scope="module")
def fonts() -> LabelFonts:
    return LabelFonts(FontChain(font_files([NOTO])))


def layout_of(ini: str) -> LabelLayout:
    return read_layout(configuration.parse(f"[label]\n{ini}").label)


def paper_of(paper: str, more: str = "") -> LabelLayout:
    width, _, height = paper.partition("x")
    return layout_of(f"width_mm = {width}\nheight_mm = {height}\n{more}")


def drawn(fonts: LabelFonts, layout: LabelLayout = LAYOUT, dpi: int = 203, **texts: str) -> DrawnLabel:
    content = {"ehealth_code": FUSED, "card_no": CARD_NO, "name": NAME} | texts
    return draw(layout, dpi, fonts, LabelContent.of(**content))


def label(fonts: LabelFonts, layout: LabelLayout = LAYOUT, dpi: int = 203, **texts: str) -> Dots:
    return drawn(fonts, layout, dpi, **texts).dots


def text_of(arrangement: Arrangement, key: str) -> str:
    """What is printed of one row, line after line, without its caption."""
    return "".join(each.text for each in arrangement.letters if each.key == key and each.text not in ("姓名", "卡号"))


def image(dots: Dots, dpi: int = 203) -> Image.Image:
    return Image.open(io.BytesIO(png(dots, dpi))).convert("L")


def rows(dots: Dots, dpi: int = 203) -> list[str]:
    return picture(png(dots, dpi))


@pytest.mark.parametrize(("dpi", "size"), [(203, (400, 240)), (300, (591, 354)), (600, (1181, 709))])
def test_size_and_code(fonts: LabelFonts, dpi: int, size: tuple[int, int]) -> None:
    dots = label(fonts, dpi=dpi)
    assert (dots.width, dots.height) == size
    assert codes(image(dots, dpi)) == {FUSED}


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_modules_are_whole_dots_and_the_quiet_zone_is_white(fonts: LabelFonts, dpi: int) -> None:
    """Only the code on the label: every run of black or white in it is a multiple of one module."""
    dots = label(fonts, replace(LAYOUT, rows=()), dpi)
    drawn = [row[: dots.width] for row in rows(dots, dpi)]
    black = [(x, y) for y, row in enumerate(drawn) for x, dot in enumerate(row) if dot == "#"]
    left, top = min(x for x, _ in black), min(y for _, y in black)
    right, bottom = max(x for x, _ in black) + 1, max(y for _, y in black) + 1
    module = (right - left) // qr_modules(FUSED)
    assert right - left == bottom - top == module * qr_modules(FUSED)
    quiet = 4 * module
    assert min(left, top, dots.width - right, dots.height - bottom) >= quiet
    assert bottom - top + 2 * quiet + qr_modules(FUSED) + 8 > dots.height  # one dot more a module would not fit
    for y in range(top, bottom, module):
        line = drawn[y][left:right]
        assert all(drawn[y + i][left:right] == line for i in range(module))
        assert all(len(set(line[x : x + module])) == 1 for x in range(0, len(line), module))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", NAMES)
def test_every_name_on_every_paper(fonts: LabelFonts, paper: str, name: str) -> None:
    """Whole, in letters of 2 mm at least, inside the paper and beside the code, which two decoders read."""
    layout = paper_of(paper, "hospital = 市第一人民医院\n")
    label = drawn(fonts, layout, name=name)
    arrangement, side = label.arrangement, label.arrangement.module * MODULES
    assert not arrangement.is_cut
    assert codes(image(label.dots)) == {FUSED}
    assert arrangement.module * 25.4 / 203 >= 0.25
    assert min(each.em for each in arrangement.letters) >= smallest_em(203) >= 2.2 * 203 / 25.4
    if name.isascii() or "\u4e00" <= name[0] <= "\U0003ffff":
        assert text_of(arrangement, "name").replace(" ", "") == visible(name).replace(" ", "")
    assert text_of(arrangement, "card_no") == CARD_NO
    code = (arrangement.left, arrangement.top, arrangement.left + side, arrangement.top + side)
    assert min(code[:2]) >= 0 and code[2] <= label.dots.width and code[3] <= label.dots.height
    boxes = [code]
    for each in arrangement.letters:
        box = (
            each.left, each.base - round(0.88 * each.em), each.left + fonts.width(each.text, each.em, each.bold),
            each.base + round(0.12 * each.em),
        )  # fmt: skip
        assert box[0] >= 0 and box[1] >= 0 and box[2] <= label.dots.width and box[3] <= label.dots.height, each.key
        assert not any(_meet(box, other) for other in boxes), each.key
        boxes.append(box)


def _meet(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize(("paper", "module"), [("40x30", 4), ("50x30", 5), ("60x40", 7), ("70x50", 9), ("100x70", 13)])
def test_the_code_is_as_large_as_the_paper_allows(fonts: LabelFonts, paper: str, module: int) -> None:
    """Dots of a module at 203 dpi beside a name of four characters; only on the smallest paper the text needs room."""
    assert drawn(fonts, paper_of(paper), name="欧阳娜娜").arrangement.module == module


@pytest.mark.parametrize("paper", ["30x40", "40x60", "50x50", "25x15", "45.5x28", "80x25", "297x210"])
def test_papers_in_between(fonts: LabelFonts, paper: str) -> None:
    """Upright, square, small and flat ones: the ink is spread over the paper."""
    label = drawn(fonts, paper_of(paper), name="买买提·吐尔逊")
    assert codes(image(label.dots)) == {FUSED}
    right, bottom = label.dots.ink()
    assert right > 0.65 * label.dots.width and bottom > 0.6 * label.dots.height


def test_a_layout_of_the_site(fonts: LabelFonts) -> None:
    """Order, weight and texts are the site's; a row without a value is left out."""
    layout = layout_of("layout = 就诊卡 *** | {card_no} ** | {hospital} | {name}\n")
    keys = [each.key for each in drawn(fonts, layout, name="张三").arrangement.letters]
    assert keys == ["row1", "card_no", "name"]
    ems = {each.key: each.em for each in drawn(fonts, layout, name="张三").arrangement.letters}
    assert ems["row1"] > ems["name"] and ems["card_no"] > ems["name"]
    assert [each.bold for each in drawn(fonts, layout, name="张三").arrangement.letters] == [True, True, False]
    other = layout_of("hospital = 市一医院\nlayout = {hospital} | {name}\n")
    assert [each.text for each in drawn(fonts, other, name="张三").arrangement.letters] == ["市一医院", "张三"]


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u00ad", "\U000e0100", "\x07", "\x00", " ", "\u3000"])
def test_padding_and_invisible_characters_change_nothing(fonts: LabelFonts, mark: str) -> None:
    plain = label(fonts, name="张三")
    assert label(fonts, name=f"张三{mark}", card_no=f"{mark}{CARD_NO}{mark}", ehealth_code=f"{FUSED}{mark}") == plain
    assert mark.isspace() or label(fonts, name=f"{mark}张{mark}三") == plain


def test_a_name_longer_than_the_paper_ends_with_dots(fonts: LabelFonts) -> None:
    """Never refused for its length, and nothing but its end is missing."""
    label = drawn(fonts, name="张王李赵" * 200)
    assert label.arrangement.is_cut
    name = text_of(label.arrangement, "name")
    assert name.endswith("…") and ("张王李赵" * 200).startswith(name[:-1]) and len(name) > 100
    assert text_of(label.arrangement, "card_no") == CARD_NO
    assert codes(image(label.dots)) == {FUSED}


def test_uyghur_is_joined_and_runs_to_the_left(fonts: LabelFonts) -> None:
    """Its letters by one font; the lines of a long name are read from the top."""
    arrangement = drawn(fonts, paper_of("40x30"), name="ئابدۇرەھىم تۇرسۇن").arrangement
    lines = [each.text for each in arrangement.letters if each.key == "name" and each.text != "姓名"]
    assert (
        "".join(lines)
        == "\ufee2\ufbe9\ufbac\u06d5\u0631\u06c7\ufeaa\ufe91\ufe8e\ufe8b\u0646\ufbd8\ufeb3\u0631\ufbd8\ufe97"
    )
    assert len(lines) == 2


@pytest.mark.parametrize(("name", "script"), [("བསྟན་འཛིན", "藏文"), ("ᠮᠣᠩᠭᠣᠯ", "蒙古文"), ("张三 राम", "天城文")])
def test_scripts_that_would_be_drawn_wrong_are_refused(fonts: LabelFonts, name: str, script: str) -> None:
    with pytest.raises(CannotDraw) as caught:
        label(fonts, name=name)
    assert caught.value.row is rows_of_label.SCRIPT_NOT_SUPPORTED and script in str(caught.value)
    assert name not in str(caught.value)


def test_joined_letters_that_no_single_font_has(tmp_path: Path) -> None:
    """Noto Sans CJK alone has no Uyghur letters: refused by their code points."""
    path, _, face = NOTO.partition("#")
    alone = LabelFonts(FontChain([FontFile(Path(path), int(face))]))
    with pytest.raises(CannotDraw, match=r"U\+") as caught:
        label(alone, name="ئاينۇر")
    assert caught.value.row is rows_of_label.CHARACTER_MISSING


def test_what_no_font_has_is_not_printed(fonts: LabelFonts) -> None:
    with pytest.raises(CannotDraw, match=r"U\+E000、U\+10FFFD") as caught:
        label(fonts, name="王\ue000强\U0010fffd")
    assert caught.value.row is rows_of_label.CHARACTER_MISSING and "[label] fonts" in str(caught.value)
    assert "王" not in str(caught.value) and "强" not in str(caught.value)


def test_without_any_font() -> None:
    with pytest.raises(CannotDraw, match=r"^本机没有可用的字体") as caught:
        label(LabelFonts(FontChain([])), name="张三")
    assert caught.value.row is rows_of_label.NO_FONT
    assert "[label] fonts" in str(caught.value) and "U+" not in str(caught.value)


def test_without_a_font_a_label_without_text_is_drawn() -> None:
    assert label(LabelFonts(FontChain([])), replace(LAYOUT, rows=())).ink() != (0, 0)


@pytest.mark.parametrize(
    ("code", "card_no", "row"),
    [
        (FUSED, "9" * 3000, rows_of_label.CARD_NO_TOO_LONG),
        ("9" * 3000, CARD_NO, rows_of_label.QR_TOO_LARGE),
        ("9" * 9000, CARD_NO, rows_of_label.QR_TOO_LARGE),
    ],
)
def test_what_must_not_be_cut_is_refused(fonts: LabelFonts, code: str, card_no: str, row: object) -> None:
    with pytest.raises(CannotDraw) as caught:
        label(fonts, ehealth_code=code, card_no=card_no, name="张三")
    assert caught.value.row is row and "50 x 30" in str(caught.value)
    assert "张" not in str(caught.value) and "99" not in str(caught.value)


def test_the_longest_of_the_specification_fits(fonts: LabelFonts) -> None:
    """VC 3.4: 256 characters of code; VC 4.1.2: an ehealth_card_id of 64 where there is no card."""
    made = drawn(fonts, ehealth_code="8" * 256, card_no="8" * 64, name="张三")
    assert codes(image(made.dots)) == {"8" * 256}
    assert text_of(made.arrangement, "card_no") == "8" * 64


@pytest.mark.parametrize("name", ["欧阳" * 8, "买买提·吐尔逊·阿卜杜热合曼"])
def test_a_long_name_in_a_fixed_place(fonts: LabelFonts, name: str) -> None:
    """Smaller or on several lines, and within its area."""
    alone = replace(FIXED, lines=FIXED.lines[:1])
    long = rows(label(fonts, alone, name=name))
    area = [row[(24 * 8) : int(49.1 * 8)] for row in long]
    assert any("#" in row for row in area)
    assert not any("#" in row[int(49.1 * 8) :] for row in long)
    arrangement = drawn(fonts, alone, name=name).arrangement
    lines = [each.text for each in arrangement.letters]
    assert len(lines) == 2 and "".join(lines) == name
    assert all(each.em >= smallest_em(203) and each.base - LINE * each.em < 10 * 8 for each in arrangement.letters)


def test_a_name_too_long_for_its_place_is_arranged_anew(fonts: LabelFonts) -> None:
    arrangement = drawn(fonts, FIXED, name="欧阳" * 25).arrangement
    assert text_of(arrangement, "name") == "欧阳" * 25
    assert min(each.em for each in arrangement.letters) >= smallest_em(203)


def test_alignment(fonts: LabelFonts) -> None:
    drawn = {}
    for align in Align:
        line = TextLine("line1", Area(1, 24, 48, 5), align, "{card_no}")
        text = rows(label(fonts, replace(FIXED, lines=(line,))))[24 * 8 :]
        columns = [x for row in text for x, dot in enumerate(row) if dot == "#"]
        drawn[align] = min(columns), max(columns)
    left, right = 8, 49 * 8
    assert drawn[Align.LEFT][0] - left < 6 and right - drawn[Align.RIGHT][1] < 6
    assert abs((drawn[Align.CENTRE][0] - left) - (right - drawn[Align.CENTRE][1])) < 6


@pytest.mark.parametrize("key", LabelSettings().text_lines)
def test_every_line_is_drawn_in_its_area(fonts: LabelFonts, key: str) -> None:
    """Each line of the settings, alone and in a place of its own."""
    texts: dict[str, Any] = {**dict.fromkeys(LabelSettings().text_lines, ""), key: "24, 4, 25, 6, left, {name}"}
    layout = read_layout(LabelSettings(**texts, qr="1, 1, 22"))
    text = [row[23 * 8 :] for row in rows(label(fonts, layout))]
    lines_with_ink = [y for y, row in enumerate(text) if "#" in row]
    assert lines_with_ink and 4 * 8 - 1 <= min(lines_with_ink) <= max(lines_with_ink) <= 10 * 8


def test_upside_down(fonts: LabelFonts) -> None:
    up, down = (rows(label(fonts, replace(LAYOUT, upside_down=turned))) for turned in (False, True))
    assert down == [row[::-1] for row in up[::-1]]


def test_png_and_back(fonts: LabelFonts) -> None:
    dots = label(fonts, replace(LAYOUT, width=49.7))
    assert dots.width % 8
    assert from_png(png(dots, 203)) == dots
    with Image.open(io.BytesIO(png(dots, 203))) as file:
        assert file.info["dpi"] == pytest.approx((203, 203), abs=0.1)
