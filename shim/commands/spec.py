"""`vcshim spec`: search both specifications, offline.

  vcshim spec verify      a method, by full name, alias or last words
  vcshim spec ecToken     every place where a field stands
  vcshim spec 2001        a return code with its remedy
  vcshim spec 350200      an entry of a dictionary, such as a region
  vcshim spec B.3         all rows of a clause
  vcshim spec 挂号        names, titles and notes that contain a word

Where the word names something exactly, only that is shown. Whole tables:
`vcshim reference`.

Exit code 1: no match; near matches go to stderr.

--json prints [{kind, name, title, where, detail, clause, note}] (ASCII
escapes unless stdout is UTF-8), or {error, near: [{name, title}]}; kind is
export, method, field, code, dictionary or entry. Keys stay; new ones may be
added.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby

from shim import lookup
from shim.commands.console import show, warn, write_data

HELP = "search both specifications for a method, field, code, region or word"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("words", metavar="WORD", nargs="+", help="what to look for; several words count as one")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Print what matches; 1 where nothing does."""
    try:
        hits = lookup.search(" ".join(options.words))
    except lookup.NotFound as missing:
        if options.json:
            near = [{"name": name, "title": title} for name, title in missing.near]
            _write_json({"error": missing.message, "near": near})
        else:
            names = [f"  {name}  {title}" for name, title in missing.near]
            warn("\n".join([f"{missing.message}。", *(["相近的有：", *names] if names else [])]))
        return 1
    if options.json:
        _write_json([asdict(hit) for hit in hits])
    else:
        show("\n".join(_lines(hits)))
    return 0


def _lines(hits: Iterable[lookup.Hit]) -> Iterable[str]:
    for kind, group in groupby(hits, key=lambda hit: hit.kind):
        same = list(group)
        yield f"{lookup.KINDS[kind]}（{len(same)} 项）"
        for hit in same:
            yield "  " + "  ".join(filter(None, (hit.name, hit.title, hit.where, hit.detail, hit.clause)))
            if hit.note:
                yield f"    {hit.note}"


def _write_json(data: object) -> None:
    readable = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    write_data(json.dumps(data, ensure_ascii=not readable, indent=2) + "\n")
