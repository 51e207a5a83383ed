"""What starts `vcshim bridge` at log-on: on Linux a file of the desktop's. Windows' Run key is for tests under Wine."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.install import log_on
from shim.install.outcome import SetupFailed, SetupOutcome
from shim.sets import CORE
from tests.support.installing import library


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def test_an_entry_for_each_folder(home: Path) -> None:
    command = log_on.start_at_log_on(["/opt/the toolbox", "-x"], Path("/opt/100%/his"))
    assert command == "'/opt/the toolbox' -x bridge --background --folder /opt/100%%/his"
    log_on.start_at_log_on(["/opt/toolbox"], Path("/opt/other"))
    files = sorted((home / "autostart").glob("vcshim-bridge-*.desktop"))
    assert len(files) == 2
    assert any(f"Exec={command}\n" in path.read_text("utf-8") for path in files)
    assert log_on.forget_log_on(Path("/opt/100%/his"))
    assert not log_on.forget_log_on(Path("/opt/100%/his"))
    assert len(list((home / "autostart").iterdir())) == 1


@pytest.fixture
def own_set(tmp_path: Path) -> Path:
    """A set for programs of 32 bits, and two programs beside it."""
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / CORE).write_bytes(library("core"))
    (tmp_path / "toolbox32.exe").write_bytes(library("toolbox"))
    (tmp_path / "toolbox64.exe").write_bytes(library("toolbox", 0x8664))
    return folder


@pytest.mark.parametrize("name", ["toolbox64.exe", "none.exe", "set"])
def test_a_program_that_cannot_be_used(own_set: Path, tmp_path: Path, name: str) -> None:
    """Refused before anything is changed."""
    with pytest.raises(SetupFailed) as refused, log_on.bridge_at_log_on(tmp_path / name, Path("/his"), own_set):
        raise AssertionError("nothing may be installed")
    assert refused.value.outcome is SetupOutcome.NO_BRIDGE
    assert log_on.log_on_command(Path("/his")) is None


def test_with_an_installation(own_set: Path, tmp_path: Path) -> None:
    """Undone with an installation that fails; an earlier entry stays."""
    program, his = tmp_path / "toolbox32.exe", Path("/his")
    for count in range(2):
        with pytest.raises(ZeroDivisionError), log_on.bridge_at_log_on(program, his, own_set):
            assert log_on.log_on_command(his) == f"{program} bridge --background --folder /his"
            raise ZeroDivisionError
        assert (log_on.log_on_command(his) is not None) == bool(count)
        with log_on.bridge_at_log_on(program, his, own_set):
            pass
        assert log_on.log_on_command(his)


def test_without_the_word(own_set: Path) -> None:
    with log_on.bridge_at_log_on(None, Path("/his"), own_set):
        assert log_on.log_on_command(Path("/his")) is None
