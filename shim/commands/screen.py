"""`vcshim screen`: try the extension screen from a terminal, every phase in turn, or write one page into a file.

Reads the [screen] section of the vcshim.ini in --folder. What is shown is made up; no platform is asked.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from shim import configuration
from shim.call_activity import CallActivity
from shim.commands import live
from shim.devices.base import DeviceUnavailable
from shim.devices.screen.base import Screen, ScreenContent, ScreenPhase
from shim.devices.screen.pages import pages
from shim.devices.screen.pick import pick_screen
from shim.devices.screen.settings import ScreenSettings
from shim.spec.rows import Step

HELP = "试扩展屏：依次显示每种画面，或把一幅画面存成图片"
_URL = "https://example.invalid/auth/0123456789abcdef"
_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
_SAMPLES = {
    ScreenPhase.WAITING: ScreenContent(ScreenPhase.WAITING, _URL, 60),
    ScreenPhase.SUCCEEDED: ScreenContent(ScreenPhase.SUCCEEDED),
    ScreenPhase.REFUSED: ScreenContent(ScreenPhase.REFUSED, _URL, 31),
    ScreenPhase.EXPIRED: ScreenContent(ScreenPhase.EXPIRED),
    ScreenPhase.REGISTERED: ScreenContent(ScreenPhase.REGISTERED, _CODE, 60),
    ScreenPhase.FOLLOW: ScreenContent(ScreenPhase.FOLLOW, _URL, 60),
}
# What the service would tell the screen, one step after the other.
_TOUR = (
    ("等待授权", Step.ASKS, _URL),
    ("授权失败，画面保留", Step.DECIDES, "fail"),
    ("授权成功", Step.DECIDES, "succ"),
    ("登记成功后的新码", Step.REGISTERS, _CODE),
    ("公众号关注码", Step.FOLLOWS, _URL),
)
_NUMBER = "1"  # the out_authorize_no of the tour


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("--folder", type=Path, default=Path(), help="vcshim.ini 所在的文件夹（默认：当前文件夹）")
    parser.add_argument("--seconds", type=float, default=4, help="每种画面显示的秒数（默认：4）")
    parser.add_argument("--png", type=Path, help="不显示，把一幅画面存成这个图片文件")
    parser.add_argument(
        "--state",
        choices=[phase.value for phase in _SAMPLES],
        default=ScreenPhase.WAITING.value,
        help="--png 存哪一种画面（默认：waiting）",
    )
    parser.add_argument("--size", type=_size, default=(1024, 600), help="--png 的宽和高，像素（默认：1024x600）")


def run(options: argparse.Namespace) -> int:
    """Run the command.

    Returns:
        0; 1 if the settings name no screen that can be used, the file cannot be written, or Ctrl-C was pressed.
    """
    settings = configuration.read(options.folder)
    for problem in settings.problems:
        print(problem)
    if options.png is not None:
        return _write_picture(settings.screen, options)
    try:
        screen = pick_screen(settings.screen, live.logger("screen"), options.folder, CallActivity())
        _tour(screen, options.seconds)
    except DeviceUnavailable as error:
        print(f"失败：{error.message}")
        return 1
    except KeyboardInterrupt:
        print("已中止")
        return 1
    return 0


def _write_picture(settings: ScreenSettings, options: argparse.Namespace) -> int:
    from shim.devices.screen.painter import make_painter

    painter = make_painter(settings, live.logger("screen"))
    page = pages(settings)(_SAMPLES[ScreenPhase(options.state)])
    try:
        painter.frame(options.size, page).save(options.png, "PNG")
    except OSError as error:
        print(f"不能写 {options.png}：{error.strerror or error}")
        return 1
    print(f"已写入 {options.png}")
    return 0


def _tour(screen: Screen, seconds: float) -> None:
    screen.set_visible(True)
    for title, step, text in _TOUR:
        print(f"显示：{title}", flush=True)
        screen.tell(step, _NUMBER, text)
        time.sleep(seconds)
    screen.set_visible(False)
    print("收起", flush=True)
    time.sleep(min(1.0, seconds))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= 10000 and 0 < int(height) <= 10000):
        raise argparse.ArgumentTypeError("应为 宽x高，例如 1024x600")
    return int(width), int(height)
