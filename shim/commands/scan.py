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
from shim.devices.base import DeviceUnavailable
from shim.devices.lines import ports
from shim.devices.scanner import triggers
from shim.devices.scanner.pick import pick_endpoint, pick_scanner
from shim.devices.scanner.settings import ScannerSettings
from shim.dialects import scanned
from shim.errors import mask

HELP = "试用扫码枪：逐步显示经过，并推测哪里不对"
_WORDS = ("type", "port", "make", "baud", "bits", "address", "file", "timeout_seconds", "terminator", "idle_gap_ms")
_SETUP_SECONDS = 0.3  # what a scanner may take to store a setting and answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    device_words.arguments(parser, ScannerSettings, _WORDS)
    parser.add_argument("--show", action="store_true", help="显示二维码的内容（默认只显示种类和字数）")
    parser.add_argument("--times", type=int, default=1, help="连续读几个二维码（默认 1）")
    parser.add_argument(
        "--setup", action="store_true", help="先发出该品牌的设置指令，使它听从触发指令；会永久改变扫码枪的设置"
    )


def run(options: argparse.Namespace) -> int:
    """0: every code was read; 1: one was not."""
    settings = device_words.overruled_settings(options, ScannerSettings, _WORDS, {"spy": "on"}).scanner
    print(f"本机现有串口：{ports.listing()}")
    logger = live.logger("scan")
    try:
        if options.setup and not _setup(settings, logger, options.folder):
            return 1
        return _scan(settings, logger, options)
    except KeyboardInterrupt:
        print("已中止")
        return 1


def _scan(settings: ScannerSettings, logger: logging.Logger, options: argparse.Namespace) -> int:
    scanner = pick_scanner(settings, logger, options.folder, _data())
    for _ in range(options.times):
        print(f"请扫码（最多等 {settings.timeout_seconds} 秒，Ctrl+C 中止）", flush=True)
        try:
            code = scanner.scan()
        except DeviceUnavailable as error:
            print(f"失败：{error.message}")
            return 1
        finally:
            scanner.settle()
        kind = scanned.kind(scanned.tidy(code))
        print(f"读到 {len(code)} 个字符：{kind.value} {code if options.show else mask(code)}", flush=True)
    return 0


def _setup(settings: ScannerSettings, logger: logging.Logger, folder: Path) -> bool:
    """Send the setup command of the make, if it has one; False if that failed."""
    if not triggers.make_columns(settings.make, settings).setup:
        makes = "、".join(row.make for row in triggers.TRIGGERS if row.setup)
        print(f"make = {settings.make} 没有需要先发的设置指令（有的是：{makes}）")
        return True
    try:
        endpoint = pick_endpoint(settings, logger, folder)
        with closing(endpoint.line) as line:
            line.open(3.0)
            line.write(endpoint.trigger.setup)
            time.sleep(_SETUP_SECONDS)
            line.read()
    except (DeviceUnavailable, OSError) as error:
        print(f"失败：{error}")
        return False
    return True


def _data() -> Path:
    """The folder of the lock file, the same as the DLLs': wiring knows it."""
    from shim.wiring import local_data

    return local_data()
