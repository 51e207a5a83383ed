"""`vcshim journal`: the calls of this user on this PC, to reconcile those whose outcome is unknown with the platform.

Reads and marks the file that hosts write at the same time (shim/journal). A CSV file is for Excel: it has a mark, and
no cell of it is taken for a formula or for a number that would lose digits.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from shim import configuration, wall_clock
from shim.commands.catalogue import journal as phrases
from shim.commands.columns import width
from shim.commands.console import say, show, warn, write_json
from shim.commands.files import write_file
from shim.commands.folder import add_folder_word
from shim.commands.language import Phrase, joined, spoken
from shim.commands.machine import tell, tell_failure
from shim.commands.spreadsheet import csv_file
from shim.commands.words import whole_number
from shim.errors import written_mask
from shim.journal import database as causes
from shim.journal.calls import OPEN, CallTable, JournalRow, Wanted
from shim.journal.database import JournalDatabase, JournalUnusable
from shim.journal.places import is_on_network, journal_file
from shim.journal.schema import STEPS
from shim.wiring import journal_folder
from shim.workstation import user_name

_BUSY_SECONDS = 5
_DAY_SECONDS = 86400
_LONGEST_NOTE = 200
_MOST_NUMBERS = 2**53

_PROBLEMS: dict[str, Phrase] = {
    causes.BUSY: phrases.BUSY,
    causes.DAMAGED: phrases.DAMAGED,
    causes.FOREIGN: phrases.FOREIGN,
    causes.READ_ONLY: phrases.READ_ONLY,
    causes.FULL: phrases.FULL,
}

# Title, and the cell of a row; the first ones are listed on a terminal.
_COLUMNS: tuple[tuple[Phrase, Callable[[JournalRow], str]], ...] = (
    (phrases.NUMBER_TITLE, lambda row: str(row.number)),
    (phrases.TIME_TITLE, lambda row: _time(row.began)),
    (phrases.FUNCTION_TITLE, lambda row: row.function),
    (phrases.METHOD_TITLE, lambda row: spoken(written_mask(row.method))),
    (phrases.SERIAL_TITLE, lambda row: spoken(written_mask(row.serial))),
    (phrases.CODE_TITLE, lambda row: spoken(written_mask(row.code))),
    (phrases.OUTCOME_TITLE, lambda row: phrases.OUTCOMES[row.outcome]()),
    (phrases.SETTLED_TITLE, lambda row: _time(row.settled)),
    (phrases.SETTLED_BY_TITLE, lambda row: row.settled_by),
    (phrases.NOTE_TITLE, lambda row: row.note),
    (phrases.HOST_TITLE, lambda row: row.host),
    (phrases.MODE_TITLE, lambda row: row.mode),
    (phrases.SENT_TITLE, lambda row: (phrases.YES if row.sent else phrases.NO)()),
    (phrases.MILLISECONDS_TITLE, lambda row: "" if row.milliseconds is None else f"{row.milliseconds:.1f}"),
)
_LISTED, _LISTED_WITH_MARKS = 7, 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    number = whole_number(1, _MOST_NUMBERS)
    parser.add_argument("--all", action="store_true", help=phrases.ALL())
    parser.add_argument("--day", type=_day, metavar="YYYYMMDD", help=phrases.DAY())
    parser.add_argument("--function", default="", help=phrases.FUNCTION())
    parser.add_argument("--method", default="", help=phrases.METHOD())
    parser.add_argument("--code", default="", help=phrases.CODE())
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--csv", type=Path, metavar="FILE", help=phrases.CSV())
    output.add_argument("--settle", type=number, nargs="+", metavar="ID", help=phrases.SETTLE())
    output.add_argument("--unsettle", type=number, nargs="+", metavar="ID", help=phrases.UNSETTLE())
    parser.add_argument("--note", default="", help=phrases.NOTE())
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: listed, saved or marked; 1: a number is not there, or the file cannot be used."""
    if options.note and not options.settle:
        return _failed(phrases.NOTE_ALONE())
    if len(options.note) > _LONGEST_NOTE:
        return _failed(phrases.NOTE_TOO_LONG(most=_LONGEST_NOTE, length=len(options.note)))
    folder = journal_folder(configuration.read(options.folder))
    file = journal_file(folder)
    database = JournalDatabase(file, STEPS, shared=is_on_network(folder), busy_seconds=_BUSY_SECONDS, create=False)
    try:
        return _mark(options, database, file) if options.settle or options.unsettle else _list(options, database, file)
    except JournalUnusable as error:
        tell_failure(error)
        return _failed(_PROBLEMS.get(error.cause, phrases.UNUSABLE)(file=file, cause=error))
    finally:
        database.close()


def _list(options: argparse.Namespace, database: JournalDatabase, file: Path) -> int:
    wanted = Wanted(
        open_only=not options.all,
        since=options.day,
        before=None if options.day is None else options.day + _DAY_SECONDS,
        function=options.function,
        method=options.method,
        code=options.code,
    )
    rows = CallTable(database).select(wanted) if file.exists() else []
    if options.csv is not None:
        cells = [[cell(row) for _, cell in _COLUMNS] for row in rows]
        text = csv_file([title() for title, _ in _COLUMNS], cells)
        write_file(options.csv, text.encode("utf-8", "replace"))
        tell(file=options.csv, calls=len(rows))
        say(phrases.SAVED(count=len(rows), file=options.csv))
    elif options.json:
        write_json([_plain(row) for row in rows])
    elif rows:
        show(_table(rows, _LISTED_WITH_MARKS if any(row.settled is not None for row in rows) else _LISTED))
        if any(row.is_open for row in rows):
            say(f"\n{phrases.NEXT()}")
    elif not file.exists():
        show(phrases.NO_JOURNAL(file=file))
    else:
        narrowed = options.all or options.day is not None or options.function or options.method or options.code
        show((phrases.NOTHING_FOUND if narrowed else phrases.NOTHING_OPEN)())
    return 0


def _mark(options: argparse.Namespace, database: JournalDatabase, file: Path) -> int:
    numbers = list(dict.fromkeys(options.settle or options.unsettle))
    table = CallTable(database)
    found = table.numbers(numbers) if file.exists() else {}
    missing = [number for number in numbers if number not in found]
    if missing:
        return _failed(phrases.NO_NUMBER(numbers=joined(map(str, missing))))
    known = [row.number for row in found.values() if row.outcome not in OPEN]
    if known:
        return _failed(phrases.NOT_UNKNOWN(numbers=joined(map(str, known))))
    if options.settle:
        table.settle(numbers, user_name(), options.note)
        tell(settled=numbers)
        say(phrases.SETTLED(count=len(numbers)))
    else:
        table.unsettle(numbers)
        tell(unsettled=numbers)
        say(phrases.UNSETTLED(count=len(numbers)))
    return 0


def _failed(reason: str) -> int:
    warn(f"vcshim journal: {reason}")
    return 1


def _day(text: str) -> float:
    """The type of --day: the beginning of a day."""
    start = wall_clock.midnight(text.replace("-", ""))
    if start is None:
        raise argparse.ArgumentTypeError(phrases.NOT_A_DAY(word=text[:40]))
    return start


def _time(seconds: float | None) -> str:
    return "" if seconds is None else str(wall_clock.local_time(seconds)).replace("T", " ")


def _table(rows: Sequence[JournalRow], count: int) -> str:
    """The rows in columns; an empty column is left out."""
    cells = [[cell(row) for _, cell in _COLUMNS[:count]] for row in rows]
    titles = [title() for title, _ in _COLUMNS[:count]]
    used = [index for index in range(count) if any(line[index] for line in cells)]
    widths = {index: max(width(line[index]) for line in (titles, *cells)) for index in used}
    return "\n".join(
        "  ".join(line[index] + " " * (widths[index] - width(line[index])) for index in used).rstrip()
        for line in (titles, *cells)
    )


def _plain(row: JournalRow) -> dict[str, object]:
    """A row for programs: words that do not depend on the language."""
    return {
        "id": row.number,
        "time": str(wall_clock.local_time(row.began)),
        "host": row.host,
        "pid": row.pid,
        "mode": row.mode,
        "function": row.function,
        "method": row.method,
        "serial": row.serial,
        "sent": row.sent,
        "outcome": row.outcome.value,
        "code": row.code,
        "ms": row.milliseconds,
        "settled": None if row.settled is None else str(wall_clock.local_time(row.settled)),
        "settled_by": row.settled_by,
        "note": row.note,
    }
