"""Starts threads that work in the background for as long as the process lives, without waiting for their beginning.

NB: threading.Thread.start() waits until the thread runs. Where a host calls from a DllMain it holds the loader's lock,
which every new thread of Windows waits for: the two would wait for each other for ever. Not for threads whose end
somebody waits for.
"""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable

from shim.foreign_threads import attend


def start_in_background(work: Callable[[], None], name: str) -> None:
    """Have `work` done by a thread of its own. What it raises goes to sys.unraisablehook. Any thread.

    Raises:
        RuntimeError: the system gives no thread, or the process is ending.
    """

    def run() -> None:
        attend()
        threading.current_thread().name = name
        work()

    _thread.start_new_thread(run, ())
