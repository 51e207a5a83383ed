"""The serial ports of this PC."""

from __future__ import annotations

import glob

import pytest

from shim.devices.lines import ports


@pytest.mark.needs("linux")
def test_usb_ports_in_a_steady_order(monkeypatch: pytest.MonkeyPatch) -> None:
    present = {"/dev/ttyUSB*": ["/dev/ttyUSB1", "/dev/ttyUSB0"], "/dev/ttyACM*": ["/dev/ttyACM0"]}
    monkeypatch.setattr(glob, "glob", present.get)
    assert ports.serial_ports() == ("/dev/ttyACM0", "/dev/ttyUSB0", "/dev/ttyUSB1")
    assert ports.listing() == "/dev/ttyACM0、/dev/ttyUSB0、/dev/ttyUSB1"


@pytest.mark.needs("linux")
def test_no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glob, "glob", lambda pattern: [])
    assert ports.listing() == "无"
