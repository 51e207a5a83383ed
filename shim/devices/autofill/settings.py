"""[autofill]: auto-fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shim.settings.option import Section, listed, milliseconds, switch, word


@dataclass(frozen=True, slots=True)
class AutoFillSettings(Section):
    """[autofill]."""

    NAME: ClassVar[str] = "autofill"

    method: str = word(
        "sendinput",
        "SetEcQrcode 把医保码填入焦点窗口的方法：sendinput 模拟按键（Linux 上经 XTEST）、"
        "messages 向焦点控件发字符消息、none 不用",
        ("sendinput", "messages", "none"),
    )
    enter: bool = switch(False, "填完后是否再按一次回车，与大多数键盘式扫码枪相同")
    programs: tuple[str, ...] = listed(
        "", "只向这些程序的窗口填值，写程序文件名，多个用逗号分开，例如 his.exe；空为不限"
    )
    modifier_seconds: float = milliseconds(
        "modifier_ms", 500, "Ctrl、Alt、Shift、Win 键按着时，最多等几毫秒松开，仍按着则不填", 0, 5000
    )
