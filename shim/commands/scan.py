"""`vcshim scan`: try the scanner from a terminal: every step as it happens, the code's kind, a guess of what is wrong.

Reads the [scanner] section of the vcshim.ini in --folder; words on the command line overrule it. A code is shown by
its kind and length only, unless --show is given: it may be a patient's.
"""

from __future__ import annotations

import argparse
import logging
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from shim.commands import device_words, live
from shim.commands.catalogue import common
from shim.commands.catalogue import scan as phrases
from shim.commands.console import say, show
from shim.commands.language import joined
from shim.commands.machine import tell, tell_failure
from shim.commands.progress import seconds_left, waiting
from shim.commands.words import whole_number
from shim.devices.base import DeviceUnavailable
from shim.devices.lines import ports
from shim.devices.scanner import triggers
from shim.devices.scanner.absent import AbsentScanner
from shim.devices.scanner.pick import pick_endpoint, pick_scanner
from shim.devices.scanner.settings import ScannerSettings
from shim.dialects import scanned
from shim.errors import mask

if TYPE_CHECKING:
    from shim.doctor.finding import CheckFinding

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
    parser.add_argument("--show", action="store_true", help=phrases.SHOW())
    parser.add_argument("--times", type=whole_number(1, 1_000_000), default=1, help=phrases.TIMES())
    parser.add_argument("--setup", action="store_true", help=phrases.SETUP())


def run(options: argparse.Namespace) -> int:
    """0: every code was read; 1: one was not."""
    settings = device_words.overruled_settings(options, ScannerSettings, _WORDS, {"spy": "on"}).scanner
    names = ports.serial_ports()
    tell(ports=list(names), codes=[])
    say(phrases.PORTS(ports=joined(names)))
    logger = live.logger("scan")
    try:
        if options.setup and not _setup(settings, logger, options.folder):
            return 1
        return _scan(settings, logger, options)
    except device_words.NotSetUp as error:
        tell_failure(error)
        say(common.FAILED(reason=error))
        return 1
    except DeviceUnavailable as error:
        tell_failure(error)
        device_words.say_unavailable(device_words.failure(error.told), partial(_finding, error))
        return 1
    except KeyboardInterrupt:
        say(common.CANCELLED())
        raise


def _scan(settings: ScannerSettings, logger: logging.Logger, options: argparse.Namespace) -> int:
    if settings.type == "none":
        raise device_words.NotSetUp(phrases.NOT_SET_UP())
    scanner = pick_scanner(settings, logger, options.folder, _data())
    if isinstance(scanner, AbsentScanner):
        pick_endpoint(settings, logger, options.folder)  # raises: what must be corrected, in words that suit no call
    codes: list[dict[str, object]] = []
    for _ in range(options.times):
        say(phrases.PLEASE_SCAN(seconds=settings.timeout_seconds))
        try:
            with waiting(seconds_left, seconds=settings.timeout_seconds):
                code = scanner.scan()
        finally:
            scanner.settle()
        kind = scanned.kind(scanned.tidy(code))
        shown = code if options.show else mask(code).partition("（")[0]
        codes.append({"length": len(code), "kind": kind.name.lower(), **({"code": code} if options.show else {})})
        tell(codes=codes)
        show(phrases.READ(count=len(code), kind=phrases.KINDS[kind.name](), code=shown))
    return 0


def _setup(settings: ScannerSettings, logger: logging.Logger, folder: Path) -> bool:
    """Send the setup command of the make, if it has one; False if that failed."""
    if not triggers.make_columns(settings.make, settings).setup:
        makes = joined(row.make for row in triggers.TRIGGERS if row.setup)
        say(phrases.NO_SETUP(make=settings.make, makes=makes))
        return True
    try:
        endpoint = pick_endpoint(settings, logger, folder)
        with closing(endpoint.line) as line:
            line.open(3.0)
            line.write(endpoint.trigger.setup)
            time.sleep(_SETUP_SECONDS)
            line.read()
    except OSError:
        say(phrases.SETUP_NOT_SENT())
        return False
    return True


def _finding(error: DeviceUnavailable) -> CheckFinding:
    from shim.doctor.device_lines import line_finding

    return line_finding(error, ScannerSettings.NAME)


def _data() -> Path:
    """The folder of the lock file, the same as the DLLs'."""
    from shim.folders import local_data

    return local_data()
