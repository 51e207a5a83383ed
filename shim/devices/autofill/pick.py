"""From the settings of [autofill] to an auto-fill: a table of methods, and what all of them share.

A setting that cannot be used makes an auto-fill that says so at the first call; it never fails the start. L4, used by
wiring.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from shim.devices.autofill.absent import AbsentAutoFill
from shim.devices.autofill.base import AutoFill, Keyboard
from shim.devices.autofill.driver import DrivenAutoFill
from shim.devices.autofill.messages import MessageKeyboard
from shim.devices.autofill.sendinput import SendInputKeyboard
from shim.devices.autofill.settings import AutoFillSettings
from shim.devices.autofill.xtest import X11Keyboard
from shim.settings.ini import FILE_NAME

# [autofill] method, sys.platform.
METHODS: Mapping[tuple[str, str], Callable[[], Keyboard]] = {
    ("sendinput", "win32"): SendInputKeyboard,
    ("messages", "win32"): MessageKeyboard,
    ("sendinput", "linux"): X11Keyboard,
}


def pick_autofill(settings: AutoFillSettings) -> AutoFill:
    """The auto-fill that [autofill] names. Loads nothing: the keyboard is opened at the first fill."""
    method = settings.method
    if method == "none":
        return AbsentAutoFill(f"{FILE_NAME} 的 [autofill] method 为 none；改为 sendinput 后重新启动医院程序即可使用")
    keyboard = METHODS.get((method, sys.platform))
    if keyboard is None:
        return AbsentAutoFill(f"请改正 {FILE_NAME} 的 [autofill]：method = {method} 不能用于本系统")
    if any(mark in name for name in settings.programs for mark in '\\/:*?"<>|'):
        return AbsentAutoFill(f"请改正 {FILE_NAME} 的 [autofill]：programs 只写程序文件名，不带路径，例如 his.exe")
    return DrivenAutoFill(
        keyboard,
        programs=settings.programs,
        enter=settings.enter,
        modifier_seconds=settings.modifier_seconds,
    )
