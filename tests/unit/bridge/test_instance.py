"""One service a session, its note, and the token of the user."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shim.bridge import instance
from shim.bridge.instance import BridgeNote

# Holds the session until its standard input ends; or says that another one does.
_HOLDER = """
import sys
from shim.bridge import instance
try:
    instance.hold_session()
except instance.AlreadyRunning:
    print("another", flush=True)
else:
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def test_one_for_a_session() -> None:
    """The second is refused; when the first has ended, however it did, the next one is not."""
    words = [sys.executable, "-c", _HOLDER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(words, **pipes) as first:  # type: ignore[call-overload]
        assert first.stdout.readline() == b"held\n"
        assert subprocess.run(words, input=b"", capture_output=True, check=True).stdout == b"another\n"
        first.kill()
    assert subprocess.run(words, input=b"", capture_output=True, check=True).stdout == b"held\n"


def test_the_token_is_made_once_and_kept_private(home: Path) -> None:
    token = instance.own_token()
    assert len(token) >= 40 and instance.own_token() == token
    path = home / "vcshim" / "bridge" / "token"
    assert path.read_text() == token and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_note(home: Path) -> None:
    assert instance.read_note() is None
    note = BridgeNote(1, 17910, "/his")
    instance.write_note(note)
    assert instance.read_note() == note
    for damaged in ("", "{", "[]", '{"pid":1}'):
        (home / "vcshim" / "bridge" / "running.json").write_text(damaged)
        assert instance.read_note() is None
    instance.forget_note()
    instance.forget_note()
