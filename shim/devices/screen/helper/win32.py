"""The extension screen's window on Windows: raw Win32 through ctypes. Of the helper process only (screen_helper.py).

Topmost, without a frame, in no task bar, and it never takes the focus: a clerk goes on typing. What is painted goes
into a bitmap of our own, from which Windows may ask for any part again. L2.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

from shim.devices.screen.helper.base import HelperWindow
from shim.devices.screen.helper.monitors import Monitor

assert sys.platform == "win32"
from ctypes import wintypes as w  # noqa: E402

_TITLE = "vcshim-screen"
_PER_MONITOR_AWARE_V2 = -4
_SYSTEM_ONLY = 0x800  # LOAD_LIBRARY_SEARCH_SYSTEM32

_WS_POPUP = 0x80000000
_WS_EX_TOPMOST, _WS_EX_TOOLWINDOW, _WS_EX_NOACTIVATE = 0x8, 0x80, 0x08000000
_SW_HIDE = 0
_HWND_TOPMOST = -1
_SWP_NOACTIVATE, _SWP_SHOWWINDOW, _SWP_NOOWNERZORDER = 0x10, 0x40, 0x200
_WM_PAINT, _WM_CLOSE, _WM_ERASEBKGND, _WM_SETCURSOR = 0xF, 0x10, 0x14, 0x20
_WM_MOUSEACTIVATE, _WM_DISPLAYCHANGE = 0x21, 0x7E
_WM_ORDERS, _WM_MONITORS = 0x8000, 0x8001  # WM_APP and behind
_MA_NOACTIVATE = 3
_SRCCOPY = 0xCC0020
_MONITORINFOF_PRIMARY = 1

_size_t, _lresult, _int = ctypes.c_size_t, ctypes.c_ssize_t, ctypes.c_int
_Procedure = ctypes.WINFUNCTYPE(_lresult, w.HWND, w.UINT, _size_t, _lresult)
_EachMonitor = ctypes.WINFUNCTYPE(w.BOOL, w.HANDLE, w.HDC, ctypes.POINTER(w.RECT), w.LPARAM)


class _Class(ctypes.Structure):
    """WNDCLASSW."""

    _fields_ = (
        ("style", w.UINT), ("procedure", _Procedure), ("class_extra", _int), ("window_extra", _int),
        ("instance", w.HINSTANCE), ("icon", w.HICON), ("cursor", w.HANDLE), ("background", w.HBRUSH),
        ("menu", w.LPCWSTR), ("name", w.LPCWSTR),
    )  # fmt: skip


class _Paint(ctypes.Structure):
    """PAINTSTRUCT."""

    _fields_ = (
        ("context", w.HDC), ("erase", w.BOOL), ("box", w.RECT), ("restore", w.BOOL), ("update", w.BOOL),
        ("reserved", w.BYTE * 32),
    )  # fmt: skip


class _MonitorInfo(ctypes.Structure):
    """MONITORINFOEXW."""

    _fields_ = (("size", w.DWORD), ("box", w.RECT), ("work", w.RECT), ("flags", w.DWORD), ("name", w.WCHAR * 32))


class _BitmapHeader(ctypes.Structure):
    """BITMAPINFOHEADER; no colours follow one of 32 bits a dot."""

    _fields_ = (
        ("size", w.DWORD), ("width", w.LONG), ("height", w.LONG), ("planes", w.WORD), ("bits", w.WORD),
        ("compression", w.DWORD), ("bytes", w.DWORD), ("x_dots", w.LONG), ("y_dots", w.LONG), ("used", w.DWORD),
        ("important", w.DWORD),
    )  # fmt: skip

    @classmethod
    def of(cls, width: int, height: int) -> _BitmapHeader:
        """Top row first, which a negative height says."""
        return cls(ctypes.sizeof(cls), width, -height, 1, 32)


_user32 = ctypes.WinDLL("user32", use_last_error=True, winmode=_SYSTEM_ONLY)
_gdi32 = ctypes.WinDLL("gdi32", use_last_error=True, winmode=_SYSTEM_ONLY)
_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True, winmode=_SYSTEM_ONLY)
_box = ctypes.POINTER(w.RECT)
for _function, _result, _arguments in (
    (_user32.DefWindowProcW, _lresult, (w.HWND, w.UINT, _size_t, _lresult)),
    (_user32.CreateWindowExW, w.HWND, (
        w.DWORD, w.LPCWSTR, w.LPCWSTR, w.DWORD, _int, _int, _int, _int, w.HWND, w.HMENU, w.HINSTANCE, w.LPVOID,
    )),
    (_user32.SetWindowPos, w.BOOL, (w.HWND, w.HWND, _int, _int, _int, _int, w.UINT)),
    (_user32.ShowWindow, w.BOOL, (w.HWND, _int)),
    (_user32.PostMessageW, w.BOOL, (w.HWND, w.UINT, _size_t, _lresult)),
    (_user32.GetMessageW, _int, (ctypes.POINTER(w.MSG), w.HWND, w.UINT, w.UINT)),
    (_user32.DispatchMessageW, _lresult, (ctypes.POINTER(w.MSG),)),
    (_user32.BeginPaint, w.HDC, (w.HWND, ctypes.POINTER(_Paint))),
    (_user32.EndPaint, w.BOOL, (w.HWND, ctypes.POINTER(_Paint))),
    (_user32.InvalidateRect, w.BOOL, (w.HWND, _box, w.BOOL)),
    (_user32.UpdateWindow, w.BOOL, (w.HWND,)),
    (_user32.SetCursor, w.HANDLE, (w.HANDLE,)),
    (_user32.EnumDisplayMonitors, w.BOOL, (w.HDC, _box, _EachMonitor, w.LPARAM)),
    (_user32.GetMonitorInfoW, w.BOOL, (w.HANDLE, ctypes.POINTER(_MonitorInfo))),
    (_kernel32.GetModuleHandleW, w.HMODULE, (w.LPCWSTR,)),
    (_gdi32.CreateCompatibleDC, w.HDC, (w.HDC,)),
    (_gdi32.CreateDIBSection, w.HANDLE, (
        w.HDC, ctypes.POINTER(_BitmapHeader), w.UINT, ctypes.POINTER(w.LPVOID), w.HANDLE, w.DWORD,
    )),
    (_gdi32.SelectObject, w.HANDLE, (w.HDC, w.HANDLE)),
    (_gdi32.DeleteObject, w.BOOL, (w.HANDLE,)),
    (_gdi32.SetDIBitsToDevice, _int, (
        w.HDC, _int, _int, w.DWORD, w.DWORD, _int, _int, w.UINT, w.UINT, ctypes.c_char_p,
        ctypes.POINTER(_BitmapHeader), w.UINT,
    )),
    (_gdi32.BitBlt, w.BOOL, (w.HDC, _int, _int, _int, _int, w.HDC, _int, _int, w.DWORD)),
):  # fmt: skip
    _function.restype, _function.argtypes = _result, _arguments


def tie_to_parent() -> None:
    """Nothing to do here: the parent keeps its helpers in a job (tether.py)."""


class Win32Window(HelperWindow):
    """One hidden window. Everything but `wake` is for the thread that made it. OSError where the system refuses."""

    def __init__(self) -> None:
        _be_aware_of_dots()
        self._procedure = _Procedure(self._on_message)  # kept, or it is collected under the window's feet
        instance = _kernel32.GetModuleHandleW(None)
        kind = _Class(0, self._procedure, 0, 0, instance, None, None, None, None, _TITLE)
        _user32.RegisterClassW(ctypes.byref(kind))
        extended = _WS_EX_TOPMOST | _WS_EX_TOOLWINDOW | _WS_EX_NOACTIVATE
        self._canvas = _gdi32.CreateCompatibleDC(None)
        self._bitmap: int | None = None
        self._monitor = Monitor("", (0, 0, 0, 0), False)
        self._window = _user32.CreateWindowExW(
            extended, _TITLE, _TITLE, _WS_POPUP, 0, 0, 0, 0, None, None, instance, None
        )
        if not self._window or not self._canvas:
            raise ctypes.WinError(ctypes.get_last_error())

    def monitors(self) -> list[Monitor]:
        r"""In the order of their numbers, as in \\.\DISPLAY2: that of the enumeration is nobody's promise."""
        found: list[Monitor] = []

        def each(handle: int, _context: int, _rectangle: object, _parameter: int) -> bool:
            info = _MonitorInfo(ctypes.sizeof(_MonitorInfo))
            if _user32.GetMonitorInfoW(handle, ctypes.byref(info)):
                box = (info.box.left, info.box.top, info.box.right - info.box.left, info.box.bottom - info.box.top)
                found.append(Monitor(info.name, box, bool(info.flags & _MONITORINFOF_PRIMARY)))
            return True

        _user32.EnumDisplayMonitors(None, None, _EachMonitor(each), 0)
        return sorted(found, key=_number)

    def place(self, monitor: Monitor) -> None:
        """Belong to a monitor from now on: hidden, black."""
        header = _BitmapHeader.of(monitor.width, monitor.height)
        bits = w.LPVOID()
        bitmap = _gdi32.CreateDIBSection(None, ctypes.byref(header), 0, ctypes.byref(bits), None, 0)
        if not bitmap:
            raise ctypes.WinError(ctypes.get_last_error())
        before = _gdi32.SelectObject(self._canvas, bitmap)
        if self._bitmap is not None:
            _gdi32.DeleteObject(before)
        self._bitmap = bitmap
        self._monitor = monitor

    def paint(self, x: int, y: int, width: int, height: int, rows: bytes) -> None:
        """Rows of four bytes a dot; what lies outside is left out."""
        header = _BitmapHeader.of(width, height)
        _gdi32.SetDIBitsToDevice(
            self._canvas, x, y, width, height, 0, 0, 0, height, rows, ctypes.byref(header), 0
        )  # fmt: skip
        _user32.InvalidateRect(self._window, ctypes.byref(w.RECT(x, y, x + width, y + height)), False)
        _user32.UpdateWindow(self._window)

    def show(self) -> None:
        """Over everything else on its monitor, and without the focus."""
        box = (self._monitor.x, self._monitor.y, self._monitor.width, self._monitor.height)
        flags = _SWP_NOACTIVATE | _SWP_SHOWWINDOW | _SWP_NOOWNERZORDER
        _user32.SetWindowPos(self._window, _HWND_TOPMOST, *box, flags)
        _user32.UpdateWindow(self._window)

    def hide(self) -> None:
        """No longer on any monitor."""
        _user32.ShowWindow(self._window, _SW_HIDE)

    def wake(self) -> None:
        """Have `obey` called once by the window's thread. For any thread."""
        _user32.PostMessageW(self._window, _WM_ORDERS, 0, 0)

    def run(self, arrange: Callable[[], None], obey: Callable[[], None]) -> None:
        """Pump messages: `arrange` after every change of the monitors, `obey` once for each `wake`."""
        message = w.MSG()
        while _user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == _WM_ORDERS:
                obey()
            elif message.message == _WM_MONITORS:
                arrange()
            else:
                _user32.DispatchMessageW(ctypes.byref(message))

    def _on_message(self, window: int, message: int, word: int, long: int) -> int:
        """Called by Windows: nothing here may fail or take long."""
        if message == _WM_PAINT:
            paint = _Paint()
            context = _user32.BeginPaint(window, ctypes.byref(paint))
            box = paint.box
            size = (box.right - box.left, box.bottom - box.top)
            _gdi32.BitBlt(context, box.left, box.top, *size, self._canvas, box.left, box.top, _SRCCOPY)
            _user32.EndPaint(window, ctypes.byref(paint))
            return 0
        if message == _WM_ERASEBKGND:
            return 1  # every dot comes by WM_PAINT
        if message == _WM_SETCURSOR:
            _user32.SetCursor(None)
            return 1
        if message == _WM_MOUSEACTIVATE:
            return _MA_NOACTIVATE
        if message == _WM_CLOSE:
            return 0  # it ends with its parent
        if message == _WM_DISPLAYCHANGE:
            _user32.PostMessageW(window, _WM_MONITORS, 0, 0)
        return int(_user32.DefWindowProcW(window, message, word, long))


def _number(monitor: Monitor) -> tuple[int, str]:
    name = monitor.name
    return int("0" + name[len(name.rstrip("0123456789")) :]), name


def _be_aware_of_dots() -> None:
    """Coordinates in the monitor's own dots, never scaled: a QR code has sharp edges or none."""
    try:
        aware = _user32.SetProcessDpiAwarenessContext
    except AttributeError:  # before Windows 10 1703
        _user32.SetProcessDPIAware()
        return
    aware.argtypes = (w.HANDLE,)
    if not aware(_PER_MONITOR_AWARE_V2):
        _user32.SetProcessDPIAware()
