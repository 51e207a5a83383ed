"""Changed files of settings are noticed by a call, which never waits for them."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shim import configuration, settings_watch
from shim.settings_watch import SettingsWatch

LONG_AGO = 1_700_000_000


@pytest.fixture(autouse=True)
def _at_every_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every call looks, waits until that is done, and finds no other files than those of the test."""
    monkeypatch.setattr(settings_watch, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(settings_watch, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr("shim.configuration.local_data", lambda: tmp_path / "local")
    monkeypatch.setattr("shim.configuration.machine_data", lambda: tmp_path / "machine")


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    path = tmp_path / "his" / "vcshim.ini"
    path.parent.mkdir()
    return path


def write(path: Path, text: str, written: float = LONG_AGO) -> None:
    """Write a file that was not touched for a while."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, (written, written))


def days(watch: SettingsWatch) -> int | None:
    watch.look()
    fresh = watch.fresh()
    return None if fresh is None else fresh.log.keep_days


def test_a_change_is_handed_out_once(ini: Path) -> None:
    watch = SettingsWatch(ini.parent)
    assert days(watch) is None
    write(ini, "[log]\nkeep_days = 7\n")
    assert (days(watch), days(watch)) == (7, None)
    write(ini, "[log]\nkeep_days = 8\n", LONG_AGO + 1)
    assert (days(watch), days(watch)) == (8, None)
    ini.unlink()
    assert (days(watch), days(watch)) == (30, None)


@pytest.mark.parametrize("place", ["local/settings/fleet.ini", "machine/vcshim.ini"])
def test_every_file_counts(ini: Path, tmp_path: Path, place: str) -> None:
    write(ini, "[fleet]\nsource = /srv/fleet.txt\n")
    watch = SettingsWatch(ini.parent)
    write(tmp_path / place, "[log]\nkeep_days = 7\n")
    assert (days(watch), days(watch)) == (7, None)


def test_known_states_are_those_of_the_settings_in_force(ini: Path) -> None:
    """A forked child has the settings of its parent, and misses nothing that changed before its first call."""
    parent = SettingsWatch(ini.parent)
    write(ini, "[log]\nkeep_days = 7\n")
    assert days(SettingsWatch(ini.parent)) is None
    assert days(SettingsWatch(ini.parent, parent.known)) == 7


def test_a_folder_that_is_gone_is_no_change(ini: Path) -> None:
    """A network drive that was dropped: its settings stay in force."""
    write(ini, "[log]\nkeep_days = 7\n")
    watch = SettingsWatch(ini.parent)
    away = ini.parent.rename(ini.parent.with_name("away"))
    assert days(watch) is None
    away.rename(ini.parent)
    assert days(watch) is None


def test_an_error_of_the_system_is_no_change(ini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ERROR_BAD_NETPATH, which Python calls a missing file."""
    write(ini, "[log]\nkeep_days = 7\n")
    watch = SettingsWatch(ini.parent)

    def stat(*_: Any, **__: Any) -> Any:
        error = FileNotFoundError(2, "")
        error.winerror = 53  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(Path, "stat", stat)
    assert days(watch) is None


def test_a_file_that_cannot_be_read_is_handed_out_once_and_read_again(ini: Path) -> None:
    watch = SettingsWatch(ini.parent)
    write(ini, "[log]\nkeep_days = 7\n\0\0")
    watch.look()
    fresh = watch.fresh()
    assert fresh is not None and fresh.unreadable
    assert days(watch) is None
    write(ini, "[log]\nkeep_days = 7\n")
    assert days(watch) == 7


def test_a_file_that_is_being_written_is_waited_for(ini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor empties it first; an empty file would be all defaults."""
    write(ini, "[log]\nkeep_days = 7\n")
    watch = SettingsWatch(ini.parent)
    pauses, now = list[float](), time.time()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        write(ini, "[log]\nkeep_days = 9\n", LONG_AGO + 1)

    write(ini, "", now)
    clock = SimpleNamespace(monotonic=time.monotonic, time=lambda: now, sleep=sleep)
    monkeypatch.setattr("shim.settings_watch.time", clock)
    assert days(watch) == 9
    assert len(pauses) == 1


def test_a_call_does_not_wait_for_a_slow_disk(ini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on with what is in force; a later one gets the change, and meanwhile no second thread looks."""
    goes_on, began, looks = threading.Event(), threading.Event(), []
    read = configuration.read

    def slow(*arguments: Any) -> Any:
        looks.append(arguments)
        began.set()
        assert goes_on.wait(60)
        return read(*arguments)

    watch = SettingsWatch(ini.parent)
    write(ini, "[log]\nkeep_days = 7\n")
    monkeypatch.setattr(settings_watch, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("shim.settings_watch.configuration.read", slow)
    assert days(watch) is None
    assert began.wait(60)
    assert days(watch) is None
    goes_on.set()
    found = None
    while found is None:
        found = days(watch)
    assert (found, len(looks)) == (7, 1)


def test_a_lock_that_a_killed_thread_has_left_is_not_waited_for(ini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that a host makes while its process ends."""
    watch = SettingsWatch(ini.parent)
    write(ini, "[log]\nkeep_days = 7\n")
    watch._lock.acquire()
    monkeypatch.setattr(settings_watch, "PATIENCE_SECONDS", 0.0)
    assert days(watch) is None
    watch._lock.release()
    monkeypatch.setattr(settings_watch, "PATIENCE_SECONDS", 60.0)
    assert days(watch) == 7


def test_without_a_thread_nothing_is_looked_at(ini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = SettingsWatch(ini.parent)
    write(ini, "[log]\nkeep_days = 7\n")

    def refuse(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(settings_watch, "start_in_background", refuse)
        assert days(watch) is None
    assert days(watch) == 7


def test_a_failed_look_is_made_again(ini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = SettingsWatch(ini.parent)
    write(ini, "[log]\nkeep_days = 7\n")
    with monkeypatch.context() as patch:
        patch.setattr("shim.settings_watch.configuration.read", lambda *_: 1 // 0)
        assert days(watch) is None
    assert days(watch) == 7


def test_it_looks_at_most_every_two_seconds(ini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_watch, "LOOK_SECONDS", 3600.0)
    watch = SettingsWatch(ini.parent)
    write(ini, "[log]\nkeep_days = 7\n")
    assert days(watch) is None
