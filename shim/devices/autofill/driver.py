"""When to type and when not: the one way every keyboard is driven, and what the clerk is told otherwise. L2.

Nothing is typed unless all of this holds: the code can be typed, no modifier is down, a window has the focus, it is
none of ours nor the desktop, its program is on the list, and its process has no more rights than this one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from shim.devices.autofill.base import AutoFill, Keyboard, Window
from shim.devices.base import DeviceUnavailable, Unavailable

TITLE = "自动填值"
_OURS = "vcshim-"
# Window classes of the Windows shell: the desktop, the task bars.
_SHELL = ("progman", "workerw", "shell_traywnd", "shell_secondarytraywnd", "#32769")
_LOOK_SECONDS = 0.01
_CLICK = "请先点击医院程序的输入框再操作"


class DrivenAutoFill(AutoFill):
    """The auto-fill that ships. Opens `keyboard` at each fill, nothing before the first.

    `programs` are file names, with or without .exe; none at all allow every program. Any thread, one at a time.
    """

    def __init__(
        self, keyboard: Callable[[], Keyboard], *, programs: tuple[str, ...], enter: bool, modifier_seconds: float
    ) -> None:
        self._open = keyboard
        self._programs = {name.casefold().removesuffix(".exe") for name in programs}
        self._enter = enter
        self._modifier_seconds = modifier_seconds
        self._lock = threading.Lock()

    def fill(self, code: str) -> None:
        if not code or not code.isprintable():  # a line feed in a code would be an Enter that nobody asked for
            raise _refused("医保码中有不能键入的字符，请重新扫码")
        with self._lock:
            try:
                keyboard = self._open()
            except OSError as error:
                raise _refused(f"系统不允许模拟键盘（{_number(error)}），请联系管理员") from error
            try:
                self._fill(keyboard, code)
            finally:
                keyboard.close()

    def _fill(self, keyboard: Keyboard, code: str) -> None:
        try:
            self._wait_for_modifiers(keyboard)
            window = self._checked(keyboard.focused())
        except OSError as error:
            raise _refused(f"无法查看焦点窗口（{_number(error)}），{_CLICK}") from error
        try:
            taken, wanted = keyboard.write(window, code, self._enter)
            after = None if keyboard.aimed else keyboard.focused()
        except OSError as error:
            advice = f"与系统的联系中断（{_number(error)}），请清空输入框后重试"
            raise DeviceUnavailable(TITLE, Unavailable.INCOMPLETE, advice) from error
        if taken == 0:
            advice = "没有填入任何字符，请确认电脑没有锁定、医院程序与焦点窗口的程序以相同身份运行，再重试"
            raise DeviceUnavailable(TITLE, Unavailable.BLOCKED, advice)
        if taken < wanted:
            advice = f"{wanted} 次按键系统只收下 {taken} 次，请清空输入框后重试"
            raise DeviceUnavailable(TITLE, Unavailable.INCOMPLETE, advice)
        # A new window of the same program is its answer to the keys; another program's took them away.
        if after is not None and after.handle != window.handle and after.process != window.process:
            advice = "填值时焦点转到了别的程序，请核对两处的内容，清空输入框后重试"
            raise DeviceUnavailable(TITLE, Unavailable.INCOMPLETE, advice)

    def _wait_for_modifiers(self, keyboard: Keyboard) -> None:
        end = time.monotonic() + self._modifier_seconds
        while held := keyboard.held():
            if time.monotonic() >= end:
                raise _refused(f"键盘上的 {'、'.join(held)} 还按着或开着，请松开后重试")
            time.sleep(_LOOK_SECONDS)

    def _checked(self, window: Window | None) -> Window:
        if window is None:
            raise _refused(f"没有窗口获得焦点，{_CLICK}")
        kind = window.kind.casefold()
        if kind.startswith(_OURS):
            raise _refused(f"焦点在本组件自己的窗口上，{_CLICK}")
        if kind in _SHELL:
            raise _refused(f"焦点在桌面或任务栏上，{_CLICK}")
        if self._programs and window.program.casefold().removesuffix(".exe") not in self._programs:
            name = window.program or "未知"
            raise _refused(f"焦点窗口的程序不在 vcshim.ini 的 [autofill] programs 之中，{_CLICK}，或加入此程序：{name}")
        if window.above:
            advice = "焦点窗口的程序以管理员身份运行而本程序不是，没有填入，请以相同身份运行两者"
            raise DeviceUnavailable(TITLE, Unavailable.BLOCKED, advice)
        return window


def _refused(advice: str) -> DeviceUnavailable:
    return DeviceUnavailable(TITLE, Unavailable.NOT_DONE, advice)


def _number(error: OSError) -> str:
    return f"系统错误 {getattr(error, 'winerror', None) or error.errno or type(error).__name__}"
