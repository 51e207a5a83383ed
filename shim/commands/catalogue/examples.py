"""The texts of `vcshim examples`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("列出示例入参，或存成文件", "list example requests, or write them as files")
DESCRIPTION = Phrase(
    "示例是模拟平台会成功应答的完整入参，每个接口一个，人员都是虚构的。可直接用于 vcshim call --example，"
    "或存成文件，改后再用。",
    "An example is a complete InData that the simulator answers with success, one for each method; the people are "
    "fictitious. For vcshim call --example, or as a file to change first.",
)
NAME = Phrase("输出这个示例", "print this example")
WRITE = Phrase("把全部示例以 UTF-8 存到这个文件夹", "write all examples into this folder, in UTF-8")
WRITTEN = Phrase("已保存 {path}", "written: {path}")
