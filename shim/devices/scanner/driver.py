"""One scan from beginning to end, the same for every back end: queue, open, wake, wait, put to rest.

The rules of base.py are kept here: the deadline, the light that is on only while somebody waits, a device that is
pulled out and put back, an end that another thread asks for. Not here: bytes of a make (triggers.py), where a code
ends (framing.py), how a port is opened (one file a back end). L2; wiring builds it.
"""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.lines.base import Line
from shim.devices.scanner.base import Scanner
from shim.devices.scanner.diagnosis import guess
from shim.devices.scanner.framing import Framer, Framing, Seen
from shim.devices.scanner.lock import Gate
from shim.devices.scanner.triggers import Trigger
from shim.errors import Reason
from shim.log import event

POLL = 0.006  # seconds between two looks at a silent line
POLL_CODE = 0.001  # while a code is coming in
REOPEN = 0.2  # between two attempts to find a lost device again
REST_LATER = 0.03  # so long a code's own business goes first: by then the request is on its way
_REST_LIMIT = 3.0


@dataclass(frozen=True, slots=True)
class Head:
    """A connection and the commands that its scanner obeys."""

    connection: Line
    trigger: Trigger


class Heads(ABC):
    """Which scanners one scan listens to."""

    @abstractmethod
    def take(self) -> Sequence[Head]:
        """Those to try now; DeviceUnavailable where there is none. The first code of any of them wins."""

    @abstractmethod
    def won(self, head: Head) -> None:
        """`head` gave a code."""


class OneHead(Heads):
    """The scanner that the settings name."""

    def __init__(self, head: Head) -> None:
        self._head = head

    def take(self) -> Sequence[Head]:
        return (self._head,)

    def won(self, head: Head) -> None:
        pass


class DrivenScanner(Scanner):
    """Scans with whatever `heads` gives. `again_seconds` repeats the start command while waiting; 0 does not."""

    def __init__(
        self,
        heads: Heads,
        gate: Gate,
        framing: Framing,
        timeout: float,
        logger: logging.Logger,
        *,
        again_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._heads = heads
        self._gate = gate
        self._framing = framing
        self._timeout = timeout
        self._logger = logger
        self._again = again_seconds
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._running: threading.Event | None = None
        self._resting: threading.Thread | None = None
        self.seen: tuple[Seen, ...] = ()

    def scan(self) -> str:
        self.settle()
        self._gate.enter()
        cancelled = threading.Event()
        with self._lock:
            self._running = cancelled
        lines: list[_Line] = []
        ended = _Ended(threading.Event())
        # NB: started now, while the patient looks for his phone: making a thread costs more than a millisecond.
        thread = threading.Thread(target=self._rest, args=(lines, ended), name="vcshim-scanner-rest", daemon=True)
        try:
            thread.start()
            with self._lock:
                self._resting = thread
        except BaseException:
            self._let_in()
            raise
        try:
            deadline = self._clock() + self._timeout
            self._open(lines, deadline)
            ended.code = self._wait(lines, deadline, cancelled)
        finally:
            ended.event.set()
            if ended.code is None:
                thread.join(_REST_LIMIT)
        return ended.code

    def cancel(self) -> bool:
        with self._lock:
            if self._running is None:
                return False
            self._running.set()
            return True

    def settle(self) -> None:
        with self._lock:
            resting = self._resting
        if resting is not None:
            resting.join(_REST_LIMIT)

    def _open(self, lines: list[_Line], deadline: float) -> None:
        refusals: list[DeviceUnavailable] = []
        heads = self._heads.take()
        for head in heads:
            line = _Line(head, self._framing, self._again, self._logger, self._sleep)
            try:
                line.open(max(deadline - self._clock(), 0.1))
            except DeviceUnavailable as error:
                refusals.append(error)
                continue
            lines.append(line)
        self.seen = tuple(line.seen for line in lines)
        if not lines:
            raise refusals[0]
        for line in lines:
            line.begin(self._clock())

    def _wait(self, lines: list[_Line], deadline: float, cancelled: threading.Event) -> str:
        while True:
            if cancelled.is_set():
                raise DeviceUnavailable(
                    lines[0].title, Unavailable.CANCELLED, "没有读取二维码，需要时请重新扫码", Reason.SCAN_CANCELLED
                )
            now = self._clock()
            for line in lines:
                code = line.step(now, deadline)
                if code is not None:
                    self._heads.won(line.head)
                    return code
            if now >= deadline:
                raise self._too_late(lines)
            self._sleep(POLL_CODE if any(line.pending for line in lines) else POLL)

    def _too_late(self, lines: list[_Line]) -> DeviceUnavailable:
        there = [line for line in lines if line.alive]
        if not there:
            return DeviceUnavailable(
                lines[0].title,
                Unavailable.LOST,
                f"{self._timeout:g} 秒内没有重新接上，请检查接线和供电，插好后重新扫码",
            )
        line = max(there, key=lambda line: line.seen.received)
        advice = guess(line.seen, line.head.trigger, self._framing)
        event(self._logger, logging.INFO, "扫码超时", device=line.title, **line.facts)
        return DeviceUnavailable(
            line.title,
            Unavailable.TIMED_OUT,
            f"{self._timeout:g} 秒内没有读到二维码：{advice}",
            Reason.SCAN_TIMED_OUT,
        )

    def _rest(self, lines: list[_Line], ended: _Ended) -> None:
        """When the scan has ended: put the light out, release the ports, let the next one in.

        After a code in the background: a slow line must not delay the request by the stop command.
        """
        ended.event.wait()
        try:
            if ended.code is not None:
                self._sleep(REST_LATER)
            for line in lines:
                line.rest()
        finally:
            self._let_in()

    def _let_in(self) -> None:
        with self._lock:
            self._running = None
        self._gate.leave()


@dataclass(slots=True)
class _Ended:
    """How a scan ended, once `event` is set: with a code or without."""

    event: threading.Event
    code: str | None = None


class _Line:
    """One head during one scan."""

    def __init__(
        self, head: Head, framing: Framing, again: float, logger: logging.Logger, sleep: Callable[[float], None]
    ) -> None:
        self.head = head
        self.title = head.connection.title
        self.alive = False
        self.seen = Seen()
        self._framing = framing
        self._framer = Framer(framing, head.trigger.replies, self.seen)
        self._again = again
        self._logger = logger
        self._sleep = sleep
        self._next = 0.0
        self._gave_up = 0

    @property
    def pending(self) -> bool:
        return self._framer.pending

    @property
    def facts(self) -> dict[str, int]:
        """The numbers of `seen`."""
        return {name: getattr(self.seen, name) for name in Seen.__slots__}

    def open(self, limit: float) -> None:
        self.head.connection.open(limit)
        self.alive = True

    def begin(self, now: float) -> None:
        """Forget what lies about, wake the scanner, switch the light on."""
        try:
            self.head.connection.discard()
            self._start(now)
        except OSError as error:
            self._lose(now, error)

    def step(self, now: float, deadline: float) -> str | None:
        """Look once; a code if there is one."""
        if not self.alive:
            if now >= self._next and now < deadline:
                self._find_again(now, deadline)
            return None
        try:
            data = self.head.connection.read()
            code = self._framer.feed(data, now) if data else self._framer.idle(now)
            if code is None and (self.seen.gave_up > self._gave_up or (self._again and now >= self._next)):
                self._gave_up = self.seen.gave_up
                self._start(now)
        except OSError as error:
            self._lose(now, error)
            return None
        return code

    def rest(self) -> None:
        if self.alive and self.head.trigger.stop:
            try:
                self.head.connection.write(self.head.trigger.stop)
            except OSError as error:
                event(
                    self._logger, logging.WARNING, "扫码枪熄灯指令未能送出", device=self.title, error=str(error)[:200]
                )
        self.alive = False
        self.head.connection.close()

    def _start(self, now: float) -> None:
        trigger = self.head.trigger
        if trigger.wake:
            self.head.connection.write(trigger.wake)
            self._sleep(trigger.wake_seconds)
        if trigger.start:
            self.head.connection.write(trigger.start)
        self._next = now + self._again

    def _lose(self, now: float, error: OSError) -> None:
        event(self._logger, logging.WARNING, "扫码枪已断开，等待重新接上", device=self.title, error=str(error)[:200])
        self.alive = False
        self.head.connection.close()
        self._framer = Framer(self._framing, self.head.trigger.replies, self.seen)
        self._next = now + REOPEN

    def _find_again(self, now: float, deadline: float) -> None:
        self._next = now + REOPEN
        try:
            self.open(max(min(deadline - now, 1.0), 0.1))
        except DeviceUnavailable:
            return  # the next attempt, or the deadline, will say so
        event(self._logger, logging.INFO, "扫码枪已重新接上", device=self.title)
        self.begin(now)
