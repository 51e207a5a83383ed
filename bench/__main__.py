"""Everything that a call costs, beside yardsticks: `build_dll.py bench [--wine] [--short] [--against NAME=FOLDER]`.

Measures dist/host on this Linux, or dist/win32 under Wine, side by side with a C DLL of the same exports, a bare C
socket, http.client, requests.Session and the stock runtime's start. Writes the tables and plots of docs/performance.md
and a line of bench/history. Asserts that every call was answered right and arrived once; asserts no time. Build first
(build_dll.py host, win32).
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import cases, document, history, machine, measure, programs, tables
from bench.figures import PRODUCT, Results, summary
from buildlib import console
from buildlib.layout import BUILD, DIST, ROOT

_DIST: dict[programs.SystemName, Path] = {"linux": DIST / "host", "wine": DIST / "win32"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; or compare the last run with those before it. 1 for a regression that was asked for."""
    options = _parser().parse_args(arguments)
    system: programs.SystemName = "wine" if options.wine else "linux"
    into: Path = options.into or (BUILD / "bench" / "short" if options.short else ROOT)
    kept = into / "bench" / "history" / f"{system}.jsonl"
    if options.check:
        return _check(kept)
    products = [(PRODUCT, _DIST[system]), *map(_product, options.against)]
    try:
        results = run(system, products, _effort(options), options.only)
    except console.Failed as failure:
        sys.stderr.write(f"\nbench: {failure}\n")
        return 1
    _report(results, system, [name for name, _ in products], into, kept, whole=not options.only)
    return 0


def run(
    system: programs.SystemName, products: Sequence[tuple[str, Path]], effort: measure.Effort, only: Sequence[str] = ()
) -> Results:
    """Measure `products`, ours first. Failed for a call that was not answered right."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        made = programs.SYSTEMS[system](folder, ending)
        server = programs.Server(cases.write(folder), folder, ending)
        for _, dist in products:
            if not (dist / made.library).exists():
                raise console.Failed(f"no {made.library} in {document.named(dist)}: build it first")
        # Whole copies, so that a build in the meantime changes nothing.
        kept = [(name, Path(shutil.copytree(dist, folder / "products" / name))) for name, dist in products]
        return measure.Run(made, server, kept, effort).measure(only)


def _report(
    results: Results, system: programs.SystemName, products: Sequence[str], into: Path, kept: Path, *, whole: bool
) -> None:
    today, commit, here = datetime.date.today().isoformat(), machine.commit(), machine.this_machine(system)
    text = tables.markdown(results, products)
    print(text)
    line = history.line_of(results, PRODUCT, today, commit, here.kind)
    _print_regressions(line, history.read(kept))
    if not whole:
        return
    folder = into / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "performance.md"
    if not page.exists():
        shutil.copy(ROOT / "docs" / "performance.md", page)
    document.write(page, system, results, products, text, f"{today}, {commit}. {here.sentence()}")
    history.append(kept, line)
    whole_line = {**line, "versions": dict(here.versions), "rows": summary(results)}
    numbers = (BUILD / "bench" if into == ROOT else into) / f"{system}.json"
    numbers.parent.mkdir(parents=True, exist_ok=True)
    numbers.write_text(json.dumps(whole_line, ensure_ascii=False, indent=1), "utf-8")
    console.say(", ".join(map(document.named, (page, kept, numbers))))


def _check(kept: Path) -> int:
    lines = history.read(kept)
    if not lines:
        print(f"{document.named(kept)}: no run yet")
        return 0
    return 1 if _print_regressions(lines[-1], lines[:-1]) else 0


def _print_regressions(line: dict[str, object], earlier: Sequence[dict[str, object]]) -> bool:
    alike = [each for each in earlier if each["machine"] == line["machine"]]
    found = history.regressions(line, earlier)
    if found:
        print(tables.table(["regression", "usual", "now", "×"], "lrrr", [each.row() for each in found]))
    else:
        print(f"no regression against {len(alike)} earlier runs on {line['machine']}")
    return bool(found)


def _effort(options: argparse.Namespace) -> measure.Effort:
    effort = measure.SHORT if options.short else measure.Effort()
    words = {field.name: getattr(options, field.name) for field in dataclasses.fields(effort)}
    return dataclasses.replace(effort, **{name: value for name, value in words.items() if value is not None})


def _product(word: str) -> tuple[str, Path]:
    name, _, folder = word.partition("=")
    return name, Path(folder).absolute()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wine", action="store_true", help="dist/win32 under Wine instead of dist/host")
    parser.add_argument(
        "--short", action="store_true", help="a few calls of each, into build/bench/short: does it work?"
    )
    parser.add_argument(
        "--against", action="append", default=[], metavar="NAME=FOLDER", help="another folder of dist/ in the same run"
    )
    parser.add_argument("--check", action="store_true", help="measure nothing; compare the last run with the history")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="write there instead of into the checkout")
    parser.add_argument(
        "--only", action="append", default=[], choices=measure.PARTS, help="one part; prints it and writes nothing"
    )
    for field in dataclasses.fields(measure.Effort):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=int, help=f"instead of {field.default}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
