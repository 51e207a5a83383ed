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
from shim.devices.scanner.listening import Listeners, ScanRules, scan_cancelled, scan_timed_out
from shim.devices.scanner.lock import ScanLock
from shim.errors import Unavailable

STOP_DELAY = 0.03  # seconds from a code to the stop command: by then the request is on its way
STOP_SECONDS = 3.0  # the longest wait for a driver that sends the stop command and closes the line
_LOOK_SECONDS = 0.02  # between two looks at a scanner that is being released


class DrivenScanner(Scanner):
    """Scans with the endpoints of `source`.

    Args:
        timeout: how long a scan waits for a code, in seconds.
        repeat_seconds: after how many seconds of waiting the start command is repeated; 0 for never.
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
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._source = source
        self._scan_lock = lock
        self._rules = ScanRules(framing, timeout, repeat_seconds, clock, sleep)
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
            self._scan_lock.acquire(scan.pause)
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
        """While its caller waits, a scan can be cancelled; without a caller it ends by itself."""
        with self._state:
            self._scans.append(scan)
            if scan.entered <= self._cancelled_at:
                scan.cancel()
        try:
            yield
        except BaseException:
            scan.cancel()
            raise
        finally:
            scan.left = True
            with self._state:
                self._scans.remove(scan)

    def _await_release(self, scan: _Scan) -> None:
        """Wait until the scan before this one has released the scanner, if its caller does not wait any more.

        Raises:
            DeviceUnavailable: CANCELLED; BUSY if the driver still has the scanner.
        """
        with self._state:
            last = self._last
        end = time.monotonic() + STOP_SECONDS
        while last is not None and last.left and not last.released.is_set():
            if last.thread is None or not last.thread.is_alive():  # it died without releasing: no memory, or a bug
                self._release(last)
            elif time.monotonic() >= end:
                advice = "上一次扫码后扫码枪没有放开，请拔插扫码枪后重试；仍不行请重新启动医院程序"
                if last.listeners.opening:
                    advice = "上一次扫码还在等系统打开它，请检查接线和 [scanner] 所写的端口或地址，稍后重试"
                raise DeviceUnavailable(last.listeners.title, Unavailable.BUSY, advice)
            scan.pause(_LOOK_SECONDS)
        scan.pause(0)

    def _start(self, scan: _Scan) -> None:
        before = self._last
        try:
            # NB: started before the code arrives: making a thread costs more than a millisecond.
            scan.thread = threading.Thread(target=self._run, args=(scan,), name="vcshim-scanner", daemon=True)
            with self._state:
                self._last = scan
            scan.thread.start()
        except BaseException:
            if scan.thread is None or scan.thread.ident is None:  # it does not run, and so releases nothing
                with self._state:
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
        end = time.monotonic() + self._rules.timeout + STOP_SECONDS
        scan.news.wait(self._rules.timeout + STOP_SECONDS)
        if scan.code is not None:
            return scan.code
        scan.released.wait(STOP_SECONDS if scan.cancelled else max(end - time.monotonic(), 0))  # the light is to be out
        if scan.code is not None:
            return scan.code
        if scan.error is not None:
            raise scan.error
        if scan.cancelled:
            raise scan_cancelled(scan.listeners.title)
        advice = "系统没有应答，请拔插扫码枪后再扫"
        if scan.listeners.opening:
            advice += "；type = auto 的，请在 [scanner] port 只写扫码枪的串口"
        raise scan_timed_out(scan.listeners.title, self._rules.timeout, advice)


class _Scan:
    """One scan, from the moment at which it was asked for.

    Args:
        listeners: makes its lines, which look whether it is cancelled.

    Attributes:
        entered: when the host entered the call that scans.
        news: set when it is cancelled or has ended.
        left: its caller does not wait any more.
        released: set when the scanner may serve another scan.
    """

    def __init__(self, entered: int, listeners: Callable[[Callable[[], bool]], Listeners]) -> None:
        self.entered = entered
        self.listeners = listeners(lambda: self.cancelled)
        self.news = threading.Event()
        self.released = threading.Event()
        self.cancelled = self.ended = self.left = False
        self.thread: threading.Thread | None = None
        self.code: str | None = None
        self.error: BaseException | None = None

    def cancel(self) -> None:
        """End it without a code. Any thread."""
        self.cancelled = True
        self.news.set()

    def pause(self, seconds: float) -> None:
        """Wait before it has the scanner.

        Raises:
            DeviceUnavailable: CANCELLED, at once.
        """
        self.news.wait(seconds)
        if self.cancelled:
            raise scan_cancelled(self.listeners.title)
