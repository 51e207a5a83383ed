"""Typing on an X server by its XTEST extension: for development and tests on Linux. ASCII only. L2."""

from __future__ import annotations

import os

from shim.devices.autofill.base import Keyboard, Window
from shim.devices.autofill.x11 import X11Connection
from shim.devices.base import DeviceUnavailable, Unavailable

_SHIFT_L, _RETURN = 0xFFE1, 0xFF0D
# Bits of the core protocol's modifier mask; Mod1 and Mod4 as every layout has them.
_MODIFIERS = {1: "Shift", 2: "CapsLock", 4: "Ctrl", 8: "Alt", 64: "Win"}
_NO_WINDOW = (0, 1)  # None, PointerRoot


class X11Keyboard(Keyboard):
    """Keys for the window that has the focus on $DISPLAY."""

    def __init__(self) -> None:
        display = os.environ.get("DISPLAY", "")
        if not display:
            advice = "本机没有图形界面（DISPLAY 未设置）"
            raise DeviceUnavailable("自动填值", Unavailable.NOT_FOUND, advice)
        self._line = X11Connection(display)

    def focused(self) -> Window | None:
        window = self._line.focus()
        if window in _NO_WINDOW:
            return None
        process = self._process(window)
        return Window(window, process, _program(process))

    def held(self) -> tuple[str, ...]:
        mask = self._line.modifiers()
        return tuple(name for bit, name in _MODIFIERS.items() if mask & bit)

    def write(self, window: Window, code: str, enter: bool) -> tuple[int, int]:
        keys = strokes(self._line.keys(), code, enter)
        self._line.type(keys)
        return len(keys), len(keys)

    def close(self) -> None:
        self._line.close()

    def _process(self, window: int) -> int:
        """What _NET_WM_PID says, of the window or one it lies in; 0 where none says anything."""
        while window:
            process = self._line.number_property(window, b"_NET_WM_PID")
            if process:
                return process
            window = self._line.parent(window)
        return 0


def strokes(layout: dict[int, tuple[int, ...]], code: str, enter: bool) -> list[tuple[int, bool]]:
    """Key codes, pressed (True) and released. DeviceUnavailable where the layout has no key for a character."""
    plain: dict[int, int] = {}
    shifted: dict[int, int] = {}
    for key, symbols in layout.items():
        first, second = (*symbols, 0, 0)[:2]
        plain.setdefault(first, key)
        # A letter that stands alone means both of its cases.
        shifted.setdefault(second or (ord(chr(first).upper()) if 0x61 <= first <= 0x7A else 0), key)
    typed: list[tuple[int, bool]] = []
    for symbol in [*map(ord, code), *([_RETURN] if enter else [])]:
        known = symbol == _RETURN or 0x20 <= symbol <= 0x7E  # the keysym of an ASCII character is its code
        if known and symbol in plain:
            typed += [(plain[symbol], True), (plain[symbol], False)]
        elif known and symbol in shifted and _SHIFT_L in plain:
            shift = plain[_SHIFT_L]
            typed += [(shift, True), (shifted[symbol], True), (shifted[symbol], False), (shift, False)]
        else:
            raise DeviceUnavailable("自动填值", Unavailable.NOT_DONE, "医保码中有本机键盘上没有的字符，没有填入")
    return typed


def _program(process: int) -> str:
    try:
        return os.path.basename(os.readlink(f"/proc/{process}/exe"))
    except OSError:
        return ""
