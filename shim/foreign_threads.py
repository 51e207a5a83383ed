"""Lets go of what CPython keeps of threads that C started, once they have ended. Not of those that shim starts.

`threading` makes an object for each thread it meets that is not its own, such as the one that writes a line of the log
or waits for another thread, and CPython before 3.13 keeps it for ever: a kilobyte each, and on Windows a semaphore.
Calls are carried out on threads that C starts anew after each pause. Used by the boundary to C.
"""

from __future__ import annotations

import threading

_marks = threading.local()


class _Mark:
    """Lives as long as CPython's state of its thread."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def __del__(self) -> None:
        # The number may by now be that of another thread: if that is one of Python's own, its object stays.
        if isinstance(threading._active.get(self._thread), threading._DummyThread):  # type: ignore[attr-defined]
            threading._active.pop(self._thread, None)  # type: ignore[attr-defined]


def attend() -> None:
    """Have the calling thread forgotten at its end. Any thread, any number of times."""
    if not hasattr(_marks, "mark"):
        _marks.mark = _Mark()
