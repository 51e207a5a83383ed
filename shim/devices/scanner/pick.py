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

from shim.config import FILE_NAME, Settings
from shim.devices.absent import AbsentScanner
from shim.devices.base import Connection, DeviceUnavailable, Scanner, Unavailable
from shim.devices.lines import ports
from shim.devices.lines.serial import SerialConnection
from shim.devices.lines.spy import SpyConnection
from shim.devices.lines.tcp import TcpConnection
from shim.devices.scanner import triggers
from shim.devices.scanner.auto import AutoHeads
from shim.devices.scanner.driver import DrivenScanner, Head, Heads, OneHead
from shim.devices.scanner.file import FileConnection
from shim.devices.scanner.framing import Ending, Framing
from shim.devices.scanner.hid_pos import HidPosConnection, layout_from
from shim.devices.scanner.lock import Gate
from shim.devices.scanner.triggers import Trigger
from shim.devices.scanner.wedge import WedgeConnection

SECTION = "scanner"


class _Unusable(Exception):
    """A setting that cannot be used; its text is advice in Chinese."""


def pick_scanner(settings: Settings, logger: logging.Logger, folder: Path, data: Path) -> Scanner:
    """The scanner that [scanner] names. `folder` is that of vcshim.ini; `data` may be written: the lock goes there."""
    if settings.text(SECTION, "type") == "none":
        return AbsentScanner()
    try:
        trigger = pick_trigger(settings)
        heads, title = _heads(settings, logger, folder, trigger)
    except _Unusable as error:
        return AbsentScanner(f"请改正 {FILE_NAME} 的 [scanner]：{error}")
    lock = data / f"scanner-{re.sub('[^0-9A-Za-z.-]+', '_', title)}.lock"
    return DrivenScanner(
        heads,
        Gate(lock, title, logger),
        Framing(Ending(settings.text(SECTION, "terminator")), settings.number(SECTION, "idle_gap_ms") / 1000),
        settings.number(SECTION, "timeout_seconds"),
        logger,
        again_seconds=settings.number(SECTION, "again_seconds"),
    )


def pick_connection(settings: Settings, logger: logging.Logger, folder: Path) -> Connection:
    """The connection alone, for whoever wants to talk to the scanner himself; the first there is for type = auto.

    DeviceUnavailable NOT_SET_UP where the settings name none that can be used.
    """
    try:
        if settings.text(SECTION, "type") == "none":
            raise _Unusable("type = none，没有指定扫码枪的接法")
        heads, _ = _heads(settings, logger, folder, pick_trigger(settings))
    except _Unusable as error:
        advice = f"请改正 {FILE_NAME} 的 [scanner]：{error}"
        raise DeviceUnavailable("扫码枪", Unavailable.NOT_SET_UP, advice) from error
    return heads.take()[0].connection


def pick_trigger(settings: Settings) -> Trigger:
    """The row that [scanner] make names."""
    make = settings.text(SECTION, "make")
    if make != triggers.CUSTOM:
        return triggers.BY_MAKE[make]
    replies = tuple(_hex("replies", part) for part in settings.text(SECTION, "replies").split(","))
    start, stop, wake = (_hex(key, settings.text(SECTION, key)) for key in ("start", "stop", "wake"))
    return triggers.custom(start, stop, wake, settings.number(SECTION, "wake_ms") / 1000, replies)


# ---- the back ends ----------------------------------------------------------------------------------------------


def _serial(settings: Settings, port: str) -> Connection:
    return SerialConnection(port, settings.number(SECTION, "baud"), settings.text(SECTION, "bits").upper())


def _named_serial(settings: Settings, folder: Path) -> Connection:
    port = settings.text(SECTION, "port")
    if not port:
        raise _Unusable(f"type = serial 还须写 port，本机现有串口：{ports.there_are()}")
    return _serial(settings, port)


def _tcp(settings: Settings, folder: Path) -> Connection:
    host, colon, port = settings.text(SECTION, "address").rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise _Unusable("type = tcp 还须写 address，形如 192.168.1.50:4001")
    return TcpConnection(host.strip("[]"), int(port))


def _hid(settings: Settings, folder: Path) -> HidPosConnection:
    device, layout = settings.text(SECTION, "hid_device"), settings.text(SECTION, "hid_layout")
    if device and not re.fullmatch("[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}", device):
        raise _Unusable("hid_device 应形如 1EAB:0022")
    try:
        return HidPosConnection(device, layout_from(layout) if layout else None)
    except ValueError:
        raise _Unusable("hid_layout 应为五个小于 64 的数：报告号,长度位置,数据起,数据止,续报位置") from None


def _wedge(settings: Settings, folder: Path) -> Connection:
    if sys.platform != "win32":
        raise _Unusable("type = wedge 只用于 Windows")
    return WedgeConnection(
        (str(folder / "vcshim" / "vcshim.exe"), "wedge-helper"), settings.text(SECTION, "wedge_device")
    )


def _file(settings: Settings, folder: Path) -> Connection:
    name = settings.text(SECTION, "file")
    if not name:
        raise _Unusable("type = file 还须写 file")
    return FileConnection(folder / name)


_BACK_ENDS: Mapping[str, Callable[[Settings, Path], Connection]] = {
    "serial": _named_serial,
    "tcp": _tcp,
    "hidpos": _hid,
    "wedge": _wedge,
    "file": _file,
}


def _heads(settings: Settings, logger: logging.Logger, folder: Path, trigger: Trigger) -> tuple[Heads, str]:
    """What to listen to, and the name of the lock."""

    def wrap(connection: Connection) -> Connection:
        return SpyConnection(connection, logger) if settings.text(SECTION, "spy") == "on" else connection

    kind = settings.text(SECTION, "type")
    if kind == "auto":
        listed = tuple(part.strip() for part in settings.text(SECTION, "port").split(",") if part.strip())
        found = AutoHeads(
            _hid(settings, folder), wrap, lambda: listed or ports.serial_ports(), lambda port: _serial(settings, port),
            trigger,
        )  # fmt: skip
        return found, "扫码枪"
    connection = _BACK_ENDS[kind](settings, folder)
    return OneHead(Head(wrap(connection), trigger)), connection.title


def _hex(key: str, text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise _Unusable(f"{key} 应为十六进制，例如 16 54 0D") from None
