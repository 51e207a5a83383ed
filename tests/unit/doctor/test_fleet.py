"""What the doctor says of the hospital's settings: by the last look of this user, without one of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim import configuration
from shim.doctor.finding import Place
from shim.doctor.fleet import look_at_fleet
from shim.fleet.document import compose
from shim.fleet.store import FleetStore
from shim.fleet.take import look


@pytest.fixture
def his(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    monkeypatch.setattr(configuration, "machine_data", lambda: tmp_path / "machine")
    (tmp_path / "vcshim.ini").write_text("[fleet]\nsource = central.ini\n", "utf-8")
    return tmp_path


def found(his: Path) -> list[str]:
    return [finding.row.name for finding in look_at_fleet(Place(his, his / "vcshim"))]


def test_each_state_is_a_finding(his: Path) -> None:
    assert found(his) == ["fleet.never"]
    look(his, FleetStore(), "PC-1")
    assert found(his) == ["fleet.refused"]
    (his / "central.ini").write_bytes(compose(["[log]"], 1, 100, (), None))
    look(his, FleetStore(), "PC-1")
    assert found(his) == ["fleet.good"]
    (his / "vcshim.ini").write_text("[fleet]\nsource = other.ini\n", "utf-8")
    assert found(his) == ["fleet.never"]
    (his / "vcshim.ini").write_text("", "utf-8")
    assert found(his) == []
