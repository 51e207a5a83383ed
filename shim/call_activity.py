"""Whether a call is in progress: work in the background waits until none is, for a limited time.

Python lets one thread compute at a time. A thread that imports modules for half a second while a host's first call does
the same makes that call take twice as long; one that waits costs it nothing.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module

from shim import forks

# NB: a thread that computes gives up the interpreter only after 5 ms, on Windows up to 16, whose waits are coarse; a
# call pays that each time it comes back from the network or the log. Below a millisecond Windows does not wait at all.
_SWITCH_SECONDS = 0.0005


class _Call:
    """NB: not a generator, see shim/submission.py."""

    __slots__ = ("_activity",)

    def __init__(self, activity: CallActivity) -> None:
        self._activity = activity

    def __enter__(self) -> None:
        self._activity._begins()

    def __exit__(self, *error: object) -> None:
        self._activity._ends()


class CallActivity:
    """Counts the calls in progress; one for each service. Any thread."""

    def __init__(self) -> None:
        self._calls = 0
        self._free = threading.Condition()

    def call(self) -> AbstractContextManager[None]:
        """Mark a call as in progress, also while it fails."""
        return _Call(self)

    def _begins(self) -> None:
        with self._free:
            self._calls += 1

    def _ends(self) -> None:
        with self._free:
            self._calls -= 1
            if not self._calls:
                self._free.notify_all()

    def wait_idle(self, limit: float) -> None:
        """Wait until no call is in progress, at most `limit` seconds."""
        with self._free:
            self._free.wait_for(lambda: not self._calls, limit)

    def import_when_idle(self, modules: Sequence[str], limit: float) -> None:
        """Import `modules` one by one, each when no call is in progress.

        NB: no import hook can do this: Python holds the lock of all imports while it asks one.

        Args:
            limit: seconds to wait in all; then the rest is imported at once.

        Raises:
            ImportError: one of them is missing.
        """
        for name in modules:
            started = time.monotonic()
            self.wait_idle(max(0.0, limit))
            limit -= time.monotonic() - started
            import_module(name)


class _SwitchInterval:
    """The interpreter's, which is the whole process's: shortened while any thread wants it so. Any thread."""

    def __init__(self) -> None:
        self._begin()
        forks.in_child(self._in_child)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._wanting = 0
        self._before = 0.0  # to be put back by the last of them

    def _in_child(self) -> None:
        """The threads that wanted it are the parent's."""
        if self._wanting:
            sys.setswitchinterval(self._before)
        self._begin()

    def shorten(self) -> None:
        with self._lock:
            if not self._wanting:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(min(self._before, _SWITCH_SECONDS))
            self._wanting += 1

    def put_back(self) -> None:
        with self._lock:
            self._wanting -= 1
            if not self._wanting:
                sys.setswitchinterval(self._before)


_interval = _SwitchInterval()


@contextmanager
def yielding_often() -> Iterator[None]:
    """Have this thread, while it computes, give up the interpreter at once to any other that wants it.

    The interval is the whole process's; the one before is restored when the last thread that wants it so has ended.
    """
    _interval.shorten()
    try:
        yield
    finally:
        _interval.put_back()
