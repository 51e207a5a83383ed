"""[autofill]: auto-fill. Read by pick.py, whose rows give the words of `method`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from shim.settings.option import Section, listed, milliseconds, switch, word


def _methods() -> Sequence[str]:
    from shim.devices.autofill import pick

    return tuple(pick.methods())


def _method_help() -> str:
    from shim.devices.autofill import pick

    return f"SetEcQrcode 填入医保码的方法：{'；'.join(f'{name} {title}' for name, title in pick.methods().items())}"


class AutoFillSettings(Section):
    """[autofill]."""

    NAME: ClassVar[str] = "autofill"
    LIVE: ClassVar[bool] = True

    method: str = word("sendinput", _method_help, _methods)
    enter: bool = switch(False, "填完后是否再按一次回车，与大多数键盘式扫码枪相同")
    programs: tuple[str, ...] = listed(
        "", "只向这些程序的窗口填值，写程序文件名，多个用逗号分开，例如 his.exe；空为不限"
    )
    modifier_seconds: float = milliseconds(
        "modifier_ms", 500, "Ctrl、Alt、Shift、Win 键按着时，最多等几毫秒松开，仍按着则不填", 0, 5000
    )
