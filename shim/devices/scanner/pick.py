"""From the settings of [scanner] to a scanner: the back ends as rows, and what all of them share.

A setting that cannot be used makes a scanner that says so at the first scan; it never fails the start. Without a
scanner nothing of one is imported. Used by wiring and by `vcshim scan`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shim.bilingual import NOTHING, Bilingual
from shim.devices import backends
from shim.devices.backends import BackEnd
from shim.devices.base import DeviceUnavailable, UnusableSetting
from shim.devices.lines.pick import serial_line, spied, tcp_line
from shim.devices.scanner.absent import AbsentScanner
from shim.devices.scanner.base import SCANNER, Scanner
from shim.devices.scanner.settings import ScannerSettings
from shim.messages import scanner as rows

if TYPE_CHECKING:
    from shim.devices.lines.base import Line
    from shim.devices.scanner.endpoints import Endpoint, EndpointSource
    from shim.devices.scanner.hid_pos import HidPosLine
    from shim.devices.scanner.lock import ScanLock
    from shim.devices.scanner.triggers import Trigger


def pick_scanner(settings: ScannerSettings, logger: logging.Logger, folder: Path, data: Path) -> Scanner:
    """The scanner that [scanner] names. Opens nothing.

    Args:
        folder: that of vcshim.ini.
        data: a folder that may be written; the lock file goes there.
    """
    if settings.type == "none":
        return AbsentScanner()
    try:
        source = _source(settings, logger, folder)
    except UnusableSetting as error:
        return AbsentScanner(error.problem)
    from shim.devices.scanner.driver import DrivenScanner
    from shim.devices.scanner.framing import Ending, Framing

    return DrivenScanner(
        source,
        _scan_lock(source, data, logger),
        Framing(Ending(settings.terminator), settings.idle_gap),
        settings.timeout_seconds,
        logger,
        repeat_seconds=settings.again_seconds,
        quiet_seconds=settings.quiet,
    )


def scanner_problem(settings: ScannerSettings, logger: logging.Logger, folder: Path) -> Bilingual:
    """What must be corrected in [scanner], as `UnusableSetting` says it; "" if there is nothing, or no scanner."""
    try:
        if settings.type != "none":
            _source(settings, logger, folder)
    except UnusableSetting as error:
        return error.problem
    return NOTHING


def pick_endpoint(settings: ScannerSettings, logger: logging.Logger, folder: Path) -> Endpoint:
    """The line and the commands alone, to talk to the scanner without a scan; the first line there is for type = auto.

    Raises:
        DeviceUnavailable: NOT_SET_UP, the settings name no scanner that can be used; NOT_FOUND for type = auto.
    """
    try:
        if settings.type == "none":
            raise UnusableSetting("type = none，没有指定扫码枪的接法", "type = none, which names no way of connecting")
        return _source(settings, logger, folder).candidates()[0]
    except UnusableSetting as error:
        raise DeviceUnavailable(rows.UNUSABLE, problem=error.problem) from error


def pick_endpoints(
    settings: ScannerSettings, logger: logging.Logger, folder: Path, data: Path
) -> tuple[EndpointSource, ScanLock]:
    """All that a scan would listen to, and the lock that a scan takes, for a look at the scanner without a scan.

    Raises:
        UnusableSetting: the settings name no scanner that can be used.
    """
    source = _source(settings, logger, folder)
    return source, _scan_lock(source, data, logger)


def _scan_lock(source: EndpointSource, data: Path, logger: logging.Logger) -> ScanLock:
    from shim.devices.scanner.lock import ScanLock

    file = data / f"scanner-{re.sub('[^0-9A-Za-z.-]+', '_', source.title)}.lock"
    return ScanLock(file, source.title, logger)


def pick_trigger(settings: ScannerSettings) -> Trigger:
    """The commands of the make that [scanner] make names.

    Raises:
        UnusableSetting: the site's own are not written as they must be.
    """
    from shim.devices.scanner.triggers import Trigger, make_columns

    return Trigger.read(settings.make, make_columns(settings.make, settings))


def _source(settings: ScannerSettings, logger: logging.Logger, folder: Path) -> EndpointSource:
    trigger = pick_trigger(settings)
    from shim.devices.scanner.endpoints import Endpoint

    def endpoint(line: Line) -> Endpoint:
        return Endpoint(spied(line, logger, spy=settings.spy), trigger)

    return backends.chosen(BACK_ENDS, "type", settings.type).make(settings, folder, endpoint)


# ---- the back ends ----------------------------------------------------------------------------------------------


def _auto(settings: ScannerSettings, folder: Path, endpoint: Callable[[Line], Endpoint]) -> EndpointSource:
    from shim.devices.lines import ports
    from shim.devices.scanner.auto import DiscoveredEndpoints

    def serial(port: str) -> Line:
        return serial_line(SCANNER, port, settings.baud, settings.bits)

    return DiscoveredEndpoints(_hid_pos_line(settings), lambda: settings.port or ports.serial_ports(), serial, endpoint)


def _serial(settings: ScannerSettings, folder: Path, endpoint: Callable[[Line], Endpoint]) -> EndpointSource:
    if len(settings.port) > 1:
        raise UnusableSetting("type = serial 的 port 只写一个串口", "port names one serial port with type = serial")
    return _fixed(endpoint(serial_line(SCANNER, "".join(settings.port), settings.baud, settings.bits)))


def _tcp(settings: ScannerSettings, folder: Path, endpoint: Callable[[Line], Endpoint]) -> EndpointSource:
    return _fixed(endpoint(tcp_line(SCANNER, settings.address)))


def _hid_pos(settings: ScannerSettings, folder: Path, endpoint: Callable[[Line], Endpoint]) -> EndpointSource:
    return _fixed(endpoint(_hid_pos_line(settings)))


def _wedge(settings: ScannerSettings, folder: Path, endpoint: Callable[[Line], Endpoint]) -> EndpointSource:
    from shim.devices.scanner.wedge import WedgeLine

    launcher = str(folder / "vcshim" / "vcshim.exe"), "wedge-helper"
    return _fixed(endpoint(WedgeLine(launcher, settings.wedge_device)))


def _file(settings: ScannerSettings, folder: Path, endpoint: Callable[[Line], Endpoint]) -> EndpointSource:
    if not settings.file:
        raise UnusableSetting("type = file 还须写 file", "type = file needs a file as well")
    from shim.devices.scanner.file import CodeFileLine

    return _fixed(endpoint(CodeFileLine(Path(settings.file))))


def _fixed(endpoint: Endpoint) -> EndpointSource:
    from shim.devices.scanner.endpoints import FixedEndpoint

    return FixedEndpoint(endpoint)


def _hid_pos_line(settings: ScannerSettings) -> HidPosLine:
    from shim.devices.scanner import hid_layouts
    from shim.devices.scanner.hid_pos import HidPosLine

    device, layout = settings.hid_device, settings.hid_layout
    if device and not re.fullmatch("[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}", device):
        raise UnusableSetting("hid_device 应形如 1EAB:0022", "hid_device should be like 1EAB:0022")
    try:
        return HidPosLine(device, hid_layouts.parse_layout(layout) if layout else None)
    except ValueError:
        raise UnusableSetting(
            "hid_layout 应为五个小于 64 的数：{columns}",
            "hid_layout should be five numbers below 64 (docs/settings.md has their order)",
            columns=hid_layouts.layout_help(),
        ) from None


Make = Callable[[ScannerSettings, Path, "Callable[[Line], Endpoint]"], "EndpointSource"]
"""How a row makes a back end: from the settings, the folder of vcshim.ini, and what adds the commands to a line."""

BACK_ENDS: tuple[BackEnd[Make], ...] = (
    BackEnd("auto", "逐个试（先 HID-POS，再向每个空闲串口发触发指令）", _auto, libraries=("hid", "serial")),
    BackEnd("serial", "串口或 USB 虚拟串口", _serial, libraries=("serial",)),
    BackEnd("tcp", "网络扫码枪，或串口服务器后面的扫码枪", _tcp),
    BackEnd("hidpos", "USB HID-POS", _hid_pos, libraries=("hid",)),
    BackEnd("wedge", "键盘（像键盘一样输入的扫码枪，别无他法时才用）", _wedge, systems=("win32",)),
    BackEnd("file", "文本文件（只供演示和测试）", _file),
)
