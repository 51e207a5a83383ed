"""What the Windows keyboards make of Windows' answers that Wine does not give: rights, refusals, part of a batch."""

from __future__ import annotations

import os
import struct
from typing import Any

import pytest

from shim.devices.autofill import focus as windows_desktop
from shim.devices.autofill.base import Window
from shim.devices.autofill.messages import MessageKeyboard
from shim.devices.autofill.sendinput import SIZES, SendInputKeyboard

OURS, THEIRS = 0xFFFF, 0x500
MEDIUM, HIGH = 0x2000, 0x3000
FORM = Window(0x10010, 77, "his.exe", "TfrmCharge", 0x10012)


class Libraries:
    """user32, kernel32 and advapi32 in one; `levels` by process handle, `denied` what may not be opened."""

    def __init__(self, their_process: int = 77) -> None:
        self.levels = {OURS: MEDIUM, THEIRS: MEDIUM}
        self.denied: set[str] = set()
        self.error = 0
        self.open = 0
        self.their_process = their_process
        self.takes = 1 << 30
        self.given: list[Any] = []

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

    def SendInput(self, count: int, given: Any, size: int) -> int:
        self.given.append((count, bytes(given), size))
        self.memory = given
        return min(count, self.takes)

    def PostMessageW(self, *message: int) -> int:
        self.given.append(message)
        return int(len(self.given) <= self.takes)

    def _opened(self, what: str, handle: int) -> int:
        if what in self.denied:
            self.error = 5
            return 0
        self.open += 1
        return handle


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> Libraries:
    made = Libraries()
    monkeypatch.setattr(windows_desktop, "_libraries", lambda: (made, made, made))
    monkeypatch.setattr(windows_desktop, "last_error", lambda: made.error)
    return made


def test_the_focused_window(libraries: Libraries) -> None:
    assert SendInputKeyboard().focused() == Window(0x10010, 77, "His.exe", "TfrmCharge", 0x10012, False)
    assert libraries.open == 0


@pytest.mark.parametrize(
    ("theirs", "denied", "program", "above"),
    [
        (MEDIUM, "", "His.exe", False),
        (0x1000, "", "His.exe", False),
        (HIGH, "", "His.exe", True),
        (MEDIUM, "process", "", True),
        (MEDIUM, "their token", "His.exe", True),
        (HIGH, "level", "His.exe", False),  # not told: Windows may still refuse by itself
    ],
)
def test_rights(libraries: Libraries, theirs: int, denied: str, program: str, above: bool) -> None:
    libraries.levels[THEIRS] = theirs
    libraries.denied = {denied}
    window = SendInputKeyboard().focused()
    assert window is not None and (window.program, window.above) == (program, above)
    assert libraries.open == 0


def test_our_own_process_is_as_we_are(libraries: Libraries) -> None:
    """A form of the host itself: nothing to compare, even where Windows lets nobody look."""
    libraries.their_process = os.getpid()
    libraries.denied = {"their token"}
    window = MessageKeyboard().focused()
    assert window is not None and (window.program, window.above) == ("His.exe", False)
    assert libraries.open == 0


def test_a_window_that_goes_away(libraries: Libraries) -> None:
    libraries.denied = {"thread"}
    assert SendInputKeyboard().focused() is None


def test_keys_that_are_down(libraries: Libraries) -> None:
    """Down now counts, pressed since the last look does not; the two Win keys are one."""
    assert SendInputKeyboard().held() == ("Ctrl", "Win")


@pytest.mark.parametrize(("takes", "taken"), [(1 << 30, 6), (3, 3), (0, 0)])
def test_send_input(libraries: Libraries, takes: int, taken: int) -> None:
    """One call, its size, what it took; no event of it stays in memory."""
    libraries.takes = takes
    assert SendInputKeyboard().write(FORM, "4A", True) == (taken, 6)
    ((count, given, size),) = libraries.given
    assert (count, size, len(given)) == (6, SIZES[struct.calcsize("P")], 6 * size)
    assert any(given) and not any(bytes(libraries.memory))


@pytest.mark.parametrize(("takes", "taken"), [(1 << 30, 4), (3, 3), (0, 0)])
def test_post_message(libraries: Libraries, takes: int, taken: int) -> None:
    """To the control that has the focus, and no further where Windows says no."""
    libraries.takes = takes
    assert MessageKeyboard().write(FORM, "4A", True) == (taken, 4)
    assert libraries.given[0] == (0x10012, 0x102, 0x34, 1)
    assert len(libraries.given) == min(4, taken + 1)


def test_post_message_without_a_control(libraries: Libraries) -> None:
    libraries.denied = {"focus"}
    keyboard = MessageKeyboard()
    window = keyboard.focused()
    assert window is not None and window.focus == 0
    keyboard.write(window, "4", False)
    assert libraries.given == [(0x10010, 0x102, 0x34, 1)]


def test_no_windows_here() -> None:
    """Elsewhere the libraries are not there, which is an OSError and nothing worse."""
    with pytest.raises(OSError):
        SendInputKeyboard()
