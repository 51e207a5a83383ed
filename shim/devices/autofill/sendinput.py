"""Typing by SendInput: the whole code as characters (KEYEVENTF_UNICODE), no layout, no IME, in one batch.

One call, or another key could come in between. Enter is sent as the key itself, which forms look for. Caps Lock does
not matter to characters.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator

from shim.devices.autofill.base import FocusedWindow
from shim.devices.autofill.focus import WindowsKeyboard
from shim.winapi import user32
from shim.winapi.user32 import INPUT_KEYBOARD, KEYEVENTF_KEYUP, KEYEVENTF_UNICODE, VK_RETURN

_SCAN_RETURN = 0x1C
# INPUT with a KEYBDINPUT: type; key, scan code, flags, time, extra; the rest of the union, whose largest member is
# MOUSEINPUT. By the bytes of a pointer. Windows refuses a batch whose size is not one of these.
_INPUT = {4: struct.Struct("<I HHIII 8x"), 8: struct.Struct("<I4x HHII4xQ 8x")}
SIZES = {4: 28, 8: 40}
assert {pointer: layout.size for pointer, layout in _INPUT.items()} == SIZES
_POINTER = struct.calcsize("P")


def batch(code: str, enter: bool, pointer: int = _POINTER) -> bytearray:
    """The INPUT structures of `code`: down and up for each unit of UTF-16. Pure.

    Args:
        pointer: the bytes of a pointer on the system that will take them.
    """
    layout = _INPUT[pointer]
    return bytearray().join(layout.pack(INPUT_KEYBOARD, *event, 0, 0) for event in _events(code, enter))


def _events(code: str, enter: bool) -> Iterator[tuple[int, int, int]]:
    for (unit,) in struct.iter_unpack("<H", code.encode("utf-16-le")):
        yield 0, unit, KEYEVENTF_UNICODE
        yield 0, unit, KEYEVENTF_UNICODE | KEYEVENTF_KEYUP
    if enter:
        yield VK_RETURN, _SCAN_RETURN, 0
        yield VK_RETURN, _SCAN_RETURN, KEYEVENTF_KEYUP


class SendInputKeyboard(WindowsKeyboard):
    """Keys for the window that has the focus when they arrive."""

    def write(self, window: FocusedWindow, code: str, enter: bool) -> tuple[int, int]:
        events = batch(code, enter)
        size = SIZES[_POINTER]
        total = len(events) // size
        memory = (ctypes.c_char * len(events)).from_buffer(events)
        try:
            return user32.SendInput(total, memory, size), total
        finally:
            ctypes.memset(memory, 0, len(events))  # the code is a patient's
