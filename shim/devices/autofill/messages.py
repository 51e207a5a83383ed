"""Typing by messages: WM_CHAR posted to the control that has the focus, for windows that do not take SendInput. L2.

No key goes down, so Caps Lock, the IME and other keyboards do not matter; forms that look at keys instead of
characters notice nothing but the Enter.
"""

from __future__ import annotations

import struct

from shim.devices.autofill.base import Window
from shim.devices.autofill.focus import WindowsKeyboard

_WM_KEYDOWN, _WM_KEYUP, _WM_CHAR = 0x0100, 0x0101, 0x0102
_VK_RETURN = 0x0D
# lParam: once, scan code 1C; on the way up it was down before. The receiver's own loop makes WM_CHAR of it.
_DOWN, _UP = 0x001C0001, 0xC01C0001 - (1 << 32)


def messages(code: str, enter: bool) -> list[tuple[int, int, int]]:
    """Message, wParam, lParam of all that is posted."""
    units = struct.iter_unpack("<H", code.encode("utf-16-le"))
    typed = [(_WM_CHAR, unit, 1) for (unit,) in units]
    return typed + ([(_WM_KEYDOWN, _VK_RETURN, _DOWN), (_WM_KEYUP, _VK_RETURN, _UP)] if enter else [])


class MessageKeyboard(WindowsKeyboard):
    """Characters for one control, whichever has the focus when they arrive."""

    aimed = True

    def write(self, window: Window, code: str, enter: bool) -> tuple[int, int]:
        wanted = messages(code, enter)
        for taken, message in enumerate(wanted):
            if not self.user32.PostMessageW(window.focus or window.handle, *message):
                return taken, len(wanted)
        return len(wanted), len(wanted)
