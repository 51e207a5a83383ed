"""Typing on an X server by its XTEST extension: for development and tests on Linux. ASCII only."""

from __future__ import annotations

import os

from shim.devices.autofill.base import FocusedWindow, Keyboard
from shim.devices.autofill.x11 import X11Connection
from shim.devices.base import DeviceUnavailable
from shim.messages import autofill as rows

_SHIFT_L, _RETURN = 0xFFE1, 0xFF0D
# Bits of the core protocol's modifier mask; Mod1 and Mod4 as every layout has them.
_MODIFIERS = {1: "Shift", 2: "CapsLock", 4: "Ctrl", 8: "Alt", 64: "Win"}
_NO_WINDOW = (0, 1)  # None, PointerRoot


class X11Keyboard(Keyboard):
    """Keys for the window that has the focus on $DISPLAY.

    Raises:
        DeviceUnavailable: $DISPLAY names no display.
        OSError: the display cannot be reached, or has no XTEST.
    """

    def __init__(self) -> None:
        display = os.environ.get("DISPLAY", "")
        if not display:
            raise DeviceUnavailable(rows.NO_DISPLAY)
        self._server = X11Connection(display)

    def focused(self) -> FocusedWindow | None:
        window = self._server.focus()
        if window in _NO_WINDOW:
            return None
        process_id = self._process_id(window)
        return FocusedWindow(window, process_id, _program(process_id))

    def modifiers(self) -> tuple[str, ...]:
        mask = self._server.modifiers()
        return tuple(name for bit, name in _MODIFIERS.items() if mask & bit)

    def write(self, window: FocusedWindow, code: str, enter: bool) -> tuple[int, int]:
        keys = strokes(self._server.keymap(), code, enter)
        self._server.send(keys)
        return len(keys), len(keys)

    def close(self) -> None:
        self._server.close()

    def _process_id(self, window: int) -> int:
        """What _NET_WM_PID says of the window, or of the nearest one around it that has it; 0 if none has."""
        while window:
            process_id = self._server.number_property(window, b"_NET_WM_PID")
            if process_id:
                return process_id
            window = self._server.parent(window)
        return 0


def strokes(keymap: dict[int, tuple[int, ...]], code: str, enter: bool) -> list[tuple[int, bool]]:
    """The key codes that type `code`, and Enter if `enter`: pressed (True) and released. Pure.

    Args:
        keymap: the keysyms of each key code, unshifted and shifted first.

    Raises:
        DeviceUnavailable: there is no key for a character.
    """
    plain: dict[int, int] = {}
    shifted: dict[int, int] = {}
    for key, symbols in keymap.items():
        first, second = (*symbols, 0, 0)[:2]
        plain.setdefault(first, key)
        # A letter that stands alone means both of its cases.
        shifted.setdefault(second or (ord(chr(first).upper()) if 0x61 <= first <= 0x7A else 0), key)
    keys: list[tuple[int, bool]] = []
    for symbol in [*map(ord, code), *([_RETURN] if enter else [])]:
        typable = symbol == _RETURN or 0x20 <= symbol <= 0x7E  # the keysym of an ASCII character is its code
        if typable and symbol in plain:
            keys += [(plain[symbol], True), (plain[symbol], False)]
        elif typable and symbol in shifted and _SHIFT_L in plain:
            shift = plain[_SHIFT_L]
            keys += [(shift, True), (shifted[symbol], True), (shifted[symbol], False), (shift, False)]
        else:
            raise DeviceUnavailable(rows.NO_KEY)
    return keys


def _program(process_id: int) -> str:
    try:
        return os.path.basename(os.readlink(f"/proc/{process_id}/exe"))
    except OSError:
        return ""
