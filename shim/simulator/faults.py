"""Fault injection: rules that apply directives to every request, or to some of them, until the rules are replaced.

A rule is a set of directives with a probability. Which requests a rule applies to is drawn from a seeded generator, so
that the same seed and the same requests give the same run. Pure: the rules are stored by store.fault_rules, and what a
directive does is said in directives.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from shim.simulator.directives import Directives


@dataclass(frozen=True, slots=True)
class FaultRule:
    """Directives, in the syntax of `Directives.parse`, and the probability from 0 to 1 that a request gets them."""

    directives: str
    probability: float = 1.0

    @classmethod
    def parse(cls, text: str) -> FaultRule:
        """Parse ``delay:500`` or ``delay:500@0.1``. Directives that are joined by commas are drawn together.

        Raises:
            ValueError: The directives or the probability are wrong; the message says which.
        """
        directives, _, number = text.strip().partition("@")
        Directives.parse(directives)
        try:
            probability = float(number or "1")
        except ValueError:
            raise ValueError(f"probability is not a number: {number}") from None
        if not directives or not 0 <= probability <= 1:
            raise ValueError(f"not DIRECTIVE@PROBABILITY with a probability from 0 to 1: {text}")
        return cls(directives, probability)

    def __str__(self) -> str:
        return self.directives if self.probability == 1 else f"{self.directives}@{self.probability:g}"


@dataclass(frozen=True, slots=True)
class FaultRuleSet:
    """The rules in force and the seed of their draws. `run` counts how often rules were set; storage maintains it."""

    rules: tuple[FaultRule, ...] = ()
    seed: int = 0
    run: int = field(default=0, compare=False)


class FaultSampler:
    """Draws the rules that apply to each request. A rule set with a new `run` restarts the draws from its seed.

    Not thread-safe.
    """

    def __init__(self) -> None:
        self._run = (FaultRuleSet(), 0)
        self._random = random.Random(0)

    def draw(self, rule_set: FaultRuleSet) -> str:
        """Return the directives that the rules apply to the next request, "" for none."""
        if (rule_set, rule_set.run) != self._run:
            self._run, self._random = (rule_set, rule_set.run), random.Random(rule_set.seed)
        return ",".join(rule.directives for rule in rule_set.rules if self._random.random() < rule.probability)
