"""The SQLite database of a simulator: opening, checking, transactions, and what SQLite's errors mean. No table."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from shim import forks

# In the header of a file: that it belongs to the simulator, and the edition of its schema. Raise the edition whenever a
# table changes.
_APPLICATION_ID = 0x56435348
_EDITION = 1
_BUSY_SECONDS = 20

# What SQLite reports -> what to do about it.
_REMEDIES = {
    sqlite3.SQLITE_FULL: "the disk is full; make room and try again",
    sqlite3.SQLITE_IOERR: "cannot be read or written; check the disk and its free space",
    sqlite3.SQLITE_READONLY: "cannot be written; allow this user to write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; make its folder and allow this user to write there",
    sqlite3.SQLITE_BUSY: f"another process has held it for {_BUSY_SECONDS} seconds; end that process",
    sqlite3.SQLITE_NOTADB: "not a database of the simulator; name another file",
    sqlite3.SQLITE_CORRUPT: "damaged; delete the file",
}


class Database:
    """One connection to a file, or to a database in memory. Any thread may call; statements run one at a time.

    A fork finds no statement and no transaction in progress (shim/forks.py). A file is closed before it, because SQLite
    does not allow its connection to be used in a child, and opened again by whichever process uses it next. What is in
    memory is a child's own copy.

    Every method may raise OSError: the disk is full, the file cannot be written, or another process held it for too
    long. The text names the file and what to do, and nothing is left half done. The process may be killed at any
    moment; a power cut may damage the file.

    Args:
        file: The file, which is created if it is missing; None for memory. Several processes may open one file.
        schema: The statements that create the tables of a new database.
        seed: Called with the database, in the transaction that creates the tables.

    Raises:
        OSError: The file cannot be opened, read or written.
        ValueError: The file holds something else, or another edition of the schema. It is not changed.
    """

    def __init__(self, file: Path | None, schema: Iterable[str], seed: Callable[[Database], None]) -> None:
        self._lock = threading.RLock()
        self._file = file
        self._name = str(file or "the simulator's memory")
        self._shared = file is not None
        self._schema = tuple(schema)
        self._seed = seed
        self._changes = 0
        self._opened: sqlite3.Connection | None = None
        self._open()
        forks.before_fork(self._before_fork)

    def close(self) -> None:
        """Close the database. Calling any other method afterwards is an error."""
        with self._use() as connection:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is changed in the block as a whole, or roll it back if an exception leaves the block.

        Every other thread and process waits, so nothing slow belongs into the block. A transaction inside another is
        part of that one.
        """
        with self._use() as connection:
            if connection.in_transaction:
                yield
                return
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
                self.rows("COMMIT")
            except BaseException as error:
                if connection.in_transaction:  # SQLite itself rolls back when the disk is full
                    self.rows("ROLLBACK")
                self.mark_changed()  # whatever was read inside and cached is no longer true
                if isinstance(error, sqlite3.Error):
                    self._explain(error)
                raise

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Run one statement and return all its rows. They are read at once: an open cursor would hold a lock."""
        try:
            with self._use() as connection:
                return connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            self._explain(error)

    def row(self, sql: str, *values: Any) -> Any:
        """Run one statement and return its first row, None if there is none."""
        rows = self.rows(sql, *values)
        return rows[0] if rows else None

    def change(self, sql: str, *values: Any) -> int:
        """Run one statement and return how many rows it changed."""
        return self._execute(sql, *values).rowcount

    def insert(self, sql: str, *values: Any) -> int:
        """Run one INSERT and return the number of the new row."""
        return self._execute(sql, *values).lastrowid or 0

    def insert_all(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one INSERT for each of `rows`."""
        try:
            with self._use() as connection:
                connection.executemany(sql, rows)
        except sqlite3.Error as error:
            self._explain(error)

    def mark_changed(self) -> None:
        """Make every CachedRead of this database read again. Other processes notice changes by themselves."""
        with self._lock:
            self._changes += 1

    def version(self) -> tuple[int, int]:
        """Return a value that differs after `mark_changed`, and after any other process has changed the file."""
        return self._changes, self.row("PRAGMA data_version")[0] if self._shared else 0

    def _execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        try:
            with self._use() as connection:
                return connection.execute(sql, values)
        except sqlite3.Error as error:
            self._explain(error)

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        """The connection, for the calling thread alone. No fork finds the lock held: it is taken inside the gate."""
        with forks.gate, self._lock:
            yield self._opened or self._open()

    def _open(self) -> sqlite3.Connection:
        """Connect, and create the tables of a new database or check an existing one."""
        with forks.gate:
            try:
                self._opened = sqlite3.connect(
                    self._file or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
                )
            except sqlite3.Error as error:
                self._explain(error)
            try:
                self._prepare()
            except BaseException:
                self._opened.close()
                self._opened = None
                raise
            return self._opened

    def _before_fork(self) -> None:
        if self._shared and self._opened is not None:
            self._opened.close()
            self._opened = None
            self._changes += 1  # what PRAGMA data_version says is true of one connection only

    def _prepare(self) -> None:
        """Create the tables of a new database, or check an existing one before anything in it is changed."""
        # No flush to the disk at each commit: losing this data in a power cut is acceptable.
        self.rows("PRAGMA synchronous = OFF")
        with self.transaction():
            application_id, edition = self.row("PRAGMA application_id")[0], self.row("PRAGMA user_version")[0]
            if (application_id, edition) == (0, 0) and not self.rows("SELECT 1 FROM sqlite_master"):
                for statement in self._schema:
                    self.rows(statement)
                self.rows(f"PRAGMA application_id = {_APPLICATION_ID}")
                self.rows(f"PRAGMA user_version = {_EDITION}")
                self._seed(self)
            elif application_id != _APPLICATION_ID:
                raise ValueError(f"{self._name}: not a database of the simulator; name another file")
            elif edition != _EDITION:
                raise ValueError(
                    f"{self._name}: a database of edition {edition}, this simulator has {_EDITION}; delete the file"
                )
        self.rows("PRAGMA journal_mode = WAL")
        self.rows("PRAGMA wal_autocheckpoint = 8000")  # pages; fewer checkpoints, fewer pauses

    def _explain(self, error: sqlite3.Error) -> NoReturn:
        """Raise OSError or ValueError with the file and what to do; an error in our SQL is raised as it is."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in _REMEDIES:
            raise error
        family = ValueError if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) else OSError
        raise family(f"{self._name}: {_REMEDIES[code]} ({error})") from error


_T = TypeVar("_T")


class CachedRead(Generic[_T]):
    """A value that every request needs and that rarely changes: read once, and again after a change. Any thread."""

    def __init__(self, database: Database, read: Callable[[], _T]) -> None:
        self._database = database
        self._read = read
        self._cached: tuple[tuple[int, int], _T] | None = None

    def __call__(self) -> _T:
        """Return the value, read again if `Database.version` has changed since."""
        version, cached = self._database.version(), self._cached
        if cached is None or cached[0] != version:
            self._cached = cached = version, self._read()
        return cached[1]


def insert_into(table: str, names: tuple[str, ...]) -> str:
    """Return the INSERT statement with a parameter for each of the columns `names`."""
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
