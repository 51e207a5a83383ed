"""The log: one JSON object a line, no patient data, never an error.

Callers decide what is written: codes, counts, names of methods and fields, milliseconds. Values of fields go through
`errors.mask` before they come here. `wire` is a level below DEBUG that an engineer must switch on by hand.

What it is not: the file (shim/daily_file.py), which several processes share; `pid` tells their lines apart. Opened once
by wiring; written to by all, from any thread.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType

from shim import wall_clock
from shim.daily_file import DailyFile, LineMaker

WIRE = 5
LEVELS = {"error": logging.ERROR, "info": logging.INFO, "debug": logging.DEBUG, "wire": WIRE}
_NAME = "vcshim"
# Until the log is open, lines are discarded: logging would write them to the host's stderr.
logging.getLogger(_NAME).addHandler(logging.NullHandler())
logging.getLogger(_NAME).propagate = False
_JSON = json.JSONEncoder(ensure_ascii=False, default=str)


@dataclass(frozen=True, slots=True)
class Station:
    """Where this process runs: a folder of logs may be shared by many PCs, and a PC by many users.

    Attributes:
        pc: the name of the PC.
        user: the user whose rights the process has.
        session: the number of the Windows session; None where there are none.
    """

    pc: str
    user: str
    session: int | None = None

    @property
    def facts(self) -> dict[str, object]:
        """What each line says of it."""
        facts: dict[str, object] = {"pc": self.pc, "user": self.user}
        return facts if self.session is None else {**facts, "session": self.session}

    @property
    def word(self) -> str:
        """What the name of a file says of it: no other PC, user or session writes to that file."""
        session = [] if self.session is None else [f"s{self.session}"]
        return "-".join([file_word(self.pc), file_word(self.user), *session])


def file_word(name: str, length: int = 40) -> str:
    """A name as a part of the name of a file or folder, in at most `length` characters."""
    return "".join(c if c.isalnum() or c in "._" else "_" for c in name)[:length].strip(".") or "_"


@dataclass(frozen=True, slots=True)
class CallStage:
    """A part of a call that was timed.

    Attributes:
        name: the fact of the line that holds its milliseconds, such as ``platform_ms``.
        after: seconds from the beginning of the call to its own.
        seconds: how long it took.
    """

    name: str
    after: float
    seconds: float


@dataclass(frozen=True, slots=True)
class CallEnd:
    """What the last line of a call says to listeners beside its facts. The file does not hold it.

    Attributes:
        outcome: what the journal says became of the call.
        cause: the key of the row of shim/messages; "" after success, and of a refusal.
        seconds: how long the call took.
        stages: in the order in which they ended.
    """

    outcome: str
    cause: str
    seconds: float
    stages: tuple[CallStage, ...] = ()


class Occasion(Enum):
    """What a line is about beside what it says, for listeners."""

    START = "start"  # the first call of a process
    FALL_BACK = "fall-back"  # the second best way is taken


class LogListener(logging.Handler):
    """The base of what hears the lines beside the file, from a level of its own on. `emit` neither raises nor waits."""


def open_log(
    folder: Path, fallback: Path, level: str, keep_days: int, station: Station | None = None
) -> logging.Logger:
    """The logger of this process. Opens no file yet, and never raises: lines that cannot be written are discarded.

    Args:
        folder: where the files go; made if it is missing.
        fallback: where they go if `folder` cannot be written.
        level: one of `LEVELS`.
        keep_days: the age at which files are deleted.
        station: what names and lines say of it; None: nothing.
    """
    logger = logging.getLogger(_NAME)
    logger.propagate = False
    logging.addLevelName(WIRE, "WIRE")
    replaced = list(logger.handlers)
    origin = host_program() if station is None else f"{host_program()}-{station.word}"
    line = _line_maker({} if station is None else station.facts)
    logger.addHandler(DailyFile((folder, fallback), origin, keep_days, line))
    for old in replaced:
        logger.removeHandler(old)
        if isinstance(old, DailyFile):
            old.close()
    set_level(logger, level)
    return logger


def listen(logger: logging.Logger, listener: LogListener, level: str) -> None:
    """Have `listener` hear the lines too. To be called after `open_log`, which ends all listening.

    Args:
        level: the one of the file, as for `open_log`.
    """
    logger.addHandler(listener)
    set_level(logger, level)


def set_level(logger: logging.Logger, level: str) -> None:
    """Have the file hold the lines from `level` on, whatever listeners hear."""
    lowest = LEVELS[level]
    for handler in logger.handlers:
        if isinstance(handler, LogListener):
            lowest = min(lowest, handler.level)
        elif isinstance(handler, DailyFile):
            handler.setLevel(lowest)
    logger.setLevel(lowest)


def host_program() -> str:
    """The name of the program that loaded us, fit for a file's name: letters, digits, dot, dash and underscore."""
    if sys.platform == "win32":
        import _winapi

        path = _winapi.GetModuleFileName(0)
    else:
        path = os.path.realpath("/proc/self/exe")
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[:60] or "host"


def event(logger: logging.Logger, level: int, text: str, **facts: object) -> None:
    """Write one line, unless the logger leaves out its level. Never raises: whatever happens costs the line only.

    Args:
        text: for people.
        facts: for programs, by name. Both must be free of patients' data.
    """
    _write(logger, level, text, facts)


def last_line(logger: logging.Logger, level: int, text: str, ended: CallEnd, **facts: object) -> None:
    """Write the line with which a call ends. Otherwise as `event`.

    Args:
        ended: for listeners; free of patients' data, too.
    """
    _write(logger, level, text, facts, ended)


def marked(logger: logging.Logger, level: int, text: str, kind: Occasion, **facts: object) -> None:
    """Write a line of a kind. Otherwise as `event`."""
    _write(logger, level, text, facts, kind=kind)


def _write(
    logger: logging.Logger,
    level: int,
    text: str,
    facts: dict[str, object],
    ended: CallEnd | None = None,
    kind: Occasion | None = None,
) -> None:
    try:
        if logger.isEnabledFor(level):
            record = logging.LogRecord(logger.name, level, "", 0, text, None, None)
            record.facts = facts
            if ended is not None:
                record.ended = ended
            if kind is not None:
                record.kind = kind
            logger.handle(record)  # not logger.log(), which looks for the caller's line: 5 of 20 µs
    except BaseException:
        return


def exception(logger: logging.Logger, text: str, **facts: object) -> None:
    """Write one line about the exception that is being handled, with its trace (`trace`). Otherwise as `event`."""
    try:
        logger.error(text, exc_info=True, extra={"facts": facts})
    except BaseException:
        return


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """What a line says for programs, with the place and the name of an exception."""
    facts = dict(getattr(record, "facts", {}))
    if record.exc_info and record.exc_info[2]:
        facts["where"] = trace(record.exc_info[2])
        facts["exception"] = record.exc_info[0].__name__ if record.exc_info[0] else "?"
    return facts


def _line_maker(station: dict[str, object]) -> LineMaker:
    """What makes a line of the file; `station` are the facts that each of them says of this PC."""

    def line(record: logging.LogRecord, now: wall_clock.Moment) -> bytes:
        row: dict[str, object] = {
            "time": f"{now}.{int(record.msecs):03d}",
            "level": record.levelname,
            **station,
            "pid": os.getpid(),
            "thread": threading.get_native_id(),
            "text": record.getMessage(),
        }
        row.update(facts_of(record))
        return f"{_JSON.encode(row)}\n".encode("utf-8", "replace")

    return line


class SaidBefore:
    """Which things were said in this process, so that a warning that every call would repeat is written once.

    Bounded, because the keys may come from a host: of more than `limit` things the one that came up first is forgotten.
    Any thread.
    """

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._times: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def times(self, key: Hashable) -> int:
        """How often `key` was asked about before; counts this time, too."""
        with self._lock:
            before = self._times.get(key, 0)
            self._times[key] = before + 1
            if len(self._times) > self._limit:
                del self._times[next(iter(self._times))]
            return before


def trace(traceback: TracebackType | None) -> list[str]:
    """Where an exception came from, as file:line:function, the raising line last.

    No value of a variable and no text of an exception: either may be a patient's.
    """
    places: list[str] = []
    while traceback is not None:
        frame = traceback.tb_frame
        places.append(f"{Path(frame.f_code.co_filename).name}:{traceback.tb_lineno}:{frame.f_code.co_name}")
        traceback = traceback.tb_next
    return places
