"""HID-POS scanners behind a simulated hid module: the literal reports of vectors/scanners.json."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from shim.devices.base import DeviceUnavailable
from shim.devices.scanner import hid_pos, simulated_hid
from shim.devices.scanner.hid_layouts import parse_layout
from shim.devices.scanner.hid_pos import HidPosLine
from shim.devices.scanner.simulated import SimulatedScanner
from shim.errors import Unavailable
from tests.support.forked import in_child
from tests.support.scanners import HID_ROWS, INSURANCE, ROWS, driven

KEYBOARD = {"path": b"k", "vendor_id": 0x1EAB, "product_id": 0x0003, "usage_page": 1, "usage": 6}


def device(row: dict[str, Any], usage_page: int = 0x8C) -> dict[str, Any]:
    """The scanner of a vector, as hidapi describes it."""
    ids = {"vendor_id": int(row["vendor"], 16), "product_id": int(row["product"], 16)}
    return {"path": b"scanner", "usage_page": usage_page, "usage": 2, **ids}


def reports(row: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(report) for report in row["reports"]]


FIRST = HID_ROWS[0]
SCANNER = device(FIRST)
VENDORS = device(FIRST, 0xFF00)  # its second interface, of the vendor's own kind
OTHER_VENDOR = SCANNER | {"vendor_id": 0x1234}


class SimulatedHid:
    """The module and its device in one: `reports` come one a read, after the start command."""

    def __init__(self, rows: list[dict[str, Any]], reports: list[bytes], *, opens: bool = True) -> None:
        self._rows = rows
        self._reports = reports
        self._opens = opens
        self._waiting: list[bytes] = []
        self.written: list[bytes] = []
        self.features: list[bytes] = []
        self.opened = b""

    def enumerate(self) -> list[dict[str, Any]]:
        return self._rows

    def device(self) -> SimulatedHid:
        return self

    def open_path(self, path: bytes) -> None:
        if not self._opens:
            raise OSError("open failed")
        assert path == b"scanner"
        self.opened = path

    def set_nonblocking(self, yes: int) -> None:
        assert yes == 1

    def send_feature_report(self, data: bytes) -> int:
        self.features.append(data)
        return len(data)

    def write(self, data: bytes) -> int:
        self.written.append(data)
        if len(self.written) == 1:
            self._waiting = list(self._reports)
        return len(data)

    def read(self, size: int) -> list[int]:
        if self._waiting and self._waiting[0] == b"lost":
            raise OSError("read error")
        return list(self._waiting.pop(0)) if self._waiting else []

    def close(self) -> None:
        self.opened = b""


@pytest.mark.parametrize("row", HID_ROWS, ids=lambda row: f"{row['make']}-{len(row['reports'])}")
def test_a_scan(tmp_path: Path, row: dict[str, Any]) -> None:
    """One code in one report or in two; the keyboard of the same vendor is not taken for a scanner."""
    hid = SimulatedHid([KEYBOARD, VENDORS, device(row)], reports(row))
    scanner = driven(HidPosLine(backend=hid), tmp_path, ending="cr")
    assert scanner.scan() == row["code"]
    scanner.settle()
    assert hid.opened == b""


@pytest.mark.parametrize("row", HID_ROWS, ids=lambda row: row["output"][:8])
def test_commands_travel_in_output_reports(row: dict[str, Any]) -> None:
    hid = SimulatedHid([device(row)], [])
    line = HidPosLine(backend=hid)
    line.open(1)
    line.write(bytes.fromhex(row["command"]))
    line.close()
    assert hid.written == [bytes.fromhex(row["output"]).ljust(64, b"\0")]
    assert hid.features == [bytes.fromhex(text) for text in [row.get("enter")] if text]


def test_other_reports_and_the_codes_own_end(tmp_path: Path) -> None:
    """A report with another id is skipped, and so is CR LF inside the data."""
    data = INSURANCE.encode() + b"\r\n"
    report = bytes([2, len(data)]) + data.ljust(62, b"\0")
    hid = SimulatedHid([SCANNER], [bytes([3]) + bytes(63), report])
    assert driven(HidPosLine(backend=hid), tmp_path, ending="cr").scan() == INSURANCE


def test_a_vendor_without_a_row(tmp_path: Path) -> None:
    hid = SimulatedHid([OTHER_VENDOR], reports(FIRST))
    assert driven(HidPosLine(backend=hid), tmp_path).scan() == FIRST["code"]


def test_a_device_that_never_stops(tmp_path: Path) -> None:
    """Reports without an end, none of them a code: the scan still ends by its deadline."""

    class Endless(SimulatedHid):
        def read(self, size: int) -> list[int]:
            return [3] + [0] * 63

    scanner = driven(HidPosLine(backend=Endless([SCANNER], [])), tmp_path, timeout=0.5)
    with pytest.raises(DeviceUnavailable) as caught:
        scanner.scan()
    assert caught.value.why is Unavailable.TIMED_OUT


def test_a_layout_of_the_sites_own(tmp_path: Path) -> None:
    report = bytes([7, 0, 28, 0]) + INSURANCE.encode() + bytes(32)
    hid = SimulatedHid([SCANNER], [report])
    scanner = driven(HidPosLine(layout=parse_layout("7,2,4,60,63"), backend=hid), tmp_path)
    assert scanner.scan() == INSURANCE


@pytest.mark.parametrize(
    ("hid", "wanted", "why"),
    [
        (SimulatedHid([], []), "", Unavailable.NOT_FOUND),
        (SimulatedHid([KEYBOARD], []), "", Unavailable.NOT_FOUND),
        (SimulatedHid([SCANNER], []), "0C2E:0B61", Unavailable.NOT_FOUND),
        (SimulatedHid([SCANNER], [], opens=False), "1eab:0022", Unavailable.BUSY),
        (SimulatedHid([SCANNER], [b"lost"]), "", Unavailable.LOST),
    ],
)
def test_what_can_be_wrong(tmp_path: Path, hid: SimulatedHid, wanted: str, why: Unavailable) -> None:
    scanner = driven(HidPosLine(wanted, backend=hid), tmp_path, timeout=1.0)
    if why is Unavailable.LOST:
        hid_write = hid.write

        def write(data: bytes) -> int:
            hid._rows = []  # gone, and stays away
            return hid_write(data)

        hid.write = write  # type: ignore[method-assign]
    with pytest.raises(DeviceUnavailable) as caught:
        scanner.scan()
    assert caught.value.why is why
    assert "HID-POS" in caught.value.message


def test_why_a_device_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """hidapi says "open failed" for everything; its device file tells."""
    node = tmp_path / "hidraw0"

    def error() -> DeviceUnavailable:
        hid = SimulatedHid([SCANNER | {"path": b"1-2.3:1.0"}], [], opens=False)
        with pytest.raises(DeviceUnavailable) as caught:
            HidPosLine(backend=hid).open(1)
        return caught.value

    monkeypatch.setattr(hid_pos, "_node", lambda path: str(node))
    assert (error().why, error().message) == (
        Unavailable.BUSY,
        "扫码枪 HID-POS：系统打不开这个 HID-POS 设备，没有说原因（OSError：open failed）；"
        "请关闭使用扫码枪的其他程序，仍不行请拔插扫码枪",
    )
    with node.open("w"):
        assert error().facts["pid"] == os.getpid() and error().why is Unavailable.BUSY
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert error().why is Unavailable.ACCESS_DENIED and str(node) in error().message


@pytest.mark.parametrize(
    ("path", "wanted"), [(b"/dev/hidraw3", "/dev/hidraw3"), (b"9-9:1.0", ""), (b"\\\\?\\hid#", "")]
)
def test_the_file_of_a_device(path: bytes, wanted: str) -> None:
    assert hid_pos._node(path) == wanted


@pytest.mark.parametrize("code", ["4240000000000000000300350000", FIRST["code"], "8BF77B9B" * 8 + ":1:::35020010001"])
def test_the_simulated_scanner(tmp_path: Path, code: str) -> None:
    """It keeps a code until it is opened, which is not taken; it answers the start command."""
    device = simulated_hid.SimulatedHid(
        SimulatedScanner(ROWS["newland"]["start"], ROWS["newland"]["stop"]), lambda hid: hid.send(code.encode())
    )
    device.send(b"4249999999999999999900350000")
    scanner = driven(HidPosLine(backend=device), tmp_path)
    assert scanner.scan() == code
    scanner.settle()
    assert not device.scanner.light


# ---- forks -----------------------------------------------------------------------------------------------------------


def test_a_forked_child_lets_the_device_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing it would release it for the parent, too, and its library does not survive a fork."""
    hid = SimulatedHid([SCANNER], [])
    monkeypatch.setitem(sys.modules, "hid", hid)
    monkeypatch.setattr(hid_pos, "_first_used_by", 0)
    line = HidPosLine()
    line.open(1)

    def child() -> tuple[bytes, list[str]]:
        line.close()
        messages = []
        for again in (line, HidPosLine()):
            with pytest.raises(DeviceUnavailable) as caught:
                again.open(1)
            messages.append(caught.value.message)
        return hid.opened, messages

    opened, messages = in_child(child)
    assert opened == b"scanner"
    assert all("本进程由 fork 产生，而父进程已在使用 HID 扫码枪" in message for message in messages)
    line.close()
    assert hid.opened == b""


def test_a_forked_child_may_be_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    hid = SimulatedHid([SCANNER], [])
    monkeypatch.setitem(sys.modules, "hid", hid)
    monkeypatch.setattr(hid_pos, "_first_used_by", 0)
    in_child(lambda: HidPosLine().open(1))
