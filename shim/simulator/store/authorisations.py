"""Authorisations (VC 4.6, 4.7): what an authurl asks a patient for, and what the patient decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from shim.simulator.persons import APP_ID, CONSENTED_NO, NOTABLE
from shim.simulator.store.database import Database, insert_into
from shim.simulator.store.holders import Holders

AUTHORISATION_SECONDS = 60  # VC 2.2

ING, SUCC, FAIL, CANCEL = "ing", "succ", "fail", "cancel"  # VC 4.7.2


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One request for consent, identified by its `url`; or by the serial number `number` of the account `app_id`.

    `expires` is in seconds of the epoch, `status` a word of VC 4.7.2, `code_id` the holder who consented.
    """

    url: str
    expires: float
    status: str = ING
    code_id: str = ""
    app_id: str = ""
    number: str = ""


_FIELDS = ("url", "expires", "status", "code_id", "app_id", "number")
_COLUMNS = (*_FIELDS, "agrees_at", "agreer")
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM authorisations WHERE "
_INSERT = insert_into("authorisations", _COLUMNS).replace("INSERT", "INSERT OR REPLACE")


class Authorisations:
    """The table of authorisations, the last 20,000. One that expires undecided has failed.

    `clock` gives seconds of the epoch; `new_url` an address that cannot be guessed.
    """

    SCHEMA: ClassVar = (
        # Unless somebody decides before, `agreer` consents at `agrees_at`.
        """CREATE TABLE authorisations (
            id INTEGER PRIMARY KEY, url TEXT UNIQUE, expires REAL, status TEXT, code_id TEXT, app_id TEXT, number TEXT,
            agrees_at REAL, agreer TEXT, UNIQUE (app_id, number)
        )""",
        """CREATE TRIGGER authorisations_kept AFTER INSERT ON authorisations BEGIN
            DELETE FROM authorisations WHERE id <= NEW.id - 20000; END""",
    )

    def __init__(
        self, database: Database, holders: Holders, clock: Callable[[], float], new_url: Callable[[], str]
    ) -> None:
        self._database = database
        self._holders = holders
        self._clock = clock
        self._new_url = new_url

    def seed(self) -> None:
        """Fill a new database: one consent that was given before, which has no authurl."""
        self._database.change(_INSERT, "", 0, SUCC, NOTABLE[0].code_id, APP_ID, CONSENTED_NO, None, "")

    def create(self, app_id: str, number: str, agrees_at: float | None = None, agreer: str = "") -> Authorisation:
        """Create an authorisation that is valid for 60 seconds; it replaces an older one of the same number.

        Args:
            app_id: The account that asks.
            number: The account's serial number for it.
            agrees_at: Seconds of the epoch at which consent is given automatically; None to wait for a patient.
            agreer: The ID of the holder who consents then.
        """
        expires = self._clock() + AUTHORISATION_SECONDS
        authorisation = Authorisation(self._new_url(), expires, app_id=app_id, number=number)
        values = (getattr(authorisation, name) for name in _FIELDS)
        self._database.change(_INSERT, *values, agrees_at, agreer)
        return authorisation

    def by_number(self, app_id: str, number: str) -> Authorisation | None:
        """Return the account's authorisation of that serial number."""
        return self._current(self._database.row(f"{_SELECT} app_id = ? AND number = ?", app_id, number))

    def by_url(self, url: str) -> Authorisation | None:
        """Return the authorisation of that authurl."""
        return self._current(self._database.row(f"{_SELECT} url = ?", url))

    def latest(self, limit: int = 20) -> list[Authorisation]:
        """Return the last authorisations that have an authurl, newest first."""
        rows = self._database.rows(f"{_SELECT} url <> '' ORDER BY id DESC LIMIT ?", limit)
        return [authorisation for row in rows if (authorisation := self._current(row))]

    def consent(self, url: str, code_id: str) -> bool:
        """Record the patient's consent.

        Args:
            url: The authurl.
            code_id: The 多码融合码 ID of the patient.

        Returns:
            False if it is decided or expired, or there is no open holder of that ID.
        """
        with self._database.transaction():
            holder = self._holders.by_id(code_id)
            return holder is not None and not holder.closed and self._decide(url, SUCC, code_id)

    def decline(self, url: str, status: str = CANCEL) -> bool:
        """Record that the patient refused (`CANCEL`) or that it failed (`FAIL`); False if decided or expired."""
        return self._decide(url, status, "")

    def _decide(self, url: str, status: str, code_id: str) -> bool:
        with self._database.transaction():
            authorisation = self.by_url(url)
            if authorisation is None or authorisation.status != ING:
                return False
            sql = "UPDATE authorisations SET status = ?, code_id = ? WHERE url = ?"
            self._database.change(sql, status, code_id, url)
            return True

    def _current(self, row: Any) -> Authorisation | None:
        """Return the authorisation of a row as it is now: undecided ones change with the time."""
        if row is None:
            return None
        *values, agrees_at, agreer = row
        stored, now = Authorisation(*values), self._clock()
        if stored.status != ING:
            return stored
        if agrees_at is not None and agrees_at <= now and agrees_at < stored.expires:
            return replace(stored, status=SUCC, code_id=agreer)
        return stored if now < stored.expires else replace(stored, status=FAIL)
