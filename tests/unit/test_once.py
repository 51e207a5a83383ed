"""What follows from a row is worked out once, and never for another row."""

from __future__ import annotations

from dataclasses import dataclass

from shim import once
from shim.once import once_for_each


@dataclass(frozen=True)
class Row:
    name: str


def test_each_row_is_worked_out_once() -> None:
    asked: list[str] = []

    @once_for_each
    def length(row: Row) -> int:
        asked.append(row.name)
        return len(row.name)

    rows = [Row("a"), Row("bc")]
    assert [length(row) for row in rows * 3] == [1, 2, 1, 2, 1, 2]
    assert asked == ["a", "bc"]


def test_rows_that_are_equal_are_two_rows() -> None:
    same = once_for_each(lambda row: [row])
    first, second = Row("a"), Row("a")
    assert same(first)[0] is first
    assert same(second)[0] is second


def test_a_row_that_nobody_has_any_more_is_not_taken_for_a_new_one() -> None:
    """Its identity would be given to the next object of its size."""

    @once_for_each
    def name_of(row: Row) -> str:
        return row.name

    assert [name_of(Row(str(number))) for number in range(300)] == [str(number) for number in range(300)]


def test_no_more_than_some_hundred_are_kept() -> None:
    kept: list[Row] = []

    @once_for_each
    def number_of(row: Row) -> int:
        kept.append(row)
        return len(kept)

    rows = [Row(str(number)) for number in range(once._MOST + 1)]
    for row in rows:
        number_of(row)
    assert number_of(rows[0]) == once._MOST + 2  # forgotten, and worked out anew
    assert number_of(rows[-1]) == once._MOST + 1
