"""Each language's bytes, read back by what does not share a line with the encoders, and what printers answer.

The golden files were made from label.png by the encoders and accepted because zebrafy and the parsers of
label_parsers.py give label.png back; the parsers were accepted because they read what CUPS's own filter made of it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shim.devices.label.drawing import from_png
from shim.devices.label.encoders import Gap, Paper
from shim.devices.label.languages import LANGUAGES
from shim.devices.label.settings import LabelSettings
from shim.devices.label.spooler import queue_fault
from shim.devices.label.statuses import Fault
from shim.drawing.dots import Dots
from tests.support import label_parsers
from tests.support.label_parsers import LABELS, PARSERS
from tests.support.label_printers import FUSED

PICTURE = (LABELS / "label.png").read_bytes()
WORDS: dict[str, Any] = json.loads((LABELS / "words.json").read_text("utf-8"))
# 13 x 3 dots, so that a row ends within a byte.
SMALL = Dots(13, 3, bytes.fromhex("8000 4008 FFF8"))


def golden_paper(language: str) -> Paper:
    """The settings the golden files were made with."""
    row = LANGUAGES[language]
    return Paper(50, 30, 203, Gap.GAP, 2, 8 if row.density else 0, 3 if row.speed else 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_golden(language: str) -> None:
    dots = from_png(PICTURE)
    assert LANGUAGES[language].encode(dots, golden_paper(language)) == (LABELS / f"label.{language}").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_comes_back(language: str) -> None:
    """Dot for dot, so black is black; both decoders read the code of it."""
    sheet = PARSERS[language]((LABELS / f"label.{language}").read_bytes())
    assert sheet.rows == label_parsers.picture(PICTURE)
    assert label_parsers.codes(sheet.image()) == {FUSED}


@pytest.mark.parametrize("language", ["epl", "cpcl"])
def test_the_parsers_read_what_cups_prints(language: str) -> None:
    """The polarity is CUPS's, not ours: its filter was tried on an LP-2844 and a QL-320."""
    sheet = PARSERS[language]((LABELS / f"cups.{language}").read_bytes())
    assert sheet.rows == label_parsers.picture(PICTURE)


def test_zebrafy_reads_what_cups_prints() -> None:
    found = re.search(r"~DGR:CUPS\.GRF,(\d+),(\d+),\n([^~^]*)", (LABELS / "cups.zpl").read_text("ascii"))
    assert found
    size, stride, data = found.groups()
    sheet = label_parsers.zpl(f"^XA^GFA,{size},{size},{stride},{''.join(data.split())}^FS^XZ".encode())
    assert sheet.rows == label_parsers.picture(PICTURE)


@pytest.mark.parametrize("word", WORDS["labels"], ids=lambda word: f"{word['language']}-{word['gap']}")
def test_small_labels_to_the_byte(word: dict[str, Any]) -> None:
    """Written out by hand from the manuals: commands, line ends, polarity, what fills a row up."""
    paper = Paper(20, 10, 203, Gap(word["gap"]), 3, word["density"], word["speed"])
    expected = b"".join(
        bytes.fromhex(part["hex"]) if "hex" in part else part["text"].encode() for part in word["bytes"]
    )
    assert LANGUAGES[word["language"]].encode(SMALL, paper) == expected


@pytest.mark.parametrize("word", WORDS["answers"], ids=lambda word: f"{word['language']} {word['means']}")
def test_answers(word: dict[str, Any]) -> None:
    query = LANGUAGES[word["language"]].query
    assert query is not None
    assert query.ask == bytes.fromhex(WORDS["queries"][word["language"]])
    answer = bytes.fromhex(word["hex"]) if "hex" in word else word["text"].encode()
    assert query.whole(answer)
    assert not query.whole(answer[:-1])
    assert query.read(answer) is (Fault[word["means"]] if word["means"] != "fine" else None)


@pytest.mark.parametrize(
    ("language", "answer"),
    [("zpl", b"\x02\x03" * 3), ("zpl", b"\x03\x03\x03"), ("epl", b"hello\n"), ("escpos", b"\xff\xff"), ("escpos", b"")],
)
def test_an_answer_that_is_not_understood_is_no_fault(language: str, answer: bytes) -> None:
    query = LANGUAGES[language].query
    assert query is not None
    assert query.read(answer) is None


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (0x0, None), (0x400, None), (0x20, None),  # fine, printing, manual feed
        (0x1, Fault.PAUSED), (0x2, Fault.ERROR), (0x8, Fault.PAPER_JAM), (0x10, Fault.PAPER_OUT), (0x80, Fault.OFFLINE),
        (0x1000, Fault.OFFLINE), (0x100000, Fault.ERROR), (0x400000, Fault.HEAD_OPEN),
        (0x10 | 0x2 | 0x80, Fault.PAPER_OUT),
    ],
)  # fmt: skip
def test_the_queue_of_windows(status: int, fault: Fault | None) -> None:
    """The bits of winspool.h; no real Windows was asked."""
    assert queue_fault(status) is fault


def test_the_choices_are_the_table() -> None:
    option = LabelSettings.option("language")
    assert set(option.choices) == set(LANGUAGES) == set(PARSERS)
    assert all(row.evidence for row in LANGUAGES.values())


def test_dots() -> None:
    assert SMALL.ink() == (13, 3)
    assert SMALL.inverted == bytes.fromhex("7FFF BFF7 0007")
    assert Dots(16, 2, bytes(4)).ink() == (0, 0)
    with pytest.raises(ValueError, match="6 bytes"):
        Dots(13, 3, bytes(5))


def test_every_golden_file_is_used() -> None:
    names = {path.name for path in Path(LABELS).iterdir()}
    assert names == {"label.png", "words.json", *(f"label.{n}" for n in LANGUAGES), "cups.epl", "cups.cpcl", "cups.zpl"}
