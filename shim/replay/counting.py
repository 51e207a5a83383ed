"""What a comparison adds to the counts, to which settings it belongs, and where the counts are: for shadow, status."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path

from shim import __version__
from shim.configuration import Configuration
from shim.dialects.dialect import DIALECT_COLUMNS, Dialect
from shim.errors import HostError
from shim.folders import local_data
from shim.journal.comparisons import FIELD, CountKey
from shim.replay.compare import Comparison
from shim.replay.report import day_of
from shim.wiring import pick_dialect


def counted(comparison: Comparison, settings: str) -> list[CountKey]:
    """What one comparison adds one to: its verdict, and each kind of difference that it has."""
    reason = comparison.reason.word if comparison.reason is not None else ""
    about = (day_of(comparison.began), settings, comparison.function, comparison.method, comparison.code)
    kinds = dict.fromkeys(each.kind.word for each in comparison.differences)
    return [CountKey(*about, comparison.verdict.value, reason), *(CountKey(*about, FIELD, kind) for kind in kinds)]


def fingerprint(settings: Configuration) -> str:
    """What distinguishes settings that may give other bytes, in 12 hexadecimal digits; free of secrets.

    Comparisons that were made with other settings, or by another version, prove nothing about these.
    """
    try:
        dialect: object = pick_dialect(settings)
    except HostError:
        dialect = None
    rows = [__version__]
    if isinstance(dialect, Dialect):
        secret = {name for name, column in DIALECT_COLUMNS.items() if any(key.secret for key in column.keys)}
        rows += [
            f"{each.name}={_settled(getattr(dialect, each.name))}"
            for each in fields(dialect)
            if each.name not in secret
        ]
    for section in (settings.wire, settings.terminal, settings.validate, settings.abi, settings.messages):
        rows += [f"{section.NAME}.{name}={getattr(section, name)!r}" for name in section.attributes()]
    return hashlib.sha256("\n".join(rows).encode("utf-8")).hexdigest()[:12]


def comparisons_folder() -> Path:
    """Where the counts of this user are."""
    return local_data() / "shadow"


def _settled(value: object) -> str:
    """A value as text that is the same in every process: sets have no order."""
    return repr(sorted(value, key=repr)) if isinstance(value, frozenset) else repr(value)
