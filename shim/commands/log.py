"""`vcshim log`: the log for people: narrowed, followed as it grows, one call in full, or saved for somebody else.

Reads what the DLLs in --folder write, of every program, user and session, with the notes beside vcshim.ini of starts
that failed, or the files that are named. What is printed is what the log holds, which is without patient data. The
lines' own texts are in Chinese in either language.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shim import __version__, configuration, wall_clock
from shim.commands import log_document
from shim.commands.catalogue import log as phrases
from shim.commands.console import say, show, warn, write_data, write_json
from shim.commands.files import FileCause, FileProblem, write_file
from shim.commands.folder import add_folder_word
from shim.commands.language import CommandLanguage, current_language
from shim.commands.log_filter import LogFilter, moment_of, unknown_names
from shim.commands.log_lines import details, line, reader_is_a_terminal
from shim.commands.machine import tell
from shim.commands.spreadsheet import csv_file
from shim.commands.words import whole_number
from shim.log_reading import LogEvent, LogFollower, call_of, days_of, events_of, start_notes, with_notes
from shim.spec import EXPORTS
from shim.wiring import log_folders

FORMATS = ("text", "json", "csv", "html")
_LAST = 50
_POLL_SECONDS = 0.5
_LEVELS = ("error", "warning", "info", "debug", "wire")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.epilog = phrases.EPILOG()
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=phrases.FILES())
    parser.add_argument("-f", "--follow", action="store_true", help=phrases.FOLLOW())
    parser.add_argument("--function", choices=[row.name for row in EXPORTS], help=phrases.FUNCTION())
    parser.add_argument("--method", default="", help=phrases.METHOD())
    parser.add_argument("--code", default="", help=phrases.CODE())
    parser.add_argument("--level", choices=_LEVELS, default="", help=phrases.LEVEL())
    parser.add_argument("--since", type=moment_of, metavar="TIME", help=phrases.SINCE())
    parser.add_argument("--until", type=moment_of, metavar="TIME", help=phrases.UNTIL())
    parser.add_argument("--text", default="", help=phrases.TEXT())
    parser.add_argument("--program", default="", help=phrases.PROGRAM())
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("-n", "--last", type=whole_number(1, 10_000_000), metavar="N", help=phrases.LAST(count=_LAST))
    amount.add_argument("--all", action="store_true", help=phrases.ALL())
    amount.add_argument("--call", default="", metavar="TIME", help=phrases.CALL())
    parser.add_argument("--details", action="store_true", help=phrases.DETAILS())
    parser.add_argument("--out", type=Path, metavar="FILE", help=phrases.OUT())
    parser.add_argument("--format", choices=FORMATS, default="", help=phrases.FORMAT())
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0; 1 if no line is what was asked for."""
    wanted = LogFilter.of(options)
    folders = log_folders(configuration.read(options.folder), options.folder.absolute())
    read = _Reading(options.files, folders, options.folder.absolute())
    if options.call:
        events = read.call(options.call)
    else:
        events = read.newest(wanted, _count(options))
    if options.follow:
        _print(events, options)
        return _follow(LogFollower(read.folders(), read.note_folders()), wanted, options)
    if not events:
        tell(events=[])
        warn(f"vcshim log: {_nothing(read, wanted, options)}")
        return 1
    if options.out is not None or options.format:
        _save(events, options)
    else:
        _print(events, options)
    return 0


def _count(options: argparse.Namespace) -> int | None:
    """How many lines are read at most; None for all."""
    if options.last is not None:
        return int(options.last)
    is_whole = options.all or options.out is not None or options.format or options.json or options.since
    return None if is_whole else _LAST


class _Reading:
    """The files that a run reads.

    Args:
        named: files and folders that the person names; none of the others is read then.
        folders: those of the log.
        beside: where vcshim.ini is, and the start notes are.
    """

    def __init__(self, named: list[Path], folders: tuple[Path, ...], beside: Path) -> None:
        for path in named:
            if not path.exists():
                raise FileProblem(str(path), FileCause.MISSING)
        self._files = [path for path in named if not path.is_dir()]
        self._folders = tuple(path for path in named if path.is_dir()) or (() if named else folders)
        self._beside = () if named else (beside,)
        self._notes = events_of(start_notes(self.note_folders()))
        self.seen = self._notes

    def folders(self) -> tuple[Path, ...]:
        """Where new lines are looked for."""
        return self._folders or tuple({path.absolute().parent for path in self._files})

    def note_folders(self) -> tuple[Path, ...]:
        """Where start notes are looked for: beside vcshim.ini, or where the person says that the log is."""
        return self._beside or self._folders

    def is_empty(self) -> bool:
        """Whether there is no file at all."""
        return not self._notes and not any(True for _ in self._days())

    def _days(self) -> Iterator[list[Path]]:
        """The files, a day at a time, the newest first; those that were named by themselves are one day."""
        if self._files:
            yield self._files
        yield from days_of(self._folders).values()

    def newest(self, wanted: LogFilter, count: int | None) -> list[LogEvent]:
        """The newest lines that are wanted, by time."""
        events: list[LogEvent] = []
        for files in self._days():
            lines = events_of(files)
            self.seen = [*self._notes, *lines]
            events = [event for event in lines if wanted.takes(event)] + events
            is_enough = count is not None and len(events) >= count
            if is_enough or wanted.is_before(files):
                break
        events = with_notes(events, (note for note in self._notes if wanted.takes(note)))
        return events if count is None else events[-count:]

    def call(self, moment: str) -> list[LogEvent]:
        """The lines of the call of which one was written at `moment`, as `line` prints it."""
        for events in (*map(events_of, self._days()), self._notes):
            for index, event in enumerate(events):
                if moment and moment.replace(" ", "T") in event.fact("time"):
                    return call_of(events, index)
        return []


def _nothing(read: _Reading, wanted: LogFilter, options: argparse.Namespace) -> str:
    if options.call:
        return phrases.NO_CALL(time=options.call)
    if read.is_empty():
        return phrases.NO_LOG(folders=" , ".join(map(str, read.folders())))
    near = unknown_names(wanted, read.seen)
    return phrases.NOTHING_NEAR(word=near[0], near=near[1]) if near else phrases.NOTHING()


def _print(events: list[LogEvent], options: argparse.Namespace) -> None:
    if options.json and not options.follow:
        write_json([event.row for event in events])
        return
    for event in events:
        _print_line(event, options)


def _print_line(event: LogEvent, options: argparse.Namespace) -> None:
    if options.json:
        write_json(event.row, indent=None)
        return
    show(line(event, coloured=reader_is_a_terminal()))
    if options.details or options.call:
        for text in details(event):
            show(f"    {text}")


def _follow(follower: LogFollower, wanted: LogFilter, options: argparse.Namespace) -> int:
    """Print what is written from now on, until the person has seen enough."""
    warn(phrases.FOLLOWING())
    with suppress(KeyboardInterrupt):
        while True:
            for event in follower.poll():
                if wanted.takes(event):
                    _print_line(event, options)
            time.sleep(_POLL_SECONDS)
    return 0


def _save(events: list[LogEvent], options: argparse.Namespace) -> None:
    suffix = "" if options.out is None else options.out.suffix.lower().lstrip(".")
    kind = options.format or {"htm": "html", "jsonl": "json"}.get(suffix, suffix if suffix in FORMATS else "text")
    data = _as(kind, events, options)
    if options.out is None:
        write_data(data.removeprefix("\ufeff"))
        return
    write_file(options.out, data.encode("utf-8", "replace"))
    tell(file=options.out, lines=len(events), format=kind)
    say(phrases.SAVED(count=len(events), file=options.out))


def _as(kind: str, events: list[LogEvent], options: argparse.Namespace) -> str:
    if kind == "json":
        return json.dumps([event.row for event in events], ensure_ascii=False, indent=1) + "\n"
    if kind == "csv":
        columns = list(dict.fromkeys(name for event in events for name in event.row))
        return csv_file(columns, [[event.fact(name) for name in columns] for event in events])
    if kind == "html":
        made = str(wall_clock.local_time(time.time())).replace("T", " ")
        return log_document.log_page(events, current_language() is CommandLanguage.CHINESE, made, __version__)
    lines = [line(event) + "\n" for event in events]
    if options.details or options.call:
        lines = [
            text + "".join(f"    {each}\n" for each in details(event))
            for text, event in zip(lines, events, strict=True)
        ]
    return "".join(lines)
