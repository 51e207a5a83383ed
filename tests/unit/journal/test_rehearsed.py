"""What a warm-up does with the journal: opens a file that is there, and makes none (shim/rehearsal.py)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shim.call_port import Port
from shim.rehearsal import rehearse
from shim.simulator.server import Simulator
from shim.wiring import wire
from tests.support.calls import VERIFY


def open_files() -> list[str]:
    return [os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()]


def test_the_journal(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    first = wire(tmp_path)
    rehearse(first)
    assert not (tmp_path / "state").exists()
    Port(tmp_path).answer("VirtualCardTrans", [simulator.gateway.encode(), VERIFY["in"].encode("gb18030")], 0, 2048)
    (file,) = (tmp_path / "state").rglob("journal-*.db")
    before = open_files().count(str(file))
    second = wire(tmp_path)
    rehearse(second)
    assert open_files().count(str(file)) == before + 1
