"""The extension screen's window on Linux, for development: Xlib through ctypes. Of the helper process only.

Past every window manager (override-redirect), so that it never takes the focus. What is painted goes into a pixmap,
from which the window is filled whenever a part of it was covered. Without a server, or with one that has not 24 bits a
dot, there is no monitor. L2; the same shape as screen_win32.py.
"""

from __future__ import annotations

import ctypes
import os
import select
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

from shim.devices.screen.helper.monitors import Monitor
from shim.devices.screen.messages import DOT

_TITLE = b"vcshim-screen"
_DEPTH = 24
_Z_PIXMAP, _LSB_FIRST, _INPUT_OUTPUT = 2, 0, 1
_CW_OVERRIDE_REDIRECT, _CW_CURSOR = 1 << 9, 1 << 14
_EXPOSURE, _STRUCTURE = 1 << 15, 1 << 17
_EXPOSE, _CONFIGURE_NOTIFY = 12, 22
_RANDR_CHANGES = 1 | 2 | 4  # of the screen, a CRTC, an output
_MOST_EVENT_LONGS = 24


class _Attributes(Structure):
    """XSetWindowAttributes."""

    _fields_ = (
        ("background_pixmap", c_ulong), ("background_pixel", c_ulong), ("border_pixmap", c_ulong),
        ("border_pixel", c_ulong), ("bit_gravity", c_int), ("win_gravity", c_int), ("backing_store", c_int),
        ("backing_planes", c_ulong), ("backing_pixel", c_ulong), ("save_under", c_int), ("event_mask", c_long),
        ("do_not_propagate_mask", c_long), ("override_redirect", c_int), ("colormap", c_ulong), ("cursor", c_ulong),
    )  # fmt: skip


class _Image(Structure):
    """XImage; its functions stay Xlib's."""

    _fields_ = (
        ("width", c_int), ("height", c_int), ("xoffset", c_int), ("format", c_int), ("data", c_char_p),
        ("byte_order", c_int), ("bitmap_unit", c_int), ("bitmap_bit_order", c_int), ("bitmap_pad", c_int),
        ("depth", c_int), ("bytes_per_line", c_int), ("bits_per_pixel", c_int), ("red_mask", c_ulong),
        ("green_mask", c_ulong), ("blue_mask", c_ulong), ("obdata", c_void_p), ("functions", c_void_p * 6),
    )  # fmt: skip


class _MonitorInfo(Structure):
    """XRRMonitorInfo."""

    _fields_ = (
        ("name", c_ulong), ("primary", c_int), ("automatic", c_int), ("outputs", c_int), ("x", c_int), ("y", c_int),
        ("width", c_int), ("height", c_int), ("width_mm", c_int), ("height_mm", c_int), ("output", c_void_p),
    )  # fmt: skip


class _Event(ctypes.Union):
    """XEvent."""

    _fields_ = (("type", c_int), ("room", c_long * _MOST_EVENT_LONGS))


_OnError = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)
_OnEnd = ctypes.CFUNCTYPE(c_int, c_void_p)


def _refused(_display: int, _event: int) -> int:
    """A request that the server refused, say for a monitor that has just gone: nothing was drawn, and that is all."""
    return 0


def _ended(_display: int) -> int:
    """The server is gone, and Xlib would exit() on return."""
    os._exit(0)


_on_error, _on_end = _OnError(_refused), _OnEnd(_ended)  # kept: Xlib holds no reference


class Window:
    """One hidden window. Everything but `wake` is for the thread that made it."""

    def __init__(self) -> None:
        self._woken, self._waker = os.pipe()
        self._pixmap = self._context = 0
        self._monitor = Monitor("", (0, 0, 0, 0), False)
        self._display: int | None = None
        try:
            self._x, self._xrandr = _libraries()
        except OSError:
            return
        self._x.XSetErrorHandler(_on_error)
        self._x.XSetIOErrorHandler(_on_end)
        self._display = self._x.XOpenDisplay(None)
        if not self._display:
            return
        self._screen = self._x.XDefaultScreen(self._display)
        self._root = self._x.XRootWindow(self._display, self._screen)
        attributes = _Attributes(override_redirect=1, cursor=self._no_cursor())
        # The background of a new window is none: nothing is drawn that nobody painted.
        self._window = self._x.XCreateWindow(
            self._display, self._root, 0, 0, 1, 1, 0, 0, _INPUT_OUTPUT, None,
            _CW_OVERRIDE_REDIRECT | _CW_CURSOR, byref(attributes),
        )  # fmt: skip
        self._x.XStoreName(self._display, self._window, _TITLE)
        self._x.XSelectInput(self._display, self._window, _EXPOSURE)
        self._x.XSelectInput(self._display, self._root, _STRUCTURE)
        self._x.XFlush(self._display)
        first, error = c_int(), c_int()
        self._randr = -1
        if self._xrandr.XRRQueryExtension(self._display, byref(first), byref(error)):
            self._randr = first.value
            self._xrandr.XRRSelectInput(self._display, self._root, _RANDR_CHANGES)

    def monitors(self) -> list[Monitor]:
        """In the order of the server."""
        if not self._display or self._x.XDefaultDepth(self._display, self._screen) != _DEPTH:
            return []
        count = c_int()
        rows = self._xrandr.XRRGetMonitors(self._display, self._root, True, byref(count))
        if not rows:
            return []
        found = [
            Monitor(self._name(row.name), (row.x, row.y, row.width, row.height), bool(row.primary))
            for row in rows[: max(count.value, 0)]
        ]
        self._xrandr.XRRFreeMonitors(rows)
        if found and not any(monitor.primary for monitor in found):
            found[0].primary = True  # a server may have named none
        return found

    def place(self, monitor: Monitor) -> None:
        """Belong to a monitor from now on: hidden, black."""
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
        """Rows of four bytes a dot; what lies outside is left out."""
        image = _Image(
            width=width, height=height, format=_Z_PIXMAP, data=rows, byte_order=_LSB_FIRST, bitmap_unit=32,
            bitmap_bit_order=_LSB_FIRST, bitmap_pad=32, depth=_DEPTH, bytes_per_line=width * DOT,
            bits_per_pixel=8 * DOT,
        )  # fmt: skip
        if not self._x.XInitImage(byref(image)):
            return
        self._x.XPutImage(
            self._display, self._pixmap, self._context, byref(image), 0, 0, x, y, width, height
        )  # fmt: skip
        self._copy(x, y, width, height)

    def show(self) -> None:
        """Over everything else on its monitor, and without the focus."""
        self._x.XMapRaised(self._display, self._window)
        self._copy(0, 0, self._monitor.width, self._monitor.height)

    def hide(self) -> None:
        """No longer on any monitor."""
        if self._display:
            self._x.XUnmapWindow(self._display, self._window)
            self._x.XFlush(self._display)

    def wake(self) -> None:
        """Have `obey` called once by the window's thread. For any thread."""
        os.write(self._waker, b".")

    def run(self, arrange: Callable[[], None], obey: Callable[[], None]) -> None:
        """Pump messages: `arrange` after every change of the monitors, `obey` once for each `wake`."""
        streams = [self._woken]
        if self._display:
            streams.append(self._x.XConnectionNumber(self._display))
        while True:
            if self._display and self._changed():
                arrange()
            ready, _, _ = select.select(streams, [], [])
            if self._woken in ready:
                os.read(self._woken, 1)
                obey()

    def _changed(self) -> bool:
        """Deal with the events that wait; whether one of them may be about monitors."""
        event, changed = _Event(), False
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, byref(event))
            if event.type == _EXPOSE:
                self._copy(0, 0, self._monitor.width, self._monitor.height)
            elif event.type == _CONFIGURE_NOTIFY or (self._randr >= 0 and event.type in (self._randr, self._randr + 1)):
                self._xrandr.XRRUpdateConfiguration(byref(event))
                changed = True
        return changed

    def _copy(self, x: int, y: int, width: int, height: int) -> None:
        """From the pixmap to the window; X drops it while that is hidden."""
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

    def _no_cursor(self) -> int:
        nothing = self._x.XCreateBitmapFromData(self._display, self._root, b"\0", 1, 1)
        black = (c_ulong * 2)()  # XColor
        return int(self._x.XCreatePixmapCursor(self._display, nothing, nothing, byref(black), byref(black), 0, 0))


def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    """Xlib and XRandR with their prototypes; OSError where they are not installed."""
    x, xrandr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
    display, drawable, context = c_void_p, c_ulong, c_void_p
    for function, result, arguments in (
        (x.XSetErrorHandler, c_void_p, (_OnError,)),
        (x.XSetIOErrorHandler, c_void_p, (_OnEnd,)),
        (x.XOpenDisplay, c_void_p, (c_char_p,)),
        (x.XDefaultScreen, c_int, (display,)),
        (x.XDefaultDepth, c_int, (display, c_int)),
        (x.XRootWindow, c_ulong, (display, c_int)),
        (x.XConnectionNumber, c_int, (display,)),
        (x.XCreateWindow, c_ulong, (
            display, drawable, c_int, c_int, c_uint, c_uint, c_uint, c_int, c_uint, c_void_p, c_ulong,
            POINTER(_Attributes),
        )),
        (x.XStoreName, c_int, (display, drawable, c_char_p)),
        (x.XSelectInput, c_int, (display, drawable, c_long)),
        (x.XMapRaised, c_int, (display, drawable)),
        (x.XUnmapWindow, c_int, (display, drawable)),
        (x.XMoveResizeWindow, c_int, (display, drawable, c_int, c_int, c_uint, c_uint)),
        (x.XCreatePixmap, c_ulong, (display, drawable, c_uint, c_uint, c_uint)),
        (x.XFreePixmap, c_int, (display, drawable)),
        (x.XCreateGC, c_void_p, (display, drawable, c_ulong, c_void_p)),
        (x.XFreeGC, c_int, (display, context)),
        (x.XFillRectangle, c_int, (display, drawable, context, c_int, c_int, c_uint, c_uint)),
        (x.XInitImage, c_int, (POINTER(_Image),)),
        (x.XPutImage, c_int, (
            display, drawable, context, POINTER(_Image), c_int, c_int, c_int, c_int, c_uint, c_uint,
        )),
        (x.XCopyArea, c_int, (
            display, drawable, drawable, context, c_int, c_int, c_uint, c_uint, c_int, c_int,
        )),
        (x.XFlush, c_int, (display,)),
        (x.XPending, c_int, (display,)),
        (x.XNextEvent, c_int, (display, POINTER(_Event))),
        (x.XGetAtomName, c_void_p, (display, c_ulong)),
        (x.XFree, c_int, (c_void_p,)),
        (x.XCreateBitmapFromData, c_ulong, (display, drawable, c_char_p, c_uint, c_uint)),
        (x.XCreatePixmapCursor, c_ulong, (display, drawable, drawable, c_void_p, c_void_p, c_uint, c_uint)),
        (xrandr.XRRQueryExtension, c_int, (display, POINTER(c_int), POINTER(c_int))),
        (xrandr.XRRSelectInput, None, (display, drawable, c_int)),
        (xrandr.XRRUpdateConfiguration, c_int, (POINTER(_Event),)),
        (xrandr.XRRGetMonitors, POINTER(_MonitorInfo), (display, drawable, c_int, POINTER(c_int))),
        (xrandr.XRRFreeMonitors, None, (POINTER(_MonitorInfo),)),
    ):  # fmt: skip
        function.restype, function.argtypes = result, arguments
    return x, xrandr
