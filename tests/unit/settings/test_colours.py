"""The colours that vcshim.ini may name are exactly those that can be drawn."""

from __future__ import annotations

import pytest
from PIL import ImageColor

from shim.settings.colours import COLOUR_NAMES, is_colour


@pytest.mark.parametrize("text", ["#0B5FA5", "#0b5fa5", "#abc", "navy", "Navy", "rebeccapurple"])
def test_colours(text: str) -> None:
    assert is_colour(text)
    assert len(ImageColor.getrgb(text)) == 3


@pytest.mark.parametrize(
    "text", ["", "#", "#12", "#1234", "#12345", "#0B5FA51", "#GGGGGG", "0B5FA5", "蓝", "no colour"]
)
def test_other_texts(text: str) -> None:
    assert not is_colour(text)


def test_the_names_are_those_that_pillow_draws() -> None:
    assert set(ImageColor.colormap) == COLOUR_NAMES
