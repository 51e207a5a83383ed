"""ecToken (令牌): one for each insured person, renewed by every query of the person's insurance code."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from shim.simulator.store.database import Database

INSURANCE_TOKEN_SECONDS = 1800


class InsuranceTokens:
    """The table of tokens that were issued. `clock` gives seconds of the epoch."""

    SCHEMA: ClassVar = ("CREATE TABLE ec_tokens (token TEXT PRIMARY KEY, code_id TEXT, expires REAL) WITHOUT ROWID",)

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def issue(self, token: str, code_id: str) -> None:
        """Make the token of the holder `code_id` valid for 30 minutes from now."""
        expires = self._clock() + INSURANCE_TOKEN_SECONDS
        self._database.change("INSERT OR REPLACE INTO ec_tokens VALUES (?, ?, ?)", token, code_id, expires)

    def is_valid(self, token: str) -> bool:
        """Return whether the token was issued and has not expired."""
        row = self._database.row("SELECT expires FROM ec_tokens WHERE token = ?", token)
        return row is not None and self._clock() < row[0]

    def holder_id(self, token: str) -> str | None:
        """Return the ID of the holder for whom the token was issued, expired or not."""
        row = self._database.row("SELECT code_id FROM ec_tokens WHERE token = ?", token)
        return row and str(row[0])
