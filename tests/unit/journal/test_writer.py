"""Who does the work of the journal: one at a time, whether its caller or the writer's thread."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from shim.journal.database import JournalDatabase
from shim.journal.writer import JournalWriter

LOGGER = logging.getLogger("vcshim")
SECONDS = 60


def test_the_thread_waits_for_a_caller_that_opens_the_file(tmp_path: Path) -> None:
    """The first call is still opening it when the work of a second one goes to the thread."""
    opening, goes_on = threading.Event(), threading.Event()
    databases: list[JournalDatabase] = []

    def open_database() -> JournalDatabase:
        database = JournalDatabase(tmp_path / "journal.db", ())
        databases.append(database)
        if len(databases) == 1:
            opening.set()
            assert goes_on.wait(SECONDS)
        return database

    writer = JournalWriter(open_database, LOGGER, by_caller=True)
    used: list[JournalDatabase] = []
    first = threading.Thread(target=lambda: writer.submit(used.append))
    first.start()
    assert opening.wait(SECONDS)
    second = writer.submit(used.append)
    early = second.wait(0.05)
    goes_on.set()
    first.join()
    assert second.wait(SECONDS)
    assert (used, early) == ([databases[0]] * 2, False)
    assert len(databases) == 1
