"""`vcshim screen`: a picture in a file, a tour on a display, and what is wrong in words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from shim import cli
from shim.call_activity import CallActivity
from shim.commands import live, screen
from shim.devices.screen.base import Display, ScreenContent, ScreenPhase
from shim.devices.screen.driver import DrivenScreen
from shim.devices.screen.state import Durations, ScreenState
from tests.support.paths import ROOT

HAN = re.compile("[⺀-鿿]")


@pytest.mark.parametrize(("state", "codes"), [("waiting", 1), ("refused", 1), ("succeeded", 0), ("registered", 1)])
def test_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str], state: str, codes: int) -> None:
    (tmp_path / "vcshim.ini").write_text("[screen]\nheading = 第一医院\n", "utf-8")
    file = tmp_path / "out.png"
    words = ["screen", "--folder", str(tmp_path), "--png", str(file), "--state", state, "--size", "800x480"]
    assert cli.main(words) == 0
    assert f"已保存到 {file}\n" in capsys.readouterr().out
    with Image.open(file) as picture:
        assert picture.size == (800, 480)
        assert len(zxingcpp.read_barcodes(picture)) == codes


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["screen", "--folder", str(tmp_path), "--png", str(tmp_path / "no" / "out.png")]) == 1
    assert "失败：" in capsys.readouterr().out


@pytest.mark.needs("linux")
def test_a_tour_on_a_serial_display(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import tty

    end, held = os.openpty()
    tty.setraw(held)
    (tmp_path / "ttyDISPLAY").symlink_to(os.ttyname(held))
    ini = f"[screen]\ntype = serial\nport = {tmp_path / 'ttyDISPLAY'}\nprotocol = nextion\n"
    (tmp_path / "vcshim.ini").write_text(ini)
    assert cli.main(["screen", "--folder", str(tmp_path), "--seconds", "0.6"]) == 0
    sent = os.read(end, 65536)
    assert sent.startswith(b'qr0.txt="https://example.invalid/auth/') and sent.endswith(b'qr0.txt=""\xff\xff\xff')
    assert b"8BF77B9B0688AA6E" in sent
    assert "授权成功" in capsys.readouterr().out
    os.close(held)
    os.close(end)


class Shown(Display):
    """A display that says the given problems, one a refresh, and the last one from then on."""

    def __init__(self, *problems: str | None) -> None:
        self._problems = list(problems)
        self.contents: list[ScreenContent] = []

    def refresh(self, content: ScreenContent) -> None:
        self.contents.append(content)

    @property
    def problem(self) -> str | None:
        return self._problems.pop(0) if len(self._problems) > 1 else self._problems[0]

    def rest(self) -> None:
        """Nothing to release."""

    def close(self) -> None:
        """Nothing to release."""


def tour(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], display: Display) -> tuple[int, str]:
    """The tour on `display`."""
    driven = DrivenScreen(ScreenState(Durations()), lambda: display, CallActivity(), live.logger("test"))
    monkeypatch.setattr(screen, "pick_screen", lambda *_: driven)
    return cli.main(["screen", "--seconds", "0"]), capsys.readouterr().out


def test_a_tour_waits_for_a_slow_display(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every picture has been on the display before the next one, however short the time for each is."""
    monkeypatch.chdir(tmp_path)
    display = Shown(*[None] * 3, "")
    code, said = tour(monkeypatch, capsys, display)
    assert code == 0 and said.count("显示：") == 6
    shown = [content.phase for content in display.contents if content.phase is not ScreenPhase.HIDDEN]
    phases = list(dict.fromkeys(phase.value for phase in shown))
    assert phases[:4] == ["waiting", "refused", "succeeded", "registered"] and phases[4:] == ["expiring", "follow"]


@pytest.mark.parametrize("problems", [("没有扩展屏",), (None, None, "没有扩展屏")], ids=["at once", "later"])
def test_a_tour_that_shows_nothing_is_a_failure(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problems: tuple[str | None, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert tour(monkeypatch, capsys, Shown(*problems)) == (1, "失败：没有扩展屏\n")


def test_a_display_that_never_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(screen, "_SHOW_SECONDS", 0.1)
    code, said = tour(monkeypatch, capsys, Shown(None))
    assert code == 1 and "内没有显示" in said


def test_a_display_that_fails_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    display = Shown("")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if slept.count(0) == 2:
            display._problems = ["已断开"]
        threading.Event().wait(seconds)

    monkeypatch.setattr("shim.commands.screen.time.sleep", sleep)
    code, said = tour(monkeypatch, capsys, display)
    assert code == 1 and said.count("显示：") == 2 and said.endswith("失败：已断开\n")


@pytest.mark.needs("linux")
def test_a_tour_without_a_display(tmp_path: Path) -> None:
    """From a folder in which Python would not find shim: the helper finds it, and the cause is DISPLAY."""
    done = subprocess.run(
        [sys.executable, "-m", "shim.cli", "screen", "--lang", "zh", "--seconds", "0.3"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "DISPLAY": ""}, capture_output=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout.endswith("失败：没有任何显示器：连不上 X 服务器，请核对环境变量 DISPLAY\n")
    assert "显示：" not in done.stdout and "安全软件" not in done.stdout


def test_a_tour_on_a_serial_port_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "vcshim.ini").write_text("[screen]\ntype = serial\nport = /dev/ttyNONE\nprotocol = nextion\n")
    assert cli.main(["screen", "--folder", str(tmp_path), "--seconds", "0"]) == 1
    assert "失败：扩展屏 /dev/ttyNONE" in capsys.readouterr().out
    assert cli.main(["--lang", "en", "screen", "--folder", str(tmp_path), "--seconds", "0"]) == 1
    said = capsys.readouterr().out
    assert "Failed: extension screen /dev/ttyNONE: this PC has no such serial port, but " in said
    assert "(system error 2: No such file or directory); check the cable" in said and not HAN.search(said)


@pytest.mark.parametrize("ini", ["type = none", "type = serial"])
def test_what_is_not_set_up(tmp_path: Path, capsys: pytest.CaptureFixture[str], ini: str) -> None:
    (tmp_path / "vcshim.ini").write_text(f"[screen]\n{ini}\n")
    assert cli.main(["screen", "--folder", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "失败：" in said and "[screen]" in said and "vcshim screen" not in said
    assert cli.main(["--lang", "en", "screen", "--folder", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("Failed: ") and "[screen]" in said and not HAN.search(said)


@pytest.mark.parametrize("size", ["1024", "0x1", "axb", "99999x1"])
def test_a_size_that_is_none(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["screen", "--png", "x.png", "--size", size])
    assert "1024x600" in capsys.readouterr().err
