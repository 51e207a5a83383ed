"""The table of docs/troubleshooting.md: what `vcshim doctor` can find, and what to do about each.

From all rows of the checks that ask for something; tables.py writes it. Not a command.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from shim import doctor
from shim.commands.language import Phrase
from shim.doctor.finding import FindingRow

_FACT = re.compile(r"\{[a-z_]+\}")


def finding_rows() -> list[FindingRow]:
    """Every row of every module of shim/doctor, each once, in the order of the modules and of the lines."""
    return list({row.name: row for module in _modules() for row in _rows(module)}.values())


def findings() -> tuple[Sequence[str], list[Sequence[str]]]:
    """The findings that have a remedy: name, what was found, what follows from it, what to do."""
    rows = [row for row in finding_rows() if row.remedy is not None]
    return (
        ("检查项", "发现", "影响", "处理"),
        [(f"`{row.name}`", *map(_chinese, (row.what, row.meaning, row.remedy))) for row in rows],
    )


def _modules() -> Iterator[object]:
    for module in sorted(pkgutil.iter_modules(doctor.__path__, f"{doctor.__name__}."), key=lambda each: each.name):
        yield import_module(module.name)


def _rows(module: object) -> Iterator[FindingRow]:
    """Rows that are constants of a module, and those in its tables."""
    for value in vars(module).values():
        yield from _within(value)


def _within(value: object) -> Iterator[FindingRow]:
    if isinstance(value, FindingRow):
        yield value
    elif isinstance(value, Mapping):
        yield from _within(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from _within(each)


def _chinese(phrase: Phrase | None) -> str:
    """A text with dots for its facts; "" for none, and where it has nothing but facts."""
    text = "" if phrase is None else _FACT.sub("…", phrase.zh)
    return text if text.strip("…，：；（） ") else ""
