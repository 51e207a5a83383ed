"""Whether a call may have had an effect outside: what decides how it ends when an exception ends it.

Not what is sent, nor how often: `begin` is called by whatever hands something over (transports, the label printer, the
keyboards, the service for the screen), directly before it does. Read by `reply`, and by C, whose vcshim_call keeps it:
where Python cannot answer at all, the front answers by it. Imports nothing of the project.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Protocol


class SentFlag(Protocol):
    """What keeps the state: a vcshim_call of native/entry.h, or anything with its attribute."""

    sent: int


class _Kept:
    sent = 0


class Submission:
    """Whether anything of one call may have left this PC or changed something on it. Used by the thread of the call.

    It is kept in one place only, so that Python and C never differ.

    Args:
        flag: where; one of its own if C does not look.
    """

    __slots__ = ("_flag",)

    def __init__(self, flag: SentFlag | None = None) -> None:
        self._flag = flag or _Kept()

    @property
    def begun(self) -> bool:
        """False is certain: nothing was handed over. True is not: something may have been."""
        return bool(self._flag.sent)

    @begun.setter
    def begun(self, begun: bool) -> None:
        self._flag.sent = int(begun)


_thread = threading.local()  # `submission`: that of the call which the thread performs


def current() -> Submission:
    """That of the call which this thread performs; a new one outside calls."""
    submission = getattr(_thread, "submission", None)
    return submission if isinstance(submission, Submission) else Submission()


def begin() -> None:
    """Say that something may have an effect outside from here on: the next step may send, print, type or show it."""
    current().begun = True


def performing(submission: Submission) -> AbstractContextManager[None]:
    """What this thread does within the block belongs to the call of `submission`."""
    return _Performing(submission)


class _Performing:
    """NB: a generator, as contextlib makes one of, takes 1 µs longer, and a call has five such blocks."""

    __slots__ = ("_before", "_submission")

    def __init__(self, submission: Submission) -> None:
        self._submission = submission

    def __enter__(self) -> None:
        self._before = getattr(_thread, "submission", None)
        _thread.submission = self._submission

    def __exit__(self, *error: object) -> None:
        _thread.submission = self._before
