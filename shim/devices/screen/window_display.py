"""The extension screen as a window on a monitor: one page for each phase, painted whenever the window takes more.

Importing this module imports Pillow and segno, which takes up to a second: only for the thread of the screen.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from shim.devices.screen.base import Display, ScreenContent, ScreenPhase
from shim.devices.screen.frames import CodeNotDrawn, Painter
from shim.devices.screen.helper_command import helper_command
from shim.devices.screen.pages import ScreenPage, pages
from shim.devices.screen.painter import make_painter
from shim.devices.screen.settings import ScreenSettings
from shim.devices.screen.window import ScreenWindow
from shim.log import event


class WindowDisplay(Display):
    """Owns `window` and `painter`. `page_of` gives the page of every content but HIDDEN."""

    def __init__(
        self,
        window: ScreenWindow,
        painter: Painter,
        page_of: Callable[[ScreenContent], ScreenPage],
        logger: logging.Logger,
    ) -> None:
        self._window = window
        self._painter = painter
        self._page_of = page_of
        self._logger = logger
        self._epoch: int | None = None
        self._problem: str | None = None
        self._not_drawn = ""  # the code that was reported last as one that cannot be drawn

    def refresh(self, content: ScreenContent) -> None:
        window = self._window
        window.poll()
        if content.phase is ScreenPhase.HIDDEN:
            window.hide()
            self._problem = window.problem
            return
        size = window.size
        if size is None or not window.ready:
            self._problem = window.problem or None
            return
        if window.epoch != self._epoch:
            self._painter.forget()
            self._epoch = window.epoch
        try:
            changed = self._painter.changes(size, self._page_of(content))
        except CodeNotDrawn as error:
            window.hide()  # its words alone would ask for what is not there
            self._problem = error.row.told(**error.facts)
            if content.code != self._not_drawn:
                self._not_drawn = content.code
                event(self._logger, logging.WARNING, self._problem)
            return
        if changed is not None:
            window.paint(changed.x, changed.y, changed.width, changed.height, changed.bgrx)
        window.show()
        self._problem = ""

    @property
    def problem(self) -> str | None:
        return self._problem

    def rest(self) -> None:
        self._window.rest()

    def close(self) -> None:
        self._window.close()
        self._painter.forget()


def open_window_display(settings: ScreenSettings, logger: logging.Logger, folder: Path) -> WindowDisplay:
    """The display that [screen] describes; its helper is started by the first `refresh`."""
    window = ScreenWindow([*helper_command(folder), settings.monitor], logger)
    return WindowDisplay(window, make_painter(settings, logger), pages(settings), logger)
