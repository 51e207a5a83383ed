"""The extension screen as the service knows it: a call updates the state and returns, a thread of the screen shows it.

The thread starts with Set_QRflow_Mode(1). Some seconds after Set_QRflow_Mode(0) it releases the device and ends, and
the host has nothing of it but memory. It never keeps the process alive. Only this thread imports what draws, draws, and
uses the `Display`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from shim.call_activity import CallActivity, yielding_often
from shim.devices.screen.backoff import BackOff
from shim.devices.screen.base import Display, Screen
from shim.devices.screen.state import ScreenState
from shim.log import event, exception
from shim.messages import screen as rows
from shim.spec.rows import Step

REFRESH_SECONDS = 0.25  # a display is refreshed at least that often
_RESTART_SECONDS = (5.0, 60.0)  # after an internal error: the first pause and the longest
_IDLE_SECONDS = 0.1  # how long the thread waits for calls to end before it draws
_UNUSED_SECONDS = 10.0  # after Set_QRflow_Mode(0): a host that switches to and fro for each patient finds it running


class DrivenScreen(Screen):
    """Shows what `state` decides, on the display that `open_display` makes.

    Args:
        state: owned by this screen from now on.
        open_display: called by the thread of the screen; it may take a second and import much.
        activity: the calls of the host, which go first.
        clock: seconds; for tests.
    """

    def __init__(
        self,
        state: ScreenState,
        open_display: Callable[[], Display],
        activity: CallActivity,
        logger: logging.Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state = state
        self._activity = activity
        self._open_display = open_display
        self._logger = logger
        self._clock = clock
        self._changed = threading.Condition()  # guards the state and the next four
        self._pending = False  # the state has changed since the thread last read it
        self._thread: threading.Thread | None = None
        self._problem: str | None = None
        self._off_since: float | None = None  # Set_QRflow_Mode(0)
        self._display: Display | None = None  # the thread's own; it knows what it has logged

    @property
    def problem(self) -> str | None:
        """Why the display does not show what the last call asked for; "" if it does, None if that is not known yet."""
        with self._changed:
            return None if self._pending else self._problem

    def set_visible(self, visible: bool) -> None:
        with self._changed:
            self._state.set_visible(visible)
            if visible:
                self._off_since = None
            elif self._off_since is None:
                self._off_since = self._clock()
            self._wake()
            if visible and (self._thread is None or not self._thread.is_alive()):  # there is none, or it died
                self._thread = threading.Thread(target=self._run, name="vcshim-screen", daemon=True)
                self._thread.start()

    def tell(self, step: Step, number: str, text: str, time_expire: str = "") -> None:
        with self._changed:
            now = self._clock()
            before = self._state.content(now)
            complete = self._state.tell(step, number, text, now, time_expire)
            if self._state.content(now) != before:  # else waking the thread would only slow this call down
                self._wake()
        if not complete:
            event(self._logger, logging.WARNING, rows.CODE_MISSING.told(), step=step.value)

    def _wake(self) -> None:
        self._pending = True
        self._changed.notify()

    def _run(self) -> None:
        back_off = BackOff(*_RESTART_SECONDS)
        while True:
            try:
                self._activity.wait_idle(_IDLE_SECONDS)
                with yielding_often():
                    display = self._display = self._display or self._open_display()
                    with self._changed:
                        if self._pending:
                            self._pending, self._problem = False, None
                        content = self._state.content(self._clock())
                    display.refresh(content)
                    with self._changed:
                        self._problem = display.problem
                if self._is_unused():
                    display.rest()
                    if self._ended():
                        return
                self._wait()
            except BaseException:
                # Hide the display: a patient's code must not stay on a screen that is no longer updated.
                text = rows.INTERNAL.told()
                exception(self._logger, text)
                with self._changed:
                    self._problem = text
                if self._display is not None:
                    self._display.close()
                    self._display = None
                time.sleep(back_off.next_pause())

    def _is_unused(self) -> bool:
        with self._changed:
            return self._off_since is not None and self._clock() - self._off_since >= _UNUSED_SECONDS

    def _ended(self) -> bool:
        """Whether the thread may end; the next Set_QRflow_Mode(1) then starts another one."""
        with self._changed:
            if not self._pending:
                self._thread = None
            return self._thread is None

    def _wait(self) -> None:
        """Wait until the state changes, or the display is to be refreshed."""
        with self._changed:
            left = self._state.next_change(self._clock())
            if not self._pending:
                self._changed.wait(REFRESH_SECONDS if left is None else max(0.01, min(REFRESH_SECONDS, left)))
