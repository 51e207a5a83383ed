"""The layouts of HID-POS reports: as text, and what stands where."""

from __future__ import annotations

import pytest

from shim.devices.scanner import hid_layouts
from shim.devices.scanner.hid_layouts import LAYOUTS, HidLayout, layout_of, parse_layout
from shim.devices.scanner.settings import ScannerSettings
from tests.support.scanners import HID_ROWS


@pytest.mark.parametrize("make", [row.make for row in LAYOUTS])
def test_every_layout_has_vectors(make: str) -> None:
    """One code in one report, and one in several."""
    sizes = {len(row["reports"]) for row in HID_ROWS if row["make"] == make}
    assert 1 in sizes and len(sizes) > 1, f"add reports of {make} to tests/vectors/scanners.json"


@pytest.mark.parametrize("row", LAYOUTS, ids=lambda row: row.make)
def test_every_row_can_be_read(row: hid_layouts.HidLayoutRow) -> None:
    assert layout_of(row.vendor) == parse_layout(row.layout)
    assert row.evidence


def test_vendors_are_named_once() -> None:
    assert len({row.vendor for row in LAYOUTS}) == len(LAYOUTS)


def test_a_vendor_without_a_row_has_the_first() -> None:
    assert layout_of(0x1234) == parse_layout(LAYOUTS[0].layout)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2,1,2,57,63", HidLayout(2, 1, 2, 57, 63, (4, None), b"")),
        (" 7, 2, 4, 60, 63, fd len 01", HidLayout(7, 2, 4, 60, 63, (0xFD, None, 1), b"")),
        ("0,1,2,2,3,04,FE 01", HidLayout(0, 1, 2, 2, 3, (4,), b"\xfe\x01")),
    ],
)
def test_texts(text: str, wanted: HidLayout) -> None:
    assert parse_layout(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "", "1,2,3", "2,1,2,57,64", "2,1,57,2,63", "a,b,c,d,e", "2,1,2,57,-1", "2,1,2,57,63,04 LENGTH", "2,1,2,57,63,4",
        "2,1,2,57,63,0404", "2,1,2,57,63,04 LEN,FE0", "2,1,2,57,63,04 LEN,FE,01",
    ],
)  # fmt: skip
def test_texts_that_cannot_be_used(text: str) -> None:
    with pytest.raises(ValueError):
        parse_layout(text)


def test_the_help_names_every_column() -> None:
    text = ScannerSettings.option("hid_layout").help
    for title in ("报告号", "长度位置", "数据起", "数据止", "续报位置", "指令前缀", "启用报告"):
        assert title in text
    assert LAYOUTS[0].layout in text
