"""When the host entered the call that a thread performs: what is cancelled is whatever was entered before the cancel.

The order in which calls reach Python is not that in which the host made them: the first ones wait for the interpreter.
Only to be compared: the clock is vcshim_ticks of native/platform.h, time.perf_counter_ns where no C is in between.
Imports nothing of the project.
"""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager

_call = threading.local()


def entered_at(ticks: int | None) -> AbstractContextManager[None]:
    """Around a call that this thread performs.

    Args:
        ticks: when the host entered it; None for now.
    """
    return _EnteredAt(ticks)


class _EnteredAt:
    """NB: not a generator, see shim/submission.py."""

    __slots__ = ("_ticks",)

    def __init__(self, ticks: int | None) -> None:
        self._ticks = ticks

    def __enter__(self) -> None:
        _call.ticks = time.perf_counter_ns() if self._ticks is None else self._ticks

    def __exit__(self, *error: object) -> None:
        _call.ticks = None


def entered() -> int:
    """When the host entered the call of this thread; now, if it performs none."""
    ticks = getattr(_call, "ticks", None)
    return time.perf_counter_ns() if ticks is None else int(ticks)
