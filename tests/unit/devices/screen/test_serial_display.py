"""A small serial QR display on a pseudo terminal that reads back what it is sent."""

from __future__ import annotations

import logging
import os
import re
import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlib import tools
from shim.devices.lines.serial import SerialLine
from shim.devices.screen.base import ScreenContent, ScreenPhase
from shim.devices.screen.pick import SCREEN
from shim.devices.screen.protocols import PROTOCOL_BY_NAME, custom_protocol
from shim.devices.screen.serial_display import SerialDisplay
from tests.support.terminals import new_link

URL = "http://127.0.0.1:8000/auth/c0e9be5aba699c5c"
WAITING = ScreenContent(ScreenPhase.WAITING, URL, 60)
LOGGER = logging.getLogger("vcshim.tests.qr_displays")
_SILENCE = 0.05  # seconds after which nothing more is on its way


class Device:
    """The display's end of the line."""

    def __init__(self) -> None:
        tools.require("linux")
        import tty

        self.end, self._line_end = os.openpty()
        self._plugged = True
        tty.setraw(self._line_end)
        self._link = new_link()
        self._link.symlink_to(os.ttyname(self._line_end))
        self.path = str(self._link)

    def sent(self) -> bytes:
        """All that came. The system hands it over some time after it was written."""
        data = b""
        while select.select([self.end], [], [], _SILENCE)[0]:
            data += os.read(self.end, 65536)
        return data

    def unplug(self) -> None:
        """Once: the numbers may be somebody else's afterwards."""
        plugged, self._plugged = self._plugged, False
        if plugged:
            self._link.unlink()
            os.close(self._line_end)
            os.close(self.end)


@pytest.fixture
def device() -> Iterator[Device]:
    made = Device()
    yield made
    made.unplug()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def shown_on(path: str, protocol: str, clock: Clock) -> SerialDisplay:
    return SerialDisplay(SerialLine(SCREEN, path, 9600, "8N1"), PROTOCOL_BY_NAME[protocol], LOGGER, clock)


def test_it_gets_the_url_once(device: Device) -> None:
    display = shown_on(device.path, "nextion", Clock())
    display.refresh(ScreenContent(ScreenPhase.HIDDEN))
    assert device.sent() == b""
    for seconds in (60, 59, 58):
        display.refresh(ScreenContent(ScreenPhase.WAITING, URL, seconds))
    sent = device.sent()
    decoded = re.fullmatch(rb'qr0\.txt="([^"]*)"\xff\xff\xff', sent)
    assert decoded is not None and decoded[1].decode() == URL
    display.refresh(ScreenContent(ScreenPhase.REFUSED, URL, 57))
    assert device.sent() == b""  # VC 2.2: the page stays
    display.refresh(ScreenContent(ScreenPhase.SUCCEEDED))
    assert device.sent() == b'qr0.txt=""\xff\xff\xff'
    display.refresh(ScreenContent(ScreenPhase.HIDDEN))
    assert device.sent() == b""
    display.close()


def test_close_clears_it(device: Device) -> None:
    display = shown_on(device.path, "dwin", Clock())
    display.refresh(WAITING)
    sent = device.sent()
    assert (sent[:2], sent[2], sent[3:6], sent[-2:]) == (b"\x5a\xa5", len(sent) - 3, b"\x82\x50\x00", b"\xff\xff")
    assert sent[6:-2].decode() == URL
    display.close()
    assert device.sent() == bytes.fromhex("5AA5 05 82 5000 FFFF")
    display.close()


def test_a_plain_display_is_cleared(device: Device) -> None:
    """By an empty line: for every page without a code, and at Set_QRflow_Mode(0)."""
    display = shown_on(device.path, "plain", Clock())
    display.refresh(WAITING)
    assert device.sent() == URL.encode() + b"\r\n"
    display.refresh(ScreenContent(ScreenPhase.SUCCEEDED))
    assert device.sent() == b"\r\n"
    display.refresh(ScreenContent(ScreenPhase.HIDDEN))
    assert device.sent() == b""
    display.refresh(WAITING)
    display.rest()
    assert device.sent() == URL.encode() + b"\r\n" + b"\r\n"
    display.close()


def test_a_display_that_cannot_be_cleared_is_reported_once(device: Device, caplog: pytest.LogCaptureFixture) -> None:
    line = SerialLine(SCREEN, device.path, 9600, "8N1")
    display = SerialDisplay(line, custom_protocol("", "0A", ""), LOGGER, Clock())
    with caplog.at_level(logging.WARNING, LOGGER.name):
        for _ in range(2):
            display.refresh(WAITING)
            display.refresh(ScreenContent(ScreenPhase.SUCCEEDED))
    assert device.sent() == (URL.encode() + b"\n") * 2
    assert caplog.text.count("[screen] hide 没有设置") == 1
    display.close()


@pytest.mark.parametrize("protocol", ["plain", "nextion", "dwin"])
@pytest.mark.parametrize(
    "code", ["x" * 2332, "data:image/png;base64,iVBORw0KGgo=", "DATA:IMAGE/PNG;base64," + "x" * 9000]
)
def test_what_no_display_can_show_clears_it(
    device: Device, caplog: pytest.LogCaptureFixture, protocol: str, code: str
) -> None:
    """The code of the patient before does not stay in its place, and the log says why without the code."""
    display = shown_on(device.path, protocol, Clock())
    display.refresh(WAITING)
    device.sent()
    with caplog.at_level(logging.WARNING, LOGGER.name):
        for seconds in (60, 59):
            display.refresh(ScreenContent(ScreenPhase.WAITING, code, seconds))
    assert device.sent() == PROTOCOL_BY_NAME[protocol].clear() != b""
    (record,) = caplog.records
    assert "二维码放不下" in record.getMessage() and code[5:] not in record.getMessage()
    assert display.problem == record.getMessage()
    display.close()


def test_unplugged_and_plugged_in_again(device: Device, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One line in the log, no exception, and the code is there again two seconds after the display is."""
    clock = Clock()
    port = tmp_path / "ttyDISPLAY"
    port.symlink_to(device.path)
    display = shown_on(str(port), "plain", clock)
    with caplog.at_level(logging.INFO, LOGGER.name):
        display.refresh(WAITING)
        assert device.sent() == URL.encode() + b"\r\n"
        port.unlink()  # and not a name that the system may give to another terminal
        device.unplug()
        display.refresh(ScreenContent(ScreenPhase.WAITING, URL + "/next", 60))
        for _ in range(3):
            clock.now += 2
            display.refresh(ScreenContent(ScreenPhase.WAITING, URL + "/next", 58))
        second = Device()
        port.symlink_to(second.path)
        clock.now += 2
        display.refresh(WAITING)  # it showed this before it was lost: it must be sent again
        assert second.sent() == URL.encode() + b"\r\n"
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 1
    assert "已断开" in caplog.text and "已恢复" in caplog.text
    assert URL not in caplog.text
    display.close()
    second.unplug()


def test_a_missing_port(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    display = shown_on("/dev/ttyNONE", "plain", clock)
    with caplog.at_level(logging.INFO, LOGGER.name):
        for _ in range(5):
            display.refresh(WAITING)
            clock.now += 5
    assert caplog.text.count("\n") == 1 and "扩展屏" in caplog.text and "[screen]" in caplog.text
    display.close()


def test_a_code_that_is_too_long_is_logged_and_not_sent(device: Device, caplog: pytest.LogCaptureFixture) -> None:
    display = shown_on(device.path, "dwin", Clock())
    with caplog.at_level(logging.WARNING, LOGGER.name):
        for _ in range(3):
            display.refresh(ScreenContent(ScreenPhase.WAITING, "x" * 300, 60))
    assert device.sent() == b""
    assert caplog.text.count("超过扩展屏协议的长度") == 1 and "xxx" not in caplog.text
    display.close()


def test_the_problem_that_keeps_a_code_from_the_display(device: Device) -> None:
    clock = Clock()
    display = shown_on(device.path, "dwin", clock)
    display.refresh(WAITING)
    assert display.problem == ""
    display.refresh(ScreenContent(ScreenPhase.WAITING, "x" * 300, 60))
    assert (display.problem or "").startswith("二维码超过扩展屏协议的长度")
    display.refresh(WAITING)
    assert display.problem == ""
    display.close()
    missing = shown_on("/dev/ttyNONE", "nextion", clock)
    missing.refresh(ScreenContent(ScreenPhase.HIDDEN))
    assert missing.problem == ""
    missing.refresh(WAITING)
    assert (missing.problem or "").startswith("扩展屏 /dev/ttyNONE：本机没有这个串口，")
    missing.refresh(WAITING)  # not tried again yet
    assert (missing.problem or "").startswith("扩展屏 /dev/ttyNONE：本机没有这个串口，")
