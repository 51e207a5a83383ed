"""The applications that may call the 多码融合 platform, with their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shim.simulator.persons import ACCOUNTS
from shim.simulator.store.database import CachedRead, Database


@dataclass(frozen=True, slots=True)
class Account:
    """An application and its key. `methods` are those that it may call; empty for all."""

    app_id: str
    secret: str
    title: str = ""
    methods: frozenset[str] = frozenset()


class Accounts:
    """The table of accounts. It begins with those of persons."""

    # `methods` is separated by blanks, empty for all.
    SCHEMA: ClassVar = ("CREATE TABLE accounts (app_id TEXT PRIMARY KEY, secret TEXT, title TEXT, methods TEXT)",)

    def __init__(self, database: Database) -> None:
        self._database = database
        self._accounts = CachedRead(database, self._read)

    def seed(self) -> None:
        """Fill a new database."""
        for app_id, secret, title, methods in ACCOUNTS:
            self.add(Account(app_id, secret, title, methods))

    def get(self, app_id: str) -> Account | None:
        """Return the account of that app_id."""
        return self._accounts().get(app_id)

    def all(self) -> list[Account]:
        """Return all accounts in the order in which they were added."""
        return list(self._accounts().values())

    def add(self, account: Account) -> None:
        """Add an account; it replaces one of the same app_id."""
        methods = " ".join(sorted(account.methods))
        values = account.app_id, account.secret, account.title, methods
        self._database.change("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)", *values)
        self._database.mark_changed()

    def _read(self) -> dict[str, Account]:
        rows = self._database.rows("SELECT app_id, secret, title, methods FROM accounts ORDER BY rowid")
        return {
            app_id: Account(app_id, secret, title, frozenset(methods.split()))
            for app_id, secret, title, methods in rows
        }
