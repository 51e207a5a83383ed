"""What wiring makes of [mode] and [capture]."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from shim import wiring
from shim.capture.forwarding import VendorOutcome
from shim.capture.source import read_captures
from shim.capture.state import read_states
from tests.support.cleartext import assert_no_clear_text
from tests.support.forked import in_child
from tests.support.recording import received
from tests.support.servers import Server, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(autouse=True)
def a_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "his").mkdir()
    monkeypatch.chdir(tmp_path / "his")


def wired(tmp_path: Path, text: str) -> wiring.Wired:
    (tmp_path / "his" / "vcshim.ini").write_text(text, "utf-8")
    return wiring.wire(tmp_path / "his")


def talk(_server: Server, connection: socket.socket) -> None:
    while data := connection.recv(4096):
        if b"\r\n\r\n" in data:
            connection.sendall(OK)


def forwarded(made: wiring.Wired, url: str, data: str) -> None:
    """One call that a vendor's DLL answers."""
    assert made.forwarding is not None
    started = made.forwarding.begin("VirtualCardTrans", (url.encode(), data.encode("gbk")), 0)
    assert started.address is not None
    host, _, port = started.address.split(b"/")[2].decode().rpartition(":")
    with socket.create_connection((host, int(port)), timeout=30) as sock:
        sock.sendall(f"GET /?{data} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode("gbk"))
        assert received(sock, len(OK)) == OK
    assert not made.forwarding.end(started.ticket, VendorOutcome(b"00", 0, data.encode("gbk")))


def test_native_mode_forwards_nothing(tmp_path: Path) -> None:
    assert wired(tmp_path, "").forwarding is None


def test_capture_mode_keeps_calls_and_nothing_in_clear(tmp_path: Path) -> None:
    private = ("330102199001011234", "王小明明测试", "13800138000")
    made = wired(tmp_path, "[mode]\nrun = capture\n")
    with serving(talk) as server:
        for value in private:
            forwarded(made, server.url, value)
    calls = list(read_captures([wiring.captures_folder(made.configuration)]))
    assert [call.texts[1] for call in calls] == [value.encode("gbk") for value in private]
    assert [len(call.traffic) for call in calls] == [1, 1, 1]
    assert [state.mode for state in read_states(wiring.capture_states_folder())] == ["capture"]
    assert_no_clear_text(tmp_path, private)


def test_shadow_mode_keeps_nothing_on_the_disk(tmp_path: Path) -> None:
    made = wired(tmp_path, "[mode]\nrun = shadow\n")
    with serving(talk) as server:
        forwarded(made, server.url, "x")
    assert not wiring.captures_folder(made.configuration).exists()
    assert [state.mode for state in read_states(wiring.capture_states_folder())] == ["shadow"]


@pytest.mark.needs("linux")
def test_a_forked_child_begins_anew(tmp_path: Path) -> None:
    """Its lanes and files are its own; its parent goes on with its own ones."""
    made = wired(tmp_path, "[mode]\nrun = capture\n")
    with serving(talk) as server:
        forwarded(made, server.url, "parent")
        in_child(lambda: forwarded(wiring.wire(tmp_path / "his", made), server.url, "child"))
        forwarded(made, server.url, "parent again")
    calls = list(read_captures([wiring.captures_folder(made.configuration)]))
    assert [call.texts[1] for call in calls] == [b"parent", b"child", b"parent again"]
    assert len({call.call_id.rpartition("-")[0] for call in calls}) == 2
