"""Exponential back-off."""

from __future__ import annotations

from shim.devices.screen.backoff import BackOff


def test_the_pauses_double_up_to_the_longest() -> None:
    back_off = BackOff(5.0, 60.0)
    assert [back_off.next_pause() for _ in range(6)] == [5, 10, 20, 40, 60, 60]


def test_immediate_attempts() -> None:
    back_off = BackOff(1.0, 60.0, immediate=1)
    assert [back_off.next_pause() for _ in range(9)] == [0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_a_reset() -> None:
    back_off = BackOff(1.0, 60.0, immediate=1)
    for _ in range(5):
        back_off.next_pause()
    back_off.reset()
    assert [back_off.next_pause() for _ in range(3)] == [0, 1, 2]


def test_failures_for_years() -> None:
    back_off = BackOff(1.0, 60.0)
    assert [back_off.next_pause() for _ in range(5000)][-1] == 60
