"""Tables of the documents that are made from rows: written once in the code, copied into docs/ by a command.

A document holds a block between ``<!-- table: NAME -->`` and ``<!-- end -->``. `vcshim reference --update FILE...`
fills every block anew, and a test holds the files to the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from shim import configuration
from shim.devices.label import pick as label_back_ends
from shim.devices.label.languages import LANGUAGES

_BLOCK = re.compile(r"(<!-- table: ([a-z-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; the cells are escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in cells)} |\n" for cells in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def settings() -> str:
    """Every key of vcshim.ini, a table for each section."""
    parts = []
    for section in configuration.SECTIONS:
        rows = [(f"`{each.key}`", f"`{each.default}`" if each.default else "", each.help) for each in section.options()]
        parts.append(f"\n### [{section.NAME}]\n\n" + markdown(("键", "缺省", "含义"), rows))
    return "".join(parts) + "\n"


def label_types() -> str:
    """How a label printer can be connected."""
    return markdown(("type", "接法"), [(f"`{row.word}`", row.title) for row in label_back_ends.BACK_ENDS])


def label_languages() -> str:
    """The printer languages, for those who choose one."""
    rows = [
        (
            f"`{row.name}`", row.printers, f"1 到 {row.max_density}" if row.max_density else "没有",
            f"1 到 {row.max_speed}" if row.max_speed else "没有", f"`{row.query.title}`" if row.query else "没有",
        )
        for row in LANGUAGES.values()
    ]  # fmt: skip
    return markdown(("language", "打印机", "density", "speed", "查询状态的指令"), rows)


def label_evidence() -> str:
    """Where the printer languages come from."""
    return markdown(("language", "evidence"), [(f"`{row.name}`", row.evidence) for row in LANGUAGES.values()])


TABLES: Mapping[str, Callable[[], str]] = {
    "settings": settings,
    "label-types": label_types,
    "label-languages": label_languages,
    "label-evidence": label_evidence,
}


def updated(document: str) -> str:
    """`document` with every block filled from its table. KeyError for a name that is not in `TABLES`."""
    return _BLOCK.sub(lambda block: f"{block[1]}{TABLES[block[2]]()}{block[4]}", document)
