"""The time of day at this PC, as Windows shows it. Not the clock of the wire, whose times the host writes itself.

time.localtime follows the environment variable TZ on Windows too, where it is set for programs that came from Unix and
no other program follows it. On Linux TZ is how the system is told its time zone, and is followed.
"""

from __future__ import annotations

import sys
import time

_KEY = r"SYSTEM\CurrentControlSet\Control\TimeZoneInformation"


def local_time(seconds: float) -> time.struct_time:
    """The local time at `seconds` since the epoch, which are about now: the present offset is used. Any thread."""
    minutes = _minutes_west()
    return time.localtime(seconds) if minutes is None else time.gmtime(seconds - 60 * minutes)


def _minutes_west() -> int | None:
    """What Windows subtracts from the local time's UTC at present, summer time included; None if it does not say."""
    if sys.platform != "win32":
        return None
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _KEY) as key:
            value, _ = winreg.QueryValueEx(key, "ActiveTimeBias")
    except OSError:
        return None
    return (int(value) & 0xFFFFFFFF ^ 0x80000000) - 0x80000000
