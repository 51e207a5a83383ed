"""What is left in an interpreter of threads that it did not start."""

from __future__ import annotations

import _thread
import threading
import time

import pytest

from shim import foreign_threads


def left_by_threads(attends: bool) -> int:
    """The objects that remain of five threads that lived at the same time, as C makes them."""
    before = set(threading.enumerate())
    together = threading.Barrier(6)
    ended: list[int] = []

    def work() -> None:
        if attends:
            foreign_threads.attend()
            foreign_threads.attend()
        threading.current_thread()  # what the log and Thread.join do
        together.wait()
        ended.append(threading.get_ident())

    for _ in range(5):
        _thread.start_new_thread(work, ())
    together.wait()
    end = time.monotonic() + 60
    while time.monotonic() < end and (len(ended) < 5 or (attends and set(threading.enumerate()) - before)):
        time.sleep(0.01)
    assert len(ended) == 5
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        threading._active.pop(thread.ident, None)  # type: ignore[attr-defined]
    return len(left)


@pytest.mark.parametrize(("attends", "left"), [(True, 0), (False, 5)])
def test_nothing_is_left_of_a_thread_that_ended(attends: bool, left: int) -> None:
    assert left_by_threads(attends) == left


def test_a_thread_of_python_with_the_same_number_stays() -> None:
    mark = foreign_threads._Mark()  # of this thread, which Python started
    del mark
    assert threading.current_thread() in threading.enumerate()
    assert not isinstance(threading.current_thread(), threading._DummyThread)
