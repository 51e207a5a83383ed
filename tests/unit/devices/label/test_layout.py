"""[label] layout, width_mm, height_mm and fixed places: what they mean; what cannot be used is refused with advice."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from shim import configuration
from shim.devices.base import UnusableSetting
from shim.devices.label.layout import Align, Area, LabelLayout, TextLine, TextRow, read_layout
from shim.devices.label.settings import LabelSettings


def layout(**settings: object) -> LabelLayout:
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    return read_layout(configuration.parse(f"[label]\n{lines}").label)


def test_default() -> None:
    """50 x 30 mm, nothing in a fixed place; without a hospital there is no row for it."""
    assert layout() == LabelLayout(
        50, 30,
        (
            TextRow("hospital", "", "{hospital}"),
            TextRow("name", "姓名", "{name}", 2),
            TextRow("card_no", "卡号", "{card_no}", 1),
        ),
    )  # fmt: skip
    assert layout(hospital="市一医院").hospital == "市一医院"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("{name}", [TextRow("name", "", "{name}")]),
        ("医院 | 姓名：{name}***|卡号{card_no} *", [
            TextRow("row1", "", "医院"), TextRow("name", "姓名", "{name}", 3),
            TextRow("card_no", "卡号", "{card_no}", 1),
        ]),
        ("{name}｜{card_no}＊", [TextRow("name", "", "{name}"), TextRow("card_no", "", "{card_no}", 1)]),
        ("{name}（{card_no}）", [TextRow("name", "", "{name}（{card_no}）")]),
        ("请妥善保管 ** ", [TextRow("row1", "", "请妥善保管", 2)]),
    ],
)  # fmt: skip
def test_rows(text: str, rows: list[TextRow]) -> None:
    """A caption is what stands before the only value; full-width bars and stars are read as people write them."""
    assert list(layout(layout=text).rows) == rows


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{name} || {card_no}", "第 2 行是空的"),
        ("{name} | **", "第 2 行是空的"),
        ("{name} ****", "第 1 行有 4 个 *，最多 3 个"),
        ("{nmae}", "{nmae} 不是可用的内容，可用 {name}、{card_no}、{hospital}"),
        ("|".join("{name}" * 9 for _ in range(9)), "有 9 行，最多 8 行"),
    ],
)
def test_a_layout_that_cannot_be_read(text: str, problem: str) -> None:
    """It is told as any other setting is, and the default is used."""
    parsed = configuration.parse(f"[label]\nlayout = {text}\n")
    (told,) = parsed.problems
    assert "[label] layout = " in told and problem in told
    assert parsed.label.layout == LabelSettings().layout


def test_fixed_places() -> None:
    own = layout(
        width_mm="57.5", qr="20,1,20.25", line1="", line2="1, 20, 18, 5, right, 卡号,{card_no} ", upside_down="on"
    )
    assert (own.width, own.height, own.upside_down) == (57.5, 30, True)
    assert own.qr == Area(20, 1, 20.25, 20.25)
    assert own.lines == (TextLine("line2", Area(1, 20, 18, 5), Align.RIGHT, "卡号,{card_no}"),)
    assert list(own.areas) == ["qr", "line2"]


@pytest.mark.parametrize("setting", [{"line3": "1, 29, 20, 1, left, X"}, {"qr": "1, 1, 22"}, {"line2": ""}])
def test_one_fixed_place_fixes_all(setting: dict[str, str]) -> None:
    """What is left at auto then stands where it stood before there was a layout: a site that moved one line keeps the
    others."""
    own = layout(**setting)
    assert own.qr == Area(1, 1, 22, 22)
    assert TextLine("line1", Area(24, 4, 25, 6), Align.LEFT, "{name}") in own.lines
    assert ("line2" in own.areas) == ("line2" not in setting)


@pytest.mark.parametrize("key", LabelSettings().text_lines)
def test_every_line_is_read(key: str) -> None:
    """Each line of the settings, alone; a line that is added to the settings is one case more."""
    texts: dict[str, Any] = {**dict.fromkeys(LabelSettings().text_lines, ""), key: "1, 2, 3, 4, left, X"}
    own = read_layout(LabelSettings(**{**texts, "qr": "1, 1, 22"}))
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
        ({"qr": "1, 1"}, "qr 应为 auto 或三个毫米数：左,上,边长，边长至少 5，例如 1, 1, 22"),
        ({"qr": "1, 1, 4.9"}, "边长至少 5"),
        ({"qr": "1, 1, x"}, "qr 应为 auto 或三个毫米数"),
        ({"qr": "1, 10, 22"}, "qr 超出标签 50 x 30 毫米，请核对 width_mm、height_mm 和 qr"),
        ({"width_mm": "40", "qr": "1, 1, 22"}, "line1 超出标签 40 x 30 毫米"),
        ({"line1": "{name}"}, "line1 应为：左,上,宽,高（毫米）,left 或 centre 或 right,文字"),
        ({"line2": "1, 2, 3, 4, middle, {name}"}, "line2 应为：左,上"),
        ({"line2": "1, 2, 3, -4, left, {name}"}, "line2 应为：左,上"),
        ({"line3": "1, 2, 3, 4, left, {id_no}"}, "line3 中 {id_no} 不是可用的内容，可用 {name}、{card_no}、{hospital}"),
        ({"line4": "30, 2, 30, 4, left, {name}"}, "line4 超出标签 50 x 30 毫米"),
        ({"line4": "1, 26.1, 30, 4, left, {name}"}, "line4 超出标签"),
    ],
)
def test_what_cannot_be_used(settings: dict[str, str], message: str) -> None:
    with pytest.raises(UnusableSetting) as refusal:
        layout(**settings)
    assert message in str(refusal.value)


def test_edges_count_as_inside() -> None:
    assert layout(qr="28, 8, 22", line1="0, 0, 50, 30, left, X", line2="").qr == Area(28, 8, 22, 22)


def test_no_pillow() -> None:
    """A layout is read when the DLL starts; Pillow is imported for the first label."""
    code = (
        "import sys; from shim.devices.label.layout import read_layout; from shim.devices.label.settings import "
        "LabelSettings; read_layout(LabelSettings()); print('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
