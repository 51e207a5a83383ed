"""Contact sheets of the extension screen: ``python -m tests.support.screenshots_sizes FOLDER``. Not a test.

Every phase at six sizes, drawn by the painter of the settings: a row a size, a column a phase. One sheet with fonts,
and one of a PC without a Chinese one.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from shim.configuration import parse
from shim.devices.screen.base import ScreenContent, ScreenPhase
from shim.devices.screen.frames import FrameColours, Painter
from shim.devices.screen.pages import pages
from shim.drawing.fonts import FontChain, FontFile, bold_files
from tests.support.label_printers import NOTO

SIZES = [(800, 480), (1024, 600), (1280, 800), (1366, 768), (1920, 1080), (1080, 1920)]
_URL = "https://example.invalid/auth/0123456789abcdef"
_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
CONTENTS = [
    ScreenContent(ScreenPhase.WAITING, _URL, 42, 60),
    ScreenContent(ScreenPhase.REFUSED, _URL, 31, 60),
    ScreenContent(ScreenPhase.SUCCEEDED),
    ScreenContent(ScreenPhase.EXPIRED),
    ScreenContent(ScreenPhase.REGISTERED, _CODE, 60, 60),
    ScreenContent(ScreenPhase.EXPIRING, _CODE, 9, 60),
    ScreenContent(ScreenPhase.FOLLOW, _URL, 55, 60),
]
_LATIN = FontFile(Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
_WIDTH, _TALL_HEIGHT, _GAP = 260, 260, 8  # pixels of the sheet
_COLOURS = 48


def painter(files: Sequence[FontFile], heading: str) -> Painter:
    """The default colours with these fonts."""
    settings = parse("").screen
    colours = FrameColours(
        settings.background_colour, settings.text_colour, settings.bar_colour, settings.bar_text_colour
    )  # fmt: skip
    return Painter(FontChain(files), heading, colours, bold=FontChain(bold_files(files)))


def sheet(drawing: Painter) -> Image.Image:
    """All sizes and phases."""
    page_of = pages(parse("").screen)
    rows = []
    for size in SIZES:
        scale = min(_WIDTH / size[0], _TALL_HEIGHT / size[1])
        small = (round(size[0] * scale), round(size[1] * scale))
        rows.append([
            drawing.frame(size, page_of(content)).resize(small, Image.Resampling.LANCZOS) for content in CONTENTS
        ])  # fmt: skip
    height = sum(row[0].height + _GAP for row in rows) + _GAP
    picture = Image.new("RGB", ((_WIDTH + _GAP) * len(CONTENTS) + _GAP, height), "#808080")
    top = _GAP
    for row in rows:
        for column, frame in enumerate(row):
            picture.paste(frame, (_GAP + column * (_WIDTH + _GAP) + (_WIDTH - frame.width) // 2, top))
        top += row[0].height + _GAP
    return picture


def main(folder: Path) -> None:
    """Both sheets into `folder`."""
    logging.disable()
    path, _, face = NOTO.partition("#")
    noto = FontFile(Path(path), int(face or 0))
    sheets = {
        "screen-sizes": painter([noto], "第一医院 · 三号窗口"),
        "screen-sizes-no-font": painter([_LATIN], "第一医院 · 三号窗口"),
    }
    for name, drawing in sheets.items():
        file = folder / f"{name}.png"
        picture = sheet(drawing).quantize(_COLOURS, dither=Image.Dither.NONE)
        picture.save(file, optimize=True)
        print(f"{file.name}: {picture.width} x {picture.height}, {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
