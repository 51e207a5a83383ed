"""From the settings of [autofill] to an auto-fill: the back ends as rows, each imported at the first fill.

A setting that cannot be used gives an auto-fill that says so at each call; it never fails the start. Used by wiring.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from shim.devices.autofill.absent import AbsentAutoFill
from shim.devices.autofill.base import AutoFill, Keyboard
from shim.devices.autofill.driver import DrivenAutoFill
from shim.devices.autofill.settings import AutoFillSettings
from shim.devices.backends import BackEnd
from shim.messages import autofill as rows


def _sendinput() -> Keyboard:
    from shim.devices.autofill.sendinput import SendInputKeyboard

    return SendInputKeyboard()


def _messages() -> Keyboard:
    from shim.devices.autofill.messages import MessageKeyboard

    return MessageKeyboard()


def _xtest() -> Keyboard:
    from shim.devices.autofill.xtest import X11Keyboard

    return X11Keyboard()


BACK_ENDS: tuple[BackEnd[Callable[[], Keyboard]], ...] = (
    BackEnd("sendinput", "模拟按键", _sendinput, systems=("win32",)),
    BackEnd("messages", "向输入框发字符消息，用于不接受模拟按键的程序", _messages, systems=("win32",)),
    BackEnd("xtest", "Linux 上的模拟按键，供开发用", _xtest, systems=("linux",)),
)
_NONE = "none"
# The default word, on a system that simulates keys in a way of another name.
_ALIASES: Mapping[tuple[str, str], str] = {("sendinput", "linux"): "xtest"}


def methods() -> Mapping[str, str]:
    """The words of [autofill] method, and what each of them does, for help texts and documents."""
    return {**{row.word: row.title for row in BACK_ENDS}, _NONE: "不用"}


def back_end_word(method: str) -> str:
    """The word of the back end that [autofill] method chooses on this system."""
    return _ALIASES.get((method, sys.platform), method)


def pick_autofill(settings: AutoFillSettings) -> AutoFill:
    """The auto-fill that [autofill] names. Loads nothing: the back end is imported and opened at the first fill."""
    method = settings.method
    if method == _NONE:
        return AbsentAutoFill(rows.SWITCHED_OFF)
    back_ends = {row.word: row for row in BACK_ENDS}
    back_end = back_ends[back_end_word(method)]
    if back_end.unavailable() is not None:
        return AbsentAutoFill(rows.NOT_HERE, method=method)
    if any(mark in name for name in settings.programs for mark in '\\/:*?"<>|'):
        return AbsentAutoFill(rows.NOT_A_FILE_NAME)
    return DrivenAutoFill(
        back_end.make,
        programs=settings.programs,
        enter=settings.enter,
        modifier_seconds=settings.modifier_seconds,
    )
