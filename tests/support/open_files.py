"""A host that has more files open than select() can number, and what this process has open. Linux only."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterator

from tests.support.forked import descriptors

SELECT_NUMBERS = 1024
"""What is opened with a number from here on cannot be waited for by select()."""


@contextlib.contextmanager
def many_open_files() -> Iterator[None]:
    """What is opened meanwhile gets a number of four digits that select() does not take."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 2 * SELECT_NUMBERS:
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * SELECT_NUMBERS, hard))
    taken = [os.open("/dev/null", os.O_RDONLY)]
    try:
        while taken[-1] <= SELECT_NUMBERS:
            taken.append(os.dup(taken[0]))
        yield
    finally:
        for number in taken:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def listing() -> str:
    """The kinds of files that this process has open, the most frequent first."""
    kinds = Counter(what.partition(":")[0].rpartition("/")[2] for what in descriptors().values())
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(6))
