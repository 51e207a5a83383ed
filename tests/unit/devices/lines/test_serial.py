"""A serial port on a real pseudo terminal."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

import pytest

from shim.devices.base import Device, DeviceUnavailable
from shim.devices.lines import serial as module
from shim.devices.lines.serial import SerialLine
from shim.errors import Unavailable
from tests.support.forked import descriptors, in_child
from tests.support.open_files import SELECT_NUMBERS, many_open_files
from tests.support.terminals import FarEnd

DEVICE = Device("扫码枪", "scanner")


def line_to(path: str, bits: str = "8N1") -> SerialLine:
    return SerialLine(DEVICE, path, 9600, bits)


def refused(line: SerialLine) -> DeviceUnavailable:
    with pytest.raises(DeviceUnavailable) as caught:
        line.open(1)
    return caught.value


def test_read_and_write() -> None:
    with FarEnd() as device:
        line = line_to(device.path)
        assert line.title == f"扫码枪 {device.path}"
        line.open(1)
        assert line.read() == b""
        device.send(b"\x00\xff4240\r")
        assert line.read(5) == b"\x00\xff4240\r"
        sent = bytes(range(256)) * 8
        line.write(sent, 5)
        assert device.received(len(sent)) == sent
        line.drain(5)
        line.close()


def test_read_waits_for_the_first_byte() -> None:
    with FarEnd() as device:
        line = line_to(device.path)
        line.open(1)
        threading.Timer(0.1, device.send, (b"x",)).start()
        assert line.read(30) == b"x"
        line.close()


def test_what_was_not_read_is_discarded() -> None:
    with FarEnd() as device:
        line = line_to(device.path)
        line.open(1)
        device.send(b"old")
        assert line.read(5) == b"old"  # it has arrived
        device.send(b"older")
        while not line._serial.in_waiting:
            pass
        line.discard()
        device.send(b"new")
        assert line.read(5) == b"new"
        line.close()


def test_a_device_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal's buffer fills up; both the driver's time-out and the line's own limit are TimeoutError."""
    monkeypatch.setattr(module, "_WRITE_SECONDS", 0.05)
    with FarEnd() as device:
        line = line_to(device.path)
        line.open(1)
        with pytest.raises(TimeoutError):
            line.write(bytes(1 << 20), 30)
        with pytest.raises(TimeoutError):
            line.write(b"x", -1)
        line.close()


def test_a_host_with_more_open_files_than_select_can_number() -> None:
    with many_open_files(), FarEnd() as device:
        line = line_to(device.path)
        line.open(1)
        assert max(line._descriptors()) > SELECT_NUMBERS
        line.write(bytes(100), 5)
        assert device.received(100) == bytes(100)
        with pytest.raises(TimeoutError):
            line.write(bytes(1 << 20), 0.1)  # the terminal's buffer is full: the line waits for it
        device.send(b"4240\r")
        assert line.read(5) == b"4240\r"
        line.close()


def test_what_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal never reports unsent bytes, so a port that does stands in for it."""

    class Full:
        out_waiting = 1

    with FarEnd() as device:
        line = line_to(device.path)
        monkeypatch.setattr(line, "_serial", Full())
        with pytest.raises(TimeoutError):
            line.drain(0.05)


def test_unplugged_and_plugged_in_again(tmp_path: Path) -> None:
    device = FarEnd(tmp_path / "ttyUSB0")
    line = line_to(device.path)
    line.open(1)
    device.unplug()
    with pytest.raises(OSError):
        line.read()
    line.close()
    line.close()
    assert refused(line).why is Unavailable.NOT_FOUND
    device.plug()
    line.open(1)
    device.send(b"back")
    assert line.read(5) == b"back"
    line.close()
    device.unplug()


def test_a_missing_port() -> None:
    error = refused(line_to("/dev/ttyNONE"))
    assert error.why is Unavailable.NOT_FOUND
    assert "/dev/ttyNONE：本机没有这个串口，现有串口 " in error.message and "[scanner] 改正 port" in error.message


def test_a_port_in_use() -> None:
    with FarEnd() as device:
        other = line_to(device.path)
        other.open(1)
        error = refused(line_to(device.path))
        other.close()
    assert error.why is Unavailable.BUSY
    assert f"（进程号 {os.getpid()}）" in error.message and "权限" not in error.message


def test_a_format_that_the_port_does_not_have() -> None:
    with FarEnd() as device:
        error = refused(line_to(device.path, "8N3"))
    assert error.why is Unavailable.NOT_SET_UP
    assert "波特率 9600 或格式 8N3" in error.message and "[scanner] baud" in error.message


# ---- forks -----------------------------------------------------------------------------------------------------------


def test_a_forked_child_lets_the_port_alone() -> None:
    """Its copies are closed, which changes nothing for the parent; to the child the port is in use."""
    import termios

    with FarEnd() as device:
        line = line_to(device.path)
        line.open(1)
        numbers = line._descriptors()
        settings = termios.tcgetattr(numbers[0])
        assert len(numbers) == 5

        def child() -> tuple[set[str], Unavailable, bool]:
            here = {what for number, what in descriptors().items() if number in numbers}
            own = [os.open("/dev/null", os.O_RDONLY) for _ in range(20)]  # under the same numbers
            line.close()
            gc.collect()
            return here, refused(line_to(device.path)).why, set(own) <= descriptors().keys()

        assert in_child(child) == (set(), Unavailable.BUSY, True)
        assert termios.tcgetattr(numbers[0]) == settings
        device.send(b"4240\r")
        assert line.read(5) == b"4240\r"
        line.close()


def test_free_although_a_child_has_a_copy() -> None:
    with FarEnd() as device:
        line = line_to(device.path)
        line.open(1)
        copy = os.dup(line._descriptors()[0])
        line.close()
        line.open(1)
        line.close()
        os.close(copy)
