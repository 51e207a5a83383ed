"""The tables about the comparison with the vendor's DLL: the rule for going native, and what is counted apart.

Not a command. The functions give the heads and the rows of a table of docs/commands.md, docs/replacing.md or
docs/replacing.en.md; tables.py writes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from shim.replay.differences import NotComparable
from shim.replay.rule import RULE


def going_native() -> tuple[Sequence[str], list[Sequence[str]]]:
    """The conditions of the rule for going native."""
    rows: list[Sequence[str]] = [
        (str(number), row.text("zh"), row.text("en"), f"`{row.key}`") for number, row in enumerate(RULE, 1)
    ]
    return ("", "条件", "In English", "`--json`"), rows


def not_comparable() -> tuple[Sequence[str], list[Sequence[str]]]:
    """Why a call is counted apart."""
    rows: list[Sequence[str]] = [
        (row.explanation.zh, row.explanation.en, "不算" if row.harmless else "算", f"`{row.word}`")
        for row in NotComparable
    ]
    return ("原因", "In English", "算不算无法比对的份额", "`--json`"), rows


def native_rule(language: str) -> tuple[Sequence[str], list[Sequence[str]]]:
    """When it is safe to go native: a row a condition, with its threshold."""
    return ("条件" if language == "zh" else "condition",), [(condition.text(language),) for condition in RULE]
