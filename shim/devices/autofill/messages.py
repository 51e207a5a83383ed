"""Typing by messages: WM_CHAR posted to the focused control, for programs that ignore what SendInput sends.

No key goes down, so Caps Lock, the IME and other keyboards do not matter; a form that looks at keys instead of
characters notices the Enter only.
"""

from __future__ import annotations

import struct

from shim.devices.autofill.base import FocusedWindow
from shim.devices.autofill.focus import WindowsKeyboard
from shim.winapi import user32
from shim.winapi.user32 import VK_RETURN, WM_CHAR, WM_KEYDOWN, WM_KEYUP

# lParam: once, scan code 1C; on the way up it was down before. The receiver's own loop makes WM_CHAR of it.
_DOWN, _UP = 0x001C0001, 0xC01C0001 - (1 << 32)


def messages(code: str, enter: bool) -> list[tuple[int, int, int]]:
    """Message, wParam and lParam of everything that is posted. Pure."""
    units = struct.iter_unpack("<H", code.encode("utf-16-le"))
    typed = [(WM_CHAR, unit, 1) for (unit,) in units]
    return typed + ([(WM_KEYDOWN, VK_RETURN, _DOWN), (WM_KEYUP, VK_RETURN, _UP)] if enter else [])


class MessageKeyboard(WindowsKeyboard):
    """Characters for the control that was checked, even if another has the focus when they arrive."""

    follows_focus = False

    def write(self, window: FocusedWindow, code: str, enter: bool) -> tuple[int, int]:
        posts = messages(code, enter)
        for posted, message in enumerate(posts):
            if not user32.PostMessageW(window.control or window.handle, *message):
                return posted, len(posts)
        return len(posts), len(posts)
