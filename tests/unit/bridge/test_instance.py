"""One service a session, its note, and the token of the user."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shim import patience
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


@pytest.mark.parametrize("function", ["replace", "unlink"])
def test_a_note_that_somebody_reads(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace and to remove it meanwhile."""
    instance.write_note(BridgeNote(1, 17910, "/his"))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(patience, "_PAUSE", 0.0)
    done, refusals = getattr(os, function), [PermissionError(13, "open")] * 3

    def refused(*words: object, **more: object) -> None:
        if refusals:
            raise refusals.pop()
        done(*words, **more)

    monkeypatch.setattr(os, function, refused)
    monkeypatch.setattr(instance, "_note_file", lambda: instance.bridge_folder() / "running.json")
    if function == "unlink":
        instance.forget_note()
        assert instance.read_note() is None
    else:
        instance.write_note(BridgeNote(2, 17911, "/his"))
        assert instance.read_note() == BridgeNote(2, 17911, "/his")


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
