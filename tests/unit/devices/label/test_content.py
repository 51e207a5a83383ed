"""The texts of a label: placeholders are filled once, on one line."""

from __future__ import annotations

import pytest

from shim.devices.label.content import LabelContent


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("{name}", "张三", "张三"),
        ("卡号 {card_no}，{name}", "张三", "卡号 D2，张三"),
        ("{name}", "{card_no}", "{card_no}"),  # a name that looks like a placeholder is a name
        ("{name}", "张\r\n三", "张 三"),  # a line break in a value does not break the line
        ("姓名", "张三", "姓名"),
        ("{name}", "", ""),
    ],
)
def test_placeholders(text: str, name: str, expected: str) -> None:
    assert LabelContent(ehealth_code="CODE", card_no="D2", name=name).fill(text) == expected
