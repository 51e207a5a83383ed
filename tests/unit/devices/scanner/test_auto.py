"""Finding the scanner: HID-POS first, then every serial port, then the one that a code came from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.lines.serial import SerialLine
from shim.devices.scanner.auto import DiscoveredEndpoints
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.driver import DrivenScanner
from shim.devices.scanner.endpoints import Endpoint
from shim.devices.scanner.framing import Framing
from shim.devices.scanner.hid_pos import HidPosLine
from shim.devices.scanner.lock import ScanLock
from shim.errors import Unavailable
from tests.support.scanners import INSURANCE, LOGGER, simulated, trigger


class Hid:
    """The hid module of a PC with these devices."""

    def __init__(self, *devices: dict[str, Any]) -> None:
        self._devices = devices

    def enumerate(self) -> Sequence[dict[str, Any]]:
        return self._devices


def source(ports: Sequence[str], *devices: dict[str, Any]) -> DiscoveredEndpoints:
    def serial(port: str) -> Line:
        return SerialLine(SCANNER, port, 9600, "8N1")

    def endpoint(line: Line) -> Endpoint:
        return Endpoint(line, trigger("newland"))

    return DiscoveredEndpoints(HidPosLine(backend=Hid(*devices)), lambda: ports, serial, endpoint)


def scanner(of: DiscoveredEndpoints, folder: Path) -> DrivenScanner:
    return DrivenScanner(of, ScanLock(folder / "lock", of.title, LOGGER), Framing(), 10, LOGGER)


def test_the_port_that_a_code_comes_from(tmp_path: Path) -> None:
    """Three ports: one is busy, one is silent, one is a scanner; afterwards only that one is started."""
    with simulated(code=b"") as busy, simulated(code=b"") as mute, simulated() as real:
        holder = SerialLine(SCANNER, busy.path, 9600, "8N1")
        holder.open(1)
        auto = scanner(source((busy.path, mute.path, real.path)), tmp_path)
        for scans in (1, 2):
            assert auto.scan() == INSURANCE
            auto.settle()
            assert (mute.scanner.lit, real.scanner.lit) == (1, scans)
        end = time.monotonic() + 30
        while mute.scanner.light:  # the stop command reached it, too
            assert time.monotonic() < end
            time.sleep(0.005)
        holder.close()


def test_a_port_that_is_gone_is_searched_for_anew(tmp_path: Path) -> None:
    with simulated() as first, simulated() as second:
        ports = [first.path]
        auto = scanner(source(ports), tmp_path)
        assert auto.scan() == INSURANCE
        ports[:] = [second.path]
        assert auto.scan() == INSURANCE
        assert (first.scanner.lit, second.scanner.lit) == (1, 1)


def test_a_hid_pos_scanner_comes_first() -> None:
    device = {"path": b"x", "vendor_id": 0x1EAB, "product_id": 0x22, "usage_page": 0x8C, "usage": 2}
    (endpoint,) = source(("/dev/ttyUSB0",), device).candidates()
    assert endpoint.line.title == "扫码枪 HID-POS"


def test_nothing_to_try(tmp_path: Path) -> None:
    with pytest.raises(DeviceUnavailable) as caught:
        scanner(source(()), tmp_path).scan()
    assert caught.value.why is Unavailable.NOT_FOUND and "HID-POS" in caught.value.message
