"""What many comparisons say together: figures by day, method and difference, as JSON.

Free of values, as the comparisons are. The text for people is in shim/commands/replay.py, the page in `page`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shim.replay.compare import Comparison, ComparisonVerdict
from shim.replay.differences import Difference, NotComparable, explained

FORMAT = "vcshim-replay"
VERSION = 1
_MOST_EXAMPLES = 5  # call_ids of a kind of difference
_LANGUAGES = ("zh", "en")


@dataclass(slots=True)
class Shares:
    """How many calls agree, differ and cannot be compared."""

    agrees: int = 0
    differs: int = 0
    not_comparable: int = 0

    def count(self, verdict: ComparisonVerdict) -> None:
        """Add a call."""
        match verdict:
            case ComparisonVerdict.AGREES:
                self.agrees += 1
            case ComparisonVerdict.DIFFERS:
                self.differs += 1
            case ComparisonVerdict.NOT_COMPARABLE:
                self.not_comparable += 1

    @property
    def compared(self) -> int:
        """Those that could be compared."""
        return self.agrees + self.differs

    @property
    def calls(self) -> int:
        """All of them."""
        return self.compared + self.not_comparable

    @property
    def share(self) -> float | None:
        """The share of those compared that agree, 0 to 1; None where none was compared."""
        return self.agrees / self.compared if self.compared else None

    def as_json(self) -> dict[str, Any]:
        """The figures."""
        share = self.share
        return {
            "calls": self.calls, "agree": self.agrees, "differ": self.differs, "not_comparable": self.not_comparable,
            "share": None if share is None else round(share, 6),
        }  # fmt: skip


@dataclass(slots=True)
class ReportFinding:
    """One kind of difference: its first sentence, how many calls have it, and which they are."""

    difference: Difference
    calls: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """The comparisons of a run. Add them with `add`."""

    total: Shares = field(default_factory=Shares)
    days: dict[str, Shares] = field(default_factory=dict)
    methods: dict[tuple[str, str], Shares] = field(default_factory=dict)
    codes: dict[tuple[str, str, str], int] = field(default_factory=Counter)
    reasons: dict[NotComparable, int] = field(default_factory=Counter)
    findings: dict[tuple[str, str], ReportFinding] = field(default_factory=dict)
    repeated: int = 0
    beside: int = 0

    def add(self, comparison: Comparison) -> None:
        """Count one comparison."""
        day, method = day_of(comparison.began), (comparison.function, comparison.method)
        for shares in (
            self.total,
            self.days.setdefault(day, Shares()),
            self.methods.setdefault(method, Shares()),
        ):
            shares.count(comparison.verdict)
        self.codes[(*method, comparison.code)] += 1
        self.repeated += comparison.repeated
        self.beside += comparison.beside
        if comparison.reason is not None:
            self.reasons[comparison.reason] += 1
        for key, difference in {finding_key(each): each for each in comparison.differences}.items():
            finding = self.findings.setdefault(key, ReportFinding(difference))
            finding.calls += 1
            if len(finding.examples) < _MOST_EXAMPLES:
                finding.examples.append(comparison.call_id)

    def sorted_findings(self) -> list[ReportFinding]:
        """The differences, the most frequent first."""
        return sorted(self.findings.values(), key=lambda finding: -finding.calls)

    def sorted_reasons(self) -> list[tuple[NotComparable, int]]:
        """Why calls cannot be compared, the most frequent first."""
        return sorted(self.reasons.items(), key=lambda item: -item[1])

    def as_json(self) -> dict[str, Any]:
        """All figures and sentences, both languages."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "total": self.total.as_json(),
            "days": {day: self.days[day].as_json() for day in sorted(self.days)},
            "methods": [
                {"function": function, "method": method, **shares.as_json()}
                for (function, method), shares in sorted(self.methods.items())
            ],
            "codes": [
                {"function": function, "method": method, "code": code, "calls": calls}
                for (function, method, code), calls in sorted(self.codes.items())
            ],
            "differences": [
                {
                    "kind": finding.difference.kind.word, "name": str(finding.difference.facts.get("name", "")),
                    "calls": finding.calls, "examples": finding.examples,
                    **{language: finding.difference.text(language) for language in _LANGUAGES},
                }
                for finding in self.sorted_findings()
            ],
            "not_comparable": [
                {
                    "reason": reason.word, "calls": calls,
                    **{language: explained(reason.explanation, language, {}) for language in _LANGUAGES},
                }
                for reason, calls in self.sorted_reasons()
            ],
            "repeated_requests": self.repeated,
            "other_requests": self.beside,
        }  # fmt: skip


def reported(comparisons: Iterable[Comparison]) -> Report:
    """The report over some comparisons."""
    report = Report()
    for comparison in comparisons:
        report.add(comparison)
    return report


def finding_key(difference: Difference) -> tuple[str, str]:
    """What makes two differences the same kind: the word and the field."""
    return difference.kind.word, _named(difference.facts)


def day_of(seconds: float) -> str:
    """The day, in local time, of a moment."""
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def _named(facts: Mapping[str, Any]) -> str:
    return str(facts.get("name") or facts.get("line") or "")
