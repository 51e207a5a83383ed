"""The X11 protocol against servers that refuse, lie and hang up; the strokes of a layout. No X server here."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from shim.devices.autofill import x11
from shim.devices.autofill.driver import DrivenAutoFill
from shim.devices.autofill.x11 import X11Connection
from shim.devices.autofill.xtest import X11Keyboard, strokes
from shim.devices.base import DeviceUnavailable
from shim.errors import Unavailable
from tests.support.keyboards import LONG
from tests.support.scanners import Background

# Written out by hand from X Window System Protocol, version 11, "Connection Setup": byte order l, 11.0, the lengths of
# name and data, both padded to four bytes.
HELLO = "6c00 0b00 0000 0000 0000 0000"
HELLO_WITH_COOKIE = (
    "6c00 0b00 0000 1200 1000 0000 4d49542d4d414749432d434f4f4b49452d31 0000 000102030405060708090a0b0c0d0e0f"
)
# Failed, 6 bytes of reason, 11.0, two words more: "no way" and padding.
NO = "0006 0b00 0000 0200 6e6f20776179 0000"
# Success, 11.0, nine words more: release, resource base and mask, motion, vendor of 0 bytes, 0xffff, one screen, no
# formats, orders, unit, pad, key codes 8 to 9, pad; the root is 0x100.
YES = (
    "0100 0b00 0000 0900" + "00000000" + "00000000" + "00000000" + "00000000" + "0000 ffff 01 00 00 00 20 20 08 09"
    "00000000" + "00010000"
)  # fmt: skip
XTEST_IS_132 = "0100 0100 00000000 01 84 00 00" + "00" * 20
NO_XTEST = "0100 0100 00000000 00 00 00 00" + "00" * 20
BAD_WINDOW = "0003 0200 00000000 0000 00 00" + "00" * 20


@contextmanager
def server(*answers: str) -> Iterator[tuple[str, list[bytes]]]:
    """A display that gives `answers`, one to each thing it hears, and hangs up."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            for answer in answers:
                heard.append(line.recv(4096))
                line.sendall(bytes.fromhex(answer))
            with suppress(OSError):  # the other side may leave without having read all
                line.shutdown(socket.SHUT_WR)
                while line.recv(4096):
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield f"127.0.0.1:{listener.getsockname()[1] - 6000}", heard
        thread.join(60)


@pytest.fixture(autouse=True)
def no_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XAUTHORITY", str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([NO], PermissionError),
        ([YES, NO_XTEST], OSError),
        ([YES, BAD_WINDOW], OSError),
        ([YES], ConnectionResetError),
        ([YES[:19]], ConnectionResetError),
        ([], ConnectionResetError),
    ],
    ids=["refused", "no XTEST", "an error", "hangs up", "hangs up early", "hangs up at once"],
)
def test_servers_that_do_not_serve(answers: list[str], kind: type[OSError], monkeypatch: pytest.MonkeyPatch) -> None:
    """OSError and nothing else; through the auto-fill a reason, and nothing typed."""
    with server(*answers) as (name, heard):
        with pytest.raises(OSError) as caught:
            X11Connection(name)
        assert isinstance(caught.value, kind)
    if heard:
        assert heard[0] == bytes.fromhex(HELLO)
    with server(*answers) as (name, _):
        monkeypatch.setenv("DISPLAY", name)
        assert refusal() is Unavailable.NOT_DONE


def test_a_window_that_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """An X11 error while looking: nothing is typed, and no handler of the process's is asked."""
    no_modifiers = "0101 0200 00000000 00010000" + "00" * 20
    with server(YES, XTEST_IS_132, no_modifiers, BAD_WINDOW) as (name, heard):
        monkeypatch.setenv("DISPLAY", name)
        assert refusal() is Unavailable.NOT_DONE
    assert [request[0] for request in heard] == [0x6C, 98, 38, 43]


def test_an_error_is_no_answer() -> None:
    """Nor is what comes after it."""
    focus_is_root = "0101 0300 00000000 00010000" + "00" * 20
    with server(YES, XTEST_IS_132, BAD_WINDOW + focus_is_root) as (name, _):
        line = X11Connection(name)
        with pytest.raises(OSError, match="X11 error 3"):
            line.focus()
        line.close()


def test_a_display_that_answers_with_events_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them comes in time, and none is the answer: the time of a whole connection is limited."""
    monkeypatch.setattr(x11, "KEYBOARD_SECONDS", 0.3)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            with line, suppress(OSError):
                line.recv(4096)
                line.sendall(bytes.fromhex(YES))
                while not done.wait(0.02):
                    line.sendall(b"\x02" + bytes(31))

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(TimeoutError):
            Background(lambda: X11Connection(f"127.0.0.1:{listener.getsockname()[1] - 6000}")).result()
        done.set()


@pytest.mark.needs("linux")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", Unavailable.NOT_FOUND),
        ("nonsense", Unavailable.NOT_DONE),
        (":no", Unavailable.NOT_DONE),
        (":987654", Unavailable.NOT_DONE),
    ],
)
def test_no_display(name: str, why: Unavailable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", name)
    assert refusal() is why


def refusal() -> Unavailable:
    with pytest.raises(DeviceUnavailable) as caught:
        DrivenAutoFill(X11Keyboard, programs=(), enter=True, modifier_seconds=0).fill(LONG)
    return caught.value.why


def test_the_cookie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority file by hand: family, address, display, name, data, each with its length; ours is the second."""
    with server(YES, XTEST_IS_132) as (name, heard):
        number = name.partition(":")[2].encode()
        cookie = b"\x00\x12MIT-MAGIC-COOKIE-1\x00\x10"
        (tmp_path / "authority").write_bytes(
            b"\x01\x00\x00\x04host\x00\x05x9999" + cookie + b"\xff" * 16
            + b"\x01\x00\x00\x04host\x00" + bytes((len(number),)) + number + cookie + bytes(range(16))
        )  # fmt: skip
        monkeypatch.setenv("XAUTHORITY", str(tmp_path / "authority"))
        X11Connection(name).close()
    assert heard[0] == bytes.fromhex(HELLO_WITH_COOKIE)


LAYOUT = {
    9: (0x34, 0x24), 10: (0x61, 0x41), 11: (0x62, 0), 12: (0x5F,), 13: (0xFF0D, 0), 14: (0xFFE1, 0), 15: (0, 0),
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "enter", "expected"),
    [
        ("4", False, [(9, True), (9, False)]),
        ("$", False, [(14, True), (9, True), (9, False), (14, False)]),
        ("aA", False, [(10, True), (10, False), (14, True), (10, True), (10, False), (14, False)]),
        ("B", True, [(14, True), (11, True), (11, False), (14, False), (13, True), (13, False)]),
        ("_", False, [(12, True), (12, False)]),
    ],
)
def test_strokes(code: str, enter: bool, expected: list[tuple[int, bool]]) -> None:
    assert strokes(LAYOUT, code, enter) == expected


@pytest.mark.parametrize("code", ["4z", "4中", "4\x00", "\uffe1"])
def test_what_has_no_key(code: str) -> None:
    """Nor may a character pass for a key by its number."""
    with pytest.raises(DeviceUnavailable) as caught:
        strokes(LAYOUT, code, False)
    assert caught.value.why is Unavailable.NOT_DONE
