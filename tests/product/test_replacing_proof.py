"""What is made of captured calls, for every made-up vendor: learn without being told, replay without a difference.

The calls are those of the vendors' Linux libraries, as their platforms saw them: no Wine. test_replacing.py shows that
capture keeps the same under Wine. tests/vectors/vendors holds what a person would write who knows the vendor.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from shim.capture.record import CapturedCall
from shim.replay.compare import ComparisonVerdict
from tests.support.vendors.captured import captured
from tests.support.vendors.proving import known_section, learned, replayed
from tests.support.vendors.rows import BY_NAME, ROWS, VendorRow

# The last half is not shown to learn.
CALLS, SHOWN = 40, 20
INSIDE = [row for row in ROWS if row.inside and not row.hangs_on]  # that one takes 20 s: the long form has it
OUTSIDE = [row for row in ROWS if not row.inside]


@cache
def calls_of(name: str) -> tuple[CapturedCall, ...]:
    """Calls of a vendor, made once."""
    return tuple(captured(BY_NAME[name], CALLS))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where some vendors write their ini."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("row", INSIDE, ids=lambda row: row.name)
def test_a_known_vendor_is_replayed(row: VendorRow) -> None:
    """The columns of a dialect can say what this vendor does."""
    comparisons = replayed(row, known_section(row), calls_of(row.name))
    assert [(each.verdict, each.differences) for each in comparisons] == [(ComparisonVerdict.AGREES, ())] * CALLS


@pytest.mark.parametrize("row", INSIDE, ids=lambda row: row.name)
def test_a_vendor_is_learned(row: VendorRow, tmp_path: Path) -> None:
    """Learn is told nothing, and what it prints holds for calls that it did not see."""
    calls = calls_of(row.name)
    lesson = learned(calls[:SHOWN], tmp_path)
    assert lesson.code == 0, lesson.section + lesson.errors
    comparisons = replayed(row, lesson.section, calls)
    assert [(each.verdict, each.differences) for each in comparisons] == [(ComparisonVerdict.AGREES, ())] * CALLS


@pytest.mark.parametrize(
    "row",  # salted takes the whole search for its signs
    [pytest.param(row, id=row.name, marks=[pytest.mark.long] if row.name == "salted" else []) for row in OUTSIDE],
)
def test_a_vendor_outside_the_search_is_called_one(row: VendorRow, tmp_path: Path) -> None:
    lesson = learned(calls_of(row.name)[:SHOWN], tmp_path)
    assert lesson.code == 1
    assert "[dialect" not in lesson.section
    assert REMARKS[row.name] in lesson.section


# What was found of them, and what was not.
REMARKS = {
    "salted": "AES-128/CBC direct opens 20 of 20",
    "rc4": "nothing fits",
}
