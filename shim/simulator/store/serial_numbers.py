"""Serial numbers (流水号): those of callers, which may be used once, and those that the platform assigns."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from shim import wall_clock
from shim.simulator.store.database import Database
from shim.simulator.store.single_values import SingleValues


class SerialNumbers:
    """The table of serial numbers that callers have used, the last 200,000, and the platform's counter.

    `clock` gives seconds of the epoch.
    """

    SCHEMA: ClassVar = (
        """CREATE TABLE serials (
            id INTEGER PRIMARY KEY, app_id TEXT, method TEXT, number TEXT, UNIQUE (app_id, method, number)
        )""",
        """CREATE TRIGGER serials_kept AFTER INSERT ON serials WHEN NEW.id % 1000 = 0 BEGIN
            DELETE FROM serials WHERE id <= NEW.id - 200000; END""",
    )

    def __init__(self, database: Database, values: SingleValues, clock: Callable[[], float]) -> None:
        self._database = database
        self._values = values
        self._clock = clock

    def claim(self, app_id: str, method: str, number: str) -> bool:
        """Take a serial number of an account and method; False if it was taken before."""
        sql = "INSERT OR IGNORE INTO serials (app_id, method, number) VALUES (?, ?, ?)"
        return self._database.change(sql, app_id, method, number) == 1

    def assign(self) -> str:
        """Return a new serial number of the platform."""
        return f"{wall_clock.utc(self._clock()).digits}{self._values.increment('numbers'):08d}"
