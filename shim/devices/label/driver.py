"""The label printer of VC 3.4: draws a label, hands it to a press, and keeps the rules of base.py once for all presses.

The work is done in a thread of its own, because a spooler or a device file may wait as long as it likes: the caller
is back by his deadline, and the printer stays busy until that thread is done. L2; built by shim/devices/label/pick.py.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.label.base import LabelPrinter
from shim.devices.label.press import Press, timed_out
from shim.devices.label.statuses import Fault
from shim.drawing.dots import CannotDraw, Dots
from shim.log import event

# dpi, code, card number and name to dots; CannotDraw where it cannot.
Drawing = Callable[[int, str, str, str], Dots]


class PrintingLabels(LabelPrinter):
    """`timeout` in seconds holds for each call, waiting for one's turn included."""

    def __init__(self, press: Press, drawing: Drawing, timeout: float, logger: logging.Logger) -> None:
        self._press = press
        self._drawing = drawing
        self._timeout = timeout
        self._logger = logger
        self._turn = threading.Lock()

    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        started = time.monotonic()

        def draw(dpi: int) -> Dots:
            try:
                return self._drawing(dpi, ehealth_code, card_no, name)
            except CannotDraw as error:
                raise DeviceUnavailable(self._press.title, Unavailable.NOT_READY, str(error)) from error

        self._bounded(lambda limit: self._press.print(draw, limit))
        milliseconds = round((time.monotonic() - started) * 1000, 1)
        event(self._logger, logging.INFO, f"{self._press.title} 已接收标签", print_ms=milliseconds)

    def status(self) -> Fault | str | None:
        """What is wrong with the printer; None where it says that all is well; a text where it cannot be asked."""
        found: list[Fault | str | None] = []
        self._bounded(lambda limit: found.append(self._press.status(limit)))
        return found[0]

    def _bounded(self, work: Callable[[float], None]) -> None:
        """Do `work` in a thread of its own; its errors are the caller's."""
        end = time.monotonic() + self._timeout
        if not self._turn.acquire(timeout=self._timeout):
            advice = "前一张标签还没有打完；请看打印机是否缺纸、脱机或暂停，然后重试"
            raise DeviceUnavailable(self._press.title, Unavailable.BUSY, advice)
        job = _Job(lambda: work(end - time.monotonic()), self._turn)
        try:
            threading.Thread(target=job.run, name="vcshim-label", daemon=True).start()
        except RuntimeError:  # no more threads in this process
            self._turn.release()
            raise
        if not job.done.wait(max(end - time.monotonic(), 0.0)):
            raise timed_out(self._press.title)
        if job.error is not None:
            raise job.error


class _Job:
    """One piece of work, and what came of it."""

    def __init__(self, work: Callable[[], None], turn: threading.Lock) -> None:
        self._work = work
        self._turn = turn
        self.done = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self.error = error
        finally:
            self._turn.release()
            self.done.set()
