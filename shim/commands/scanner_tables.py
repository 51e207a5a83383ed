"""The tables of docs/scanner.md and docs/design/scanner.md, from the rows of the scanner. Not a command.

Each function gives the heads and the rows of one table; tables.py writes them.
"""

from __future__ import annotations

from collections.abc import Sequence

from shim.devices.scanner import hid_layouts
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.pick import BACK_ENDS
from shim.devices.scanner.triggers import CUSTOM_MAKE, TRIGGERS
from shim.messages.lines import ROWS, LineKind

Table = tuple[Sequence[str], list[Sequence[str]]]


def types() -> Table:
    """The ways to connect a scanner."""
    return ("type", "接法"), [(f"`{row.word}`", row.title) for row in BACK_ENDS]


def makes() -> Table:
    """The makes with the commands that they obey."""
    rows: list[Sequence[str]] = [
        (
            f"`{row.make}`",
            row.title,
            _code(", ".join(filter(None, (row.wake, row.start)))),
            _code(row.stop),
            "需先 `vcshim scan --setup`" if row.setup else "",
        )
        for row in TRIGGERS
    ]
    rows.append((f"`{CUSTOM_MAKE}`", "用 start、stop 等项自定", "", "", ""))
    return ("make", "扫码枪", "触发指令", "停止指令", "说明"), rows


def layouts() -> Table:
    """The layouts of HID-POS reports."""
    rows: list[Sequence[str]] = [
        (f"`{row.make}`", f"`{row.vendor:04X}`", _code(row.layout)) for row in hid_layouts.LAYOUTS
    ]
    return ("厂商", "VID", "hid_layout"), rows


def refusals() -> Table:
    """What is said when a scanner's line cannot be opened."""
    kinds = {LineKind.SERIAL: "串口", LineKind.TCP: "网络"}
    rows: list[Sequence[str]] = [
        (
            kinds[kind],
            *(text.format(**{**row.usual, "error": "…"}) for text in (f"{row.clerk}。{row.then}。", row.engineer)),
        )
        for (section, kind, _), row in ROWS.items()
        if section == SCANNER.section
    ]
    return ("接法", "医院程序得到的", "日志"), rows


def evidence() -> Table:
    """Where the bytes of every row come from."""
    rows: list[Sequence[str]] = [(f"`make = {row.make}`", row.evidence) for row in TRIGGERS]
    rows += [(f"HID-POS layout of {row.make}", row.evidence) for row in hid_layouts.LAYOUTS]
    return ("row", "evidence"), rows


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
