"""A helper process: its end and its last line; and forks: it belongs to the process that started it."""

from __future__ import annotations

import gc
import os
import sys
import threading

import pytest

from shim.devices.screen.process import HelperProcess
from tests.support.forked import descriptors, in_child

_PROGRAM = "import sys\nprint('READY', flush=True)\nsys.stdin.read()\nprint('END', flush=True)\n"


def line_of(helper: HelperProcess) -> str:
    while not (lines := helper.lines()):
        assert helper.exit_code is None
    return lines[0]


def test_a_forked_child_lets_the_helper_alone() -> None:
    """It has no copy of the pipes, sends nothing, ends nothing and waits for nothing, also when it ends itself."""
    helper = HelperProcess((sys.executable, "-c", _PROGRAM))
    assert line_of(helper) == "READY"
    numbers = helper._descriptors()
    assert len(numbers) == 2

    def child() -> tuple[set[int], bool]:
        here = descriptors().keys() & set(numbers)
        own = [os.open("/dev/null", os.O_RDONLY) for _ in range(20)]  # under the same numbers
        helpers.clear()
        gc.collect()
        return here, set(own) <= descriptors().keys()

    helpers = [helper]
    del helper
    assert in_child(child) == (set(), True)
    (helper,) = helpers
    assert helper.exit_code is None
    helper.end()
    assert helper.exit_code == 0


def test_a_child_of_a_child_keeps_what_has_the_numbers_now() -> None:
    """The child knows the helper still, but not the numbers of its pipes, under which it opens files."""
    helper = HelperProcess((sys.executable, "-c", _PROGRAM))
    numbers = set(helper._descriptors())

    def child() -> bool:
        own = {os.open("/dev/null", os.O_RDONLY) for _ in range(20)}
        assert numbers <= own and helper._descriptors() == []
        return in_child(lambda: own <= descriptors().keys())

    assert in_child(child)
    helper.end()


def test_a_child_starts_its_own() -> None:
    helper = HelperProcess((sys.executable, "-c", _PROGRAM))

    def child() -> tuple[str, int | None]:
        own = HelperProcess((sys.executable, "-c", _PROGRAM))
        first = line_of(own)
        own.end()
        return first, own.exit_code

    assert in_child(child) == ("READY", 0)
    assert helper.exit_code is None
    helper.end()
    assert helper.exit_code == 0


def test_it_has_not_ended_before_its_last_line_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that reads comes to it when the process is gone already."""
    goes_on, read = threading.Event(), os.read

    def standing(file: int, size: int) -> bytes:
        if threading.current_thread().name == "vcshim-screen-lines":
            assert goes_on.wait(60)
        return read(file, size)

    monkeypatch.setattr(os, "read", standing)
    helper = HelperProcess((sys.executable, "-c", "print('LAST', flush=True)\nraise SystemExit(3)"))
    assert helper.process.wait(60) == 3
    early = helper.exit_code, helper.lines()
    goes_on.set()
    while helper.exit_code is None:
        threading.Event().wait(0.001)
    assert (early, helper.exit_code, helper.lines()) == ((None, []), 3, ["LAST"])
    helper.end()
