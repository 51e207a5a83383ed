"""docs/dialects.md: its tables are those of the rows, its sections are dialects, and the command that refreshes it."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from shim.cli import main
from shim.dialects import documentation, table

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "dialects.md").read_text("utf-8")


@pytest.mark.parametrize("name", documentation.TABLES)
def test_page_is_fresh(name: str) -> None:
    block = f"<!-- generated: {name} -->\n\n{documentation.TABLES[name]()}\n\n<!-- end of {name} -->"
    assert block in PAGE, "stale: vcshim reference --refresh docs/dialects.md"


def test_refresh_replaces_the_tables_and_nothing_else() -> None:
    page = "before\n<!-- generated: key rules -->\nstale | rows\n<!-- end of key rules -->\nafter"
    fresh = documentation.refresh(page)
    assert fresh.startswith("before\n<!-- generated: key rules -->\n\n| name |") and "stale" not in fresh
    assert fresh.endswith("\n\n<!-- end of key rules -->\nafter")
    assert documentation.refresh(fresh) == fresh


@pytest.mark.parametrize(
    ("page", "fragment"),
    [
        ("<!-- generated: nonsense -->\n<!-- end of nonsense -->", "key rules"),
        ("no table", "generated: NAME"),
        ("<!-- generated: keys -->\n<!-- end of presets -->", "generated: NAME"),
    ],
)
def test_a_page_that_cannot_be_refreshed(page: str, fragment: str) -> None:
    with pytest.raises(ValueError, match=fragment):
        documentation.refresh(page)


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_bytes(b"<!-- generated: signers -->\n<!-- end of signers -->\n")
    assert main(["reference", "--refresh", str(page)]) == 0
    assert b"| `SM3` |" in page.read_bytes() and b"\r" not in page.read_bytes()
    assert capsys.readouterr().out == ""
    page.write_bytes(b"nothing")
    assert main(["reference", "--refresh", str(page)]) == 1
    assert "generated: NAME" in capsys.readouterr().err
    assert main(["reference", "--refresh", str(tmp_path / "missing.md")]) == 1
    assert "missing.md" in capsys.readouterr().err


def test_a_cell_with_a_bar_stays_one_cell() -> None:
    assert documentation._table(("a",), [("x|y",)]) == "| a |\n| --- |\n| x\\|y |"


def test_printed_sections_are_dialects() -> None:
    blocks = [block.split("```")[0] for block in PAGE.split("```ini\n")[1:]]
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"))
    parser.read_string("\n".join(blocks))
    sections = [name for name in parser.sections() if name.startswith("dialect ")]
    assert sections
    for section in sections:
        table.site_dialect(section.removeprefix("dialect "), dict(parser.items(section)))
    assert parser["wire"]["dialect"] in [section.removeprefix("dialect ") for section in sections]
