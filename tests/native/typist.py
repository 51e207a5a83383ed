"""A Windows program for test_wedge.py: types codes by SendInput, as a scanner does. Runs in 32-bit Python.

``typist.py HELPER`` listens through WedgeLine itself, with HELPER as the program, and writes what it read, a line
each, and how the helper ended. ``typist.py - FILE`` types the first code again and again for somebody else to hear,
until FILE is there.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from ctypes import wintypes

from shim.devices.scanner.wedge import WedgeLine

CODES = ("4240000000000000000300350000", "206CB2b:1:::00000001001")
_LIMIT = 60.0
_TRIES = 20


class Key(ctypes.Structure):
    """KEYBDINPUT, as wide as the union it stands in."""

    _fields_ = (
        ("key", wintypes.WORD),
        ("scan_code", wintypes.WORD),
        ("flags", wintypes.DWORD),
        ("time", wintypes.DWORD),
        ("extra", ctypes.c_void_p),
        ("union", ctypes.c_ubyte * 8),
    )


class Input(ctypes.Structure):
    """INPUT."""

    _fields_ = (("type", wintypes.DWORD), ("key", Key))


def main() -> int:
    """Type each code, slower than nothing and faster than a person."""
    if sys.platform != "win32":
        return 1
    user32 = ctypes.WinDLL("user32")
    kernel32 = ctypes.WinDLL("kernel32")
    keyboard, key_up, shift, enter = 1, 2, 0x10, 0x0D

    def type_in(code: str) -> None:
        """In one batch, with one time: a machine held up in the middle of a code would type like a person."""
        given: list[Input] = []
        now = kernel32.GetTickCount()

        def press(key: int, flags: int = 0) -> None:
            given.append(Input(keyboard, Key(key, 0, flags, now, None)))

        for key in (*(user32.VkKeyScanW(ord(character)) for character in code), enter):
            if key & 0x100:
                press(shift)
            press(key & 0xFF)
            press(key & 0xFF, key_up)
            if key & 0x100:
                press(shift, key_up)
        batch = (Input * len(given))(*given)
        assert user32.SendInput(len(given), batch, ctypes.sizeof(Input)) == len(given)

    def read() -> bytes:
        end = time.monotonic() + 3
        found = b""
        while not found and time.monotonic() < end:
            time.sleep(0.01)
            found = connection.read()
        return found

    if sys.argv[1] == "-":
        end = time.monotonic() + _LIMIT
        while not os.path.exists(sys.argv[2]) and time.monotonic() < end:
            type_in(CODES[0])
            time.sleep(0.5)
        return 0
    connection = WedgeLine((sys.argv[1], "wedge-helper"), start_seconds=_LIMIT)
    connection.open(_LIMIT)
    helper = connection._helper
    for code in CODES:
        for _ in range(_TRIES):  # on a busy machine this program may pause like a person
            type_in(code)
            found = read()
            if found:
                break
        print(found)
    connection.close()
    print("helper", None if helper is None else helper.returncode)
    return 0


if __name__ == "__main__":
    sys.exit(main())
