"""The log: one JSON object a line, one file a day, host program and user of a PC, no patient data, never an error.

Callers decide what is written: codes, counts, names of methods and fields, milliseconds. Values of fields go through
`errors.mask` before they come here. `wire` is a level below DEBUG that an engineer must switch on by hand.

Files are opened for appending only and never renamed, so that several processes of one workstation can share them, a
host and its forked children too, each by a descriptor of its own: `pid` tells their lines apart. Old ones are deleted
by age (`expired`, which the store of answers uses, too). The folder may be a link of the site's own; its files may not:
a link in the place of one is neither written to nor deleted. Opened once by wiring; written to by all, from any thread.
"""

from __future__ import annotations

import json
import logging
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType

from shim import forks, wall_clock

WIRE = 5
LEVELS = {"error": logging.ERROR, "info": logging.INFO, "debug": logging.DEBUG, "wire": WIRE}
_NAME = "vcshim"
# Until the log is open, lines are discarded: logging would write them to the host's stderr.
logging.getLogger(_NAME).addHandler(logging.NullHandler())
logging.getLogger(_NAME).propagate = False
LOOK_SECONDS = 1.0
FILE = re.compile(r"vcshim-.+-([0-9]{8})\.log")
"""The name of a log, with its day."""
_DAY_SECONDS = 86400
# Longer than a PC stands unused, as a rule: the clock was set. Of such a pause one day is counted.
_LONGEST_PAUSE_SECONDS = 60 * _DAY_SECONDS
_JSON = json.JSONEncoder(ensure_ascii=False, default=str)
_REPARSE_POINT = 0x400  # FILE_ATTRIBUTE_REPARSE_POINT: a link, a junction, a file that is elsewhere


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
    logger.addHandler(DailyFile((folder, fallback), host_program(), keep_days, station))
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


class DailyFile(logging.Handler):
    """Appends lines to <folder>/vcshim-<host>-<station>-<yyyymmdd>.log in the first of `folders` that can be written.

    The file is opened with the first line of a day, after a line that could not be written, and when it is no longer
    there. Half a line at its end (a full disk, a program that was killed) is ended; that of another program is looked
    for once a second, because looking takes a third of a millisecond under Wine. So is, on Windows, whether the file is
    still there (0.2 ms); elsewhere before each line (2 µs).

    On the first line of a day files are deleted that are older than `keep_days` both by name and by time of writing.
    The clock may be wrong: today is at most one day after the newest file of an earlier day, so that a clock that was
    set ahead deletes nothing on its first day, and a longer pause is taken for a clock that was set (`expired`).
    """

    def __init__(self, folders: tuple[Path, ...], host: str, keep_days: int, station: Station | None = None) -> None:
        super().__init__()
        self._folders = folders
        self._origin = host if station is None else f"{host}-{station.word}"
        self._facts = {} if station is None else station.facts
        self._keep_days = keep_days
        self._day = ""
        self._swept_day = ""
        self._next_look = 0.0
        self._path = Path()
        self._opened: os.stat_result = os.stat_result((0,) * 10)
        self._file: int | None = None
        forks.owns(self._descriptors)
        forks.in_child(self._forget)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            now = wall_clock.local_time(record.created)
            day = now.date
            looks = time.monotonic() >= self._next_look
            opened = day != self._day or not self._is_there(looks)
            if opened:
                self._open(day)
            if self._file is not None:
                if opened or looks:
                    self._next_look = time.monotonic() + LOOK_SECONDS
                    _end_half_a_line(self._file, patient=opened)
                _append(self._file, self._line(record, now))
        except (OSError, ValueError):  # a full or vanished disk, an impossible folder: it costs lines, never a call
            self._day = ""

    def close(self) -> None:
        """What is written from now on is discarded. Any thread."""
        self.acquire()  # no thread is to write to a descriptor that is closed under it
        try:
            self._close_file()
            self._folders = ()
        finally:
            self.release()
        super().close()

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _descriptors(self) -> list[int]:
        return [] if self._file is None else [self._file]

    def _forget(self) -> None:
        """Open the file anew with the next line: looking for half a line moves the position, which a copy shares."""
        self._file, self._day = None, ""

    def _line(self, record: logging.LogRecord, now: wall_clock.Moment) -> bytes:
        row: dict[str, object] = {
            "time": f"{now}.{int(record.msecs):03d}",
            "level": record.levelname,
            **self._facts,
            "pid": os.getpid(),
            "thread": threading.get_native_id(),
            "text": record.getMessage(),
        }
        row.update(facts_of(record))
        return f"{_JSON.encode(row)}\n".encode("utf-8", "replace")

    def _is_there(self, looks: bool) -> bool:
        """False if the file that is open is no longer the one of its name: deleted, moved, or its folder was."""
        if self._file is None or (sys.platform == "win32" and not looks):
            return True  # no folder could be written today, or it is not yet time to look again
        try:
            return os.path.samestat(os.stat(self._path, follow_symlinks=False), self._opened)
        except OSError:
            return False

    def _open(self, day: str) -> None:
        self._close_file()
        self._day = day
        for folder in self._folders:
            path = folder / f"vcshim-{self._origin}-{day}.log"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                self._file = open_append(path)
            except (OSError, ValueError):  # ValueError: a folder name that no system can have
                continue
            self._path, self._opened = path, os.fstat(self._file)
            if day != self._swept_day:
                self._swept_day = day
                self._drop_old(folder, day)
            return

    def _drop_old(self, folder: Path, today: str) -> None:
        files: list[tuple[Path, float]] = []
        earlier: list[float] = []
        with forks.gate:  # a child would keep the descriptor of the folder
            names = os.listdir(folder)
        for path in (folder / name for name in names):
            match = FILE.fullmatch(path.name)
            written = regular_file_time(path) if match else None
            if match and written is not None:
                dated = max(written, wall_clock.midnight(match[1]) or written)
                files.append((path, dated))
                earlier += [dated] if match[1] < today else []
        if not earlier:
            return
        now = min(time.time(), max(earlier) + _DAY_SECONDS)
        old = expired([dated for _, dated in files], now, self._keep_days * _DAY_SECONDS)
        for (path, _), is_old in zip(files, old, strict=True):
            if is_old:
                try:
                    path.unlink()
                except OSError:
                    continue  # another process has it open: retried on the next day


def expired(times: Sequence[float], now: float, lifetime: float) -> list[bool]:
    """Which of some files are older than `lifetime` seconds, by a clock that may have been set.

    Ages are added up from file to file, the newest first. A gap of more than 60 days between two of them, or before
    `now`, counts as one day: a clock that was years ahead or behind for a while makes no file old. What is more than a
    day in the future is never old.

    Args:
        times: when they were written, in seconds since 1970, in any order.
    """
    old = [False] * len(times)
    age, last = 0.0, now
    for index in sorted(range(len(times)), key=lambda index: times[index], reverse=True):
        if times[index] > now + _DAY_SECONDS:
            continue
        gap = max(last - times[index], 0.0)
        age += gap if gap <= _LONGEST_PAUSE_SECONDS else _DAY_SECONDS
        last = min(last, times[index])
        old[index] = age > lifetime
    return old


def regular_file_time(path: Path) -> float | None:
    """When a file was written; None for a link, a folder or anything else that is not a file of its own."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_mtime if _is_regular(found) else None


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


def _is_regular(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and not getattr(found, "st_file_attributes", 0) & _REPARSE_POINT


def _end_half_a_line(file: int, *, patient: bool) -> None:
    """End the half line that the file may end with. OSError if the disk is full."""
    if _is_amid_a_line(file, patient=patient):
        _append(file, b"\n")


def _append(file: int, line: bytes) -> None:
    """Write a line, all of it. OSError if the disk takes only a part of it."""
    while line:
        line = line[os.write(file, line) :]


def _is_amid_a_line(file: int, *, patient: bool) -> bool:
    """Whether the file ends with half a line of which nobody is writing the rest.

    Another process may be amid its write. `patient` waits 40 ms for the rest; otherwise it must be older than a second.
    """
    found = os.fstat(file)
    if _ends_a_line(file, found.st_size):
        return False
    if not patient:
        return abs(time.time() - found.st_mtime) > 1
    for _ in range(4):
        time.sleep(0.01)
        if os.fstat(file).st_size != found.st_size:
            return False
    return True


def _ends_a_line(file: int, size: int) -> bool:
    if not size:
        return True
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) == b"\n"


def open_append(path: Path) -> int:
    """A descriptor whose every write appends, however many processes write to the file, and that can read.

    NB: on Windows the C runtime's O_APPEND is a seek and a write, and two processes overwrite each other's lines;
    FILE_APPEND_DATA alone makes the system append.

    Raises:
        OSError: also if `path` is a link or anything else but a file: nothing is written through it.
    """
    if sys.platform != "win32":
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        file = os.open(path, flags, 0o600)
    else:
        import _winapi
        import msvcrt

        read_and_append, share_all, open_always = 0x1 | 0x4, 0x7, 4
        normal, open_reparse_point = 0x80, 0x200000
        handle = _winapi.CreateFile(
            str(path), read_and_append, share_all, 0, open_always, normal | open_reparse_point, 0
        )
        file = msvcrt.open_osfhandle(handle, os.O_RDWR | os.O_NOINHERIT)
    if not _is_regular(os.fstat(file)):
        os.close(file)
        raise OSError(f"{path} is not a file of its own")
    return file
