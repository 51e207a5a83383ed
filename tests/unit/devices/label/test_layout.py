"""[label] width_mm, height_mm, qr and the lines: what they mean, and what cannot be used is refused with advice."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from shim import configuration
from shim.devices.base import UnusableSetting
from shim.devices.label.layout import Align, Area, LabelLayout, TextLine, read_layout
from shim.devices.label.settings import LabelSettings


def layout(**settings: object) -> LabelLayout:
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    return read_layout(configuration.parse(f"[label]\n{lines}").label)


def test_default() -> None:
    """50 x 30 mm; an empty line is no line."""
    assert layout() == LabelLayout(
        50, 30, Area(1, 1, 22, 22),
        (
            TextLine("line1", Area(24, 4, 25, 6), Align.LEFT, "{name}"),
            TextLine("line2", Area(1.5, 24, 47, 5), Align.CENTRE, "{card_no}"),
        ),
    )  # fmt: skip


def test_a_layout_of_the_site() -> None:
    own = layout(
        width_mm="57.5", qr="20,1,20.25", line1="", line2="1, 20, 18, 5, right, 卡号,{card_no} ", upside_down="on"
    )
    assert (own.width, own.height, own.upside_down) == (57.5, 30, True)
    assert own.qr == Area(20, 1, 20.25, 20.25)
    assert own.lines == (TextLine("line2", Area(1, 20, 18, 5), Align.RIGHT, "卡号,{card_no}"),)
    assert list(own.areas) == ["qr", "line2"]


@pytest.mark.parametrize("key", LabelSettings().text_lines)
def test_every_line_is_read(key: str) -> None:
    """Each line of the settings, alone; a line that is added to the settings is one case more."""
    texts: dict[str, Any] = {**dict.fromkeys(LabelSettings().text_lines, ""), key: "1, 2, 3, 4, left, X"}
    own = read_layout(LabelSettings(**texts))
    assert own.lines == (TextLine(key, Area(1, 2, 3, 4), Align.LEFT, "X"),)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"width_mm": "wide"}, "width_mm 应为毫米数，例如 50 或 57.5"),
        ({"width_mm": ""}, "width_mm 应为毫米数"),
        ({"width_mm": "500"}, "width_mm 应为毫米数"),
        ({"height_mm": "4.9"}, "height_mm 应为毫米数"),
        ({"height_mm": "-30"}, "height_mm 应为毫米数"),
        ({"height_mm": "3e1"}, "height_mm 应为毫米数"),
        ({"qr": "1, 1"}, "qr 应为三个毫米数：左,上,边长，边长至少 5，例如 1, 1, 22"),
        ({"qr": "1, 1, 4.9"}, "边长至少 5"),
        ({"qr": "1, 1, x"}, "qr 应为三个毫米数"),
        ({"qr": "1, 10, 22"}, "qr 超出标签 50 x 30 毫米，请核对 width_mm、height_mm 和 qr"),
        ({"width_mm": "40"}, "line1 超出标签 40 x 30 毫米"),
        ({"line1": "{name}"}, "line1 应为：左,上,宽,高（毫米）,left 或 centre 或 right,文字"),
        ({"line2": "1, 2, 3, 4, middle, {name}"}, "line2 应为：左,上"),
        ({"line2": "1, 2, 3, -4, left, {name}"}, "line2 应为：左,上"),
        ({"line3": "1, 2, 3, 4, left, {id_no}"}, "line3 中 {id_no} 不是可用的内容，可用 {name}、{card_no}"),
        ({"line4": "30, 2, 30, 4, left, {name}"}, "line4 超出标签 50 x 30 毫米"),
        ({"line4": "1, 26.1, 30, 4, left, {name}"}, "line4 超出标签"),
    ],
)
def test_what_cannot_be_used(settings: dict[str, str], message: str) -> None:
    with pytest.raises(UnusableSetting) as refusal:
        layout(**settings)
    assert message in str(refusal.value)


def test_edges_count_as_inside() -> None:
    assert layout(qr="28, 8, 22", line1="0, 0, 50, 30, left, X").qr == Area(28, 8, 22, 22)


def test_no_pillow() -> None:
    """A layout is read when the DLL starts; Pillow is imported for the first label."""
    code = (
        "import sys; from shim.devices.label.layout import read_layout; from shim.devices.label.settings import "
        "LabelSettings; read_layout(LabelSettings()); print('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
