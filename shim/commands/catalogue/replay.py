"""The texts of `vcshim replay`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "用 vcshim 重算留存的交易，与原厂动态库逐字节比对",
    "compare our DLLs with captured calls of the vendor's, byte for byte",
)
DESCRIPTION = Phrase(
    "把留存的每次交易交给 vcshim 重算一遍，请求、OutData 和返回值与原厂动态库逐字节比对。不联网，不动设备。"
    "退出码：0 全部一致；1 有不同；4 读不了，或没有可比对的交易。",
    "Perform every captured call with our own code and compare request, OutData and return value with those of the "
    "vendor's DLL, byte for byte. Nothing is sent, no device moves. Exit codes: 0 all agree; 1 there are differences; "
    "4 the captures cannot be read, or hold nothing to compare.",
)
CAPTURES = Phrase(
    "留存的文件夹或文件，或导出的文件（默认：本机当前用户的留存）",
    "folders or files of captures, or exported files (default: those of this user on this PC)",
)
INI = Phrase(
    "按这个设置文件重算（默认：--folder 中的 {ini}）", "settings to replay with (default: the {ini} of --folder)"
)
JSON = Phrase(
    "把结果写成 JSON：写到 FILE，不写文件名时写到标准输出",
    "write the result as JSON: to FILE, without a name to standard output",
)
HTML = Phrase("把结果写成一个网页文件，含逐日的图", "write the result to one HTML page, with a plot by day")
CANNOT_READ = Phrase("留存读不了：{reason}", "the captures cannot be read: {reason}")
NOTHING = Phrase("没有可比对的交易", "there is nothing to compare")
TOTAL = Phrase(
    "{calls} 次交易：{agree} 次一致，{differ} 次不同，{apart} 次无法比对",
    "{calls} calls: {agree} agree, {differ} differ, {apart} cannot be compared",
)
SHARE = Phrase("一致的比例：{share}", "share that agrees: {share}")
DIFFERENCES = Phrase("不同之处：", "Differences:")
NOT_COMPARABLE = Phrase("无法比对的交易：", "Calls that cannot be compared:")
METHODS = Phrase("按交易：", "By method:")
ROW = Phrase("{calls} 次：{text}", "{calls} calls: {text}")
METHOD_ROW = Phrase(
    "{function} {method}：{agree} 次一致，{differ} 次不同，{apart} 次无法比对",
    "{function} {method}: {agree} agree, {differ} differ, {apart} cannot be compared",
)
REPEATED = Phrase(
    "原厂另有 {count} 次把同样的请求再发一次（vcshim 只在肯定没有发出时才再发）",
    "the vendor's DLL sent the same request again {count} times (ours repeats one only if it certainly was not sent)",
)
BESIDE = Phrase(
    "原厂另向其他地址发了 {count} 个请求（例如自动更新），没有比对",
    "the vendor's DLL sent {count} requests to other addresses, such as those of an updater; they are not compared",
)
SETTINGS_UNUSABLE = Phrase("设置文件有问题：{reason}", "problem of the settings: {reason}")
