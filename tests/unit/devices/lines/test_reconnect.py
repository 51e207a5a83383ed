"""A line that is lost and comes back: when it is opened again, and what is reported once."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.devices.base import Device, DeviceUnavailable
from shim.devices.lines.reconnect import Reconnector
from shim.devices.lines.serial import SerialLine
from tests.support.terminals import FarEnd

DEVICE = Device("扩展屏", "screen")


def test_lost_and_back(tmp_path: Path) -> None:
    device = FarEnd(tmp_path / "ttyUSB0")
    line = SerialLine(DEVICE, device.path, 9600, "8N1")
    kept = Reconnector(line, 2.0)
    assert not kept.is_open and kept.ready(0.0)
    kept.open(1)
    kept.open(1)  # an open line is left alone
    assert kept.is_open and not kept.confirm()
    device.unplug()
    with pytest.raises(OSError):
        kept.line.read()
    assert kept.lose(100.0) and not kept.is_open
    assert line._serial is None  # or the system keeps the dead port's name
    assert not kept.ready(101.9) and kept.ready(102.0)
    with pytest.raises(DeviceUnavailable):
        kept.open(1)
    assert not kept.lose(102.0)  # the same outage
    assert not kept.ready(103.9) and kept.ready(104.0)
    device.plug()
    kept.open(1)
    assert kept.ready(0.0)  # an open line is always ready
    assert kept.confirm() and not kept.confirm()
    device.send(b"x")
    assert kept.line.read(5) == b"x"
    assert kept.lose(200.0)  # another outage
    device.unplug()


def test_a_line_that_was_never_there() -> None:
    kept = Reconnector(SerialLine(DEVICE, "/dev/ttyNONE", 9600, "8N1"), 0.2)
    with pytest.raises(DeviceUnavailable):
        kept.open(1)
    assert kept.lose(5.0)
    kept.close()
    assert not kept.ready(5.1)
