"""What a process says of its capture."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from shim.capture.state import StateFile, read_states
from shim.log import host_program


def test_calls_and_the_switch_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = StateFile(tmp_path / "state", "shadow")
    file.note_call(True)
    (state,) = read_states(tmp_path / "state")
    assert (state.host, state.pid, state.mode) == (host_program(), os.getpid(), "shadow")
    assert (state.calls, state.recorded, state.off_at, state.cause) == (1, 1, 0.0, "")
    file.note_call(False)
    file.note_off("磁盘已满")
    (state,) = read_states(tmp_path / "state")
    assert (state.calls, state.recorded, state.cause) == (2, 1, "磁盘已满")
    assert state.off_at >= state.began > 0


def test_a_day_has_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = StateFile(tmp_path, "capture")
    for seconds in (1_700_000_000, 1_700_000_000 + 86400):
        monkeypatch.setattr("time.time", lambda seconds=seconds: float(seconds))
        file.note_call(True)
    states = read_states(tmp_path)
    assert [(state.calls, state.began) for state in states] == [(1, 1_700_000_000.0), (1, 1_700_086_400.0)]
    assert states[0].day < states[1].day


def test_what_is_no_state_is_left_out(tmp_path: Path) -> None:
    assert read_states(tmp_path / "none") == []
    StateFile(tmp_path, "capture").note_call(True)
    (path,) = tmp_path.iterdir()
    row = {**json.loads(path.read_text()), "of_a_later_version": 1}
    path.write_text(json.dumps(row))
    for name, text in (
        ("capture-a-1-20260101.json", "{"),
        ("capture-b-1-20260101.json", "[1]"),
        ("capture-c-1-20260101.json", "{}"),
    ):
        (tmp_path / name).write_text(text)
    (tmp_path / "x.json").write_text("{}")
    assert [state.pid for state in read_states(tmp_path)] == [os.getpid()]


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    file = StateFile(tmp_path / "state", "capture")
    file.note_call(True)
    file.note_off("x")
    assert read_states(tmp_path / "state") == []
