"""A forked child of the test's own process, which does something and says what came of it. Linux only."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from shim import forks

_Result = TypeVar("_Result")
_SECONDS = 60  # only end a test that has failed


def in_child(work: Callable[[], _Result]) -> _Result:
    """Fork, do `work` in the child, and return what it returned. AssertionError if it raised anything, or hung."""
    return begin(work)()


def begin(work: Callable[[], _Result]) -> Callable[[], _Result]:
    """The same in two steps: the function waits for the child and returns what `work` returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_SECONDS)
        outcome: tuple[str, Any]
        try:
            outcome = "", work()
        except BaseException:
            outcome = traceback.format_exc(), None
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(outcome, pipe)
        os._exit(0)
    os.close(writing)

    def result() -> _Result:
        with os.fdopen(reading, "rb") as pipe:
            data = pipe.read()
        os.waitpid(child, 0)
        assert data, "the child hung"
        error, value = pickle.loads(data)
        assert not error, error
        return value  # type: ignore[no-any-return]

    return result


def descriptors() -> dict[int, str]:
    """What this process has open, by number."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue  # that of the list itself
    return found


class CountingGate(forks.Gate):
    """A gate that counts how often it was passed; to be put in the place of one."""

    passes = 0

    def __enter__(self) -> None:
        self.passes += 1
        super().__enter__()
