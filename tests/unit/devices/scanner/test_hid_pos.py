"""HID-POS reports of each make, written out byte by byte from its manual, behind a pretended hid module.

No real device was at hand; vectors/README.md says where the layouts come from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.scanner.hid_pos import HidPosLine, layout_from
from tests.support.scanners import FUSED, INSURANCE, driven

NEWLAND = {"path": b"n", "vendor_id": 0x1EAB, "product_id": 0x0022, "usage_page": 0x8C, "usage": 2}
HONEYWELL = {"path": b"h", "vendor_id": 0x0C2E, "product_id": 0x0B61, "usage_page": 0x8C, "usage": 2}
VENDORS = {"path": b"v", "vendor_id": 0x1EAB, "product_id": 0x0022, "usage_page": 0xFF00, "usage": 2}
KEYBOARD = {"path": b"k", "vendor_id": 0x1EAB, "product_id": 0x0003, "usage_page": 1, "usage": 6}


class PretendHid:
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

    def device(self) -> PretendHid:
        return self

    def open_path(self, path: bytes) -> None:
        if not self._opens:
            raise OSError("open failed")
        assert path in (b"n", b"h")
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


def newland(data: bytes, more: int) -> bytes:
    """FM420: [0] report id, [1] length, [2..57] data, [62] symbology, [63] more."""
    return bytes([2, len(data)]) + data.ljust(60, b"\0") + bytes([0x51, more])


def honeywell(data: bytes, more: int) -> bytes:
    """[0] report id, [1] length, [2..4] AIM identifier, [5..60] data, [61] symbology, [63] more."""
    return bytes([2, len(data)]) + b"]Q1" + data.ljust(56, b"\0") + bytes([0x73, 0, more])


@pytest.mark.parametrize(
    ("row", "reports", "code"),
    [
        (NEWLAND, [newland(INSURANCE.encode(), 0)], INSURANCE),
        (NEWLAND, [newland(FUSED[:56].encode(), 1), newland(FUSED[56:].encode(), 0)], FUSED),
        (NEWLAND, [bytes([3]) + bytes(63), newland(INSURANCE.encode(), 0)], INSURANCE),
        (NEWLAND, [newland(INSURANCE.encode() + b"\r\n", 0)], INSURANCE),
        (HONEYWELL, [honeywell(INSURANCE.encode(), 0)], INSURANCE),
        (HONEYWELL, [honeywell(FUSED[:56].encode(), 1), honeywell(FUSED[56:].encode(), 0)], FUSED),
    ],
)
def test_reports(tmp_path: Path, row: dict[str, Any], reports: list[bytes], code: str) -> None:
    """One code in one report, or in two; the keyboard of the same maker is not taken for a scanner."""
    hid = PretendHid([KEYBOARD, VENDORS, row], reports)
    make = "newland" if row is NEWLAND else "honeywell"
    scanner = driven(HidPosLine(backend=hid), tmp_path, make, ending="cr")
    assert scanner.scan() == code
    scanner.settle()
    assert hid.opened == b""


def test_commands_travel_in_output_reports(tmp_path: Path) -> None:
    hid = PretendHid([NEWLAND], [newland(INSURANCE.encode(), 0)])
    scanner = driven(HidPosLine(backend=hid), tmp_path)
    scanner.scan()
    scanner.settle()
    start = bytes.fromhex("04 10 7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03")
    stop = bytes.fromhex("04 10 7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03")
    assert hid.written == [start.ljust(64, b"\0"), stop.ljust(64, b"\0")]
    assert hid.features == []
    hid = PretendHid([HONEYWELL], [honeywell(INSURANCE.encode(), 0)])
    scanner = driven(HidPosLine(backend=hid), tmp_path, "honeywell")
    scanner.scan()
    scanner.settle()
    assert [data[:5].hex(" ").upper() for data in hid.written] == ["FD 03 16 54 0D", "FD 03 16 55 0D"]
    assert hid.features == [bytes.fromhex("FE 01")]


def test_a_device_that_never_stops(tmp_path: Path) -> None:
    """Reports without an end, none of them a code: the scan still ends by its deadline."""

    class Endless(PretendHid):
        def read(self, size: int) -> list[int]:
            return [3] + [0] * 63

    scanner = driven(HidPosLine(backend=Endless([NEWLAND], [])), tmp_path, timeout=0.5)
    with pytest.raises(DeviceUnavailable) as caught:
        scanner.scan()
    assert caught.value.why is Unavailable.TIMED_OUT


def test_a_layout_of_the_sites_own(tmp_path: Path) -> None:
    report = bytes([7, 0, 28, 0]) + INSURANCE.encode() + bytes(32)
    hid = PretendHid([NEWLAND], [report])
    scanner = driven(HidPosLine(layout=layout_from("7,2,4,60,63"), backend=hid), tmp_path)
    assert scanner.scan() == INSURANCE


@pytest.mark.parametrize("text", ["", "1,2,3", "2,1,2,57,64", "2,1,57,2,63", "a,b,c,d,e", "2,1,2,57,-1"])
def test_a_layout_that_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        layout_from(text)


@pytest.mark.parametrize(
    ("hid", "device", "why"),
    [
        (PretendHid([], []), "", Unavailable.NOT_FOUND),
        (PretendHid([KEYBOARD], []), "", Unavailable.NOT_FOUND),
        (PretendHid([NEWLAND], []), "0C2E:0B61", Unavailable.NOT_FOUND),
        (PretendHid([NEWLAND], [], opens=False), "1eab:0022", Unavailable.BUSY),
        (PretendHid([NEWLAND], [b"lost"]), "", Unavailable.LOST),
    ],
)
def test_what_can_be_wrong(tmp_path: Path, hid: PretendHid, device: str, why: Unavailable) -> None:
    connection = HidPosLine(device, backend=hid)
    scanner = driven(connection, tmp_path, timeout=1.0)
    original = hid._rows
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
    assert original is not None
