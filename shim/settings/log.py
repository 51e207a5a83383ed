"""[log]: the log. Read by shim/wiring.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, number, path, word


class LogSettings(Section):
    """[log]."""

    NAME: ClassVar[str] = "log"

    level: str = word(
        "info", "日志详细程度；wire 另记报文（仍然脱敏），只在排查问题时打开", ("error", "info", "debug", "wire")
    )
    folder: str = path("日志目录；空为 DLL 所在目录下的 vcshim_log，不可写时用本机应用数据目录")
    keep_days: int = number(30, "日志保留天数", 1, 3650)
