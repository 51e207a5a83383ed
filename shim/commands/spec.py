"""`vcshim spec`: search both specifications, offline; for people, or as JSON, which does not depend on the language.

JSON is a list of {kind, name, title, where, detail, clause, note} (`lookup.Hit`), or {error, near: [{name, title}]}.
Keys stay; new ones may be added.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby

from shim import lookup
from shim.commands.catalogue import spec as phrases
from shim.commands.console import show, warn, write_json
from shim.commands.language import CommandLanguage, current_language

_MARKS = str.maketrans({"，": ", ", "、": ", "})


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("words", metavar="WORD", nargs="+", help=phrases.WORDS())


def run(options: argparse.Namespace) -> int:
    """Print what matches; 1 where nothing does."""
    try:
        hits = lookup.search(" ".join(options.words))
    except lookup.NotFound as missing:
        if options.json:
            near = [{"name": name, "title": title} for name, title in missing.near]
            write_json({"error": _message(missing, CommandLanguage.CHINESE), "near": near})
        else:
            message, names = (
                _message(missing, current_language()),
                [f"  {name}  {title}" for name, title in missing.near],
            )
            warn(phrases.NEAR(message=message, names="\n".join(names)) if names else phrases.ALONE(message=message))
        return 1
    if options.json:
        write_json([asdict(hit) for hit in hits])
    else:
        show("\n".join(_lines(hits)))
    return 0


def _lines(hits: Iterable[lookup.Hit]) -> Iterable[str]:
    for kind, group in groupby(hits, key=lambda hit: hit.kind):
        same = list(group)
        yield phrases.COUNT(kind=phrases.KINDS[kind](), count=len(same))
        for hit in same:
            yield "  " + "  ".join(
                filter(None, (hit.name, hit.title, _place(hit.where), _place(hit.detail), hit.clause))
            )
            if hit.note:
                yield f"    {hit.note}"


def _message(missing: lookup.NotFound, language: CommandLanguage) -> str:
    """Why nothing was found."""
    row = phrases.NOT_FOUND_NUMBER if missing.may_be_a_code else phrases.NOT_FOUND
    return row.within(language, word=missing.word) if missing.word else phrases.NO_WORD.within(language)


def _place(text: str) -> str:
    """Where a row stands and what it is, in the language of the run: the words of shim/lookup.py are Chinese."""
    if current_language() is CommandLanguage.CHINESE:
        return text
    words = {row.zh: row.en for row in phrases.PLACES}
    return re.sub("[一-鿿]+", lambda word: words.get(word[0], word[0]), text).translate(_MARKS)
