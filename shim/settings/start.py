"""[start]: what happens before the first call. Read by native/settings.c only: C decides whether Python is started."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, switch, word


class StartSettings(Section):
    """[start]."""

    NAME: ClassVar[str] = "start"

    warm_up: bool = switch(
        True, "医院程序加载动态库后，是否在后台预先启动 vcshim，使第一次调用与以后一样快；off 为第一次调用时才启动"
    )
    local_copy: str = word(
        "auto",
        "vcshim 文件夹在共享上时，是否先复制到本机 %LOCALAPPDATA%\\vcshim\\sets 再加载（每个版本复制一次，逐个核对）："
        "auto 为在共享上或文件夹名中有分号时复制；on 总是复制；off 从不复制。Linux 没有这一步",
        ("auto", "on", "off"),
    )
