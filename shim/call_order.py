"""When the host entered the call that a thread performs: what is cancelled is whatever was entered before the cancel.

The order in which calls reach Python is not that in which the host made them: the first ones wait for the interpreter.
Only to be compared: the clock is vcshim_ticks of native/platform.h, time.perf_counter_ns where no C is in between.
Imports nothing of the project.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_call = threading.local()


@contextmanager
def entered_at(ticks: int | None) -> Iterator[None]:
    """Around a call that this thread performs.

    Args:
        ticks: when the host entered it; None for now.
    """
    _call.ticks = time.perf_counter_ns() if ticks is None else ticks
    try:
        yield
    finally:
        _call.ticks = None


def entered() -> int:
    """When the host entered the call of this thread; now, if it performs none."""
    ticks = getattr(_call, "ticks", None)
    return time.perf_counter_ns() if ticks is None else int(ticks)
