"""Ensures that helper processes end with their host, even if the host is killed: the host's side.

On Windows the helpers belong to a job whose only handle is the host's, and the system ends them when that handle goes.
On Linux a helper sees to it itself (parent.py). The end of its stdin ends a helper in any case, unless it hangs.
"""

from __future__ import annotations

import subprocess
import sys


class ProcessJob:
    """The helper processes of one owner. Does nothing on Linux. For one thread."""

    def __init__(self) -> None:
        self._handle: int | None = None

    def add(self, process: subprocess.Popen[bytes]) -> None:
        """Have `process` end with this one.

        Raises:
            OSError: Windows refuses; before Windows 8 a host that is in a job itself may not have another.
        """
        if sys.platform == "win32":
            from shim.winapi import kernel32
            from shim.winapi.loader import require

            if self._handle is None:
                self._handle = _new_job()
            require(kernel32.AssignProcessToJobObject(self._handle, int(process._handle)))  # type: ignore[attr-defined]

    def close(self) -> None:
        """End every process that was added and still runs."""
        if sys.platform == "win32":
            from shim.winapi import kernel32

            handle, self._handle = self._handle, None
            if handle is not None:
                kernel32.CloseHandle(handle)


def _new_job() -> int:
    """A job whose handle no child process inherits."""
    import ctypes

    from shim.winapi import kernel32
    from shim.winapi.loader import require

    job = require(kernel32.CreateJobObjectW(None, None))
    limits = kernel32.JOBOBJECT_EXTENDED_LIMIT_INFORMATION(flags=kernel32.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE)
    kind, size = kernel32.JobObjectExtendedLimitInformation, ctypes.sizeof(limits)
    try:
        require(kernel32.SetInformationJobObject(job, kind, ctypes.byref(limits), size))
    except OSError:
        kernel32.CloseHandle(job)
        raise
    return job
