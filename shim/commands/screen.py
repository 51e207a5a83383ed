"""`vcshim screen`: try the extension screen from a terminal: every picture in turn, or one as a file.

Reads the [screen] section of the vcshim.ini in --folder. What is shown is made up; nothing is asked of a platform.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from shim import configuration
from shim.call_activity import CallActivity
from shim.commands import live
from shim.devices.base import DeviceUnavailable
from shim.devices.screen.base import Screen, Shown, State
from shim.devices.screen.pick import pages, pick_painter, pick_screen
from shim.spec.rows import Step

HELP = "try the extension screen, or draw one of its pictures into a file"
_URL = "https://example.invalid/auth/0123456789abcdef"
_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
_SAMPLES = {
    State.WAITING: Shown(State.WAITING, _URL, 60),
    State.SUCCEEDED: Shown(State.SUCCEEDED),
    State.REFUSED: Shown(State.REFUSED, _URL, 31),
    State.EXPIRED: Shown(State.EXPIRED),
    State.REGISTERED: Shown(State.REGISTERED, _CODE, 60),
    State.FOLLOW: Shown(State.FOLLOW, _URL, 60),
}
# What the screen is told one after the other, as the service would.
_TOUR = (
    ("等待授权", Step.ASKS, _URL),
    ("授权失败，画面保留", Step.DECIDES, "fail"),
    ("授权成功", Step.DECIDES, "succ"),
    ("登记成功后的新码", Step.REGISTERS, _CODE),
    ("公众号关注码", Step.FOLLOWS, _URL),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("--folder", type=Path, default=Path(), help="where vcshim.ini lies (default: here)")
    parser.add_argument("--seconds", type=float, default=4, help="how long each picture stands (default: 4)")
    parser.add_argument("--png", type=Path, help="write a picture there instead of showing any")
    parser.add_argument(
        "--state", choices=[state.value for state in _SAMPLES], default="waiting", help="which picture --png writes"
    )
    parser.add_argument("--size", type=_size, default=(1024, 600), help="its size in dots (default: 1024x600)")


def run(options: argparse.Namespace) -> int:
    """0: done; 1: the settings name no screen that can be used, or the file cannot be written."""
    read = configuration.read(options.folder)
    for problem in read.problems:
        print(problem)
    settings = read.screen
    logger = live.logger("screen")
    if options.png is not None:
        painter = pick_painter(settings, logger, options.folder)
        page = pages(settings, logger)(_SAMPLES[State(options.state)])
        try:
            painter.frame(options.size, page).save(options.png, "PNG")
        except OSError as error:
            print(f"不能写 {options.png}：{error.strerror or error}")
            return 1
        print(f"已写入 {options.png}")
        return 0
    try:
        _tour(pick_screen(settings, logger, options.folder, CallActivity()), options.seconds)
    except DeviceUnavailable as error:
        print(f"失败：{error.message}")
        return 1
    except KeyboardInterrupt:
        print("已中止")
        return 1
    return 0


def _tour(screen: Screen, seconds: float) -> None:
    screen.set_visible(True)
    for title, step, text in _TOUR:
        print(f"显示：{title}", flush=True)
        screen.tell(step, "1", text)
        time.sleep(seconds)
    screen.set_visible(False)
    print("收起", flush=True)
    time.sleep(min(1.0, seconds))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= 10000 and 0 < int(height) <= 10000):
        raise argparse.ArgumentTypeError("WIDTHxHEIGHT, for example 1024x600")
    return int(width), int(height)
