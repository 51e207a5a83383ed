"""Printing in process: every transport, what printers answer, and what becomes of a call that cannot print."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from shim import configuration
from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.label.absent import AbsentLabelPrinter
from shim.devices.label.base import LabelPrinter
from shim.devices.label.driver import PrintingLabels
from shim.devices.label.encoders import Paper
from shim.devices.label.languages import LANGUAGES
from shim.devices.label.line import QueueLine
from shim.devices.label.pick import pick_printer
from shim.devices.label.press import RawPress
from shim.devices.label.statuses import Fault
from shim.drawing.dots import Dots
from tests.support.label_parsers import PARSERS, codes
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO, PtyPrinter, Sink
from tests.support.scanners import Background

pytestmark = pytest.mark.needs("font")

LOGGER = logging.getLogger("vcshim.tests")
_REST = b"\x03\r\n\x02001,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
PAPER_OUT = {
    "tspl": b"\x04",
    "zpl": b"\x02030,1,0,0240,000,0,0,0,000,0,0,0" + _REST,
    "cpcl": b"\x02",
    "epl": b"07\r\n",
    "escpos": b"\x12\x72",
}
FINE = {
    "tspl": b"\x00",
    "zpl": b"\x02030,0,0,0240,000,0,0,0,000,0,0,0" + _REST,
    "cpcl": b"\x00",
    "epl": b"00\r\n",
    "escpos": b"\x12\x12",
}


def printer(folder: Path, **settings: object) -> LabelPrinter:
    lines = "".join(f"{key} = {value}\n" for key, value in ({"fonts": NOTO} | settings).items())
    settings_read = configuration.parse(f"[label]\n{lines}")
    assert settings_read.problems == ()
    return pick_printer(settings_read.label, LOGGER, folder)


def refusal(of: LabelPrinter, name: str = NAME, code: str = FUSED) -> DeviceUnavailable:
    with pytest.raises(DeviceUnavailable) as caught:
        of.print_label(code, CARD_NO, name)
    assert not {name, CARD_NO, code} & set(caught.value.message.split())
    return caught.value


def query(language: str) -> bytes:
    found = LANGUAGES[language].query
    assert found
    return found.ask


# ---- transports ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_tcp(tmp_path: Path, language: str) -> None:
    """Asked first, printed then; two labels are two jobs."""
    with Sink(query(language), FINE[language]) as sink:
        to = printer(tmp_path, type="tcp", address=sink.address, language=language)
        to.print_label(FUSED, CARD_NO, NAME)
        to.print_label(FUSED, CARD_NO, "张三")
        sheets = [PARSERS[language](sink.job(number)) for number in range(2)]
        assert [codes(sheet.image()) for sheet in sheets] == [{FUSED}] * 2
        assert sheets[0].rows != sheets[1].rows
        assert sink.asked == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_serial(tmp_path: Path, language: str) -> None:
    """What arrives is what a file gets."""
    link = tmp_path / "ttyS9"
    printer(tmp_path, type="file", file="label.prn", language=language).print_label(FUSED, CARD_NO, NAME)
    whole = (tmp_path / "label.prn").read_bytes()
    with PtyPrinter(link, query(language), FINE[language]) as port:
        printer(tmp_path, type="serial", port=link, language=language).print_label(FUSED, CARD_NO, NAME)
        assert port.waited(len(whole)) == whole
    assert codes(PARSERS[language](whole).image()) == {FUSED}


def test_file(tmp_path: Path) -> None:
    """Appended, and nobody else's to read."""
    to = printer(tmp_path, type="file", file="label.prn")
    to.print_label(FUSED, CARD_NO, NAME)
    once = (tmp_path / "label.prn").read_bytes()
    to.print_label(FUSED, CARD_NO, NAME)
    assert (tmp_path / "label.prn").read_bytes() == once * 2
    assert (tmp_path / "label.prn").stat().st_mode & 0o777 == 0o600
    assert codes(PARSERS["tspl"](once).image()) == {FUSED}


def test_a_device_file(tmp_path: Path) -> None:
    """/dev/usb/lp0 is written like this FIFO."""
    os.mkfifo(tmp_path / "lp0")
    to = printer(tmp_path, type="file", file="lp0", language="escpos")
    reader = Background((tmp_path / "lp0").read_bytes)
    to.print_label(FUSED, CARD_NO, NAME)
    assert codes(PARSERS["escpos"](reader.result()).image()) == {FUSED}


# ---- printers that cannot --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_out_of_paper(tmp_path: Path, language: str) -> None:
    with Sink(query(language), PAPER_OUT[language]) as sink:
        to = printer(tmp_path, type="tcp", address=sink.address, language=language)
        error = refusal(to)
        assert error.why is Unavailable.NOT_READY and "缺纸" in error.message and sink.address in error.message
        assert isinstance(to, PrintingLabels) and to.status() is Fault.PAPER_OUT
        assert sink.asked == 2 and sink.jobs == []


def test_a_silent_printer_prints(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Many never answer; the log says so at debug."""
    caplog.set_level(logging.DEBUG, LOGGER.name)
    with Sink(query("tspl")) as sink:
        to = printer(tmp_path, type="tcp", address=sink.address)
        to.print_label(FUSED, CARD_NO, NAME)
        assert codes(PARSERS["tspl"](sink.job()).image()) == {FUSED}
        assert isinstance(to, PrintingLabels) and "没有应答" in str(to.status())
    assert (caplog.records[0].levelname, "没有应答状态查询" in caplog.records[0].getMessage()) == ("DEBUG", True)


def test_an_answer_in_pieces(tmp_path: Path) -> None:
    with Sink(query("zpl"), PAPER_OUT["zpl"][:30]) as sink:  # the rest never comes: no fault, printed
        printer(tmp_path, type="tcp", address=sink.address, language="zpl").print_label(FUSED, CARD_NO, NAME)
        assert codes(PARSERS["zpl"](sink.job()).image()) == {FUSED}


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    error = refusal(printer(tmp_path, type="tcp", address=address))
    assert error.why is Unavailable.REFUSED and address in error.message and "[label] address" in error.message


@pytest.mark.parametrize(
    ("settings", "why", "words"),
    [
        ({"type": "tcp", "address": "no.such.host.invalid"}, Unavailable.NOT_FOUND, "no.such.host.invalid:9100"),
        ({"type": "tcp", "address": "x" * 70}, Unavailable.NOT_FOUND, "[label] address"),  # no name of the DNS
        ({"type": "serial", "port": "/dev/ttyS77"}, Unavailable.NOT_FOUND, "[label]"),
        ({"type": "file", "file": "no/such/folder/lp0"}, Unavailable.NOT_FOUND, "[label] file"),
        ({"type": "spooler", "printer": "Zebra"}, Unavailable.NOT_SET_UP, "只用于 Windows"),
        ({"type": "driver", "printer": "Zebra"}, Unavailable.NOT_SET_UP, "只用于 Windows"),
    ],
)
def test_no_such_printer(tmp_path: Path, settings: dict[str, str], why: Unavailable, words: str) -> None:
    error = refusal(printer(tmp_path, **settings))
    assert error.why is why and words in error.message and "标签打印机" in error.message


def test_a_printer_that_takes_nothing(tmp_path: Path) -> None:
    """The call ends by its deadline and leaves open what became of the label."""
    with Sink(takes=False) as sink:
        big = {"width_mm": 290, "height_mm": 290, "dpi": 600}  # more than the buffers of both ends hold
        error = refusal(printer(tmp_path, type="tcp", address=sink.address, timeout_seconds=2, **big))
        assert error.why is Unavailable.TIMED_OUT and "是否已经打出" in error.message


def test_a_printer_that_blocks_the_system_call(tmp_path: Path) -> None:
    """Nobody opens the other end: the call ends by its deadline, the next one waits for its turn and gets BUSY."""
    os.mkfifo(tmp_path / "lp0")
    to = printer(tmp_path, type="file", file="lp0", timeout_seconds=1)
    assert refusal(to).why is Unavailable.TIMED_OUT
    error = refusal(to)
    assert error.why is Unavailable.BUSY and "前一张标签" in error.message
    (tmp_path / "lp0").read_bytes()  # the first label leaves, late; the printer is free again
    reader = Background((tmp_path / "lp0").read_bytes)
    to.print_label(FUSED, CARD_NO, NAME)
    assert reader.result()


def test_a_printer_that_goes_away(tmp_path: Path) -> None:
    with Sink(query("tspl"), b"\0", closes_after=4096) as sink:
        error = refusal(printer(tmp_path, type="tcp", address=sink.address, dpi=1200))
        assert error.why is Unavailable.LOST and "是否已经打出" in error.message
        assert sink.jobs == []


def test_what_no_font_has(tmp_path: Path) -> None:
    with Sink(query("tspl"), FINE["tspl"]) as sink:
        to = printer(tmp_path, type="tcp", address=sink.address)
        error = refusal(to, "王\ue000")
        assert error.why is Unavailable.NOT_READY and "U+E000" in error.message and "fonts" in error.message
        assert "王" not in error.message
        assert sink.jobs == [] and sink.asked == 0


class Recorder(QueueLine):
    """A line that knows only what it was told to do, and breaks at one step."""

    title = "标签打印机 X"

    def __init__(self, breaks: str = "") -> None:
        self.steps: list[str] = []
        self._breaks = breaks

    def _step(self, name: str) -> None:
        self.steps.append(name)
        if name == self._breaks:
            raise OSError(name)

    def open(self, limit: float) -> None:
        self._step("open")

    def fault(self) -> Fault | None:
        self._step("fault")
        return None

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self._step("write")

    def drain(self, limit: float) -> None:
        self._step("drain")

    def close(self) -> None:
        self._step("close")


@pytest.mark.parametrize("breaks", ["", "fault", "write", "drain"])
def test_the_steps_of_a_label(breaks: str) -> None:
    """Finished before it is closed: Windows drops what is still unsent; closed whatever happens."""
    line = Recorder(breaks)
    press = RawPress(line, LANGUAGES["tspl"], Paper(20, 10, 203), LOGGER)
    to = PrintingLabels(press, lambda *_: Dots(8, 1, b"\x80"), 10.0, LOGGER)
    if breaks:
        assert refusal(to).why is Unavailable.LOST
    else:
        to.print_label(FUSED, CARD_NO, NAME)
    steps = ["open", "fault", "write", "drain"]
    assert line.steps == [*(steps[: steps.index(breaks) + 1] if breaks else steps), "close"]


def test_one_after_another(tmp_path: Path) -> None:
    """Calls of several threads: whole labels, none mixed."""
    to = printer(tmp_path, type="file", file="label.prn")
    to.print_label(FUSED, CARD_NO, NAME)
    once = (tmp_path / "label.prn").read_bytes()
    for call in [Background(lambda: to.print_label(FUSED, CARD_NO, NAME)) for _ in range(4)]:
        call.result()
    assert (tmp_path / "label.prn").read_bytes() == once * 5


# ---- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "[label] 设置 type"),
        ({"type": "spooler"}, "printer"),
        ({"type": "driver"}, "printer"),
        ({"type": "tcp"}, "address"),
        ({"type": "tcp", "address": "10.1.1.1:99999"}, "address"),
        ({"type": "tcp", "address": "10.1.1.1:x"}, "address"),
        ({"type": "serial"}, "port"),
        ({"type": "file"}, "file"),
        ({"type": "file", "file": "x", "width_mm": "wide"}, "width_mm"),
        ({"type": "file", "file": "x", "width_mm": "500"}, "width_mm"),
        ({"type": "file", "file": "x", "width_mm": "40"}, "40 x 30"),
        ({"type": "file", "file": "x", "gap_mm": "-1"}, "gap_mm"),
        ({"type": "file", "file": "x", "density": "16"}, "最大 15"),
        ({"type": "file", "file": "x", "language": "epl", "speed": "7"}, "最大 6"),
        ({"type": "file", "file": "x", "qr": "1, 1"}, "qr"),
        ({"type": "file", "file": "x", "qr": "1, 1, 2"}, "qr"),
        ({"type": "file", "file": "x", "qr": "1, 10, 22"}, "qr 超出"),
        ({"type": "file", "file": "x", "line1": "{name}"}, "line1"),
        ({"type": "file", "file": "x", "line2": "1, 2, 3, 4, middle, {name}"}, "line2"),
        ({"type": "file", "file": "x", "line3": "1, 2, 3, 4, left, {id_no}"}, "{id_no}"),
        ({"type": "file", "file": "x", "line4": "30, 2, 30, 4, left, {name}"}, "line4 超出"),
        ({"type": "driver", "printer": "x", "line4": "30, 2, 30, 4, left, {name}"}, "line4 超出"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    """The start does not fail; the first label says what is wrong."""
    found = printer(tmp_path, **settings)
    assert isinstance(found, AbsentLabelPrinter)
    error = refusal(found)
    assert error.why is Unavailable.NOT_SET_UP and words in error.message and "vcshim.ini" in error.message


def test_a_layout_of_the_sites_own(tmp_path: Path) -> None:
    settings = {
        "type": "file", "file": "label.prn", "width_mm": "57.5", "height_mm": 40, "dpi": 300, "qr": "20, 1, 30",
        "line1": "1, 1, 18, 5, right, 姓名", "line2": "1, 8, 18, 5, right, {name}", 
        "line3": "1, 33, 55, 4, left, 卡号,{card_no}",
    }  # fmt: skip
    printer(tmp_path, **settings).print_label(FUSED, CARD_NO, NAME)
    sheet = PARSERS["tspl"]((tmp_path / "label.prn").read_bytes())
    assert (sheet.width, len(sheet.rows)) == (680, 472)
    assert sheet.commands[0] == "SIZE 57.5 mm,40 mm"
    assert codes(sheet.image()) == {FUSED}
