"""A picture in black and white, packed the way label printers take it, and why there may be none.

Knows no Pillow, so that encoders need none.

L1, pure: made by label.py, read by shim/devices/labels.
"""

from __future__ import annotations

from dataclasses import dataclass

_TURNED = bytes.maketrans(bytes(range(256)), bytes(255 - byte for byte in range(256)))


class CannotDraw(Exception):
    """Why something cannot be drawn, in Chinese with advice; free of the patient's data but for code points."""


@dataclass(frozen=True, slots=True)
class Dots:
    """`rows` from the top, each filled up to whole bytes with white; 1 is black, the leftmost dot the highest bit."""

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if len(self.rows) != self.stride * self.height:
            raise ValueError(f"{self.width} x {self.height} dots are {self.stride * self.height} bytes")

    @property
    def stride(self) -> int:
        """Bytes a row."""
        return (self.width + 7) // 8

    @property
    def inverted(self) -> bytes:
        """`rows` for a language in which 0 is black; what fills a row up stays white."""
        return self.rows.translate(_TURNED)

    def ink(self) -> tuple[int, int]:
        """The width and height, from the left top corner, that hold everything black; to the byte across."""
        right = bottom = 0
        for y in range(self.height):
            row = self.rows[y * self.stride : (y + 1) * self.stride].rstrip(b"\0")
            if row:
                right, bottom = max(right, len(row)), y + 1
        return min(right * 8, self.width), bottom
