"""The journal of a host's calls: what `reply` and `forwarded` tell it, masked and handed to the writer.

Every method may be called by any thread, never raises, and never waits for longer than `WAIT_SECONDS`, whatever has
become of the file. Built by wiring (`open_journal`); where [journal] enabled is off, an object that does nothing takes
its place. What the rows hold is in shim/journal/calls.py.
"""

from __future__ import annotations

import logging
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from shim import log
from shim.errors import Reason, mask, shown_name
from shim.journal.calls import CallOutcome, CallTable, JournalRow
from shim.journal.writer import JournalWriter, WrittenWork
from shim.spec import EC_CODES, EXPORTS, SEEN_CODES, VC_CODES

if TYPE_CHECKING:
    from shim.journal.database import JournalDatabase

WAIT_SECONDS = 0.002
_BUSY_SECONDS = 0.001  # that a statement waits for another process
"""How long a call waits for its row, before it sends and at its end: a host may be killed or end directly after."""

# A serial number of a time and a few digits: no number of a person has this form.
_TIMED_SERIAL = re.compile(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d\d{0,6}", re.ASCII)
_MASKED = re.compile(r".?\*\*\*（[0-9]+ 字）")
# Any other code is a platform's own, and may be anything.
_KNOWN_CODES = frozenset(
    {*VC_CODES, *EC_CODES, *SEEN_CODES, *(row.success for row in EXPORTS)}
    | {code for each in Reason for code in (each.vc_code, each.ec_code)}
)


@dataclass(frozen=True, slots=True)
class JournalCall:
    """What is told of a call; it is masked before it is written.

    Attributes:
        began: seconds since 1970.
        milliseconds: since then; None before the end.
    """

    function: str
    method: str = ""
    serial: str = ""
    began: float = 0.0
    sent: bool = False
    outcome: CallOutcome = CallOutcome.SENDING
    code: str = ""
    milliseconds: float | None = None

    def after(self, before: JournalCall) -> JournalCall:
        """The same, with what only `before` knew: it is of the same call, and was told earlier."""
        return replace(
            self,
            method=self.method or before.method,
            serial=self.serial or before.serial,
            began=before.began,
            milliseconds=max(self.milliseconds or 0.0, before.milliseconds or 0.0),
        )


class JournalTicket:
    """Names a call that was told of, so that its end goes to the same row. `row` is set by the writer's thread."""

    __slots__ = ("call", "row")

    def __init__(self, call: JournalCall) -> None:
        self.call = call
        self.row = 0


class Journal(Protocol):
    """What a call tells. Nothing here raises."""

    def prepare(self) -> None:
        """A call is about to wait: open the file meanwhile."""

    def began(self, call: JournalCall) -> JournalTicket | None:
        """The request of a call that may change something is about to be sent."""

    def ended(self, call: JournalCall, ticket: JournalTicket | None = None) -> JournalTicket | None:
        """A call has ended; with the ticket of `began`, or of an earlier `ended` that was not the last word."""


class NoJournal:
    """Writes nothing."""

    def prepare(self) -> None:
        return

    def began(self, call: JournalCall) -> JournalTicket | None:
        return None

    def ended(self, call: JournalCall, ticket: JournalTicket | None = None) -> JournalTicket | None:
        return None

    def write(self, work: WrittenWork) -> None:
        return

    def flush(self, seconds: float) -> bool:
        return True


class CallJournal:
    """Writes a row for each call.

    Args:
        mode: that of [mode] run. Only in native mode a call waits: in the others its host has its answer already.
    """

    def __init__(self, writer: JournalWriter, mode: str) -> None:
        self._writer = writer
        self._mode = mode
        self._waits = mode == "native"
        self._host = log.host_program()

    def prepare(self) -> None:
        with suppress(Exception):  # no memory, no thread: it costs the row
            self._writer.start()

    def began(self, call: JournalCall) -> JournalTicket | None:
        with suppress(Exception):
            ticket = JournalTicket(call)
            self._put(call, ticket)
            return ticket
        return None

    def ended(self, call: JournalCall, ticket: JournalTicket | None = None) -> JournalTicket | None:
        with suppress(Exception):
            if ticket is None:
                ticket = JournalTicket(call)
            else:
                ticket.call = call.after(ticket.call)
            self._put(ticket.call, ticket)
        return ticket

    def _put(self, call: JournalCall, ticket: JournalTicket) -> None:
        row = self._row(call)

        def put(database: JournalDatabase) -> None:
            table = CallTable(database)
            if not (ticket.row and table.end(ticket.row, row)):
                ticket.row = table.add(row)

        job = self._writer.submit(put)
        if self._waits:
            self._writer.settle(job, WAIT_SECONDS)

    def write(self, work: WrittenWork) -> None:
        """Have rows of another table written, by the writer's thread."""
        self._writer.hand_over(work)

    def flush(self, seconds: float) -> bool:
        """Wait until all is written; whether it is. For commands and tests."""
        return self._writer.flush(seconds)

    def _row(self, call: JournalCall) -> JournalRow:
        return JournalRow(
            number=0,
            began=call.began or time.time(),
            host=self._host,
            pid=os.getpid(),
            mode=self._mode,
            function=call.function,
            method=call.method if _MASKED.fullmatch(call.method) else call.method and shown_name(call.method),
            serial=call.serial and shown_serial(call.serial),
            sent=call.sent,
            outcome=call.outcome,
            code=loggable_code(call.code),
            milliseconds=call.milliseconds,
        )


def open_journal(folder: Path, keep_days: int, mode: str, logger: logging.Logger) -> CallJournal:
    """The journal in `folder`. Opens no file yet, and never raises."""
    from shim.journal.places import is_on_network

    def open_database() -> JournalDatabase:
        from shim.journal.database import JournalDatabase
        from shim.journal.places import journal_file
        from shim.journal.schema import STEPS

        shared = is_on_network(folder)
        if shared:
            log.event(logger, logging.WARNING, "交易流水在网络文件夹里，写得较慢；请改到本机硬盘", folder=str(folder))
        return JournalDatabase(journal_file(folder), STEPS, shared=shared, busy_seconds=_BUSY_SECONDS)

    def drop_old(database: JournalDatabase) -> None:
        CallTable(database).drop_old(keep_days)

    by_caller = mode == "native" and not is_on_network(folder)
    return CallJournal(JournalWriter(open_database, logger, drop_old, by_caller=by_caller), mode)


def shown_serial(serial: str) -> str:
    """A serial number as a log or the journal may show it: a time and at most six digits are no number of a person."""
    return serial if _TIMED_SERIAL.fullmatch(serial) else mask(serial)


def loggable_code(code: str) -> str:
    """A return code as a log or the journal may show it: one that is in no table may be anything."""
    return code if not code or code in _KNOWN_CODES or _MASKED.fullmatch(code) else f"***（{len(code)} 字）"
