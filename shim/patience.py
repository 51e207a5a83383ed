"""Replaces and removes files that another program may have open for a moment.

Windows refuses both as long as somebody reads the file, a virus scanner included; other systems do not. Not for a file
that a program keeps open: that is the caller's to say. Used by whatever is replaced while others read it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

_ATTEMPTS, _PAUSE = 20, 0.1  # seconds


def patiently(action: Callable[[], object]) -> None:
    """Do `action`, under Windows again for two seconds where it is refused. Raises what it raises in the end."""
    for attempt in range(_ATTEMPTS):
        try:
            action()
        except PermissionError:
            if sys.platform != "win32" or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
        else:
            return
