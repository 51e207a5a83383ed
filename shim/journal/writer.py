"""Writes the journal: at once, or by a thread from a bounded queue, so that no call waits for another process.

Knows nothing of tables; whoever has something to write gives a function that does it. A file that cannot be used is
tried again, later and later; what no longer fits into the queue is counted and discarded, and the log says so.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from shim import forks, log
from shim.background import start_in_background

if TYPE_CHECKING:
    from shim.journal.database import JournalDatabase

MOST_WAITING = 2000
"""Pieces of work that may wait: a day of a busy window."""
# Seconds between two attempts, each twice as long as the one before; another process is done with the file soon.
_FIRST_PAUSE, _LONGEST_BUSY_PAUSE, _LONGEST_PAUSE = 0.02, 0.5, 30.0
_DAY_SECONDS = 86400
_IDLE_SECONDS = 5.0  # after which the thread ends
_PATIENCE_SECONDS = 0.002  # that a call waits for another one to have done its work
_SLOW_SECONDS = 0.25  # that work may take on the thread of a call: a disk is slow then, not the processor busy

WrittenWork = Callable[["JournalDatabase"], object]


class QueuedWork:
    """A piece of work that waits, or is done. Made by `JournalWriter.submit`."""

    __slots__ = ("_done", "_work")

    def __init__(self, work: WrittenWork) -> None:
        self._work = work
        self._done: threading.Event | None = None  # NB: making one takes a tenth of a call's time under Wine

    def queued(self) -> None:
        """Say that somebody may wait for it, and others do it."""
        self._done = threading.Event()

    def perform(self, database: JournalDatabase) -> None:
        """Do it. Thread of the writer."""
        self._work(database)

    def finish(self) -> None:
        """Say that it is done, or will never be."""
        if self._done is not None:
            self._done.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it is done; whether it is.

        NB: the timer of Windows ticks 64 times a second, and a wait for two milliseconds would take up to sixteen.
        """
        if self._done is None:
            return True
        if sys.platform != "win32":
            return self._done.wait(seconds)
        end = time.perf_counter() + seconds
        while not self._done.is_set() and time.perf_counter() < end:
            time.sleep(0)
        return self._done.is_set()


class JournalWriter:
    """Writes what is submitted, in that order. Any thread; nothing here raises, or waits unless it says so.

    A forked child has a queue and a thread of its own; what its parent has submitted, the parent writes.

    Args:
        open_database: called before the first work.
        daily: done before the first work, and once a day.
        by_caller: whether work is done by the thread that submits it, as long as that is fast and nothing fails; the
            writer's thread is started only then. NB: many a host ends directly after a call. A thread that is amid
            something then is killed with whatever locks it holds, and now and then such an end never came (Wine 8).
    """

    def __init__(
        self,
        open_database: Callable[[], JournalDatabase],
        logger: logging.Logger,
        daily: WrittenWork | None = None,
        *,
        by_caller: bool = False,
    ) -> None:
        self._open_database = open_database
        self._logger = logger
        self._daily = daily
        self._by_caller = self._was_by_caller = by_caller
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._queue: queue.SimpleQueue[QueuedWork] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._writing = threading.Lock()  # whoever does work: the thread, or a caller
        self._started = False
        self._database: JournalDatabase | None = None
        self._pause = _FIRST_PAUSE
        self._next_daily = time.monotonic()
        self._failing = ""
        self._lost = 0
        self._late = False

    def start(self) -> None:
        """Have the file opened, so that it is open when the first work comes."""
        if self._database is None and not self._started:
            self.submit(lambda database: None)

    def submit(self, work: WrittenWork) -> QueuedWork:
        """Have `work` done. What it raises, JournalUnusable aside, ends in the log."""
        job = QueuedWork(work)
        if _is_process_ending():  # NB: SQLite's DLL was told of the end before the host that calls us once more
            job.finish()
            return job
        if self._by_caller and not self._started and self._is_done_here(job):
            return job
        return self._queued(job)

    def hand_over(self, work: WrittenWork) -> QueuedWork:
        """Have `work` done by the writer's thread in any case. Otherwise as `submit`."""
        return self._queued(QueuedWork(work))

    def _queued(self, job: QueuedWork) -> QueuedWork:
        job.queued()
        if self._queue.qsize() >= MOST_WAITING:
            self._lost += 1
            job.finish()
            return job
        self._queue.put(job)
        try:
            with self._starting:
                if not self._started:
                    start_in_background(self._run, "vcshim-journal")
                    self._started = True
        except RuntimeError:  # the process has no more threads, or is ending
            pass  # tried again with the next work
        return job

    def _is_done_here(self, job: QueuedWork) -> bool:
        """Do `job` on this thread; False if it must wait."""
        if not self._writing.acquire(timeout=_PATIENCE_SECONDS):
            return False
        try:
            opened, began = self._database is not None, time.perf_counter()
            done = self._is_done(job)
            if opened and time.perf_counter() - began > _SLOW_SECONDS:
                self._by_caller = False
        finally:
            self._writing.release()
        if done:
            job.finish()
        return done

    def settle(self, job: QueuedWork, seconds: float) -> None:
        """Wait for `job`, at most `seconds`, and not at all while the journal fails or has been too slow before."""
        if self._failing or self._late:
            return
        if not job.wait(seconds):
            self._late = True

    def flush(self, seconds: float) -> bool:
        """Wait until all is done that was submitted before; whether it is. For commands and tests, not for calls."""
        return self.submit(lambda database: None).wait(seconds)

    # ---- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            try:
                job = self._queue.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                if self._may_end():
                    return
                continue
            while not self._is_done_by_thread(job):
                time.sleep(self._pause)
                self._pause = min(self._pause * 2, _LONGEST_BUSY_PAUSE if self._failing == "busy" else _LONGEST_PAUSE)
            job.finish()
            self._late = False

    def _may_end(self) -> bool:
        """Whether nothing is left to do; then callers do their work themselves again, as at first."""
        with self._starting:
            if not self._queue.empty():
                return False
            self._started, self._by_caller = False, self._was_by_caller
            return True

    def _is_done_by_thread(self, job: QueuedWork) -> bool:
        with self._writing:  # NB: the caller for which this work had to wait may not be done with its own
            return self._is_done(job)

    def _is_done(self, job: QueuedWork) -> bool:
        """Try `job` once; False if it is to be tried again."""
        from shim.journal.database import DAMAGED, JournalUnusable

        try:
            database = self._database = self._database or self._open_database()
            if self._daily is not None and time.monotonic() >= self._next_daily:
                self._daily(database)
                self._next_daily = time.monotonic() + _DAY_SECONDS
            job.perform(database)
        except JournalUnusable as error:
            if self._database is None or error.cause != DAMAGED or not self._replaced(self._database):
                self._fails(error.cause)
            return False
        except BaseException:
            log.exception(self._logger, "交易流水：内部异常")
            return True
        self._works()
        return True

    def _replaced(self, database: JournalDatabase) -> bool:
        """Put a damaged file aside; False if that was not possible."""
        aside = database.put_aside()
        if aside is not None:
            log.event(self._logger, logging.ERROR, "交易流水文件已损坏，已改名留存并另建新文件", file=str(aside))
        return aside is not None

    def _fails(self, cause: str) -> None:
        if self._failing != cause:
            self._failing = cause
            file = "" if self._database is None else str(self._database.file)
            log.event(
                self._logger, logging.WARNING, "交易流水暂时写不进去，不影响交易，稍后再写", cause=cause, file=file
            )

    def _works(self) -> None:
        lost, self._lost = self._lost, 0
        if self._failing or lost:
            self._failing, self._pause = "", _FIRST_PAUSE
            log.event(self._logger, logging.WARNING if lost else logging.INFO, "交易流水已恢复", lost=lost)


def _is_process_ending() -> bool:
    if sys.platform != "win32":
        return False
    from shim.winapi.ntdll import is_process_ending

    return is_process_ending()
