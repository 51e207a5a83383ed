"""`vcshim kept`: what it lists and shows, and what it says where there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim import answer_store, cli, wiring

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def a_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user of the test's own, whose key turns an answer round."""
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "state"))
    monkeypatch.setattr(answer_store, "_seal", lambda data: data[::-1])
    monkeypatch.setattr(answer_store, "_unseal", lambda data: data[::-1] if data[:1] == b"}" else None)
    monkeypatch.chdir(tmp_path)


@pytest.mark.needs("linux")
@pytest.mark.parametrize("words", [[], ["--folder", "."]])
def test_nothing_kept_is_said(tmp_path: Path, capsys: Capture, words: list[str]) -> None:
    """And looking leaves no trace: no folder, no log."""
    assert cli.main(["kept", *words]) == 0
    assert capsys.readouterr().out == "没有保存的应答（只在 Windows 上保存）\n"
    assert list(tmp_path.iterdir()) == []


def test_the_answers_of_the_dlls_are_listed_and_shown(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "his").mkdir()
    name = wiring.wire(tmp_path / "his").answer_store.save('{"user_name":"王𬱖"}')
    assert cli.main(["kept"]) == 0
    assert capsys.readouterr().out == f"{name}\n"
    assert cli.main(["kept", str(name)]) == 0
    assert capsys.readouterr().out == '{"user_name":"王𬱖"}\n'


def test_what_cannot_be_shown(tmp_path: Path, capsys: Capture) -> None:
    assert cli.main(["kept", "gone"]) == 1
    assert capsys.readouterr().err == "vcshim kept: 没有名为 gone 的应答\n"
    folder = tmp_path / "state" / "vcshim" / "kept"
    folder.mkdir(parents=True)
    (folder / "other.sealed").write_bytes(b"of another user")
    assert cli.main(["kept", "other"]) == 1
    assert capsys.readouterr().err == "vcshim kept: 应答 other 由其他用户或在其他电脑上保存，无法解密\n"
