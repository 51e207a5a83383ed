"""What `vcshim status` says first: versions and the set in use, the devices, the last calls. Not a command.

No device is opened: of one it is known what the settings say, and what must be corrected in them.
"""

from __future__ import annotations

import logging
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shim import __version__, wall_clock
from shim.commands.catalogue import status as phrases
from shim.commands.catalogue.config import PROBLEMS
from shim.commands.catalogue.journal import OUTCOMES
from shim.commands.language import spoken
from shim.configuration import Configuration
from shim.devices.label.pick import label_problem
from shim.devices.scanner.pick import scanner_problem
from shim.devices.screen.pick import screen_problem
from shim.errors import written_mask
from shim.journal.calls import CallTable, JournalRow, Wanted
from shim.journal.database import JournalDatabase, JournalUnusable
from shim.journal.places import journal_file
from shim.journal.schema import STEPS
from shim.sets import current_set
from shim.settings_check import check_folder
from shim.wiring import journal_folder, log_folders

_SILENT = logging.Logger("unused", logging.CRITICAL + 1)
_LAST = 5
_BUSY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class DeviceState:
    """One device by its settings.

    Attributes:
        type: as in the settings; ``none`` for a device that is not used.
        problem: what must be corrected in them, in Chinese; "" for nothing.
    """

    type: str
    problem: str


@dataclass(frozen=True, slots=True)
class Overview:
    """An installation at a glance.

    Attributes:
        set_folder: the set that the DLLs use; None where there is none, as in a checkout.
        problems: how many the settings have, as `vcshim config check` lists them.
        rows: the calls of this user in the journal, the oldest first.
        journal_problem: why the journal cannot be read; "" if it can.
    """

    folder: Path
    set_folder: Path | None
    problems: int
    devices: Mapping[str, DeviceState]
    rows: Sequence[JournalRow]
    journal_problem: str
    log: Path

    @property
    def outcomes(self) -> Counter[str]:
        """How many calls of the journal came out how."""
        return Counter(row.outcome.value for row in self.rows)

    @property
    def open(self) -> int:
        """How many calls are to be reconciled."""
        return sum(row.is_open for row in self.rows)


def overview(settings: Configuration, folder: Path) -> Overview:
    """Look an installation over."""
    chosen = current_set(folder)
    devices = {
        "scanner": DeviceState(settings.scanner.type, scanner_problem(settings.scanner, _SILENT, folder)),
        "screen": DeviceState(settings.screen.type, screen_problem(settings.screen, _SILENT, folder)),
        "label": DeviceState(settings.label.type, label_problem(settings.label, _SILENT)),
    }
    rows, problem = _journal(settings)
    log = next((each for each in log_folders(settings, folder) if each.is_dir()), log_folders(settings, folder)[0])
    problems = check_folder(folder).count
    return Overview(folder, chosen if chosen.is_dir() else None, problems, devices, rows, problem, log)


def _journal(settings: Configuration) -> tuple[list[JournalRow], str]:
    file = journal_file(journal_folder(settings))
    if not file.exists():
        return [], ""
    database = JournalDatabase(file, STEPS, busy_seconds=_BUSY_SECONDS, create=False)
    try:
        return CallTable(database).select(Wanted()), ""
    except JournalUnusable as error:
        return [], error.cause
    finally:
        database.close()


def overview_lines(seen: Overview) -> list[str]:
    """The same for people."""
    lines = [phrases.VERSION(version=__version__, python=platform.python_version(), folder=seen.folder)]
    lines.append(phrases.SET(folder=seen.set_folder) if seen.set_folder else phrases.NO_SET())
    lines += [PROBLEMS(count=seen.problems)] if seen.problems else []
    for name, state in seen.devices.items():
        row = phrases.DEVICE_BAD if state.problem else phrases.DEVICE_NONE if state.type == "none" else phrases.DEVICE
        lines.append(row(device=phrases.DEVICES[name](), type=state.type, problem=state.problem))
    lines.append(phrases.LOG(folder=seen.log))
    if seen.journal_problem:
        return [*lines, phrases.JOURNAL_UNREADABLE(reason=seen.journal_problem)]
    if not seen.rows:
        return [*lines, phrases.NO_CALLS()]
    lines.append(phrases.CALLS(count=len(seen.rows), open=seen.open))
    return lines + [f"  {_call(row)}" for row in seen.rows[-_LAST:]]


def _call(row: JournalRow) -> str:
    took = "" if row.milliseconds is None else f"{row.milliseconds:.0f} ms"
    when = str(wall_clock.local_time(row.began)).replace("T", " ")
    method, code = (spoken(written_mask(text)) for text in (row.method, row.code))
    return "  ".join(filter(None, (when, row.function, method, code, OUTCOMES[row.outcome](), took)))


def overview_json(seen: Overview) -> dict[str, object]:
    """The same for programs."""
    return {
        "version": __version__,
        "python": platform.python_version(),
        "folder": str(seen.folder),
        "set": None if seen.set_folder is None else str(seen.set_folder),
        "settings_problems": seen.problems,
        "devices": {name: {"type": each.type, "problem": each.problem} for name, each in seen.devices.items()},
        "log": str(seen.log),
        "calls": {
            "count": len(seen.rows), "open": seen.open, "problem": seen.journal_problem, "outcomes": seen.outcomes,
            "last": [
                {
                    "time": str(wall_clock.local_time(row.began)), "function": row.function, "method": row.method,
                    "code": row.code, "outcome": row.outcome.value, "ms": row.milliseconds,
                }
                for row in seen.rows[-_LAST:]
            ],
        },
    }  # fmt: skip
