"""[tools]: what only the command line uses."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, text


class ToolSettings(Section):
    """[tools]."""

    NAME: ClassVar[str] = "tools"

    key: str = text("", "vcshim sign、vcshim open 使用的应用密钥；空则从文件或提示读取。DLL 不用它")
