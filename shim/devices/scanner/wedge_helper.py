"""A program of its own: watches the keyboards by Raw Input and writes the codes that scanners type to stdout.

Run by wedge.py as `vcshim.exe wedge-helper [PART OF A DEVICE NAME]`, never imported by the DLL.
Its protocol: "READY", then one line of hex a code. Ends when stdin does, so it cannot outlive the one that started
it. Single keys never leave this process and nothing is written to disk. L2; it needs keystrokes.py and a word of
wedge.py.
"""

from __future__ import annotations

import os
import sys
import threading

from shim.devices.scanner.keystrokes import KeyFramer
from shim.devices.scanner.wedge import READY


def report(line: bytes) -> None:
    """One line to whoever started us."""
    os.write(1, line + b"\n")


def main(device: str) -> int:
    """Watch until stdin ends; 1 where Raw Input cannot be had."""
    if sys.platform != "win32":
        return 1
    import ctypes
    from ctypes import wintypes as w

    user32 = ctypes.WinDLL("user32", use_last_error=True, winmode=0x800)
    kernel32 = ctypes.WinDLL("kernel32", use_last_error=True, winmode=0x800)
    size_t, lresult = ctypes.c_size_t, ctypes.c_ssize_t
    procedure = ctypes.WINFUNCTYPE(lresult, w.HWND, w.UINT, size_t, lresult)

    class WindowClass(ctypes.Structure):
        _fields_ = (
            ("style", w.UINT), ("procedure", procedure), ("class_extra", ctypes.c_int),
            ("window_extra", ctypes.c_int), ("instance", w.HINSTANCE), ("icon", w.HICON), ("cursor", w.HANDLE),
            ("background", w.HBRUSH), ("menu", w.LPCWSTR), ("name", w.LPCWSTR),
        )  # fmt: skip

    class RawDevice(ctypes.Structure):
        _fields_ = (("page", w.USHORT), ("usage", w.USHORT), ("flags", w.DWORD), ("window", w.HWND))

    class RawHeader(ctypes.Structure):
        _fields_ = (("type", w.DWORD), ("size", w.DWORD), ("device", w.HANDLE), ("parameter", size_t))

    class RawKeyboard(ctypes.Structure):
        _fields_ = (
            ("header", RawHeader), ("scan_code", w.USHORT), ("flags", w.USHORT), ("reserved", w.USHORT),
            ("key", w.USHORT), ("message", w.UINT), ("extra", w.ULONG),
            ("room", w.BYTE * 32),  # Windows counts the whole union, of which the mouse is the largest
        )  # fmt: skip

    wm_input, wm_close, wm_destroy = 0x00FF, 0x0010, 0x0002
    rid_input, ridi_device_name, ridev_inputsink = 0x10000003, 0x20000007, 0x100
    key_up, vk_shift, vk_capital, vk_return = 0x01, 0x10, 0x14, 0x0D
    message_only = w.HWND(-3)

    user32.DefWindowProcW.argtypes = (w.HWND, w.UINT, size_t, lresult)
    user32.DefWindowProcW.restype = lresult
    user32.CreateWindowExW.restype = w.HWND
    user32.CreateWindowExW.argtypes = (
        w.DWORD, w.LPCWSTR, w.LPCWSTR, w.DWORD, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int,
        w.HWND, w.HMENU, w.HINSTANCE, w.LPVOID,
    )  # fmt: skip
    user32.GetRawInputData.argtypes = (lresult, w.UINT, w.LPVOID, ctypes.POINTER(w.UINT), w.UINT)
    user32.GetRawInputDeviceInfoW.argtypes = (w.HANDLE, w.UINT, w.LPVOID, ctypes.POINTER(w.UINT))
    user32.PostMessageW.argtypes = (w.HWND, w.UINT, size_t, lresult)
    kernel32.GetModuleHandleW.restype = w.HMODULE
    kernel32.GetModuleHandleW.argtypes = (w.LPCWSTR,)

    state = (ctypes.c_ubyte * 256)()
    names: dict[int, str] = {}

    def name_of(handle: int) -> str:
        if handle not in names:
            size = w.UINT(0)
            user32.GetRawInputDeviceInfoW(handle, ridi_device_name, None, ctypes.byref(size))
            text = ctypes.create_unicode_buffer(size.value + 1)
            user32.GetRawInputDeviceInfoW(handle, ridi_device_name, text, ctypes.byref(size))
            names[handle] = text.value.upper()
        return names[handle]

    def take(raw: RawKeyboard) -> None:
        up = bool(raw.flags & key_up)
        key = raw.key
        if key < 256:
            state[key] = 0 if up else 0x80
            if key == vk_capital and not up:
                state[key] ^= 1
        if up or key in (vk_shift, vk_capital) or device.upper() not in name_of(raw.header.device or 0):
            return
        if key == vk_return:
            characters = "\r"
        else:
            buffer = ctypes.create_unicode_buffer(8)
            count = user32.ToUnicode(key, raw.scan_code, state, buffer, 8, 0)
            characters = buffer.value[:count] if count > 0 else ""
        for character in characters:
            # When the key was pressed, not when a busy PC got round to it.
            code = framer.key(raw.header.device or 0, character, (user32.GetMessageTime() & 0xFFFFFFFF) / 1000)
            if code is not None:
                report(code.encode("utf-8").hex().encode("ascii"))

    @procedure
    def on_message(window: int, message: int, word: int, long: int) -> int:
        if message == wm_input:
            raw, size = RawKeyboard(), w.UINT(ctypes.sizeof(RawKeyboard))
            got = user32.GetRawInputData(
                long, rid_input, ctypes.byref(raw), ctypes.byref(size), ctypes.sizeof(RawHeader)
            )
            if got not in (0, 0xFFFFFFFF, -1):
                take(raw)
        elif message == wm_destroy:
            user32.PostQuitMessage(0)
            return 0
        return int(user32.DefWindowProcW(window, message, word, long))

    instance = kernel32.GetModuleHandleW(None)
    kind = WindowClass(0, on_message, 0, 0, instance, None, None, None, None, "vcshim-wedge")
    user32.RegisterClassW(ctypes.byref(kind))
    window = user32.CreateWindowExW(0, "vcshim-wedge", "", 0, 0, 0, 0, 0, message_only, None, instance, None)
    keyboards = RawDevice(1, 6, ridev_inputsink, window)
    if not window or not user32.RegisterRawInputDevices(ctypes.byref(keyboards), 1, ctypes.sizeof(RawDevice)):
        return 1
    framer = KeyFramer(began=(kernel32.GetTickCount() & 0xFFFFFFFF) / 1000)
    report(READY)

    def until_the_end() -> None:
        while os.read(0, 64):
            pass
        user32.PostMessageW(window, wm_close, 0, 0)

    threading.Thread(target=until_the_end, daemon=True).start()
    message = w.MSG()
    while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
        user32.TranslateMessage(ctypes.byref(message))
        user32.DispatchMessageW(ctypes.byref(message))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
