"""A helper process dies with the host that started it, even if neither of them can do anything about it any more.

On Windows the host keeps its helpers in a job, and the system ends them when the host's handle goes. On Linux a helper
sees to it itself (PR_SET_PDEATHSIG). The end of its stdin ends a helper in any case, unless it hangs. L2.
"""

from __future__ import annotations

import subprocess
import sys

_KILL_ON_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation


class Tether:
    """A job for the helpers of one owner; nothing at all on Linux."""

    def __init__(self) -> None:
        self._job = 0

    def tie(self, process: subprocess.Popen[bytes]) -> None:
        """OSError where that cannot be done: before Windows 8 a host that is in a job itself may not have another."""
        if sys.platform == "win32":
            if not self._job:
                self._job = _new_job()
            if not _kernel32().AssignProcessToJobObject(self._job, int(process._handle)):  # type: ignore[attr-defined]
                raise ctypes.WinError(ctypes.get_last_error())

    def cut(self) -> None:
        """Every helper that is still there ends now."""
        if sys.platform == "win32" and self._job:
            _kernel32().CloseHandle(self._job)
            self._job = 0


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes as w

    class _Limits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

        _fields_ = (
            ("process_time", ctypes.c_int64), ("job_time", ctypes.c_int64), ("flags", w.DWORD),
            ("least_memory", ctypes.c_size_t), ("most_memory", ctypes.c_size_t), ("processes", w.DWORD),
            ("affinity", ctypes.c_size_t), ("priority", w.DWORD), ("scheduling", w.DWORD),
            ("counters", ctypes.c_uint64 * 6), ("memory", ctypes.c_size_t * 4),
        )  # fmt: skip

    def _kernel32() -> ctypes.WinDLL:
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True, winmode=0x800)  # from System32 only
        kernel32.CreateJobObjectW.restype = w.HANDLE
        kernel32.CreateJobObjectW.argtypes = (w.LPVOID, w.LPCWSTR)
        kernel32.SetInformationJobObject.argtypes = (w.HANDLE, ctypes.c_int, w.LPVOID, w.DWORD)
        kernel32.AssignProcessToJobObject.argtypes = (w.HANDLE, w.HANDLE)
        kernel32.CloseHandle.argtypes = (w.HANDLE,)
        return kernel32

    def _new_job() -> int:
        """A job that nobody inherits."""
        kernel32 = _kernel32()
        job = kernel32.CreateJobObjectW(None, None)
        if not job:
            raise ctypes.WinError(ctypes.get_last_error())
        limits = _Limits(flags=_KILL_ON_CLOSE)
        if not kernel32.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)):
            error = ctypes.WinError(ctypes.get_last_error())
            kernel32.CloseHandle(job)
            raise error
        return int(job)
