"""Insurance codes (医保电子凭证): whose they are, and whether they may still be used."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from shim.simulator.persons import NOTABLE, PERSONS
from shim.simulator.store.database import Database, insert_into

INSURANCE_CODE_SECONDS = 60

_INSERT = insert_into("ec_codes", ("code", "code_id", "expires", "used"))


@dataclass(frozen=True, slots=True)
class InsuranceCode:
    """An insurance code of the holder `code_id`. It may be used once, until `expires` in seconds of the epoch.

    `expires` is None for a code that does not expire.
    """

    code: str
    code_id: str
    expires: float | None
    used: bool


class InsuranceCodes:
    """The table of insurance codes. `clock` gives seconds of the epoch.

    A package code (``opc...``) is found under the code of the same digits.
    """

    SCHEMA: ClassVar = (
        # Codes without `expires` are seeded and stay; of the others the last 20,000 are kept.
        "CREATE TABLE ec_codes (id INTEGER PRIMARY KEY, code TEXT UNIQUE, code_id TEXT, expires REAL, used INTEGER)",
        """CREATE TRIGGER ec_codes_kept AFTER INSERT ON ec_codes BEGIN
            DELETE FROM ec_codes WHERE id <= NEW.id - 20000 AND expires IS NOT NULL; END""",
    )

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def seed(self) -> None:
        """Fill a new database: one code that does not expire for each of persons."""
        rows = [(person.ec_code, person.code_id, None, False) for person in (*NOTABLE, *PERSONS)]
        self._database.insert_all(_INSERT, rows)

    def issue(self, code_id: str) -> InsuranceCode:
        """Create an insurance code of the holder `code_id`, valid for 60 seconds."""
        # 17 digits without a leading zero: all seeded codes have one.
        digits = 10**16 + secrets.randbelow(9 * 10**16)
        code = InsuranceCode(f"424{digits}00350000", code_id, self._clock() + INSURANCE_CODE_SECONDS, False)
        self._database.change(_INSERT, code.code, code.code_id, code.expires, code.used)
        return code

    def find(self, code: str) -> InsuranceCode | None:
        """Return the insurance code; used and expired ones, too."""
        sql = "SELECT code, code_id, expires, used FROM ec_codes WHERE code = ?"
        row = self._database.row(sql, _without_package(code))
        return row and InsuranceCode(row[0], row[1], row[2], bool(row[3]))

    def use(self, code: str) -> bool:
        """Mark an unused insurance code as used; False if there is none."""
        sql = "UPDATE ec_codes SET used = 1 WHERE code = ? AND used = 0"
        return self._database.change(sql, _without_package(code)) == 1


def _without_package(code: str) -> str:
    return "424" + code[3:] if code.startswith("opc") else code
