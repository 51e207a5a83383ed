"""The local time: on Windows by its registry, on Linux by TZ."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from shim.wall_clock import local_time

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
    return time.strftime("%Y-%m-%d %H:%M:%S", local_time(NOON))


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


def test_a_windows_that_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    windows(monkeypatch)
    assert shown() == "2025-11-26 17:00:00"
