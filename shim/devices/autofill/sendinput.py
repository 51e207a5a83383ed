"""Typing by SendInput: the whole code as characters (KEYEVENTF_UNICODE), no layout, no IME, in one batch. L2.

One call, or another key could fall in between; Enter as the key itself, which forms look for. Caps Lock does not
matter to characters.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from shim.devices.autofill.base import Window
from shim.devices.autofill.focus import WindowsKeyboard

_KEYBOARD, _KEY_UP, _UNICODE = 1, 0x0002, 0x0004
_VK_RETURN, _SCAN_RETURN = 0x0D, 0x1C
# INPUT with a KEYBDINPUT: type; key, scan code, flags, time, extra; the rest of the union, whose largest member is
# MOUSEINPUT. By the bytes of a pointer. Windows refuses a batch whose size is not one of these.
_INPUT = {4: struct.Struct("<I HHIII 8x"), 8: struct.Struct("<I4x HHII4xQ 8x")}
SIZES = {4: 28, 8: 40}
assert {pointer: layout.size for pointer, layout in _INPUT.items()} == SIZES
_POINTER = struct.calcsize("P")


def batch(code: str, enter: bool, pointer: int = _POINTER) -> bytearray:
    """The INPUT structures, down and up for each unit of UTF-16, on a system with pointers of `pointer` bytes."""
    layout = _INPUT[pointer]
    return bytearray().join(layout.pack(_KEYBOARD, *event, 0, 0) for event in _events(code, enter))


def _events(code: str, enter: bool) -> Iterator[tuple[int, int, int]]:
    for (unit,) in struct.iter_unpack("<H", code.encode("utf-16-le")):
        yield 0, unit, _UNICODE
        yield 0, unit, _UNICODE | _KEY_UP
    if enter:
        yield _VK_RETURN, _SCAN_RETURN, 0
        yield _VK_RETURN, _SCAN_RETURN, _KEY_UP


class SendInputKeyboard(WindowsKeyboard):
    """Keys for whichever window has the focus when they arrive."""

    def write(self, window: Window, code: str, enter: bool) -> tuple[int, int]:
        import ctypes

        events = batch(code, enter)
        size = SIZES[_POINTER]
        wanted = len(events) // size
        given = (ctypes.c_char * len(events)).from_buffer(events)
        try:
            return int(self.user32.SendInput(wanted, given, size)), wanted
        finally:
            ctypes.memset(given, 0, len(events))  # the code lies about nowhere
