"""Insurance codes (医保电子凭证二维码): whose they are, and whether they may still be used.

A new state has a row for each person's code. Codes that phones show say themselves whose they are and when they expire
(insurance_digits), and get a row when they are used.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from shim.simulator.insurance_digits import CodeDigits, parse_digits, written_digits
from shim.simulator.persons import NOTABLE, PERSONS
from shim.simulator.store.database import Database, insert_into

INSURANCE_CODE_SECONDS = 60

_INSERT = insert_into("ec_codes", ("code", "code_id", "expires", "used"))
_INSERT_USED = f"{_INSERT} ON CONFLICT (code) DO UPDATE SET used = 1"
# The digits of a code that a phone shows.
_DISPLAYED = re.compile("424([0-9]{17})00350000")


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
        # Codes without `expires` are seeded and stay; of the others, which were used, the last 20,000 are kept.
        "CREATE TABLE ec_codes (id INTEGER PRIMARY KEY, code TEXT UNIQUE, code_id TEXT, expires REAL, used INTEGER)",
        """CREATE TRIGGER ec_codes_kept AFTER INSERT ON ec_codes BEGIN
            DELETE FROM ec_codes WHERE id <= NEW.id - 20000 AND expires IS NOT NULL; END""",
    )

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._counter = itertools.count()

    def seed(self) -> None:
        """Fill a new database: one code that does not expire for each of persons."""
        rows = [(person.ec_code, person.code_id, None, False) for person in (*NOTABLE, *PERSONS)]
        self._database.insert_all(_INSERT, rows)

    def issue(self, code_id: str) -> InsuranceCode:
        """Return a new insurance code of the holder `code_id`, valid for 60 seconds. Nothing is stored.

        Raises:
            KeyError: There is no holder of that ID.
        """
        row = self._database.row("SELECT rowid FROM holders WHERE code_id = ?", code_id)
        if row is None:
            raise KeyError(code_id)
        expires = int(self._clock()) + INSURANCE_CODE_SECONDS
        digits = written_digits(CodeDigits(row[0], expires, next(self._counter)))
        return InsuranceCode(f"424{digits}00350000", code_id, expires, False)

    def find(self, code: str) -> InsuranceCode | None:
        """Return the insurance code; used and expired ones, too."""
        plain = _without_package(code)
        row = self._database.row("SELECT code, code_id, expires, used FROM ec_codes WHERE code = ?", plain)
        if row is not None:
            return InsuranceCode(row[0], row[1], row[2], bool(row[3]))
        match, now = _DISPLAYED.fullmatch(plain), self._clock()
        digits = parse_digits(match[1], now) if match else None
        if digits is None or digits.expires > now + INSURANCE_CODE_SECONDS:
            return None
        row = self._database.row("SELECT code_id FROM holders WHERE rowid = ?", digits.holder)
        return row and InsuranceCode(plain, row[0], digits.expires, False)

    def use(self, code: str) -> bool:
        """Mark an unused insurance code as used; False if there is none."""
        with self._database.transaction():
            known = self.find(code)
            if known is None or known.used:
                return False
            self._database.change(_INSERT_USED, known.code, known.code_id, known.expires, True)
            return True


def _without_package(code: str) -> str:
    return "424" + code[3:] if code.startswith("opc") else code
