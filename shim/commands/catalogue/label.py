"""The texts of `vcshim label`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("预览标签、试打一张标签、查询打印机的状态", "preview a label, print one, ask the printer for its status")
DESCRIPTION = Phrase(
    "预览标签、试打一张标签、查询打印机的状态。读取 --folder 中 vcshim.ini 的 [label]，命令行上写的优先。"
    "默认的数据是虚构的。命令行会留下记录，不要写真实患者的数据；那样的标签请从医院程序打印。",
    "Preview the label, print one, ask the printer for its status. Reads the [label] section of the vcshim.ini in "
    "--folder; words on the command line overrule it. The default data is invented. A shell keeps its command lines: "
    "print a real patient's label with the hospital program.",
)
PNG = Phrase("把标签存成图片文件", "write the label into a picture file")
BYTES = Phrase(
    "把发给打印机的字节（按打印机语言）存成文件", "write the bytes for the printer, in its language, into a file"
)
PRINT = Phrase("试打一张标签", "print a label")
STATUS = Phrase("查询打印机的状态", "ask the printer for its status")
SIZE = Phrase(
    "标签的宽和高，毫米，代替 width_mm 和 height_mm，例如 {sizes}",
    "width and height of the label in millimetres, in place of width_mm and height_mm, such as {sizes}",
)
BAD_SIZE = Phrase(
    "{word} 不是标签的宽和高（毫米），例如 {size}", "{word} is not a width and a height in millimetres, such as {size}"
)
CODE = Phrase(
    "二维码的内容（默认：虚构的多码融合码）", "content of the QR code (default: an invented fused health code)"
)
CARD_NO = Phrase("卡号（默认：{default}）", "card number (default: {default})")
NAME = Phrase("姓名（默认：{default}）", "name (default: {default})")
SAVED = Phrase(
    "已保存到 {file}：{width} x {height} 点，{dpi} dpi", "Saved to {file}: {width} x {height} dots, {dpi} dpi"
)
PRINTERS = Phrase("本机现有打印机：{printers}", "Printers of this PC: {printers}")
NOT_LISTED = Phrase("无法列出", "cannot be listed")
NOT_SET_UP = Phrase(
    "本机没有设置标签打印机，请在 vcshim.ini 的 [label] 设置 type，或在命令行写 --type",
    "no label printer is set up on this PC: set type in [label] of vcshim.ini, or write --type on the command line",
)
ACCEPTED = Phrase("打印机已接收标签", "The printer has taken the label")
READY = Phrase("打印机正常", "The printer is ready")
FAULT = Phrase("打印机报告：{fault}", "The printer reports: {fault}")
REMARK = Phrase("{remark}", "The status is not known: {remark}")
