"""--folder: what it is without the word, and which vcshim.ini a command says that it reads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shim.cli import main
from shim.commands.folder import default_folder


@pytest.mark.parametrize("name", ["vcshim.exe", "vcshim", "VCSHIM.EXE"])
def test_vcshim_reads_what_the_dlls_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "executable", f"/his/vcshim/{name}")
    assert default_folder() == Path("/his")


def test_a_program_in_one_of_several_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "vcshim" / "1.0-a").mkdir(parents=True)
    (tmp_path / "vcshim" / "current.txt").write_text("1.0-a\n", "ascii")
    for own in (tmp_path / "vcshim" / "1.0-a", tmp_path / "vcshim"):
        monkeypatch.setattr(sys, "executable", str(own / "vcshim.exe"))
        assert default_folder() == tmp_path


@pytest.mark.parametrize("program", ["/usr/bin/python3.11", "", None])
def test_a_checkout_reads_the_current_folder(monkeypatch: pytest.MonkeyPatch, program: str | None) -> None:
    monkeypatch.setattr(sys, "executable", program)
    assert default_folder() == Path()


@pytest.fixture
def his(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program started in its own folder, below that of the DLLs."""
    (tmp_path / "vcshim").mkdir()
    monkeypatch.chdir(tmp_path / "vcshim")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "vcshim" / "vcshim.exe"))
    return tmp_path


# For each command: an ini that shows in its output, and what shows.
READ = {
    ("label", "--status"): ("[label]\ntype = file\nfile = x.prn\n", "不能查询"),
    ("scan",): ("[scanner]\ntype = tcp\n", "type = tcp 还须写 address"),
    ("screen",): ("[screen]\ntype = serial\n", "type = serial 还须写 port"),
    ("sign", "--dialect", "none-of-these"): ("[dialect 本院]\nbase = sister\n", "本院"),
    ("open", "--dialect", "none-of-these"): ("[dialect 本院]\nbase = sister\n", "本院"),
}


@pytest.mark.parametrize("words", READ, ids=lambda words: words[0])
def test_the_ini_beside_the_dlls_is_read(his: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    ini, wanted = READ[words]
    (his / "vcshim.ini").write_text(ini, "utf-8")
    main(list(words))
    said = "".join(capsys.readouterr())
    assert wanted in said


@pytest.mark.parametrize("words", [("label", "--status"), ("scan",), ("screen", "--png", "x.png")], ids=lambda w: w[0])
def test_a_command_names_the_ini(his: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    main(list(words))
    assert f"没有设置文件 {his}/vcshim.ini，全部按默认值运行\n" in capsys.readouterr().err
    (his / "vcshim.ini").touch()
    main(list(words))
    assert f"设置文件：{his}/vcshim.ini\n" in capsys.readouterr().err
    main([*words, "--folder", str(his / "vcshim")])
    assert f"没有设置文件 {his}/vcshim/vcshim.ini" in capsys.readouterr().err


def test_the_toolbox_beside_the_dlls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "vcshim-toolbox.exe"))
    assert default_folder() == Path()
    (tmp_path / "VirtualCardChk.dll").touch()
    assert default_folder() == tmp_path
