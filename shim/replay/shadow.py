"""Shadow: every call that the vendor's DLL answered is replayed and compared, on a thread in the background.

The host waits for nothing but the queueing. Nothing is sent, no device moves. What differs is counted durably
(shim/journal/comparisons.py) and logged without values: each kind once a process as a warning, then at level debug.
Opened by call_port for [mode] run = shadow; shim/capture hands the finished calls over.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from shim import forks, log
from shim.call_activity import yielding_often
from shim.capture.record import CapturedCall
from shim.configuration import Configuration
from shim.log import SaidBefore

if TYPE_CHECKING:  # NB: the host waits while this module is imported; the thread imports what compares
    from shim.journal.comparisons import CountKey
    from shim.replay.compare import Comparer, Comparison

MOST_CALLS = 500
"""Calls that wait to be compared; more are counted as missed."""
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of traffic in the calls that wait."""

_PAUSE_SECONDS = 0.2  # after a call: the next one of the host often follows at once
_SAVE_CALLS = 50  # compared before the counts are written, if calls keep coming
_RETRY_SECONDS = 30.0  # after counts could not be written
_MOST_UNSAVED = 5000  # different counts in memory


class CountStore(Protocol):
    """Where the counts go: ComparisonStore."""

    def add(self, counts: dict[CountKey, int]) -> None:
        """Add to the counts; may raise any error, after which nothing was added."""


class Shadow:
    """Takes finished calls and compares them. Any thread may call `append`: it is a Sink of
    shim/capture/forwarding.py.

    Args:
        settings: those in force.
        logger: the log of the DLLs.
        open_store: opens the store of the counts, on the thread of the shadow.
    """

    def __init__(self, settings: Configuration, logger: logging.Logger, open_store: Callable[[], CountStore]) -> None:
        self._settings = settings
        self._logger = logger
        self._open_store = open_store
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[tuple[CapturedCall, int]] = deque()
        self._bytes = 0
        self._missed = 0
        self._busy = False
        self._thread: threading.Thread | None = None
        self._said = SaidBefore()
        self._store: CountStore | None = None
        self._counts: dict[CountKey, int] = {}
        self._retry = 0.0

    def append(self, call: CapturedCall) -> None:
        """Queue a call. Never raises, and never waits for a comparison; a call that finds the queue full is missed."""
        try:
            size = sum(len(each.sent) + len(each.received) for each in call.traffic)
            with self._changed:
                if len(self._waiting) >= MOST_CALLS or self._bytes + size > MOST_BYTES:
                    self._missed += 1
                    return
                self._waiting.append((call, size))
                self._bytes += size
                if self._thread is None or not self._thread.is_alive():  # there is none, or it did not start
                    self._thread = threading.Thread(target=self._run, name="vcshim-shadow", daemon=True)
                    self._thread.start()
                self._changed.notify()
        except BaseException:
            log.exception(self._logger, "比对线程未能启动")

    def wait_done(self, seconds: float) -> bool:
        """Wait until everything was compared and counted; False if that takes longer. For tests and for the end."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds)

    # ---- the thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        _lower_priority()
        try:
            with yielding_often():
                from shim.replay.compare import Comparer
                from shim.replay.counting import fingerprint

                comparer, settings = Comparer(self._settings), fingerprint(self._settings)
            while True:
                call = self._next()
                with yielding_often():
                    self._compare(comparer, call, settings)
                    self._finish()
        except BaseException:
            log.exception(self._logger, "比对线程异常")
            with self._changed:
                self._thread = None
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> CapturedCall:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting))
            self._busy = True
            call, size = self._waiting.popleft()
            self._bytes -= size
            return call

    def _finish(self) -> None:
        """Write the counts when nothing waits, or when enough has come together."""
        with self._changed:
            idle = not self._waiting
        if idle or sum(self._counts.values()) >= _SAVE_CALLS:
            self._save()
        with self._changed:
            self._busy = False
            if not self._waiting:
                self._changed.notify_all()

    def _compare(self, comparer: Comparer, call: CapturedCall, settings: str) -> None:
        from shim.journal.comparisons import MISSED, CountKey
        from shim.replay.counting import counted
        from shim.replay.report import day_of, finding_key

        comparison = comparer.compare(call)
        day = day_of(comparison.began)
        keys = counted(comparison, settings)
        with self._changed:
            missed, self._missed = self._missed, 0
        for key in keys:
            self._counts[key] = self._counts.get(key, 0) + 1
        if missed:
            key = CountKey(day, settings, "", "", "", MISSED)
            self._counts[key] = self._counts.get(key, 0) + missed
            self._say("missed", "交易太快，有的没有比对", comparison, missed=missed)
        for difference in comparison.differences:
            self._say(finding_key(difference), difference.text("zh"), comparison, kind=difference.kind.word)

    def _say(self, key: object, text: str, comparison: Comparison, **facts: object) -> None:
        """A warning when `key` comes up first in this process; after that a debug line that counts."""
        times = self._said.times(key)
        level = logging.DEBUG if times else logging.WARNING
        counted_times = {"times": times + 1} if times else {}
        log.event(
            self._logger, level, f"与原厂不同：{text}" if "kind" in facts else text, function=comparison.function,
            method=comparison.method, **facts, **counted_times,
        )  # fmt: skip

    def _save(self) -> None:
        """Write the counts; what cannot be written is kept for later, as much of it as is reasonable."""
        if not self._counts or time.monotonic() < self._retry:
            return
        try:
            if self._store is None:
                self._store = self._open_store()
            self._store.add(self._counts)
            self._counts = {}
        except Exception as error:
            self._retry = time.monotonic() + _RETRY_SECONDS
            if len(self._counts) > _MOST_UNSAVED:
                self._counts = {}
            if not self._said.times("store"):
                log.event(self._logger, logging.WARNING, "比对结果暂时存不下来", error=type(error).__name__)


def open_shadow(settings: Configuration, logger: logging.Logger) -> Shadow:
    """The shadow of this process, with the counts of this user."""

    def open_store() -> CountStore:
        from shim.journal.comparisons import ComparisonStore
        from shim.replay.counting import comparisons_folder

        return ComparisonStore(comparisons_folder())

    return Shadow(settings, logger, open_store)


def _lower_priority() -> None:
    """Let this thread run when no other wants to, as far as the system has that."""
    with contextlib.suppress(Exception):
        if sys.platform == "win32":
            from shim.winapi.kernel32 import THREAD_PRIORITY_LOWEST, GetCurrentThread, SetThreadPriority

            SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_LOWEST)
        else:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
