"""The pictures of docs/labels.md are what is drawn now, dot for dot; if not, the element that changed is named.

The negative tests show that a change of one element is seen and named. NotoSansCJK is needed, as for the vectors.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from shim import configuration
from shim.devices.label.content import LabelContent
from shim.devices.label.drawing import png
from shim.devices.label.layout import Area, LabelLayout, read_layout
from shim.devices.label.pick import pick_drawing
from tests.support.label_differences import BESIDE, Box, assert_same, boxes, differences
from tests.support.label_printers import CARD_NO, FUSED
from tests.support.paths import ROOT
from tests.support.screenshots_labels import PICTURES, file_name

pytestmark = pytest.mark.needs("font")

FOLDER = ROOT / "docs" / "screenshots"
CONTENT = LabelContent(ehealth_code=FUSED, card_no=CARD_NO, name="张三")


def drawn(name: str, layout: LabelLayout, content: LabelContent, folder: Path) -> Image.Image:
    """The label of the picture `name`, with another layout or content."""
    settings = configuration.parse(PICTURES[name].settings).label
    dots = pick_drawing(settings, layout)(settings.dpi, content)
    file = folder / "drawn.png"
    file.write_bytes(png(dots, settings.dpi))
    with Image.open(file) as image:
        return image.copy()


def layout_of(name: str) -> LabelLayout:
    return read_layout(configuration.parse(PICTURES[name].settings).label)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_up_to_date(tmp_path: Path, name: str) -> None:
    settings = configuration.parse(PICTURES[name].settings)
    assert settings.problems == ()
    layout = layout_of(name)
    now = drawn(name, layout, replace(CONTENT, name=PICTURES[name].name), tmp_path)
    assert_same(FOLDER / file_name(name), now, layout, settings.label.dpi, tmp_path)


def test_every_picture_is_shown() -> None:
    """In docs/labels.md, and the settings of the one that is no default as well."""
    page = (ROOT / "docs" / "labels.md").read_text("utf-8")
    assert {path.name for path in FOLDER.glob("label-*.png")} == {file_name(name) for name in PICTURES}
    for name, row in PICTURES.items():
        assert f"(screenshots/{file_name(name)})" in page
        assert all(f"    {line}\n" in page for line in row.ini.splitlines())


# ---- the comparison itself ------------------------------------------------------------------------------------------


def moved(layout: LabelLayout, key: str, mm: float) -> LabelLayout:
    """`layout` with one element moved to the right."""

    def shifted(area: Area) -> Area:
        return replace(area, left=area.left + mm)

    if key == "qr":
        return replace(layout, qr=shifted(layout.qr))
    lines = (replace(line, area=shifted(line.area)) if line.key == key else line for line in layout.lines)
    return replace(layout, lines=tuple(lines))


@pytest.mark.parametrize(
    ("element", "content", "key"),
    [
        ("qr", replace(CONTENT, ehealth_code=FUSED[:-1] + "2"), None),
        ("line1", replace(CONTENT, name="张四"), None),
        ("line2", replace(CONTENT, card_no="D00000003"), None),
        ("line1", CONTENT, "line1"),
        ("line2", CONTENT, "line2"),
    ],
)
def test_a_change_names_its_element(tmp_path: Path, element: str, content: LabelContent, key: str | None) -> None:
    """Another content, or an element that has moved by one dot: only that element is named."""
    layout = layout_of("default")
    now = drawn("default", moved(layout, key, 0.13) if key else layout, content, tmp_path)
    with pytest.raises(AssertionError) as report:
        assert_same(FOLDER / file_name("default"), now, layout, 203, tmp_path)
    lines = [line for line in str(report.value).splitlines() if "dots differ" in line]
    assert [line.split(":")[0] for line in lines] == [element]
    pictures = {path.name for path in tmp_path.glob("label-default-*.png")}
    assert pictures == {f"label-default-{part}.png" for part in ("expected", "actual", "difference")}


@pytest.mark.parametrize("key", ["qr", "line1", "line2"])
def test_an_element_that_is_missing(tmp_path: Path, key: str) -> None:
    """All of its dots, in its box; on a label that is printed upside down, too."""
    layout = replace(layout_of("default"), upside_down=True)
    whole = drawn("default", layout, CONTENT, tmp_path)
    box = boxes(layout, 203)[key]
    without = whole.copy()
    without.paste(1, box)
    (change,) = differences(whole, without, boxes(layout, 203))
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
    layout = layout_of("default")
    now = drawn("default", layout, replace(CONTENT, name="李四"), tmp_path)
    with pytest.raises(AssertionError):
        assert_same(FOLDER / file_name("default"), now, layout, 203, tmp_path)
    with Image.open(tmp_path / "label-default-difference.png") as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(256) or []}
    assert {(220, 0, 0), (0, 0, 220), (170, 170, 170), (0, 150, 0)} <= colours
