"""The extension screen as a window on a monitor: a page for each state, painted when the window is ready for more. L2.

Made in the thread of showing.py: importing this module imports what draws.
"""

from __future__ import annotations

from collections.abc import Callable

from shim.devices.screen.base import Display, Shown, State
from shim.devices.screen.frames import Page, Painter
from shim.devices.screen.window import ScreenWindow


class WindowDisplay(Display):
    """`page_of` says what a state looks like; it is not asked about HIDDEN."""

    def __init__(self, window: ScreenWindow, painter: Painter, page_of: Callable[[Shown], Page]) -> None:
        self._window = window
        self._painter = painter
        self._page_of = page_of
        self._epoch: int | None = None

    def refresh(self, shown: Shown) -> None:
        window = self._window
        window.care()
        if shown.state is State.HIDDEN:
            window.hide()
            return
        if window.size is None or not window.ready:
            return
        if window.epoch != self._epoch:
            self._painter.forget()
            self._epoch = window.epoch
        paint = self._painter.changes(window.size, self._page_of(shown))
        if paint is not None:
            window.paint(paint.x, paint.y, paint.width, paint.height, paint.bgrx)
        window.show()

    def close(self) -> None:
        self._window.close()
        self._painter.forget()
