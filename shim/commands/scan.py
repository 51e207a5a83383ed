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
from shim.devices.scanner.pick import pick_connection, pick_scanner
from shim.devices.scanner.settings import ScannerSettings
from shim.dialects import scanned
from shim.errors import mask

HELP = "try the scanner, with a live view and a guess of what is wrong"
_WORDS = ("type", "port", "make", "baud", "bits", "address", "file", "timeout_seconds", "terminator", "idle_gap_ms")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    device_words.arguments(parser, ScannerSettings, _WORDS)
    parser.add_argument("--show", action="store_true", help="show the code itself")
    parser.add_argument("--times", type=int, default=1, help="how many codes to read")
    parser.add_argument(
        "--setup", action="store_true", help="first send the bytes that put this make into the mode in which it obeys"
    )


def run(options: argparse.Namespace) -> int:
    """0: a code was read; 1: none was."""
    settings = device_words.settings(options, ScannerSettings, _WORDS, {"spy": "on"}).scanner
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
    """Send the setup bytes of the make; whether that was possible."""
    setup = {row.make: row.setup for row in triggers.TRIGGERS if row.setup}
    make = settings.make
    if make not in setup:
        print(f"make = {make} 没有需要先发的设置指令（有的是：{'、'.join(setup)}）")
        return True
    try:
        connection = pick_connection(settings, logger, folder)
        with closing(connection):
            connection.open(3.0)
            connection.write(setup[make])
            time.sleep(0.3)
            connection.read()
    except (DeviceUnavailable, OSError) as error:
        print(f"失败：{error}")
        return False
    return True


def _data() -> Path:
    """The lock's folder, the same as the DLLs': wiring knows it."""
    from shim.wiring import local_data

    return local_data()
