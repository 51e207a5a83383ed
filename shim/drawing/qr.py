"""QR codes as dots: every module a whole number of them, four modules of white around.

Error correction is level M, or a higher one that needs no more modules: labels get scratched, screens reflect. Pure.
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
    """Modules along a side, without the quiet zone.

    Raises:
        ValueError: no QR code holds the text (more than about 2,300 bytes).
    """
    return len(_code(text).matrix)


def qr_image(text: str, dots: int, border: int = BORDER) -> Image.Image:
    """The code in black on white, mode "1", with `dots` dots a module and a quiet zone of `border` modules.

    Raises:
        ValueError: as for `qr_modules`.
    """
    matrix = _code(text).matrix
    modules = len(matrix)
    small = Image.new("L", (modules + 2 * border, modules + 2 * border), 255)
    greys = b"".join(bytes(0 if bit else 255 for bit in row) for row in matrix)
    inner = Image.frombytes("L", (modules, modules), greys)
    small.paste(inner, (border, border))
    return small.resize((small.width * dots, small.height * dots), Image.Resampling.NEAREST).convert("1")


def qr_fitting(text: str, side: int, border: int = BORDER) -> Image.Image | None:
    """The largest code that fits into `side` x `side` dots; None if one dot a module is too large.

    Raises:
        ValueError: as for `qr_modules`.
    """
    dots = side // (qr_modules(text) + 2 * border)
    return qr_image(text, dots, border) if dots else None
