"""A test of many rows fails for each of them, and for none at all."""

from __future__ import annotations

import pytest

from tests.support.each_row import each_row


def of(*rows: int) -> None:
    @each_row(rows)
    def test_small(row: int) -> None:
        assert 6 // row > 1

    assert test_small.__name__ == "test_small"
    test_small()


def test_all_rows_pass() -> None:
    of(1, 2, 3)


def test_each_failing_row_is_named() -> None:
    with pytest.raises(AssertionError) as caught:
        of(1, 4, 2, 0, 6)
    text = str(caught.value)
    assert text.startswith("3 of 5 rows:\n4: AssertionError: ")
    assert "\n0: ZeroDivisionError: " in text and "\n6: AssertionError: " in text


def test_no_rows_are_a_failure() -> None:
    with pytest.raises(AssertionError, match="no rows"):
        of()
