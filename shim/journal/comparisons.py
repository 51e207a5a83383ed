"""How many calls of the vendor's DLL ours agreed with, by day: a file of its own beside the journal. No patient data.

Written by shadow (shim/replay/shadow.py), read by `vcshim status`. It is not a part of the journal, which a site may
switch off. A row is a count; rows of other settings than those in force stay, and prove nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from shim.journal.database import JournalDatabase, Step
from shim.journal.places import is_on_network
from shim.workstation import file_word, user_name, workstation_name

SCHEMA: Step = (
    """CREATE TABLE comparisons (
        day TEXT NOT NULL,
        settings TEXT NOT NULL,
        function TEXT NOT NULL,
        method TEXT NOT NULL,
        code TEXT NOT NULL,
        verdict TEXT NOT NULL,
        kind TEXT NOT NULL,
        calls INTEGER NOT NULL,
        PRIMARY KEY (day, settings, function, method, code, verdict, kind)
    )""",
    """CREATE TABLE streaks (
        settings TEXT NOT NULL PRIMARY KEY,
        agreed INTEGER NOT NULL,
        differed TEXT NOT NULL
    )""",
)

AGREES, DIFFERS, APART, FIELD, MISSED = "agrees", "differs", "not comparable", "field", "missed"
"""What a row counts: calls that agree, differ, cannot be compared (`kind` says why); calls with a difference of one
`kind`; calls that came faster than they could be compared."""


@dataclass(frozen=True, slots=True)
class CountKey:
    """What is counted.

    Attributes:
        day: in local time, as 2026-11-21.
        settings: the fingerprint of the settings that the calls were compared with.
        verdict: one of the words above.
        kind: the word of a difference or of a reason; "" for none.
    """

    day: str
    settings: str
    function: str
    method: str
    code: str
    verdict: str
    kind: str = ""


class ComparisonStore:
    """The counts of this user on this PC. Every method may raise JournalUnusable. Any thread, any number of processes.

    Args:
        folder: made if it is missing.
        create: False to read only what is there.
    """

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self._database = JournalDatabase(
            comparisons_file(folder), (SCHEMA,), shared=is_on_network(folder), busy_seconds=0.5, create=create
        )

    def add(self, counts: Mapping[CountKey, int]) -> None:
        """Add to the counts, all of them or none.

        The streak of a fingerprint is how many calls agreed since one differed: the order inside one call of this
        method is not known, so a difference ends the streak at its end.
        """
        with self._database.transaction():
            for key, calls in counts.items():
                self._database.change(
                    "INSERT INTO comparisons VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT "
                    "(day, settings, function, method, code, verdict, kind) DO UPDATE SET calls = calls + ?",
                    *astuple(key), calls, calls,
                )  # fmt: skip
            for settings in {key.settings for key in counts}:
                self._count_streak(settings, counts)

    def _count_streak(self, settings: str, counts: Mapping[CountKey, int]) -> None:
        own = {key: calls for key, calls in counts.items() if key.settings == settings}
        agreed = sum(calls for key, calls in own.items() if key.verdict == AGREES)
        differed = max((key.day for key in own if key.verdict == DIFFERS), default="")
        self._database.change(
            "INSERT INTO streaks VALUES (?, ?, ?) ON CONFLICT (settings) DO UPDATE SET "
            "agreed = CASE WHEN ? = '' THEN agreed + ? ELSE 0 END, differed = max(differed, ?)",
            settings, 0 if differed else agreed, differed, differed, agreed, differed,
        )  # fmt: skip

    def counts(self) -> dict[CountKey, int]:
        """Every count."""
        rows = self._database.rows(
            "SELECT day, settings, function, method, code, verdict, kind, calls FROM comparisons ORDER BY 1, 3, 4, 5"
        )
        return {CountKey(*row[:7]): row[7] for row in rows}

    def streak(self, settings: str) -> tuple[int, str]:
        """How many calls agreed since one differed, and the day of that one; 0 and "" for none."""
        rows = self._database.rows("SELECT agreed, differed FROM streaks WHERE settings = ?", settings)
        return (int(rows[0][0]), str(rows[0][1])) if rows else (0, "")

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._database.close()


def comparisons_file(folder: Path) -> Path:
    """The counts of this user on this PC."""
    return folder / f"comparisons-{file_word(workstation_name())}-{file_word(user_name())}.db"
