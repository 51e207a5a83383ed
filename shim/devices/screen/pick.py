"""From the settings of [screen] to the extension screen: a table of back ends, the rules, the looks.

Nothing of it draws or starts anything until Set_QRflow_Mode(1). L4, used by wiring and by `vcshim screen`.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shim.call_activity import CallActivity
from shim.devices.base import Device, UnusableSetting
from shim.devices.lines.pick import serial_line, spied
from shim.devices.screen import protocols as qr_protocols
from shim.devices.screen.absent import AbsentScreen
from shim.devices.screen.base import Display, Screen, Shown, State
from shim.devices.screen.driver import DrivenScreen
from shim.devices.screen.protocols import QrProtocol
from shim.devices.screen.serial_display import SerialDisplay
from shim.devices.screen.settings import ScreenSettings
from shim.devices.screen.state import Board, Times
from shim.log import event
from shim.settings.ini import FILE_NAME
from shim.spec.rows import Step

if TYPE_CHECKING:
    from shim.devices.screen.frames import Page, Painter

COLOURS = ("background", "text", "bar", "bar_text")
# The state, the colour of its title, its sign in the place of a code.
_LOOKS: Mapping[State, tuple[str, str]] = {
    State.WAITING: ("accent", ""),
    State.SUCCEEDED: ("good", "yes"),
    State.REFUSED: ("bad", "no"),
    State.EXPIRED: ("bad", "no"),
    State.REGISTERED: ("accent", ""),
    State.FOLLOW: ("accent", ""),
}
# What draws, in steps of some milliseconds: python -X importtime says how long each takes.
_DRAWING = (
    "subprocess", "ctypes", "shim.devices.screen.messages", "shim.devices.screen.window", "PIL.ExifTags",
    "PIL.TiffTags", "PIL._imaging", "PIL.Image", "PIL._imagingft", "PIL.ImageFont", "PIL.ImageDraw", "gzip",
    "xml.sax.saxutils", "segno", "shim.devices.screen.frames", "shim.devices.screen.window_display",
)  # fmt: skip
_GRACE = 0.3  # seconds before the first step: the call that a program makes next is on its way
_PATIENCE = 3.0  # seconds that all of it waits for calls to end
_CONSENT = frozenset({Step.ASKS, Step.DECIDES})
# What [screen] after_registration lets through.
_AFTER_REGISTRATION: Mapping[str, frozenset[Step]] = {
    "code": _CONSENT | {Step.REGISTERS, Step.FOLLOWS},
    "follow": _CONSENT | {Step.FOLLOWS},
    "none": _CONSENT,
}


DEVICE = Device("扩展屏", "screen")


def pick_screen(settings: ScreenSettings, logger: logging.Logger, folder: Path, activity: CallActivity) -> Screen:
    """The extension screen that [screen] names. `folder` is that of vcshim.ini; `activity` those of the service."""
    kind = settings.type
    if kind == "none":
        return AbsentScreen()
    try:
        open_display = _BACK_ENDS[kind](settings, logger, folder, activity)
    except UnusableSetting as error:
        return AbsentScreen(f"请改正 {FILE_NAME} 的 [screen]：{error}")
    steps = _AFTER_REGISTRATION[settings.after_registration]
    return DrivenScreen(Board(pick_times(settings), steps), open_display, activity, logger)


def pick_times(settings: ScreenSettings) -> Times:
    """How long each picture stands."""
    return Times(
        settings.valid_seconds, settings.success_seconds, settings.expired_seconds, settings.new_code_seconds
    )  # fmt: skip


def pick_protocol(settings: ScreenSettings) -> QrProtocol:
    """The row that [screen] protocol names; ValueError where the site's own has a slip."""
    name = settings.protocol
    if name != qr_protocols.CUSTOM:
        return qr_protocols.BY_NAME[name]
    return qr_protocols.custom(settings.prefix, settings.suffix, settings.hide)


def pick_painter(settings: ScreenSettings, logger: logging.Logger, folder: Path) -> Painter:
    """What draws the pages. Imports Pillow and segno: up to a second."""
    from shim.devices.screen.frames import Painter
    from shim.drawing.fonts import FontChain, font_files

    fonts = FontChain(font_files(settings.fonts, folder))
    if not fonts.files:
        event(logger, logging.WARNING, "本机没有可用的中文字体，扩展屏只有二维码没有文字；请设置 [screen] fonts")
    texts = ["heading", "countdown", *(f"{state.value}_{part}" for state in _LOOKS for part in ("title", "hint"))]
    missing = fonts.missing("".join(getattr(settings, key) for key in texts).replace("|", ""))
    if fonts.files and missing:
        signs = " ".join(f"U+{ord(character):04X}" for character in missing[:8])
        text = "扩展屏的字体缺少下列字符，不会显示；请在 vcshim.ini 的 [screen] fonts 指定中文字体文件"
        event(logger, logging.WARNING, text, characters=signs, count=len(missing))
    colours = {key: _colour(settings, key, logger) for key in COLOURS}
    return Painter(fonts, settings.heading, colours)


def pages(settings: ScreenSettings, logger: logging.Logger) -> Callable[[Shown], Page]:
    """What each state looks like, by the texts and colours of the site."""
    from shim.devices.screen.frames import Look, Page

    looks = {
        state: Look(
            getattr(settings, f"{state.value}_title"),
            getattr(settings, f"{state.value}_hint"),
            _colour(settings, colour, logger),
            sign,
        )
        for state, (colour, sign) in _LOOKS.items()
    }
    countdown = settings.countdown

    def page(shown: Shown) -> Page:
        seconds = "" if shown.seconds is None else countdown.replace("{seconds}", str(shown.seconds))
        return Page(looks[shown.state], shown.code, seconds)

    return page


def open_window(settings: ScreenSettings, logger: logging.Logger, folder: Path) -> Display:
    """The window on the extension monitor, with its helper not yet started."""
    from shim.devices.screen.window import ScreenWindow
    from shim.devices.screen.window_display import WindowDisplay

    window = ScreenWindow([*helper(folder), settings.monitor], logger)
    return WindowDisplay(window, pick_painter(settings, logger, folder), pages(settings, logger))


def helper(folder: Path) -> list[str]:
    """The command of the helper process: the program in the vcshim folder, else (a checkout) this interpreter."""
    program = folder / "vcshim" / ("vcshim.exe" if sys.platform == "win32" else "vcshim")
    if sys.platform == "win32" or program.exists():
        return [str(program), "screen-helper"]
    return [sys.executable, "-m", "shim.devices.screen.helper.main"]


def _colour(settings: ScreenSettings, key: str, logger: logging.Logger) -> str:
    """The colour of [screen] KEY; its default where that is none."""
    from shim.devices.screen.frames import is_colour

    text: str = getattr(settings, f"{key}_colour")
    if is_colour(text):
        return text
    default = settings.option(f"{key}_colour").default
    event(logger, logging.WARNING, f"[screen] {key}_colour 不是颜色（形如 #0B5FA5），已按默认值 {default} 运行")
    return default


# ---- the back ends ----------------------------------------------------------------------------------------------


def _window(
    settings: ScreenSettings, logger: logging.Logger, folder: Path, activity: CallActivity
) -> Callable[[], Display]:
    def opened() -> Display:
        time.sleep(_GRACE)
        activity.import_when_idle(_DRAWING, _PATIENCE)
        activity.wait_idle(_PATIENCE)
        return open_window(settings, logger, folder)

    return opened


def _serial(
    settings: ScreenSettings, logger: logging.Logger, folder: Path, activity: CallActivity
) -> Callable[[], Display]:
    line = serial_line(DEVICE, settings.port, settings.baud, settings.bits)
    try:
        protocol = pick_protocol(settings)
    except ValueError:
        raise UnusableSetting(
            "prefix、suffix、hide 应为十六进制，可含 LEN、LEN2、LEN2LE，例如 5A A5 LEN 82 50 00"
        ) from None
    watched = spied(line, logger, spy=settings.spy, mask_sent=True)
    return lambda: SerialDisplay(watched, protocol, logger)


_BACK_ENDS: Mapping[str, Callable[[ScreenSettings, logging.Logger, Path, CallActivity], Callable[[], Display]]] = {
    "window": _window,
    "serial": _serial,
}
