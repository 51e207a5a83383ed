"""The tables in docs/ are what the rows say."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.commands import tables
from tests.support.paths import ROOT

DOCUMENTS = sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT / "docs").as_posix())
def test_tables_are_up_to_date(document: Path) -> None:
    text = document.read_text("utf-8")
    assert tables.updated(text) == text, f"run: vcshim reference --update {document.relative_to(ROOT)}"


def test_every_table_stands_in_a_document() -> None:
    written = "".join(document.read_text("utf-8") for document in DOCUMENTS)
    assert [name for name in tables.TABLES if f"<!-- table: {name} -->" not in written] == []


def test_a_stale_table_is_seen() -> None:
    stale = "<!-- table: settings -->\nold\n<!-- end -->\n"
    assert tables.updated(stale) != stale


def test_cells_are_escaped() -> None:
    assert tables.markdown(("a",), [("x|y",)]) == "| a |\n| --- |\n| x\\|y |\n"
