"""What one scan does with its lines: open, trigger, wait for a code, stop. Every step in the thread of that scan.

Here are the deadline, the light that is on only while a scan waits, and the reaction to a scanner that is pulled out
and put back. Not here: who asked for the scan, and how it is ended from outside (driver.py); the bytes of a make
(triggers.py); where a code ends (framing.py); how a port is opened (one back end a file).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from shim.devices.base import DeviceUnavailable
from shim.devices.lines.reconnect import Reconnector
from shim.devices.scanner.diagnosis import guess
from shim.devices.scanner.endpoints import Endpoint, EndpointSource
from shim.devices.scanner.framing import Framer, Framing, LineStatistics
from shim.errors import Reason, Unavailable
from shim.log import event, exception

POLL_SECONDS = 0.006  # between two looks at a silent line
POLL_SECONDS_IN_CODE = 0.001  # while a code is coming in
RECONNECT_SECONDS = 0.2  # between two attempts to open a lost line again


@dataclass(frozen=True, slots=True)
class ScanRules:
    """What holds for every scan of a scanner.

    Attributes:
        timeout: how long a scan waits for a code, in seconds.
        repeat_seconds: after how many seconds of waiting the start command is repeated; 0 for never.
        clock, sleep: those of the time module, or their stand-ins.
    """

    framing: Framing
    timeout: float
    repeat_seconds: float = 0.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Listeners:
    """The lines of one scan. `read` a code, then `stop`, in one thread; another thread may look at the rest.

    Args:
        cancelled: whether the scan is to end without a code.
    """

    def __init__(
        self, source: EndpointSource, rules: ScanRules, cancelled: Callable[[], bool], logger: logging.Logger
    ) -> None:
        self._source = source
        self._rules = rules
        self._cancelled = cancelled
        self._logger = logger
        self._open: list[Listener] = []
        self.title = source.title
        """The line that is in use, in the words of the clerk."""
        self.opening = False
        """Whether the system has been asked to open that line and has not answered yet."""

    @property
    def statistics(self) -> tuple[LineStatistics, ...]:
        """What came over each line that was opened."""
        return tuple(listener.statistics for listener in self._open)

    def read(self) -> str:
        """Open the lines, start the scanners and wait for the first code.

        Raises:
            DeviceUnavailable: as `Scanner.scan` says.
        """
        deadline = self._rules.clock() + self._rules.timeout
        self._open_all(deadline)
        for listener in self._open:
            if not self._cancelled():
                self._use(listener)
                listener.begin(self._rules.clock())
        return self._wait(deadline)

    def stop(self) -> None:
        """Switch the lights off and close the lines. Never raises."""
        for listener in self._open:
            self._use(listener)
            try:
                listener.stop()
            except BaseException:  # the others are closed all the same
                exception(self._logger, "扫码枪未能关闭")

    def _open_all(self, deadline: float) -> None:
        """Open every endpoint that can be opened."""
        refusals: list[DeviceUnavailable] = []
        for endpoint in self._source.candidates():
            listener = Listener(endpoint, self._rules, self._logger)
            self._use(listener)
            self.opening = True
            try:
                listener.open(max(deadline - self._rules.clock(), 0.1))
            except DeviceUnavailable as error:
                refusals.append(error)
            else:
                self._open.append(listener)
            self.opening = False
            if self._cancelled():
                raise scan_cancelled(self.title)
        if not self._open:
            raise refusals[0]

    def _use(self, listener: Listener) -> None:
        self.title = listener.title

    def _wait(self, deadline: float) -> str:
        while True:
            if self._cancelled():
                raise scan_cancelled(self._open[0].title)
            now = self._rules.clock()
            for listener in self._open:
                code = listener.poll(now, deadline)
                if code is not None:
                    self._source.answered(listener.endpoint)
                    return code
            if now >= deadline:
                raise self._no_code(self._open)
            in_code = any(listener.in_code for listener in self._open)
            self._rules.sleep(POLL_SECONDS_IN_CODE if in_code else POLL_SECONDS)

    def _no_code(self, listeners: Sequence[Listener]) -> DeviceUnavailable:
        """What to raise when the deadline has passed: every line is lost, or nothing was read."""
        timeout = self._rules.timeout
        connected = [listener for listener in listeners if listener.is_open]
        if not connected:
            advice = f"{timeout:g} 秒内没有重新接上，请检查接线和供电，插好后重新扫码"
            return DeviceUnavailable(listeners[0].title, Unavailable.LOST, advice)
        listener = max(connected, key=lambda listener: listener.statistics.received)
        advice = guess(listener.statistics, listener.endpoint.trigger, self._rules.framing)
        event(self._logger, logging.INFO, "扫码超时", device=listener.title, **listener.facts)
        return scan_timed_out(listener.title, timeout, advice)


def scan_cancelled(title: str) -> DeviceUnavailable:
    """The exception of a scan that another thread ended."""
    return DeviceUnavailable(title, Unavailable.CANCELLED, "没有读取二维码，需要时请重新扫码", Reason.SCAN_CANCELLED)


def scan_timed_out(title: str, seconds: float, advice: str) -> DeviceUnavailable:
    """The exception of a scan whose time ran out."""
    text = f"{seconds:g} 秒内没有读到二维码：{advice}"
    return DeviceUnavailable(title, Unavailable.TIMED_OUT, text, Reason.SCAN_TIMED_OUT)


class Listener:
    """One endpoint during one scan: its line while it is there, and what came over it. Used by one thread."""

    def __init__(self, endpoint: Endpoint, rules: ScanRules, logger: logging.Logger) -> None:
        self.endpoint = endpoint
        self.title = endpoint.line.title
        self.statistics = LineStatistics()
        self._line = endpoint.line
        self._trigger = endpoint.trigger
        self._connection = Reconnector(endpoint.line, RECONNECT_SECONDS)
        self._rules = rules
        self._framer = self._new_framer()
        self._logger = logger
        self._repeat_at = 0.0
        self._started = False  # the start command was sent, so the stop command is due
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
        if self.is_open and self._started and self._trigger.stop:
            try:
                self._line.write(self._trigger.stop)
            except OSError as error:
                facts = {"device": self.title, "error": str(error)[:200]}
                event(self._logger, logging.WARNING, "扫码枪熄灯指令未能送出", **facts)
        self._connection.close()

    def _start(self, now: float) -> None:
        self._started = True
        if self._trigger.wake:
            self._line.write(self._trigger.wake)
            self._rules.sleep(self._trigger.wake_delay)
        if self._trigger.start:
            self._line.write(self._trigger.start)
        self._repeat_at = now + self._rules.repeat_seconds

    def _must_start_again(self, now: float) -> bool:
        """Whether the scanner has given up by itself, or the settings want the start command repeated now."""
        if self.statistics.gave_up > self._gave_up:
            self._gave_up = self.statistics.gave_up
            return True
        return self._rules.repeat_seconds > 0 and now >= self._repeat_at

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
        return Framer(self._rules.framing, self._trigger.replies, self.statistics)
