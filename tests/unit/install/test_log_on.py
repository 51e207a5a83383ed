"""What starts `vcshim bridge` at log-on: on Linux a file of the desktop's. Windows' Run key is for tests under Wine."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.install import log_on


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
