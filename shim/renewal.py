"""What a running process takes over from changed settings, and what waits for the next start of the host program.

A key is live or not (`Option.live`): what a call reads is, what C reads or what holds a device, a file or a helper
process is not. Calls under way end with the parts that they began with. Settings that would refuse calls, or leave them
without a message format, are not taken over while a process works with good ones: the site would stop at a slip of the
pen. Where the vendor's DLL answers ([mode] run), recordings must be of one piece, and nothing is live.

Used by call_port, with what shim/settings_watch.py has read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from shim import configuration, log
from shim.configuration import Configuration
from shim.errors import HostError
from shim.settings.option import Option, Section
from shim.wiring import Wired, dialect_or_error, ec_wire_or_error, with_settings


def renewed(wired: Wired, fresh: Configuration) -> Wired:
    """`wired` with what may be taken over of `fresh`, and a line in the log for each thing that happened."""
    before = wired.configuration
    live, waiting = _changes(before, fresh)
    merged = _merged(before, fresh, live)
    obstacles = _obstacles(before, merged)
    if obstacles:
        _say(wired, logging.ERROR, "设置文件已更改，但有错误，仍按原来的设置运行", obstacles)
        return wired
    if before.refusal is not None and waiting:
        merged = replace(merged, refusals=before.refusals, refusal=before.refusal)
    wired = with_settings(wired, merged)
    taken = _names(live) + ["[dialect]"] * (before.dialects != merged.dialects)
    if taken:
        _say(wired, logging.INFO, "设置已更改，即时生效", taken)
    if waiting:
        _say(wired, logging.WARNING, "设置已更改，重新启动医院程序后生效", _names(waiting))
    for problem in fresh.problems:
        log.event(wired.logger, logging.WARNING, problem)
    return wired


def _changes(before: Configuration, fresh: Configuration) -> tuple[list[Option], list[Option]]:
    """The keys whose values differ: those that count at once, and the others."""
    live: list[Option] = []
    waiting: list[Option] = []
    for section in configuration.SECTIONS:
        old, new = _section(before, section), _section(fresh, section)
        if old == new:
            continue
        for option in section.options():
            if getattr(old, option.attribute) != getattr(new, option.attribute):
                (live if option.live and before.mode.run == "native" else waiting).append(option)
    return live, waiting


def _merged(before: Configuration, fresh: Configuration, live: Iterable[Option]) -> Configuration:
    """`fresh`, but with the values of `before` for every key that is not in `live`."""
    sections: dict[str, Any] = {}
    for section in configuration.SECTIONS:
        new = _section(fresh, section)
        values = dict(vars(_section(before, section)))
        values |= {row.attribute: getattr(new, row.attribute) for row in live if row.section == section.NAME}
        sections[section.NAME] = section(**values)
    if before.mode.run != "native":
        return replace(before, problems=fresh.problems)
    return replace(fresh, **sections)


def _obstacles(before: Configuration, merged: Configuration) -> list[str]:
    """Why calls that work now would be refused with `merged`."""
    if before.refusal is not None:
        return []
    if merged.refusals:
        return list(merged.refusals)
    pairs = [(make(before), make(merged)) for make in (dialect_or_error, ec_wire_or_error)]
    return [new.message for old, new in pairs if isinstance(new, HostError) and not isinstance(old, HostError)]


def _section(settings: Configuration, section: type[Section]) -> Section:
    found: Section = getattr(settings, section.NAME)
    return found


def _names(options: Iterable[Option]) -> list[str]:
    return [f"[{option.section}] {option.key}" for option in options]


def _say(wired: Wired, level: int, text: str, details: Iterable[str]) -> None:
    """One line. No values: one of them may be a secret."""
    log.event(wired.logger, level, f"{text}：{'；'.join(details)}")
