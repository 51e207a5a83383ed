"""Each language's bytes, read back by parsers that share no line with the encoders, and what printers answer.

The vectors come first: a vector without a row fails here by its name. A golden file was made from label.png by the
encoder and accepted because zebrafy and the parsers of label_parsers.py give label.png back; the parsers were accepted
because they read what CUPS's own filter made of it.
"""

from __future__ import annotations

import re

import pytest

from shim.devices.label.drawing import from_png
from shim.devices.label.languages import LANGUAGES
from shim.devices.label.paper import Gap, Paper
from shim.devices.label.statuses import Fault
from shim.drawing.dots import Dots
from tests.support import label_parsers
from tests.support.label_parsers import PARSERS
from tests.support.label_printers import FUSED
from tests.support.label_vectors import LABELS, LANGUAGE_VECTORS, PICTURE, LanguageVector

ROWS = label_parsers.picture(PICTURE.read_bytes())
# 13 x 3 dots, so that a row ends within a byte.
SMALL = Dots(13, 3, bytes.fromhex("8000 4008 FFF8"))
by_language = pytest.mark.parametrize("vector", LANGUAGE_VECTORS.values(), ids=lambda vector: vector.name)


def test_every_language_has_a_vector() -> None:
    assert set(LANGUAGES) == set(LANGUAGE_VECTORS)
    assert all(row.evidence for row in LANGUAGES.values())


@by_language
def test_golden(vector: LanguageVector) -> None:
    dots = from_png(PICTURE.read_bytes())
    assert LANGUAGES[vector.name].encode(dots, vector.golden_paper) == vector.golden.read_bytes()


@by_language
def test_the_picture_comes_back(vector: LanguageVector) -> None:
    """Dot for dot, so black is black; both decoders read its code."""
    sheet = vector.parser(vector.golden.read_bytes())
    assert sheet.rows == ROWS
    assert label_parsers.codes(sheet.image()) == {FUSED}


@by_language
def test_small_labels_to_the_byte(vector: LanguageVector) -> None:
    """Written by hand from the manuals: commands, line ends, which bit prints, the padding of a row."""
    for label in vector.labels:
        paper = Paper(20, 10, 203, Gap(label["gap"]), 3, label["density"], label["speed"])
        assert LANGUAGES[vector.name].encode(SMALL, paper) == label["bytes"], label["gap"]
    assert {label["gap"] for label in vector.labels} == {gap.value for gap in Gap}


@by_language
def test_query(vector: LanguageVector) -> None:
    query = LANGUAGES[vector.name].query
    assert (query.command if query else b"") == vector.query


ANSWERS = [
    pytest.param(vector.name, means, answer, id=f"{vector.name} {means} {answer[:9].hex()}")
    for vector in LANGUAGE_VECTORS.values()
    for means, answer in vector.answers
]


@pytest.mark.parametrize(("language", "means", "answer"), ANSWERS)
def test_answers(language: str, means: str, answer: bytes) -> None:
    query = LANGUAGES[language].query
    assert query is not None
    assert query.complete(answer)
    assert not query.complete(answer[:-1])
    assert query.fault(answer) is (Fault[means] if means != "fine" else None)


@pytest.mark.parametrize(
    ("language", "answer"),
    [("zpl", b"\x02\x03" * 3), ("zpl", b"\x03\x03\x03"), ("epl", b"hello\n"), ("escpos", b"\xff\xff"), ("escpos", b"")],
)
def test_an_answer_that_is_not_understood_is_no_fault(language: str, answer: bytes) -> None:
    query = LANGUAGES[language].query
    assert query is not None
    assert query.fault(answer) is None


@pytest.mark.parametrize("language", ["epl", "cpcl"])
def test_the_parsers_read_what_cups_prints(language: str) -> None:
    """Which bit prints is CUPS's word, not ours: its filter was tried on an LP-2844 and a QL-320."""
    assert PARSERS[language]((LABELS / f"cups.{language}").read_bytes()).rows == ROWS


def test_zebrafy_reads_what_cups_prints() -> None:
    graphic = re.search(r"~DGR:CUPS\.GRF,(\d+),(\d+),\n([^~^]*)", (LABELS / "cups.zpl").read_text("ascii"))
    assert graphic
    size, stride, data = graphic.groups()
    sheet = label_parsers.zpl(f"^XA^GFA,{size},{size},{stride},{''.join(data.split())}^FS^XZ".encode())
    assert sheet.rows == ROWS


def test_every_file_of_the_vectors_is_used() -> None:
    names = {path.name for path in LABELS.iterdir()}
    vectors = {name for row in LANGUAGE_VECTORS.values() for name in (f"{row.name}.json", row.golden.name)}
    assert names == {PICTURE.name, *vectors, "cups.epl", "cups.cpcl", "cups.zpl"}
