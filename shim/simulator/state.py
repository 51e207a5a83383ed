"""The memory of both platforms: the tables of store over one database, with one clock."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from shim.simulator.store.accounts import Accounts
from shim.simulator.store.authorisations import Authorisations
from shim.simulator.store.call_log import CallLog
from shim.simulator.store.database import Database
from shim.simulator.store.fault_rules import FaultRuleStore
from shim.simulator.store.holders import Holders
from shim.simulator.store.insurance_codes import InsuranceCodes
from shim.simulator.store.insurance_tokens import InsuranceTokens
from shim.simulator.store.serial_numbers import SerialNumbers
from shim.simulator.store.single_values import SingleValues
from shim.simulator.store.terminals import Terminals

_TABLES = (
    SingleValues, Holders, Accounts, Terminals, SerialNumbers, Authorisations, InsuranceCodes, InsuranceTokens, CallLog,
)  # fmt: skip


class SimulatorState:
    """What both platforms remember. A new one begins with the people, accounts and terminals of persons.

    Any thread may use it, and several processes may share a file. Every method, of the tables too, may raise OSError
    (see `Database`). `now` gives the platforms' time in seconds of the epoch.

    Args:
        file: The SQLite file; None for memory that ends with the process.
        clock: Seconds of the epoch, so that tests decide what time it is.
        new_name: The last part of a new authurl, which must not be guessable.
        base_url: What authurls begin with; "" to keep what the file has.

    Raises:
        OSError: The file cannot be opened, read or written.
        ValueError: The file is not a state file, or one of another edition.
    """

    def __init__(
        self,
        file: Path | None = None,
        clock: Callable[[], float] = time.time,
        new_name: Callable[[], str] = lambda: secrets.token_hex(8),
        base_url: str = "",
    ) -> None:
        self.now = clock
        self.database = Database(file, (sql for table in _TABLES for sql in table.SCHEMA), _seed)
        self._values = SingleValues(self.database)
        self.fault_rules = FaultRuleStore(self.database, self._values)
        self.holders = Holders(self.database, self._values)
        self.accounts = Accounts(self.database)
        self.terminals = Terminals(self.database)
        self.serial_numbers = SerialNumbers(self.database, self._values, clock)
        self.authorisations = Authorisations(
            self.database, self.holders, clock, lambda: f"{self.base_url}/auth/{new_name()}"
        )
        self.insurance_codes = InsuranceCodes(self.database, clock)
        self.insurance_tokens = InsuranceTokens(self.database, clock)
        self.calls = CallLog(self.database)
        try:
            if base_url:
                self.base_url = base_url
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the database. Calling any other method afterwards is an error."""
        self.database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Make the changes of a block one change; see `Database.transaction`."""
        return self.database.transaction()

    @property
    def base_url(self) -> str:
        """What authurls begin with. A server sets its own address, for all who share the file."""
        return self._values.text("base_url")

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._values.set_text("base_url", url)


def _seed(database: Database) -> None:
    """Fill a new database with what persons has."""
    values = SingleValues(database)
    holders = Holders(database, values)
    values.seed()
    holders.seed()
    InsuranceCodes(database, time.time).seed()
    Authorisations(database, holders, time.time, str).seed()
    Accounts(database).seed()
    Terminals(database).seed()
