"""The questions of `vcshim call --form`: one for each field of the specification, with what may stand there.

An empty line keeps the value, a minus sign takes the field away, a question mark lists the dictionary of the field. The
application key is not asked here (dialect_words). Not a command.
"""

from __future__ import annotations

import sys
from typing import Any

from shim.commands.call_request import Change, common_rows, held_at, method_of, places, put_at
from shim.commands.catalogue import call as phrases
from shim.commands.console import warn
from shim.commands.language import joined
from shim.commands.machine import CommandFailed
from shim.spec import DICTIONARIES, Export, Field

_NOT_ASKED = frozenset({"key", "sign", "method", "transType", "biz_content", "data", "extra"})
_SHOWN = 8  # entries of a dictionary that stand in the question


class NoAnswer(CommandFailed):
    """Standard input has ended before the form was filled in; the text says so."""


def fill_in(request: dict[str, Any], export: Export) -> dict[str, Any]:
    """The request with what the person at the terminal has answered. NoAnswer if there is nobody."""
    warn(phrases.FORM())
    for row in common_rows(export):
        if row.name not in _NOT_ASKED:
            request = _asked(request, export, row, (row.name,))
    method = method_of(request, export)
    for row in method.request if method is not None else ():
        if row.name not in _NOT_ASKED:
            request = _asked(request, export, row, places(row.name, request, export)[-1])
    return request


def _asked(request: dict[str, Any], export: Export, row: Field, path: tuple[str, ...]) -> dict[str, Any]:
    while True:
        warn(_question(row, held_at(request, path)))
        line = sys.stdin.readline()
        if not line:
            raise NoAnswer(phrases.NO_ANSWER(field=row.name))
        word = line.strip()
        if word == "?" and row.dictionary:
            for entry in DICTIONARIES[row.dictionary].entries:
                warn(f"    {entry.code}  {entry.name}")
            continue
        if not word:
            return request
        return put_at(request, path, Change(row.name, word, removes=word == "-"))


def _question(row: Field, held: Any) -> str:
    facts = [phrases.REQUIRED() if row.required and row.when is None else phrases.OPTIONAL(), row.clause]
    if row.length:
        facts.append(phrases.AT_MOST(length=row.length))
    entries = DICTIONARIES[row.dictionary].entries if row.dictionary else ()
    if entries:
        shown = joined(f"{entry.code} {entry.name}" for entry in entries[:_SHOWN])
        facts.append(phrases.ONE_OF(choices=shown, more=" …" if len(entries) > _SHOWN else ""))
    value = "" if held is None else str(held)
    about = phrases.FIELD_TITLED(title=row.title, facts=joined(facts))
    return phrases.QUESTION(field=row.name, about=about, value=value)
