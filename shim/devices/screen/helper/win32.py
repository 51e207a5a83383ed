"""The extension screen's window on Windows, through user32 and gdi32. For the helper process only (main.py).

Topmost, without a frame, in no task bar, and it never takes the focus: a clerk goes on typing. Everything is painted
into a bitmap in memory, from which Windows may ask for any part again. xlib.py has the same interface.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.devices.screen.helper.base import HelperWindow
from shim.devices.screen.helper.monitors import Monitor
from shim.winapi import gdi32, user32
from shim.winapi.gdi32 import BITMAPINFOHEADER
from shim.winapi.loader import require

_TITLE = "vcshim-screen"
_WM_COMMANDS, _WM_MONITORS = user32.WM_APP, user32.WM_APP + 1


class Win32Window(HelperWindow):
    """One hidden window. All methods but `wake` are for the thread that made it.

    Raises:
        OSError: Windows refuses the window, or in `place` the bitmap.
    """

    def __init__(self) -> None:
        _use_physical_pixels()
        self._procedure = user32.WNDPROC(self._on_message)  # kept: Windows holds no reference
        extended = user32.WS_EX_TOPMOST | user32.WS_EX_TOOLWINDOW | user32.WS_EX_NOACTIVATE
        self._bitmap: int | None = None
        self._monitor = Monitor("", (0, 0, 0, 0), False)
        self._canvas = require(gdi32.CreateCompatibleDC(None))
        self._window = user32.create_window(_TITLE, self._procedure, style=user32.WS_POPUP, extended=extended)

    def monitors(self) -> list[Monitor]:
        r"""The monitors by their numbers, as in \\.\DISPLAY2: the order of the enumeration is not documented."""
        monitors: list[Monitor] = []

        def on_monitor(handle: int, _context: int, _rectangle: object, _parameter: int) -> bool:
            info = user32.MONITORINFOEXW(ctypes.sizeof(user32.MONITORINFOEXW))
            if user32.GetMonitorInfoW(handle, ctypes.byref(info)):
                box = (info.box.left, info.box.top, info.box.right - info.box.left, info.box.bottom - info.box.top)
                monitors.append(Monitor(info.name, box, bool(info.flags & user32.MONITORINFOF_PRIMARY)))
            return True

        user32.EnumDisplayMonitors(None, None, user32.MONITORENUMPROC(on_monitor), 0)
        return sorted(monitors, key=_number)

    def place(self, monitor: Monitor) -> None:
        """Move to a monitor: hidden, black."""
        header = _top_row_first(monitor.width, monitor.height)
        bits = w.LPVOID()
        bitmap = require(gdi32.CreateDIBSection(None, ctypes.byref(header), 0, ctypes.byref(bits), None, 0))
        before = gdi32.SelectObject(self._canvas, bitmap)
        if self._bitmap is not None:
            gdi32.DeleteObject(before)
        self._bitmap = bitmap
        self._monitor = monitor

    def paint(self, x: int, y: int, width: int, height: int, rows: bytes) -> None:
        """Paint rows of four bytes a dot; what is outside of the monitor is discarded."""
        header = _top_row_first(width, height)
        gdi32.SetDIBitsToDevice(self._canvas, x, y, width, height, 0, 0, 0, height, rows, ctypes.byref(header), 0)
        user32.InvalidateRect(self._window, ctypes.byref(w.RECT(x, y, x + width, y + height)), False)
        user32.UpdateWindow(self._window)

    def show(self) -> None:
        """Show the window above everything else on its monitor, without the focus."""
        box = (self._monitor.x, self._monitor.y, self._monitor.width, self._monitor.height)
        flags = user32.SWP_NOACTIVATE | user32.SWP_SHOWWINDOW | user32.SWP_NOOWNERZORDER
        user32.SetWindowPos(self._window, user32.HWND_TOPMOST, *box, flags)
        user32.UpdateWindow(self._window)

    def hide(self) -> None:
        """Hide the window."""
        user32.ShowWindow(self._window, user32.SW_HIDE)

    def wake(self) -> None:
        """Have `execute` called once by the window's thread. Any thread."""
        user32.PostMessageW(self._window, _WM_COMMANDS, 0, 0)

    def run(self, rearrange: Callable[[], None], execute: Callable[[], None]) -> None:
        """Pump messages: `rearrange` after every change of the monitors, `execute` once for each `wake`."""
        message = w.MSG()
        while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == _WM_COMMANDS:
                execute()
            elif message.message == _WM_MONITORS:
                rearrange()
            else:
                user32.DispatchMessageW(ctypes.byref(message))

    def _on_message(self, window: int, message: int, wparam: int, lparam: int) -> int:
        """Called by Windows: nothing here may fail or take long."""
        if message == user32.WM_PAINT:
            self._repaint(window)
            return 0
        if message == user32.WM_ERASEBKGND:
            return 1  # every dot comes by WM_PAINT
        if message == user32.WM_SETCURSOR:
            user32.SetCursor(None)
            return 1
        if message == user32.WM_MOUSEACTIVATE:
            return user32.MA_NOACTIVATE
        if message == user32.WM_CLOSE:
            return 0  # it ends with its parent
        if message == user32.WM_DISPLAYCHANGE:
            user32.PostMessageW(window, _WM_MONITORS, 0, 0)
        return user32.DefWindowProcW(window, message, wparam, lparam)

    def _repaint(self, window: int) -> None:
        paint = user32.PAINTSTRUCT()
        context = user32.BeginPaint(window, ctypes.byref(paint))
        box = paint.box
        size = (box.right - box.left, box.bottom - box.top)
        gdi32.BitBlt(context, box.left, box.top, *size, self._canvas, box.left, box.top, gdi32.SRCCOPY)
        user32.EndPaint(window, ctypes.byref(paint))


def _top_row_first(width: int, height: int) -> BITMAPINFOHEADER:
    """The header of a picture of 32 bits a dot, which a negative height says begins with its top row."""
    return BITMAPINFOHEADER(ctypes.sizeof(BITMAPINFOHEADER), width, -height, 1, 32)


def _number(monitor: Monitor) -> tuple[int, str]:
    name = monitor.name
    return int("0" + name[len(name.rstrip("0123456789")) :]), name


def _use_physical_pixels() -> None:
    """Have coordinates in the monitor's own dots: a scaled QR code has blurred edges."""
    try:
        done = user32.SetProcessDpiAwarenessContext(user32.DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2)
    except AttributeError:  # before Windows 10 1703
        done = 0
    if not done:
        user32.SetProcessDPIAware()
