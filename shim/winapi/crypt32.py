"""crypt32: sealing with the user's own key (DPAPI)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi import kernel32
from shim.winapi.loader import Library, Pointer

CRYPTPROTECT_UI_FORBIDDEN = 1


class DATA_BLOB(ctypes.Structure):
    """Bytes and their number. Those of an answer are the caller's, who frees them by LocalFree."""

    _fields_ = (("size", w.DWORD), ("data", ctypes.c_void_p))


_CRYPT32 = Library("crypt32")
_pointer = ctypes.c_void_p
_Protect = Callable[[Pointer, str | None, Pointer, Pointer, Pointer, int, Pointer], int]

CryptProtectData: _Protect = _CRYPT32.function(
    "CryptProtectData", w.BOOL, _pointer, w.LPCWSTR, _pointer, _pointer, _pointer, w.DWORD, _pointer
)
# Its second argument is where a description would be put, here always NULL.
CryptUnprotectData: _Protect = _CRYPT32.function(
    "CryptUnprotectData", w.BOOL, _pointer, _pointer, _pointer, _pointer, _pointer, w.DWORD, _pointer
)


def protect(data: bytes) -> bytes | None:
    """`data` sealed for the user who runs this process, on this PC; None if Windows refuses. Shows no window."""
    return _convert(CryptProtectData, data)


def unprotect(data: bytes) -> bytes | None:
    """What `protect` sealed; None for anything else and for another user's. Shows no window."""
    return _convert(CryptUnprotectData, data)


def _convert(function: _Protect, data: bytes) -> bytes | None:
    buffer = ctypes.create_string_buffer(data, len(data))
    source, result = DATA_BLOB(len(data), ctypes.cast(buffer, ctypes.c_void_p)), DATA_BLOB()
    done = function(
        ctypes.byref(source), None, None, None, None, CRYPTPROTECT_UI_FORBIDDEN, ctypes.byref(result)
    )  # fmt: skip
    if not done:
        return None
    try:
        return ctypes.string_at(result.data or 0, result.size)
    finally:
        kernel32.LocalFree(result.data)
