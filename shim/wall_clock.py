"""The time of day at this PC, as Windows shows it. Not the clock of the wire, whose times the host writes itself.

time.localtime follows the environment variable TZ on Windows too, where it is set for programs that came from Unix and
no other program follows it. On Linux TZ is how the system is told its time zone, and is followed.

A forked child goes on with the offset that its parent had: the C library's lock of the time zone may have been held by
a thread of the host at that moment, and is then never released. That is why nothing here or in the log calls strftime.
"""

from __future__ import annotations

import sys
import time
from typing import NamedTuple

from shim import forks

_KEY = r"SYSTEM\CurrentControlSet\Control\TimeZoneInformation"
_DAY = 86400
_DAYS_OF_400_YEARS = 146_097
_DAYS_TO_1970 = 719_468  # from the first of March of the year 0

_noted: int | None = None  # the offset before a fork
_kept: int | None = None  # that of a forked child
_ASK_SECONDS = 1.0
_minutes: tuple[float, int | None] = (float("inf"), None)  # when Windows was asked, and its answer


class Moment(NamedTuple):
    """A date and a time of day."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    @property
    def date(self) -> str:
        """yyyymmdd."""
        return f"{self.year:04d}{self.month:02d}{self.day:02d}"

    @property
    def digits(self) -> str:
        """yyyymmddhhmmss."""
        return f"{self.date}{self.hour:02d}{self.minute:02d}{self.second:02d}"

    def __str__(self) -> str:
        """As ISO 8601 has it: yyyy-mm-ddThh:mm:ss."""
        date, clock = f"{self.year:04d}-{self.month:02d}-{self.day:02d}", f"{self.hour:02d}:{self.minute:02d}"
        return f"{date}T{clock}:{self.second:02d}"


def local_time(seconds: float) -> Moment:
    """The local time at `seconds` since the epoch, which are about now: the present offset is used. Any thread."""
    return utc(seconds + _offset())


def utc(seconds: float) -> Moment:
    """The moment `seconds` since the epoch. Pure."""
    days, rest = divmod(int(seconds // 1), _DAY)
    era, of_era = divmod(days + _DAYS_TO_1970, _DAYS_OF_400_YEARS)
    of_year = of_era - of_era // 1460 + of_era // 36524 - of_era // 146_096
    year = of_year // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153  # 0 is March
    day = of_year - (153 * month + 2) // 5 + 1
    month += 3 if month < 10 else -9
    return Moment(400 * era + year + (month <= 2), month, day, rest // 3600, rest // 60 % 60, rest % 60)


def midnight(date: str) -> float | None:
    """The beginning of a day that is written yyyymmdd, in seconds since the epoch; None if there is no such day."""
    if len(date) != 8 or not (date.isascii() and date.isdigit()):
        return None
    year, month, day = int(date[:4]), int(date[4:6]), int(date[6:])
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    era, of_era = divmod(year - (month <= 2), 400)
    days = era * _DAYS_OF_400_YEARS + 365 * of_era + of_era // 4 - of_era // 100 + of_year - _DAYS_TO_1970
    return float(days * _DAY - _offset()) if utc(days * _DAY)[:3] == (year, month, day) else None


def _offset() -> int:
    """Seconds that the local time is ahead of UTC at present."""
    if _kept is not None:
        return _kept
    minutes = _minutes_now()
    return time.localtime().tm_gmtoff if minutes is None else -60 * minutes


def _minutes_now() -> int | None:
    """The same as `_minutes_west`, which Windows is asked once a second: each time takes 0.1 ms under Wine."""
    global _minutes
    now = time.monotonic()
    asked, minutes = _minutes
    if sys.platform == "win32" and not asked <= now < asked + _ASK_SECONDS:
        minutes = _minutes_west()
        _minutes = now, minutes
    return minutes


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


def _before_fork() -> None:
    global _noted
    _noted = _offset()


def _in_child() -> None:
    global _kept
    _kept = _noted


forks.before_fork(_before_fork)
forks.in_child(_in_child)
