"""Whether capture works, for `vcshim status`: one small file a process and day, without anything of a patient.

Written by forwarding, read by the commands. Losing it is acceptable: a file that cannot be written costs nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from shim import forks, wall_clock
from shim.kept_files import expired, regular_file_time
from shim.log import host_program

_FILE = re.compile(r"capture-(.{1,60})-([0-9]{1,10})-([0-9]{8})\.json")
_WRITE_SECONDS = 60.0
_KEEP_SECONDS = 90 * 86400


@dataclass(frozen=True, slots=True)
class CaptureState:
    """One process on one day.

    Attributes:
        host, pid: the process.
        day: yyyymmdd.
        mode: capture or shadow.
        began: when its first forwarded call of the day began, in seconds since 1970.
        calls: forwarded calls; what the last minute brought may be missing.
        recorded: those of them whose vendor's DLL had the recorder's address.
        off_at: when capture switched itself off; 0.0 while it is on.
        cause: why, in Chinese; "" while it is on.
    """

    host: str
    pid: int
    day: str
    mode: str
    began: float
    calls: int = 0
    recorded: int = 0
    off_at: float = 0.0
    cause: str = ""


class StateFile:
    """The state of this process. Any thread; never raises.

    Args:
        folder: local data of this user.
        mode: capture or shadow.
    """

    def __init__(self, folder: Path, mode: str) -> None:
        self._folder = folder
        self._mode = mode
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._host = host_program()
        self._day = ""
        self._began = 0.0
        self._calls = self._recorded = 0
        self._off_at, self._cause = 0.0, ""
        self._next_write = 0.0

    def note_call(self, recorded: bool) -> None:
        """Count a call."""
        with self._lock:
            now = time.time()
            day = wall_clock.local_time(now).date
            if day != self._day:
                self._day, self._began, self._calls, self._recorded, self._next_write = day, now, 0, 0, 0.0
            self._calls += 1
            self._recorded += recorded
            if time.monotonic() >= self._next_write:
                self._write()

    def note_off(self, cause: str) -> None:
        """Note that capture switched itself off."""
        with self._lock:
            now = time.time()
            if not self._day:
                self._day, self._began = wall_clock.local_time(now).date, now
            self._off_at, self._cause = now, cause
            self._write()

    def _write(self) -> None:
        """Replace the file; with the lock."""
        if not self._next_write:
            self._drop_old()
        self._next_write = time.monotonic() + _WRITE_SECONDS
        state = CaptureState(
            self._host, os.getpid(), self._day, self._mode, self._began, self._calls, self._recorded, self._off_at,
            self._cause,
        )  # fmt: skip
        path = self._folder / f"capture-{state.host}-{state.pid}-{state.day}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unnamed = path.with_suffix(".new")
            unnamed.write_text(json.dumps(asdict(state), ensure_ascii=False), "utf-8")
            unnamed.replace(path)
        except (OSError, ValueError):
            return

    def _drop_old(self) -> None:
        try:
            files = [(path, regular_file_time(path)) for path in self._folder.iterdir() if _FILE.fullmatch(path.name)]
        except OSError:
            return
        dated = [(path, seconds) for path, seconds in files if seconds is not None]
        old = expired([seconds for _, seconds in dated], time.time(), _KEEP_SECONDS)
        for (path, _), is_old in zip(dated, old, strict=True):
            if is_old:
                with contextlib.suppress(OSError):
                    path.unlink()


def read_states(folder: Path) -> list[CaptureState]:
    """The states in `folder`, the latest last; files that are none are left out, and a missing folder is empty."""
    names = {each.name for each in fields(CaptureState)}
    states: list[CaptureState] = []
    try:
        paths = [path for path in folder.iterdir() if _FILE.fullmatch(path.name)]
    except OSError:
        return []
    for path in paths:
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            row = json.loads(path.read_text("utf-8"))
            states.append(CaptureState(**{name: value for name, value in row.items() if name in names}))
    return sorted(states, key=lambda each: (each.day, each.began, each.pid))
