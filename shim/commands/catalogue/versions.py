"""The texts of `vcshim versions`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("列出一个医院程序文件夹中的各个版本", "list the sets of vcshim in the folder of a hospital program")
DESCRIPTION = Phrase(
    "列出医院程序文件夹中的各个版本：哪一个在用，哪一个可以换回，文件是否与清单一致；"
    "并写明两个动态库是 vcshim 的还是原厂的。",
    "List the sets in the folder of a hospital program: which is in use, which can be gone back to, whether its files "
    "are as listed; and whose the two DLLs are.",
)
NO_SETS = Phrase("没有安装 vcshim：{folder}", "vcshim is not installed in {folder}")
PLAIN = Phrase("（直接复制的一套）", "(a plain copy)")
WHOLE = Phrase("文件完整", "files as listed")
DAMAGED = Phrase("文件与清单不一致：{paths}", "files not as listed: {paths}")
UNLISTED = Phrase("没有清单", "without a list")
LIBRARIES = {
    "front": Phrase("{name}：vcshim", "{name}: vcshim"),
    "other": Phrase("{name}：原厂", "{name}: the vendor's"),
    "": Phrase("{name}：没有", "{name}: none"),
}
KEPT = Phrase("保留的原厂文件 {name}，SHA-256 {checksum}", "the vendor's {name} is kept, SHA-256 {checksum}")
LEGEND = Phrase("* 在用，- 可以用 vcshim rollback 换回", "* in use, - vcshim rollback goes back to it")
