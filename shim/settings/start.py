"""[start]: what happens before the first call. Read by native/settings.c only: C decides whether Python is started."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, switch


class StartSettings(Section):
    """[start]."""

    NAME: ClassVar[str] = "start"

    warm_up: bool = switch(
        True, "医院程序加载动态库后，是否在后台预先启动 vcshim，使第一次调用与以后一样快；off 为第一次调用时才启动"
    )
