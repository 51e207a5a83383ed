"""docs/dialects.md: its printed sections are dialects."""

from __future__ import annotations

import configparser

from shim.dialects import table
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "dialects.md").read_text("utf-8")


def test_printed_sections_are_dialects() -> None:
    blocks = [block.split("```")[0] for block in PAGE.split("```ini\n")[1:]]
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"))
    parser.read_string("\n".join(blocks))
    sections = [name for name in parser.sections() if name.startswith("dialect ")]
    assert sections
    for section in sections:
        table.site_dialect(section.removeprefix("dialect "), dict(parser.items(section)))
    assert parser["wire"]["dialect"] in [section.removeprefix("dialect ") for section in sections]
