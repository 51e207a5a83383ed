"""The texts of `vcshim config`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "查看现用的设置及其出处，修改某一项，检查设置",
    "show the settings in force and where each comes from, change one, check them",
)
DESCRIPTION = Phrase(
    "查看本机现用的设置，以及每一项写在哪个文件的第几行；也可修改某一项，或检查设置。不写词时为 list。",
    "Show the settings in force on this PC, and the file and line of each; or change one, or check them. Without a "
    "word: list.",
)
EPILOG = Phrase(
    "例：\n  vcshim config\n  vcshim config get scanner.port\n  vcshim config set scanner.port COM3 --pc PC-017\n"
    '  vcshim config set "dialect 本院.tail" "&key="',
    "Examples:\n  vcshim config\n  vcshim config get scanner.port\n  vcshim config set scanner.port COM3 --pc PC-017\n"
    '  vcshim config set "dialect mine.tail" "&key="',
)
WORDS_TITLE = Phrase("词", "words")
LIST_HELP = Phrase("列出现用的设置及其出处", "list the settings in force and where each comes from")
GET_HELP = Phrase("显示一项设置的值、出处和用途", "show one setting: its value, where it comes from, what it is for")
SET_HELP = Phrase(
    "修改一项设置：只改文件中的这一行，注释和编码不变，原来的另存为 .bak",
    "change one setting: only that line of the file, with comments and charset as they are; the file as it was is kept "
    "as .bak",
)
UNSET_HELP = Phrase(
    "取消一项设置，改用其他文件或默认值", "take one setting out, so that another file or the default counts"
)
ALL = Phrase("包括没有设置、取默认值的", "also those that have their defaults")
SECTION = Phrase("只列出这一节", "this section only")
KEY = Phrase(
    "设置项，例如 scanner.port；自定报文格式的写作 dialect NAME.KEY，放在引号中",
    'a key, such as scanner.port; "dialect NAME.KEY" for one of a message format of your own',
)
VALUE = Phrase(
    "值；应用密钥和令牌写 -，从标准输入读一行", "its value; of a key or a token -, for a line of standard input"
)
PC = Phrase(
    "只用于名称符合的电脑，写入 [节@NAME]；可用 * 和 ?",
    "only for PCs of this name: written into [SECTION@NAME]; * and ? may be used",
)
MACHINE = Phrase("写入本机所有程序共用的设置文件", "write into the file for all programs of this PC")

LAYERS = {
    "fleet": Phrase("集中设置", "the hospital's file"),
    "machine": Phrase("本机设置", "this PC's file"),
    "folder": Phrase("动态库旁的 vcshim.ini", "vcshim.ini beside the DLLs"),
}
FILE = Phrase("{layer}：{path}", "{layer}: {path}")
NO_FILE = Phrase("{layer}：没有 {path}", "{layer}: there is no {path}")
DEFAULT = Phrase("默认值", "default")
DEFAULTS = Phrase("另有 {count} 项取默认值，--all 一并列出", "{count} more have their defaults; --all lists them")
PROBLEMS = Phrase(
    "设置有 {count} 处问题，vcshim config check 逐条说明",
    "the settings have {count} problems; vcshim config check lists them",
)
AT = Phrase("{layer} 第 {line} 行", "{layer}, line {line}")
AT_HEADING = Phrase("{place}，[{heading}]", "{place}, [{heading}]")
ABOUT = Phrase("{name}（{place}）：{help}", "{name} ({place}): {help}")
OR_REFUSED = Phrase(
    "{help}。写错则拒绝所有调用（8006）", "{help}. A value that is not understood refuses every call (8006)"
)
MAY_BE = Phrase("可写 {allowed}；默认 {default}", "it may be {allowed}; default {default}")
EMPTY = Phrase("空", "empty")
NO_KEY = Phrase("没有 {word} 这个设置项", "there is no key {word}")
NO_KEY_NEAR = Phrase("没有 {word} 这个设置项，最接近的是 {near}", "there is no key {word} (did you mean {near}?)")
SEVERAL = Phrase("{word} 在多个节中都有：{names}", "several sections have {word}: {names}")
BAD_VALUE = Phrase("{name} {reason}", "{name}: {reason}")
BAD_VALUE_NEAR = Phrase("{name} {reason}，最接近的是 {near}", "{name}: {reason} (did you mean {near}?)")
UNREADABLE = Phrase("{path} 不能按文本读取，没有修改", "{path} cannot be read as text; nothing was changed")
UNWRITABLE = Phrase(
    "这个值写进 {name} 会被读成别的，没有修改", "this value of {name} would be read otherwise; nothing was changed"
)
SECRET_ON_A_LINE = Phrase(
    "{name} 不能写在命令行上，别的程序看得到：请把值写作 -，再输入一行",
    "{name} may not stand on a command line, which other programs can read: write - and enter it as a line",
)
WRITTEN = Phrase("已保存到 {path}", "written to {path}")
NOTHING_TO_DO = Phrase("{path} 无需修改", "{path} is like that already")
IN_FORCE = Phrase("现为 {name} = {value}（{place}）", "now {name} = {value} ({place})")
NEXT_CALL = Phrase("从下一次调用起生效", "it counts from the next call on")
NEXT_START = Phrase("医院程序重新启动后生效", "it counts when the hospital program has been started again")
OVERRULED = Phrase("在本机不起作用：{place} 优先", "it does not count on this PC: {place} is stronger")
SHOULD_BE = Phrase("应为：{allowed}", "it should be: {allowed}")
BAD_NAME = Phrase("{reason}", "{reason}")
NO_PC_OF_A_DIALECT = Phrase(
    "报文格式对所有电脑相同，不能用 --pc；可在 [wire] 中为某台电脑选择另一种",
    "a message format is the same on every PC, without --pc; [wire] can choose another for one PC",
)
DIALECT_FAULT = Phrase(
    "已经写入，但这种报文格式现在不能用：{reason}",
    "written, but this message format cannot be used as it is: {reason}",
)
