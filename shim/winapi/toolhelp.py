"""kernel32's snapshots of programs and of what each has loaded. Declared apart: only the installer asks for them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import wintypes as w

from shim.winapi.kernel32 import CloseHandle
from shim.winapi.loader import Library, Pointer

TH32CS_SNAPPROCESS = 0x2
TH32CS_SNAPMODULE = 0x8
TH32CS_SNAPMODULE32 = 0x10
_INVALID_HANDLE_VALUE = w.HANDLE(-1).value
_BAD_LENGTH_ATTEMPTS = 5  # Windows asks to try again while a program is loading something


class PROCESSENTRY32W(ctypes.Structure):
    """A program."""

    _fields_ = (
        ("size", w.DWORD), ("usage", w.DWORD), ("process_id", w.DWORD), ("heap", ctypes.c_size_t),
        ("module_id", w.DWORD), ("threads", w.DWORD), ("parent_id", w.DWORD), ("priority", w.LONG), ("flags", w.DWORD),
        ("file", w.WCHAR * 260),
    )  # fmt: skip


class MODULEENTRY32W(ctypes.Structure):
    """A DLL or program file that a program has loaded."""

    _fields_ = (
        ("size", w.DWORD), ("module_id", w.DWORD), ("process_id", w.DWORD), ("global_usage", w.DWORD),
        ("usage", w.DWORD), ("base", ctypes.c_void_p), ("base_size", w.DWORD), ("module", w.HMODULE),
        ("name", w.WCHAR * 256), ("path", w.WCHAR * 260),
    )  # fmt: skip


_KERNEL32 = Library("kernel32")

CreateToolhelp32Snapshot: Callable[[int, int], int | None] = _KERNEL32.function(
    "CreateToolhelp32Snapshot", w.HANDLE, w.DWORD, w.DWORD
)
Process32FirstW: Callable[[int, Pointer], int] = _KERNEL32.function("Process32FirstW", w.BOOL, w.HANDLE, w.LPVOID)
Process32NextW: Callable[[int, Pointer], int] = _KERNEL32.function("Process32NextW", w.BOOL, w.HANDLE, w.LPVOID)
Module32FirstW: Callable[[int, Pointer], int] = _KERNEL32.function("Module32FirstW", w.BOOL, w.HANDLE, w.LPVOID)
Module32NextW: Callable[[int, Pointer], int] = _KERNEL32.function("Module32NextW", w.BOOL, w.HANDLE, w.LPVOID)


def running_programs() -> list[tuple[int, str]]:
    """The number and the file name of every program that this one may see."""
    snapshot = _snapshot(TH32CS_SNAPPROCESS, 0)
    if snapshot is None:
        return []
    entry = PROCESSENTRY32W(size=ctypes.sizeof(PROCESSENTRY32W))
    rows = _rows(snapshot, entry, Process32FirstW, Process32NextW)
    return [(int(entry.process_id), str(entry.file)) for _ in rows]


def loaded_files(process_id: int) -> list[str]:
    """The paths of what a program has loaded; none of a program that this user may not look into."""
    snapshot = _snapshot(TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32, process_id)
    if snapshot is None:
        return []
    entry = MODULEENTRY32W(size=ctypes.sizeof(MODULEENTRY32W))
    return [str(entry.path) for _ in _rows(snapshot, entry, Module32FirstW, Module32NextW)]


def _snapshot(flags: int, process_id: int) -> int | None:
    for _ in range(_BAD_LENGTH_ATTEMPTS):
        snapshot = CreateToolhelp32Snapshot(flags, process_id)
        if snapshot != _INVALID_HANDLE_VALUE:
            return snapshot
    return None


def _rows(
    snapshot: int,
    entry: ctypes.Structure,
    first: Callable[[int, Pointer], int],
    following: Callable[[int, Pointer], int],
) -> Iterator[None]:
    """Fills `entry` with one row after another."""
    try:
        more = first(snapshot, ctypes.byref(entry))
        while more:
            yield
            more = following(snapshot, ctypes.byref(entry))
    finally:
        CloseHandle(snapshot)
