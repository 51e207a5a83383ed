"""Bar charts: well-formed, everything inside the picture, lengths in proportion."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from bench import plots
from bench.figures import HTTP_CLIENT, PRODUCT
from bench.plots import Bar, Group

SVG = "{http://www.w3.org/2000/svg}"
GROUPS = [
    Group("one <and> two", [Bar(PRODUCT, 2.0, 3.0), Bar("before", 4.0, 400.0), Bar(HTTP_CLIENT, 1.0, 1.1)]),
    Group("three", [Bar(PRODUCT, 1.0, 1.0)]),
]


def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(plots.bars("Calls & more", "ms", GROUPS))


def rectangles() -> list[dict[str, str]]:
    """The bars, without the squares of the legend."""
    return [rect.attrib for rect in drawn().iter(f"{SVG}rect") if rect.attrib["width"] != "12"]


def test_lengths_are_in_proportion() -> None:
    widths = [float(rect["width"]) for rect in rectangles()]
    assert [round(width / widths[-1], 2) for width in widths] == [2.0, 4.0, 1.0, 1.0]


def test_nothing_leaves_the_picture() -> None:
    """A whisker of 400 on an axis to 8 ends with the axis."""
    _, _, width, height = map(float, drawn().attrib["viewBox"].split())
    text = plots.bars("Calls", "ms", GROUPS)
    across = [float(x) for x in re.findall(r'(?:\bx="|[MH])([\d.]+)', text)]
    assert max(across) <= width and min(across) >= 0
    texts = [
        (float(text.attrib["x"]), text.attrib["text-anchor"], text.text or "")
        for text in drawn().iter(f"{SVG}text")
        if "text-anchor" in text.attrib
    ]
    assert max(x + 7.5 * len(text) for x, anchor, text in texts if anchor == "start") <= width
    assert max(float(rect["y"]) + float(rect["height"]) for rect in rectangles()) < height


def test_texts_and_colours() -> None:
    texts = [text.text for text in drawn().iter(f"{SVG}text")]
    assert "Calls & more" in texts and "one <and> two" in texts and "ms" in texts
    assert {"vcshim", "before", "a yardstick", "1 http.client"} <= set(texts)
    colours = {rect["fill"] for rect in rectangles()}
    assert len(colours) == 3


@pytest.mark.parametrize("name", ["before", PRODUCT, HTTP_CLIENT])
def test_a_colour_shows_on_white_and_on_black(name: str) -> None:
    """At least 3 to 1 on both, as WCAG has it for graphics."""
    red, green, blue = bytes.fromhex(plots.colour(name, [PRODUCT, "before", HTTP_CLIENT])[1:])
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in
             (red / 255, green / 255, blue / 255)]  # fmt: skip
    light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    assert 1.05 / (light + 0.05) >= 3
    assert (light + 0.05) / 0.05 >= 3


ENDS = [(0.03, 0.04), (0.1, 0.1), (0.7, 0.8), (1.0, 1), (1.1, 2), (3.9, 4), (9.0, 10), (11, 20), (850, 1000)]


@pytest.mark.parametrize(("value", "axis"), ENDS)
def test_the_end_of_the_axis(value: float, axis: float) -> None:
    assert plots._round_up(value) == pytest.approx(axis)
