"""A device as a file: what is appended, and why a file cannot be opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shim.devices.base import Device, DeviceUnavailable
from shim.devices.lines.file import FileLine
from shim.errors import Unavailable
from tests.support.forked import descriptors, in_child

DEVICE = Device("标签打印机", "label")


def test_every_opening_appends(tmp_path: Path) -> None:
    line = FileLine(DEVICE, str(tmp_path / "label.prn"))
    assert (line.title, line.answers) == ("标签打印机 label.prn", False)
    big = bytes(range(256)) * 1024
    for data in (b"first\r\n", big):
        line.open(1)
        line.write(data)
        assert line.read() == b""
        line.drain(1)
        line.close()
    assert (tmp_path / "label.prn").read_bytes() == b"first\r\n" + big


@pytest.mark.parametrize("name", ["no/such/folder/lp0", pytest.param("", marks=pytest.mark.needs("linux")), "a\0b"])
def test_a_file_that_cannot_be_opened(tmp_path: Path, name: str) -> None:
    """A folder that is missing, a folder in the place of a file, an impossible name."""
    with pytest.raises(DeviceUnavailable) as caught:
        FileLine(DEVICE, str(tmp_path / name)).open(1)
    assert caught.value.why is Unavailable.NOT_FOUND and "[label] file" in caught.value.message


@pytest.mark.needs("linux")
def test_a_device_that_takes_nothing() -> None:
    line = FileLine(DEVICE, "/dev/full")
    line.open(1)
    with pytest.raises(OSError):
        line.write(b"x")
    line.close()
    line.close()
    with pytest.raises(OSError):
        line.write(b"x")


def test_a_forked_child_lets_the_file_alone(tmp_path: Path) -> None:
    """A device file that one process may open at a time is free when the parent closes it."""
    line = FileLine(DEVICE, str(tmp_path / "lp0"))
    line.open(1)
    number = line._file

    def child() -> tuple[bool, bool]:
        was_open = number in descriptors()
        own = os.open("/dev/null", os.O_RDONLY)
        line.close()
        return was_open, own in descriptors()

    assert in_child(child) == (False, True)
    line.write(b"still here")
    line.close()
    assert (tmp_path / "lp0").read_bytes() == b"still here"
