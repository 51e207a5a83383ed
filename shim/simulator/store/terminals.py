"""The terminals that the 多码融合 platform knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shim.simulator.persons import TERMINALS
from shim.simulator.store.database import CachedRead, Database


@dataclass(frozen=True, slots=True)
class RegisteredTerminal:
    """A terminal from which requests are accepted."""

    term_id: str
    title: str = ""


class Terminals:
    """The table of terminals. It begins with those of persons."""

    SCHEMA: ClassVar = ("CREATE TABLE terminals (term_id TEXT PRIMARY KEY, title TEXT)",)

    def __init__(self, database: Database) -> None:
        self._database = database
        self._terminals = CachedRead(database, self._read)

    def seed(self) -> None:
        """Fill a new database."""
        for term_id, title in TERMINALS:
            self.add(RegisteredTerminal(term_id, title))

    def get(self, term_id: str) -> RegisteredTerminal | None:
        """Return the terminal of that term_id."""
        return self._terminals().get(term_id)

    def all(self) -> list[RegisteredTerminal]:
        """Return all terminals in the order in which they were added."""
        return list(self._terminals().values())

    def add(self, terminal: RegisteredTerminal) -> None:
        """Add a terminal; it replaces one of the same term_id."""
        values = terminal.term_id, terminal.title
        self._database.change("INSERT OR REPLACE INTO terminals VALUES (?, ?)", *values)
        self._database.mark_changed()

    def _read(self) -> dict[str, RegisteredTerminal]:
        rows = self._database.rows("SELECT term_id, title FROM terminals ORDER BY rowid")
        return {term_id: RegisteredTerminal(term_id, title) for term_id, title in rows}
