"""Fixtures of the unit tests: no journal, but in the tests of the journal; and no open files that pile up.

Each service of a test would start a writer's thread, and keep three open files in the local data of whoever runs the
tests.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shim import wiring
from shim.journal.call_journal import NoJournal
from tests.support.open_files import SELECT_NUMBERS, listing

JOURNAL = Path(__file__).parent / "journal"


@pytest.fixture(autouse=True)
def _no_journal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.path.is_relative_to(JOURNAL):
        monkeypatch.setattr(wiring, "_journal", lambda *_: NoJournal())


@pytest.fixture(autouse=True)
def _no_hoard() -> Iterator[None]:
    """Fail while there is still room: in a worker whose tests leave files open, one that has none of them fails."""
    yield
    if sys.platform == "linux" and _open_files() > SELECT_NUMBERS // 2:
        gc.collect()
        if _open_files() > SELECT_NUMBERS // 2:
            pytest.fail(f"tests of this worker left open: {listing()}")


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))
