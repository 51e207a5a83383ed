"""Which lines of the log `vcshim log` shows: its filters, and the names that a slip may have meant. Not a command."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from shim import wall_clock
from shim.commands.catalogue import log as phrases
from shim.daily_file import FILE
from shim.log_reading import LogEvent
from shim.spec import METHODS

_RANKS = {"WIRE": 0, "DEBUG": 1, "INFO": 2, "WARNING": 3, "ERROR": 4, "CRITICAL": 4}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_AGO = re.compile(r"([0-9]{1,6})([smhdw])")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(:[0-9]{2})?")
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?))?")


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What a line must be; an empty text is no condition.

    Attributes:
        rank: the least level, by `_RANKS`.
        since, until: the first time, and the first that is too late, as the log writes times.
        text: stands somewhere in the line, in any case of letters.
        program: is a part of the file's name: a host program, a PC, a user.
    """

    function: str = ""
    method: str = ""
    code: str = ""
    rank: int = 0
    since: str = ""
    until: str = ""
    text: str = ""
    program: str = ""

    @classmethod
    def of(cls, options: argparse.Namespace) -> LogFilter:
        """The filter of the words of the command line."""
        rank = _RANKS[options.level.upper()] if options.level else 0
        return cls(
            options.function or "", options.method, options.code, rank, options.since or "", options.until or "",
            options.text.lower(), options.program.lower(),
        )  # fmt: skip

    def takes(self, event: LogEvent) -> bool:
        """Whether the line is wanted. One without a time or level is taken where these are asked for."""
        moment = event.fact("time")
        return (
            (not self.function or event.fact("function") == self.function)
            and (not self.method or self.method.lower() in event.fact("method").lower())
            and (not self.code or event.fact("code") == self.code)
            and _RANKS.get(event.fact("level"), 4) >= self.rank
            and (not self.since or not moment or moment >= self.since)
            and (not self.until or not moment or moment < self.until)
            and (not self.text or any(self.text in str(value).lower() for value in event.row.values()))
            and self.program in event.file.lower()
        )

    def is_before(self, files: Sequence[Path]) -> bool:
        """Whether the days before these files are too early to be wanted."""
        days = [match[1] for path in files if (match := FILE.fullmatch(path.name))]
        return bool(self.since and days) and max(days) < self.since[:10].replace("-", "")


def moment_of(text: str) -> str:
    """The type of --since and --until: a date, a time of today, or how long ago, as the time of a line."""
    now = time.time()
    ago, clock, date = _AGO.fullmatch(text), _CLOCK.fullmatch(text), _DATE.fullmatch(text)
    if ago:
        return str(wall_clock.local_time(now - int(ago[1]) * _SECONDS[ago[2]]))
    today = str(wall_clock.local_time(now))[:10]
    if clock:
        return f"{today}T{int(clock[1]):02d}:{clock[2]}{clock[3] or ''}"
    if date and wall_clock.midnight("".join(date.groups()[:3])) is not None:
        return f"{date[1]}-{date[2]}-{date[3]}T{date[4] or '00:00'}"
    raise argparse.ArgumentTypeError(phrases.NOT_A_TIME(word=text[:40]))


def unknown_names(wanted: LogFilter, seen: Sequence[LogEvent]) -> tuple[str, str] | None:
    """A word of the filter that stands in no line of the last day, and the one that it is nearest to."""
    for word, name, known in (
        (wanted.method, "method", METHODS.keys()),
        (wanted.program, "", ()),
        (wanted.code, "code", ()),
    ):
        names = {*known, *(event.fact(name) for event in seen)} if name else {event.file for event in seen}
        if word and not any(word.lower() in each.lower() for each in names):
            parts = {part: each for each in sorted(names) for part in (each.rpartition(".")[2], each)}
            near = get_close_matches(word, parts, 1)
            if near:
                return word, parts[near[0]]
    return None
