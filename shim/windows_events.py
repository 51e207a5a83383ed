"""Lines of the log that the Windows Event Log gets as well: starts, failures of ours, and fall-backs.

What it is: a listener that picks rare lines out and has a thread write them, at most one of a kind an hour. What it is
not: what is written where Python cannot start, which is native/events_windows.c; the numbers are the same. Texts are
those of the log, so free of patients' data. Windows only; opened by wiring unless [log] windows_events is off.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable

from shim.background import start_in_background
from shim.log import LogListener, Occasion, facts_of, host_program

SOURCE = "vcshim"
START, FAILURE, FALL_BACK = 1, 2, 3
_ERROR, _WARNING, _INFORMATION = 1, 2, 4  # EVENTLOG_ERROR_TYPE and the like
_TYPES = {START: _INFORMATION, FAILURE: _ERROR, FALL_BACK: _WARNING}
_PAUSE_SECONDS = 3600.0
_MOST_KINDS = 50  # kinds that are told apart; all others count as one
_LONGEST = 2000  # characters of a text


class EventListener(LogListener):
    """Picks lines out and has them written. Any thread; never raises, and waits for nothing.

    Args:
        wanted: that of [log] windows_events: `failures` or `all`.
        report: writes an event: its type, its number and its text; that of Windows if it is not given.
    """

    def __init__(self, wanted: str, report: Callable[[int, int, str], None] | None = None) -> None:
        super().__init__(logging.INFO if wanted == "all" else logging.WARNING)
        self._report = report or report_event
        self._times: dict[tuple[int, str], float] = {}
        self._left_out: dict[tuple[int, str], int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        try:
            number = event_number(record)
            count = None if number is None else self._turn((number, record.getMessage()), time.monotonic())
            if number is not None and count is not None:
                text = event_text(record, count)
                start_in_background(lambda: self._report(_TYPES[number], number, text), "vcshim-event")
        except Exception:  # no thread, no memory, or the process is ending: the log has the line
            return

    def _turn(self, kind: tuple[int, str], now: float) -> int | None:
        """How many of a kind were left out before this one; None if it is left out as well."""
        if kind not in self._times and len(self._times) >= _MOST_KINDS:
            kind = (kind[0], "")
        if now < self._times.get(kind, now):
            self._left_out[kind] = self._left_out.get(kind, 0) + 1
            return None
        self._times[kind] = now + _PAUSE_SECONDS
        return self._left_out.pop(kind, 0)


def event_number(record: logging.LogRecord) -> int | None:
    """Which event a line is; None if it is none. A call that fails is none: there are many, and the log has them."""
    kind = getattr(record, "kind", None)
    if kind is Occasion.START:
        return START
    if kind is Occasion.FALL_BACK:
        return FALL_BACK
    return FAILURE if record.levelno >= logging.ERROR and not hasattr(record, "ended") else None


def event_text(record: logging.LogRecord, left_out: int) -> str:
    """What the event says: the line's text, which program it was, and the facts, each on a line."""
    lines = [record.getMessage(), f"程序：{host_program()}（进程 {os.getpid()}）"]
    if left_out:
        lines.append(f"上一条之后另有 {left_out} 次没有写")
    lines += [f"{name}: {value}" for name, value in facts_of(record).items() if value != ""]
    return "\r\n".join(lines).replace("\0", " ")[:_LONGEST]


def report_event(type_: int, number: int, text: str) -> None:
    """Write an event to the log Application of Windows. What is refused is lost."""
    from shim.winapi import advapi32

    try:
        advapi32.write_event(SOURCE, type_, number, text)
    except (OSError, AttributeError):  # the service is switched off, or a policy refuses
        return
