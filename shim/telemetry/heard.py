"""A line of the log as the listener keeps it until it is sent. Nothing of an exception but its name and places.

Made by the listener on the thread of a call, read by the worker's.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from shim.log import CallEnd, facts_of


@dataclass(frozen=True, slots=True)
class HeardLine:
    """One line.

    Attributes:
        time: seconds since 1970.
        level: of the module logging.
        thread: the system's number.
        facts: what it says for programs.
        ended: of the last line of a call.
        trace_id, span_id: of that call, in hexadecimal; "" of any other line.
    """

    time: float
    level: int
    text: str
    thread: int
    facts: Mapping[str, object]
    ended: CallEnd | None = None
    trace_id: str = ""
    span_id: str = ""


def heard(record: logging.LogRecord) -> HeardLine:
    """The line that a record stands for. NB: a copy; the record would keep the frames of an exception."""
    ended = getattr(record, "ended", None)
    trace_id, span_id = ("", "") if ended is None else (os.urandom(16).hex(), os.urandom(8).hex())
    facts, thread = facts_of(record), threading.get_native_id()
    return HeardLine(record.created, record.levelno, record.getMessage(), thread, facts, ended, trace_id, span_id)
