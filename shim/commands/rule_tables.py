"""The tables of docs/replacing.md and docs/replacing.en.md, from the rows of shim/replay/rule.py. Not a command.

Each function gives the heads and the rows of one table; tables.py writes them.
"""

from __future__ import annotations

from collections.abc import Sequence

from shim.replay.rule import RULE


def native_rule(language: str) -> tuple[Sequence[str], list[Sequence[str]]]:
    """When it is safe to go native: a row a condition, with its threshold."""
    return ("条件" if language == "zh" else "condition",), [(condition.text(language),) for condition in RULE]
