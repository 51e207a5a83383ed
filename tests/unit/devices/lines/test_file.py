"""A device as a file: what is appended, and why a file cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.devices.base import Device, DeviceUnavailable, Unavailable
from shim.devices.lines.file import FileLine

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
