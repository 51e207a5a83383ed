"""The focused window and the modifiers that are down, as Windows has them: the half that both Windows keyboards share.

Nothing here sends a message to a window, because the window's thread may be the caller.
"""

from __future__ import annotations

import ctypes
import ntpath
import os
from ctypes import wintypes as w

from shim.devices.autofill.base import FocusedWindow, Keyboard
from shim.winapi import advapi32, kernel32, loader, user32

_MODIFIERS = {
    user32.VK_SHIFT: "Shift", user32.VK_CONTROL: "Ctrl", user32.VK_MENU: "Alt", user32.VK_LWIN: "Win",
    user32.VK_RWIN: "Win",
}  # fmt: skip
_DOWN = 0x8000
_PATH_LENGTH = 1024
_CLASS_NAME_LENGTH = 256


class WindowsKeyboard(Keyboard):
    """A keyboard that still lacks its way of typing."""

    def focused(self) -> FocusedWindow | None:
        handle = user32.GetForegroundWindow()
        if not handle:
            return None
        process_id = w.DWORD()
        thread = user32.GetWindowThreadProcessId(handle, ctypes.byref(process_id))
        if not thread:  # the window went away meanwhile
            return None
        class_name = ctypes.create_unicode_buffer(_CLASS_NAME_LENGTH)
        user32.GetClassNameW(handle, class_name, len(class_name))
        program, elevated = _program(process_id.value)
        return FocusedWindow(handle, process_id.value, program, class_name.value, _focused_control(thread), elevated)

    def modifiers(self) -> tuple[str, ...]:
        down = (name for key, name in _MODIFIERS.items() if user32.GetAsyncKeyState(key) & _DOWN)
        return tuple(dict.fromkeys(down))

    def close(self) -> None:
        """Nothing was opened."""


def _focused_control(thread: int) -> int:
    """The control of a thread that has its focus; 0 if there is none, or Windows does not tell."""
    info = user32.GUITHREADINFO(ctypes.sizeof(user32.GUITHREADINFO))
    known = user32.GetGUIThreadInfo(thread, ctypes.byref(info))
    return int(info.focus or 0) if known else 0


def _program(process_id: int) -> tuple[str, bool]:
    """The file name of a process, and whether it has more rights than this one; "" and False if unknown."""
    process = kernel32.OpenProcess(kernel32.PROCESS_QUERY_LIMITED_INFORMATION, False, process_id)
    if not process:
        return "", loader.last_error() == kernel32.ERROR_ACCESS_DENIED
    try:
        path, size = ctypes.create_unicode_buffer(_PATH_LENGTH), w.DWORD(_PATH_LENGTH)
        known = kernel32.QueryFullProcessImageNameW(process, 0, path, ctypes.byref(size))
        name = ntpath.basename(path.value) if known else ""
        if process_id == os.getpid():
            return name, False
        theirs = _integrity_level(process)
    finally:
        kernel32.CloseHandle(process)
    ours = _integrity_level(kernel32.GetCurrentProcess())
    return name, theirs is not None and ours is not None and theirs > ours


def _integrity_level(process: int) -> float | None:
    """The integrity level of a process; infinite if we may not even ask, None if Windows does not tell."""
    token, size = w.HANDLE(), w.DWORD()
    if not advapi32.OpenProcessToken(process, advapi32.TOKEN_QUERY, ctypes.byref(token)):
        return float("inf") if loader.last_error() == kernel32.ERROR_ACCESS_DENIED else None
    try:
        label = (ctypes.c_void_p * 32)()  # TOKEN_MANDATORY_LABEL: a pointer to the SID first, the SID behind it
        level, room = advapi32.TokenIntegrityLevel, ctypes.sizeof(label)
        if not advapi32.GetTokenInformation(token, level, label, room, ctypes.byref(size)):
            return None
        count = advapi32.GetSidSubAuthorityCount(label[0])
        return int(advapi32.GetSidSubAuthority(label[0], count[0] - 1)[0])
    finally:
        kernel32.CloseHandle(token)
