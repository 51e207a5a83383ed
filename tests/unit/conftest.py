"""Fixtures of the unit tests: no journal, but in the tests of the journal.

Each service of a test would start a writer's thread, and keep three open files in the local data of whoever runs the
tests: a thousand services are more than select() can number.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shim import wiring
from shim.journal.call_journal import NoJournal

JOURNAL = Path(__file__).parent / "journal"


@pytest.fixture(autouse=True)
def _no_journal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.path.is_relative_to(JOURNAL):
        monkeypatch.setattr(wiring, "_journal", lambda *_: NoJournal())
