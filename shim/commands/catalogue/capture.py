"""The texts of `vcshim capture`."""

from __future__ import annotations

from shim.commands.language import Phrase
from shim.replay.export import LeftOut

HELP = Phrase(
    "把留存的交易去除患者信息后导出，或在别处导入核对",
    "export captured calls without private values, and check such a file anywhere",
)
DESCRIPTION = Phrase(
    "导出和导入留存的交易。导出的文件不含患者信息，可以发给他人；它证明的与原来的留存相同。",
    "Export and import captured calls. An exported file holds no private value and can be sent to others; it proves "
    "what the captures proved.",
)
ACTION = Phrase("动作", "action")
EXPORT = Phrase(
    "导出：姓名、证件号、手机号、卡号、二维码、令牌、应用密钥等全部换成同样形式的假值，再按本报文格式重新加密签名",
    "export: names, identity numbers, phones, cards, codes, tokens, keys and all else are replaced by made-up values "
    "of the same form, then encrypted and signed again by the dialect in force",
)
PSEUDONYMISED = Phrase("必须写明：导出假值", "must be given: made-up values are exported")
OUT = Phrase("导出的文件（默认：标准输出）", "file to write (default: standard output)")
INI = Phrase(
    "按这个设置文件重算（默认：--folder 中的 {ini}）", "settings to replay with (default: the {ini} of --folder)"
)
IMPORT = Phrase(
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
NOTHING = Phrase("没有导出：没有可导出的交易", "refused: there is no call to export")
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
