"""The helper's window on Linux, for development and tests: Xlib. Only for the helper process.

The window bypasses every window manager (override-redirect), so that it never takes the focus. What is painted goes
into a pixmap, from which the window is filled whenever a part of it becomes visible. Without an X server, or with one
of another depth than 24 bits, there is no monitor.
"""

from __future__ import annotations

import ctypes
import os
import select
from collections.abc import Callable
from ctypes import byref, c_int, c_ulong

from shim.devices.screen.helper import xlib_api
from shim.devices.screen.helper.base import HelperWindow
from shim.devices.screen.helper.monitors import Monitor
from shim.devices.screen.messages import PIXEL_BYTES, NoMonitor

_TITLE = b"vcshim-screen"
_DEPTH = 24
_Z_PIXMAP, _LSB_FIRST, _INPUT_OUTPUT = 2, 0, 1
_CW_OVERRIDE_REDIRECT, _CW_CURSOR = 1 << 9, 1 << 14
_EXPOSURE, _STRUCTURE = 1 << 15, 1 << 17
_EXPOSE, _CONFIGURE_NOTIFY = 12, 22
_RANDR_CHANGES = 1 | 2 | 4  # of the screen, a CRTC, an output


def _ignore_error(_display: int, _event: int) -> int:
    """A request failed, such as one for a monitor that has just gone: nothing was drawn, and nothing else happens."""
    return 0


def _end_with_server(_display: int) -> int:
    """The connection is lost; Xlib would call exit() on return."""
    os._exit(0)


# Kept for the life of the process: Xlib holds no reference.
_on_error, _on_io_error = xlib_api.XErrorHandler(_ignore_error), xlib_api.XIOErrorHandler(_end_with_server)


class XlibWindow(HelperWindow):
    """A window with a pixmap behind it; without an X server a window that is never shown."""

    def __init__(self) -> None:
        self._wake_read, self._wake_write = os.pipe()
        self._pixmap = self._context = 0
        self._monitor = Monitor("", (0, 0, 0, 0), False)
        self._display: int | None = None
        self._why_none = NoMonitor.LIBRARY
        try:
            self._x, self._xrandr = xlib_api.load_library("libX11.so.6"), xlib_api.load_library("libXrandr.so.2")
        except OSError:
            return
        self._x.XSetErrorHandler(_on_error)
        self._x.XSetIOErrorHandler(_on_io_error)
        self._display = self._x.XOpenDisplay(None)
        self._why_none = NoMonitor.DEPTH if self._display else NoMonitor.SERVER
        if not self._display:
            return
        self._screen = self._x.XDefaultScreen(self._display)
        self._root = self._x.XRootWindow(self._display, self._screen)
        attributes = xlib_api.XSetWindowAttributes(override_redirect=1, cursor=self._invisible_cursor())
        # A new window has no background, so that nothing is drawn before `paint`.
        self._window = self._x.XCreateWindow(
            self._display, self._root, 0, 0, 1, 1, 0, 0, _INPUT_OUTPUT, None,
            _CW_OVERRIDE_REDIRECT | _CW_CURSOR, byref(attributes),
        )  # fmt: skip
        self._x.XStoreName(self._display, self._window, _TITLE)
        self._x.XSelectInput(self._display, self._window, _EXPOSURE)
        self._x.XSelectInput(self._display, self._root, _STRUCTURE)
        self._x.XFlush(self._display)
        self._monitor_events = {_CONFIGURE_NOTIFY}
        first_event, first_error = c_int(), c_int()
        if self._xrandr.XRRQueryExtension(self._display, byref(first_event), byref(first_error)):
            self._monitor_events |= {first_event.value, first_event.value + 1}
            self._xrandr.XRRSelectInput(self._display, self._root, _RANDR_CHANGES)

    def monitors(self) -> list[Monitor]:
        if not self._display or self._x.XDefaultDepth(self._display, self._screen) != _DEPTH:
            return []
        count = c_int()
        rows = self._xrandr.XRRGetMonitors(self._display, self._root, True, byref(count))
        if not rows:
            return []
        monitors = [
            Monitor(self._name(row.name), (row.x, row.y, row.width, row.height), bool(row.primary))
            for row in rows[: max(count.value, 0)]
        ]
        self._xrandr.XRRFreeMonitors(rows)
        if monitors and not any(monitor.primary for monitor in monitors):
            monitors[0].primary = True  # a server need not name one
        return monitors

    @property
    def why_none(self) -> str:
        if self._display and self._x.XDefaultDepth(self._display, self._screen) == _DEPTH:
            return NoMonitor.DESKTOP
        return self._why_none

    def place(self, monitor: Monitor) -> None:
        if self._pixmap:
            self._x.XFreeGC(self._display, self._context)
            self._x.XFreePixmap(self._display, self._pixmap)
        size = (monitor.width, monitor.height)
        self._pixmap = self._x.XCreatePixmap(self._display, self._root, *size, _DEPTH)
        self._context = self._x.XCreateGC(self._display, self._pixmap, 0, None)
        self._x.XFillRectangle(self._display, self._pixmap, self._context, 0, 0, *size)
        self._x.XMoveResizeWindow(self._display, self._window, monitor.x, monitor.y, *size)
        self._x.XFlush(self._display)
        self._monitor = monitor

    def paint(self, x: int, y: int, width: int, height: int, rows: bytes) -> None:
        image = xlib_api.XImage(
            width=width, height=height, format=_Z_PIXMAP, data=rows, byte_order=_LSB_FIRST, bitmap_unit=32,
            bitmap_bit_order=_LSB_FIRST, bitmap_pad=32, depth=_DEPTH, bytes_per_line=width * PIXEL_BYTES,
            bits_per_pixel=8 * PIXEL_BYTES,
        )  # fmt: skip
        if not self._x.XInitImage(byref(image)):
            return
        self._x.XPutImage(
            self._display, self._pixmap, self._context, byref(image), 0, 0, x, y, width, height
        )  # fmt: skip
        self._copy(x, y, width, height)

    def show(self) -> None:
        self._x.XMapRaised(self._display, self._window)
        self._copy(0, 0, self._monitor.width, self._monitor.height)

    def hide(self) -> None:
        if self._display:
            self._x.XUnmapWindow(self._display, self._window)
            self._x.XFlush(self._display)

    def wake(self) -> None:
        os.write(self._wake_write, b".")

    def run(self, rearrange: Callable[[], None], execute: Callable[[], None]) -> None:
        streams = [self._wake_read]
        if self._display:
            streams.append(self._x.XConnectionNumber(self._display))
        while True:
            # NB: until none waits: Xlib takes events in while it waits for an answer; the stream does not show those.
            while self._display and self._handle_events():
                rearrange()
            ready, _, _ = select.select(streams, [], [])
            if self._wake_read in ready:
                os.read(self._wake_read, 1)
                execute()

    def _handle_events(self) -> bool:
        """Handle the events that wait; True if the monitors may have changed."""
        event, changed = xlib_api.XEvent(), False
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, byref(event))
            if event.type == _EXPOSE:
                self._copy(0, 0, self._monitor.width, self._monitor.height)
            elif event.type in self._monitor_events:
                self._xrandr.XRRUpdateConfiguration(byref(event))
                changed = True
        return changed

    def _copy(self, x: int, y: int, width: int, height: int) -> None:
        """Copy from the pixmap to the window; the server ignores it while that is hidden."""
        self._x.XCopyArea(self._display, self._pixmap, self._window, self._context, x, y, width, height, x, y)
        self._x.XFlush(self._display)

    def _name(self, atom: int) -> str:
        text = self._x.XGetAtomName(self._display, atom)
        if not text:
            return ""
        try:
            return ctypes.string_at(text).decode("utf-8", "replace")
        finally:
            self._x.XFree(text)

    def _invisible_cursor(self) -> int:
        bitmap = self._x.XCreateBitmapFromData(self._display, self._root, b"\0", 1, 1)
        black = (c_ulong * 2)()  # XColor
        return int(self._x.XCreatePixmapCursor(self._display, bitmap, bitmap, byref(black), byref(black), 0, 0))
