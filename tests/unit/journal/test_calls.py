"""The table of calls: what is found again, what is open, what is old."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from shim.journal.calls import CallOutcome, CallTable, JournalRow, Wanted
from shim.journal.database import JournalDatabase
from shim.journal.schema import STEPS

ROW = JournalRow(
    1, 1_700_000_000.25, "his.exe", 7, "capture", "VirtualCardTrans", "ehc.ehealthcard.close", "20231114221320", True,
    CallOutcome.UNKNOWN, "3003", 12.5,
)  # fmt: skip
DAY = 86400


@pytest.fixture
def database(tmp_path: Path) -> JournalDatabase:
    return JournalDatabase(tmp_path / "journal.db", STEPS)


@pytest.fixture
def table(database: JournalDatabase) -> CallTable:
    return CallTable(database)


def test_a_row_comes_back(table: CallTable) -> None:
    assert table.add(ROW) == 1 and table.select(Wanted()) == [ROW]
    ended = replace(ROW, outcome=CallOutcome.SUCCESS, code="00", milliseconds=80.0, sent=False)
    assert table.end(1, ended) and table.select(Wanted()) == [ended]
    assert not table.end(2, ended)


def test_the_number_of_a_row_that_has_gone_is_not_used_again(table: CallTable, database: JournalDatabase) -> None:
    assert [table.add(ROW), table.add(ROW)] == [1, 2]
    database.change("DELETE FROM calls")
    assert table.add(ROW) == 3


def test_what_is_open(table: CallTable) -> None:
    for outcome in CallOutcome:
        table.add(replace(ROW, outcome=outcome))
    found = table.select(Wanted(open_only=True))
    assert [row.outcome.value for row in found] == ["sending", "unknown"] and all(row.is_open for row in found)
    table.settle([found[0].number], "clerk", "done at the platform")
    assert [row.outcome.value for row in table.select(Wanted(open_only=True))] == ["unknown"]
    (settled,) = table.numbers([found[0].number]).values()
    assert (settled.settled_by, settled.note, settled.is_open) == ("clerk", "done at the platform", False)
    assert settled.settled is not None and abs(settled.settled - time.time()) < 600
    table.unsettle([found[0].number])
    assert table.numbers([found[0].number, 99]) == {found[0].number: found[0]}


def test_the_end_of_a_call_does_not_take_a_mark_off(table: CallTable) -> None:
    table.add(replace(ROW, outcome=CallOutcome.SENDING))
    table.settle([1], "clerk", "")
    table.end(1, ROW)
    assert [row.settled_by for row in table.select(Wanted())] == ["clerk"]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [1, 2, 3]),
        (Wanted(function="nationectrans"), [2]),
        (Wanted(method="EC.query"), [2]),
        (Wanted(code="3003"), [1, 3]),
        (Wanted(since=ROW.began + 1), [2, 3]),
        (Wanted(before=ROW.began + 1), [1]),
        (Wanted(since=ROW.began + 1, before=ROW.began + 15, code="3003"), []),
    ],
)
def test_which_are_wanted(table: CallTable, wanted: Wanted, numbers: list[int]) -> None:
    table.add(ROW)
    table.add(replace(ROW, began=ROW.began + 10, function="NationEcTrans", method="ec.query", code="-1"))
    table.add(replace(ROW, began=ROW.began + 20))
    assert [row.number for row in table.select(wanted)] == numbers


def test_a_word_of_a_later_vcshim_is_looked_at(table: CallTable, database: JournalDatabase) -> None:
    table.add(ROW)
    database.change("UPDATE calls SET outcome = 'later'")
    assert [row.outcome for row in table.select(Wanted())] == [CallOutcome.UNKNOWN]


def test_rows_that_are_too_old_go(table: CallTable, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 20_000 * DAY + 50_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    for days in (40, 31, 30, 29, 10, 1, 0):
        table.add(replace(ROW, began=now - days * DAY))
    assert table.drop_old(30) == 2
    assert [round((now - row.began) / DAY) for row in table.select(Wanted())] == [30, 29, 10, 1, 0]
    assert table.drop_old(30) == 0


def test_a_clock_that_was_years_ahead_deletes_nothing(table: CallTable, monkeypatch: pytest.MonkeyPatch) -> None:
    today = 20_000 * DAY + 50_000.0
    for began in (today - DAY, today, today + 3000 * DAY):
        table.add(replace(ROW, began=began))
    for now in (today + 40 * DAY, today + 3000 * DAY, today + 3001 * DAY, today + 2 * DAY):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        assert table.drop_old(30) == 0
