"""Printing in a printer language: over every kind of line, what printers answer, and printers that cannot print."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path

import pytest

from shim.devices.base import DeviceUnavailable
from shim.devices.label.base import LABEL_PRINTER
from shim.devices.label.driver import DrivenLabelPrinter
from shim.devices.label.languages import LANGUAGES
from shim.devices.label.paper import Paper
from shim.devices.label.queue_line import QueueLine
from shim.devices.label.raw import RawPrintMethod
from shim.devices.label.statuses import Fault
from shim.devices.lines.base import Line
from shim.devices.lines.pick import serial_line, tcp_line
from shim.drawing.dots import Dots
from shim.errors import Message, Unavailable
from shim.messages import label as rows
from tests.support.label_parsers import codes
from tests.support.label_printers import CARD_NO, FUSED, LOGGER, NAME, PtyPrinter, Sink, label_printer, refusal
from tests.support.label_vectors import LANGUAGE_VECTORS, LanguageVector
from tests.support.scanners import Background

ASKED = [vector for vector in LANGUAGE_VECTORS.values() if vector.query]
by_language = pytest.mark.parametrize("vector", ASKED, ids=lambda vector: vector.name)
TSPL, ZPL, ESCPOS = (LANGUAGE_VECTORS[name] for name in ("tspl", "zpl", "escpos"))


@by_language
def test_tcp(tmp_path: Path, vector: LanguageVector) -> None:
    """The printer is asked before each label; two labels are two jobs."""
    with Sink(vector.query, vector.answer("fine")) as sink:
        printer = label_printer(tmp_path, type="tcp", address=sink.address, language=vector.name)
        printer.print_label(FUSED, CARD_NO, NAME)
        printer.print_label(FUSED, CARD_NO, "张三")
        sheets = [vector.parser(sink.job(number)) for number in range(2)]
        assert [codes(sheet.image()) for sheet in sheets] == [{FUSED}] * 2
        assert sheets[0].rows != sheets[1].rows
        assert sink.asked == 2


@by_language
def test_serial(tmp_path: Path, vector: LanguageVector) -> None:
    """A serial port gets the bytes that a file gets."""
    link = tmp_path / "ttyS9"
    file = label_printer(tmp_path, type="file", file="label.prn", language=vector.name)
    file.print_label(FUSED, CARD_NO, NAME)
    whole = (tmp_path / "label.prn").read_bytes()
    with PtyPrinter(link, vector.query, vector.answer("fine")) as port:
        label_printer(tmp_path, type="serial", port=link, language=vector.name).print_label(FUSED, CARD_NO, NAME)
        assert port.waited(len(whole)) == whole
    assert codes(vector.parser(whole).image()) == {FUSED}


@pytest.mark.needs("linux")
def test_file(tmp_path: Path) -> None:
    """Labels are appended, and only this user can read the file."""
    printer = label_printer(tmp_path, type="file", file="label.prn")
    printer.print_label(FUSED, CARD_NO, NAME)
    once = (tmp_path / "label.prn").read_bytes()
    printer.print_label(FUSED, CARD_NO, NAME)
    assert (tmp_path / "label.prn").read_bytes() == once * 2
    assert (tmp_path / "label.prn").stat().st_mode & 0o777 == 0o600
    assert codes(TSPL.parser(once).image()) == {FUSED}


@pytest.mark.needs("linux")
def test_a_device_file(tmp_path: Path) -> None:
    """/dev/usb/lp0 is written like this FIFO."""
    os.mkfifo(tmp_path / "lp0")
    printer = label_printer(tmp_path, type="file", file="lp0", language="escpos")
    reader = Background((tmp_path / "lp0").read_bytes)
    printer.print_label(FUSED, CARD_NO, NAME)
    assert codes(ESCPOS.parser(reader.result()).image()) == {FUSED}


@by_language
def test_out_of_paper(tmp_path: Path, vector: LanguageVector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.devices.label.raw._ANSWER_SECONDS", 9.0)  # it always answers, if late
    with Sink(vector.query, vector.answer("PAPER_OUT")) as sink:
        printer = label_printer(tmp_path, type="tcp", address=sink.address, language=vector.name)
        error = refusal(printer)
        assert error.why is Unavailable.NOT_READY and "缺纸" in error.message and sink.address in error.message
        assert isinstance(printer, DrivenLabelPrinter) and printer.status() is Fault.PAPER_OUT
        assert sink.asked == 2 and sink.jobs == []


def test_a_silent_printer_prints(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Many never answer; the log says so at level debug."""
    caplog.set_level(logging.DEBUG, LOGGER.name)
    with Sink(TSPL.query) as sink:
        printer = label_printer(tmp_path, type="tcp", address=sink.address)
        printer.print_label(FUSED, CARD_NO, NAME)
        assert codes(TSPL.parser(sink.job()).image()) == {FUSED}
        assert isinstance(printer, DrivenLabelPrinter) and "没有应答" in str(printer.status())
    assert (caplog.records[0].levelname, "没有应答状态查询" in caplog.records[0].getMessage()) == ("DEBUG", True)


def test_an_answer_whose_end_is_missing(tmp_path: Path) -> None:
    """It counts as no fault, and the label is printed."""
    with Sink(ZPL.query, ZPL.answer("PAPER_OUT")[:30]) as sink:
        label_printer(tmp_path, type="tcp", address=sink.address, language="zpl").print_label(FUSED, CARD_NO, NAME)
        assert codes(ZPL.parser(sink.job()).image()) == {FUSED}


# ---- the sign that a label was read ---------------------------------------------------------------------------------

LABEL = Dots(160, 96, bytes(1920))
LARGE = Dots(400, 240, bytes(12000))


def printed(line: Line, dots: Dots = LABEL, limit: float = 2.0, *, confirm: bool = True) -> Message | None:
    """The row of the failure of a label; None if it counts as printed."""
    paper = Paper(dots.width / 8, dots.height / 8, 203)
    method = RawPrintMethod(line, LANGUAGES["tspl"], paper, LOGGER, confirm=confirm)
    try:
        method.print(lambda dpi: dots, limit)
    except DeviceUnavailable as error:
        assert line.title in error.message
        return error.row
    return None


def tcp(sink: Sink) -> Line:
    return tcp_line(LABEL_PRINTER, sink.address)


@pytest.mark.parametrize("dots", [LABEL, LARGE])
def test_a_printer_that_accepts_and_never_reads(dots: Dots) -> None:
    """Its system acknowledges the whole label, which is in a buffer and nowhere else."""
    with Sink(takes=False) as sink:
        assert printed(tcp(sink), dots) is rows.NOT_CONFIRMED


@pytest.mark.needs("linux")
def test_a_printer_whose_buffer_is_full() -> None:
    with Sink(takes=False, buffer=4096) as sink:
        assert printed(tcp(sink), LARGE) is rows.NOT_ACCEPTED


@pytest.mark.parametrize("dots", [LABEL, LARGE])
def test_a_printer_that_hangs_after_it_has_answered(dots: Dots) -> None:
    with Sink(TSPL.query, TSPL.answer("fine"), hangs_after_query=True) as sink:
        assert printed(tcp(sink), dots) is rows.NOT_CONFIRMED


def test_the_call_fails_for_a_printer_that_never_reads(tmp_path: Path) -> None:
    with Sink(takes=False) as sink:
        error = refusal(label_printer(tmp_path, type="tcp", address=sink.address, timeout_seconds=3))
        assert error.why is Unavailable.TIMED_OUT and sink.address in error.message


def test_a_printer_that_resets_the_connection() -> None:
    """As its system does if it closes with the label unread: that is no sign of having read it."""
    with Sink(TSPL.query, closes_after=10) as sink:
        assert printed(tcp(sink)) is rows.LOST


def test_a_printer_that_keeps_the_connection_and_answers_on_another() -> None:
    with Sink(TSPL.query, TSPL.answer("fine"), closes=False) as sink:
        assert printed(tcp(sink), limit=4.0) is None
        assert sink.job() and sink.asked == 2


def test_a_printer_of_which_nothing_can_be_known() -> None:
    """It never answers, never closes: confirm = off is for such a printer."""
    with Sink(TSPL.query, closes=False) as sink:
        assert printed(tcp(sink)) is rows.NOT_CONFIRMED
        assert "confirm = off" in rows.NOT_CONFIRMED.engineer
        assert printed(tcp(sink), confirm=False) is None


@pytest.mark.parametrize(("answers", "row"), [(0, None), (1, rows.NOT_CONFIRMED), (2, None)])
def test_a_serial_printer_that_stops_answering(tmp_path: Path, answers: int, row: Message | None) -> None:
    """One that has answered must answer again; one that never does counts as one that prints."""
    link = tmp_path / "ttyS9"
    with PtyPrinter(link, TSPL.query, TSPL.answer("fine"), answers=answers):
        assert printed(serial_line(LABEL_PRINTER, str(link), 115200, "8n1"), limit=3.0) is row


def test_a_fault_after_the_label_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The last label of a roll is printed, and then there is no paper."""
    link = tmp_path / "ttyS9"

    class LastOfTheRoll(PtyPrinter):
        def answer(self) -> bytes:
            return TSPL.answer("PAPER_OUT" if len(self.received) > 10 else "fine")

    with LastOfTheRoll(link, TSPL.query, b""):
        assert printed(serial_line(LABEL_PRINTER, str(link), 115200, "8n1"), limit=30.0) is None
    (record,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert record.getMessage() == "标签已经交给打印机，它随后报告：标签打印机缺纸"


def test_no_printer_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    error = refusal(label_printer(tmp_path, type="tcp", address=address))
    assert error.why is Unavailable.REFUSED and address in error.message and "[label] address" in error.message


@pytest.mark.parametrize(
    ("settings", "why", "words"),
    [
        ({"type": "tcp", "address": "no.such.host.invalid"}, Unavailable.NOT_FOUND, "no.such.host.invalid:9100"),
        ({"type": "tcp", "address": "x" * 70}, Unavailable.NOT_FOUND, "[label] address"),  # no name of the DNS
        ({"type": "serial", "port": "/dev/ttyS77"}, Unavailable.NOT_FOUND, "[label]"),
        ({"type": "file", "file": "no/such/folder/lp0"}, Unavailable.NOT_FOUND, "[label] file"),
    ],
)
def test_no_such_printer(tmp_path: Path, settings: dict[str, str], why: Unavailable, words: str) -> None:
    error = refusal(label_printer(tmp_path, **settings))
    assert error.why is why and words in error.message and "标签打印机" in error.message


def test_a_printer_that_goes_away(tmp_path: Path) -> None:
    with Sink(TSPL.query, b"\0", closes_after=4096) as sink:
        error = refusal(label_printer(tmp_path, type="tcp", address=sink.address, dpi=1200))
        assert error.row is rows.LOST
        assert sink.jobs == []


class Recorder(QueueLine):
    """A line that records the calls, fails in one of them, and whose queue may report a fault."""

    title = "标签打印机 X"

    def __init__(self, fails: str = "", fault: Fault | None = None) -> None:
        self.calls: list[str] = []
        self._fails = fails
        self._fault = fault

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name == self._fails:
            raise OSError(name)

    def open(self, limit: float) -> None:
        self._call("open")

    def fault(self) -> Fault | None:
        self._call("fault")
        return self._fault

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self._call("write")

    def drain(self, limit: float) -> None:
        self._call("drain")

    def close(self) -> None:
        self._call("close")


def queue_printer(line: QueueLine) -> DrivenLabelPrinter:
    method = RawPrintMethod(line, LANGUAGES["tspl"], Paper(20, 10, 203), LOGGER)
    return DrivenLabelPrinter(method, lambda *_: Dots(8, 1, b"\x80"), 10.0, LOGGER)


@pytest.mark.parametrize("fails", ["", "fault", "write", "drain"])
def test_the_steps_of_a_label(fails: str) -> None:
    """Drained before it is closed: Windows drops what is still unsent. Closed after a failure, too."""
    line = Recorder(fails)
    printer = queue_printer(line)
    if fails:
        assert refusal(printer).why is Unavailable.LOST
    else:
        printer.print_label(FUSED, CARD_NO, NAME)
    calls = ["open", "fault", "write", "drain"]
    assert line.calls == [*(calls[: calls.index(fails) + 1] if fails else calls), "close"]


def test_a_queue_that_reports_a_fault() -> None:
    line = Recorder(fault=Fault.HEAD_OPEN)
    error = refusal(queue_printer(line))
    assert error.why is Unavailable.NOT_READY and error.row is rows.HEAD_OPEN
    assert line.calls == ["open", "fault", "close"]


def test_a_layout_of_the_site(tmp_path: Path) -> None:
    settings = {
        "type": "file", "file": "label.prn", "width_mm": "57.5", "height_mm": 40, "dpi": 300, "qr": "20, 1, 30",
        "line1": "1, 1, 18, 5, right, 姓名", "line2": "1, 8, 18, 5, right, {name}",
        "line3": "1, 33, 55, 4, left, 卡号,{card_no}",
    }  # fmt: skip
    label_printer(tmp_path, **settings).print_label(FUSED, CARD_NO, NAME)
    sheet = TSPL.parser((tmp_path / "label.prn").read_bytes())
    assert (sheet.width, len(sheet.rows)) == (680, 472)
    assert sheet.commands[0] == "SIZE 57.5 mm,40 mm"
    assert codes(sheet.image()) == {FUSED}
