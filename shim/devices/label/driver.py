"""The one label printer over all print methods: draws the label, prints one at a time, keeps the deadline.

Each label is printed in a thread of its own, because a spooler or a device file may block for as long as it likes: the
caller is back by the deadline, and the printer stays busy until that thread ends. Built by pick.py.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from shim import submission
from shim.bilingual import Bilingual, filled
from shim.devices.base import DeviceUnavailable, spaced
from shim.devices.label.base import LabelPrinter
from shim.devices.label.content import LabelContent
from shim.devices.label.print_method import PrintMethod, not_accepted_in_time
from shim.devices.label.statuses import Fault
from shim.drawing.dots import CannotDraw, Dots
from shim.log import event
from shim.messages import label as rows
from shim.submission import Submission, performing

DrawLabel = Callable[[int, LabelContent], Dots]
"""Dots an inch and the content to the label's dots. Raises CannotDraw."""

_Result = TypeVar("_Result")


class DrivenLabelPrinter(LabelPrinter):
    """A label printer.

    Args:
        draw: called in the thread of the label, one thread at a time.
        timeout: seconds for each call, waiting for an earlier label included.
    """

    def __init__(self, method: PrintMethod, draw: DrawLabel, timeout: float, logger: logging.Logger) -> None:
        self._method = method
        self._draw = draw
        self._timeout = timeout
        self._logger = logger
        self._in_use = threading.Lock()  # held by the call that prints, or waits
        self._last: threading.Thread | None = None  # of the last label

    @property
    def title(self) -> str:
        """The printer in the words of the clerk."""
        return self._method.title

    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        content = LabelContent.of(ehealth_code, card_no, name)
        started = time.monotonic()

        def render(dpi: int) -> Dots:
            try:
                return self._draw(dpi, content)
            except CannotDraw as error:
                raise DeviceUnavailable(error.row, **error.facts) from error

        self._by_deadline(lambda limit: self._method.print(render, limit))
        milliseconds = round((time.monotonic() - started) * 1000, 1)
        event(
            self._logger,
            logging.INFO,
            filled("{title} 已接收标签", "{title} has taken the label", {"title": self._method.title}),
            print_ms=milliseconds,
        )

    def status(self) -> Fault | Bilingual | None:
        """The status of the printer; see `PrintMethod.status`. Raises DeviceUnavailable as `print_label` does."""
        return self._by_deadline(self._method.status)

    def _by_deadline(self, work: Callable[[float], _Result]) -> _Result:
        """Do `work`, which is told the seconds that are left, in a thread of its own.

        From the start of the thread on the label may be printed at any moment, unless the thread has ended without
        handing it over.
        """
        end = time.monotonic() + self._timeout
        if not self._in_use.acquire(timeout=self._timeout):
            raise self._busy()
        try:
            self._wait_for_the_last(end)
            job = _Job(lambda: work(end - time.monotonic()))
            self._start(job)
            job.thread.join(max(end - time.monotonic(), 0.0))
            if job.thread.is_alive():
                raise not_accepted_in_time(self._method.title, self._timeout)
        finally:
            self._in_use.release()
        return job.result()

    def _wait_for_the_last(self, end: float) -> None:
        """Wait for the thread of an earlier label that was not accepted in time."""
        last = self._last
        if last is None or last.ident is None:  # it was never started
            return
        last.join(max(end - time.monotonic(), 0.0))
        if last.is_alive():
            raise self._busy()

    def _start(self, job: _Job[_Result]) -> None:
        try:
            self._last = job.thread
            job.call.begun = True
            job.thread.start()
        except BaseException:  # the process has no more threads, or no memory for one
            if job.thread.ident is None:
                job.call.begun = job.before
            raise

    def _busy(self) -> DeviceUnavailable:
        return DeviceUnavailable(rows.BUSY, printer=spaced(self._method.title), seconds=f"{self._timeout:.0f}")


class _Job(Generic[_Result]):
    """Work for a thread of its own.

    Attributes:
        thread: ends with the work.
        submission: whether the work has handed the label over; used by the thread.
        call: the same of the call that waits for it; used by the thread of the call.
        before: what that was.
    """

    def __init__(self, work: Callable[[], _Result]) -> None:
        self._work = work
        self._results: list[_Result] = []
        self._error: BaseException | None = None
        self.submission = Submission()
        self.call = submission.current()
        self.before = self.call.begun
        self.thread = threading.Thread(target=self._run, name="vcshim-label", daemon=True)

    def _run(self) -> None:
        try:
            with performing(self.submission):
                self._results.append(self._work())
        except BaseException as error:
            self._error = error

    def result(self) -> _Result:
        """What the work returned, or its exception; the thread has ended."""
        if not self.submission.begun:
            self.call.begun = self.before
        if self._error is not None:
            raise self._error
        return self._results[0]
