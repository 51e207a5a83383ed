"""The inventory of a host: what a process was like at each stage, compared with what may stay (vectors/inventory.json).

A host program (tests/native/inventory.c, inventory_python.py) writes down what can be seen of it at the stages of a
script; the first stage is before anything of ours is loaded. Every difference from it must be a row of `stays`, and
every row must be found. ``python -m tests.support.inventory docs/design/inventory.md`` writes that page's tables anew.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from shim.commands.tables import markdown
from tests.support.paths import vectors

InventoryHost = Literal["linux-c", "win32-c", "linux-python", "win32-python"]
HOSTS: tuple[InventoryHost, ...] = ("linux-c", "win32-c", "linux-python", "win32-python")
HOST_NAMES: Mapping[str, str] = {
    "linux-c": "Linux", "win32-c": "Windows", "linux-python": "Python, Linux", "win32-python": "Python, Windows",
}  # fmt: skip

HOST_THREADS = 2  # that the host programs have themselves

FIGURE = "figure."  # an item that is a size, which is never the same
SECOND = ".second"  # the same item of the host's second thread

Value = Counter[str]
Stage = dict[str, Value]


@dataclass(frozen=True)
class Stays:
    """A row: a difference that is expected, from one stage to another.

    `added` and `removed` are patterns of values, each of which must be found at every stage, or only at the first where
    it `may_end`; `most` is how many values they may match in all.
    """

    item: str
    on: tuple[str, ...]
    begins: str
    ends: str
    what: str
    why: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    most: int = sys.maxsize
    may_end: bool = False

    @property
    def patterns(self) -> list[tuple[str, str]]:
        """A sign with each pattern."""
        return [*(("+", pattern) for pattern in self.added), *(("-", pattern) for pattern in self.removed)]


@dataclass(frozen=True)
class Item:
    """A row: something that a host program records."""

    name: str
    on: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class Inventory:
    """The rows of vectors/inventory.json; stages with what happens before each, in their order."""

    stages: Mapping[str, str]
    items: tuple[Item, ...]
    stays: tuple[Stays, ...]


def read(data: Any = None) -> Inventory:
    """The rows, checked for words that are no stage, host or item."""
    data = vectors("inventory") if data is None else data
    stages = {row["name"]: row["what"] for row in data["stages"]}
    names = list(stages)
    items = tuple(Item(row["item"], tuple(row["on"]), row["what"]) for row in data["items"])
    stays = tuple(
        Stays(
            row["item"],
            tuple(row["on"]),
            row["from"],
            row.get("until", names[-1]),
            row["what"],
            row["why"],
            tuple(row.get("added", ())),
            tuple(row.get("removed", ())),
            row.get("most", sys.maxsize),
            row.get("may_end", False),
        )
        for row in data["stays"]
    )
    for each in stays:
        assert {each.begins, each.ends} <= set(names[1:]) and names.index(each.begins) <= names.index(each.ends), each
        for host in each.on:
            assert any(host in item.on and item.name == each.item for item in items), each
    assert {host for item in items for host in item.on} <= set(HOSTS)
    return Inventory(stages, items, stays)


@dataclass
class Findings:
    """What is not as the rows say."""

    unexpected: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)


def stages_of(lines: Iterable[str], places: Mapping[str, str]) -> dict[str, Stage]:
    """The stages that a host program wrote.

    Args:
        lines: its result; those that are no JSON objects are replies, and left out.
        places: texts that are replaced, such as the product's folder by {product}.
    """
    stages: dict[str, Stage] = {}
    for line in lines:
        if line.startswith("{"):
            row = json.loads(line)
            value = row["value"] if isinstance(row["value"], list) else [row["value"]]
            stages.setdefault(row["stage"], {})[row["item"]] = Counter(_plain(text, places) for text in value)
    return stages


_SYSTEM = re.compile(r"(^|(?<=[ ,]))((/usr)?/lib(64)?(/\w+-linux-gnu)?|[Cc]:/windows/system32)/")


def _plain(text: str, places: Mapping[str, str]) -> str:
    text = text.replace("\\", "/")
    for place, name in places.items():
        text = text.replace(place.replace("\\", "/"), name)
    return _SYSTEM.sub("{system}/", text)


def differences(before: Stage, now: Stage) -> list[tuple[str, str, str]]:
    """Item, sign and value of whatever is new (+) or gone (-), of the items that both have; without figures."""
    found = []
    for item, other in now.items():
        if item.startswith(FIGURE) or item not in before:
            continue
        one = before[item]
        found += [(item, "+", text) for text in (other - one).elements()]
        found += [(item, "-", text) for text in (one - other).elements()]
    return found


def compare(stages: Mapping[str, Stage], rows: Inventory, host: InventoryHost) -> Findings:
    """Differences of each stage from the first that no row expects, and rows that expect one that is not there."""
    names = [name for name in rows.stages if name in stages]
    findings = Findings()
    for name in names[1:]:
        there = differences(stages[names[0]], stages[name])
        expected = [
            row for row in rows.stays if host in row.on and row.item in stages[name] and _covers(rows, row, name)
        ]
        matches: Counter[tuple[int, str, str]] = Counter()
        for item, sign, text in there:
            hits = [
                (number, pattern)
                for number, row in enumerate(expected)
                if row.item == item.removesuffix(SECOND)
                for its_sign, pattern in row.patterns
                if its_sign == sign and fnmatchcase(text, pattern)
            ]
            if not hits:
                findings.unexpected.append(f"{name}: {item}: {sign}{text}")
            for number, pattern in hits:
                matches[number, sign, pattern] += 1
        for number, row in enumerate(expected):
            if sum(matches[number, *pair] for pair in row.patterns) > row.most:
                findings.unexpected.append(f"{name}: {row.item}: more than {row.most} of: {row.what}")
            findings.stale += [
                f"{name}: {row.item}: no longer there: {sign}{pattern}"
                for sign, pattern in row.patterns
                if not matches[number, sign, pattern] and not (row.may_end and name != row.begins)
            ]
    return findings


def _covers(rows: Inventory, row: Stays, stage: str) -> bool:
    names = list(rows.stages)
    return names.index(row.begins) <= names.index(stage) <= names.index(row.ends)


# ---- the tables of docs/design/inventory.md ------------------------------------------------------------------------

_BLOCK = re.compile(r"(<!-- inventory: ([a-z]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def _hosts(names: Sequence[str]) -> str:
    if set(names) == set(HOSTS):
        return "all"
    return "; ".join(HOST_NAMES[name] for name in names)


def tables(rows: Inventory) -> dict[str, str]:
    """The tables of the page, in Markdown."""
    stages = list(rows.stages.items())
    items = [(item.name, _hosts(item.on), item.what) for item in rows.items]
    last = list(rows.stages)[-1]
    stays = [
        (row.item, _hosts(row.on), row.begins, "" if row.ends == last else row.ends, row.what, row.why)
        for row in rows.stays
    ]
    return {
        "stages": markdown(("stage", "what has happened"), stages),
        "items": markdown(("item", "host", "what is written down"), items),
        "stays": markdown(("item", "host", "from", "until", "what is there", "why"), stays),
    }


def updated(document: str, rows: Inventory) -> str:
    """`document` with every block filled from its table."""
    made = tables(rows)
    return _BLOCK.sub(lambda block: f"{block[1]}{made[block[2]]}{block[4]}", document)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(updated(path.read_text("utf-8"), read()), "utf-8", newline="\n")
