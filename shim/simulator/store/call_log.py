"""The log of calls: the last thousand, with requests and answers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import ClassVar

from shim.simulator.messages import CALL_COLUMNS, Call
from shim.simulator.store.database import Database, insert_into

CALLS_KEPT = 1000
FAILURES = "!"

_SELECT = f"SELECT {', '.join(CALL_COLUMNS)} FROM calls"
_INSERT = insert_into("calls", tuple(name for name in CALL_COLUMNS if name != "number"))
_values = attrgetter(*(field.name for field in fields(Call) if field.name != "number"))


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls are wanted; "" wants all.

    Attributes:
        method: a part of the method's name.
        code: the whole code; ``!`` wants every failure, and calls without an answer.
        text: a part of the request or the answer, on the wire or opened.
    """

    method: str = ""
    code: str = ""
    text: str = ""

    @property
    def sql(self) -> str:
        """The conditions, each with AND before it."""
        parts = []
        if self.method:
            parts.append("AND instr(lower(method), lower(?))")
        if self.code:
            parts.append("AND code NOT IN ('0000', '0')" if self.code == FAILURES else "AND code = ?")
        if self.text:
            parts.append("AND (instr(request, ?) OR instr(opened, ?) OR instr(answer, ?) OR instr(told, ?))")
        return " ".join(parts)

    @property
    def values(self) -> tuple[str, ...]:
        """What stands for the question marks."""
        code = (self.code,) if self.code and self.code != FAILURES else ()
        return (*((self.method,) if self.method else ()), *code, *((self.text,) * 4 if self.text else ()))


class CallLog:
    """The table of calls."""

    SCHEMA: ClassVar = (
        # Up to a hundred more than CALLS_KEPT: deleting at every insert would cost time.
        """CREATE TABLE calls (
            number INTEGER PRIMARY KEY, path TEXT, method TEXT, code TEXT, request TEXT, opened TEXT, answer TEXT,
            told TEXT, wish TEXT, at REAL, ms REAL
        )""",
        f"""CREATE TRIGGER calls_kept AFTER INSERT ON calls WHEN NEW.number % 100 = 0 BEGIN
            DELETE FROM calls WHERE number <= NEW.number - {CALLS_KEPT}; END""",
    )

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, call: Call) -> None:
        """Store the call and set its `number`."""
        call.number = self._database.insert(_INSERT, *_values(call))

    def after(self, number: int = 0, limit: int = CALLS_KEPT) -> list[Call]:
        """Return the last `limit` calls whose number is greater than `number`, oldest first."""
        rows = self._database.rows(f"{_SELECT} WHERE number > ? ORDER BY number DESC LIMIT ?", number, limit)
        return [Call(*row) for row in reversed(rows)]

    def search(self, wanted: CallFilter, after: int = 0, limit: int = CALLS_KEPT) -> list[Call]:
        """Return the last `limit` calls that are wanted and whose number is greater than `after`, oldest first."""
        rows = self._database.rows(
            f"{_SELECT} WHERE number > ? {wanted.sql} ORDER BY number DESC LIMIT ?", after, *wanted.values, limit
        )
        return [Call(*row) for row in reversed(rows)]

    def get(self, number: int) -> Call | None:
        """Return the call of that number if it is still stored."""
        row = self._database.row(f"{_SELECT} WHERE number = ?", number)
        return row and Call(*row)
