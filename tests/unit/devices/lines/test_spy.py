"""The line that logs another: commands in full, a patient's data by number and kind only."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from shim.devices.base import Device, DeviceUnavailable
from shim.devices.lines.file import FileLine
from shim.devices.lines.serial import SerialLine
from shim.devices.lines.spy import SpyLine, masked
from tests.support.terminals import FarEnd

DEVICE = Device("扫码枪", "scanner")
LOGGER = logging.getLogger("vcshim.tests.spy")


def lines_of(log: pytest.LogCaptureFixture) -> list[tuple[str, object]]:
    """What was logged: the text after the title, and its fact."""
    return [(row.getMessage().rpartition(" ")[2], *getattr(row, "facts", {}).values()) for row in log.records]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"4240\r\n", "6 字节：4 数字，CR，LF"),
        (b"\x00\xffab:1", "6 字节：1 控制字节，1 非 ASCII，2 字母，1 其他可见字符，1 数字"),
        (b"", "0 字节："),
        (b"a1" * 10, "20 字节：" + "，".join(["1 字母", "1 数字"] * 10)),
        (b"a1" * 10 + b"b" * 5000, "5020 字节：" + "，".join(["1 字母", "1 数字"] * 10) + "…"),
    ],
)
def test_masked(data: bytes, wanted: str) -> None:
    assert masked(data) == wanted


def test_commands_and_codes(caplog: pytest.LogCaptureFixture) -> None:
    with FarEnd() as device, caplog.at_level(logging.INFO, LOGGER.name):
        line = SpyLine(SerialLine(DEVICE, device.path, 9600, "8N1"), LOGGER)
        assert (line.title, line.answers) == (f"扫码枪 {device.path}", True)
        line.open(1)
        line.discard()
        line.write(b"\x16T\r")
        assert device.received(3) == b"\x16T\r"
        assert line.read() == b""  # nothing came, nothing is logged
        device.send(b"4240\r")
        assert line.read(5) == b"4240\r"
        line.drain(1)
        line.close()
    assert lines_of(caplog) == [
        ("已打开",), ("清空输入",), ("发出", "16 54 0D"), ("收到", "5 字节：4 数字，CR"), ("已关闭",),
    ]  # fmt: skip


def test_what_is_sent_may_be_a_patients(caplog: pytest.LogCaptureFixture) -> None:
    with FarEnd() as device, caplog.at_level(logging.INFO, LOGGER.name):
        line = SpyLine(SerialLine(DEVICE, device.path, 9600, "8N1"), LOGGER, mask_sent=True)
        line.open(1)
        line.write(b"D00000002")
        line.close()
    assert ("发出", "9 字节：1 字母，8 数字") in lines_of(caplog)
    assert "D0000" not in caplog.text and "44 30" not in str(lines_of(caplog))


def test_failures_are_logged_and_raised(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    device = FarEnd(tmp_path / "ttyUSB0")
    line = SpyLine(SerialLine(DEVICE, device.path, 9600, "8N1"), LOGGER)
    with caplog.at_level(logging.INFO, LOGGER.name):
        line.open(1)
        device.unplug()
        with pytest.raises(OSError):
            line.read()
        with pytest.raises(OSError):
            line.write(b"x")
        line.close()
        with pytest.raises(DeviceUnavailable):
            line.open(1)
    assert [row[0] for row in lines_of(caplog)] == ["已打开", "读取时断开", "发出", "发送时断开", "已关闭", "打开失败"]
    assert "本机没有这个串口" in str(lines_of(caplog)[-1][1])


def test_what_only_the_back_end_can_do(tmp_path: Path) -> None:
    """A driver looks through any number of spies; `answers` is the inner line's."""
    file = FileLine(DEVICE, str(tmp_path / "lp0"))
    spy = SpyLine(SpyLine(file, LOGGER), LOGGER)
    assert spy.unwrapped is file and file.unwrapped is file
    assert not spy.answers
