"""Keeps the helper process of the extension screen running: starts it, pings its window, and replaces it if it fails.

A window that hangs, shown or hidden, holds up every program that broadcasts a message, so a helper that is silent for
two seconds is killed. What is sent to the helper besides PING is decided by window.py.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import Enum, unique

from shim.bilingual import Bilingual, filled
from shim.devices.helpers.job import ProcessJob
from shim.devices.screen import messages
from shim.devices.screen.backoff import BackOff
from shim.devices.screen.process import HelperProcess
from shim.devices.screen.status_log import StatusLog
from shim.errors import Message
from shim.log import event
from shim.messages import screen as rows

_START_SECONDS = 30.0  # until READY: a virus scanner may look at the program first
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # between two starts of a helper that keeps failing; the first has none
_STABLE_SECONDS = 60.0  # a helper that ran that long resets the back-off
_LONGEST_STEP = 0.5  # the most that one poll adds to the silence: the PC may have been asleep


@unique
class HelperState(Enum):
    """What the watchdog is waiting for::

    STOPPED --pause over--> STARTING --READY--> READY --ping due--> PINGED --PONG--> READY
    STARTING, READY, PINGED --process ended--> STOPPED
    STARTING, PINGED --silent for too long, killed--> STOPPED
    any but CLOSED --rest--> STOPPED, the pause over
    any --close--> CLOSED
    """

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    PINGED = "pinged"
    CLOSED = "closed"


class HelperWatchdog:
    """One helper at a time, replaced with exponential back-off. Used by one thread.

    Args:
        launcher: the whole command of the helper.
        status: where failures are reported.
        on_ready: called by `poll` when a helper has become ready.
        on_line: called by `poll` for each of its lines but READY and PONG.
        ping_seconds: between two PINGs.
        silent_seconds: how long a PONG may take.
        clock: seconds.
    """

    def __init__(
        self,
        launcher: Sequence[str],
        logger: logging.Logger,
        status: StatusLog,
        on_ready: Callable[[], None],
        on_line: Callable[[str], None],
        ping_seconds: float,
        silent_seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._launcher = list(launcher)
        self._logger = logger
        self._status = status
        self._on_ready = on_ready
        self._on_line = on_line
        self._ping_seconds = ping_seconds
        self._silent_seconds = silent_seconds
        self._clock = clock
        self._job = ProcessJob()
        self._back_off = BackOff(_FIRST_PAUSE, _LONGEST_PAUSE, immediate=1)
        self._state = HelperState.STOPPED
        self._process: HelperProcess | None = None  # in STARTING, READY and PINGED
        self._ending: list[HelperProcess] = []  # killed, not yet gone
        self._silence = 0.0  # seconds in STARTING or PINGED that the helper is answerable for
        self._polled_at = self._pinged_at = self._started_at = self._start_at = clock()

    @property
    def state(self) -> HelperState:
        """What it is waiting for."""
        return self._state

    @property
    def helper(self) -> HelperProcess | None:
        """The helper that takes commands; None unless READY or PINGED."""
        return self._process if self._state in (HelperState.READY, HelperState.PINGED) else None

    def poll(self) -> None:
        """Start, hear, ping or replace the helper. To be called at least four times a second; never waits."""
        now = self._clock()
        elapsed = min(max(now - self._polled_at, 0.0), _LONGEST_STEP)
        self._polled_at = now
        self._ending = [process for process in self._ending if process.exit_code is None]
        if self._state is HelperState.STOPPED and now >= self._start_at:
            self._start(now)
        process = self._process
        if process is None:
            return
        exit_code = process.exit_code  # before the lines are read, so that none of them is lost
        for line in process.lines():
            self._receive(line)
        if not process.compressing:
            self._silence += elapsed
        if exit_code is not None:
            started = self._state is not HelperState.STARTING
            self._replace(now, rows.HELPER_ENDED if started else rows.HELPER_FAILED, code=exit_code)
        else:
            self._check_time(process, now)

    def rest(self) -> None:
        """End the helper, within two seconds; the next `poll` starts another one, or waits on. Never raises."""
        if self._process is not None:
            self._start_at = self._clock()
        self._end(HelperState.STOPPED)

    def close(self) -> None:
        """End the helper, within two seconds. Never raises; may be called again."""
        self._end(HelperState.CLOSED)

    def _end(self, state: HelperState) -> None:
        self._state = state
        process, self._process = self._process, None
        if process is not None:
            process.end()
        for ending in self._ending:
            ending.end()
        self._ending = []
        self._job.close()

    def _start(self, now: float) -> None:
        self._state = HelperState.STARTING
        self._started_at, self._silence = now, 0.0
        try:
            self._process = HelperProcess(self._launcher)
        except FileNotFoundError:
            self._replace(now, rows.HELPER_NOT_FOUND, program=self._launcher[0])
            return
        except PermissionError as error:
            self._replace(now, rows.HELPER_DENIED, program=self._launcher[0], error=_cause(error))
            return
        except (OSError, ValueError) as error:
            self._replace(now, rows.HELPER_NOT_STARTED, error=_cause(error))
            return
        try:
            self._job.add(self._process.process)
        except OSError as error:
            event(self._logger, logging.DEBUG, "screen helper outside the job", error=str(error))

    def _receive(self, line: str) -> None:
        """One line of the helper. Lines that come before READY, and unknown ones, are ignored."""
        if self._state is HelperState.STARTING:
            if line == messages.READY:
                self._state = HelperState.READY
                self._on_ready()
        elif line == messages.PONG:
            self._state = HelperState.READY
        else:
            self._on_line(line)

    def _check_time(self, process: HelperProcess, now: float) -> None:
        """Replace a silent helper, ping one that is due, and reset the back-off of one that is stable."""
        if self._state is HelperState.STARTING:
            if self._silence > _START_SECONDS:
                self._replace(now, rows.HELPER_SLOW, seconds=f"{_START_SECONDS:.0f}")
            return
        if self._state is HelperState.PINGED:
            if self._silence > self._silent_seconds:
                self._replace(now, rows.HELPER_SILENT)
                return
        elif now - self._pinged_at >= self._ping_seconds:
            process.send(messages.PING, 0)
            self._state = HelperState.PINGED
            self._silence, self._pinged_at = 0.0, now
        if now - self._started_at >= _STABLE_SECONDS:
            self._back_off.reset()

    def _replace(self, now: float, row: Message, **facts: object) -> None:
        """Kill an unresponsive or ended helper, report `row`, and schedule a restart with exponential back-off."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            self._ending.append(process)
        self._state = HelperState.STOPPED
        self._start_at = now + self._back_off.next_pause()
        self._status.report(row.key, logging.WARNING, row.told(**facts), **facts)


def _cause(error: OSError | ValueError) -> Bilingual:
    """What the system says, without the path of the program."""
    if isinstance(error, OSError) and error.strerror:
        number = getattr(error, "winerror", None) or error.errno
        facts = {"number": number, "words": error.strerror.rstrip("。.")}
        return filled("系统错误 {number}，{words}", "system error {number}, {words}", facts)
    return Bilingual(str(error), str(error))
