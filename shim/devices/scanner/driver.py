"""One scan from beginning to end, the same for every back end: lock, open, trigger, wait, stop.

Here are the deadline, the light that is on only while a scan waits, the reaction to a scanner that is pulled out and
put back, and the end that another thread asks for. Not here: the bytes of a make (triggers.py), where a code ends
(framing.py), how a port is opened (one back end a file).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, fields

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.lines.reconnect import Reconnector
from shim.devices.scanner.base import Scanner
from shim.devices.scanner.diagnosis import guess
from shim.devices.scanner.endpoints import Endpoint, EndpointSource
from shim.devices.scanner.framing import Framer, Framing, LineStatistics
from shim.devices.scanner.lock import ScanLock
from shim.errors import Reason
from shim.log import event, exception

POLL_SECONDS = 0.006  # between two looks at a silent line
POLL_SECONDS_IN_CODE = 0.001  # while a code is coming in
RECONNECT_SECONDS = 0.2  # between two attempts to open a lost line again
STOP_DELAY = 0.03  # seconds from a code to the stop command: by then the request is on its way
_STOP_LIMIT = 3.0


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
        self._framing = framing
        self._timeout = timeout
        self._logger = logger
        self._repeat_seconds = repeat_seconds
        self._clock = clock
        self._sleep = sleep
        self._state = threading.Lock()  # guards the next three
        self._cancelled: threading.Event | None = None  # of the scan that is running
        self._stopper: threading.Thread | None = None  # of the last scan
        self._stopping = False  # that one has not released the lock yet
        self.statistics: tuple[LineStatistics, ...] = ()
        """What came over each line that the last scan opened."""

    def scan(self) -> str:
        self.settle()
        stopper: threading.Thread | None = None
        self._scan_lock.acquire()
        try:
            cancelled = threading.Event()
            with self._state:
                self._cancelled = cancelled
            listeners: list[_Listener] = []
            outcome = _Outcome(threading.Event())
            # NB: started before the code arrives: making a thread costs more than a millisecond.
            stopper = threading.Thread(
                target=self._stop, args=(listeners, outcome), name="vcshim-scanner-stop", daemon=True
            )
            stopper.start()
        except BaseException:
            if stopper is None or stopper.ident is None:
                self._release()
            else:
                outcome.ended.set()
            raise
        try:
            with self._state:
                self._stopper, self._stopping = stopper, True
            deadline = self._clock() + self._timeout
            self._open(listeners, deadline)
            outcome.code = self._wait(listeners, deadline, cancelled)
        finally:
            outcome.ended.set()
            if outcome.code is None:
                stopper.join(_STOP_LIMIT)
            if self._stopping and not stopper.is_alive():  # it died: no memory, or a bug
                self._stop(listeners, outcome)
        return outcome.code

    def cancel(self) -> bool:
        with self._state:
            if self._cancelled is None:
                return False
            self._cancelled.set()
            return True

    def settle(self) -> None:
        with self._state:
            stopper = self._stopper
        if stopper is not None:
            stopper.join(_STOP_LIMIT)
            with self._state:
                died = self._stopping and stopper is self._stopper and not stopper.is_alive()
            if died:  # without releasing the lock
                self._release()

    def _open(self, listeners: list[_Listener], deadline: float) -> None:
        """Open every endpoint that can be opened, then start them all. Adds to `listeners`."""
        refusals: list[DeviceUnavailable] = []
        for endpoint in self._source.candidates():
            listener = _Listener(endpoint, self._framing, self._repeat_seconds, self._logger, self._sleep)
            try:
                listener.open(max(deadline - self._clock(), 0.1))
            except DeviceUnavailable as error:
                refusals.append(error)
                continue
            listeners.append(listener)
        self.statistics = tuple(listener.statistics for listener in listeners)
        if not listeners:
            raise refusals[0]
        for listener in listeners:
            listener.begin(self._clock())

    def _wait(self, listeners: list[_Listener], deadline: float, cancelled: threading.Event) -> str:
        while True:
            if cancelled.is_set():
                raise DeviceUnavailable(
                    listeners[0].title, Unavailable.CANCELLED, "没有读取二维码，需要时请重新扫码", Reason.SCAN_CANCELLED
                )
            now = self._clock()
            for listener in listeners:
                code = listener.poll(now, deadline)
                if code is not None:
                    self._source.answered(listener.endpoint)
                    return code
            if now >= deadline:
                raise self._no_code(listeners)
            in_code = any(listener.in_code for listener in listeners)
            self._sleep(POLL_SECONDS_IN_CODE if in_code else POLL_SECONDS)

    def _no_code(self, listeners: list[_Listener]) -> DeviceUnavailable:
        """What to raise when the deadline has passed: every line is lost, or nothing was read."""
        connected = [listener for listener in listeners if listener.is_open]
        if not connected:
            return DeviceUnavailable(
                listeners[0].title,
                Unavailable.LOST,
                f"{self._timeout:g} 秒内没有重新接上，请检查接线和供电，插好后重新扫码",
            )
        listener = max(connected, key=lambda listener: listener.statistics.received)
        advice = guess(listener.statistics, listener.endpoint.trigger, self._framing)
        event(self._logger, logging.INFO, "扫码超时", device=listener.title, **listener.facts)
        return DeviceUnavailable(
            listener.title,
            Unavailable.TIMED_OUT,
            f"{self._timeout:g} 秒内没有读到二维码：{advice}",
            Reason.SCAN_TIMED_OUT,
        )

    def _stop(self, listeners: list[_Listener], outcome: _Outcome) -> None:
        """When the scan has ended: switch the light off, close the lines, release the lock.

        After a code this happens in the background: on a slow line the stop command would delay the request.
        """
        outcome.ended.wait()
        try:
            if outcome.code is not None:
                self._sleep(STOP_DELAY)
            for listener in listeners:
                try:
                    listener.stop()
                except BaseException:  # the others are closed all the same
                    exception(self._logger, "扫码枪未能关闭")
        finally:
            self._release()

    def _release(self) -> None:
        with self._state:
            self._cancelled = None
        self._scan_lock.release()
        self._stopping = False


@dataclass(slots=True)
class _Outcome:
    """How a scan ended, once `ended` is set: with a code or without."""

    ended: threading.Event
    code: str | None = None


class _Listener:
    """One endpoint during one scan: its line while it is there, and what came over it."""

    def __init__(
        self,
        endpoint: Endpoint,
        framing: Framing,
        repeat_seconds: float,
        logger: logging.Logger,
        sleep: Callable[[float], None],
    ) -> None:
        self.endpoint = endpoint
        self.title = endpoint.line.title
        self.statistics = LineStatistics()
        self._line = endpoint.line
        self._trigger = endpoint.trigger
        self._connection = Reconnector(endpoint.line, RECONNECT_SECONDS)
        self._framing = framing
        self._framer = self._new_framer()
        self._repeat_seconds = repeat_seconds
        self._logger = logger
        self._sleep = sleep
        self._repeat_at = 0.0
        self._gave_up = 0

    @property
    def is_open(self) -> bool:
        """Whether the scanner is there."""
        return self._connection.is_open

    @property
    def in_code(self) -> bool:
        """Whether a code has begun and not ended."""
        return self._framer.pending

    @property
    def facts(self) -> dict[str, int]:
        """The statistics for the log."""
        return {each.name: getattr(self.statistics, each.name) for each in fields(self.statistics)}

    def open(self, limit: float) -> None:
        self._connection.open(limit)

    def begin(self, now: float) -> None:
        """Discard what came before the scan, then send the start command."""
        try:
            self._line.discard()
            self._start(now)
        except OSError as error:
            self._lose(now, error)

    def poll(self, now: float, deadline: float) -> str | None:
        """Look at the line once, or look for a lost one; a code if there is one."""
        if not self.is_open:
            if now < deadline and self._connection.ready(now):
                self._reconnect(now, deadline)
            return None
        try:
            data = self._line.read()
            code = self._framer.feed(data, now) if data else self._framer.idle(now)
            if code is None and self._must_start_again(now):
                self._start(now)
        except OSError as error:
            self._lose(now, error)
            return None
        return code

    def stop(self) -> None:
        """Send the stop command and close the line. Never raises."""
        if self.is_open and self._trigger.stop:
            try:
                self._line.write(self._trigger.stop)
            except OSError as error:
                facts = {"device": self.title, "error": str(error)[:200]}
                event(self._logger, logging.WARNING, "扫码枪熄灯指令未能送出", **facts)
        self._connection.close()

    def _start(self, now: float) -> None:
        if self._trigger.wake:
            self._line.write(self._trigger.wake)
            self._sleep(self._trigger.wake_delay)
        if self._trigger.start:
            self._line.write(self._trigger.start)
        self._repeat_at = now + self._repeat_seconds

    def _must_start_again(self, now: float) -> bool:
        """Whether the scanner has given up by itself, or the settings want the start command repeated now."""
        if self.statistics.gave_up > self._gave_up:
            self._gave_up = self.statistics.gave_up
            return True
        return self._repeat_seconds > 0 and now >= self._repeat_at

    def _lose(self, now: float, error: OSError) -> None:
        if self._connection.lose(now):
            facts = {"device": self.title, "error": str(error)[:200]}
            event(self._logger, logging.WARNING, "扫码枪已断开，等待重新接上", **facts)
        self._framer = self._new_framer()

    def _reconnect(self, now: float, deadline: float) -> None:
        try:
            self._connection.open(max(min(deadline - now, 1.0), 0.1))
        except DeviceUnavailable:
            self._connection.lose(now)  # the next attempt, or the deadline, will report it
            return
        self._connection.confirm()
        event(self._logger, logging.INFO, "扫码枪已重新接上", device=self.title)
        self.begin(now)

    def _new_framer(self) -> Framer:
        return Framer(self._framing, self._trigger.replies, self.statistics)
