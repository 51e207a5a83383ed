"""What the Windows keyboards make of results that Wine does not give: rights, refusals, part of a batch."""

from __future__ import annotations

import os
import struct
from typing import Any

import pytest

from shim.devices.autofill.base import FocusedWindow
from shim.devices.autofill.messages import MessageKeyboard
from shim.devices.autofill.sendinput import SIZES, SendInputKeyboard
from shim.winapi import advapi32, kernel32, loader, user32

OURS, THEIRS = 0xFFFF, 0x500
MEDIUM, HIGH = 0x2000, 0x3000
FORM = FocusedWindow(0x10010, 77, "his.exe", "TfrmCharge", 0x10012)


class Libraries:
    """Functions of user32, kernel32 and advapi32; `levels` by process handle, `denied` what may not be opened."""

    def __init__(self, their_process: int = 77) -> None:
        self.levels = {OURS: MEDIUM, THEIRS: MEDIUM}
        self.denied: set[str] = set()
        self.error = 0
        self.open = 0
        self.their_process = their_process
        self.accepts = 1 << 30
        self.calls: list[Any] = []

    # kernel32 and advapi32
    def OpenProcess(self, rights: int, inherit: bool, number: int) -> int:
        assert (rights, inherit, number) == (0x1000, False, self.their_process)
        return self._opened("process", THEIRS)

    def GetCurrentProcess(self) -> int:
        return OURS

    def QueryFullProcessImageNameW(self, process: int, flags: int, path: Any, size: Any) -> int:
        path.value = "C:\\医院\\His.exe"
        return 1

    def CloseHandle(self, handle: Any) -> int:
        self.open -= 1
        return 1

    def OpenProcessToken(self, process: int, rights: int, token: Any) -> int:
        self.asked = process
        return self._opened("their token" if process == THEIRS else "token", 1)

    def GetTokenInformation(self, token: Any, kind: int, label: Any, size: int, needed: Any) -> int:
        assert kind == 25
        return int("level" not in self.denied)

    def GetSidSubAuthorityCount(self, sid: Any) -> list[int]:
        return [1]

    def GetSidSubAuthority(self, sid: Any, index: int) -> list[int]:
        assert index == 0
        return [self.levels[self.asked]]

    # user32
    def GetForegroundWindow(self) -> int:
        return 0x10010

    def GetWindowThreadProcessId(self, window: int, number: Any) -> int:
        number._obj.value = self.their_process
        return 0 if "thread" in self.denied else 9

    def GetClassNameW(self, window: int, text: Any, size: int) -> int:
        text.value = "TfrmCharge"
        return 10

    def GetGUIThreadInfo(self, thread: int, info: Any) -> int:
        info._obj.focus = 0x10012
        return int("focus" not in self.denied)

    def GetAsyncKeyState(self, key: int) -> int:
        # Signed, as SHORT is: the high bit is down now, the low one was pressed since.
        return {0x11: -32768, 0x12: 1, 0x5C: -32767}.get(key, 0)

    def SendInput(self, count: int, events: Any, size: int) -> int:
        self.calls.append((count, bytes(events), size))
        self.memory = events
        return min(count, self.accepts)

    def PostMessageW(self, *message: int) -> int:
        self.calls.append(message)
        return int(len(self.calls) <= self.accepts)

    def _opened(self, what: str, handle: int) -> int:
        if what in self.denied:
            self.error = 5
            return 0
        self.open += 1
        return handle


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> Libraries:
    """Functions that replace those of the system."""
    fake = Libraries()
    for name in (name for name in dir(fake) if name[0].isupper()):
        (module,) = (module for module in (user32, kernel32, advapi32) if hasattr(module, name))
        monkeypatch.setattr(module, name, getattr(fake, name))
    monkeypatch.setattr(loader, "last_error", lambda: fake.error)
    return fake


def test_the_focused_window(libraries: Libraries) -> None:
    assert SendInputKeyboard().focused() == FocusedWindow(0x10010, 77, "His.exe", "TfrmCharge", 0x10012, False)
    assert libraries.open == 0


@pytest.mark.parametrize(
    ("theirs", "denied", "program", "elevated"),
    [
        (MEDIUM, "", "His.exe", False),
        (0x1000, "", "His.exe", False),
        (HIGH, "", "His.exe", True),
        (MEDIUM, "process", "", True),
        (MEDIUM, "their token", "His.exe", True),
        (HIGH, "level", "His.exe", False),  # unknown: Windows may still discard the keys
    ],
)
def test_rights(libraries: Libraries, theirs: int, denied: str, program: str, elevated: bool) -> None:
    libraries.levels[THEIRS] = theirs
    libraries.denied = {denied}
    window = SendInputKeyboard().focused()
    assert window is not None and (window.program, window.elevated) == (program, elevated)
    assert libraries.open == 0


def test_our_own_process_is_as_we_are(libraries: Libraries) -> None:
    """A form of the host itself: nothing is compared, even where Windows denies the token."""
    libraries.their_process = os.getpid()
    libraries.denied = {"their token"}
    window = MessageKeyboard().focused()
    assert window is not None and (window.program, window.elevated) == ("His.exe", False)
    assert libraries.open == 0


def test_a_window_that_goes_away(libraries: Libraries) -> None:
    libraries.denied = {"thread"}
    assert SendInputKeyboard().focused() is None


def test_keys_that_are_down(libraries: Libraries) -> None:
    """Down now counts, pressed since the last look does not; the two Win keys are one."""
    assert SendInputKeyboard().modifiers() == ("Ctrl", "Win")


@pytest.mark.parametrize(("accepts", "accepted"), [(1 << 30, 6), (3, 3), (0, 0)])
def test_send_input(libraries: Libraries, accepts: int, accepted: int) -> None:
    """One call, its size, what it took; no event of it stays in memory."""
    libraries.accepts = accepts
    assert SendInputKeyboard().write(FORM, "4A", True) == (accepted, 6)
    ((count, events, size),) = libraries.calls
    assert (count, size, len(events)) == (6, SIZES[struct.calcsize("P")], 6 * size)
    assert any(events) and not any(bytes(libraries.memory))


@pytest.mark.parametrize(("accepts", "accepted"), [(1 << 30, 4), (3, 3), (0, 0)])
def test_post_message(libraries: Libraries, accepts: int, accepted: int) -> None:
    """To the control that has the focus, and no further where Windows says no."""
    libraries.accepts = accepts
    assert MessageKeyboard().write(FORM, "4A", True) == (accepted, 4)
    assert libraries.calls[0] == (0x10012, 0x102, 0x34, 1)
    assert len(libraries.calls) == min(4, accepted + 1)


def test_post_message_without_a_control(libraries: Libraries) -> None:
    libraries.denied = {"focus"}
    keyboard = MessageKeyboard()
    window = keyboard.focused()
    assert window is not None and window.control == 0
    keyboard.write(window, "4", False)
    assert libraries.calls == [(0x10010, 0x102, 0x34, 1)]


@pytest.mark.needs("linux")
def test_no_windows_here() -> None:
    """Elsewhere the libraries are missing, which is an OSError."""
    with pytest.raises(OSError, match="no Windows"):
        SendInputKeyboard().focused()
