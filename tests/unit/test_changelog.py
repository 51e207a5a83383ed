"""The version that is built has its entry in the changelog."""

from __future__ import annotations

import re

from shim import __version__
from tests.support.paths import ROOT


def test_the_newest_entry_is_the_version_that_is_built() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert versions[0] == __version__
    assert versions == sorted(versions, key=lambda text: [int(part) for part in text.split(".")], reverse=True)
