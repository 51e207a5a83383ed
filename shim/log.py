"""The log: one JSON object a line, one file a day and host program, no patient data, never an error in the host.

Callers decide what is written: codes, counts, names of methods and fields, milliseconds. Values of fields go through
`errors.mask` before they come here. `wire` is a level below DEBUG that an engineer must switch on by hand.

Files are opened for appending only and never renamed, so that several processes of one workstation can share them; old
ones are deleted by age. Opened once by wiring; written to by all, from any thread.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

from shim import wall_clock

WIRE = 5
LEVELS = {"error": logging.ERROR, "info": logging.INFO, "debug": logging.DEBUG, "wire": WIRE}
_NAME = "vcshim"


def open_log(folder: Path, fallback: Path, level: str, keep_days: int) -> logging.Logger:
    """The logger of this process. Opens no file yet, and never raises: lines that cannot be written are discarded.

    Args:
        folder: where the files go; made if it is missing.
        fallback: where they go if `folder` cannot be written.
        level: one of `LEVELS`.
        keep_days: the age at which files are deleted.
    """
    logger = logging.getLogger(_NAME)
    logger.propagate = False
    logger.setLevel(LEVELS[level])
    for old in list(logger.handlers):
        logger.removeHandler(old)
    logging.addLevelName(WIRE, "WIRE")
    logger.addHandler(DailyFile((folder, fallback), host_program(), keep_days))
    return logger


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
    """Write one line, unless the logger leaves out its level. Never raises.

    Args:
        text: for people.
        facts: for programs, by name. Both must be free of patients' data.
    """
    if logger.isEnabledFor(level):
        logger.log(level, text, extra={"facts": facts})


class DailyFile(logging.Handler):
    """Appends lines to <folder>/vcshim-<host>-<yyyymmdd>.log in the first of `folders` that can be written.

    The file is opened with the first line of a day, and again after a line that could not be written.
    """

    def __init__(self, folders: tuple[Path, ...], host: str, keep_days: int) -> None:
        super().__init__()
        self._folders = folders
        self._host = host
        self._keep_days = keep_days
        self._day = ""
        self._file: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            now = wall_clock.local_time(record.created)
            day = time.strftime("%Y%m%d", now)
            if day != self._day:
                self._open(day)
            if self._file is not None:
                os.write(self._file, self._line(record, now))
        except (OSError, ValueError):  # a full or vanished disk, an impossible folder: it costs lines, never a call
            self._day = ""

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        super().close()

    def _line(self, record: logging.LogRecord, now: time.struct_time) -> bytes:
        row: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", now) + f".{int(record.msecs):03d}",
            "level": record.levelname,
            "pid": os.getpid(),
            "thread": threading.get_native_id(),
            "text": record.getMessage(),
        }
        row.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[2]:
            row["where"] = trace(record.exc_info[2])
            row["exception"] = record.exc_info[0].__name__ if record.exc_info[0] else "?"
        return (json.dumps(row, ensure_ascii=False, default=str) + "\n").encode("utf-8", "replace")

    def _open(self, day: str) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._day = day
        for folder in self._folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                self._file = _open_append(folder / f"vcshim-{self._host}-{day}.log")
            except (OSError, ValueError):  # ValueError: a folder name that no system can have
                continue
            self._drop_old(folder)
            return

    def _drop_old(self, folder: Path) -> None:
        oldest = time.time() - self._keep_days * 86400
        for path in folder.glob("vcshim-*.log"):
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except OSError:
                continue  # another process has it open: retried on the next day


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


def _open_append(path: Path) -> int:
    """A descriptor whose every write appends, however many processes write to the file.

    NB: on Windows the C runtime's O_APPEND is a seek and a write, and two processes overwrite each other's lines;
    FILE_APPEND_DATA alone makes the system append.
    """
    if sys.platform != "win32":
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    import _winapi
    import msvcrt

    file_append_data, share_all, open_always, normal = 0x4, 0x7, 4, 0x80
    handle = _winapi.CreateFile(str(path), file_append_data, share_all, 0, open_always, normal, 0)
    return msvcrt.open_osfhandle(handle, os.O_WRONLY | os.O_NOINHERIT)
