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
from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.label.base import LabelPrinter
from shim.devices.label.content import LabelContent
from shim.devices.label.print_method import PrintMethod, not_accepted_in_time
from shim.devices.label.statuses import Fault
from shim.drawing.dots import CannotDraw, Dots
from shim.log import event
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
        self._in_use = threading.Lock()

    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        content = LabelContent(ehealth_code=ehealth_code, card_no=card_no, name=name)
        started = time.monotonic()

        def render(dpi: int) -> Dots:
            try:
                return self._draw(dpi, content)
            except CannotDraw as error:
                raise DeviceUnavailable(self._method.title, Unavailable.NOT_READY, str(error)) from error

        self._by_deadline(lambda limit: self._method.print(render, limit))
        milliseconds = round((time.monotonic() - started) * 1000, 1)
        event(self._logger, logging.INFO, f"{self._method.title} 已接收标签", print_ms=milliseconds)

    def status(self) -> Fault | str | None:
        """The status of the printer; see `PrintMethod.status`. Raises DeviceUnavailable as `print_label` does."""
        return self._by_deadline(self._method.status)

    def _by_deadline(self, work: Callable[[float], _Result]) -> _Result:
        """Do `work`, which is told the seconds that are left, in a thread of its own.

        From the start of the thread on the label may be printed at any moment, unless the thread has ended without
        handing it over.
        """
        end = time.monotonic() + self._timeout
        if not self._in_use.acquire(timeout=self._timeout):
            advice = "前一张标签还没有打完；请看打印机是否缺纸、脱机或暂停，然后重试"
            raise DeviceUnavailable(self._method.title, Unavailable.BUSY, advice)
        call = submission.current()
        before = call.begun
        thread: threading.Thread | None = None
        try:
            job = _Job(lambda: work(end - time.monotonic()), self._in_use)
            thread = threading.Thread(target=job.run, name="vcshim-label", daemon=True)
            call.begun = True
            thread.start()
        except BaseException:  # the process has no more threads, or no memory for one
            if thread is None or thread.ident is None:
                call.begun = before
                self._in_use.release()
            raise
        if not job.done.wait(max(end - time.monotonic(), 0.0)):
            raise not_accepted_in_time(self._method.title)
        if not job.submission.begun:
            call.begun = before
        return job.result()


class _Job(Generic[_Result]):
    """Work for a thread; `done` is set when `result` is there. Releases `lock` at its end.

    Attributes:
        submission: whether the work has handed the label over; that of the call belongs to the thread of the call.
    """

    def __init__(self, work: Callable[[], _Result], lock: threading.Lock) -> None:
        self._work = work
        self._lock = lock
        self._results: list[_Result] = []
        self._error: BaseException | None = None
        self.submission = Submission()
        self.done = threading.Event()

    def run(self) -> None:
        try:
            with performing(self.submission):
                self._results.append(self._work())
        except BaseException as error:
            self._error = error
        finally:
            self._lock.release()
            self.done.set()

    def result(self) -> _Result:
        """What the work returned, or its exception."""
        if self._error is not None:
            raise self._error
        return self._results[0]
