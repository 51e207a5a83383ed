"""The one deadline of a call: what is left of it, and how steps and waits are taken from it."""

from __future__ import annotations

import pytest

from shim.deadline import Deadline


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, in seconds."""
    now = [1000.0]
    monkeypatch.setattr("shim.deadline.time.monotonic", lambda: now[0])
    return now


def test_it_passes(clock: list[float]) -> None:
    deadline = Deadline(3)
    assert (deadline.remaining, deadline.passed) == (3, False)
    clock[0] += 3
    assert (deadline.remaining, deadline.passed) == (0, True)
    clock[0] += 5
    assert deadline.remaining == 0


def test_a_wait_for_people_is_left_out(clock: list[float]) -> None:
    deadline = Deadline(3)
    clock[0] += 60
    deadline.postpone(60)
    assert (deadline.remaining, deadline.passed) == (3, False)


def test_what_has_passed_of_it_is_without_what_was_left_out(clock: list[float]) -> None:
    deadline = Deadline(90)
    clock[0] += 40
    deadline.postpone(30)
    assert deadline.elapsed == 10
    clock[0] += 2.5
    assert (deadline.elapsed, deadline.earlier(5).elapsed) == (12.5, 0)


def test_a_step_has_its_own_limit_and_never_more_than_is_left(clock: list[float]) -> None:
    deadline = Deadline(3)
    assert deadline.earlier(1).remaining == 1
    clock[0] += 2.5
    assert deadline.earlier(1).remaining == 0.5
