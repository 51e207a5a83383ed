"""From the settings of [autofill] to an auto-fill: a table of methods, and what all of them share.

A setting that cannot be used makes an auto-fill that says so at the first call; it never fails the start. L4, used by
wiring.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from shim.config import FILE_NAME, Settings
from shim.devices.absent import AbsentAutoFill
from shim.devices.autofill.driver import DrivenAutoFill
from shim.devices.autofill.messages import MessageKeyboard
from shim.devices.autofill.sendinput import SendInputKeyboard
from shim.devices.autofill.xtest import X11Keyboard
from shim.devices.base import AutoFill, Keyboard

SECTION = "autofill"

# [autofill] method, sys.platform.
METHODS: Mapping[tuple[str, str], Callable[[], Keyboard]] = {
    ("sendinput", "win32"): SendInputKeyboard,
    ("messages", "win32"): MessageKeyboard,
    ("sendinput", "linux"): X11Keyboard,
}


def pick_autofill(settings: Settings) -> AutoFill:
    """The auto-fill that [autofill] names. Loads nothing: the keyboard is opened at the first fill."""
    method = settings.text(SECTION, "method")
    if method == "none":
        return AbsentAutoFill(f"{FILE_NAME} 的 [autofill] method 为 none；改为 sendinput 后重新启动医院程序即可使用")
    keyboard = METHODS.get((method, sys.platform))
    if keyboard is None:
        return AbsentAutoFill(f"请改正 {FILE_NAME} 的 [autofill]：method = {method} 不能用于本系统")
    programs = tuple(part.strip() for part in settings.text(SECTION, "programs").split(",") if part.strip())
    if any(mark in name for name in programs for mark in '\\/:*?"<>|'):
        return AbsentAutoFill(f"请改正 {FILE_NAME} 的 [autofill]：programs 只写程序文件名，不带路径，例如 his.exe")
    return DrivenAutoFill(
        keyboard,
        programs=programs,
        enter=settings.text(SECTION, "enter") == "on",
        modifier_seconds=settings.number(SECTION, "modifier_ms") / 1000,
    )
