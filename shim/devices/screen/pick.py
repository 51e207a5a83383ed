"""From the settings of [screen] to the extension screen: the back ends as rows, and the choice among them.

Imports no back end before one is chosen; nothing is drawn or started before Set_QRflow_Mode(1). Used by wiring and by
`vcshim screen`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shim.bilingual import NOTHING, Bilingual
from shim.call_activity import CallActivity
from shim.devices.backends import BackEnd
from shim.devices.base import Device, UnusableSetting
from shim.devices.screen.absent import AbsentScreen
from shim.devices.screen.base import Display, Screen
from shim.devices.screen.driver import DrivenScreen
from shim.devices.screen.settings import ScreenSettings
from shim.devices.screen.state import Durations, ScreenState
from shim.messages import screen as rows
from shim.spec.rows import Step

if TYPE_CHECKING:
    from shim.devices.screen.protocols import QrProtocol

SCREEN = Device("扩展屏", "screen", "extension screen")
NO_SCREEN = "none"

# What the window imports, in steps of some milliseconds each (python -X importtime), so that a call never waits long.
WINDOW_MODULES = (
    "subprocess", "ctypes", "shim.devices.screen.messages", "shim.devices.screen.window", "PIL.ExifTags",
    "PIL.TiffTags", "PIL._imaging", "PIL.Image", "PIL._imagingft", "PIL.ImageFont", "PIL.ImageDraw", "gzip",
    "xml.sax.saxutils", "segno", "base64", "shim.drawing.line_breaking",
    "shim.devices.screen.lettering", "shim.devices.screen.frames", "shim.devices.screen.painter",
    "shim.devices.screen.window_display",
)  # fmt: skip
_START_DELAY = 0.3  # seconds before the first import: after mode 1 a program usually makes its next call at once
_IDLE_SECONDS = 3.0  # how long all imports together wait for calls to end

_CONSENT = frozenset({Step.ASKS, Step.DECIDES})
# The steps that each word of [screen] after_registration lets through.
_STEPS: Mapping[str, frozenset[Step]] = {
    "code": _CONSENT | {Step.REGISTERS, Step.FOLLOWS},
    "follow": _CONSENT | {Step.FOLLOWS},
    "none": _CONSENT,
}

OpenDisplay = Callable[[], Display]
MakeScreen = Callable[[ScreenSettings, logging.Logger, Path, CallActivity], OpenDisplay]


def pick_screen(settings: ScreenSettings, logger: logging.Logger, folder: Path, activity: CallActivity) -> Screen:
    """The extension screen that [screen] names.

    Args:
        folder: where vcshim.ini is.
        activity: the calls of the host, which go first.

    Returns:
        An AbsentScreen with advice if the settings cannot be used; the start never fails for them.
    """
    if settings.type == NO_SCREEN:
        return AbsentScreen()
    make = next(row.make for row in BACK_ENDS if row.word == settings.type)
    try:
        open_display = make(settings, logger, folder, activity)
    except UnusableSetting as error:
        return AbsentScreen(rows.UNUSABLE, problem=error.problem)
    state = ScreenState(pick_durations(settings), _STEPS[settings.after_registration])
    return DrivenScreen(state, open_display, activity, logger)


def screen_problem(settings: ScreenSettings, logger: logging.Logger, folder: Path) -> Bilingual:
    """What must be corrected in [screen], as `UnusableSetting` says it; "" if there is nothing, or no screen."""
    try:
        if settings.type != NO_SCREEN:
            row = next(row for row in BACK_ENDS if row.word == settings.type)
            row.make(settings, logger, folder, CallActivity())
    except UnusableSetting as error:
        return error.problem
    return NOTHING


def pick_durations(settings: ScreenSettings) -> Durations:
    """How long each phase lasts."""
    return Durations(
        settings.valid_seconds, settings.success_seconds, settings.expired_seconds, settings.new_code_seconds
    )  # fmt: skip


def pick_protocol(settings: ScreenSettings) -> QrProtocol:
    """The protocol that [screen] names.

    Raises:
        ValueError: prefix, suffix or hide of the site's own is not hexadecimal.
    """
    from shim.devices.screen.protocols import CUSTOM_PROTOCOL, PROTOCOL_BY_NAME, custom_protocol

    if settings.protocol == CUSTOM_PROTOCOL:
        return custom_protocol(settings.prefix, settings.suffix, settings.hide)
    return PROTOCOL_BY_NAME[settings.protocol]


def type_words() -> tuple[str, ...]:
    """The words of [screen] type."""
    return (*(row.word for row in BACK_ENDS), NO_SCREEN)


def type_help() -> str:
    """What each word means, for the help text of [screen] type."""
    return "、".join([*(f"{row.word} {row.title}" for row in BACK_ENDS), f"{NO_SCREEN} 没有"])


def _make_window(settings: ScreenSettings, logger: logging.Logger, folder: Path, activity: CallActivity) -> OpenDisplay:
    def open_display() -> Display:
        time.sleep(_START_DELAY)
        activity.import_when_idle(WINDOW_MODULES, _IDLE_SECONDS)
        activity.wait_idle(_IDLE_SECONDS)
        from shim.devices.screen.window_display import open_window_display

        return open_window_display(settings, logger, folder)

    return open_display


def _make_serial(settings: ScreenSettings, logger: logging.Logger, folder: Path, activity: CallActivity) -> OpenDisplay:
    from shim.devices.lines.pick import serial_line, spied
    from shim.devices.screen.serial_display import SerialDisplay

    line = serial_line(SCREEN, settings.port, settings.baud, settings.bits)
    try:
        protocol = pick_protocol(settings)
    except ValueError:
        raise UnusableSetting(
            "prefix、suffix、hide 应为十六进制，可含 LEN、LEN2、LEN2LE，例如 5A A5 LEN 82 50 00",
            "prefix, suffix and hide should be hexadecimal, with LEN, LEN2 or LEN2LE, such as 5A A5 LEN 82 50 00",
        ) from None
    watched = spied(line, logger, spy=settings.spy, mask_sent=True)
    return lambda: SerialDisplay(watched, protocol, logger)


BACK_ENDS: tuple[BackEnd[MakeScreen], ...] = (
    BackEnd(
        "window",
        "显示器上的窗口（没有第二个显示器时不显示，绝不遮挡唯一的屏幕）",
        _make_window,
        systems=("win32", "linux"),
        libraries=("PIL", "segno"),
    ),
    BackEnd("serial", "串口扩展屏，只显示二维码", _make_serial, libraries=("serial",)),
)
