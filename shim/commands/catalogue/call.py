"""The texts of `vcshim call`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "像 HIS 那样调用一个导出函数，显示返回值和出参", "call an export as a hospital program does, show what it returns"
)
DESCRIPTION = Phrase(
    "在本进程内完成一次调用，不加载动态库；设置、设备、报文、日志、交易流水都与真实调用相同。出参写到标准输出，"
    "返回值写到标准错误输出。请求地址默认是 sim:，即进程内的模拟平台；写 --url 可以改为正在运行的模拟平台或真实平台。"
    "真实平台会收到这笔交易。",
    "One call in this process, without loading a DLL; settings, devices, wire, log and journal are those of a real "
    "call. OutData goes to stdout, the returned code to stderr. The address is sim: by default, which is the simulator "
    "inside this process; --url names a running simulator or a real platform, which then receives the transaction.",
)
EXPORT = Phrase("导出函数的名称；写了 --example 时可省略", "name of the export; may be left out with --example")
VALUES = Phrase(
    "除 strUrl 外的入参，按规范的顺序。InData 写文件名，- 或不写为标准输入；编码自动识别",
    "the inputs but strUrl, in the order of the specification. For InData the name of a file, - or nothing for stdin; "
    "its charset is recognised",
)
URL = Phrase("strUrl（默认：sim:）", "strUrl (default: sim:)")
EXAMPLE = Phrase("入参用这个示例，见 vcshim examples", "take this example as InData, see vcshim examples")
NO_EXPORT = Phrase(
    "请写导出函数的名称，或用 --example 选一个示例：{exports}", "name an export, or an --example: {exports}"
)
EXAMPLE_AND_VALUES = Phrase(
    "示例 {name} 是 {export} 的完整入参，不能再写别的入参或别的导出函数",
    "example {name} is the whole InData of {export}: no other input and no other export with it",
)
WRONG_VALUES = Phrase("{export} 的入参应为：{values}", "the inputs of {export} are: {values}")
NO_NUMBER = Phrase("{name} 应为整数", "{name} must be a whole number")
RETURNED = Phrase("{export} 返回 {code}", "{export} returned {code}")
