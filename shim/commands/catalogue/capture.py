"""The texts of `vcshim capture` and of its first words `list` and `delete`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("列出或删除留存的原厂 DLL 往来报文", "list or delete what was captured of the vendor's DLL")
DESCRIPTION = Phrase(
    "列出或删除 [mode] run = capture 时加密留存的调用与往来报文。只有留存时的 Windows 用户在本机能解密。",
    "List or delete the calls and their traffic that [mode] run = capture has kept, encrypted. Only the user who made "
    "them, on this PC, can read them.",
)
WORDS_TITLE = Phrase("可以做什么", "what to do")
LIST_HELP = Phrase("列出每天的调用次数与大小（不写即此项）", "list days, calls and sizes (the default)")
DELETE_HELP = Phrase(
    "删除当前 Windows 用户的全部留存和 captures.key，不能恢复",
    "delete all captures of this user and their key; they cannot be restored",
)

PLACE = Phrase("文件夹：{folder}", "Folder: {folder}")
READER = Phrase("可读者：{reader}", "Who can read them: {reader}")
READER_ON_WINDOWS = Phrase(
    "仅 Windows 用户 {user}，且仅在本机（DPAPI）", "the Windows user {user} on this PC only (DPAPI)"
)
READER_ELSEWHERE = Phrase(
    "能读 {key} 的人（权限 0600）",
    "whoever can read this user's files; the key is in {key}, with the rights 0600",
)
NOTHING = Phrase("没有留存", "Nothing was captured")
DAY = Phrase("日期", "day")
CALLS = Phrase("调用", "calls")
SIZE = Phrase("大小（MB）", "size (MB)")
TOTAL = Phrase("共 {days} 天，{calls} 次调用，{size} MB", "{days} days, {calls} calls, {size} MB")
UNREADABLE = Phrase("无法解密", "cannot be decrypted")
OFF = Phrase(
    "{day} 程序 {host}（进程 {pid}）关闭了留存：{cause}",
    "{day} capture switched itself off in {host} (process {pid}): {cause}",
)
DELETED = Phrase("已删除 {days} 天的留存", "Deleted the captures of {days} days")
