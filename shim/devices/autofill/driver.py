"""When to type and when not: the one way to drive every keyboard.

Nothing is typed unless all of this holds: the code is text, no modifier is down, a window has the focus, it is neither
one of vcshim's nor the desktop, its program is allowed, its process has no more rights than this one, and the code is
still the last one. What is said otherwise stands in shim/messages/autofill.py.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from shim import submission
from shim.bilingual import Bilingual, word_list
from shim.devices.autofill.base import KEYBOARD_SECONDS, AutoFill, FocusedWindow, Keyboard
from shim.devices.base import DeviceUnavailable
from shim.messages import autofill as rows

_VCSHIM_CLASSES = "vcshim-"
# Window classes of the Windows shell: the desktop, the task bars.
_SHELL_CLASSES = ("progman", "workerw", "shell_traywnd", "shell_secondarytraywnd", "#32769")
_POLL_SECONDS = 0.01
_UNKNOWN = Bilingual("（未知）", "(unknown)")


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

    def check(self) -> None:
        """These settings can be used; whether a keyboard opens is known when it is needed."""

    def fill(self, code: str, is_current: Callable[[], bool] = lambda: True) -> None:
        if not code or not code.isprintable():  # a line feed in a code would be an Enter that nothing asked for
            raise DeviceUnavailable(rows.NOT_TEXT)
        with self._lock:
            try:
                keyboard = self._open_keyboard()
            except OSError as error:
                raise DeviceUnavailable(rows.NO_KEYBOARD, number=_number(error)) from error
            try:
                window = self._checked_window(keyboard)
                if not is_current():
                    raise DeviceUnavailable(rows.SUPERSEDED)
                self._type(keyboard, window, code)
            finally:
                keyboard.close()

    def _checked_window(self, keyboard: Keyboard) -> FocusedWindow:
        try:
            self._wait_for_modifiers(keyboard)
            return self._check(keyboard.focused())
        except OSError as error:
            raise DeviceUnavailable(rows.CANNOT_LOOK, number=_number(error)) from error

    def _type(self, keyboard: Keyboard, window: FocusedWindow, code: str) -> None:
        try:
            submission.begin()
            accepted, total = keyboard.write(window, code, self._enter)
            after = keyboard.focused() if keyboard.follows_focus else None
        except OSError as error:
            raise DeviceUnavailable(rows.BROKEN_OFF, number=_number(error)) from error
        if accepted == 0:
            raise DeviceUnavailable(rows.NOTHING_ACCEPTED, program=_name(window))
        if accepted < total:
            raise DeviceUnavailable(rows.PART_ACCEPTED, total=total, accepted=accepted)
        # A new window of the same program is its answer to the keys; one of another program took them away.
        if after is not None and after.handle != window.handle and after.process_id != window.process_id:
            raise DeviceUnavailable(rows.WINDOW_CHANGED, program=_name(window), other=_name(after))

    def _wait_for_modifiers(self, keyboard: Keyboard) -> None:
        deadline = time.monotonic() + self._modifier_seconds
        while modifiers := keyboard.modifiers():
            if time.monotonic() >= deadline:
                milliseconds = round(self._modifier_seconds * 1000)
                raise DeviceUnavailable(rows.MODIFIERS, keys=word_list(modifiers), milliseconds=milliseconds)
            time.sleep(_POLL_SECONDS)

    def _check(self, window: FocusedWindow | None) -> FocusedWindow:
        if window is None:
            raise DeviceUnavailable(rows.NO_WINDOW)
        class_name = window.class_name.casefold()
        if class_name.startswith(_VCSHIM_CLASSES):
            raise DeviceUnavailable(rows.OWN_WINDOW, window_class=window.class_name)
        if class_name in _SHELL_CLASSES:
            raise DeviceUnavailable(rows.DESKTOP, window_class=window.class_name)
        if self._programs and window.program.casefold().removesuffix(".exe") not in self._programs:
            raise DeviceUnavailable(rows.OTHER_PROGRAM, program=_name(window))
        if window.elevated:
            raise DeviceUnavailable(rows.MORE_RIGHTS, program=_name(window))
        return window


def _name(window: FocusedWindow) -> str:
    return window.program or _UNKNOWN


def _number(error: OSError) -> Bilingual:
    number = getattr(error, "winerror", None) or error.errno or type(error).__name__
    return Bilingual(f"系统错误 {number}", f"system error {number}")
