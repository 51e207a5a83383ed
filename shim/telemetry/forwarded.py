"""Counts the calls that the vendor's DLL answers: the log has no line of them, the journal has.

Stands between what tells the journal of them (shim/journal/forwarded.py) and the journal. Built by wiring. Any thread.
"""

from __future__ import annotations

from shim.errors import shown_name
from shim.journal.call_journal import Journal, JournalCall, JournalTicket, loggable_code
from shim.telemetry.listener import TelemetryListener


class CountedJournal:
    """A journal whose calls are counted as well."""

    def __init__(self, journal: Journal, listener: TelemetryListener) -> None:
        self._journal = journal
        self._listener = listener

    def prepare(self) -> None:
        self._journal.prepare()

    def began(self, call: JournalCall) -> JournalTicket | None:
        return self._journal.began(call)

    def ended(self, call: JournalCall, ticket: JournalTicket | None = None) -> JournalTicket | None:
        method = call.method and shown_name(call.method)
        seconds = (call.milliseconds or 0.0) / 1000
        self._listener.count(call.function, method, loggable_code(call.code), call.outcome.value, seconds)
        return self._journal.ended(call, ticket)
