"""The one scanner over all back ends, as its callers see it: one scan at a time, back in time, cancelled at once.

Each scan runs in a thread of its own (listening.py), because a driver of the system may take as long as it likes to
open a port, to send or to close: the caller does not wait for it, and the scanner stays busy until it has answered.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shim.call_order import entered
from shim.devices.base import DeviceUnavailable
from shim.devices.scanner.base import Scanner
from shim.devices.scanner.endpoints import EndpointSource
from shim.devices.scanner.framing import Framing, LineStatistics
from shim.devices.scanner.listening import QUIET_SECONDS, Listeners, ScanRules, scan_cancelled
from shim.devices.scanner.lock import ScanLock
from shim.messages import scanner as rows

STOP_DELAY = 0.03  # seconds from a code to the stop command: by then the request is on its way
STOP_SECONDS = 3.0  # the longest wait for a driver that sends the stop command and closes the line
_LOOK_SECONDS = 0.02  # between two looks at a scanner that is being released


class DrivenScanner(Scanner):
    """Scans with the endpoints of `source`.

    Args:
        timeout: how long a scan waits for a code, in seconds.
        repeat_seconds: after how many seconds of waiting the start command is repeated; 0 for never.
        quiet_seconds: how long a line must have been silent before the start command.
        clock, sleep: stand-ins for those of the time module.
    """

    def __init__(
        self,
        source: EndpointSource,
        lock: ScanLock,
        framing: Framing,
        timeout: float,
        logger: logging.Logger,
        *,
        repeat_seconds: float = 0.0,
        quiet_seconds: float = QUIET_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._source = source
        self._scan_lock = lock
        self._rules = ScanRules(framing, timeout, repeat_seconds, quiet_seconds, clock=clock, sleep=sleep)
        self._logger = logger
        self._state = threading.Lock()  # guards the next three
        self._scans: list[_Scan] = []  # those whose callers wait
        self._cancelled_at = -1  # when the host entered the latest call that cancels
        self._last: _Scan | None = None  # the last one that had the scanner

    @property
    def statistics(self) -> tuple[LineStatistics, ...]:
        """What came over each line that the last scan opened."""
        with self._state:
            return () if self._last is None else self._last.listeners.statistics

    def scan(self) -> str:
        scan = _Scan(entered(), lambda is_cancelled: Listeners(self._source, self._rules, is_cancelled, self._logger))
        with self._waiting(scan):
            self._await_release(scan)
            self._start(scan)
            return self._result(scan)

    def cancel(self) -> bool:
        at = entered()
        with self._state:
            self._cancelled_at = max(self._cancelled_at, at)
            scans = [scan for scan in self._scans if scan.entered <= at]
            for scan in scans:
                scan.cancel()
        return bool(scans)

    def settle(self) -> None:
        with self._state:
            last = self._last
        if last is not None and last.left:
            last.released.wait(STOP_SECONDS)

    @contextmanager
    def _waiting(self, scan: _Scan) -> Iterator[None]:
        """While its caller waits, a scan can be cancelled; without a caller it ends by itself.

        Raises:
            DeviceUnavailable: CANCELLED; BUSY at once if another caller waits, at whatever step its scan is.
        """
        try:
            with self._state:
                if scan.entered <= self._cancelled_at:
                    raise scan_cancelled(scan.listeners.title)
                self._scans[:] = [other for other in self._scans if not other.left]  # one whose removal was cut short
                if self._scans:
                    raise DeviceUnavailable(rows.BUSY_HERE, title=scan.listeners.title)
                self._scans.append(scan)
            yield
        except BaseException:
            scan.leave(STOP_SECONDS)
            scan.cancel()
            raise
        else:
            scan.leave(STOP_SECONDS)
        finally:
            with self._state:
                self._scans[:] = [other for other in self._scans if other is not scan]

    def _await_release(self, scan: _Scan) -> None:
        """Wait until the scan before this one, whose caller is gone, has released the scanner.

        It may take `STOP_SECONDS` from its code or from its cancel on; a driver that kept a scan from ending in time
        has had its time.

        Raises:
            DeviceUnavailable: CANCELLED; BUSY if the driver still has the scanner.
        """
        with self._state:
            last = self._last
        while last is not None and last.left and not last.released.is_set():
            if last.thread is None or not last.thread.is_alive():  # it died without releasing: no memory, or a bug
                self._release(last)
            elif time.monotonic() >= last.release_by:
                row = rows.STILL_OPENING if last.listeners.opening else rows.NOT_RELEASED
                raise DeviceUnavailable(row, title=last.listeners.title)
            scan.pause(_LOOK_SECONDS)
        scan.pause(0)

    def _start(self, scan: _Scan) -> None:
        """Take the scanner and start; whatever is raised here, it does not stay taken. BUSY as of the lock."""
        before: _Scan | None = None
        taken = False
        try:
            self._scan_lock.acquire(scan.pause)
            taken = True
            before = self._last
            # NB: started before the code arrives: making a thread costs more than a millisecond.
            scan.thread = threading.Thread(target=self._run, args=(scan,), name="vcshim-scanner", daemon=True)
            with self._state:
                self._last = scan
            scan.thread.start()
        except BaseException:
            if taken and (scan.thread is None or scan.thread.ident is None):  # it does not run: it releases nothing
                with self._state:
                    if self._last is scan:
                        self._last = before
                self._scan_lock.release()
            raise

    def _run(self, scan: _Scan) -> None:
        """The thread of a scan. After a code it stops the scanner when the caller is gone: the stop command of a slow
        line would delay the request."""
        try:
            scan.code = scan.listeners.read()
        except BaseException as error:
            scan.error = error
        scan.ended = True
        scan.news.set()
        try:
            if scan.code is not None:
                self._rules.sleep(STOP_DELAY)
            scan.listeners.stop()
        finally:
            self._release(scan)

    def _release(self, scan: _Scan) -> None:
        """Let the scanner serve another scan; once for each scan."""
        with self._state:
            if not scan.released.is_set():
                self._scan_lock.release()
                scan.released.set()

    def _result(self, scan: _Scan) -> str:
        """What came of a scan that was started, at most `STOP_SECONDS` after its deadline or after it was cancelled."""
        end = time.monotonic() + self._rules.longest + STOP_SECONDS
        scan.news.wait(self._rules.longest + STOP_SECONDS)
        if scan.code is not None:
            return scan.code
        if scan.cancelled:
            end = time.monotonic() + STOP_SECONDS
        while not scan.released.wait(_LOOK_SECONDS) and time.monotonic() < end:  # the light is to be out
            if scan.cancelled and scan.listeners.opening:  # there is none yet
                break
        if scan.code is not None:
            return scan.code
        if scan.error is not None:
            raise scan.error
        if scan.cancelled:
            raise scan_cancelled(scan.listeners.title)
        row = rows.NOT_OPENED if scan.listeners.opening else rows.NO_ANSWER
        raise DeviceUnavailable(row, title=scan.listeners.title, seconds=f"{self._rules.timeout:g}")


class _Scan:
    """One scan, from the moment at which it was asked for.

    Args:
        listeners: makes its lines, which look whether it is cancelled.

    Attributes:
        entered: when the host entered the call that scans.
        news: set when it is cancelled or has ended.
        left: its caller does not wait any more.
        release_by: until when the next scan waits for it to release the scanner.
        released: set when the scanner may serve another scan.
    """

    def __init__(self, entered: int, listeners: Callable[[Callable[[], bool]], Listeners]) -> None:
        self.entered = entered
        self.listeners = listeners(lambda: self.cancelled)
        self.news = threading.Event()
        self.released = threading.Event()
        self.cancelled = self.ended = self.left = False
        self.release_by = 0.0
        self.thread: threading.Thread | None = None
        self.code: str | None = None
        self.error: BaseException | None = None

    def cancel(self) -> None:
        """End it without a code. Any thread."""
        self.cancelled = True
        self.news.set()

    def leave(self, seconds: float) -> None:
        """Its caller goes: after a code or a cancel the scanner may take `seconds` more to be released."""
        now = time.monotonic()
        self.release_by = now + seconds if self.code is not None or self.cancelled else now
        self.left = True

    def pause(self, seconds: float) -> None:
        """Wait before it has the scanner.

        Raises:
            DeviceUnavailable: CANCELLED, at once.
        """
        self.news.wait(seconds)
        if self.cancelled:
            raise scan_cancelled(self.listeners.title)
