"""`vcshim screen`: try the extension screen from a terminal, every phase in turn, or write one page into a file.

Reads the [screen] section of the vcshim.ini in --folder. What is shown is made up; no platform is asked.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from shim.call_activity import CallActivity
from shim.commands import device_words, live
from shim.commands.catalogue import common
from shim.commands.catalogue import screen as phrases
from shim.commands.console import say
from shim.commands.files import file_problem
from shim.commands.folder import add_folder_word, read_settings
from shim.commands.machine import tell, tell_failure
from shim.commands.words import seconds
from shim.devices.base import DeviceUnavailable
from shim.devices.screen.base import Screen, ScreenContent, ScreenPhase
from shim.devices.screen.driver import DrivenScreen
from shim.devices.screen.pages import pages
from shim.devices.screen.pick import NO_SCREEN, pick_screen
from shim.devices.screen.settings import ScreenSettings
from shim.spec.rows import Step

_URL = "https://example.invalid/auth/0123456789abcdef"
_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
_SAMPLES = {
    ScreenPhase.WAITING: ScreenContent(ScreenPhase.WAITING, _URL, 42, 60),
    ScreenPhase.SUCCEEDED: ScreenContent(ScreenPhase.SUCCEEDED),
    ScreenPhase.REFUSED: ScreenContent(ScreenPhase.REFUSED, _URL, 31, 60),
    ScreenPhase.EXPIRED: ScreenContent(ScreenPhase.EXPIRED),
    ScreenPhase.REGISTERED: ScreenContent(ScreenPhase.REGISTERED, _CODE, 60, 60),
    ScreenPhase.EXPIRING: ScreenContent(ScreenPhase.EXPIRING, _CODE, 30, 60),
    ScreenPhase.FOLLOW: ScreenContent(ScreenPhase.FOLLOW, _URL, 60, 60),
}
# What the service would tell the screen, one step after the other.
_TOUR = (
    (phrases.WAITING, Step.ASKS, _URL, ""),
    (phrases.REFUSED, Step.DECIDES, "fail", ""),
    (phrases.SUCCEEDED, Step.DECIDES, "succ", ""),
    (phrases.REGISTERED, Step.REGISTERS, _CODE, ""),
    (phrases.REGISTERED_EXPIRING, Step.REGISTERS, _CODE, "60"),
    (phrases.FOLLOW, Step.FOLLOWS, _URL, ""),
)
_NUMBER = "1"  # the out_authorize_no of the tour
_SHOW_SECONDS = 40.0  # until a picture is shown; the program of the window may take 30 to start
_POLL_SECONDS = 0.05


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)
    parser.add_argument("--seconds", type=seconds(3600), default=4, help=phrases.SECONDS())
    parser.add_argument("--png", type=Path, help=phrases.PNG())
    parser.add_argument(
        "--state",
        choices=[phase.value for phase in _SAMPLES],
        default=ScreenPhase.WAITING.value,
        help=phrases.STATE(),
    )
    parser.add_argument("--size", type=_size, default=(1024, 600), help=phrases.SIZE())


def run(options: argparse.Namespace) -> int:
    """Run the command.

    Returns:
        0; 1 if the settings name no screen that can be used, the file cannot be written, or a picture of the tour was
        not shown.
    """
    settings = read_settings(options.folder).screen
    if options.png is not None:
        return _write_picture(settings, options)
    try:
        if settings.type == NO_SCREEN:
            raise device_words.NotSetUp(phrases.NOT_SET_UP())
        problem = _tour(pick_screen(settings, live.logger("screen"), options.folder, CallActivity()), options.seconds)
    except device_words.NotSetUp as error:
        tell_failure(error)
        say(common.FAILED(reason=error))
        return 1
    except DeviceUnavailable as error:
        tell_failure(error)
        problem = error.told
    except KeyboardInterrupt:
        say(common.CANCELLED())
        raise
    if problem:
        say(common.FAILED(reason=problem))
    return 1 if problem else 0


def _write_picture(settings: ScreenSettings, options: argparse.Namespace) -> int:
    from shim.devices.screen.frames import CodeNotDrawn
    from shim.devices.screen.painter import make_painter

    painter = make_painter(settings, live.logger("screen"))
    page = pages(settings)(_SAMPLES[ScreenPhase(options.state)])
    try:
        painter.frame(options.size, page).save(options.png, "PNG")
    except CodeNotDrawn as error:
        tell_failure(error)
        say(device_words.failure(error.row.told(**error.facts)))
        return 1
    except (OSError, ValueError) as error:
        say(common.FAILED(reason=file_problem(options.png, error, writing=True)))
        return 1
    tell(file=options.png, width=options.size[0], height=options.size[1])
    say(phrases.SAVED(file=options.png))
    return 0


def _tour(screen: Screen, pause: float) -> str:
    """Show every picture for `pause` seconds; why one was not shown, else an empty text."""
    screen.set_visible(True)
    shown: list[str] = []
    for title, step, text, time_expire in _TOUR:
        screen.tell(step, _NUMBER, text, time_expire)
        problem = _not_shown(screen)
        if problem:
            return problem
        shown.append(step.name.lower())
        tell(shown=shown)
        say(phrases.SHOWN(page=title()))
        time.sleep(pause)
    screen.set_visible(False)
    problem = _not_shown(screen)
    if not problem:
        say(phrases.HIDDEN())
        time.sleep(min(1.0, pause))
    return problem


def _not_shown(screen: Screen) -> str:
    """Wait until the display shows what it was told to; why it does not, else an empty text."""
    end = time.monotonic() + _SHOW_SECONDS
    while isinstance(screen, DrivenScreen):
        if screen.problem is not None:
            return screen.problem
        if time.monotonic() > end:
            return phrases.NOT_SHOWN(seconds=f"{_SHOW_SECONDS:.0f}")
        time.sleep(_POLL_SECONDS)
    return ""


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= 10000 and 0 < int(height) <= 10000):
        raise argparse.ArgumentTypeError(phrases.BAD_SIZE(word=text[:40]))
    return int(width), int(height)
