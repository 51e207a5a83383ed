"""Compares two pictures of a label dot for dot and says which element of its layout changed, where, and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from shim.devices.label.arrangement import BASE, LINE, Arrangement
from shim.drawing.qr import BORDER, qr_modules

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in dots; right and bottom are outside."""

BESIDE = "beside every element"
_GREY, _RED, _BLUE, _GREEN = (170, 170, 170), (220, 0, 0), (0, 0, 220), (0, 150, 0)


@dataclass(frozen=True)
class Difference:
    """What changed of one element: how many dots, and the smallest box that holds them all."""

    element: str
    dots: int
    box: Box

    def __str__(self) -> str:
        left, top, right, bottom = self.box
        return f"{self.element}: {self.dots} dots differ, x {left} to {right - 1}, y {top} to {bottom - 1}"


def boxes(arrangement: Arrangement, size: tuple[int, int], code: str) -> Mapping[str, Box]:
    """The box of each element of a label of `size`: qr, and the texts by what they hold, such as name."""
    side = (qr_modules(code) + 2 * BORDER) * arrangement.module
    result = {"qr": (arrangement.left, arrangement.top, arrangement.left + side, arrangement.top + side)}
    for each in arrangement.letters:
        top, bottom = each.base - round(BASE * each.em), each.base + round((LINE - BASE) * each.em)
        left, right = each.left, min(each.left + len(each.text) * each.em, size[0])
        known = result.get(each.key, (left, top, right, bottom))
        result[each.key] = (
            min(known[0], left), min(known[1], top), max(known[2], right), max(known[3], bottom),
        )  # fmt: skip
    return result


def differences(expected: Image.Image, actual: Image.Image, elements: Mapping[str, Box]) -> list[Difference]:
    """What differs, element by element. A dot in two boxes counts for the first.

    Raises:
        AssertionError: the pictures have different sizes.
    """
    assert expected.size == actual.size, f"the size changed: {expected.size} expected, {actual.size} drawn"
    rest = ImageChops.logical_xor(expected.convert("1"), actual.convert("1"))
    changes = []
    for element, box in (*elements.items(), (BESIDE, (0, 0, *expected.size))):
        part = Image.new("1", rest.size, 0)
        part.paste(rest.crop(box), box)
        extent = part.getbbox()
        if extent:
            changes.append(Difference(element, part.convert("L").histogram()[255], extent))
        rest.paste(0, box)
    return changes


def drawn(expected: Image.Image, actual: Image.Image, elements: Mapping[str, Box]) -> Image.Image:
    """A picture of the differences: red is missing, blue is new, grey is unchanged, green frames are the elements."""
    before, after = (ImageChops.invert(image.convert("L")) for image in (expected, actual))
    picture = Image.new("RGB", expected.size, "white")
    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in elements.values():
        pen.rectangle((left, top, right - 1, bottom - 1), outline=_GREEN)
    for colour, mask in (
        (_GREY, ImageChops.darker(before, after)),
        (_RED, ImageChops.subtract(before, after)),
        (_BLUE, ImageChops.subtract(after, before)),
    ):
        picture.paste(colour, mask=mask)
    return picture


def assert_same(expected: Path, actual: Image.Image, elements: Mapping[str, Box], folder: Path) -> None:
    """Compare a label with a picture on disk.

    Raises:
        AssertionError: it says which elements changed; expected, actual and difference are then pictures in `folder`.
    """
    with Image.open(expected) as image:
        before = image.convert("1")
    changes = differences(before, actual, elements)
    if changes:
        pictures = {"expected": before, "actual": actual, "difference": drawn(before, actual, elements)}
        for name, picture in pictures.items():
            picture.save(folder / f"{expected.stem}-{name}.png")
        what = "\n".join(map(str, changes))
        raise AssertionError(
            f"{expected.name} is not what is drawn now.\n{what}\nSee {folder}/{expected.stem}-*.png. If the change is "
            "wanted: python -m tests.support.screenshots_labels docs/screenshots. If texts changed and nobody changed "
            "them, compare the font: the pictures were drawn with fonts-noto-cjk 1:20220127+repack1-1."
        )
