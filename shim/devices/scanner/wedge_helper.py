"""The helper program that listens to the keyboards by Raw Input and writes the codes that scanners type to stdout.

Run by wedge.py as `vcshim.exe wedge-helper [PART OF A DEVICE NAME]`, never imported by the DLL. Windows only. Its
protocol: "READY", then a line for each code: hexadecimal, a blank, and when its first key was pressed, by
GetTickCount. It ends when stdin does, and so never outlives the process
that started it. Single keys never leave this process, and nothing is written to disk.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from ctypes import wintypes as w

from shim.devices.scanner.keystrokes import KeyFramer
from shim.devices.scanner.wedge import READY
from shim.winapi import kernel32, user32
from shim.winapi.loader import require

_CLASS = "vcshim-wedge"
_DESKTOP_PAGE, _KEYBOARD_USAGE = 1, 6  # of HID: generic desktop, keyboard


class RawKeyboards:
    """A message-only window to which Windows sends every key of every keyboard, whichever window has the focus.

    For the thread that made it, except `stop`.

    Raises:
        OSError: there is no Raw Input here.
    """

    def __init__(self) -> None:
        self._on_key: Callable[[user32.RAWINPUT], None] = lambda raw: None
        self._procedure = user32.WNDPROC(self._on_message)  # kept: Windows holds no reference
        self._window = user32.create_window(_CLASS, self._procedure, parent=user32.HWND_MESSAGE)
        keyboards = user32.RAWINPUTDEVICE(_DESKTOP_PAGE, _KEYBOARD_USAGE, user32.RIDEV_INPUTSINK, self._window)
        require(user32.RegisterRawInputDevices(ctypes.byref(keyboards), 1, ctypes.sizeof(keyboards)))

    def run(self, on_key: Callable[[user32.RAWINPUT], None]) -> None:
        """Call `on_key` with each key as it goes down or up, until `stop`."""
        self._on_key = on_key
        message = w.MSG()
        while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            user32.TranslateMessage(ctypes.byref(message))
            user32.DispatchMessageW(ctypes.byref(message))

    def stop(self) -> None:
        """Have `run` return. Any thread."""
        user32.PostMessageW(self._window, user32.WM_CLOSE, 0, 0)

    def _on_message(self, window: int, message: int, wparam: int, lparam: int) -> int:
        if message == user32.WM_INPUT:
            raw, size = user32.RAWINPUT(), w.UINT(ctypes.sizeof(user32.RAWINPUT))
            header = ctypes.sizeof(user32.RAWINPUTHEADER)
            count = user32.GetRawInputData(lparam, user32.RID_INPUT, ctypes.byref(raw), ctypes.byref(size), header)
            if count not in (0, user32.RAW_INPUT_FAILED):
                self._on_key(raw)
        elif message == user32.WM_DESTROY:
            user32.PostQuitMessage(0)
            return 0
        return user32.DefWindowProcW(window, message, wparam, lparam)


class KeyTranslator:
    """From keys to characters, by the layout of this PC and the keys that are down.

    Caps Lock is left out: a scanner presses Shift for a capital letter, whatever that lamp shows.
    """

    def __init__(self) -> None:
        self._state = (ctypes.c_ubyte * 256)()

    def track(self, raw: user32.RAWINPUT) -> bool:
        """Note that a key went down or up; True if it went down and may give characters."""
        key: int = raw.key
        down = not raw.flags & user32.RI_KEY_BREAK
        if key == user32.VK_CAPITAL:
            return False
        if key < len(self._state):
            self._state[key] = 0x80 if down else 0
        return down and key != user32.VK_SHIFT

    def characters(self, raw: user32.RAWINPUT) -> str:
        """What a key gives that went down; "" for one such as F1."""
        if raw.key == user32.VK_RETURN:
            return "\r"
        buffer = ctypes.create_unicode_buffer(8)
        count = user32.ToUnicode(raw.key, raw.scan_code, self._state, buffer, len(buffer), 0)
        return buffer.value[:count] if count > 0 else ""


class DeviceNames:
    """Raw Input's names of the keyboards, each asked for once."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def name(self, handle: int) -> str:
        """The name of a device, in upper case; "" if it has none, as the keys of another program have."""
        if handle not in self._names:
            size = w.UINT(0)
            user32.GetRawInputDeviceInfoW(handle, user32.RIDI_DEVICENAME, None, ctypes.byref(size))
            text = ctypes.create_unicode_buffer(size.value + 1)
            user32.GetRawInputDeviceInfoW(handle, user32.RIDI_DEVICENAME, text, ctypes.byref(size))
            self._names[handle] = text.value.upper()
        return self._names[handle]


class CodeListener:
    """From keys to codes.

    Args:
        device: take only the keyboards whose name contains this; "" takes all.
        report: called with each code, in hexadecimal.
    """

    def __init__(self, device: str, report: Callable[[bytes], None]) -> None:
        self._device = device.upper()
        self._report = report
        self._translator = KeyTranslator()
        self._names = DeviceNames()
        self._framer = KeyFramer(began=kernel32.GetTickCount() / 1000)

    @property
    def code_began(self) -> int:
        """When the first key of the last code was pressed, in milliseconds of GetTickCount."""
        return round(self._framer.code_began * 1000)

    def on_key(self, raw: user32.RAWINPUT) -> None:
        """Handle a key; report the code that it ends."""
        device: int = raw.header.device or 0
        if not self._translator.track(raw) or self._device not in self._names.name(device):
            return
        characters = self._translator.characters(raw)
        # When the key was pressed, not when a busy PC came to handle it: a LONG, where GetTickCount is a DWORD.
        pressed = (user32.GetMessageTime() & 0xFFFFFFFF) / 1000
        for character in characters:
            code = self._framer.key(device, character, pressed)
            if code is not None:
                self._report(code.encode("utf-8").hex().encode("ascii"))


def write_line(line: bytes) -> None:
    """Write one line to the process that started us."""
    os.write(1, line + b"\n")


def main(device: str) -> int:
    """Listen until stdin ends; 1 where Raw Input cannot be had."""
    try:
        keyboards = RawKeyboards()
    except OSError:
        return 1
    listener = CodeListener(
        device, lambda code: write_line(b"%s %d" % (code, listener.code_began))
    )  # after the window: its framer must know when listening began
    write_line(READY)

    def wait_for_the_end() -> None:
        while os.read(0, 64):
            pass
        keyboards.stop()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    keyboards.run(listener.on_key)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
