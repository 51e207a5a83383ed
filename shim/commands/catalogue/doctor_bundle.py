"""The texts of `vcshim doctor --bundle`: what is in the zip, in the file that says so and on the terminal."""

from __future__ import annotations

from shim.commands.language import Phrase

SAVED = Phrase("已保存到 {file}，其中有：", "Saved to {file}. In it:")
ROW = Phrase("- {name}（{size} 字节）：{what}", "- {name} ({size} bytes): {what}")
TITLE = Phrase("vcshim {version} 的支持包，{time}", "Support zip of vcshim {version}, {time}")
INTRODUCTION = Phrase(
    "供软件厂商和信息科排查问题。其中没有患者信息，也没有应用密钥 key；发送前可逐个打开查看，都是文本。",
    "For whoever looks for the cause of a problem. Nothing in it is a patient's, and no key is in it; all files are "
    "text, so that they can be read before they are sent.",
)
LEFT_OUT = Phrase("没有放入的：", "Left out:")
LEFT_COMMENTS = Phrase("设置文件的注释 {count} 行", "{count} lines of comments of the settings")
LEFT_VALUES = Phrase(
    "设置文件中可能是应用密钥 key 或人名的值 {count} 个，只给字数",
    "{count} values of the settings that may be a secret or a name: only their lengths",
)
LEFT_WIRE = Phrase("日志中 wire 级别的 {count} 行", "{count} lines of the log of the level wire")
LEFT_FOREIGN = Phrase("日志中不是 vcshim 所写的 {count} 行", "{count} lines in the log that vcshim did not write")
LEFT_ALWAYS = Phrase(
    "业务流水号、暂存的出参、截获的报文、8 位以上的数字、形似令牌的文字",
    "serial numbers of businesses, kept answers, captured messages, numbers of 8 and more digits, words that look like "
    "tokens",
)
ITEM = Phrase("- {text}", "- {text}")

README = Phrase("本说明", "this list")
REPORT = Phrase("检查结果，供人阅读", "what the doctor found, for people")
PAGE = Phrase("检查结果，用浏览器打开", "what the doctor found, for a browser")
JSON = Phrase("检查结果，供程序读取", "what the doctor found, for programs")
VERSIONS = Phrase("版本、操作系统、处理器", "versions, the system, the processor")
MANIFEST = Phrase("安装的文件清单", "the list of the files of the set")
SETTINGS = Phrase("设置文件，值已遮盖", "settings, masked")
NOTE = Phrase("动态库启动失败时的记录", "what a DLL wrote when it could not start")
LOG = Phrase("日志的最后 {count} 行", "the last {count} lines of a log")
JOURNAL = Phrase(
    "最近 {count} 次调用的结果，没有流水号", "the outcomes of the last {count} calls, without their numbers"
)
