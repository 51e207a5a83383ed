"""Standing misbehaviour: what the simulator does to every request, or to some of them, until told otherwise.

A rule is a wish and how probable it is; which requests it meets is drawn from a seeded generator, so the same seed and
the same requests give the same run. What a wish does is known to wishes; who keeps the rules, to state. Pure. L3.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from shim.simulator.wishes import Wish


@dataclass(frozen=True, slots=True)
class Rule:
    """`wish` in the words of `Wish.parse`, obeyed with `probability` from 0 to 1."""

    wish: str
    probability: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Rule:
        """``delay:500`` or ``delay:500@0.1``; words joined by commas are one rule. ValueError says what is wrong."""
        wish, _, number = text.strip().partition("@")
        Wish.parse(wish)
        try:
            probability = float(number or "1")
        except ValueError:
            raise ValueError(f"probability is not a number: {number}") from None
        if not wish or not 0 <= probability <= 1:
            raise ValueError(f"not WISH@PROBABILITY with a probability from 0 to 1: {text}")
        return cls(wish, probability)

    def __str__(self) -> str:
        return self.wish if self.probability == 1 else f"{self.wish}@{self.probability:g}"


@dataclass(frozen=True, slots=True)
class Standing:
    """The rules in force, and the seed of their draws. Whoever keeps them counts in `run` how often they were set."""

    rules: tuple[Rule, ...] = ()
    seed: int = 0
    run: int = field(default=0, compare=False)


class Draw:
    """The draws of one run after the other: rules that are set begin a new one. For one thread at a time."""

    def __init__(self) -> None:
        self._run = (Standing(), 0)
        self._random = random.Random(0)

    def wish(self, standing: Standing) -> str:
        """The words that the rules put on the next request, "" for none."""
        if (standing, standing.run) != self._run:
            self._run, self._random = (standing, standing.run), random.Random(standing.seed)
        return ",".join(rule.wish for rule in standing.rules if self._random.random() < rule.probability)
