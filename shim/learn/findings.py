"""What learn has found out, without a word of it: rows that shim/commands/learn.py says in either language. Pure.

The facts of a finding are names of fields, values of columns, numbers of calls and figures. Values of patients and keys
are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any


@unique
class Weight(Enum):
    """What a finding means to whoever reads it."""

    EVIDENCE = "evidence"
    UNDECIDED = "undecided"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class LearnFinding:
    """One thing that was found out.

    Attributes:
        topic: what it is: a row of FINDINGS in shim/commands/catalogue/learn.py.
        facts: the values in its text.
        weight: evidence for a line, something that the captures do not decide, or something that is wrong.
        line: the key of the line that it belongs to; "" for none.
    """

    topic: str
    facts: dict[str, Any] = field(default_factory=dict)
    weight: Weight = Weight.EVIDENCE
    line: str = ""


def call_list(numbers: Iterable[int]) -> str:
    """Numbers of calls for people: the first six, and how many there are."""
    known = sorted(numbers)
    shown = ", ".join(map(str, known[:6]))
    return shown if len(known) <= 6 else f"{shown} … ({len(known)})"


def undecided(topic: str, line: str, **facts: Any) -> LearnFinding:
    """Something that these captures do not decide."""
    return LearnFinding(topic, facts, Weight.UNDECIDED, line)


def problem(topic: str, **facts: Any) -> LearnFinding:
    """Something that is wrong."""
    return LearnFinding(topic, facts, Weight.PROBLEM)


def problems_of(findings: Sequence[LearnFinding]) -> list[LearnFinding]:
    """The findings that are problems."""
    return [each for each in findings if each.weight is Weight.PROBLEM]
