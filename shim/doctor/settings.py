"""Checks of vcshim.ini: whether there is one, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator

from shim.commands.catalogue import doctor as phrases
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.messages.settings import UTF_16
from shim.settings.ini import FILE_NAME
from shim.settings_check import refusing_wire

READ = FindingRow("settings.read", Level.OK, phrases.SETTINGS_READ)
DEFAULTS = FindingRow("settings.defaults", Level.NOTE, phrases.SETTINGS_DEFAULTS)
REFUSED = FindingRow(
    "settings.refused", Level.ERROR, phrases.SETTINGS_PROBLEM, phrases.SETTINGS_REFUSED_MEANS, phrases.MEND_SETTINGS
)
PROBLEM = FindingRow(
    "settings.problem", Level.WARNING, phrases.SETTINGS_PROBLEM, phrases.SETTINGS_PROBLEM_MEANS, phrases.MEND_SETTINGS
)


def look_at_settings(place: Place) -> Iterator[CheckFinding]:
    """Every problem of the file, as it stands in the log, and why the message formats in force cannot be used."""
    path = place.folder / FILE_NAME
    settings = place.settings
    if settings.refusal is not None and settings.refusal.row is UTF_16:
        return  # told by `charsets`, with the remedy
    row = REFUSED if settings.refusal is not None else PROBLEM
    yield from (row(reason=problem) for problem in settings.problems)
    of_wire = refusing_wire(settings)
    yield from (REFUSED(reason=problem) for problem in of_wire)
    if not settings.problems and not of_wire:
        yield READ(path=path) if path.exists() else DEFAULTS(path=path)
