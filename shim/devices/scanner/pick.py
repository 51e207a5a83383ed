"""From the settings of [scanner] to a scanner: a table of back ends, and what all of them share.

A setting that cannot be used makes a scanner that says so at the first scan; it never fails the start. L4, used by
wiring and by `vcshim scan`.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from shim.devices.base import Device, DeviceUnavailable, Unavailable, UnusableSetting
from shim.devices.lines import ports
from shim.devices.lines.base import Line
from shim.devices.lines.pick import serial_line, spied, tcp_line
from shim.devices.scanner import triggers
from shim.devices.scanner.absent import AbsentScanner
from shim.devices.scanner.auto import AutoHeads
from shim.devices.scanner.base import Scanner
from shim.devices.scanner.driver import DrivenScanner, Head, Heads, OneHead
from shim.devices.scanner.file import CodeFileLine
from shim.devices.scanner.framing import Ending, Framing
from shim.devices.scanner.hid_pos import HidPosLine, layout_from
from shim.devices.scanner.lock import Gate
from shim.devices.scanner.settings import ScannerSettings
from shim.devices.scanner.triggers import Trigger
from shim.devices.scanner.wedge import WedgeLine
from shim.settings.ini import FILE_NAME

DEVICE = Device("扫码枪", "scanner")


def pick_scanner(settings: ScannerSettings, logger: logging.Logger, folder: Path, data: Path) -> Scanner:
    """The scanner that [scanner] names. `folder` is that of vcshim.ini; `data` may be written: the lock goes there."""
    if settings.type == "none":
        return AbsentScanner()
    try:
        trigger = pick_trigger(settings)
        heads, title = _heads(settings, logger, folder, trigger)
    except UnusableSetting as error:
        return AbsentScanner(f"请改正 {FILE_NAME} 的 [scanner]：{error}")
    lock = data / f"scanner-{re.sub('[^0-9A-Za-z.-]+', '_', title)}.lock"
    return DrivenScanner(
        heads,
        Gate(lock, title, logger),
        Framing(Ending(settings.terminator), settings.idle_gap),
        settings.timeout_seconds,
        logger,
        again_seconds=settings.again_seconds,
    )


def pick_connection(settings: ScannerSettings, logger: logging.Logger, folder: Path) -> Line:
    """The connection alone, for whoever wants to talk to the scanner himself; the first there is for type = auto.

    DeviceUnavailable NOT_SET_UP where the settings name none that can be used.
    """
    try:
        if settings.type == "none":
            raise UnusableSetting("type = none，没有指定扫码枪的接法")
        heads, _ = _heads(settings, logger, folder, pick_trigger(settings))
    except UnusableSetting as error:
        advice = f"请改正 {FILE_NAME} 的 [scanner]：{error}"
        raise DeviceUnavailable("扫码枪", Unavailable.NOT_SET_UP, advice) from error
    return heads.take()[0].connection


def pick_trigger(settings: ScannerSettings) -> Trigger:
    """The row that [scanner] make names."""
    make = settings.make
    if make != triggers.CUSTOM:
        return triggers.BY_MAKE[make]
    replies = tuple(_hex("replies", part) for part in settings.replies.split(","))
    start, stop, wake = (_hex(key, getattr(settings, key)) for key in ("start", "stop", "wake"))
    return triggers.custom(start, stop, wake, settings.wake_delay, replies)


# ---- the back ends ----------------------------------------------------------------------------------------------


def _serial(settings: ScannerSettings, port: str) -> Line:
    return serial_line(DEVICE, port, settings.baud, settings.bits)


def _named_serial(settings: ScannerSettings, folder: Path) -> Line:
    if len(settings.port) > 1:
        raise UnusableSetting("type = serial 的 port 只写一个串口")
    return _serial(settings, "".join(settings.port))


def _tcp(settings: ScannerSettings, folder: Path) -> Line:
    return tcp_line(DEVICE, settings.address)


def _hid(settings: ScannerSettings, folder: Path) -> HidPosLine:
    device, layout = settings.hid_device, settings.hid_layout
    if device and not re.fullmatch("[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}", device):
        raise UnusableSetting("hid_device 应形如 1EAB:0022")
    try:
        return HidPosLine(device, layout_from(layout) if layout else None)
    except ValueError:
        raise UnusableSetting("hid_layout 应为五个小于 64 的数：报告号,长度位置,数据起,数据止,续报位置") from None


def _wedge(settings: ScannerSettings, folder: Path) -> Line:
    if sys.platform != "win32":
        raise UnusableSetting("type = wedge 只用于 Windows")
    return WedgeLine((str(folder / "vcshim" / "vcshim.exe"), "wedge-helper"), settings.wedge_device)


def _file(settings: ScannerSettings, folder: Path) -> Line:
    name = settings.file
    if not name:
        raise UnusableSetting("type = file 还须写 file")
    return CodeFileLine(folder / name)


_BACK_ENDS: Mapping[str, Callable[[ScannerSettings, Path], Line]] = {
    "serial": _named_serial,
    "tcp": _tcp,
    "hidpos": _hid,
    "wedge": _wedge,
    "file": _file,
}


def _heads(settings: ScannerSettings, logger: logging.Logger, folder: Path, trigger: Trigger) -> tuple[Heads, str]:
    """What to listen to, and the name of the lock."""

    def wrap(connection: Line) -> Line:
        return spied(connection, logger, spy=settings.spy)

    kind = settings.type
    if kind == "auto":
        found = AutoHeads(
            _hid(settings, folder), wrap, lambda: settings.port or ports.serial_ports(),
            lambda port: _serial(settings, port), trigger,
        )  # fmt: skip
        return found, "扫码枪"
    connection = _BACK_ENDS[kind](settings, folder)
    return OneHead(Head(wrap(connection), trigger)), connection.title


def _hex(key: str, text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UnusableSetting(f"{key} 应为十六进制，例如 16 54 0D") from None
