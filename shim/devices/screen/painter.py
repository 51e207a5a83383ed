"""From [screen] to the `Painter` of its frames: fonts, colours and logo of the site. Logs what cannot be used.

Importing this module imports Pillow and segno, which takes up to a second: only for the thread of the screen and for
`vcshim screen --png`.
"""

from __future__ import annotations

import logging
from pathlib import Path

from PIL import Image

from shim.devices.screen.frames import FrameColours, Painter
from shim.devices.screen.pages import all_texts
from shim.devices.screen.pictures import UnusablePicture, read_logo
from shim.devices.screen.settings import ScreenSettings
from shim.drawing.fonts import MOST_NAMED, FontChain, bold_files, font_files
from shim.log import event
from shim.messages import screen as rows


def make_painter(settings: ScreenSettings, logger: logging.Logger) -> Painter:
    """A painter with the fonts, colours and logo of `settings`."""
    files = font_files(settings.fonts)
    fonts = FontChain(files)
    _report_fonts(fonts, settings, logger)
    colours = FrameColours(
        settings.background_colour, settings.text_colour, settings.bar_colour, settings.bar_text_colour
    )  # fmt: skip
    bold = FontChain(bold_files(files))
    return Painter(fonts, settings.heading, colours, bold=bold, logo=_logo(settings, logger))


def _report_fonts(fonts: FontChain, settings: ScreenSettings, logger: logging.Logger) -> None:
    texts = all_texts(settings)
    problem = fonts.problem(texts, "screen")
    if problem is None:
        return
    facts = {"what": problem.what, "advice": problem.advice}
    if not fonts.has_chinese:
        event(logger, logging.WARNING, rows.NO_CHINESE_FONT.told(**facts))
        return
    missing = fonts.missing(texts)
    characters = " ".join(f"U+{ord(character):04X}" for character in missing[:MOST_NAMED])
    text = rows.CHARACTERS_MISSING.told(**facts)
    event(logger, logging.WARNING, text, characters=characters, count=len(missing))


def _logo(settings: ScreenSettings, logger: logging.Logger) -> Image.Image | None:
    if not settings.logo:
        return None
    path = Path(settings.logo)
    try:
        return read_logo(path)
    except UnusablePicture as error:
        event(logger, logging.WARNING, rows.LOGO.told(file=path.name, cause=error.cause))
        return None
