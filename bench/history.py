"""The figures of earlier runs, a line of JSON each in bench/history, and what is worse than they were.

Figures are ratios within a run, since times of different runs do not compare; those of the best rounds, which other
work on the machine changes least; and only runs on the same kind of machine are compared. A run is looked at after the
fact: nothing here measures, and no test fails by it.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import TARGETS, Results, best, by_yardstick, targets

WORSE = 1.25
"""A figure is a regression beyond so many times the median of the history."""
_BY_KEY = {target.key: target for target in TARGETS}


@dataclass(frozen=True)
class Regression:
    """A figure that is worse than it was, with the median of the history."""

    name: str
    figure: float
    usual: float

    def row(self) -> list[str]:
        return [self.name, f"{self.usual:.3g}", f"{self.figure:.3g}", f"{self.figure / self.usual:.2f}"]


def line_of(results: Results, player: str, date: str, commit: str, machine: str) -> dict[str, Any]:
    """A run as it is kept."""
    # Of the same build, two runs beside much other work gave 18 and 53 times http.client by the median, and 10.2 and
    # 9.8 by the best rounds.
    quiet = best(results)
    figures = {**targets(quiet, player), **by_yardstick(quiet, player)}
    return {
        "date": date,
        "commit": commit,
        "machine": machine,
        "figures": {name: round(figure, 4) for name, figure in sorted(figures.items())},
    }


def append(path: Path, line: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """All runs, the oldest first; none where there is no file."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def regressions(line: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> list[Regression]:
    """What is worse in a run than in the earlier ones of the same kind of machine."""
    alike = [each["figures"] for each in earlier if each["machine"] == line["machine"]]
    found = []
    for name, figure in line["figures"].items():
        history = [figures[name] for figures in alike if name in figures]
        if history and _is_worse(name, figure, statistics.median(history)):
            found.append(Regression(name, figure, statistics.median(history)))
    return found


def _is_worse(name: str, figure: float, usual: float) -> bool:
    target = _BY_KEY.get(name)
    if target is not None and target.at_least:
        return figure * WORSE < usual
    return figure > usual * WORSE and figure > usual + (target.slack if target else 0)
