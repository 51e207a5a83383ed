"""shim.kept_files: which files are old, by a clock that may have been set."""

from __future__ import annotations

import pytest

from shim.kept_files import expired

DAY = 86400
NOON = 1_795_780_800  # 2026-11-27 12:00 UTC


@pytest.mark.parametrize(
    ("ages", "old"),
    [
        ([], []),
        ([0, 6.9, 7.1], [False, False, True]),
        ([7.1, 0, 6.9], [True, False, False]),
        ([3, 3, 8], [False, False, True]),
        ([59, 60], [True, True]),
        ([61], [False]),  # a day
        ([61, 66.9], [False, False]),  # a day and 5.9
        ([61, 67.1], [False, True]),
        ([61, 200, 300, 400, 500, 600, 700, 800], [False, False, False, False, False, False, False, True]),
        ([-0.5, -1.5, -4000, 8], [False, False, False, True]),  # in the future
    ],
)
def test_expired(ages: list[float], old: list[bool]) -> None:
    assert expired([NOON - age * DAY for age in ages], NOON, 7 * DAY) == old
