"""From [screen] to the `Painter` of its frames: fonts and colours of the site. Logs what the fonts lack.

Importing this module imports Pillow and segno, which takes up to a second: only for the thread of the screen and for
`vcshim screen --png`.
"""

from __future__ import annotations

import logging

from shim.devices.screen.frames import FrameColours, Painter
from shim.devices.screen.pages import all_texts
from shim.devices.screen.settings import ScreenSettings
from shim.drawing.fonts import FontChain, font_files
from shim.log import event

_MOST_NAMED = 8  # missing characters in one log line


def make_painter(settings: ScreenSettings, logger: logging.Logger) -> Painter:
    """A painter with the fonts and colours of `settings`."""
    fonts = FontChain(font_files(settings.fonts))
    if not fonts.files:
        event(logger, logging.WARNING, "本机没有可用的中文字体，扩展屏只有二维码没有文字；请设置 [screen] fonts")
    missing = fonts.missing(all_texts(settings))
    if fonts.files and missing:
        characters = " ".join(f"U+{ord(character):04X}" for character in missing[:_MOST_NAMED])
        text = "扩展屏的字体缺少下列字符，不会显示；请在 vcshim.ini 的 [screen] fonts 指定中文字体文件"
        event(logger, logging.WARNING, text, characters=characters, count=len(missing))
    colours = FrameColours(
        settings.background_colour, settings.text_colour, settings.bar_colour, settings.bar_text_colour
    )  # fmt: skip
    return Painter(fonts, settings.heading, colours)
