"""A maker that says what it was told to say, in the place of clock and randomness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Recorded:
    """Gives the value of `values` for a field's name; `asked` is what it was asked for."""

    values: Mapping[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str, rule: str) -> str:
        """See Maker. KeyError for a field that it was told nothing of."""
        self.asked.append((name, rule))
        return self.values[name]
