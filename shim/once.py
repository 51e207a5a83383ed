"""Works out once, for each row of the tables or of the settings, what follows from it: names, sets, parameters.

Rows never change and live as long as the process, so that a row is told from another by its identity. That takes
0.1 µs; comparing rows as values takes longer than most of what is kept. Imports nothing of the project.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_Row = TypeVar("_Row")
_Found = TypeVar("_Found")
_MOST = 500  # rows for each function; a test may make any number of them


def once_for_each(work_out: Callable[[_Row], _Found]) -> Callable[[_Row], _Found]:
    """`work_out`, whose results are kept: it must be pure, and its results must not be changed. Any thread."""
    kept: dict[int, tuple[_Row, _Found]] = {}  # with the row, whose identity no other object gets as long as it lives

    @wraps(work_out)
    def found(row: _Row) -> _Found:
        pair = kept.get(id(row))
        if pair is None:
            if len(kept) >= _MOST:
                kept.clear()
            pair = kept[id(row)] = row, work_out(row)
        return pair[1]

    return found
