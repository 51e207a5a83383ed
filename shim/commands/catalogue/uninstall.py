"""The texts of `vcshim uninstall`; those of a run are in installing.py."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("卸载 vcshim，恢复原厂动态库", "remove vcshim and give the vendor's DLLs back")
DESCRIPTION = Phrase(
    "恢复安装时保留的原厂动态库，每个字节都与当时相同，并删去 vcshim。vcshim.ini 和日志留在原处。",
    "Give back the vendor's DLLs as they were, to the byte, and remove vcshim. vcshim.ini and the log stay.",
)
LEAVE = Phrase("不删去正在运行的这一套文件，由安装程序删去", "leave the set that runs this to the setup program")
