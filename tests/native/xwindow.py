"""A window on an X server for test_autofill_product.py: tells which characters arrive. Runs in any Python on Linux.

Takes the focus, writes READY, then each character as a line of hex; when stdin ends it waits a little for what is
still on its way, and leaves. Its window says whose process it is (_NET_WM_PID), as toolkits do.
"""

from __future__ import annotations

import ctypes
import os
import select
import struct
import sys
import time

_KEY_PRESS, _FOCUS_IN, _MAP_NOTIFY = 2, 9, 19
_KEY_PRESS_MASK, _STRUCTURE_MASK, _FOCUS_MASK = 1, 1 << 17, 1 << 21
_CARDINAL, _TO_PARENT = 6, 2
_LAST_SECONDS = 0.3


def main() -> int:
    """Until stdin ends."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = display_type = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = (ctypes.c_char_p,)
    x11.XDefaultRootWindow.restype = x11.XCreateSimpleWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
    for function in (x11.XDefaultRootWindow, x11.XPending, x11.XFlush, x11.XConnectionNumber):
        function.argtypes = (display_type,)
    window_type = ctypes.c_ulong
    x11.XCreateSimpleWindow.argtypes = (
        display_type, window_type, *(ctypes.c_int,) * 2, *(ctypes.c_uint,) * 3, *(ctypes.c_ulong,) * 2,
    )  # fmt: skip
    x11.XInternAtom.argtypes = (display_type, ctypes.c_char_p, ctypes.c_int)
    x11.XChangeProperty.argtypes = (
        display_type, window_type, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_void_p,
        ctypes.c_int,
    )  # fmt: skip
    x11.XSelectInput.argtypes = (display_type, window_type, ctypes.c_long)
    x11.XMapWindow.argtypes = (display_type, window_type)
    x11.XSetInputFocus.argtypes = (display_type, window_type, ctypes.c_int, ctypes.c_ulong)
    x11.XNextEvent.argtypes = (display_type, ctypes.c_void_p)
    x11.XLookupString.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

    display = x11.XOpenDisplay(None)
    if not display:
        return 1
    window = x11.XCreateSimpleWindow(display, x11.XDefaultRootWindow(display), 0, 0, 300, 100, 1, 0, 0)
    number = ctypes.c_ulong(os.getpid())
    atom = x11.XInternAtom(display, b"_NET_WM_PID", 0)
    x11.XChangeProperty(display, window, atom, _CARDINAL, 32, 0, ctypes.byref(number), 1)
    x11.XSelectInput(display, window, _KEY_PRESS_MASK | _STRUCTURE_MASK | _FOCUS_MASK)
    x11.XMapWindow(display, window)
    x11.XFlush(display)
    line = x11.XConnectionNumber(display)
    listening, ready = True, False
    while listening:
        if not x11.XPending(display):  # Xlib may have read them already: then the line stays silent
            found, _, _ = select.select([line, 0], [], [])
            if 0 in found and not os.read(0, 64):
                listening = False
                time.sleep(_LAST_SECONDS)
        while x11.XPending(display):
            event = ctypes.create_string_buffer(24 * ctypes.sizeof(ctypes.c_long))
            x11.XNextEvent(display, event)
            kind = struct.unpack_from("i", event.raw)[0]
            if kind == _MAP_NOTIFY:
                x11.XSetInputFocus(display, window, _TO_PARENT, 0)
                x11.XFlush(display)
            elif kind == _FOCUS_IN and not ready:
                ready = True
                print("READY", flush=True)
            elif kind == _KEY_PRESS:
                text = ctypes.create_string_buffer(16)
                count = x11.XLookupString(event, text, len(text), None, None)
                if count > 0:
                    print(text.raw[:count].hex(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
