"""user32: windows and their messages, monitors, the focus, keys as they are pressed and as they are sent."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi import kernel32
from shim.winapi.loader import Library, Pointer, callback_type, require

_int, _pointer = ctypes.c_int, ctypes.c_void_p
_LRESULT = ctypes.c_ssize_t

WM_DESTROY, WM_PAINT, WM_CLOSE, WM_ERASEBKGND, WM_SETCURSOR = 0x0002, 0x000F, 0x0010, 0x0014, 0x0020
WM_MOUSEACTIVATE, WM_DISPLAYCHANGE, WM_INPUT = 0x0021, 0x007E, 0x00FF
WM_KEYDOWN, WM_KEYUP, WM_CHAR = 0x0100, 0x0101, 0x0102
WM_APP = 0x8000  # and up: a program's own
MA_NOACTIVATE = 3
WS_POPUP = 0x80000000
WS_EX_TOPMOST, WS_EX_TOOLWINDOW, WS_EX_NOACTIVATE = 0x8, 0x80, 0x08000000
SW_HIDE = 0
SWP_NOACTIVATE, SWP_SHOWWINDOW, SWP_NOOWNERZORDER = 0x10, 0x40, 0x200
HWND_TOPMOST, HWND_MESSAGE = -1, -3
MONITORINFOF_PRIMARY = 1
DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2 = -4
VK_RETURN, VK_SHIFT, VK_CONTROL, VK_MENU, VK_CAPITAL, VK_LWIN, VK_RWIN = 0x0D, 0x10, 0x11, 0x12, 0x14, 0x5B, 0x5C
INPUT_KEYBOARD, KEYEVENTF_KEYUP, KEYEVENTF_UNICODE = 1, 0x0002, 0x0004
RID_INPUT, RIDI_DEVICENAME, RIDEV_INPUTSINK, RI_KEY_BREAK = 0x10000003, 0x20000007, 0x100, 0x01
RAW_INPUT_FAILED = 0xFFFFFFFF  # (UINT)-1, what its functions return

WNDPROC = callback_type(_LRESULT, w.HWND, w.UINT, w.WPARAM, w.LPARAM)
MONITORENUMPROC = callback_type(w.BOOL, w.HANDLE, w.HDC, ctypes.POINTER(w.RECT), w.LPARAM)


class WNDCLASSW(ctypes.Structure):
    """A class of windows."""

    _fields_ = (
        ("style", w.UINT), ("procedure", WNDPROC), ("class_extra", _int), ("window_extra", _int),
        ("instance", w.HINSTANCE), ("icon", w.HICON), ("cursor", w.HANDLE), ("background", w.HBRUSH),
        ("menu", w.LPCWSTR), ("name", w.LPCWSTR),
    )  # fmt: skip


class PAINTSTRUCT(ctypes.Structure):
    """What of a window must be painted."""

    _fields_ = (
        ("context", w.HDC), ("erase", w.BOOL), ("box", w.RECT), ("restore", w.BOOL), ("update", w.BOOL),
        ("reserved", w.BYTE * 32),
    )  # fmt: skip


class MONITORINFOEXW(ctypes.Structure):
    """One monitor: its box on the desktop, in dots, and its name."""

    _fields_ = (("size", w.DWORD), ("box", w.RECT), ("work", w.RECT), ("flags", w.DWORD), ("name", w.WCHAR * 32))


class GUITHREADINFO(ctypes.Structure):
    """Which windows of a thread have the focus, the mouse, the caret."""

    _fields_ = (
        ("size", w.DWORD), ("flags", w.DWORD), ("active", w.HWND), ("focus", w.HWND), ("capture", w.HWND),
        ("menu_owner", w.HWND), ("move_size", w.HWND), ("caret", w.HWND), ("caret_place", w.RECT),
    )  # fmt: skip


class RAWINPUTDEVICE(ctypes.Structure):
    """Which devices a window listens to."""

    _fields_ = (("page", w.USHORT), ("usage", w.USHORT), ("flags", w.DWORD), ("window", w.HWND))


class RAWINPUTHEADER(ctypes.Structure):
    """The device that an input came from."""

    _fields_ = (("type", w.DWORD), ("size", w.DWORD), ("device", w.HANDLE), ("parameter", w.WPARAM))


class RAWINPUT(ctypes.Structure):
    """RAWINPUT with the RAWKEYBOARD of its union."""

    _fields_ = (
        ("header", RAWINPUTHEADER), ("scan_code", w.USHORT), ("flags", w.USHORT), ("reserved", w.USHORT),
        ("key", w.USHORT), ("message", w.UINT), ("extra", w.ULONG),
        ("rest", w.BYTE * 8),  # Windows counts the whole union, of which RAWMOUSE is the largest
    )  # fmt: skip


_USER32 = Library("user32")

# Windows.
RegisterClassW: Callable[[Pointer], int] = _USER32.function("RegisterClassW", w.ATOM, ctypes.POINTER(WNDCLASSW))
CreateWindowExW: Callable[
    [int, str, str, int, int, int, int, int, int | None, int | None, int | None, Pointer], int | None
] = _USER32.function(
    "CreateWindowExW", w.HWND, w.DWORD, w.LPCWSTR, w.LPCWSTR, w.DWORD, _int, _int, _int, _int, w.HWND, w.HMENU,
    w.HINSTANCE, w.LPVOID,
)  # fmt: skip
DefWindowProcW: Callable[[int, int, int, int], int] = _USER32.function(
    "DefWindowProcW", _LRESULT, w.HWND, w.UINT, w.WPARAM, w.LPARAM
)
SetWindowPos: Callable[[int, int, int, int, int, int, int], int] = _USER32.function(
    "SetWindowPos", w.BOOL, w.HWND, w.HWND, _int, _int, _int, _int, w.UINT
)
ShowWindow: Callable[[int, int], int] = _USER32.function("ShowWindow", w.BOOL, w.HWND, _int)
BeginPaint: Callable[[int, Pointer], int | None] = _USER32.function(
    "BeginPaint", w.HDC, w.HWND, ctypes.POINTER(PAINTSTRUCT)
)
EndPaint: Callable[[int, Pointer], int] = _USER32.function(
    "EndPaint", w.BOOL, w.HWND, ctypes.POINTER(PAINTSTRUCT)
)  # fmt: skip
InvalidateRect: Callable[[int, Pointer, bool], int] = _USER32.function(
    "InvalidateRect", w.BOOL, w.HWND, ctypes.POINTER(w.RECT), w.BOOL
)
UpdateWindow: Callable[[int], int] = _USER32.function("UpdateWindow", w.BOOL, w.HWND)
SetCursor: Callable[[int | None], int | None] = _USER32.function("SetCursor", w.HANDLE, w.HANDLE)

# Messages.
GetMessageW: Callable[[Pointer, int | None, int, int], int] = _USER32.function(
    "GetMessageW", _int, ctypes.POINTER(w.MSG), w.HWND, w.UINT, w.UINT
)
TranslateMessage: Callable[[Pointer], int] = _USER32.function("TranslateMessage", w.BOOL, ctypes.POINTER(w.MSG))
DispatchMessageW: Callable[[Pointer], int] = _USER32.function("DispatchMessageW", _LRESULT, ctypes.POINTER(w.MSG))
PostMessageW: Callable[[int, int, int, int], int] = _USER32.function(
    "PostMessageW", w.BOOL, w.HWND, w.UINT, w.WPARAM, w.LPARAM
)
PostQuitMessage: Callable[[int], None] = _USER32.function("PostQuitMessage", None, _int)
GetMessageTime: Callable[[], int] = _USER32.function("GetMessageTime", w.LONG)

# Monitors.
EnumDisplayMonitors: Callable[[int | None, Pointer, Pointer, int], int] = _USER32.function(
    "EnumDisplayMonitors", w.BOOL, w.HDC, ctypes.POINTER(w.RECT), MONITORENUMPROC, w.LPARAM
)
GetMonitorInfoW: Callable[[int, Pointer], int] = _USER32.function(
    "GetMonitorInfoW", w.BOOL, w.HANDLE, ctypes.POINTER(MONITORINFOEXW)
)
SetProcessDPIAware: Callable[[], int] = _USER32.function("SetProcessDPIAware", w.BOOL)
# From Windows 10 1703 on.
SetProcessDpiAwarenessContext: Callable[[int], int] = _USER32.function(
    "SetProcessDpiAwarenessContext", w.BOOL, w.HANDLE
)

# The focus. None of these sends a message to the window.
GetForegroundWindow: Callable[[], int | None] = _USER32.function("GetForegroundWindow", w.HWND)
GetWindowThreadProcessId: Callable[[int, Pointer], int] = _USER32.function(
    "GetWindowThreadProcessId", w.DWORD, w.HWND, _pointer
)
GetClassNameW: Callable[[int, Pointer, int], int] = _USER32.function("GetClassNameW", _int, w.HWND, w.LPWSTR, _int)
GetGUIThreadInfo: Callable[[int, Pointer], int] = _USER32.function("GetGUIThreadInfo", w.BOOL, w.DWORD, _pointer)

# Keys.
GetAsyncKeyState: Callable[[int], int] = _USER32.function("GetAsyncKeyState", w.SHORT, _int)
SendInput: Callable[[int, Pointer, int], int] = _USER32.function("SendInput", w.UINT, w.UINT, _pointer, _int)
ToUnicode: Callable[[int, int, Pointer, Pointer, int, int], int] = _USER32.function(
    "ToUnicode", _int, w.UINT, w.UINT, _pointer, w.LPWSTR, _int, w.UINT
)
RegisterRawInputDevices: Callable[[Pointer, int, int], int] = _USER32.function(
    "RegisterRawInputDevices", w.BOOL, ctypes.POINTER(RAWINPUTDEVICE), w.UINT, w.UINT
)
# The handle is the LPARAM of WM_INPUT, as it came.
GetRawInputData: Callable[[int, int, Pointer, Pointer, int], int] = _USER32.function(
    "GetRawInputData", w.UINT, w.LPARAM, w.UINT, w.LPVOID, ctypes.POINTER(w.UINT), w.UINT
)
GetRawInputDeviceInfoW: Callable[[int, int, Pointer, Pointer], int] = _USER32.function(
    "GetRawInputDeviceInfoW", w.UINT, w.HANDLE, w.UINT, w.LPVOID, ctypes.POINTER(w.UINT)
)


def create_window(
    name: str, procedure: Pointer, *, style: int = 0, extended: int = 0, parent: int | None = None
) -> int:
    """A hidden window of a class of its own, both called `name`; its messages come to the thread that calls.

    Args:
        procedure: a WNDPROC. The caller keeps it as long as the window lives: Windows holds no reference.

    Raises:
        OSError: there are no windows here, or Windows refuses this one.
    """
    instance = kernel32.GetModuleHandleW(None)
    row = WNDCLASSW(0, procedure, 0, 0, instance, None, None, None, None, name)
    RegisterClassW(ctypes.byref(row))
    return require(CreateWindowExW(extended, name, name, style, 0, 0, 0, 0, parent, None, instance, None))
