"""The texts of `vcshim capture` and of its first words `list`, `delete`, `export` and `import`."""

from __future__ import annotations

from shim.commands.language import Phrase
from shim.replay.export import LeftOut

HELP = Phrase(
    "列出、删除、导出留存的原厂动态库往来报文，或在别处导入核对",
    "list, delete or export what was captured of the vendor's DLL, or check an export anywhere",
)
DESCRIPTION = Phrase(
    "列出、删除或导出 [mode] run = capture 时加密留存的调用与往来报文。只有留存时的 Windows 用户在本机能解密；"
    "导出的文件不含患者信息，可以发给他人，它证明的与原来的留存相同。",
    "List, delete or export the calls and their traffic that [mode] run = capture has kept, encrypted. Only the user "
    "who made them, on this PC, can read them. An exported file holds no private value and can be sent to others; it "
    "proves what the captures proved.",
)
WORDS_TITLE = Phrase("可以做什么", "what to do")
LIST_HELP = Phrase("列出每天的调用次数与大小（不写即此项）", "list days, calls and sizes (the default)")
DELETE_HELP = Phrase(
    "删除本用户的全部留存，包括留存的密钥，不能恢复",
    "delete all captures of this user and their key; they cannot be restored",
)

PLACE = Phrase("文件夹：{folder}", "Folder: {folder}")
READER = Phrase("可读者：{reader}", "Who can read them: {reader}")
READER_ON_WINDOWS = Phrase(
    "仅 Windows 用户 {user}，且仅在本机（DPAPI）", "the Windows user {user} on this PC only (DPAPI)"
)
READER_ELSEWHERE = Phrase(
    "能读此账号文件的人；留存的密钥在 {key}，权限 0600",
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

EXPORT_HELP = Phrase(
    "导出：姓名、证件号、手机号、卡号、二维码、令牌、应用密钥等全部换成同样形式的假值，再按本报文格式重新加密签名",
    "export: names, identity numbers, phones, cards, codes, tokens, keys and all else are replaced by made-up values "
    "of the same form, then encrypted and signed again by the dialect in force",
)
PSEUDONYMISED = Phrase("必须写明：导出假值", "must be given: made-up values are exported")
OUT = Phrase("导出的文件（默认：标准输出）", "file to write (default: standard output)")
INI = Phrase(
    "按这个设置文件重算（默认：--folder 中的 {ini}）", "settings to replay with (default: the {ini} of --folder)"
)
IMPORT_HELP = Phrase(
    "导入：检查导出的文件，并按文件中的设置重算比对",
    "import: check an exported file and replay it with the settings that it brings along",
)
FILE = Phrase("导出的文件", "exported file")
NEEDS_PSEUDONYMISED = Phrase(
    "没有写 --pseudonymised：留存不会原样导出", "--pseudonymised is missing: captures are never exported as they are"
)
REFUSED = Phrase(
    "没有导出：留存的请求，现在的设置一个也重现不了，无法重新加密签名。请先运行 vcshim learn",
    "refused: the settings in force reproduce none of the captured requests, so none can be sealed again. Run vcshim "
    "learn first",
)
NOTHING_EXPORTED = Phrase("没有导出：没有可导出的交易", "refused: there is no call to export")
DONE = Phrase("已导出 {calls} 次交易", "exported {calls} calls")
LEFT = Phrase("没有导出的 {count} 次：{why}", "left out: {count} calls, {why}")
LEFT_OUT = {
    LeftOut.NOT_REPRODUCED: Phrase(
        "现在的设置重现不了它的请求", "whose request the settings in force do not reproduce"
    ),
    LeftOut.NO_JSON: Phrase("平台的应答不是 JSON，可能含有任何内容", "whose answer is no JSON and may hold anything"),
    LeftOut.NOT_RESEALED: Phrase("平台的应答无法重新加密签名", "whose answer cannot be encrypted and signed again"),
    LeftOut.OTHER_RESULT: Phrase("换成假值后，比对的结果变了", "which compare otherwise once they are replaced"),
    LeftOut.READABLE: Phrase("会留下可读的原值", "in which a value would have stayed readable"),
    LeftOut.UNREADABLE: Phrase(
        "入参或出参按设置的字符集读不出来", "whose texts are not in the charset of the settings"
    ),
}
NO_EXPORT = Phrase("{file} 不是 vcshim 导出的文件，或已损坏", "{file} is no file that vcshim exported, or is damaged")
TOO_NEW = Phrase("{file} 由更新的版本导出", "{file} was exported by a later version")
INCOMPLETE = Phrase(
    "{file} 不完整：应有 {wanted} 次交易，实有 {calls} 次", "{file} is incomplete: {calls} of {wanted} calls"
)
MADE_BY = Phrase("由 {maker} 导出，{calls} 次交易", "exported by {maker}, {calls} calls")
