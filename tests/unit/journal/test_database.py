"""The journal's file: editions, damage, files of others, forks, and what SQLite's errors are called."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shim.journal.database import JournalDatabase, JournalUnusable, Step
from tests.support.forked import descriptors, in_child

ONE: Step = ("CREATE TABLE one (a)", "INSERT INTO one VALUES (1)")
TWO: Step = ("CREATE TABLE two (b)", "ALTER TABLE one ADD COLUMN c DEFAULT 'c'")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "made" / "journal.db"


def cause(database: JournalDatabase, sql: str = "SELECT a FROM one") -> str:
    with pytest.raises(JournalUnusable) as caught:
        database.rows(sql)
    return caught.value.cause


def test_a_file_is_brought_to_the_newest_edition(file: Path) -> None:
    old = JournalDatabase(file, (ONE,))
    assert old.rows("SELECT a FROM one") == [(1,)]
    new = JournalDatabase(file, (ONE, TWO))
    assert new.rows("SELECT a, c FROM one") == [(1, "c")] and new.rows("PRAGMA user_version") == [(2,)]
    assert old.insert("INSERT INTO one (a) VALUES (5)") == 2  # it was open all the time
    assert JournalDatabase(file, (ONE,)).rows("PRAGMA user_version") == [(2,)]


def test_a_step_that_fails_leaves_nothing(file: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        JournalDatabase(file, (ONE, ("CREATE TABLE two (b)", "nonsense"))).rows("SELECT 1")
    assert JournalDatabase(file, (ONE,)).rows("SELECT a FROM one") == [(1,)]


def test_wal_only_where_memory_can_be_shared(file: Path) -> None:
    assert JournalDatabase(file, (ONE,)).rows("PRAGMA journal_mode") == [("wal",)]
    on_a_share = JournalDatabase(file.with_name("other.db"), (ONE,), shared=True)
    assert on_a_share.rows("PRAGMA journal_mode") == [("delete",)]


def test_readers_and_a_writer_do_not_wait_for_each_other(file: Path) -> None:
    writer, reader = JournalDatabase(file, (ONE,)), JournalDatabase(file, (ONE,))
    with writer.transaction():
        writer.insert("INSERT INTO one (a) VALUES (2)")
        assert reader.rows("SELECT a FROM one") == [(1,)]
        with pytest.raises(JournalUnusable, match="busy"):
            reader.insert("INSERT INTO one (a) VALUES (3)")
    assert reader.rows("SELECT a FROM one") == [(1,), (2,)]


def test_a_transaction_is_whole_or_nothing(file: Path) -> None:
    database = JournalDatabase(file, (ONE,))
    with pytest.raises(KeyError), database.transaction():
        database.insert("INSERT INTO one (a) VALUES (2)")
        raise KeyError
    assert database.rows("SELECT a FROM one") == [(1,)]


@pytest.mark.parametrize("damage", [b"not a database " * 400, b"", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_put_aside(file: Path, damage: bytes) -> None:
    database = JournalDatabase(file, (ONE,))
    database.rows("SELECT a FROM one")
    database.close()
    file.write_bytes(damage)
    if damage:
        assert cause(database) == "damaged"
        aside = database.put_aside()
        assert aside is not None and aside.read_bytes() == damage
    assert database.rows("SELECT a FROM one") == [(1,)]  # a new one


def test_of_damaged_files_the_newest_are_kept(file: Path) -> None:
    database = JournalDatabase(file, (ONE,))
    file.parent.mkdir()
    for number in range(8):
        (file.parent / f"journal-damaged-{10**12 + number}.db").write_bytes(b"%d" % number)
    file.write_bytes(b"x" * 5000)
    aside = database.put_aside()
    names = sorted(path.name for path in file.parent.iterdir())
    assert aside is not None and names == sorted(
        [aside.name, *(f"journal-damaged-{10**12 + n}.db" for n in range(4, 8))]
    )


def test_a_whole_file_is_not_put_aside(file: Path) -> None:
    database = JournalDatabase(file, (ONE,))
    database.insert("INSERT INTO one (a) VALUES (2)")
    assert database.put_aside() is None and database.rows("SELECT a FROM one") == [(1,), (2,)]


def test_a_file_that_is_no_journal_is_not_changed(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA application_id = 77")
        other.execute("CREATE TABLE theirs (x)")
    before = file.read_bytes()
    database = JournalDatabase(file, (ONE,))
    assert cause(database) == "foreign" and database.put_aside() is None and file.read_bytes() == before


def test_a_folder_in_its_place(file: Path) -> None:
    file.mkdir(parents=True)
    assert cause(JournalDatabase(file, (ONE,))) == "cannot open"


def test_a_file_in_the_place_of_its_folder(file: Path) -> None:
    file.parent.write_bytes(b"")
    assert cause(JournalDatabase(file, (ONE,))) == "cannot open"


def test_looking_makes_nothing(file: Path) -> None:
    assert cause(JournalDatabase(file, (ONE,), create=False)) == "cannot open" and not file.parent.exists()


@pytest.mark.needs("linux")
def test_a_file_that_was_deleted_is_made_again(file: Path) -> None:
    database = JournalDatabase(file, (ONE,))
    database.insert("INSERT INTO one (a) VALUES (2)")
    for path in file.parent.iterdir():
        path.unlink()
    assert database.rows("SELECT a FROM one") == [(1,)] and file.exists()


FULL_DISK = """
import resource, sys
from pathlib import Path
from shim.journal.database import JournalDatabase, JournalUnusable
database = JournalDatabase(Path(sys.argv[1]), (("CREATE TABLE one (a)",),))
database.rows("SELECT 1")
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
written = 0
try:
    while True:
        database.insert("INSERT INTO one VALUES (?)", "x" * 10_000)
        written += 1
except JournalUnusable as error:
    print(error.cause)
print(database.rows("SELECT count(*) FROM one")[0][0] == written > 0)
"""


@pytest.mark.needs("linux")
def test_a_disk_that_takes_no_more(file: Path) -> None:
    """By a limit of the process: what was committed stays, and nothing is half there."""
    done = subprocess.run([sys.executable, "-c", FULL_DISK, file], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["failing", "True"], "")


@pytest.mark.needs("linux")
def test_a_forked_child_opens_it_anew(file: Path) -> None:
    database = JournalDatabase(file, (ONE,))
    database.insert("INSERT INTO one (a) VALUES (2)")
    assert in_child(lambda: [path for path in descriptors().values() if str(file) in path]) == []
    assert in_child(lambda: database.insert("INSERT INTO one (a) VALUES (?)", os.getpid())) == 3
    assert database.insert("INSERT INTO one (a) VALUES (4)") == 4
    assert database.rows("PRAGMA quick_check") == [("ok",)]
