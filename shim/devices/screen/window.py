"""The extension screen as a window: a rectangle of pixels on the chosen monitor. What is painted is not known here.

The window belongs to a helper process (helper/main.py), because one that hangs must never hold up the host. The process
is kept running by watchdog.py; what the two say to each other is defined in messages.py.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence

from shim.bilingual import Bilingual
from shim.devices.screen import messages
from shim.devices.screen.messages import NoMonitor
from shim.devices.screen.status_log import StatusLog
from shim.devices.screen.watchdog import HelperWatchdog
from shim.errors import Message
from shim.messages import screen as rows

_READY = Bilingual("扩展屏已就绪", "the screen is ready")
_ROWS: Mapping[str, Message] = {
    NoMonitor.DESKTOP: rows.NO_MONITOR,
    NoMonitor.SERVER: rows.NO_X_SERVER,
    NoMonitor.LIBRARY: rows.NO_X_LIBRARY,
    NoMonitor.DEPTH: rows.NO_X_DEPTH,
    NoMonitor.ONLY: rows.ONE_MONITOR,
    NoMonitor.COPY: rows.COPIED_MONITOR,
    NoMonitor.SETTING: rows.NO_SUCH_MONITOR,
}


class ScreenWindow:
    """The window of a helper process. Used by one thread; no call but `rest` and `close` waits for the helper.

    Args:
        launcher: the whole command of the helper, which ends with the value of [screen] monitor.
        ping_seconds, silent_seconds: see HelperWatchdog.
        clock: seconds; for tests.
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
        self._setting = launcher[-1] if launcher else ""
        self._status = StatusLog(logger)
        self._watchdog = HelperWatchdog(
            launcher, logger, self._status, self._on_ready, self._on_line, ping_seconds, silent_seconds, clock
        )
        self._epoch = 0
        self._visible = False
        # Of the present helper:
        self._size: tuple[int, int] | None = None
        self._generation = 0
        self._painted = False

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the chosen monitor in pixels; None if there is none or it is not yet known."""
        return self._size if self._watchdog.helper is not None else None

    @property
    def epoch(self) -> int:
        """Increases whenever what was painted is lost: the next `paint` must then be the whole frame."""
        return self._epoch

    @property
    def ready(self) -> bool:
        """True if there is a monitor and everything sent so far is in the pipe: `paint` may then be called."""
        helper = self._watchdog.helper
        return self._size is not None and helper is not None and helper.idle

    @property
    def problem(self) -> str:
        """Why there is no monitor or no helper; empty if there are, or if it is not known yet."""
        return self._status.problem

    def poll(self) -> None:
        """Take what the helper said, and keep it running. To be called at least four times a second."""
        self._watchdog.poll()

    def paint(self, x: int, y: int, width: int, height: int, bgrx: bytes) -> None:
        """Paint one rectangle; does nothing without a monitor. Only while `ready`.

        Args:
            bgrx: its rows, the top one first, four bytes a pixel: blue, green, red, unused.

        Raises:
            ValueError: see messages.check_paint.
        """
        box = (x, y, width, height)
        messages.check_paint(box, bgrx)
        helper = self._watchdog.helper
        if helper is None or self._size is None:
            return
        helper.send_paint(self._generation, box, bgrx)
        if not self._painted:
            self._painted = True
            if self._visible:
                helper.send(messages.SHOW, self._generation)

    def show(self) -> None:
        """Make the window visible as soon as something is painted, in this helper and the next, until `hide`."""
        if not self._visible:
            self._send(messages.SHOW)
        self._visible = True

    def hide(self) -> None:
        """Make the window invisible."""
        if self._visible:
            self._send(messages.HIDE)
        self._visible = False

    def rest(self) -> None:
        """End the helper, within two seconds, until the next `poll`. Never raises."""
        self._watchdog.rest()

    def close(self) -> None:
        """End the helper, within two seconds. Never raises; nothing may be called afterwards but `close`."""
        self._watchdog.close()

    def _send(self, kind: bytes) -> None:
        helper = self._watchdog.helper
        if helper is not None and self._painted:
            helper.send(kind, self._generation)

    def _on_ready(self) -> None:
        self._size = None
        self._generation = 0
        self._painted = False

    def _on_line(self, line: str) -> None:
        """MONITOR or NONE; a line that is neither, or malformed, is ignored."""
        word, _, rest = line.partition(" ")
        if word == messages.MONITOR:
            self._on_monitor(rest)
        elif word == messages.NONE:
            self._on_none(rest)

    def _on_none(self, rest: str) -> None:
        why, _, behind = rest.partition(" ")
        count, _, names = behind.partition(" ")
        if why not in _ROWS:
            return
        self._size = None
        # a monitor that was there before shows that there is a desktop
        row = rows.MONITORS_GONE if count == "0" and self._epoch else _ROWS[why]
        shown = names.replace("\\\\.\\", "")
        text = row.told(names=shown, setting=self._setting)
        self._status.report(f"none {rest}", logging.WARNING, text, monitors=count, names=names)

    def _on_monitor(self, rest: str) -> None:
        width, _, behind = rest.partition(" ")
        height, _, name = behind.partition(" ")
        if not (width.isdecimal() and height.isdecimal()):
            return
        self._generation += 1
        self._epoch += 1
        self._size = (int(width), int(height))
        self._painted = False
        self._status.report(
            f"monitor {rest}", logging.INFO, _READY, name=name, width=width, height=height
        )  # fmt: skip
