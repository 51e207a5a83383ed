"""From [screen] to the `Painter` of its frames: fonts and colours of the site. Logs what the fonts lack.

Importing this module imports Pillow and segno, which takes up to a second: only for the thread of the screen and for
`vcshim screen --png`.
"""

from __future__ import annotations

import logging

from shim.devices.screen.frames import FrameColours, Painter
from shim.devices.screen.pages import all_texts
from shim.devices.screen.settings import ScreenSettings
from shim.drawing.fonts import MOST_NAMED, FontChain, font_files
from shim.log import event


def make_painter(settings: ScreenSettings, logger: logging.Logger) -> Painter:
    """A painter with the fonts and colours of `settings`."""
    fonts = FontChain(font_files(settings.fonts))
    texts = all_texts(settings)
    missing, problem = fonts.missing(texts), fonts.problem(texts, "screen")
    if problem is not None and fonts.has_chinese:
        characters = " ".join(f"U+{ord(character):04X}" for character in missing[:MOST_NAMED])
        text = f"{problem.what}，扩展屏会缺字；{problem.advice}"
        event(logger, logging.WARNING, text, characters=characters, count=len(missing))
    elif problem is not None:
        event(logger, logging.WARNING, f"{problem.what}，扩展屏只有二维码，没有汉字；{problem.advice}")
    colours = FrameColours(
        settings.background_colour, settings.text_colour, settings.bar_colour, settings.bar_text_colour
    )  # fmt: skip
    return Painter(fonts, settings.heading, colours)
