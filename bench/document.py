"""Puts a run into docs/performance.md: tables and plots between two comments, the rest of the page is left as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import plots
from bench.figures import PRODUCT, YARDSTICKS, Results
from bench.tables import START_ROWS, STEADY_ROWS
from buildlib import console
from buildlib.layout import ROOT

_PLOTS = {
    "steady": ("Steady calls", STEADY_ROWS),
    "starts": ("Starting", START_ROWS),
}
_NOT_DRAWN = frozenset({"steady.verify-200-kb", "steady.verify-sm4-sm2", "steady.alterinfo-sm4-sm2"})


def write(page: Path, system: str, results: Results, products: Sequence[str], text: str, made: str) -> None:
    """Replace the part of a system. Failed if the page has no place for it."""
    folder = page.parent / "performance"
    folder.mkdir(exist_ok=True)
    pictures = []
    for name, (title, rows) in _PLOTS.items():
        groups = _groups(results, rows, products)
        if not groups:
            continue
        file = folder / f"{system}-{name}.svg"
        file.write_text(plots.bars(f"{title}, median and p99", "ms", groups), "utf-8")
        pictures.append(f"![{title}: bars, median and p99](performance/{file.name})\n")
    part = f"{made}\n\n{text}\n" + "\n".join(pictures)
    page.write_text(replaced(page.read_text("utf-8"), system, part), "utf-8")


def replaced(page: str, system: str, part: str) -> str:
    """The page with another text between the comments of a system."""
    pattern = re.compile(rf"(<!-- bench: {system} -->\n).*?(<!-- end -->)", re.DOTALL)
    new, count = pattern.subn(lambda match: f"{match[1]}{part}{match[2]}", page)
    if count != 1:
        raise console.Failed(f"docs/performance.md has no line <!-- bench: {system} --> with its <!-- end -->")
    return new


def named(path: Path) -> str:
    """As it is called in the checkout, or where it is."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _groups(results: Results, rows: Mapping[str, str], products: Sequence[str]) -> list[plots.Group]:
    groups = []
    for row, title in rows.items():
        players = results.get(row, {})
        if row in _NOT_DRAWN or PRODUCT not in players:
            continue
        drawn = [name for name in (*products, *YARDSTICKS) if name in players]
        bars = [plots.Bar(name, players[name].median / 1000, players[name].p99 / 1000) for name in drawn]
        groups.append(plots.Group(title, bars))
    return groups
