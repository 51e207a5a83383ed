"""Small serial QR displays: the bytes of each row as literals, and one on a pseudo terminal that reads them back."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlib import tools
from shim.configuration import parse
from shim.devices.lines.serial import SerialLine
from shim.devices.screen.base import Shown, State
from shim.devices.screen.pick import DEVICE, pick_protocol
from shim.devices.screen.protocols import BY_NAME, PROTOCOLS, custom
from shim.devices.screen.serial_display import SerialDisplay
from tests.support.paths import vectors

ROWS = vectors("qr_displays")["rows"]
URL = "http://127.0.0.1:8000/auth/c0e9be5aba699c5c"
WAITING = Shown(State.WAITING, URL, 60)
LOGGER = logging.getLogger("vcshim.tests.qr_displays")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["protocol"] + " " + row["text"][:12])
def test_the_bytes(row: dict[str, str]) -> None:
    protocol = BY_NAME[row["protocol"]]
    assert protocol.show(row["text"]).hex(" ").upper() == row["show"]
    assert protocol.clear().hex(" ").upper() == row["clear"]


def test_every_row_has_vectors_and_evidence() -> None:
    assert {row["protocol"] for row in ROWS} == set(BY_NAME)
    assert all(protocol.evidence for protocol in PROTOCOLS)


def test_a_text_longer_than_the_protocol_can_say() -> None:
    with pytest.raises(ValueError, match="too long"):
        BY_NAME["dwin"].show("x" * 251)
    assert BY_NAME["dwin"].show("x" * 250)[2] == 255


@pytest.mark.parametrize(
    ("prefix", "suffix", "data"),
    [
        ("02 LEN2 51", "03", "02 00 05 51 41 42 43 03"),
        ("02LEN2LE51", "", "02 04 00 51 41 42 43"),
        ("", "0a", "41 42 43 0A"),
        ("LEN", "", "03 41 42 43"),
    ],
)
def test_a_row_of_the_site(prefix: str, suffix: str, data: str) -> None:
    ini = f"[screen]\nprotocol = custom\nprefix = {prefix}\nsuffix = {suffix}\nhide = 0C\n"
    protocol = pick_protocol(parse(ini).screen)
    assert protocol.show("ABC") == bytes.fromhex(data)
    assert protocol.clear() == b"\x0c"


@pytest.mark.parametrize("text", ["7", "xx", "7E LENGTH", "0x7E"])
def test_a_row_that_is_none(text: str) -> None:
    for parts in ((text, "", ""), ("", text, ""), ("", "", text)):
        with pytest.raises(ValueError):
            custom(*parts)


# ---- on a pseudo terminal --------------------------------------------------------------------------------------------


class Device:
    """The far end: reads whatever was sent."""

    def __init__(self) -> None:
        tools.require("linux")
        import tty

        self.end, self._held = os.openpty()
        tty.setraw(self._held)
        self.path = os.ttyname(self._held)
        os.set_blocking(self.end, False)

    def sent(self) -> bytes:
        try:
            return os.read(self.end, 65536)
        except BlockingIOError:
            return b""

    def unplug(self) -> None:
        os.close(self._held)
        os.close(self.end)


@pytest.fixture
def device() -> Iterator[Device]:
    made = Device()
    yield made
    try:
        made.unplug()
    except OSError:
        return


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def shown_on(path: str, protocol: str, clock: Clock) -> SerialDisplay:
    return SerialDisplay(SerialLine(DEVICE, path, 9600, "8N1"), BY_NAME[protocol], LOGGER, clock)


def test_it_gets_the_url_once(device: Device) -> None:
    display = shown_on(device.path, "nextion", Clock())
    display.refresh(Shown(State.HIDDEN))
    assert device.sent() == b""
    for seconds in (60, 59, 58):
        display.refresh(Shown(State.WAITING, URL, seconds))
    sent = device.sent()
    decoded = re.fullmatch(rb'qr0\.txt="([^"]*)"\xff\xff\xff', sent)
    assert decoded is not None and decoded[1].decode() == URL
    display.refresh(Shown(State.REFUSED, URL, 57))
    assert device.sent() == b""  # VC 2.2: the page stays
    display.refresh(Shown(State.SUCCEEDED))
    assert device.sent() == b'qr0.txt=""\xff\xff\xff'
    display.refresh(Shown(State.HIDDEN))
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


def test_unplugged_and_plugged_in_again(device: Device, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One line in the log, no exception, and the code is there again two seconds after the display is."""
    clock = Clock()
    port = tmp_path / "ttyDISPLAY"
    port.symlink_to(device.path)
    display = shown_on(str(port), "plain", clock)
    with caplog.at_level(logging.INFO, LOGGER.name):
        display.refresh(WAITING)
        assert device.sent() == URL.encode() + b"\r\n"
        device.unplug()
        display.refresh(Shown(State.WAITING, URL + "/next", 60))
        for _ in range(3):
            clock.now += 2
            display.refresh(Shown(State.WAITING, URL + "/next", 58))
        second = Device()
        port.unlink()
        port.symlink_to(second.path)
        clock.now += 2
        display.refresh(WAITING)  # what stood there before it went: it must be sent all the same
        assert second.sent() == URL.encode() + b"\r\n"
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 1
    assert "已断开" in caplog.text and "已恢复" in caplog.text
    assert URL not in caplog.text
    display.close()
    second.unplug()


def test_a_port_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    display = shown_on("/dev/ttyNONE", "plain", clock)
    with caplog.at_level(logging.INFO, LOGGER.name):
        for _ in range(5):
            display.refresh(WAITING)
            clock.now += 5
    assert caplog.text.count("\n") == 1 and "扩展屏" in caplog.text and "[screen]" in caplog.text
    display.close()


def test_a_code_too_long_is_said_and_not_sent(device: Device, caplog: pytest.LogCaptureFixture) -> None:
    display = shown_on(device.path, "dwin", Clock())
    with caplog.at_level(logging.WARNING, LOGGER.name):
        for _ in range(3):
            display.refresh(Shown(State.WAITING, "x" * 300, 60))
    assert device.sent() == b""
    assert caplog.text.count("超过扩展屏协议的长度") == 1 and "xxx" not in caplog.text
    display.close()
