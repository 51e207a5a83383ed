"""[log]: the log. Read by shim/wiring.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, number, path, word


class LogSettings(Section):
    """[log]."""

    NAME: ClassVar[str] = "log"

    level: str = word(
        "info",
        "日志的详细程度：error 只记出错的；info 每次调用一行；debug 更详细；wire 另记报文有哪些字段（仍然脱敏）。"
        "后两种只在排查问题时用",
        ("error", "info", "debug", "wire"),
        live=True,
    )
    folder: str = path("日志文件夹；空为 DLL 旁边的 vcshim_log，不可写时为 %LOCALAPPDATA%\\vcshim\\vcshim_log")
    keep_days: int = number(30, "日志保留的天数", 1, 3650)
