"""ntdll: the handles of this process, as the system lists them, whether the system is Wine, and whether this process
is ending."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi.loader import Library, Pointer

SystemHandleInformation = 16  # of SYSTEM_INFORMATION_CLASS
_STATUS_INFO_LENGTH_MISMATCH = -0x3FFFFFFC


class SYSTEM_HANDLE_TABLE_ENTRY_INFO(ctypes.Structure):
    """One handle of one process."""

    _fields_ = (
        ("process", w.USHORT), ("trace", w.USHORT), ("type", ctypes.c_ubyte), ("attributes", ctypes.c_ubyte),
        ("handle", w.USHORT), ("object", ctypes.c_void_p), ("access", w.ULONG),
    )  # fmt: skip


_NTDLL = Library("ntdll")

# 0, or a negative number. The last argument is where the needed size is put.
NtQuerySystemInformation: Callable[[int, Pointer, int, Pointer], int] = _NTDLL.function(
    "NtQuerySystemInformation", w.LONG, ctypes.c_int, ctypes.c_void_p, w.ULONG, ctypes.c_void_p
)
RtlDllShutdownInProgress: Callable[[], int] = _NTDLL.function("RtlDllShutdownInProgress", ctypes.c_ubyte)
wine_get_version: Callable[[], bytes] = _NTDLL.function("wine_get_version", ctypes.c_char_p)


@functools.cache
def is_wine() -> bool:
    """Whether this is Wine and not Windows."""
    try:
        return bool(wine_get_version())
    except (OSError, AttributeError):
        return False


def handles_like(handle: int, process: int) -> list[int]:
    """The handles of a process whose type and access are those of `handle`, which is one of them."""
    size = w.ULONG(64 * 1024)
    for _ in range(5):  # the list may grow between two calls
        buffer = ctypes.create_string_buffer(size.value)
        status = NtQuerySystemInformation(SystemHandleInformation, buffer, size.value, ctypes.byref(size))
        if status != _STATUS_INFO_LENGTH_MISMATCH:
            break
    if status < 0:
        return []
    count = ctypes.c_ulong.from_buffer_copy(buffer.raw[:4]).value
    rows = (SYSTEM_HANDLE_TABLE_ENTRY_INFO * count).from_buffer_copy(buffer.raw, ctypes.sizeof(ctypes.c_void_p))
    own = [(row.handle, row.type, row.access) for row in rows if row.process == process]
    kind = next(((type_, access) for each, type_, access in own if each == handle), None)
    return [each for each, type_, access in own if (type_, access) == kind]


def is_process_ending() -> bool:
    """Whether this process is on its way out: it has one thread left, and DLLs that were told of the end already."""
    return bool(RtlDllShutdownInProgress())
