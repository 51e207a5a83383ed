"""docs/dialects.md: its printed sections are dialects."""

from __future__ import annotations

from shim import configuration
from shim.dialects import table
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "dialects.md").read_text("utf-8")


def test_printed_sections_are_dialects() -> None:
    blocks = [block.split("```")[0] for block in PAGE.split("```ini\n")[1:]]
    settings = configuration.parse("\n".join(blocks))
    assert settings.problems == ()
    assert settings.dialects
    for name, lines in settings.dialects.items():
        table.site_dialect(name, lines)
    assert settings.wire.dialect in settings.dialects
