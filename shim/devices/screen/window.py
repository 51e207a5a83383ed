"""The extension screen as its painter sees it: a rectangle of dots that is there, or not. Not what is painted.

The window lives in a process of its own (screen_helper.py), which is started, asked every second whether it is alive,
and replaced when it is not: a window that hangs would hold up every program that broadcasts a message, hidden or not.
L2; the process is screen_process.py, the words are screen_words.py.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from shim.devices.helpers.job import ProcessJob
from shim.devices.screen import messages as words
from shim.devices.screen.process import HelperProcess
from shim.log import event

_START_SECONDS = 30.0  # until READY: a virus scanner may look at the program first
_LONGEST_PAUSE = 60.0  # between two starts of a helper that keeps failing
_SOUND_SECONDS = 60.0  # after which earlier failures are forgotten
_LONGEST_STEP = 0.5  # what the time between two calls of `care` counts for at most: the host may have slept


class ScreenWindow:
    """The helper process and its window. Used by one thread; no call waits for the helper, but `close` for 2 s.

    `launcher` is the whole command, with the word for the monitor at its end. `care` is to be called at least four
    times a second.
    """

    def __init__(
        self,
        launcher: Sequence[str],
        logger: logging.Logger,
        *,
        ping_seconds: float = 1.0,
        silent_seconds: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._launcher = list(launcher)
        self._logger = logger
        self._ping_seconds = ping_seconds
        self._silent_seconds = silent_seconds
        self._clock = clock
        self._job = ProcessJob()
        self._helper: HelperProcess | None = None
        self._dying: list[HelperProcess] = []
        self._told = ""
        self._size: tuple[int, int] | None = None
        self._epoch = 0
        self._visible = False
        # Of the present helper:
        self._alive = False
        self._turn = 0
        self._painted = False
        self._asked = False
        self._silence = 0.0
        # Moments of the clock:
        self._cared = clock()
        self._pinged = self._cared
        self._started = self._cared
        self._next_start = self._cared
        self._failures = 0

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the chosen monitor in dots; None while unknown and where there is none."""
        return self._size

    @property
    def epoch(self) -> int:
        """Rises whenever what was painted is gone: the next `paint` must then be the whole frame."""
        return self._epoch

    @property
    def ready(self) -> bool:
        """There is a monitor, and everything handed over so far is in the pipe: now something may be painted."""
        return self._size is not None and self._helper is not None and self._helper.idle

    def care(self) -> None:
        """Have a helper that lives: start, ask, hear, replace it."""
        now = self._clock()
        step = min(max(now - self._cared, 0.0), _LONGEST_STEP)
        self._cared = now
        self._dying = [helper for helper in self._dying if helper.exit_code is None]
        if self._helper is None:
            if now < self._next_start:
                return
            self._start(now)
        helper = self._helper
        if helper is None:
            return
        ended = helper.exit_code  # asked before its last words are heard
        for line in helper.lines():
            self._hear(line)
        if not helper.compressing:
            self._silence += step
        if ended is not None:
            self._lose(now, "ended", f"扩展屏辅助程序已退出（退出代码 {ended}），将自动重新启动", f"exit code {ended}")
        elif not self._alive:
            if self._silence > _START_SECONDS:
                self._lose(now, "", "", f"not ready after {_START_SECONDS} s")
        elif self._asked:
            if self._silence > self._silent_seconds:
                self._lose(now, "silent", "扩展屏辅助程序没有响应，已将其结束并重新启动", "silent")
        elif now - self._pinged >= self._ping_seconds:
            helper.hand(words.PING, self._turn)
            self._asked, self._silence, self._pinged = True, 0.0, now
        if self._failures and self._helper is not None and self._alive and now - self._started >= _SOUND_SECONDS:
            self._failures = 0

    def paint(self, x: int, y: int, width: int, height: int, bgrx: bytes) -> None:
        """Dots for one rectangle, four bytes each (blue, green, red, unused), top row first.

        Only while `ready`; without a monitor nothing happens. ValueError where the bytes are not those of the
        rectangle, or it has more dots than words.MOST_DOTS.
        """
        words.check_paint((x, y, width, height), bgrx)
        if self._helper is None or self._size is None:
            return
        self._helper.hand_paint(self._turn, (x, y, width, height), bgrx)
        if not self._painted:
            self._painted = True
            if self._visible:
                self._helper.hand(words.SHOW, self._turn)

    def show(self) -> None:
        """Visible from now on, as soon as something was painted, until `hide`; also in a helper that comes later."""
        if not self._visible and self._helper is not None and self._painted:
            self._helper.hand(words.SHOW, self._turn)
        self._visible = True

    def hide(self) -> None:
        """Not visible from now on."""
        if self._visible and self._helper is not None and self._painted:
            self._helper.hand(words.HIDE, self._turn)
        self._visible = False

    def close(self) -> None:
        """End the helper, within two seconds; never raises. Nothing may be called afterwards but `close`."""
        helper, self._helper = self._helper, None
        self._next_start = float("inf")
        self._size = None
        if helper is not None:
            helper.end()
        for dying in self._dying:
            dying.end()
        self._dying = []
        self._job.close()

    def _start(self, now: float) -> None:
        self._started, self._silence = now, 0.0
        self._alive = self._asked = self._painted = False
        self._turn = 0
        try:
            self._helper = HelperProcess(self._launcher)
        except (OSError, ValueError) as error:
            self._lose(now, "", "", str(error))
            return
        try:
            self._job.add(self._helper.process)
        except OSError as error:
            event(self._logger, logging.DEBUG, "screen helper outside the job", error=str(error))

    def _lose(self, now: float, what: str, text: str, reason: str) -> None:
        """The helper is of no use: end it, and start another one, later and later. One that never lived has no text."""
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.kill()
            self._dying.append(helper)
        self._size = None
        pause = 0.0 if not self._failures else min(2.0 ** (self._failures - 1), _LONGEST_PAUSE)
        self._failures = min(self._failures + 1, 16)
        self._next_start = now + pause
        if what and self._alive:
            self._tell(what, logging.WARNING, text)
            return
        self._tell(
            "start", logging.WARNING,
            "扩展屏辅助程序无法启动，扩展屏暂不显示：请检查 vcshim 文件夹是否完整、安全软件是否拦截 vcshim.exe；"
            "将自动重试",
            reason=reason,
        )  # fmt: skip

    def _hear(self, line: str) -> None:
        """One line of the helper; one that makes no sense counts for nothing."""
        word, _, rest = line.partition(" ")
        if word == words.READY:
            self._alive = True
        elif word == words.PONG:
            self._asked = False
        elif word == words.MONITOR:
            self._hear_monitor(rest)
        elif word == words.NONE:
            self._size = None
            count, _, names = rest.partition(" ")
            self._tell(
                f"none {rest}", logging.WARNING,
                "没有可用的扩展屏：请检查第二块显示器是否接好、系统是否设为“扩展这些显示器”（不能是“复制”），"
                "以及 vcshim.ini 中 [screen] monitor 是否写对；接好后会自动启用",
                monitors=count, names=names,
            )  # fmt: skip

    def _hear_monitor(self, rest: str) -> None:
        width, _, behind = rest.partition(" ")
        height, _, name = behind.partition(" ")
        if not (width.isdecimal() and height.isdecimal()):
            return
        self._turn += 1
        self._epoch += 1
        self._size = (int(width), int(height))
        self._painted = False
        self._tell(f"monitor {rest}", logging.INFO, "扩展屏已就绪", name=name, width=width, height=height)

    def _tell(self, what: str, level: int, text: str, **facts: object) -> None:
        """Once until something else is to be told."""
        if what != self._told:
            self._told = what
            event(self._logger, level, text, **facts)
