"""`vcshim scan`: try the scanner from a terminal: every step as it happens, the code's kind, a guess of what is wrong.

Reads the [scanner] section of the vcshim.ini in --folder; words on the command line overrule it. A code is shown by
its kind and length only, unless --show is given: it may be a patient's.
"""

from __future__ import annotations

import argparse
import logging
import time
from contextlib import closing
from pathlib import Path

from shim.commands import device_words, live
from shim.commands.console import say, show
from shim.commands.words import whole_number
from shim.devices.base import DeviceUnavailable
from shim.devices.lines import ports
from shim.devices.scanner import triggers
from shim.devices.scanner.absent import AbsentScanner
from shim.devices.scanner.pick import DEVICE, pick_endpoint, pick_scanner
from shim.devices.scanner.settings import ScannerSettings
from shim.dialects import scanned
from shim.errors import mask

HELP = "试用扫码枪：逐步显示经过，并推测哪里不对"
_WORDS = (
    "type",
    "port",
    "make",
    "baud",
    "bits",
    "address",
    "file",
    "timeout_seconds",
    "terminator",
    "idle_gap_ms",
    "quiet_ms",
)
_SETUP_SECONDS = 0.3  # what a scanner may take to store a setting and answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    device_words.arguments(parser, ScannerSettings, _WORDS)
    parser.add_argument("--show", action="store_true", help="显示二维码的内容（默认只显示种类和字数）")
    parser.add_argument("--times", type=whole_number(1, 1_000_000), default=1, help="连续读几个二维码（默认 1）")
    parser.add_argument(
        "--setup", action="store_true", help="先发出该品牌的设置指令，使它听从触发指令；会永久改变扫码枪的设置"
    )


def run(options: argparse.Namespace) -> int:
    """0: every code was read; 1: one was not."""
    settings = device_words.overruled_settings(options, ScannerSettings, _WORDS, {"spy": "on"}).scanner
    say(f"本机现有串口：{ports.listing()}")
    logger = live.logger("scan")
    try:
        if options.setup and not _setup(settings, logger, options.folder):
            return 1
        return _scan(settings, logger, options)
    except DeviceUnavailable as error:
        say(f"失败：{error.message}")
        return 1
    except KeyboardInterrupt:
        say("已中止")
        raise


def _scan(settings: ScannerSettings, logger: logging.Logger, options: argparse.Namespace) -> int:
    if settings.type == "none":
        raise device_words.not_set_up(DEVICE)
    scanner = pick_scanner(settings, logger, options.folder, _data())
    if isinstance(scanner, AbsentScanner):
        pick_endpoint(settings, logger, options.folder)  # raises: what must be corrected, in words that suit no call
    for _ in range(options.times):
        say(f"请扫码（最多等 {settings.timeout_seconds} 秒，Ctrl+C 中止）")
        try:
            code = scanner.scan()
        finally:
            scanner.settle()
        kind = scanned.kind(scanned.tidy(code))
        show(f"读到 {len(code)} 个字符：{kind.value} {code if options.show else mask(code)}")
    return 0


def _setup(settings: ScannerSettings, logger: logging.Logger, folder: Path) -> bool:
    """Send the setup command of the make, if it has one; False if that failed."""
    if not triggers.make_columns(settings.make, settings).setup:
        makes = "、".join(row.make for row in triggers.TRIGGERS if row.setup)
        say(f"make = {settings.make} 没有需要先发的设置指令（有的是：{makes}）")
        return True
    try:
        endpoint = pick_endpoint(settings, logger, folder)
        with closing(endpoint.line) as line:
            line.open(3.0)
            line.write(endpoint.trigger.setup)
            time.sleep(_SETUP_SECONDS)
            line.read()
    except OSError:
        say("失败：设置指令没有发出，扫码枪已断开，请检查接线")
        return False
    return True


def _data() -> Path:
    """The folder of the lock file, the same as the DLLs': wiring knows it."""
    from shim.wiring import local_data

    return local_data()
