"""The helper that listens to keyboards, without Windows: keys in, codes out."""

from __future__ import annotations

from typing import Any

import pytest

from shim.devices.scanner import wedge_helper
from shim.devices.scanner.wedge_helper import CodeListener, KeyTranslator
from shim.winapi import kernel32, user32
from shim.winapi.user32 import RAWINPUT, RAWINPUTHEADER, VK_CAPITAL, VK_RETURN, VK_SHIFT

SCANNER, KEYBOARD = 0x10001, 0x10002
NAMES = {SCANNER: "\\\\?\\HID#VID_1eab&PID_1d06#7", KEYBOARD: "\\\\?\\HID#VID_046D&PID_C31C#8"}
DOWN, UP = 0, 1


class Windows:
    """As much of Windows as is asked: the clock in milliseconds, a layout of letters and digits."""

    def __init__(self) -> None:
        self.now = 50_000
        self.asked: list[int] = []

    def GetTickCount(self) -> int:
        return self.now

    def GetMessageTime(self) -> int:
        return self.now - (1 << 32 if self.now >= 1 << 31 else 0)  # a LONG

    def GetRawInputDeviceInfoW(self, device: int, what: int, text: Any, size: Any) -> int:
        assert what == 0x20000007
        self.asked.append(device)
        name = NAMES.get(device, "")
        if text is None:
            size._obj.value = len(name)
        else:
            text.value = name
        return len(name)

    def ToUnicode(self, key: int, scan_code: int, state: Any, buffer: Any, size: int, flags: int) -> int:
        character = chr(key)
        if not (character.isdigit() or character.isupper()):  # VK_ of letters are their capitals
            return 0
        upper = bool(state[VK_SHIFT] & 0x80) != bool(state[VK_CAPITAL] & 1)
        buffer.value = character.upper() if upper else character.lower()
        return 1


@pytest.fixture(autouse=True)
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    fake = Windows()
    monkeypatch.setattr(kernel32, "GetTickCount", fake.GetTickCount)
    for name in ("GetMessageTime", "GetRawInputDeviceInfoW", "ToUnicode"):
        monkeypatch.setattr(user32, name, getattr(fake, name))
    return fake


def key(code: int, flags: int = DOWN, device: int = SCANNER) -> RAWINPUT:
    return RAWINPUT(RAWINPUTHEADER(1, 40, device, 0), 0, flags, 0, code)


def typed(listener: CodeListener, windows: Windows, text: str, device: int = SCANNER) -> None:
    """Type `text` as a scanner does, 4 ms a key; capital letters with Shift."""
    for character in text:
        if character.isupper():
            listener.on_key(key(VK_SHIFT, DOWN, device))
        code = VK_RETURN if character == "\r" else ord(character.upper())
        for flags in (DOWN, UP):
            listener.on_key(key(code, flags, device))
        if character.isupper():
            listener.on_key(key(VK_SHIFT, UP, device))
        windows.now += 4


@pytest.mark.parametrize("start", [50_000, (1 << 31) - 8, (1 << 32) - 60_000])
def test_a_code(windows: Windows, start: int) -> None:
    """With Shift, and where the clock of messages turns negative."""
    windows.now = start
    codes: list[bytes] = []
    listener = CodeListener("vid_1EAB", codes.append)
    windows.now += 500
    typed(listener, windows, "42AbC9\r")
    assert codes == [b"42AbC9".hex().encode()]


def test_the_tail_of_a_code_is_discarded(windows: Windows) -> None:
    codes: list[bytes] = []
    typed(CodeListener("", codes.append), windows, "42AbC9\r")
    assert codes == []


def test_other_keyboards(windows: Windows) -> None:
    """Their keys give nothing, and do not disturb; each name is asked for once, by its length and its text."""
    codes: list[bytes] = []
    listener = CodeListener("VID_1EAB", codes.append)
    windows.now += 500
    typed(listener, windows, "42abc9\r", KEYBOARD)
    typed(listener, windows, "4242\r")
    assert codes == [b"4242".hex().encode()]
    assert windows.asked == [KEYBOARD, KEYBOARD, SCANNER, SCANNER]


def test_keys_of_a_program_have_no_device(windows: Windows) -> None:
    """They count where no device is named."""
    codes: list[bytes] = []
    for device in ("", "VID_1EAB"):
        listener = CodeListener(device, codes.append)
        windows.now += 500
        typed(listener, windows, "4242\r", 0)
    assert codes == [b"4242".hex().encode()]


def test_caps_lock_does_not_matter() -> None:
    """Neither held nor switched on: a scanner that wants a capital letter presses Shift."""
    translator = KeyTranslator()
    for flags in (DOWN, UP, DOWN):
        assert translator.track(key(VK_CAPITAL, flags)) is False
    assert translator.track(key(ord("A")))
    assert translator.characters(key(ord("A"))) == "a"


def test_keys_without_a_character() -> None:
    translator = KeyTranslator()
    assert translator.track(key(0x70)) and translator.characters(key(0x70)) == ""  # F1
    assert translator.track(key(0xFFFF)) and translator.track(key(ord("A"), UP)) is False


@pytest.mark.needs("linux")
def test_where_there_is_no_raw_input() -> None:
    """As on Linux: it ends, and has written nothing."""
    assert wedge_helper.main("") == 1
