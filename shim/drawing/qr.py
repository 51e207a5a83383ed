"""QR codes as dots: every module a whole number of them, four modules of white around.

Level M at least, and a higher one where it costs no room: scratched labels and glossy screens. L1, pure.
"""

from __future__ import annotations

from functools import lru_cache

import segno
from PIL import Image

BORDER = 4  # the quiet zone of ISO/IEC 18004, in modules


@lru_cache(8)
def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False, boost_error=True)


def qr_modules(text: str) -> int:
    """Modules along a side, without the quiet zone. ValueError for a text that no QR code holds (about 2,300 bytes)."""
    return len(_code(text).matrix)


def qr_image(text: str, dots: int, border: int = BORDER) -> Image.Image:
    """Black on white, mode "1", `dots` a module, the quiet zone included. ValueError as for qr_modules."""
    matrix = _code(text).matrix
    side = len(matrix)
    small = Image.new("L", (side + 2 * border, side + 2 * border), 255)
    inner = Image.frombytes("L", (side, side), b"".join(bytes(0 if bit else 255 for bit in row) for row in matrix))
    small.paste(inner, (border, border))
    return small.resize((small.width * dots, small.height * dots), Image.Resampling.NEAREST).convert("1")


def qr_fitting(text: str, room: int, border: int = BORDER) -> Image.Image | None:
    """The largest that fits into `room` x `room` dots; None where not even one dot a module does."""
    dots = room // (qr_modules(text) + 2 * border)
    return qr_image(text, dots, border) if dots else None
