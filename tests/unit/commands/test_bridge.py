"""`vcshim bridge` as a command: its words, and the service in the background. What it serves: tests/unit/bridge."""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from shim import cli
from shim.toolbox import COMMANDS
from tests.support.bridges import make_libraries


@dataclass
class User:
    """A user of this PC, with a HIS folder."""

    home: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *words: str) -> tuple[int, str, str]:
        """One command: its exit code, what it prints, what it warns."""
        code = cli.main(["--lang", "en", "bridge", "--folder", str(self.home / "his"), *words], COMMANDS)
        return code, *self.capture.readouterr()


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> User:
    (tmp_path / "his").mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return User(tmp_path, capsys)


@pytest.mark.needs("gcc")
def test_in_the_background(user: User) -> None:
    """Started, found again, refused a second time, stopped. The DLLs are called as by the service in front."""
    make_libraries(user.home / "his")
    code, printed, warned = user.run("--background", "--port", "0", "--json")
    assert code == 0, warned
    port = json.loads(printed)["port"]
    try:
        headers = {"Authorization": f"Bearer {user.run('--token')[1].strip()}"}
        url = f"http://127.0.0.1:{port}/v1/calls/Set_QRflow_Mode"
        assert requests.post(url, json={"mode": 1}, headers=headers, timeout=60).json()["code"] == 0
        code, printed, _ = user.run("--background")
        assert code == 0 and f"on port {port}" in printed
        code, _, warned = user.run()
        assert code == 1 and f"on port {port}" in warned
    finally:
        stopped = user.run("--stop")
    assert stopped == (0, f"stopped, on port {port}\n", "")
    assert user.run("--stop")[0] == 1


def test_a_start_that_fails_says_why(user: User) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (user.home / "his" / "vcshim.ini").write_text(f"[bridge]\nport = {port}\nports = 1\n")
        code, _, warned = user.run("--background")
    assert code == 1
    assert f"no port of 127.0.0.1 from {port} to {port} can be used" in warned


def test_at_log_on(user: User) -> None:
    assert user.run("--not-at-log-on")[1] == "was not to be started at log-on\n"
    assert "bridge --background --folder" in user.run("--at-log-on")[1]
    assert len(list((user.home / "config" / "autostart").iterdir())) == 1
    assert user.run("--not-at-log-on")[1] == "will not be started at log-on any more\n"


def test_without_the_web_server(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in vcshim.exe, which has no Tornado."""
    monkeypatch.delitem(sys.modules, "shim.bridge.server", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tornado"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tornado", None)
    code, _, warned = user.run("--token")
    assert code == 1 and "vcshim-toolbox.exe" in warned
