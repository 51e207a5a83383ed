"""The pictures of docs/labels.md are what is drawn now, dot for dot; if not, the element that changed is named.

The negative tests show that a change of one element is seen and named. NotoSansCJK is needed, as for the vectors.
"""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from shim import configuration
from shim.devices.label.content import LabelContent
from shim.devices.label.drawing import DrawnLabel, LabelFonts, draw, png
from shim.devices.label.layout import PAPERS, read_layout
from shim.drawing.fonts import FontChain, font_files
from tests.support.label_differences import BESIDE, Box, assert_same, boxes, differences
from tests.support.label_parsers import codes
from tests.support.label_printers import CARD_NO, FUSED, NOTO
from tests.support.paths import ROOT
from tests.support.screenshots_labels import NAMES, PICTURES, SHEET, file_name, sheet

pytestmark = pytest.mark.needs("font")

FOLDER = ROOT / "docs" / "screenshots"
CONTENT = LabelContent(ehealth_code=FUSED, card_no=CARD_NO, name="张三")


@cache
def fonts() -> LabelFonts:
    return LabelFonts(FontChain(font_files([NOTO])))


def label(name: str, content: LabelContent = CONTENT) -> DrawnLabel:
    """The label of the picture `name`, with another content."""
    settings = configuration.parse(PICTURES[name].settings)
    assert settings.problems == ()
    return draw(read_layout(settings.label), settings.label.dpi, fonts(), content)


def image(drawn: DrawnLabel) -> Image.Image:
    with Image.open(io.BytesIO(png(drawn.dots, 203))) as file:
        return file.copy()


def elements(drawn: DrawnLabel) -> dict[str, Box]:
    return dict(boxes(drawn.arrangement, (drawn.dots.width, drawn.dots.height), FUSED))


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_up_to_date(tmp_path: Path, name: str) -> None:
    drawn = label(name, replace(CONTENT, name=PICTURES[name].name))
    assert_same(FOLDER / file_name(name), image(drawn), elements(drawn), tmp_path)
    assert codes(image(drawn).convert("L")) == {FUSED}


def test_the_sheet_is_up_to_date(tmp_path: Path) -> None:
    """Five papers, seven names."""
    assert len(PAPERS) == 5 and [len(name) for name in NAMES[:5]] == [2, 4, 12, 27, 50]
    with Image.open(FOLDER / SHEET) as before:
        assert ImageChops.difference(sheet(tmp_path).convert("L"), before.convert("L")).getbbox() is None


def test_every_picture_is_shown() -> None:
    """In docs/labels.md, and the settings of those that are no default as well."""
    page = (ROOT / "docs" / "labels.md").read_text("utf-8")
    names = {SHEET, *(file_name(name) for name in PICTURES)}
    assert {path.name for path in FOLDER.glob("label-*.png")} == names
    assert all(f"(screenshots/{name})" in page for name in names)
    for row in PICTURES.values():
        assert all(f"    {line}\n" in page for line in row.ini.splitlines())


# ---- the comparison itself ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "content"),
    [
        ("qr", replace(CONTENT, ehealth_code=FUSED[:-1] + "2")),
        ("name", replace(CONTENT, name="张四")),
        ("card_no", replace(CONTENT, card_no="D00000003")),
    ],
)
def test_a_change_names_its_element(tmp_path: Path, element: str, content: LabelContent) -> None:
    now = label("default", content)
    with pytest.raises(AssertionError) as report:
        assert_same(FOLDER / file_name("default"), image(now), elements(now), tmp_path)
    lines = [line for line in str(report.value).splitlines() if "dots differ" in line]
    assert [line.split(":")[0] for line in lines] == [element]
    pictures = {path.name for path in tmp_path.glob("label-default-*.png")}
    assert pictures == {f"label-default-{part}.png" for part in ("expected", "actual", "difference")}


@pytest.mark.parametrize("key", ["qr", "name", "card_no"])
def test_an_element_that_has_moved_by_a_dot_or_is_missing(key: str) -> None:
    drawn = label("default")
    whole, box = image(drawn), elements(drawn)[key]
    moved = whole.copy()
    moved.paste(whole.crop(box), (box[0] + 1, box[1]))
    assert differences(whole, moved, elements(drawn))[0].element == key
    without = whole.copy()
    without.paste(1, box)
    (change,) = differences(whole, without, elements(drawn))
    assert change.element == key
    assert change.dots == whole.crop(box).convert("L").histogram()[0]


def test_dots_beside_every_element() -> None:
    elements: dict[str, Box] = {"qr": (0, 0, 4, 4), "line1": (2, 2, 8, 4)}
    before, after = Image.new("1", (10, 6), 1), Image.new("1", (10, 6), 1)
    for dot in ((3, 3), (7, 3), (9, 5), (8, 5)):
        after.putpixel(dot, 0)
    changes = differences(before, after, elements)
    assert [(change.element, change.dots, change.box) for change in changes] == [
        ("qr", 1, (3, 3, 4, 4)), ("line1", 1, (7, 3, 8, 4)), (BESIDE, 2, (8, 5, 10, 6)),
    ]  # fmt: skip
    assert str(changes[2]) == f"{BESIDE}: 2 dots differ, x 8 to 9, y 5 to 5"
    assert differences(before, before, elements) == []


def test_another_size() -> None:
    with pytest.raises(AssertionError, match="the size changed"):
        differences(Image.new("1", (10, 6)), Image.new("1", (10, 7)), {})


def test_the_difference_is_drawn(tmp_path: Path) -> None:
    """Red is missing, blue is new."""
    now = label("default", replace(CONTENT, name="李四"))
    with pytest.raises(AssertionError):
        assert_same(FOLDER / file_name("default"), image(now), elements(now), tmp_path)
    with Image.open(tmp_path / "label-default-difference.png") as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(256) or []}
    assert {(220, 0, 0), (0, 0, 220), (170, 170, 170), (0, 150, 0)} <= colours
