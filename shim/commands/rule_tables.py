"""The tables of docs/commands.md about the comparison with the vendor's DLL: the rule, and what is counted apart.

Not a command. The functions give the heads and the rows of a table; tables.py writes it.
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
