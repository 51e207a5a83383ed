"""[tools]: what only the command line uses."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, text


class ToolSettings(Section):
    """[tools]."""

    NAME: ClassVar[str] = "tools"
    LIVE: ClassVar[bool] = True

    key: str = text("", "命令 vcshim sign、vcshim open 所用的应用密钥 key；空为运行时从文件或键盘输入。两个 DLL 不用它")
