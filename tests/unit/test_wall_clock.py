"""The local time: on Windows by its registry, on Linux by TZ."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from shim import wall_clock
from shim.wall_clock import local_time, midnight, utc
from tests.support.forked import in_child

pytestmark = pytest.mark.needs("linux")  # time.tzset

NOON = 1_764_158_400.0  # 2025-11-26 12:00:00 UTC


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A host whose TZ is 5 hours ahead."""
    monkeypatch.setenv("TZ", "XYZ-5")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def shown() -> str:
    return str(local_time(NOON)).replace("T", " ")


def windows(monkeypatch: pytest.MonkeyPatch, **values: int) -> None:
    """This system becomes a Windows with these values in its key of the time zone."""

    def query(key: str, name: str) -> tuple[int, int]:
        assert key == r"SYSTEM\CurrentControlSet\Control\TimeZoneInformation"
        if name not in values:
            raise FileNotFoundError(2, name)
        return values[name], 4

    registry = SimpleNamespace(
        HKEY_LOCAL_MACHINE=1, OpenKey=lambda root, path: nullcontext(path), QueryValueEx=query
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(wall_clock, "_minutes", (float("inf"), None))  # nobody has asked it yet


def test_linux_follows_tz() -> None:
    assert shown() == "2025-11-26 17:00:00"


@pytest.mark.parametrize(
    ("bias", "expected"),
    [
        (0xFFFFFE20, "2025-11-26 20:00:00"),  # -480: Beijing
        (0, "2025-11-26 12:00:00"),
        (300, "2025-11-26 07:00:00"),
    ],
)
def test_windows_does_not(monkeypatch: pytest.MonkeyPatch, bias: int, expected: str) -> None:
    windows(monkeypatch, ActiveTimeBias=bias)
    assert shown() == expected


def test_windows_is_asked_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time takes a tenth of a millisecond under Wine, and each line of the log has the time."""
    windows(monkeypatch, ActiveTimeBias=0)
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    assert shown() == "2025-11-26 12:00:00"
    monkeypatch.setattr(wall_clock, "_minutes_west", lambda: 300)
    assert shown() == "2025-11-26 12:00:00"
    now[0] += 1.0
    assert shown() == "2025-11-26 07:00:00"


def test_a_windows_that_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    windows(monkeypatch)
    assert shown() == "2025-11-26 17:00:00"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "1970-01-01T00:00:00"),
        (951_782_399.9, "2000-02-28T23:59:59"),
        (951_782_400, "2000-02-29T00:00:00"),
        (1_709_251_199, "2024-02-29T23:59:59"),
        (1_740_787_200, "2025-03-01T00:00:00"),
        (4_107_542_399, "2100-02-28T23:59:59"),
        (4_107_542_400, "2100-03-01T00:00:00"),
    ],
)
def test_utc(seconds: float, expected: str) -> None:
    assert str(utc(seconds)) == expected


def test_every_day_of_two_centuries() -> None:
    """As the C library has them."""
    for day in range(0, 73_000):
        moment = utc(day * 86400 + 43_200)
        assert moment[:3] == time.gmtime(day * 86400)[:3]
        assert midnight(moment.date) == day * 86400 - 5 * 3600


@pytest.mark.parametrize("date", ["20251301", "20250230", "20250200", "20250001", "2025123", "２０２５１２０１", "a"])
def test_there_is_no_such_day(date: str) -> None:
    assert midnight(date) is None


def test_a_forked_child_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock of the C library's time zone may be held for ever. It has the offset that its parent had."""

    def child() -> tuple[str, float | None]:
        def never(*_: object) -> None:
            raise AssertionError("asked")

        for name in ("localtime", "gmtime", "mktime", "strftime"):
            setattr(time, name, never)
        return shown(), midnight("20251126")

    expected = "2025-11-26 17:00:00", 1_764_097_200.0
    assert in_child(child) == expected
    assert in_child(lambda: in_child(child)) == expected
