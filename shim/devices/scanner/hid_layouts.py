"""Where the reports of a HID-POS scanner keep what: one row a vendor, with the evidence of the row. Pure.

A layout is written as text, in a row as in [scanner] hid_layout: the columns of `HidLayout` in their order, separated
by commas. What it is not: anything that reads or writes a device, which is hid_pos.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

REPORT_BYTES = 64


def _offset(text: str) -> int:
    number = int(text)
    if not 0 <= number < REPORT_BYTES:
        raise ValueError(text)
    return number


def _prefix(text: str) -> tuple[int | None, ...]:
    """Bytes in hexadecimal, separated by blanks; LEN stands for the length of the command."""
    return tuple(None if part.upper() == "LEN" else _byte(part) for part in text.split())


def _byte(text: str) -> int:
    (byte,) = bytes.fromhex(text)
    return byte


def _column(title: str, read: Callable[[str], object], default: str | None = None) -> Any:
    """A column: its title in Chinese, its reader, and its text where it is left out; None if it may not be."""
    metadata = {"title": title, "read": read}
    return field(metadata=metadata) if default is None else field(metadata=metadata, default=read(default))


@dataclass(frozen=True, slots=True)
class HidLayout:
    """The input report `report`, with the offsets of what it holds, and what is sent.

    Attributes:
        length_at: where the number of data bytes stands.
        first, last: where the data stand, both included.
        more_at: the byte whose bit 0 says that more of the code follows in the next report.
        command: what stands before a serial command in an output report; None for its length.
        enter: a feature report that makes the scanner obey; empty for none.
    """

    report: int = _column("报告号", _offset)
    length_at: int = _column("长度位置", _offset)
    first: int = _column("数据起", _offset)
    last: int = _column("数据止", _offset)
    more_at: int = _column("续报位置", _offset)
    command: tuple[int | None, ...] = _column("指令前缀", _prefix, "04 LEN")
    enter: bytes = _column("启用报告", bytes.fromhex, "")

    def data(self, report: Sequence[int]) -> bytes | None:
        """The data of one input report, ended by CR where no more follows; None for another kind of report."""
        if len(report) <= max(self.more_at, self.last) or report[0] != self.report:
            return None
        length = min(report[self.length_at], self.last - self.first + 1)
        data = bytes(report[self.first : self.first + length])
        return data if report[self.more_at] & 1 else data + b"\r"

    def output(self, command: bytes) -> bytes:
        """The output report that carries a serial command."""
        head = bytes(len(command) if byte is None else byte for byte in self.command)
        return (head + command).ljust(REPORT_BYTES, b"\0")


_COLUMNS = fields(HidLayout)
_REQUIRED = tuple(each for each in _COLUMNS if each.default is MISSING)


@dataclass(frozen=True, slots=True)
class HidLayoutRow:
    """The layout of one vendor's scanners; `vendor` is the USB vendor id, `layout` is read by `parse_layout`."""

    make: str
    vendor: int
    layout: str
    evidence: str


# The first row also serves vendors that have none.
LAYOUTS: tuple[HidLayoutRow, ...] = (
    HidLayoutRow(
        "newland", 0x1EAB, "2,1,2,57,63,04 LEN",
        "Newland FM420 manual, HID-POS, p.47; output: Newland wiki 435",
    ),
    HidLayoutRow(
        "honeywell", 0x0C2E, "2,1,5,60,63,FD LEN,FE 01",
        "public code (HenkVanAsselt/python_hon_usbhid): bytes 2 to 4 are the AIM identifier, 61 the symbology",
    ),
)  # fmt: skip


def parse_layout(text: str) -> HidLayout:
    """The layout that `text` describes.

    Raises:
        ValueError: it lacks a column, has one too many, or one that cannot be read.
    """
    parts = text.split(",")
    if not len(_REQUIRED) <= len(parts) <= len(_COLUMNS):
        raise ValueError(text)
    layout = HidLayout(*(each.metadata["read"](part) for each, part in zip(_COLUMNS, parts, strict=False)))
    if layout.first > layout.last:
        raise ValueError(text)
    return layout


def layout_of(vendor: int) -> HidLayout:
    """The layout of the scanners of a USB vendor."""
    return parse_layout(next((row for row in LAYOUTS if row.vendor == vendor), LAYOUTS[0]).layout)


def layout_help() -> str:
    """The columns of a layout, for a help text."""
    required, optional = (
        ",".join(each.metadata["title"] for each in columns) for columns in (_REQUIRED, _COLUMNS[len(_REQUIRED) :])
    )
    return f"{required}（其后可加 {optional}：十六进制，LEN 为指令长度）"
