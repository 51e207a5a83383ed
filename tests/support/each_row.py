"""One test for all rows of a table, which names each row that fails.

For tables of hundreds of rows whose check takes less than the milliseconds that each case of `parametrize` costs every
worker. Rows that need a fixture, or that take long, are cases of `parametrize`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

_Row = TypeVar("_Row")


def each_row(rows: Iterable[_Row]) -> Callable[[Callable[[_Row], None]], Callable[[], None]]:
    """Make a check of one row a test of all of `rows`, of which there must be one."""
    kept = list(rows)

    def decorate(check: Callable[[_Row], None]) -> Callable[[], None]:
        def test() -> None:
            failed = [f"{row!r}: {fault}" for row in kept if (fault := _fault(check, row)) is not None]
            assert kept, "no rows"
            assert not failed, f"{len(failed)} of {len(kept)} rows:\n" + "\n".join(failed)

        # not functools.wraps: pytest would ask for a fixture with the name of the check's argument
        test.__name__, test.__qualname__, test.__doc__ = check.__name__, check.__qualname__, check.__doc__
        test.__module__ = check.__module__
        return test

    return decorate


def _fault(check: Callable[[_Row], None], row: _Row) -> str | None:
    try:
        check(row)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None
