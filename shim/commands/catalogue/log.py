"""The texts of `vcshim log`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "查看日志：筛选、实时跟踪、查看一次调用的全部经过、导出", "read the log: filter, follow, one call in full, export"
)
DESCRIPTION = Phrase(
    "查看日志，每行一条；包括所有程序、所有登录者的日志，以及以前各日的；vcshim 未能启动时留在 vcshim.ini 旁的说明"
    "（vcshim-start-电脑名.txt）也在其中。日志中没有患者信息，可以发给他人。退出码：0 有符合的行；1 没有。",
    "Show the log, a line each: of every program, user and session, and of the days before; also the notes that a "
    "start which failed leaves beside vcshim.ini (vcshim-start-PC.txt). It holds no patient data and may be passed on. "
    "Exit codes: 0 there are such lines; 1 there are none.",
)
EPILOG = Phrase(
    "例：\n  vcshim log --level error --since 2d\n  vcshim log --call 19:32:04.487\n"
    "  vcshim log --since 2d --out 日志.html",
    "Examples:\n  vcshim log --level error --since 2d\n  vcshim log --call 19:32:04.487\n"
    "  vcshim log --since 2d --out log.html",
)
FILES = Phrase(
    "日志文件，或其所在的文件夹（默认：设置中的日志文件夹）", "logs, or their folder (default: that of the settings)"
)
FOLLOW = Phrase("持续显示新写入的行，按 Ctrl+C 结束", "go on with what is written from now on; Ctrl+C ends it")
FUNCTION = Phrase("只看这个导出函数的", "of this export only")
METHOD = Phrase("只看交易类型中含有这段文字的", "whose method has this in it")
CODE = Phrase("只看这个返回码的", "with this return code only")
LEVEL = Phrase("只看这一级和更严重的", "of this level and of those above it")
SINCE = Phrase(
    "从何时起：30m、2h、3d、1w 之前，今天的 10:30，2026-01-31 或 2026-01-31T10:30",
    "from when: 30m, 2h, 3d, 1w ago, 10:30 of today, 2026-01-31 or 2026-01-31T10:30",
)
UNTIL = Phrase("到何时为止，写法相同", "until when, written in the same way")
TEXT = Phrase("只看任何一处含有这段文字的", "with this text anywhere")
PROGRAM = Phrase(
    "只看日志文件名中含有这段文字的：程序、电脑或登录者", "whose file has this in its name: a program, a PC or a user"
)
LAST = Phrase(
    "只看最后 N 行（默认 {count}；导出和写了 --since 时为全部）",
    "the last N lines (default {count}; all of them for an export or with --since)",
)
ALL = Phrase("全部", "all lines")
CALL = Phrase(
    "一次调用的全部经过；写它任何一行的时间，例如 19:32:04.487",
    "one call in full, by the time of any of its lines, such as 19:32:04.487",
)
DETAILS = Phrase("每行之下列出其余内容", "with all other facts below each line")
OUT = Phrase("存成文件；格式由扩展名决定", "save them as a file; its extension decides on the format")
FORMAT = Phrase(
    "导出的格式；html 是一个独立的网页，可以筛选", "format of the export; html is one page by itself, with filters"
)
NOT_A_TIME = Phrase(
    "{word} 不是时间，应形如 30m、2h、3d、10:30、2026-01-31 或 2026-01-31T10:30",
    "{word} is no time such as 30m, 2h, 3d, 10:30, 2026-01-31 or 2026-01-31T10:30",
)
NO_LOG = Phrase("还没有日志：{folders}", "there is no log yet: {folders}")
NO_CALL = Phrase("没有时间为 {time} 的行", "no line has the time {time}")
NOTHING = Phrase("没有符合的行", "no line is like that")
NOTHING_NEAR = Phrase(
    "没有符合的行；没有 {word}，最接近的是 {near}", "no line is like that; there is no {word} (did you mean {near}?)"
)
FOLLOWING = Phrase("正在等待新的行，按 Ctrl+C 结束", "waiting for new lines, Ctrl+C ends it")
SAVED = Phrase("已保存到 {file}：{count} 行", "{count} lines saved to {file}")
FACT = Phrase("{name}：{value}", "{name}: {value}")

LEVELS = {
    "ERROR": Phrase("错误", "error"),
    "CRITICAL": Phrase("错误", "error"),
    "WARNING": Phrase("提醒", "warning"),
    "INFO": Phrase("信息", "info"),
    "DEBUG": Phrase("调试", "debug"),
    "WIRE": Phrase("报文", "wire"),
}
TITLES = {
    "pc": Phrase("电脑", "PC"),
    "user": Phrase("登录者", "user"),
    "session": Phrase("会话", "session"),
    "pid": Phrase("进程", "process"),
    "thread": Phrase("线程", "thread"),
    "family": Phrase("函数的种类", "kind of call"),
    "reason": Phrase("原因", "reason"),
    "outcome": Phrase("结果", "outcome"),
    "sent_bytes": Phrase("发出的字节数", "bytes sent"),
    "answer_bytes": Phrase("应答的字节数", "bytes of the answer"),
    "platform_ms": Phrase("平台用时（毫秒）", "ms at the platform"),
    "findings": Phrase("入参的问题", "findings in the request"),
    "version": Phrase("版本", "version"),
    "python": Phrase("Python 版本", "Python"),
    "folder": Phrase("文件夹", "folder"),
    "set": Phrase("vcshim 文件夹", "vcshim folder"),
    "platform": Phrase("平台地址", "platform"),
    "where": Phrase("出错的位置", "where"),
    "exception": Phrase("异常", "exception"),
    "file": Phrase("日志文件", "log"),
}
