"""The results of a run as Markdown tables. Pure; what is measured and computed is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from bench.cases import CIPHERS, METHODS
from bench.figures import (
    C_DLL,
    HTTP_CLIENT,
    REQUESTS,
    SOCKET,
    STOCK,
    TARGETS,
    YARDSTICKS,
    Results,
    Target,
    best,
    ratio,
    tails,
    targets,
    value,
)

_KINDS = {"console": "console host", "gui": "GUI host"}
_STARTS = {
    "load": "loading the DLL",
    "first": "first call",
    "inside": "both, in the process",
    "process": "whole process",
    "later": "first call after 600 ms",
}
_LARGE = {"steady.verify-2-kb": "verify AES/MD5, 2 KB", "steady.verify-200-kb": "verify AES/MD5, 200 KB"}

START_ROWS: Mapping[str, str] = MappingProxyType(
    {f"{key}.{kind}": f"{title}, {_KINDS[kind]}" for key, title in _STARTS.items() for kind in _KINDS}
)
STEADY_ROWS: Mapping[str, str] = MappingProxyType(
    {
        f"steady.{method}-{cipher.lower().replace('/', '-')}": f"{method} {cipher}"
        for method in METHODS
        for cipher in CIPHERS
    }
    | _LARGE
    | {"screen": "Set_QRflow_Mode"}
)


def markdown(results: Results, products: Sequence[str]) -> str:
    """All tables, under headings of the third level."""
    parts = {
        "Targets": target_table(results, products),
        "Starting": times(results, products, START_ROWS, (C_DLL, STOCK)),
        "Steady calls": times(results, products, STEADY_ROWS, (SOCKET, C_DLL, HTTP_CLIENT, REQUESTS)),
        "A platform that takes 5 ms": slow(results, products),
        "Memory": memory(results, products),
    }
    return "\n".join(f"### {title}\n\n{text}" for title, text in parts.items() if text)


def target_table(results: Results, products: Sequence[str]) -> str:
    """Every target with its figure, of our product first, whose figure is also made from p99 and from best rounds."""
    views = [(products[0], results), (products[0], tails(results)), (products[0], best(results))]
    figures = [targets(view, product) for product, view in (*views, *((name, results) for name in products[1:]))]
    rows = [
        [target.title, _limit(target), *(_figure(target, each.get(target.key)) for each in figures), verdict]
        for target in TARGETS
        if (verdict := _verdict(target, figures[0].get(target.key)))
    ]
    heads = [products[0], "p99", "best rounds", *products[1:]]
    return table(["", "target", *heads, ""], "ll" + "r" * len(heads) + "l", rows)


def times(results: Results, products: Sequence[str], titles: Mapping[str, str], below: Sequence[str]) -> str:
    """A row for each row and player, with ratios to the players `below`."""
    rows = []
    for row, title in titles.items():
        for player in _players(results, row, products):
            samples = results[row][player]
            ratios = [_times(ratio(results, (row, player), (row, other))) for other in below if other != player]
            own = below.index(player) if player in below else None
            if own is not None:
                ratios.insert(own, "1")
            rows.append([title, player, _ms(samples.median), _ms(samples.p99), _ms(samples.least), *ratios])
            title = ""
    head = ["", "", "median ms", "p99 ms", "best ms", *(f"× {name}" for name in below)]
    return table(head, "ll" + "r" * (3 + len(below)), rows)


def slow(results: Results, products: Sequence[str]) -> str:
    """Calls at 5 ms by one thread and by eight."""
    rows = []
    for player in _players(results, "slow.1", products):
        one, eight = results["slow.1"][player], results["slow.8"][player]
        rows.append([
            player, _ms(one.median), _ms(one.p99), _times(ratio(results, ("slow.1", player), ("slow.1", SOCKET))),
            f"{1e6 / one.median:,.0f}", f"{1e6 / eight.median:,.0f}",
            _times(ratio(results, ("slow.1", player), ("slow.8", player))),
        ])  # fmt: skip
    head = ["", "1 thread, median ms", "p99 ms", f"× {SOCKET}", "calls a second", "of 8 threads", "× 1 thread"]
    return table(head, "l" + "r" * 6, rows)


def memory(results: Results, products: Sequence[str]) -> str:
    """The working set."""
    columns = ("memory.1", "memory.1000", "memory.100000")
    rows = []
    for player in _players(results, "memory.1", products):
        sizes = [value(results, row, player) for row in columns]
        growth = value(results, "memory.growth", player)
        rows.append(
            [
                player,
                *("" if size is None else f"{size / 1e6:.1f}" for size in sizes),
                "" if growth is None else f"{growth:.1f}",
            ]
        )
    head = ["", "after 1 call, MB", "after 1,000, MB", "after all, MB", "growth, bytes a call"]
    return table(head, "l" + "r" * 4, rows)


def table(head: Sequence[str], sides: str, rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; "" without rows. `sides` has l or r for each column."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    if not lines:
        return ""
    rule = " | ".join("---" if side == "l" else "---:" for side in sides)
    return "\n".join([f"| {' | '.join(head)} |", f"| {rule} |", *lines]) + "\n"


def _players(results: Results, row: str, products: Sequence[str]) -> list[str]:
    """Those of a row: products, their variants, yardsticks."""
    players = results.get(row, {})
    variants = [name for name in players if name not in products and name not in YARDSTICKS]
    return [name for name in (*products, *variants, *YARDSTICKS) if name in players]


def _verdict(target: Target, figure: float | None) -> str:
    if figure is None:
        return ""
    return "met" if target.is_met(figure) else "**missed**"


def _limit(target: Target) -> str:
    return f"{'at least' if target.at_least else 'at most'} {target.limit:g} {target.unit}"


def _figure(target: Target, figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}" if target.unit == "×" else f"{figure:.1f}"


def _times(factor: float | None) -> str:
    return "" if factor is None else f"{factor:.2f}" if factor < 10 else f"{factor:.0f}"


def _ms(microseconds: float) -> str:
    milliseconds = microseconds / 1000
    return (
        f"{milliseconds:.3f}"
        if milliseconds < 1
        else f"{milliseconds:.2f}"
        if milliseconds < 10
        else f"{milliseconds:.0f}"
    )
