"""The extension screen as the service knows it: calls put a word on the board and go; a thread of its own shows it.

The thread starts with the first Set_QRflow_Mode(1) and lives as long as the process, which it never keeps from ending.
Drawing and importing what draws are its business alone. L2; a Display does the showing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from shim.call_activity import CallActivity, yielding_often
from shim.devices.screen.base import Display, Screen
from shim.devices.screen.state import Board
from shim.spec.rows import Step

TICK = 0.25  # seconds; a display is cared for that often
_AFTER_A_BUG = (5.0, 60.0)  # seconds, and at most so many after further ones
_PATIENCE = 0.1  # seconds that this thread waits for calls to end before it draws


class DrivenScreen(Screen):
    """`open_display` makes the display, in the thread that will use it: it may take a second and may import much."""

    def __init__(
        self,
        board: Board,
        open_display: Callable[[], Display],
        activity: CallActivity,
        logger: logging.Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._board = board
        self._activity = activity
        self._open_display = open_display
        self._logger = logger
        self._clock = clock
        self._news = threading.Condition()
        self._told = False  # something happened since the thread last looked
        self._thread: threading.Thread | None = None

    def set_visible(self, visible: bool) -> None:
        with self._news:
            self._board.set_visible(visible)
            self._hurry()
            if visible and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="vcshim-screen", daemon=True)
                self._thread.start()

    def tell(self, step: Step, number: str, text: str) -> None:
        with self._news:
            now = self._clock()
            before = self._board.shown(now)
            self._board.tell(step, number, text, now)
            if self._board.shown(now) != before:  # else the thread would only get into the way of this call
                self._hurry()

    def _hurry(self) -> None:
        self._told = True
        self._news.notify()

    def _run(self) -> None:
        display: Display | None = None
        pause = _AFTER_A_BUG[0]
        while True:
            try:
                self._activity.wait_idle(_PATIENCE)
                with yielding_often():
                    display = display or self._open_display()
                    with self._news:
                        self._told = False
                        shown = self._board.shown(self._clock())
                    display.refresh(shown)
                self._wait()
            except Exception:
                # A bug of ours must not leave a patient's code standing on a screen that nobody moves any more.
                text = "扩展屏内部错误，已收起，稍后重试；请把本日志发给软件供应商"
                self._logger.error(text, exc_info=True, extra={"facts": {}})
                if display is not None:
                    display.close()
                    display = None
                time.sleep(pause)
                pause = min(pause * 2, _AFTER_A_BUG[1])

    def _wait(self) -> None:
        """Until there is news, the board changes by itself, or the display wants to be cared for."""
        with self._news:
            left = self._board.next_change(self._clock())
            if not self._told:
                self._news.wait(TICK if left is None else max(0.01, min(TICK, left)))
