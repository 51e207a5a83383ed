"""[simulator]: the simulator inside the DLLs (address sim:). Read by shim/wiring.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, path


class SimulatorSettings(Section):
    """[simulator]."""

    NAME: ClassVar[str] = "simulator"

    file: str = path("strUrl 为 sim: 时所用模拟平台的数据文件，可与 vcshim simulator --file 共用；空为不存盘，退出即清")
