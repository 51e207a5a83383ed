"""What one scan does with its lines: open, discard, trigger, wait for a code, stop. All in the thread of that scan.

Here are the deadline, the silence that a line must have kept before its scanner is started, the light that is on only
while a scan waits, and the reaction to a scanner that is pulled out and put back. Not here: who asked for the scan, and
how it is ended from outside (driver.py); the bytes of a make (triggers.py); where a code ends (framing.py); what is a
code (shim/dialects/scanned.py); how a port is opened (one back end a file).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields

from shim.bilingual import NOTHING, Bilingual
from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import HANDOVER_SECONDS
from shim.devices.lines.reconnect import Reconnector
from shim.devices.scanner.diagnosis import diagnose
from shim.devices.scanner.endpoints import Endpoint, EndpointSource
from shim.devices.scanner.framing import Framer, Framing, LineStatistics
from shim.dialects import scanned
from shim.log import event, exception
from shim.messages import scanner as rows

POLL_SECONDS = 0.006  # between two looks at a silent line
POLL_SECONDS_IN_CODE = 0.001  # while a code is coming in
RECONNECT_SECONDS = 0.2  # between two attempts to open a lost line again
QUIET_SECONDS = 0.15  # of [scanner] quiet_ms by default
NOISY_SECONDS = 5.0  # how long a line may go on sending before the scan; 4 KB take 4.3 s at 9600 baud
FOREIGN_SECONDS = 0.5  # from a text that is no code to the next start command: the scanner has switched its light off
_DISCARDED = Bilingual("扫码前收到的数据已丢弃", "what came before the scan is discarded")
_NOT_A_CODE = Bilingual(
    "收到的不是医保码或多码融合码，已丢弃", "neither an insurance code nor a health code, discarded"
)
_SECOND_HALF = Bilingual("扫码之前就开始发送的码，只收到后一半", "the end of a code that began before the scan")
_NOT_STOPPED = Bilingual("扫码枪的停止指令未能发出", "the command to stop could not be sent")
_LOST = Bilingual("扫码枪已断开，等待重新接上", "lost; waiting for it to come back")
_NOT_CLOSED = Bilingual("扫码枪未能关闭", "the scanner could not be closed")
_BACK = Bilingual("扫码枪已重新接上", "back again")
_READS_AT_ONCE = 64  # of what is discarded, between two looks at the clock
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class ScanRules:
    """What holds for every scan of a scanner.

    Attributes:
        timeout: how long a scan waits for a code, in seconds, from its first start command on.
        repeat_seconds: after how many seconds of waiting the start command is repeated; 0 for never.
        quiet_seconds: how long a line must have been silent before the start command.
        marked: the titles of the lines that are known to end their codes with a mark.
        clock, sleep: those of the time module, or their stand-ins.
    """

    framing: Framing
    timeout: float
    repeat_seconds: float = 0.0
    quiet_seconds: float = QUIET_SECONDS
    marked: set[str] = field(default_factory=set)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def longest(self) -> float:
        """How long a scan takes at most: that, and the silence before it."""
        return self.timeout + self.quiet_seconds + HANDOVER_SECONDS


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
        """Open the lines, start each scanner once its line is silent, and wait for the first code.

        Raises:
            DeviceUnavailable: as `Scanner.scan` says.
        """
        deadline = self._rules.clock() + self._rules.timeout
        self._open_all(deadline)
        return self._wait(deadline)

    def stop(self) -> None:
        """Switch the lights off and close the lines. Never raises."""
        for listener in self._open:
            self._use(listener)
            try:
                listener.stop()
            except BaseException:  # the others are closed all the same
                exception(self._logger, _NOT_CLOSED)

    def _open_all(self, deadline: float) -> None:
        """Open every endpoint that can be opened."""
        refusals: list[DeviceUnavailable] = []
        self.opening = True  # looking for one is the system's business, too
        try:
            endpoints = self._source.candidates()
        finally:
            self.opening = False
        for endpoint in endpoints:
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
        has_begun = False
        while True:
            if self._cancelled():
                raise scan_cancelled(self._open[0].title)
            now = self._rules.clock()
            for listener in self._open:
                self._use(listener)
                code = listener.poll(now, deadline)
                if code is not None:
                    self._source.answered(listener.endpoint)
                    return code
            if not has_begun and any(listener.has_begun for listener in self._open):
                has_begun = True  # the patient has not waited for the silence
                deadline = min(now + self._rules.timeout, deadline + self._rules.longest - self._rules.timeout)
            is_over = now >= deadline and not any(listener.is_settling(now) for listener in self._open)
            if is_over or all(listener.is_noisy(now) for listener in self._open):
                raise self._no_code(self._open)
            in_code = any(listener.in_code for listener in self._open)
            self._rules.sleep(POLL_SECONDS_IN_CODE if in_code else POLL_SECONDS)

    def _no_code(self, listeners: Sequence[Listener]) -> DeviceUnavailable:
        """What to raise when the deadline has passed: every line is lost, or nothing was read."""
        seconds = f"{self._rules.timeout:g}"
        connected = [listener for listener in listeners if listener.is_open]
        if not connected:
            return DeviceUnavailable(rows.LOST, title=listeners[0].title, seconds=seconds)
        started = [listener for listener in connected if listener.has_begun]
        listener = max(started or connected, key=lambda listener: listener.statistics.received)
        facts = listener.facts
        event(self._logger, logging.INFO, Bilingual("扫码超时", "no code in time"), device=listener.title, **facts)
        if not started and listener.discarded:
            quiet = round(self._rules.quiet_seconds * 1000)
            return DeviceUnavailable(
                rows.NEVER_SILENT, title=listener.title, received=listener.discarded, quiet=quiet
            )  # fmt: skip
        if facts["waiting"]:
            self._rules.marked.discard(listener.title)  # it was set up anew, or another scanner is there
        framing, trigger = self._rules.framing, listener.endpoint.trigger
        return DeviceUnavailable(
            diagnose(listener.statistics, trigger, framing), title=listener.title, seconds=seconds, **facts,
            problem=listener.problem, make=trigger.make, ending=framing.ending.value,
        )  # fmt: skip


def scan_cancelled(title: str) -> DeviceUnavailable:
    """The exception of a scan that another thread ended."""
    return DeviceUnavailable(rows.CANCELLED, title=title)


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
        self._silent_since = 0.0
        self._opened_at = 0.0
        self._head = b""  # of a code that was discarded and had not ended when the scanner was started
        self._repeat_at = 0.0
        self._again_at = float("inf")  # after a text that is no code
        self._started = False  # the start command was sent, so the stop command is due
        self._gave_up = 0
        self.has_begun = False
        """Whether what comes now is of this scan."""
        self.discarded = 0
        """Bytes that came before that."""
        self.problem = NOTHING
        """What is wrong with the last text that was no code."""

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
        """Open the line, from which all is discarded until it is silent."""
        self._connection.open(limit)
        self._opened_at = self._silent_since = self._rules.clock()
        self.has_begun, self._head = False, b""

    def is_settling(self, now: float) -> bool:
        """Whether the line was opened just now, and its silence is still being waited for."""
        quiet = self._rules.longest - self._rules.timeout
        return self.is_open and not self.has_begun and now - self._opened_at <= quiet

    def is_noisy(self, now: float) -> bool:
        """Whether the line has been sending since it was opened, and for so long that it is not going to stop."""
        return self.is_open and not self.has_begun and now - self._opened_at >= NOISY_SECONDS

    def poll(self, now: float, deadline: float) -> str | None:
        """Look at the line once, or look for a lost one; a code if there is one."""
        if not self.is_open:
            if now < deadline and self._connection.ready(now):
                self._reconnect(now, deadline)
            return None
        try:
            if not self.has_begun:
                self._discard(now)
                return None
            data = self._line.read()
            text = self._framer.feed(data, now) if data else self._framer.idle(now)
            while text is not None:
                code = self._code(text, now)
                if code is not None:
                    return code
                text = self._framer.feed(b"", now)
            if self._must_start_again(now):
                self._start(now)
        except OSError as error:
            self._lose(now, error)
        return None

    def _discard(self, now: float) -> None:
        """Drop what was not sent for this scan: what the scanner, a serial server or the system had kept, and what is
        still on its way. Start the scanner once the line has been silent.

        NB: `now` is a time before the look that found nothing.
        """
        if self._line.handover is not None:
            for _ in range(_READS_AT_ONCE):
                data = self._line.read()
                if not data:
                    break
                self.discarded += len(data)
                self._head = _unended(self._head + data)
                self._silent_since = self._rules.clock()
            if now - max(self._silent_since, self._opened_at + self._line.handover) < self._rules.quiet_seconds:
                return
        self._line.discard()
        if self.discarded:
            facts = {"device": self.title, "bytes": self.discarded}
            event(self._logger, logging.INFO, _DISCARDED, **facts)
        self.has_begun = True
        self._start(now)

    def _code(self, text: str, now: float) -> str | None:
        """The code that a text is; None if it is none, or the rest of one that began before this scan."""
        code = scanned.tidy(text)
        if self._line.handover is None:  # nothing comes that was not asked for: whatever form it has is meant
            return code
        head, self._head = self._head.decode("ascii", "ignore"), b""
        self.problem = scanned.problem(code, ended_by_pause=self._framer.ended_by_pause)
        if not self.problem and head and (
            not scanned.is_usual(code) or scanned.is_code(scanned.tidy(head + text))
        ):  # fmt: skip
            self.problem = _SECOND_HALF
        if self._framer.marked:
            self._rules.marked.add(self.title)
        if not self.problem:
            return code
        self.statistics.foreign += 1
        self._again_at = now + FOREIGN_SECONDS
        facts = {"device": self.title, "length": len(code), "problem": self.problem}
        event(self._logger, logging.WARNING, _NOT_A_CODE, **facts)
        return None

    def stop(self) -> None:
        """Send the stop command and close the line. Never raises."""
        if self.is_open and self._started and self._trigger.stop:
            try:
                self._line.write(self._trigger.stop)
            except OSError as error:
                facts = {"device": self.title, "error": str(error)[:200]}
                event(self._logger, logging.WARNING, _NOT_STOPPED, **facts)
        self._connection.close()

    def _start(self, now: float) -> None:
        self._started = True
        self._again_at = float("inf")
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
        if now >= self._again_at:
            return True
        return self._rules.repeat_seconds > 0 and now >= self._repeat_at

    def _lose(self, now: float, error: OSError) -> None:
        if self._connection.lose(now):
            facts = {"device": self.title, "error": str(error)[:200]}
            event(self._logger, logging.WARNING, _LOST, **facts)
        self._framer = self._new_framer()
        self.has_begun = False

    def _reconnect(self, now: float, deadline: float) -> None:
        try:
            self.open(max(min(deadline - now, 1.0), 0.1))
        except DeviceUnavailable:
            self._connection.lose(now)  # the next attempt, or the deadline, will report it
            return
        self._connection.confirm()
        event(self._logger, logging.INFO, _BACK, device=self.title)

    def _new_framer(self) -> Framer:
        marked = self._line.framed or self.title in self._rules.marked
        return Framer(self._rules.framing, self._trigger.replies, self.statistics, marked)


def _unended(data: bytes) -> bytes:
    """The end of `data` that no mark has ended."""
    return data[max(data.rfind(b"\r"), data.rfind(b"\n")) + 1 :][-_HEAD_BYTES:]
