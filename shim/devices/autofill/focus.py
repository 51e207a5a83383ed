"""What Windows says of the focused window and of the keys that are down, for the two ways of typing. L2.

user32 and advapi32 are loaded at the first fill: a host without windows must not pay for them. Nothing here sends a
message to a window, because the window's thread may be the one that asks.
"""

from __future__ import annotations

import functools
import ntpath
import os
import sys
from typing import Any

from shim.devices.autofill.base import Keyboard, Window

_MODIFIERS = {0x10: "Shift", 0x11: "Ctrl", 0x12: "Alt", 0x5B: "Win", 0x5C: "Win"}
_QUERY_LIMITED, _TOKEN_QUERY, _INTEGRITY_LEVEL = 0x1000, 0x0008, 25
_ACCESS_DENIED = 5
_NAME_ROOM = 1024


class WindowsKeyboard(Keyboard):
    """The half of a keyboard that both ways of typing share."""

    def __init__(self) -> None:
        self.user32, self._kernel32, self._advapi32 = _libraries()

    def focused(self) -> Window | None:
        import ctypes
        from ctypes import wintypes as w

        handle = self.user32.GetForegroundWindow()
        if not handle:
            return None
        number = w.DWORD()
        thread = self.user32.GetWindowThreadProcessId(handle, ctypes.byref(number))
        if not thread:  # it went away meanwhile
            return None
        kind = ctypes.create_unicode_buffer(256)
        self.user32.GetClassNameW(handle, kind, len(kind))
        program, above = self._process(number.value)
        return Window(handle, number.value, program, kind.value, self._focus(thread), above)

    def held(self) -> tuple[str, ...]:
        down = (name for key, name in _MODIFIERS.items() if self.user32.GetAsyncKeyState(key) & 0x8000)
        return tuple(dict.fromkeys(down))

    def close(self) -> None:
        """The libraries stay: they are the system's."""

    def _focus(self, thread: int) -> int:
        """The control of that thread which has the focus, 0 where there is none or Windows does not tell."""
        import ctypes

        info = _gui_thread_info()
        found = self.user32.GetGUIThreadInfo(thread, ctypes.byref(info))
        return int(info.focus or 0) if found else 0

    def _process(self, number: int) -> tuple[str, bool]:
        """The file name of a process, and whether it has more rights than this one; "" and False: not known."""
        import ctypes
        from ctypes import wintypes as w

        process = self._kernel32.OpenProcess(_QUERY_LIMITED, False, number)
        if not process:
            return "", last_error() == _ACCESS_DENIED
        try:
            path, size = ctypes.create_unicode_buffer(_NAME_ROOM), w.DWORD(_NAME_ROOM)
            found = self._kernel32.QueryFullProcessImageNameW(process, 0, path, ctypes.byref(size))
            name = ntpath.basename(path.value) if found else ""
            if number == os.getpid():
                return name, False
            theirs = self._level(process)
        finally:
            self._kernel32.CloseHandle(process)
        ours = self._level(self._kernel32.GetCurrentProcess())
        return name, theirs is not None and ours is not None and theirs > ours

    def _level(self, process: int) -> float | None:
        """The integrity level; infinite where we may not even ask, None where Windows does not tell."""
        import ctypes
        from ctypes import wintypes as w

        token, size = w.HANDLE(), w.DWORD()
        if not self._advapi32.OpenProcessToken(process, _TOKEN_QUERY, ctypes.byref(token)):
            return float("inf") if last_error() == _ACCESS_DENIED else None
        try:
            label = (ctypes.c_void_p * 32)()  # TOKEN_MANDATORY_LABEL: a pointer to the SID first, the SID behind it
            if not self._advapi32.GetTokenInformation(
                token, _INTEGRITY_LEVEL, label, ctypes.sizeof(label), ctypes.byref(size)
            ):
                return None
            count = self._advapi32.GetSidSubAuthorityCount(label[0])
            return int(self._advapi32.GetSidSubAuthority(label[0], count[0] - 1)[0])
        finally:
            self._kernel32.CloseHandle(token)


def last_error() -> int:
    """GetLastError as the call before left it; ctypes keeps it for each thread."""
    if sys.platform != "win32":
        return 0
    import ctypes

    return ctypes.get_last_error()


@functools.cache
def _libraries() -> tuple[Any, Any, Any]:
    """user32, kernel32, advapi32 with the prototypes of what is called. OSError where there is no Windows."""
    if sys.platform != "win32":
        raise OSError("no Windows")
    import ctypes
    from ctypes import wintypes as w

    pointer, handle = ctypes.c_void_p, w.HANDLE
    prototypes: dict[str, dict[str, tuple[Any, tuple[Any, ...]]]] = {
        "user32": {
            "GetForegroundWindow": (handle, ()),
            "GetWindowThreadProcessId": (w.DWORD, (handle, pointer)),
            "GetClassNameW": (ctypes.c_int, (handle, w.LPWSTR, ctypes.c_int)),
            "GetGUIThreadInfo": (w.BOOL, (w.DWORD, pointer)),
            "GetAsyncKeyState": (w.SHORT, (ctypes.c_int,)),
            "SendInput": (w.UINT, (w.UINT, pointer, ctypes.c_int)),
            "PostMessageW": (w.BOOL, (handle, w.UINT, ctypes.c_size_t, ctypes.c_ssize_t)),
        },
        "kernel32": {
            "OpenProcess": (handle, (w.DWORD, w.BOOL, w.DWORD)),
            "QueryFullProcessImageNameW": (w.BOOL, (handle, w.DWORD, w.LPWSTR, pointer)),
            "GetCurrentProcess": (handle, ()),
            "CloseHandle": (w.BOOL, (handle,)),
        },
        "advapi32": {
            "OpenProcessToken": (w.BOOL, (handle, w.DWORD, pointer)),
            "GetTokenInformation": (w.BOOL, (handle, ctypes.c_int, pointer, w.DWORD, pointer)),
            "GetSidSubAuthorityCount": (ctypes.POINTER(ctypes.c_ubyte), (pointer,)),
            "GetSidSubAuthority": (ctypes.POINTER(w.DWORD), (pointer, w.DWORD)),
        },
    }
    found = []
    for name, functions in prototypes.items():
        library = ctypes.WinDLL(name, use_last_error=True, winmode=0x800)  # System32 only
        for function, (result, arguments) in functions.items():
            entry = getattr(library, function)
            entry.restype, entry.argtypes = result, arguments
        found.append(library)
    return found[0], found[1], found[2]


def _gui_thread_info() -> Any:
    """An empty GUITHREADINFO."""
    import ctypes
    from ctypes import wintypes as w

    class GuiThreadInfo(ctypes.Structure):
        _fields_ = (
            ("size", w.DWORD), ("flags", w.DWORD), ("active", w.HWND), ("focus", w.HWND), ("capture", w.HWND),
            ("menu_owner", w.HWND), ("move_size", w.HWND), ("caret", w.HWND), ("caret_place", w.RECT),
        )  # fmt: skip

    return GuiThreadInfo(ctypes.sizeof(GuiThreadInfo))
