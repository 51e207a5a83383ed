"""Ensures that a helper process ends with its host, even if the host is killed: the helper's side.

Used by helper programs only, at their start. The host's side is job.py.
"""

from __future__ import annotations

import sys

_PR_SET_PDEATHSIG, _SIGKILL = 1, 9


def end_with_parent() -> None:
    """On Linux, have the system kill this process, also while it hangs, when the thread that started it ends.

    A parent that ended before this call has closed our stdin. On Windows the parent keeps its helpers in a job.
    """
    if sys.platform != "win32":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
