"""Calls first: what we do of our own accord waits for a moment without a call, but not for ever.

Python lets one thread compute at a time. A thread that imports half a second's worth of modules while a host's first
call does the same makes that call twice as long; one that waits for its turn costs it nothing. L0, imports nothing.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

# NB: a thread that computes gives the interpreter up only after 5 ms, on Windows up to 16, whose waits are coarse; each
# time that a call comes back from the network or the log. Below a millisecond Windows does not wait at all.
_SWITCH = 0.0005


class CallActivity:
    """One for each service. Any thread."""

    def __init__(self) -> None:
        self._calls = 0
        self._free = threading.Condition()

    @contextmanager
    def call(self) -> Iterator[None]:
        """While a host waits for us."""
        with self._free:
            self._calls += 1
        try:
            yield
        finally:
            with self._free:
                self._calls -= 1
                if not self._calls:
                    self._free.notify_all()

    def wait_idle(self, limit: float) -> None:
        """Until no host waits for us, at most `limit` seconds."""
        with self._free:
            self._free.wait_for(lambda: not self._calls, limit)

    def import_when_idle(self, modules: Sequence[str], limit: float) -> None:
        """Import `modules` one after the other, each at a moment without a call; `limit` seconds of waiting in all.

        NB: no import hook can do this: Python holds the lock of all imports while it asks one.
        """
        for name in modules:
            started = time.monotonic()
            self.wait_idle(max(0.0, limit))
            limit -= time.monotonic() - started
            import_module(name)


@contextmanager
def yielding_often() -> Iterator[None]:
    """While this thread computes, every other one gets its turn at once."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _SWITCH))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
