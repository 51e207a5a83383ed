"""kernel32: modules, processes, jobs, the clock of messages."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi.loader import Library, Pointer, last_error

JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000
JobObjectExtendedLimitInformation = 9  # of JOBOBJECTINFOCLASS
PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
ERROR_ACCESS_DENIED = 5
_MOST_PROCESSES = 16  # that are asked for: two are ours, more are others' as well
_NAME_CHARACTERS = 257  # more than MAX_COMPUTERNAME_LENGTH


class JOBOBJECT_EXTENDED_LIMIT_INFORMATION(ctypes.Structure):
    """The limits of a job."""

    _fields_ = (
        ("process_time", ctypes.c_int64), ("job_time", ctypes.c_int64), ("flags", w.DWORD),
        ("least_memory", ctypes.c_size_t), ("most_memory", ctypes.c_size_t), ("processes", w.DWORD),
        ("affinity", ctypes.c_size_t), ("priority", w.DWORD), ("scheduling", w.DWORD),
        ("counters", ctypes.c_uint64 * 6), ("memory", ctypes.c_size_t * 4),
    )  # fmt: skip


_KERNEL32 = Library("kernel32")

GetConsoleMode: Callable[[int, Pointer], int] = _KERNEL32.function("GetConsoleMode", w.BOOL, w.HANDLE, w.LPVOID)
SetConsoleMode: Callable[[int, int], int] = _KERNEL32.function("SetConsoleMode", w.BOOL, w.HANDLE, w.DWORD)
GetConsoleOutputCP: Callable[[], int] = _KERNEL32.function("GetConsoleOutputCP", w.UINT)
GetACP: Callable[[], int] = _KERNEL32.function("GetACP", w.UINT)
GetModuleHandleW: Callable[[str | None], int | None] = _KERNEL32.function("GetModuleHandleW", w.HMODULE, w.LPCWSTR)
GetTickCount: Callable[[], int] = _KERNEL32.function("GetTickCount", w.DWORD)
GetUserDefaultUILanguage: Callable[[], int] = _KERNEL32.function("GetUserDefaultUILanguage", w.WORD)
GetDriveTypeW: Callable[[str], int] = _KERNEL32.function("GetDriveTypeW", w.UINT, w.LPCWSTR)
GetComputerNameW: Callable[[Pointer, Pointer], int] = _KERNEL32.function(
    "GetComputerNameW", w.BOOL, w.LPWSTR, ctypes.c_void_p
)
GetConsoleProcessList: Callable[[Pointer, int], int] = _KERNEL32.function(
    "GetConsoleProcessList", w.DWORD, ctypes.c_void_p, w.DWORD
)
CloseHandle: Callable[[int | w.HANDLE], int] = _KERNEL32.function("CloseHandle", w.BOOL, w.HANDLE)
GlobalFree: Callable[[int | None], int | None] = _KERNEL32.function("GlobalFree", w.HGLOBAL, w.HGLOBAL)
LocalFree: Callable[[int | None], int | None] = _KERNEL32.function("LocalFree", w.HLOCAL, w.HLOCAL)

THREAD_PRIORITY_LOWEST = -2
GetCurrentThread: Callable[[], int] = _KERNEL32.function("GetCurrentThread", w.HANDLE)
SetThreadPriority: Callable[[int, int], int] = _KERNEL32.function("SetThreadPriority", w.BOOL, w.HANDLE, ctypes.c_int)

GetCurrentProcess: Callable[[], int] = _KERNEL32.function("GetCurrentProcess", w.HANDLE)
OpenProcess: Callable[[int, bool, int], int | None] = _KERNEL32.function(
    "OpenProcess", w.HANDLE, w.DWORD, w.BOOL, w.DWORD
)
QueryFullProcessImageNameW: Callable[[int, int, Pointer, Pointer], int] = _KERNEL32.function(
    "QueryFullProcessImageNameW", w.BOOL, w.HANDLE, w.DWORD, w.LPWSTR, ctypes.c_void_p
)

CreateJobObjectW: Callable[[Pointer, str | None], int | None] = _KERNEL32.function(
    "CreateJobObjectW", w.HANDLE, w.LPVOID, w.LPCWSTR
)
SetInformationJobObject: Callable[[int, int, Pointer, int], int] = _KERNEL32.function(
    "SetInformationJobObject", w.BOOL, w.HANDLE, ctypes.c_int, w.LPVOID, w.DWORD
)
AssignProcessToJobObject: Callable[[int, int], int] = _KERNEL32.function(
    "AssignProcessToJobObject", w.BOOL, w.HANDLE, w.HANDLE
)


def console_processes() -> tuple[int, ...]:
    """The processes that use the console of this one; none without a console."""
    numbers = (w.DWORD * _MOST_PROCESSES)()
    count = GetConsoleProcessList(numbers, _MOST_PROCESSES)  # NB: more than there is room for if it does not fit
    return tuple(numbers[:count]) if count <= _MOST_PROCESSES else ()


def console_mode(handle: int) -> int | None:
    """The mode of a console; None for a handle of anything else."""
    mode = w.DWORD()
    return mode.value if GetConsoleMode(handle, ctypes.byref(mode)) else None


def set_console_mode(handle: int, mode: int) -> bool:
    """Set the mode of a console; False if it has no such mode, as before Windows 10."""
    return bool(SetConsoleMode(handle, mode))


def computer_name() -> str:
    """The name of this PC; "" if Windows does not say."""
    text, length = ctypes.create_unicode_buffer(_NAME_CHARACTERS), w.DWORD(_NAME_CHARACTERS)
    return text.value if GetComputerNameW(text, ctypes.byref(length)) else ""


GetCurrentProcessId: Callable[[], int] = _KERNEL32.function("GetCurrentProcessId", w.DWORD)
ProcessIdToSessionId: Callable[[int, Pointer], int] = _KERNEL32.function(
    "ProcessIdToSessionId", w.BOOL, w.DWORD, ctypes.c_void_p
)


def session_number() -> int:
    """The Windows session of this process: one for each user of a terminal server; 0 if Windows does not say."""
    return session_of(GetCurrentProcessId()) or 0


def session_of(process: int) -> int | None:
    """The Windows session of a process by its number; None if Windows does not say."""
    number = w.DWORD()
    return number.value if ProcessIdToSessionId(process, ctypes.byref(number)) else None


CreateMutexW: Callable[[Pointer, bool, str], int | None] = _KERNEL32.function(
    "CreateMutexW", w.HANDLE, ctypes.c_void_p, w.BOOL, w.LPCWSTR
)
ERROR_ALREADY_EXISTS = 183


GENERIC_READ, GENERIC_WRITE = 0x80000000, 0x40000000
_SHARE_ALL, _OPEN_EXISTING = 7, 3
_ERROR_SHARING_VIOLATION = 32
CreateFileW: Callable[[str, int, int, Pointer, int, int, Pointer], int | None] = _KERNEL32.function(
    "CreateFileW", w.HANDLE, w.LPCWSTR, w.DWORD, w.DWORD, w.LPVOID, w.DWORD, w.DWORD, w.HANDLE
)


def is_in_use(path: str) -> bool:
    """Whether another program has a file loaded, or open in a way that keeps this one from reading or writing it."""
    for access in (GENERIC_READ, GENERIC_WRITE):
        handle = CreateFileW(path, access, _SHARE_ALL, None, _OPEN_EXISTING, 0, None)
        if handle in (None, w.HANDLE(-1).value):
            if last_error() == _ERROR_SHARING_VIOLATION:
                return True
        else:
            CloseHandle(handle)
    return False


class OVERLAPPED(ctypes.Structure):
    """Where in a file an operation begins."""

    _fields_ = (
        ("internal", ctypes.c_size_t), ("internal_high", ctypes.c_size_t), ("offset", w.DWORD),
        ("offset_high", w.DWORD), ("event", w.HANDLE),
    )  # fmt: skip


LOCKFILE_FAIL_IMMEDIATELY, LOCKFILE_EXCLUSIVE_LOCK = 1, 2
LockFileEx: Callable[[int, int, int, int, int, Pointer], int] = _KERNEL32.function(
    "LockFileEx", w.BOOL, w.HANDLE, w.DWORD, w.DWORD, w.DWORD, w.DWORD, ctypes.c_void_p
)
UnlockFileEx: Callable[[int, int, int, int, Pointer], int] = _KERNEL32.function(
    "UnlockFileEx", w.BOOL, w.HANDLE, w.DWORD, w.DWORD, w.DWORD, ctypes.c_void_p
)
_LAST_BYTE = 0x7FFFFFFF  # as the high half of an offset: no file has it, and nobody waits for reading it


def lock_byte(handle: int) -> bool:
    """Lock a byte of a file that lies beyond its end, by which processes agree to take turns; False if it is locked."""
    where = OVERLAPPED(offset_high=_LAST_BYTE)
    flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY
    return bool(LockFileEx(handle, flags, 0, 1, 0, ctypes.byref(where)))


def unlock_byte(handle: int) -> None:
    """Release what `lock_byte` locked."""
    UnlockFileEx(handle, 0, 1, 0, ctypes.byref(OVERLAPPED(offset_high=_LAST_BYTE)))
