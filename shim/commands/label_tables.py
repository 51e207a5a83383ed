"""The tables of docs/labels.md and docs/design/labels.md, from the rows of the label printer. Not a command.

Each function gives the heads and the rows of one table; tables.py writes them.
"""

from __future__ import annotations

from collections.abc import Sequence

from shim.devices.label.languages import LANGUAGES
from shim.devices.label.pick import BACK_ENDS

_Table = tuple[Sequence[str], list[Sequence[str]]]


def label_types() -> _Table:
    """How a label printer can be connected."""
    return ("type", "接法"), [(f"`{row.word}`", row.title) for row in BACK_ENDS]


def label_languages() -> _Table:
    """The printer languages, for those who choose one."""
    rows: list[Sequence[str]] = [
        (
            f"`{row.name}`",
            row.printers,
            f"1 到 {row.max_density}" if row.max_density else "没有",
            f"1 到 {row.max_speed}" if row.max_speed else "没有",
            f"`{row.query.title}`" if row.query else "没有",
        )
        for row in LANGUAGES.values()
    ]
    return ("language", "打印机", "density", "speed", "查询状态的指令"), rows


def label_evidence() -> _Table:
    """Where the commands of the printer languages come from."""
    return ("language", "evidence"), [(f"`{row.name}`", row.evidence) for row in LANGUAGES.values()]
