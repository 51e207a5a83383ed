"""The rule by which `vcshim status` says whether it is safe to go native: a table of conditions with thresholds.

All conditions must hold. They are about calls that were compared with the settings in force, on this PC and by this
user. The same rows are printed by the command and stand in docs/replacing.md. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from shim.replay.differences import DifferenceKind, Explanation, NotComparable
from shim.spec import EXPORT_BY_NAME, Shape

Outcome = tuple[str, str, str]
"""Function, method and code."""

_Names = TypeVar("_Names", bound=tuple[str, ...])
_HARMLESS = frozenset(reason.word for reason in NotComparable if reason.harmless)


@dataclass(slots=True)
class Evidence:
    """What is known about this PC.

    Attributes:
        usable: calls may be made with the settings in force.
        days: the days on which calls were compared; `days_since` those after the last difference.
        agreed: by outcome, how many calls agree.
        differed: by outcome, how many differ.
        apart: by outcome and the word of the reason, how many could not be compared.
        streak: how many calls agreed since one differed.
        seen: outcomes that were seen without being compared, such as by the journal in capture mode.
        fields: by the word of a difference, how many calls have it.
        missed: calls that came too fast.
    """

    usable: bool = True
    days: set[str] = field(default_factory=set)
    days_since: set[str] = field(default_factory=set)
    agreed: dict[Outcome, int] = field(default_factory=dict)
    differed: dict[Outcome, int] = field(default_factory=dict)
    apart: dict[tuple[Outcome, str], int] = field(default_factory=dict)
    streak: int = 0
    seen: set[Outcome] = field(default_factory=set)
    fields: dict[str, int] = field(default_factory=dict)
    missed: int = 0

    @property
    def compared(self) -> int:
        """How many calls were compared."""
        return sum(self.agreed.values()) + sum(self.differed.values())

    @property
    def calls(self) -> int:
        """How many calls the shadow has taken."""
        return self.compared + sum(self.apart.values())

    def compared_outcomes(self) -> dict[Outcome, int]:
        """How often each outcome was compared; 0 for those that were only seen.

        Not those that no request leads to: a device, a scan that came to nothing.
        """
        counts = dict.fromkeys((each for each in self.seen if _asks(each[0])), 0)
        for outcome, reason in self.apart:
            if reason in _HARMLESS:
                counts.pop(outcome, None)
        counts |= {outcome: 0 for (outcome, reason) in self.apart if reason not in _HARMLESS}
        for source in (self.agreed, self.differed):
            for outcome, calls in source.items():
                counts[outcome] = counts.get(outcome, 0) + calls
        return counts

    def compared_methods(self) -> dict[tuple[str, str], int]:
        """The same by function and method."""
        counts: dict[tuple[str, str], int] = {}
        for (function, method, _), calls in self.compared_outcomes().items():
            counts[function, method] = counts.get((function, method), 0) + calls
        return counts


@dataclass(frozen=True, slots=True)
class Measured:
    """What a condition found: the figure, and the names of what is missing."""

    value: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCondition:
    """One row of the rule.

    Attributes:
        key: for programs.
        title: the condition; ``{threshold}`` is the threshold.
        threshold: what the figure must reach, or what it may not exceed.
        at_most: the figure may not exceed the threshold.
        percent: the figure is a share, shown in per cent.
        is_yes_or_no: the figure is 1 for yes, and says nothing that the condition does not say.
    """

    key: str
    title: Explanation
    threshold: float
    measure: Callable[[Evidence], Measured]
    at_most: bool = False
    percent: bool = False
    is_yes_or_no: bool = False

    def holds(self, measured: Measured) -> bool:
        """Whether the condition is met."""
        return measured.value <= self.threshold if self.at_most else measured.value >= self.threshold

    def text(self, language: str) -> str:
        """The condition with its threshold."""
        template = self.title.zh if language == "zh" else self.title.en
        return template.format(threshold=self.shown(self.threshold))

    def shown(self, value: float) -> str:
        """A figure of this condition for people."""
        return f"{value * 100:.4g}%" if self.percent else f"{value:.0f}"


def _least(counts: Mapping[_Names, int], wanted: int) -> Measured:
    """The smallest count, and the names of those below what is wanted."""
    missing = sorted(names for names, calls in counts.items() if calls < wanted)
    return Measured(min(counts.values(), default=0), tuple(" ".join(filter(None, names)) for names in missing))


def _share(part: int, whole: int) -> Measured:
    return Measured(part / whole if whole else 0.0)


_EVERY_METHOD, _EVERY_OUTCOME = 10, 1

RULE: tuple[RuleCondition, ...] = (
    RuleCondition(
        "settings",
        Explanation("设置文件可用", "the settings can be used"),
        1,
        lambda evidence: Measured(int(evidence.usable)),
        is_yes_or_no=True,
    ),
    RuleCondition(
        "days",
        Explanation("至少 {threshold} 天有比对过的交易", "calls were compared on at least {threshold} days"),
        5,
        lambda evidence: Measured(len(evidence.days)),
    ),
    RuleCondition(
        "calls",
        Explanation("至少比对过 {threshold} 次交易", "at least {threshold} calls were compared"),
        300,
        lambda evidence: Measured(evidence.compared),
    ),
    RuleCondition(
        "methods",
        Explanation(
            "出现过的每种交易至少比对过 {threshold} 次",
            "every method that was seen was compared at least {threshold} times",
        ),
        _EVERY_METHOD,
        lambda evidence: _least(evidence.compared_methods(), _EVERY_METHOD),
    ),
    RuleCondition(
        "outcomes",
        Explanation(
            "出现过的每种返回值（按交易）至少比对过 {threshold} 次",
            "every return value of every method that was seen was compared at least {threshold} times",
        ),
        _EVERY_OUTCOME,
        lambda evidence: _least(evidence.compared_outcomes(), _EVERY_OUTCOME),
    ),
    RuleCondition(
        "streak_calls",
        Explanation("最近连续 {threshold} 次比对没有不同", "the last {threshold} comparisons found no difference"),
        200,
        lambda evidence: Measured(evidence.streak),
    ),
    RuleCondition(
        "streak_days",
        Explanation(
            "最近一次不同之后，至少 {threshold} 天有比对过的交易",
            "calls were compared on at least {threshold} days after the last difference",
        ),
        3,
        lambda evidence: Measured(len(evidence.days_since)),
    ),
    RuleCondition(
        "apart",
        Explanation(
            "无法比对的交易不超过 {threshold}（设备、未扫到码、原厂自己的失败不算）",
            "at most {threshold} of the calls could not be compared (devices, scans that came to nothing and failures "
            "of the vendor's own apart)",
        ),
        0.02,
        lambda evidence: _share(
            sum(calls for (_, reason), calls in evidence.apart.items() if reason not in _HARMLESS), evidence.calls
        ),
        at_most=True,
        percent=True,
    ),
    RuleCondition(
        "missed",
        Explanation(
            "来不及比对的交易不超过 {threshold}", "at most {threshold} of the calls came too fast to be compared"
        ),
        0.01,
        lambda evidence: _share(evidence.missed, evidence.calls + evidence.missed),
        at_most=True,
        percent=True,
    ),
    RuleCondition(
        "faults",
        Explanation("vcshim 没有内部异常", "ours had no fault"),
        0,
        lambda evidence: Measured(evidence.fields.get(DifferenceKind.FAULT.word, 0)),
        at_most=True,
    ),
)


def is_safe(evidence: Evidence) -> bool:
    """Whether all conditions hold."""
    return all(condition.holds(condition.measure(evidence)) for condition in RULE)


def _asks(function: str) -> bool:
    """Whether the export asks a platform."""
    row = EXPORT_BY_NAME.get(function)
    return row is not None and row.shape is Shape.TRANS


def dates_after(days: Iterable[str], last: str) -> set[str]:
    """The days after `last`; all of them if it is ""."""
    return {day for day in days if day > last}
