"""advapi32: the rights of a process, as its access token has them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi.loader import Library, Pointer

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

_NAME_CHARACTERS = 257  # UNLEN, with the NUL


def windows_user() -> str:
    """The Windows user whose rights this thread has; "" if Windows does not say."""
    text, length = ctypes.create_unicode_buffer(_NAME_CHARACTERS), w.DWORD(_NAME_CHARACTERS)
    return text.value if GetUserNameW(text, ctypes.byref(length)) else ""
