"""The log as it is read: the lines of all hosts, users and sessions of a folder, by time, and those to come.

Reads what shim/log.py writes, and the start notes that C leaves where no log could be: their lines are errors of the
file's time. Changes nothing, and takes whatever else stands in a file for a line without facts. Not the choice of lines
for people, nor their words (shim/commands).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from shim import wall_clock
from shim.daily_file import FILE
from shim.kept_files import regular_file_time
from shim.messages.start import FILE_NAME as NOTE

_MOST_LINE = 1 << 20  # bytes of a line without an end, after which it is taken as it is
_MOST_NOTE = 1 << 16  # bytes; C writes fewer


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line.

    Attributes:
        row: its facts by name, as they were written; only ``text`` for a line that is no JSON object.
        file: the file it stands in.
    """

    row: dict[str, object]
    file: str

    def fact(self, name: str) -> str:
        """A fact as text; "" where the line has none."""
        value = self.row.get(name)
        return "" if value is None else str(value)

    @property
    def place(self) -> tuple[str, str, str, str]:
        """PC, user, process and thread: the lines of one call have the same ones."""
        return self.fact("pc"), self.fact("user"), self.fact("pid"), self.fact("thread")


def days_of(folders: Iterable[Path]) -> dict[str, list[Path]]:
    """The files of each day (yyyymmdd), the newest day first. Links and folders are left out, as the log does."""
    days: dict[str, list[Path]] = {}
    for folder in dict.fromkeys(folders):
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        for name in names:
            match = FILE.fullmatch(name)
            if match and regular_file_time(folder / name) is not None:
                days.setdefault(match[1], []).append(folder / name)
    return dict(sorted(days.items(), reverse=True))


def events_of(files: Sequence[Path]) -> list[LogEvent]:
    """The lines of some files, by time; a line without one stays behind the line before it.

    A file that is deleted meanwhile has none.
    """
    timed: list[tuple[str, LogEvent]] = []
    for path in files:
        last = ""
        for event in _events_of_note(path) if _is_note(path.name) else _events_of_file(path):
            last = event.fact("time") or last
            timed.append((last, event))
    timed.sort(key=lambda each: each[0])
    return [event for _, event in timed]


def _events_of_file(path: Path) -> Iterator[LogEvent]:
    try:
        with path.open("rb") as file:
            for line in file:
                event = _event(line, path.name)
                if event is not None:
                    yield event
    except OSError:
        return


def start_notes(folders: Iterable[Path]) -> list[Path]:
    """The notes of starts that failed, of every PC; they are beside vcshim.ini. Links and folders are left out."""
    found: list[Path] = []
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            found += [folder / name for name in sorted(os.listdir(folder)) if _is_note(name)]
    return [path for path in found if regular_file_time(path) is not None]


def with_notes(events: Sequence[LogEvent], notes: Iterable[LogEvent]) -> list[LogEvent]:
    """The lines of the log with those of notes among them, each before the first line that is later."""
    merged = list(events)
    for note in notes:
        later = (at for at, event in enumerate(merged) if event.fact("time") > note.fact("time"))
        merged.insert(next(later, len(merged)), note)
    return merged


def _is_note(name: str) -> bool:
    return name.startswith(NOTE[0]) and name.endswith(NOTE[1])


def _events_of_note(path: Path) -> Iterator[LogEvent]:
    written = regular_file_time(path)
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_NOTE).decode("utf-8-sig", "replace")
    except OSError:
        return
    if written is None:
        return
    moment = f"{wall_clock.local_time(written)}.{int(written % 1 * 1000):03d}"
    pc = path.name.removeprefix(NOTE[0]).removesuffix(NOTE[1])
    for line in text.splitlines():
        if line.strip("\0 "):
            yield LogEvent({"time": moment, "level": "ERROR", "pc": pc, "text": line.strip("\0 ")}, path.name)


def _event(line: bytes, file: str) -> LogEvent | None:
    text = line.decode("utf-8", "replace").strip("\r\n\0 ")
    if not text:
        return None
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        row = None
    return LogEvent(row if isinstance(row, dict) else {"text": text}, file)


@dataclass(slots=True)
class LogFollower:
    """The lines that are written from now on, also into files that do not exist yet.

    Attributes:
        folders: where files are looked for.
        note_folders: where start notes are.
    """

    folders: Sequence[Path]
    note_folders: Sequence[Path] = ()
    _notes: dict[Path, float | None] = field(default_factory=dict)
    _read: dict[Path, int] = field(default_factory=dict)
    _rest: dict[Path, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self._files():
            self._read[path] = _size(path)
        self._new_notes()

    def _files(self) -> list[Path]:
        return [path for paths in days_of(self.folders).values() for path in paths]

    def poll(self) -> list[LogEvent]:
        """The whole lines that are new, by time. A file that became shorter is read from its beginning."""
        events = [(event.fact("time"), event) for event in events_of(self._new_notes())]
        for path in self._files():
            events += [(event.fact("time"), event) for event in self._new_of(path)]
        return [event for _, event in sorted(events, key=lambda each: each[0])]

    def _new_notes(self) -> list[Path]:
        """The notes that were written since they were last looked at: each is written anew, often in the same size."""
        before = self._notes
        self._notes = {path: regular_file_time(path) for path in start_notes(self.note_folders)}
        return [path for path, written in self._notes.items() if before.get(path) != written]

    def _new_of(self, path: Path) -> Iterator[LogEvent]:
        begin, size = self._read.get(path, 0), _size(path)
        if size < begin:
            begin, self._rest[path] = 0, b""
        if size == begin:
            return
        try:
            with path.open("rb") as file:
                file.seek(begin)
                data = self._rest.pop(path, b"") + file.read(size - begin)
        except OSError:
            return
        self._read[path] = size
        whole, end, rest = data.rpartition(b"\n")
        if len(rest) > _MOST_LINE:
            whole, end, rest = data, b"\n", b""
        self._rest[path] = rest
        if end:
            yield from (event for line in whole.split(b"\n") if (event := _event(line, path.name)) is not None)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def call_of(events: Sequence[LogEvent], index: int) -> list[LogEvent]:
    """The lines of the call that the line at `index` belongs to: those before its last one, by the same thread.

    A call's last line has its code and its milliseconds. A line that belongs to no call stands alone.
    """
    place = events[index].place
    own = [at for at, event in enumerate(events) if event.place == place]
    position = own.index(index)
    ends = [at for at in own[position:] if _ends_a_call(events[at])]
    if not ends or not events[index].fact("function"):
        return [events[index]]
    end = ends[0]
    begin = position
    while begin > 0 and not _ends_a_call(events[own[begin - 1]]) and events[own[begin - 1]].fact("function"):
        begin -= 1
    return [events[at] for at in own[begin : own.index(end) + 1]]


def _ends_a_call(event: LogEvent) -> bool:
    return bool(event.fact("function")) and "code" in event.row and "ms" in event.row
