"""When to type and when not: the one way to drive every keyboard, and what the clerk is told otherwise.

Nothing is typed unless all of this holds: the code is text, no modifier is down, a window has the focus, it is neither
one of vcshim's nor the desktop, its program is allowed, and its process has no more rights than this one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from shim import submission
from shim.devices.autofill.base import AUTOFILL, KEYBOARD_SECONDS, AutoFill, FocusedWindow, Keyboard
from shim.devices.base import DeviceUnavailable
from shim.errors import Unavailable

_VCSHIM_CLASSES = "vcshim-"
# Window classes of the Windows shell: the desktop, the task bars.
_SHELL_CLASSES = ("progman", "workerw", "shell_traywnd", "shell_secondarytraywnd", "#32769")
_POLL_SECONDS = 0.01
_CLICK = "请先点击医院程序的输入框再操作"


class DrivenAutoFill(AutoFill):
    """The auto-fill that ships: checks, then types. Any thread; calls at the same time wait for one another.

    Args:
        open_keyboard: called for each fill, not before the first. OSError if the system allows no keyboard.
        programs: file names, with or without .exe, of the only programs to type into; empty for all.
        enter: press Enter after the code.
        modifier_seconds: how long to wait for modifiers to be released.
    """

    def __init__(
        self, open_keyboard: Callable[[], Keyboard], *, programs: tuple[str, ...], enter: bool, modifier_seconds: float
    ) -> None:
        self._open_keyboard = open_keyboard
        self._programs = {name.casefold().removesuffix(".exe") for name in programs}
        self._enter = enter
        self._modifier_seconds = modifier_seconds
        self.longest_seconds = modifier_seconds + KEYBOARD_SECONDS
        self._lock = threading.Lock()

    def fill(self, code: str) -> None:
        if not code or not code.isprintable():  # a line feed in a code would be an Enter that nothing asked for
            raise _refused("医保码中有不能键入的字符，请重新扫码")
        with self._lock:
            try:
                keyboard = self._open_keyboard()
            except OSError as error:
                raise _refused(f"系统不允许模拟键盘（{_number(error)}），请联系管理员") from error
            try:
                window = self._checked_window(keyboard)
                self._type(keyboard, window, code)
            finally:
                keyboard.close()

    def _checked_window(self, keyboard: Keyboard) -> FocusedWindow:
        try:
            self._wait_for_modifiers(keyboard)
            return self._check(keyboard.focused())
        except OSError as error:
            raise _refused(f"无法查看焦点窗口（{_number(error)}），{_CLICK}") from error

    def _type(self, keyboard: Keyboard, window: FocusedWindow, code: str) -> None:
        try:
            submission.begin()
            accepted, total = keyboard.write(window, code, self._enter)
            after = keyboard.focused() if keyboard.follows_focus else None
        except OSError as error:
            raise _incomplete(f"与系统的联系中断（{_number(error)}），请清空输入框后重试") from error
        if accepted == 0:
            advice = "没有填入任何字符，请确认电脑没有锁定、医院程序与焦点窗口的程序以相同身份运行，再重试"
            raise DeviceUnavailable(AUTOFILL.title, Unavailable.BLOCKED, advice)
        if accepted < total:
            raise _incomplete(f"{total} 次按键系统只收下 {accepted} 次，请清空输入框后重试")
        # A new window of the same program is its answer to the keys; one of another program took them away.
        if after is not None and after.handle != window.handle and after.process_id != window.process_id:
            raise _incomplete("填值时焦点转到了别的程序，请核对两处的内容，清空输入框后重试")

    def _wait_for_modifiers(self, keyboard: Keyboard) -> None:
        deadline = time.monotonic() + self._modifier_seconds
        while modifiers := keyboard.modifiers():
            if time.monotonic() >= deadline:
                raise _refused(f"键盘上的 {'、'.join(modifiers)} 还按着或开着，请松开后重试")
            time.sleep(_POLL_SECONDS)

    def _check(self, window: FocusedWindow | None) -> FocusedWindow:
        if window is None:
            raise _refused(f"没有窗口获得焦点，{_CLICK}")
        class_name = window.class_name.casefold()
        if class_name.startswith(_VCSHIM_CLASSES):
            raise _refused(f"焦点在本组件自己的窗口上，{_CLICK}")
        if class_name in _SHELL_CLASSES:
            raise _refused(f"焦点在桌面或任务栏上，{_CLICK}")
        if self._programs and window.program.casefold().removesuffix(".exe") not in self._programs:
            name = window.program or "未知"
            raise _refused(f"焦点窗口的程序不在 vcshim.ini 的 [autofill] programs 之中，{_CLICK}，或加入此程序：{name}")
        if window.elevated:
            advice = "焦点窗口的程序以管理员身份运行而本程序不是，没有填入，请以相同身份运行两者"
            raise DeviceUnavailable(AUTOFILL.title, Unavailable.BLOCKED, advice)
        return window


def _refused(advice: str) -> DeviceUnavailable:
    return DeviceUnavailable(AUTOFILL.title, Unavailable.NOT_DONE, advice)


def _incomplete(advice: str) -> DeviceUnavailable:
    return DeviceUnavailable(AUTOFILL.title, Unavailable.INCOMPLETE, advice)


def _number(error: OSError) -> str:
    return f"系统错误 {getattr(error, 'winerror', None) or error.errno or type(error).__name__}"
