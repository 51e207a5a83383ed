"""The one label printer over all methods: its deadline, one label at a time, and labels that cannot be drawn."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shim.errors import Unavailable
from shim.messages import label as rows
from tests.support.label_printers import CARD_NO, FUSED, NAME, Sink, label_printer, refusal
from tests.support.label_vectors import LANGUAGE_VECTORS
from tests.support.scanners import Background

TSPL = LANGUAGE_VECTORS["tspl"]


def test_a_printer_that_accepts_nothing(tmp_path: Path) -> None:
    """The call ends by its deadline; what became of the label is left open."""
    with Sink(takes=False, buffer=4096) as sink:
        big = {"width_mm": 290, "height_mm": 290, "dpi": 600}  # more than the buffers of both ends hold
        error = refusal(label_printer(tmp_path, type="tcp", address=sink.address, timeout_seconds=2, **big))
        assert error.row is rows.NOT_ACCEPTED


@pytest.mark.needs("linux")
def test_a_printer_that_blocks_the_system_call(tmp_path: Path) -> None:
    """A FIFO that no other program has open: the call ends by its deadline, the next one waits for it and gets BUSY."""
    os.mkfifo(tmp_path / "lp0")
    printer = label_printer(tmp_path, type="file", file="lp0", timeout_seconds=4)
    assert refusal(printer).why is Unavailable.TIMED_OUT
    error = refusal(printer)
    assert error.why is Unavailable.BUSY and "前一张标签" in error.message
    (tmp_path / "lp0").read_bytes()  # the first label is printed late, and the printer is free again
    reader = Background((tmp_path / "lp0").read_bytes)
    printer.print_label(FUSED, CARD_NO, NAME)
    assert reader.result()


def test_one_label_at_a_time(tmp_path: Path) -> None:
    """Calls of several threads print whole labels, never mixed."""
    printer = label_printer(tmp_path, type="file", file="label.prn")
    printer.print_label(FUSED, CARD_NO, NAME)
    once = (tmp_path / "label.prn").read_bytes()
    for call in [Background(lambda: printer.print_label(FUSED, CARD_NO, NAME)) for _ in range(4)]:
        call.result()
    assert (tmp_path / "label.prn").read_bytes() == once * 5


def test_what_no_font_has(tmp_path: Path) -> None:
    """The printer is not even asked; the message names the code point, not the name."""
    with Sink(TSPL.query, TSPL.answer("fine")) as sink:
        error = refusal(label_printer(tmp_path, type="tcp", address=sink.address), "王\ue000")
        assert error.why is Unavailable.NOT_READY and "U+E000" in error.message and "fonts" in error.message
        assert "王" not in error.message
        assert sink.jobs == [] and sink.asked == 0
