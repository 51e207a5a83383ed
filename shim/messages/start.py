"""Rows: the component did not start, or cannot serve in this process. There may be no log then.

C says the same: native/messages_build.py writes these rows, and those of own.py, for native/failure.c. There {mark} is
a letter and a number that a clerk can read out on the phone, and {reason} what native/boot.c found.
"""

from __future__ import annotations

from shim.errors import Message, Reason
from shim.messages.clerk import IT_DEPARTMENT

FILE_NAME = ("vcshim-start-", ".txt")
"""What stands before and behind the name of the PC: the file beside vcshim.ini with the engineer's line of the last
failure of these rows. The folder may be a share, and no two PCs write one file. The same in native/failure.c."""

_NOT_IN_A_NAME = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))


def file_name(pc: str) -> str:
    """The file of a PC."""
    return pc.translate(_NOT_IN_A_NAME).join(FILE_NAME)


NOT_LOADED = Message(
    "start.not_loaded", Reason.INTERNAL, "扫码组件不能启动（代号 {mark}）",
    "无法加载 {path} 或它依赖的文件（系统错误 {error}），请换回完整的 vcshim 文件夹",
    {"mark": "L126", "path": r"C:\HIS\vcshim\vcshim_core.dll", "error": 126}, then=IT_DEPARTMENT, again=False,
    english="{path} or a file that it needs cannot be loaded (system error {error}); put back a complete vcshim folder",
)  # fmt: skip
NO_FILE = Message(
    "start.no_file", Reason.INTERNAL, "扫码组件不能启动（代号 {mark}）",
    "缺少文件 {path}（系统错误 {error}），请换回完整的 vcshim 文件夹",
    {"mark": "L126", "path": r"C:\HIS\vcshim\vcs-py311.dll", "error": 126}, then=IT_DEPARTMENT, again=False,
    english="the file {path} is missing (system error {error}); put back a complete vcshim folder",
)  # fmt: skip
# Updates of Windows that are missing: their numbers are the marks.
NO_CRT = Message(
    "start.no_crt", Reason.INTERNAL, "扫码组件不能启动（代号 {mark}）",
    "本机缺少 Windows 更新 KB2999226（通用 C 运行库），{path} 无法加载（系统错误 {error}）；"
    "请安装该更新，Windows 7 须先装 SP1",
    {"mark": "L2999226", "path": r"C:\HIS\vcshim\vcshim_core.dll", "error": 126}, then=IT_DEPARTMENT, again=False,
    english="this PC lacks Windows update KB2999226 (the Universal C Runtime), and {path} cannot be loaded (system "
    "error {error}); install that update; Windows 7 needs SP1 first",
)  # fmt: skip
NO_FOLDERS = Message(
    "start.no_folders", Reason.INTERNAL, "扫码组件不能启动（代号 {mark}）",
    "{path} 无法加载（系统错误 {error}），本机缺少 Windows 更新 KB2533623；"
    "请安装该更新，仍不行再换回完整的 vcshim 文件夹",
    {"mark": "L2533623", "path": r"C:\HIS\vcshim\vcshim_core.dll", "error": 87}, then=IT_DEPARTMENT, again=False,
    english="{path} cannot be loaded (system error {error}); this PC lacks Windows update KB2533623; install that "
    "update, else put back a complete vcshim folder",
)  # fmt: skip
SEMICOLON = Message(
    "start.semicolon", Reason.INTERNAL, "扫码组件不能启动（代号 {mark}）",
    "无法加载 {path} 或它依赖的文件（系统错误 {error}）；文件夹名中有分号，Windows 会把它当作两个文件夹，请改名",
    {"mark": "L126", "path": r"C:\HIS;2\vcshim\vcshim_core.dll", "error": 126}, then=IT_DEPARTMENT, again=False,
    english="{path} or a file that it needs cannot be loaded (system error {error}); the name of the folder has a "
    "semicolon, and Windows takes it for two folders; rename it",
)  # fmt: skip
NOT_STARTED = Message(
    "start.not_started", Reason.INTERNAL, "扫码组件不能启动（代号 {mark}）", "{reason}",
    {"mark": "B2", "reason": r"缺少文件 C:\HIS\vcshim\packages，请换回完整的 vcshim 文件夹"},
    then=IT_DEPARTMENT, again=False,
    english="{reason}",
)  # fmt: skip
BROKEN = Message(
    "start.broken", Reason.INTERNAL, "扫码组件不能启动（代号 {mark}）",
    "内部异常 {raised}，vcshim 没有启动，下一次调用会再试；位置：{place}",
    {"mark": "B12", "raised": "PermissionError", "place": "wiring.py:60:wire"}, then=IT_DEPARTMENT, again=False,
    english="internal exception {raised}; vcshim did not start, and the next call tries again; place: {place}",
)  # fmt: skip
NO_MEMORY = Message(
    "start.no_memory", Reason.INTERNAL, "内存不足，扫码组件不能启动", "内存不足，vcshim 没有启动，下一次调用会再试",
    then="请先关闭其他程序",
    english="out of memory; vcshim did not start, and the next call tries again",
)  # fmt: skip
NO_THREAD = Message(
    "start.no_thread", Reason.INTERNAL, "系统资源不足，扫码组件不能工作", "系统没有再创建线程，下一次调用会再试",
    then="请先关闭其他程序",
    english="the system created no thread; the next call tries again",
)  # fmt: skip

# What stands for {mark} and {reason} where Python finds out; the other marks are in native/entry.h.
FORKED = {
    "mark": "B10",
    "reason": "本进程由 fork 产生，当时另一线程正在 vcshim 中工作，本进程不能使用 vcshim；"
    "请重新 fork，或 exec 程序后再调用",
}
BROKEN_MARK = "B12"
