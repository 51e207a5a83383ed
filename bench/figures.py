"""What was measured, and the arithmetic on it: medians, p99, ratios by rounds, targets. Pure; no process, no file.

A row is one thing that is measured, such as `steady.verify-aes-md5`; a player is who was measured at it, such as
`C DLL`. Times are microseconds, memory is bytes.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

PRODUCT = "vcshim"
"""The product under dist/; others that are compared have names of their own."""
C_DLL, SOCKET, HTTP_CLIENT, REQUESTS, STOCK = "C DLL", "C socket", "http.client", "requests.Session", "stock CPython"
YARDSTICKS = (C_DLL, SOCKET, HTTP_CLIENT, REQUESTS, STOCK)


@dataclass
class Samples:
    """The values of one player at one row, round by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        return [value for values in self.rounds for value in values]

    @property
    def median(self) -> float:
        return statistics.median(self.all)

    @property
    def p99(self) -> float:
        return percentile(self.all, 99)

    @property
    def least(self) -> float:
        """The median of the best round: what a quiet moment of the machine allows."""
        return min(statistics.median(values) for values in self.rounds)


Results = dict[str, dict[str, Samples]]
"""Row, player."""


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: the least value that so many per cent of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def ratio(results: Results, above: tuple[str, str], below: tuple[str, str]) -> float | None:
    """How many times as much (row, player) `above` takes as `below`: the median of the ratios of their rounds.

    Rounds are made in turn, so both of a pair met the same machine. None where either was not measured.
    """
    upper, lower = (results.get(row, {}).get(player) for row, player in (above, below))
    if upper is None or lower is None:
        return None
    if len(upper.rounds) != len(lower.rounds):
        return upper.median / lower.median
    pairs = zip(upper.rounds, lower.rounds, strict=True)
    return statistics.median(statistics.median(a) / statistics.median(b) for a, b in pairs)


def tails(results: Results) -> Results:
    """The results as if each player had one value, its p99."""
    return _reduced(results, lambda samples: samples.p99)


def best(results: Results) -> Results:
    """The results as if each player had its best round only: what a quiet moment of the machine allows."""
    return _reduced(results, lambda samples: samples.least)


def _reduced(results: Results, pick: Callable[[Samples], float]) -> Results:
    return {
        row: {player: Samples([[pick(samples)]]) for player, samples in players.items()}
        for row, players in results.items()
    }


def value(results: Results, row: str, player: str) -> float | None:
    """The median, or None where it was not measured."""
    samples = results.get(row, {}).get(player)
    return None if samples is None else samples.median


# ---- targets ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """One target of the project: a figure of a player, and what it may be at most, or has to be at least.

    `slack` is how much a figure may grow without being called a regression, however small it was.
    """

    key: str
    title: str
    limit: float
    figure: Callable[[Results, str], float | None]
    unit: str = "×"
    at_least: bool = False
    slack: float = 0.0

    def is_met(self, figure: float) -> bool:
        return figure >= self.limit if self.at_least else figure <= self.limit


def _against(above: str, below: str, player: str) -> Callable[[Results, str], float | None]:
    """The player's row `above`, as a ratio to the row `below` of `player`, or of the same one."""
    return lambda results, who: ratio(
        results, (_in_host(results, above), who), (_in_host(results, below), player or who)
    )


def _in_host(results: Results, row: str) -> str:
    """The row of a start in a GUI host, or in a console host where there is no other kind."""
    return (
        row if "." in row else next((f"{row}.{kind}" for kind in ("gui", "console") if f"{row}.{kind}" in results), row)
    )


def _load(results: Results, player: str) -> float | None:
    """Milliseconds more than the C DLL: the median over the starts."""
    ours, theirs = (value(results, _in_host(results, "load"), name) for name in (player, C_DLL))
    return None if ours is None or theirs is None else (ours - theirs) / 1000


def _megabytes(results: Results, player: str) -> float | None:
    size = value(results, "memory.1", player)
    return None if size is None else size / 1e6


def _growth(results: Results, player: str) -> float | None:
    return value(results, "memory.growth", player)


_AES = "steady.verify-aes-md5"
TARGETS: tuple[Target, ...] = (
    Target("steady-http", "steady call, against a bare http.client POST", 2.0, _against(_AES, _AES, HTTP_CLIENT)),
    Target("steady-requests", "steady call, against a bare requests.Session post", 1.0, _against(_AES, _AES, REQUESTS)),
    Target("slow-socket", "call at 5 ms, against the C socket", 1.1, _against("slow.1", "slow.1", SOCKET)),
    Target(
        "slow-threads", "8 threads at 5 ms, against one thread", 7.0, _against("slow.1", "slow.8", ""), at_least=True
    ),
    Target(
        "first-process",
        "first call in a GUI host, against the whole process of the stock runtime's start",
        1.0,
        _against("first", "process", STOCK),
    ),
    Target(
        "first-inside",
        "the same within one process: loading and the first call, against an embedded stock runtime's start",
        1.0,
        _against("inside", "inside", STOCK),
    ),
    Target("later", "first call 600 ms after loading, against a steady call", 3.0, _against("later", _AES, "")),
    Target("load", "loading, more than the C DLL", 3.0, _load, "ms", slack=1.0),
    Target("sm4", "SM4/SM3, against AES/MD5", 1.5, _against("steady.verify-sm4-sm3", _AES, "")),
    Target("memory", "working set after the first call", 30.0, _megabytes, "MB"),
    Target(
        "growth", "growth from 1,000 to 100,000 calls, less return_memory", 16.0, _growth, "bytes a call", slack=16.0
    ),
)


def targets(results: Results, player: str) -> dict[str, float]:
    """The figure of every target that was measured."""
    found = {target.key: target.figure(results, player) for target in TARGETS}
    return {key: figure for key, figure in found.items() if figure is not None}


def by_yardstick(results: Results, player: str) -> dict[str, float]:
    """Every row of a player as a ratio to the first yardstick that has the row, for the history."""
    found: dict[str, float] = {}
    for row, players in results.items():
        yardstick = next((name for name in YARDSTICKS if name in players), None)
        if player in players and yardstick is not None and not row.startswith("memory."):
            ratio_ = ratio(results, (row, player), (row, yardstick))
            assert ratio_ is not None
            found[row] = ratio_
    screen = ratio(results, ("screen", player), (_AES, SOCKET))
    return found if screen is None else {**found, "screen": screen}


def summary(results: Results) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Everything as plain numbers, for the file of a run."""
    return {
        row: {
            player: {"median": samples.median, "p99": samples.p99, "least": samples.least, "count": len(samples.all)}
            for player, samples in players.items()
        }
        for row, players in results.items()
    }
