"""The table of calls: its rows, how they are written, and what the commands ask of it. Knows SQL and nothing of a call.

A row is of a call that a host made, in any mode. It holds nothing of a patient: `shim/journal/call_journal.py` masks
what goes in.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import Enum, unique
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from shim.kept_files import expired

if TYPE_CHECKING:  # importing it imports SQLite, which only the writer's thread does
    from shim.journal.database import JournalDatabase, Step

_DAY_SECONDS = 86400

SCHEMA: Step = (
    """CREATE TABLE calls (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        began REAL NOT NULL,
        host TEXT NOT NULL,
        pid INTEGER NOT NULL,
        mode TEXT NOT NULL,
        function TEXT NOT NULL,
        method TEXT NOT NULL,
        serial TEXT NOT NULL,
        sent INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        code TEXT NOT NULL,
        milliseconds REAL,
        settled REAL,
        settled_by TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX calls_began ON calls (began)",
    "CREATE INDEX calls_open ON calls (id) WHERE outcome IN ('unknown', 'sending') AND settled IS NULL",
)


@unique
class CallOutcome(Enum):
    """What became of a call; the value is what the table holds."""

    SENDING = "sending"  # it was handed over, and its end was never written: it is under way, or the host was killed
    SUCCESS = "success"
    REFUSED = "refused"  # the platform said no
    NOT_DONE = "not done"  # nothing was submitted
    UNKNOWN = "unknown"  # a change that may be done
    NO_RESULT = "no result"  # something that changes nothing was sent, without an answer that was understood
    DONE = "done"  # it is done, and the host was told of a failure: its buffer was too small
    PERHAPS = "perhaps"  # of a device: it may have printed, typed or shown; no platform knows of it


OPEN = (CallOutcome.UNKNOWN, CallOutcome.SENDING)
"""What is reconciled with the platform."""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One call.

    Attributes:
        number: the row's; never used again, also after the row has gone.
        began: seconds since 1970.
        host: the host program's file name.
        mode: that of [mode] run.
        serial: the host's number of the business, masked unless its form is safe; "" if it is not known.
        sent: whether anything was handed over.
        code: what the host got.
        milliseconds: how long the call took; None as long as it has no end.
        settled: when somebody marked the row, in seconds since 1970; None if nobody has. `settled_by` is who.
    """

    number: int
    began: float
    host: str
    pid: int
    mode: str
    function: str
    method: str
    serial: str
    sent: bool
    outcome: CallOutcome
    code: str
    milliseconds: float | None = None
    settled: float | None = None
    settled_by: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be reconciled."""
        return self.outcome in OPEN and self.settled is None


_COLUMNS = tuple("id" if each.name == "number" else each.name for each in fields(JournalRow))
_WRITTEN = _COLUMNS[1:12]  # what a host writes
_written = attrgetter(*_WRITTEN)
_INSERT = f"INSERT INTO calls ({', '.join(_WRITTEN)}) VALUES ({', '.join('?' * len(_WRITTEN))})"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are wanted: those for which all that is set holds.

    `since` and `before` are seconds since 1970; texts are compared whatever their case.
    """

    open_only: bool = False
    since: float | None = None
    before: float | None = None
    function: str = ""
    method: str = ""
    code: str = ""


class CallTable:
    """The calls of one journal. Every method may raise JournalUnusable."""

    def __init__(self, database: JournalDatabase) -> None:
        self._database = database

    def add(self, row: JournalRow) -> int:
        """Write a new row; returns its number."""
        return self._database.insert(_INSERT, *_values(row))

    def end(self, number: int, row: JournalRow) -> bool:
        """Write the end of a call over the row that it was begun with; False if that row is gone."""
        names = ", ".join(f"{name} = ?" for name in _WRITTEN)
        return bool(self._database.change(f"UPDATE calls SET {names} WHERE id = ?", *_values(row), number))

    def select(self, wanted: Wanted) -> list[JournalRow]:
        """The rows that are wanted, the oldest first."""
        clauses, values = _where(wanted)
        sql = f"SELECT {', '.join(_COLUMNS)} FROM calls WHERE {' AND '.join(clauses)} ORDER BY began, id"
        return [_row(each) for each in self._database.rows(sql, *values)]

    def numbers(self, numbers: Iterable[int]) -> dict[int, JournalRow]:
        """The rows of these numbers, as far as they are there."""
        sql = f"SELECT {', '.join(_COLUMNS)} FROM calls WHERE id = ?"
        found = (self._database.rows(sql, number) for number in numbers)
        return {row.number: row for rows in found for row in map(_row, rows)}

    def settle(self, numbers: Sequence[int], by: str, note: str) -> None:
        """Mark rows as reconciled, all of them or none."""
        with self._database.transaction():
            for number in numbers:
                self._database.change(
                    "UPDATE calls SET settled = ?, settled_by = ?, note = ? WHERE id = ?", time.time(), by, note, number
                )

    def unsettle(self, numbers: Sequence[int]) -> None:
        """Take the marks off again, all of them or none."""
        with self._database.transaction():
            for number in numbers:
                self._database.change(
                    "UPDATE calls SET settled = NULL, settled_by = '', note = '' WHERE id = ?", number
                )

    def drop_old(self, keep_days: int) -> int:
        """Delete the rows of days older than `keep_days`, by a clock that may have been set (`kept_files.expired`).

        Returns:
            How many there were.
        """
        days = [
            day for (day,) in self._database.rows(f"SELECT DISTINCT CAST(began / {_DAY_SECONDS} AS INTEGER) FROM calls")
        ]
        today = int(time.time() // _DAY_SECONDS)
        earlier = [day for day in days if day < today]
        if not earlier:
            return 0
        now = min(today, max(earlier) + 1) * _DAY_SECONDS
        old = expired([day * _DAY_SECONDS for day in days], now, keep_days * _DAY_SECONDS)
        dropped = 0
        for day, is_old in zip(days, old, strict=True):
            if is_old:
                first = day * _DAY_SECONDS
                dropped += self._database.change(
                    "DELETE FROM calls WHERE began >= ? AND began < ?", first, first + _DAY_SECONDS
                )
        return dropped


def _values(row: JournalRow) -> list[Any]:
    return [value.value if type(value) is CallOutcome else value for value in _written(row)]


def _row(values: Sequence[Any]) -> JournalRow:
    given = dict(zip(_COLUMNS, values, strict=True))
    known = {each.value: each for each in CallOutcome}
    outcome = known.get(given["outcome"], CallOutcome.UNKNOWN)  # of a later vcshim: better looked at than missed
    number = given.pop("id")
    return JournalRow(**{**given, "number": number, "outcome": outcome, "sent": bool(given["sent"])})


def _where(wanted: Wanted) -> tuple[list[str], list[Any]]:
    clauses, values = ["1"], []
    if wanted.open_only:
        clauses.append("outcome IN ('unknown', 'sending') AND settled IS NULL")
    for clause, value in (
        ("began >= ?", wanted.since),
        ("began < ?", wanted.before),
        ("function = ? COLLATE NOCASE", wanted.function),
        ("method = ? COLLATE NOCASE", wanted.method),
        ("code = ? COLLATE NOCASE", wanted.code),
    ):
        if value is not None and value != "":
            clauses.append(clause)
            values.append(value)
    return clauses, values
