"""A clerk's program for tests/product/screen: a window whose EDIT has the focus. Windows, in 32-bit Python.

Every line on stdin is an order and is answered by one on stdout:
``focus``      whether the program is in the foreground and its EDIT has the focus, and what the EDIT holds
``type TEXT``  by SendInput, wherever the focus is
``broadcast``  WM_SETTINGCHANGE to every top-level window, by SendMessage; the answer comes when that returns
``knock``      whether vcshim-screen is visible, and answers within three seconds
``shut``       ask vcshim-screen to close, as a task manager does
``freeze``     the thread of vcshim-screen stops; the others of its process go on
``displays``   WM_DISPLAYCHANGE to vcshim-screen; Wine does not send it
"""

from __future__ import annotations

import ctypes
import sys
import threading
from ctypes import wintypes as w

assert sys.platform == "win32"

_WM_CLOSE, _WM_SETTINGCHANGE, _WM_DISPLAYCHANGE = 0x10, 0x1A, 0x7E
_BROADCAST = 0xFFFF
_WS_OVERLAPPEDWINDOW, _WS_VISIBLE, _WS_CHILD = 0xCF0000, 0x10000000, 0x40000000
_UNICODE, _KEY_UP = 4, 2


class GuiThread(ctypes.Structure):
    """GUITHREADINFO."""

    _fields_ = (
        ("size", w.DWORD), ("flags", w.DWORD), ("active", w.HWND), ("focus", w.HWND), ("capture", w.HWND),
        ("menu", w.HWND), ("moved", w.HWND), ("caret", w.HWND), ("box", w.RECT),
    )  # fmt: skip


class Input(ctypes.Structure):
    """INPUT with a KEYBDINPUT, as wide as the union."""

    _fields_ = (
        ("type", w.DWORD), ("key", w.WORD), ("scan_code", w.WORD), ("flags", w.DWORD), ("time", w.DWORD),
        ("extra", ctypes.c_void_p), ("union", ctypes.c_ubyte * 8),
    )  # fmt: skip


user32 = ctypes.WinDLL("user32")
user32.CreateWindowExW.restype = w.HWND
user32.FindWindowW.restype = w.HWND
user32.GetForegroundWindow.restype = w.HWND


class Clerk:
    """The window and its EDIT; the thread that made them dispatches their messages."""

    def __init__(self) -> None:
        self._made = threading.Event()
        threading.Thread(target=self._dispatch, daemon=True).start()
        self._made.wait()

    def answer(self, line: str) -> str:
        """Carry out one order."""
        word, _, rest = line.strip().partition(" ")
        return str(getattr(self, word)(*([rest] if rest else [])))

    def focus(self) -> str:
        """Foreground, focus, text."""
        state = GuiThread(ctypes.sizeof(GuiThread))
        user32.GetGUIThreadInfo(0, ctypes.byref(state))
        text = ctypes.create_unicode_buffer(200)
        user32.GetWindowTextW(self._edit, text, 200)
        return f"{int(user32.GetForegroundWindow() == self._window)} {int(state.focus == self._edit)} {text.value}"

    def type(self, text: str) -> int:
        """How many key events were taken."""
        flags = [(character, flag) for character in text for flag in (_UNICODE, _UNICODE | _KEY_UP)]
        keys = (Input * len(flags))(*(Input(1, 0, ord(character), flag) for character, flag in flags))
        return int(user32.SendInput(len(flags), keys, ctypes.sizeof(Input)))

    def broadcast(self) -> str:
        """Returns when every top-level window has answered."""
        user32.SendMessageW(_BROADCAST, _WM_SETTINGCHANGE, 0, 0)
        return "returned"

    def knock(self) -> str:
        """Whether vcshim-screen is visible, and whether it answers; none if it is missing."""
        window = user32.FindWindowW("vcshim-screen", "vcshim-screen")
        if not window:
            return "none"
        answer = w.DWORD()
        answered = user32.SendMessageTimeoutW(window, 0, 0, 0, 0, 3000, ctypes.byref(answer))
        return f"{int(bool(user32.IsWindowVisible(window)))} {int(bool(answered))}"

    def shut(self) -> int:
        """Posted, not waited for."""
        window = user32.FindWindowW("vcshim-screen", "vcshim-screen")
        return int(user32.PostMessageW(window, _WM_CLOSE, 0, 0))

    def freeze(self) -> int:
        """0 if it was running until now."""
        kernel32 = ctypes.WinDLL("kernel32")
        kernel32.OpenThread.restype = w.HANDLE
        thread = user32.GetWindowThreadProcessId(user32.FindWindowW("vcshim-screen", None), None)
        suspend_resume = 2
        return int(kernel32.SuspendThread(w.HANDLE(kernel32.OpenThread(suspend_resume, False, thread))))

    def displays(self) -> int:
        """The message of a monitor that came or went; posted, not waited for."""
        return int(user32.PostMessageW(user32.FindWindowW("vcshim-screen", None), _WM_DISPLAYCHANGE, 32, 0))

    def _dispatch(self) -> None:
        self._window = user32.CreateWindowExW(
            0, "STATIC", "clerk", _WS_OVERLAPPEDWINDOW | _WS_VISIBLE, 100, 100, 400, 200, None, None, None, None
        )
        self._edit = user32.CreateWindowExW(
            0, "EDIT", "", _WS_CHILD | _WS_VISIBLE, 10, 10, 300, 30, self._window, None, None, None
        )
        user32.SetForegroundWindow(self._window)
        user32.SetFocus(self._edit)
        self._made.set()
        message = w.MSG()
        while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            user32.TranslateMessage(ctypes.byref(message))
            user32.DispatchMessageW(ctypes.byref(message))


if __name__ == "__main__":
    clerk = Clerk()
    for order in sys.stdin:
        print(clerk.answer(order), flush=True)
