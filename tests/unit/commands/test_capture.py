"""`vcshim capture`: what it lists and deletes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shim import cli, configuration, wiring
from shim.capture.record import CapturedCall
from shim.capture.state import StateFile
from shim.capture.store import CaptureStore
from shim.workstation import file_word, user_name, workstation_name

Capture = pytest.CaptureFixture[str]
CALL = CapturedCall("1", "h", "SetEcQrcode", (), 0, None, None, 0, 1.0, 2.0)


@pytest.fixture(autouse=True)
def a_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return wiring.captures_folder(configuration.read(tmp_path))


def test_nothing_captured_is_said(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    """And looking leaves no trace."""
    assert cli.main(["capture"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"文件夹：{folder}" and out[-1] == "没有留存"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.needs("linux")
def test_days_are_listed(folder: Path, capsys: Capture) -> None:
    store = CaptureStore(folder, 30, 1 << 20)
    for _ in range(3):
        store.append(CALL)
    store.close()
    store.days()[0].path.rename(folder / "captures-20260102.vcc")
    store.append(CALL)
    (folder / "captures-20260101.vcc").write_bytes(bytes(2 * 1024 * 1024))
    StateFile(wiring.capture_states_folder(), "capture").note_off("磁盘已满")
    for words in (["capture"], ["capture", "list"], ["capture", "--folder", "."], ["capture", "list", "--folder", "."]):
        assert cli.main(words) == 0
        out = capsys.readouterr().out.splitlines()
        assert out[1] == f"可读者：能读此账号文件的人；留存的密钥在 {folder / 'captures.key'}，权限 0600"
        assert out[3:5] == ["2026-01-01  0  2.0", "2026-01-02  3  0.0"]
        assert out[6] == "共 3 天，4 次调用，2.0 MB"
        assert out[7].endswith(f"（进程 {os.getpid()}）关闭了留存：磁盘已满")


def test_they_are_deleted_with_their_key(folder: Path, capsys: Capture) -> None:
    CaptureStore(folder, 30, 1 << 20).append(CALL)
    assert cli.main(["capture", "delete"]) == 0
    assert capsys.readouterr().out == "已删除 1 天的留存\n"
    assert list(folder.iterdir()) == []
    assert cli.main(["capture", "delete"]) == 0
    assert capsys.readouterr().out == "没有留存\n"


def test_a_folder_of_the_sites_own_is_divided_by_pc_and_user(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "vcshim.ini").write_text("[capture]\nfolder = D/captures\n")
    assert cli.main(["capture"]) == 0
    own = f"{file_word(workstation_name())}-{file_word(user_name())}"
    assert capsys.readouterr().out.splitlines()[0] == f"文件夹：{tmp_path / 'D' / 'captures' / own}"


def test_an_unknown_word(capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["capture", "delte"])
    assert "delte" in capsys.readouterr().err
