"""The shapes of the extension screen: marks of a result, the ring of the countdown, cards. No letter is needed for any.

Drawn at four times their size and made smaller, so that their edges are smooth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from PIL import Image, ImageColor, ImageDraw

from shim.devices.screen.pages import Sign

Rgb = tuple[int, int, int]

_OVERSAMPLING = 4
_STROKE = 0.115  # of the disc
_RING_STROKE = 0.17
# The strokes of each mark, as parts of the disc's side, and its dots.
_STROKES: Mapping[Sign, tuple[tuple[tuple[float, float], ...], ...]] = {
    Sign.TICK: (((0.27, 0.53), (0.44, 0.69), (0.74, 0.35)),),
    Sign.CROSS: (((0.32, 0.32), (0.68, 0.68)), ((0.68, 0.32), (0.32, 0.68))),
    Sign.WARNING: (((0.5, 0.23), (0.5, 0.56)),),
}
_DOTS: Mapping[Sign, tuple[tuple[float, float], ...]] = {Sign.WARNING: ((0.5, 0.75),)}
_DOT = 1.25  # of the stroke
_LIGHT = 140  # a ground of this brightness (0 to 255) or more gets dark letters


def rgb(colour: str) -> Rgb:
    """A colour of [screen] as numbers."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of `other` in `one`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def ink_on(ground: Rgb, dark: Rgb) -> Rgb:
    """White, or `dark` on a light ground."""
    brightness = 0.299 * ground[0] + 0.587 * ground[1] + 0.114 * ground[2]
    return dark if brightness >= _LIGHT else (255, 255, 255)


def draw_mark(frame: Image.Image, at: tuple[int, int], side: int, sign: Sign, disc: Rgb, mark: Rgb) -> None:
    """A disc with a tick, a cross or an exclamation mark on it, in a square of `side` pixels at `at`."""
    if side < 1 or sign is Sign.NONE:
        return
    large = side * _OVERSAMPLING
    ground = frame.crop((*at, at[0] + side, at[1] + side)).resize((large, large), Image.Resampling.NEAREST)
    pen = ImageDraw.Draw(ground)
    pen.ellipse((0, 0, large - 1, large - 1), fill=disc)
    stroke = large * _STROKE

    def dot(x: float, y: float, diameter: float) -> None:
        half = diameter / 2
        pen.ellipse((x * large - half, y * large - half, x * large + half, y * large + half), fill=mark)

    for path in _STROKES[sign]:
        points = [(round(x * large), round(y * large)) for x, y in path]
        pen.line(points, fill=mark, width=max(1, round(stroke)), joint="curve")
        for x, y in (path[0], path[-1]):
            dot(x, y, stroke)
    for x, y in _DOTS.get(sign, ()):
        dot(x, y, stroke * _DOT)
    frame.paste(ground.resize((side, side), Image.Resampling.LANCZOS), at)


def draw_ring(frame: Image.Image, at: tuple[int, int], side: int, left: float, track: Rgb, arc: Rgb) -> None:
    """A ring of which the part `left` (0 to 1) is drawn in `arc`, from the top clockwise, and the rest in `track`."""
    large = side * _OVERSAMPLING
    ground = frame.crop((*at, at[0] + side, at[1] + side)).resize((large, large), Image.Resampling.NEAREST)
    pen = ImageDraw.Draw(ground)
    stroke = max(1, round(large * _RING_STROKE))
    box = (0, 0, large - 1, large - 1)
    pen.arc(box, 0, 360, fill=track, width=stroke)
    if left > 0:
        pen.arc(box, -90, -90 + 360 * min(left, 1.0), fill=arc, width=stroke)
    frame.paste(ground.resize((side, side), Image.Resampling.LANCZOS), at)


def draw_card(frame: Image.Image, box: tuple[int, int, int, int], radius: int, fill: Rgb) -> None:
    """A rectangle with round corners."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if width < 1 or height < 1:
        return
    radius = max(0, min(radius, width // 2, height // 2))
    mask = Image.new("L", (width, height), 255)
    if radius:
        large = 2 * radius * _OVERSAMPLING
        disc = Image.new("L", (large, large), 0)
        ImageDraw.Draw(disc).ellipse((0, 0, large - 1, large - 1), fill=255)
        disc = disc.resize((2 * radius, 2 * radius), Image.Resampling.LANCZOS)
        for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
            corner = disc.crop((x * radius, y * radius, (x + 1) * radius, (y + 1) * radius))
            mask.paste(corner, (x * (width - radius), y * (height - radius)))
    frame.paste(fill, (left, top, right, bottom), mask)


def ring_side(height: int) -> int:
    """The side of a countdown's ring in a bar of `height` pixels, in whole pairs of pixels."""
    return max(2, 2 * math.floor(height * 0.31))
