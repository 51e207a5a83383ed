"""[capture]: how much of the vendor's traffic is kept, and how long. Read by shim/capture."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, number, path


class CaptureSettings(Section):
    """[capture]."""

    NAME: ClassVar[str] = "capture"

    folder: str = path(
        "原厂动态库的往来报文加密留存在哪个文件夹，须在本机硬盘上；空为 %LOCALAPPDATA%\\vcshim\\captures"
    )
    keep_days: int = number(30, "留存的天数", 1, 3650)
    keep_mb: int = number(500, "留存最多占用的空间，MB；超过时先删最早的日期，只剩当天时不再留存", 1, 100000)
