"""Values that exist once in a state file: the address of the pages, the fault rules, counters."""

from __future__ import annotations

from typing import ClassVar

from shim.simulator.store.database import Database


class SingleValues:
    """The table of single values. The names are fixed: `seed` creates them all."""

    SCHEMA: ClassVar = ("CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID",)
    _INITIAL: ClassVar = {"base_url": "", "standing": "", "registered": 0, "numbers": 0}

    def __init__(self, database: Database) -> None:
        self._database = database

    def seed(self) -> None:
        """Fill a new database."""
        self._database.insert_all("INSERT INTO meta VALUES (?, ?)", self._INITIAL.items())

    def text(self, name: str) -> str:
        """Return the value `name`."""
        return str(self._database.row("SELECT value FROM meta WHERE name = ?", name)[0])

    def set_text(self, name: str, value: str) -> None:
        """Replace the value `name`."""
        self._database.change("UPDATE meta SET value = ? WHERE name = ?", value, name)

    def increment(self, name: str) -> int:
        """Return 1, 2, 3, ... at successive calls; no two processes get the same number."""
        row = self._database.row("UPDATE meta SET value = value + 1 WHERE name = ? RETURNING value", name)
        return int(row[0])
