"""From settings to a line, and the `spy` switch of every device that has one."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from shim import configuration
from shim.call_activity import CallActivity
from shim.devices.base import Device, DeviceUnavailable, UnusableSetting
from shim.devices.label.driver import DrivenLabelPrinter
from shim.devices.label.pick import pick_printer
from shim.devices.label.queue_line import QueueLine
from shim.devices.label.raw import RawPrintMethod
from shim.devices.label.statuses import Fault
from shim.devices.lines.file import FileLine
from shim.devices.lines.pick import file_line, serial_line, spied, tcp_line
from shim.devices.lines.spy import SpyLine
from shim.devices.screen.pick import pick_screen
from shim.spec.rows import Step
from tests.support.terminals import FarEnd

DEVICE = Device("标签打印机", "label")
LOGGER = logging.getLogger("vcshim.tests.pick")
URL = "http://127.0.0.1:8000/auth/c0e9be5aba699c5c"


def test_serial() -> None:
    assert serial_line(DEVICE, "COM4", 9600, "8n1").title == "标签打印机 COM4"
    with FarEnd() as device:
        line = serial_line(DEVICE, device.path, 9600, "7e1")  # in lower case, as the settings have it
        line.open(1)
        line.close()
    with pytest.raises(UnusableSetting, match="type = serial 还须写 port，本机现有串口 "):
        serial_line(DEVICE, "", 9600, "8n1")


@pytest.mark.parametrize(
    ("address", "default", "title"),
    [
        ("192.168.1.50:4001", None, "192.168.1.50:4001"),
        ("printer.local", 9100, "printer.local:9100"),
        ("192.168.1.60:9101", 9100, "192.168.1.60:9101"),
        ("[fe80::1]:4001", None, "fe80::1:4001"),
        ("[::1]", 9100, "::1:9100"),
        ("host:65535", None, "host:65535"),
    ],
)
def test_addresses(address: str, default: int | None, title: str) -> None:
    assert tcp_line(DEVICE, address, default).title == f"标签打印机 {title}"


@pytest.mark.parametrize(
    ("address", "default"),
    [
        ("", None), ("", 9100), ("10.1.1.1", None), ("10.1.1.1:", None), (":4001", None), ("10.1.1.1:0", 9100),
        ("10.1.1.1:65536", None), ("10.1.1.1:x", None), ("10.1.1.1:４００１", None), ("::1:4001", None), ("[]:1", None),
    ],
)  # fmt: skip
def test_addresses_that_cannot_be_used(address: str, default: int | None) -> None:
    example = "192.168.1.50:4001" if default is None else "192.168.1.60:9100"
    with pytest.raises(UnusableSetting, match=f"type = tcp 还须写 address，形如 .*{example}$"):
        tcp_line(DEVICE, address, default)


def test_file(tmp_path: Path) -> None:
    line = file_line(DEVICE, str(tmp_path / "lp0"))
    line.open(1)
    line.write(b"x")
    line.close()
    assert (tmp_path / "lp0").read_bytes() == b"x"
    with pytest.raises(UnusableSetting, match="type = file 还须写 file"):
        file_line(DEVICE, "")


def test_spied(tmp_path: Path) -> None:
    line = FileLine(DEVICE, str(tmp_path / "lp0"))
    assert spied(line, LOGGER, spy=False) is line
    watched = spied(line, LOGGER, spy=True)
    assert isinstance(watched, SpyLine) and watched.unwrapped is line


# ---- the switch in the settings of the screen and the label printer --------------------------------------------------


def logged(log: pytest.LogCaptureFixture) -> str:
    rows = [(row.getMessage(), getattr(row, "facts", {})) for row in log.records]
    return json.dumps(rows, ensure_ascii=False)


@pytest.mark.needs("font")
@pytest.mark.parametrize("spy", ["on", "off"])
def test_the_label_printers_spy(tmp_path: Path, caplog: pytest.LogCaptureFixture, spy: str) -> None:
    """ZPL holds the picture as hexadecimal text: masked like all that is sent to a printer."""
    settings = configuration.parse(f"[label]\ntype = file\nfile = lp0\nlanguage = zpl\nspy = {spy}\n", tmp_path).label
    with caplog.at_level(logging.INFO, LOGGER.name):
        pick_printer(settings, LOGGER).print_label("1:1:::35020010001", "D00000002", "")
    assert (tmp_path / "lp0").read_bytes().startswith(b"^XA")
    assert ("标签打印机 lp0 发出" in logged(caplog)) == (spy == "on")
    assert "^XA" not in logged(caplog) and "5E 58 41" not in logged(caplog)


@pytest.mark.parametrize("spy", ["on", "off"])
def test_the_screens_spy(tmp_path: Path, caplog: pytest.LogCaptureFixture, spy: str) -> None:
    with FarEnd() as device, caplog.at_level(logging.INFO, LOGGER.name):
        settings = configuration.parse(f"[screen]\ntype = serial\nport = {device.path}\nspy = {spy}\n").screen
        screen = pick_screen(settings, LOGGER, tmp_path, CallActivity())
        screen.set_visible(True)
        screen.tell(Step.ASKS, "1", URL)
        assert device.received(len(URL)) == URL.encode()
        screen.set_visible(False)
    assert (f"扩展屏 {device.path} 发出" in logged(caplog)) == (spy == "on")
    assert URL not in logged(caplog) and URL.encode().hex(" ").upper() not in logged(caplog)


class Queue(QueueLine):
    """A queue of the system whose printer is out of paper."""

    title = "标签打印机 queue"

    def open(self, limit: float) -> None:
        return None

    def write(self, data: bytes, limit: float = 1.0) -> None:
        raise AssertionError

    def close(self) -> None:
        return None

    def fault(self) -> Fault | None:
        return Fault.PAPER_OUT


@pytest.mark.needs("font")
def test_a_spied_queue_still_tells_its_fault(tmp_path: Path) -> None:
    printer = pick_printer(configuration.parse("[label]\ntype = file\nfile = lp0\n", tmp_path).label, LOGGER)
    assert isinstance(printer, DrivenLabelPrinter) and isinstance(printer._method, RawPrintMethod)
    printer._method._line = spied(Queue(), LOGGER, spy=True, mask_sent=True)
    assert printer.status() is Fault.PAPER_OUT
    with pytest.raises(DeviceUnavailable, match="缺纸"):
        printer.print_label("1:1:::35020010001", "D00000002", "")
