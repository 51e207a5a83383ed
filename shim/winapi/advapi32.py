"""advapi32: the rights of a process, as its access token has them, and the event log."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi.loader import Library, Pointer, require

TOKEN_QUERY = 0x0008
TokenIntegrityLevel = 25  # of TOKEN_INFORMATION_CLASS

_ADVAPI32 = Library("advapi32")
_pointer = ctypes.c_void_p

OpenProcessToken: Callable[[int, int, Pointer], int] = _ADVAPI32.function(
    "OpenProcessToken", w.BOOL, w.HANDLE, w.DWORD, _pointer
)
GetTokenInformation: Callable[[w.HANDLE, int, Pointer, int, Pointer], int] = _ADVAPI32.function(
    "GetTokenInformation", w.BOOL, w.HANDLE, ctypes.c_int, _pointer, w.DWORD, _pointer
)
GetSidSubAuthorityCount: Callable[[int | None], Pointer] = _ADVAPI32.function(
    "GetSidSubAuthorityCount", ctypes.POINTER(ctypes.c_ubyte), _pointer
)
GetSidSubAuthority: Callable[[int | None, int], Pointer] = _ADVAPI32.function(
    "GetSidSubAuthority", ctypes.POINTER(w.DWORD), _pointer, w.DWORD
)
GetUserNameW: Callable[[Pointer, Pointer], int] = _ADVAPI32.function("GetUserNameW", w.BOOL, w.LPWSTR, _pointer)

RegisterEventSourceW: Callable[[str | None, str], int | None] = _ADVAPI32.function(
    "RegisterEventSourceW", w.HANDLE, w.LPCWSTR, w.LPCWSTR
)
ReportEventW: Callable[[int, int, int, int, Pointer, int, int, Pointer, Pointer], int] = _ADVAPI32.function(
    "ReportEventW", w.BOOL, w.HANDLE, w.WORD, w.WORD, w.DWORD, _pointer, w.WORD, w.DWORD, _pointer, _pointer
)
DeregisterEventSource: Callable[[int], int] = _ADVAPI32.function("DeregisterEventSource", w.BOOL, w.HANDLE)

_NAME_CHARACTERS = 257  # UNLEN, with the NUL


def windows_user() -> str:
    """The Windows user whose rights this thread has; "" if Windows does not say."""
    text, length = ctypes.create_unicode_buffer(_NAME_CHARACTERS), w.DWORD(_NAME_CHARACTERS)
    return text.value if GetUserNameW(text, ctypes.byref(length)) else ""


def write_event(source: str, type_: int, number: int, text: str) -> None:
    """Write an event with one text to the log of this PC.

    Raises:
        OSError: Windows refuses, or its service does not run.
    """
    handle = require(RegisterEventSourceW(None, source))
    try:
        words = (w.LPCWSTR * 1)(text)
        require(ReportEventW(handle, type_, 0, number, None, 1, 0, words, None))
    finally:
        DeregisterEventSource(handle)
