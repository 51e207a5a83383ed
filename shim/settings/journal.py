"""[journal]: the list of calls by which unknown outcomes are reconciled. Read by shim/journal."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, number, path, switch


class JournalSettings(Section):
    """[journal]."""

    NAME: ClassVar[str] = "journal"

    enabled: bool = switch(True, "是否记交易流水，供核对结果未知的交易（vcshim journal）；不含患者信息")
    folder: str = path("交易流水所在的文件夹，须在本机硬盘上；空为 %LOCALAPPDATA%\\vcshim\\journal")
    keep_days: int = number(180, "交易流水保留的天数", 1, 3650)
