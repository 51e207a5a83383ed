"""The SQLite file of the journal: opening, upgrading, and what SQLite's errors mean. Holds no table of its own.

A file has one `Step` for each change of its tables, and its header says how many of them it has had. A step only adds
(tables, indexes, columns with a default), so that an older vcshim on the same PC goes on with a file that a newer one
has upgraded. The steps are in shim/journal/schema.py.

The file is in WAL mode: readers never wait for a writer, nor a writer for them. WAL needs memory that all processes
share, so a file on a network share has a rollback journal instead (shim/journal/places.py).

NB: every method holds `forks.gate`, so nothing here waits unless it was asked to: whoever is told that the file is busy
comes again. Used by the journal's writer and by the commands.
"""

from __future__ import annotations

import _sqlite3 as sqlite3  # sqlite3 imports datetime, for values that no row has: 1.9 ms of the first call
import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from shim import forks

_APPLICATION_ID = 0x56434A4C
"""In the header of a file: that it is a journal of ours."""

# What SQLite has beside the file: its name and one of these.
_BESIDE = ("-wal", "-shm", "-journal")
_MOST_DAMAGED = 5
# What SQLite keeps of the file in memory. Its own 2 MB fill up in some 20,000 calls, and adding a row needs four pages.
_CACHE_KB = 256

Step = tuple[str, ...]
"""Statements that bring a file from one edition to the next."""


class JournalUnusable(Exception):
    """The file cannot be used just now; nothing of the statement or block was done.

    Attributes:
        cause: for programs and for the log, one of `CAUSES`.
    """

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(f"{cause} ({detail})")
        self.cause = cause


BUSY, FULL, READ_ONLY, CANNOT_OPEN, FAILING, DAMAGED, FOREIGN = CAUSES = (
    "busy", "full", "read-only", "cannot open", "failing", "damaged", "foreign",
)  # fmt: skip

# What SQLite reports, by its primary code.
_CAUSE_OF = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_AUTH: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: CANNOT_OPEN,
    sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_PROTOCOL: FAILING,
    sqlite3.SQLITE_NOLFS: FAILING,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


class JournalDatabase:
    """One connection to a journal, which is opened when it is first used. Any thread; statements run one at a time.

    It is closed before a fork and opened again by whichever process uses it next (shim/forks.py). Every method may
    raise JournalUnusable. The process may be killed at any moment: what was committed stays. A power cut may cost the
    last rows, never the file.

    Args:
        file: created with its folder if it is missing, unless `create` is False.
        steps: those of shim/journal/schema.py.
        shared: the file is on a network share.
        busy_seconds: how long a statement waits for another process. 0 for a host, whose forks would wait as long.
        create: False to open only what is there.
    """

    def __init__(
        self, file: Path, steps: Sequence[Step], *, shared: bool = False, busy_seconds: float = 0, create: bool = True
    ) -> None:
        self.file = file
        self._steps = tuple(steps)
        self._shared = shared
        self._busy_seconds = busy_seconds
        self._create = create
        self._begin()
        forks.before_fork(self._close)
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._opened: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None

    def close(self) -> None:
        """Close the connection; the next statement opens it again. Never raises."""
        with forks.gate, self._lock:
            self._close()

    def _close(self) -> None:
        """The same where nobody else can be inside: before a fork, whose gate is closed."""
        opened, self._opened = self._opened, None
        if opened is not None:
            with contextlib.suppress(sqlite3.Error):
                opened.close()

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Run one statement and return all its rows."""
        with self._use() as connection:
            return connection.execute(sql, values).fetchall()

    def insert(self, sql: str, *values: Any) -> int:
        """Run one INSERT and return the number of the new row."""
        return self._executed(sql, values).lastrowid or 0

    def change(self, sql: str, *values: Any) -> int:
        """Run one statement and return how many rows it changed."""
        return self._executed(sql, values).rowcount

    def _executed(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        """The same as within `_use`, without the 3 µs of a generator: a call writes a row."""
        with forks.gate, self._lock:
            try:
                return self._connection().execute(sql, values)
            except sqlite3.Error as error:
                _explain(error)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is changed in the block as a whole, or roll it back if an exception leaves the block.

        Other writers are told meanwhile that the file is busy, so nothing slow belongs into the block.
        """
        with self._use() as connection:
            with _immediate(connection):
                yield

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        """The connection, for the calling thread alone; SQLite's errors become JournalUnusable."""
        with forks.gate, self._lock:
            try:
                yield self._connection()
            except sqlite3.Error as error:
                _explain(error)

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            return self._open()
        if not self._opened.in_transaction and not self._is_there():
            self.close()
            return self._open()
        return self._opened

    def _is_there(self) -> bool:
        """Whether the file that is open is still the one of its name, and not deleted or replaced.

        NB: Windows allows neither while SQLite has it open, and looking takes 0.2 ms under Wine, 2 µs on Linux.
        """
        return sys.platform == "win32" or self._identity == _identity(self.file)

    def _open(self) -> sqlite3.Connection:
        if self._create:
            try:
                self.file.parent.mkdir(parents=True, exist_ok=True)
            except (OSError, ValueError) as error:
                raise JournalUnusable(CANNOT_OPEN, type(error).__name__) from error
        elif _identity(self.file) is None:
            raise JournalUnusable(CANNOT_OPEN, "missing")
        connection = sqlite3.connect(
            self.file, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._opened, self._identity = connection, _identity(self.file)
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Bring the file to the newest edition, and nothing else's file: what is no journal is not changed."""
        application_id, edition = _header(connection)
        if application_id not in (0, _APPLICATION_ID):
            raise JournalUnusable(FOREIGN, "another application's file")
        # A file from a network share or from before this mode: asking costs nothing where it is set.
        connection.execute(f"PRAGMA journal_mode = {'DELETE' if self._shared else 'WAL'}")
        # In WAL mode only checkpoints wait for the disk. On a share each commit does.
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._shared else 'NORMAL'}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        if edition >= len(self._steps):
            return
        with _immediate(connection):
            _, edition = _header(connection)  # another process may have come first
            for step in self._steps[edition:]:
                for statement in step:
                    connection.execute(statement)
            if edition < len(self._steps):
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {len(self._steps)}")

    def put_aside(self) -> Path | None:
        """Rename the file if it is damaged, so that the next statement begins a new one.

        Returns:
            The new name; None if the file is whole after all, or another program still has it open (Windows).
        """
        with forks.gate, self._lock:
            self.close()
            identity = _identity(self.file)
            if identity is None or not self._is_damaged() or identity != _identity(self.file):
                return None
            aside = self.file.with_name(f"{self.file.stem}-damaged-{int(time.time() * 1000)}{self.file.suffix}")
            try:
                self.file.rename(aside)
            except OSError:
                return None
            for ending in _BESIDE:
                with contextlib.suppress(OSError):
                    Path(f"{self.file}{ending}").rename(f"{aside}{ending}")
            self._drop_damaged()
            return aside

    def _drop_damaged(self) -> None:
        """Keep the newest of the damaged files: a failing disk may damage any number of them."""
        damaged = sorted(self.file.parent.glob(f"{self.file.stem}-damaged-*{self.file.suffix}"))
        for file in damaged[:-_MOST_DAMAGED]:
            for ending in ("", *_BESIDE):
                with contextlib.suppress(OSError):
                    Path(f"{file}{ending}").unlink()

    def _is_damaged(self) -> bool:
        """Whether a new connection finds the file damaged."""
        try:
            with contextlib.closing(sqlite3.connect(self.file, timeout=0)) as connection:
                return connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]
        except sqlite3.Error as error:
            return _cause(error) == DAMAGED


@contextmanager
def _immediate(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


def _header(connection: sqlite3.Connection) -> tuple[int, int]:
    """The application and the edition that a file says it is of; 0, 0 of a new one."""
    return (
        connection.execute("PRAGMA application_id").fetchone()[0],
        connection.execute("PRAGMA user_version").fetchone()[0],
    )


def _identity(file: Path) -> tuple[int, int] | None:
    """What a file name leads to; None if it leads nowhere."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _cause(error: sqlite3.Error) -> str | None:
    return _CAUSE_OF.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)


def _explain(error: sqlite3.Error) -> NoReturn:
    """Raise JournalUnusable; an error in our SQL is raised as it is."""
    cause = _cause(error)
    if cause is None:
        raise error
    raise JournalUnusable(cause, getattr(error, "sqlite_errorname", "")) from error
