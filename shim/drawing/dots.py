"""A black and white picture, packed as label printers expect it, and the exception of those that cannot draw one.

Pure, without Pillow: the encoders of shim/devices/label need none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shim.errors import Message

_INVERTED = bytes.maketrans(bytes(range(256)), bytes(255 - byte for byte in range(256)))


class CannotDraw(Exception):
    """Why something cannot be drawn: a row of shim/messages, and its facts, of a patient code points at most."""

    def __init__(self, row: Message, **facts: Any) -> None:
        self.told = row.told(**facts)
        super().__init__(self.told)
        self.row = row
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Dots:
    """A picture of `width` x `height` dots.

    Attributes:
        rows: from the top, each padded to whole bytes with white; 1 is black, the leftmost dot is the highest bit.
    """

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if len(self.rows) != self.stride * self.height:
            raise ValueError(f"{self.width} x {self.height} dots are {self.stride * self.height} bytes")

    @property
    def stride(self) -> int:
        """Bytes in a row."""
        return (self.width + 7) // 8

    @property
    def inverted(self) -> bytes:
        """`rows` for a language in which 0 is black; the padding stays white."""
        return self.rows.translate(_INVERTED)

    def ink(self) -> tuple[int, int]:
        """The width and height, from the top left corner, that hold everything black; the width in whole bytes."""
        right = bottom = 0
        for y in range(self.height):
            row = self.rows[y * self.stride : (y + 1) * self.stride].rstrip(b"\0")
            if row:
                right, bottom = max(right, len(row)), y + 1
        return min(right * 8, self.width), bottom
