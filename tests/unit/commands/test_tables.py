"""The tables in docs/ are what the rows say."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.cli import main
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


def test_the_command_fills_a_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_bytes(b"before\n<!-- table: dialect-signers -->\n<!-- end -->\nafter\n")
    assert main(["reference", "--update", str(page)]) == 0
    text = page.read_bytes()
    assert b"| `SM3` |" in text and b"\r" not in text and text.startswith(b"before\n") and text.endswith(b"\nafter\n")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [None, b"<!-- table: nonsense -->\n<!-- end -->\n"])
def test_a_document_that_cannot_be_filled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    page = tmp_path / "page.md"
    if content is not None:
        page.write_bytes(content)
    assert main(["reference", "--update", str(page)]) == 1
    assert "page.md" in capsys.readouterr().err
