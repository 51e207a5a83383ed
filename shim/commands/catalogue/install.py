"""The texts of `vcshim install`; those of a run are in installing.py."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("把这套 vcshim 装到医院程序的文件夹", "put this set of vcshim into the folder of a hospital program")
DESCRIPTION = Phrase(
    "把这个 vcshim.exe 所在的一套文件装到医院程序的文件夹：核对清单，保留原厂动态库，换上两个动态库，试调用一次；"
    "有一步不成就全部恢复原状。已经安装的，即为升级、降级或修复。不改动 vcshim.ini。",
    "Put the set that this vcshim.exe belongs to into the folder of a hospital program: check it against its list, "
    "keep the vendor's DLLs, put ours in place and call them once. If a step fails, everything is put back. Where "
    "vcshim is installed already, this upgrades, downgrades or repairs it. A vcshim.ini is not changed.",
)
BRIDGE = Phrase(
    "当前 Windows 用户登录时在后台启动这个 vcshim-toolbox.exe 的 vcshim bridge，供浏览器中的 HIS 使用；卸载时取消",
    "have this vcshim-toolbox.exe start vcshim bridge, for a HIS in a browser, at each log-on of this user; undone by "
    "uninstall",
)
MERGE = Phrase(
    "把 vcshim.ini 中没有的新设置项作为注释加进去，原有的行一个字节也不改",
    "add keys that are new to vcshim.ini, as comments; no line that is there is changed",
)
