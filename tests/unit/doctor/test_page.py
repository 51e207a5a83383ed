"""The doctor's page as text: what it may load, what it says, what opens it. How it looks is tested in a browser."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
from pathlib import Path

import pytest

from shim import cli, toolbox
from shim.commands import doctor, doctor_files, own_console
from shim.commands.language import CommandLanguage, Phrase, speaking
from shim.doctor.examine import Examined
from shim.doctor.files import look_at_files
from shim.doctor.finding import FindingRow, Level, Place
from shim.doctor.page import DoctorReport

TITLE = Phrase("扫码枪", "Scanner")
ROWS = {level: FindingRow(f"x.{level.value}", level, Phrase("{x}", "{x}"), TITLE, TITLE) for level in Level}


def page_of(*levels: Level, x: str = "甲", language: CommandLanguage = CommandLanguage.CHINESE) -> str:
    found = [Examined(TITLE, [ROWS[level](x=x) for level in levels])]
    with speaking(language):
        return DoctorReport(Place(Path("D:/HIS"), Path("D:/HIS/vcshim")), found, "报告", {}, "PC-017", "2026").page()


def test_it_loads_nothing() -> None:
    """One style sheet and one script, both by checksum; no address, no handler in the markup, no frame."""
    html = page_of(*Level)
    policy = re.search('Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None and policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1] and "http" not in policy[1]
    for tag in ("style", "script"):
        texts = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.S)
        checksums = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert [f"'sha256-{each}'" in policy[1] for each in checksums] == [True]
    body = html.partition("</head>")[2]
    assert re.findall(r"(?:https?:)?//|\bsrc=|\bon\w+=|style=|<iframe|<form", body) == []


def test_it_leads_to_the_help_of_the_set(tmp_path: Path) -> None:
    """Where there is one; what is to be done has a link, and the text of the report names the file."""
    place = Place(tmp_path, tmp_path / "vcshim")
    report = DoctorReport(place, [Examined(TITLE, [ROWS[Level.ERROR](x="甲")])], "", {}, "PC", "2026")
    with speaking(CommandLanguage.CHINESE):
        without = report.page()
        (tmp_path / "vcshim").mkdir()
        (tmp_path / "vcshim" / "help.html").write_text("", "utf-8")
        leads = report.page()
    assert "<a href" not in without
    assert f'<a href="{(tmp_path / "vcshim" / "help.html").as_uri()}#doctor.x.error">在帮助中查看</a>' in leads


def test_what_is_found_is_text() -> None:
    html = page_of(Level.ERROR, x="</textarea><script>alert(1)</script>\"'&")
    assert "<script>alert" not in html
    assert html.count("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;") == 2


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [
        ((Level.OK, Level.NOTE), "verdict ok"),
        ((Level.OK, Level.WARNING), "verdict warning"),
        ((Level.WARNING, Level.ERROR), "verdict error"),
        ((), "verdict ok"),
    ],
)
def test_the_verdict_is_the_worst(levels: tuple[Level, ...], verdict: str) -> None:
    assert f'<section class="{verdict}">' in page_of(*levels)


def test_errors_come_first_and_each_language_is_whole() -> None:
    html = page_of(Level.WARNING, Level.ERROR)
    assert html.index("card error") < html.index("card warning")
    english = page_of(*Level, language=CommandLanguage.ENGLISH, x="x")
    assert re.findall("[一-鿿]+", english.partition("</head>")[2].replace("报告", "")) == []
    assert '<html lang="en">' in english and '<html lang="zh-CN">' in html


# ---- what opens it ---------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the browser was asked to open."""
    files: list[Path] = []
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "examine", lambda place: [Examined(TITLE, [ROWS[Level.WARNING](x="甲")])])

    def take(path: Path) -> bool:
        files.append(path)
        return True

    monkeypatch.setattr(doctor_files, "open_in_browser", take)
    return files


def test_a_double_click_opens_the_page(
    opened: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(own_console, "has_own_console", lambda: True)
    assert cli.main(["--lang", "zh"]) == 1
    (file,) = opened
    assert file.name == "doctor.html" and "verdict warning" in file.read_text("utf-8")
    assert "正在检查，结果将在浏览器中打开" in capsys.readouterr().out


def test_a_terminal_gets_the_help(opened: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2 and opened == [] and "COMMAND" in capsys.readouterr().err


def test_commands_without_the_doctor(opened: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_console, "has_own_console", lambda: True)
    with pytest.raises(SystemExit):
        cli.main([], ["spec"])
    assert opened == []


def test_no_browser(opened: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The page is named, and a console of its own stays until that is read."""
    waited: list[None] = []
    monkeypatch.setattr(doctor_files, "open_in_browser", lambda path: False)
    monkeypatch.setattr(own_console, "has_own_console", lambda: True)
    monkeypatch.setattr(own_console, "wait", lambda: waited.append(None))
    cli.main(["--lang", "zh"])
    assert "请用浏览器打开" in capsys.readouterr().out and waited == [None]


def test_a_page_of_a_name(opened: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "zh", "doctor", "--page", "检查.html"]) == 1
    assert (tmp_path / "检查.html").read_text("utf-8").startswith("<!DOCTYPE html>") and opened == []
    out = capsys.readouterr().out
    assert out == "已保存到 检查.html\n有 1 个问题需要处理\n"


@pytest.mark.parametrize(
    ("frozen", "users", "own"),
    [
        (False, (7,), True),
        (False, (7, 8), False),
        (False, (7, 6), False),
        (False, (), False),
        (True, (7, 6), True),
        (True, (7, 6, 5), False),
    ],
)
def test_whose_the_console_is(monkeypatch: pytest.MonkeyPatch, frozen: bool, users: tuple[int, ...], own: bool) -> None:
    """Process 7, started by 6: a console that a command prompt uses, too, is not this program's."""
    from shim.winapi import kernel32

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    monkeypatch.setattr(os, "getpid", lambda: 7)
    monkeypatch.setattr(os, "getppid", lambda: 6)
    monkeypatch.setattr(kernel32, "console_processes", lambda: users)
    assert own_console.has_own_console() is own


def test_the_toolbox_needs_no_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is double clicked on PCs that have none, where only the command of the DLLs would miss them."""
    place = Place(tmp_path, tmp_path / "vcshim")
    assert [finding.row.name for finding in look_at_files(place)] == ["files.no_set"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert [finding.row.name for finding in look_at_files(place)] == ["files.not_installed"]
    (tmp_path / "NationECCode.dll").write_bytes(b"MZ")
    assert [finding.row.name for finding in look_at_files(place)] == ["files.no_set"]
    assert "doctor" in toolbox.COMMANDS
