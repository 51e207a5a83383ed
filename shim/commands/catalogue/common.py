"""What the command line says whatever the command is: slips, files, standard output, --folder, --lang, faults."""

from __future__ import annotations

from shim.commands.language import Phrase

# ---- vcshim itself ---------------------------------------------------------------------------------------------------

DESCRIPTION = Phrase(
    "多码融合码与医保电子凭证动态库的命令行工具，与动态库读同一个 vcshim.ini，用同一套代码。",
    "Tools around the DLLs of virtualcard-shim. They read the same vcshim.ini and run the same code.",
)
EPILOG = Phrase(
    "请在命令行窗口（cmd）中运行。每个命令的用法：vcshim 命令 --help。",
    "Run it in a command prompt. The words of a command: vcshim COMMAND --help.",
)
COMMANDS_TITLE = Phrase("命令", "commands")
HELP = Phrase("显示用法后退出", "show this help and exit")
VERSION = Phrase("显示版本后退出", "show the version and exit")
LANG = Phrase(
    "显示的语言：zh 中文，en 英文（默认：系统的语言是中文则为 zh，否则为 en）",
    "language of help and output: zh (Chinese) or en (English); default: zh if the system's language is Chinese, "
    "else en",
)
JSON = Phrase(
    "结果写成 JSON，供程序读取，不随语言变化；给人看的话改由标准错误输出",
    "write the result as JSON, for programs, the same in every language; sentences go to standard error",
)
NO_COMMAND = Phrase("没有写命令", "no command was given")

# ---- slips on the command line ---------------------------------------------------------------------------------------

UNKNOWN_COMMAND = Phrase("没有 {word} 这个命令", "unknown command: {word}")
NEAR_COMMAND = Phrase("没有 {word} 这个命令，最接近的是 {near}", "unknown command: {word} (did you mean {near}?)")
UNKNOWN_ARGUMENT = Phrase("不认识的参数：{word}", "unknown argument: {word}")
NEAR_ARGUMENT = Phrase("不认识的参数：{word}，最接近的是 {near}", "unknown argument: {word} (did you mean {near}?)")
CHOICES = Phrase("{text}；可写 {words}", "{text}; one of {words}")
NOT_A_CHOICE = Phrase("{word} 不在可写的词之中：{words}", "{word} is not one of {words}")
NEAR_CHOICE = Phrase(
    "{word} 不在可写的词之中，最接近的是 {near}；可写 {words}",
    "{word} is not one of these words (did you mean {near}?): {words}",
)
NOT_WHOLE = Phrase("{word} 不是 {low} 到 {high} 之间的整数", "{word} is not a whole number from {low} to {high}")
NOT_A_NUMBER = Phrase("{word} 不是 0 到 {high} 之间的数", "{word} is not a number from 0 to {high}")
NOT_ALLOWED = Phrase("{word} 不能写在这里", "{word} cannot stand here")

# ---- files -----------------------------------------------------------------------------------------------------------

FILE_MISSING = Phrase("{file} 不存在", "{file} does not exist")
FILE_IS_FOLDER = Phrase("{file} 是文件夹，不是文件", "{file} is a folder, not a file")
FILE_WITHOUT_FOLDER = Phrase("{file} 所在的文件夹不存在", "{file} is in a folder that does not exist")
FILE_DENIED = Phrase(
    "{file} 不能使用：没有权限，或被其他程序占用",
    "{file} may not be used by this user, or another program holds it",
)
FILE_READ_ONLY = Phrase("{file} 所在的磁盘不能写", "{file} is on a disk that cannot be written")
FILE_DISK_FULL = Phrase("{file} 写不进去：磁盘已满", "{file} cannot be written, the disk is full")
FILE_BAD_NAME = Phrase("{file} 不能作文件名", "{file} is not a name that a file can have")
FILE_EMPTY = Phrase("{file} 是空的", "{file} is empty")
FILE_NO_TEXT = Phrase("{file} 不是 UTF-8、GBK 或 UTF-16 的文本", "{file} is neither UTF-8, GBK nor UTF-16 text")
FILE_UNUSABLE = Phrase("{file} 不能读写", "{file} cannot be read or written")
STDIN_EMPTY = Phrase("标准输入是空的", "standard input is empty")
STDIN_NO_TEXT = Phrase(
    "标准输入不是 UTF-8、GBK 或 UTF-16 的文本", "standard input is neither UTF-8, GBK nor UTF-16 text"
)
STDIN_UNUSABLE = Phrase("标准输入不能读", "standard input cannot be read")

# ---- standard output -------------------------------------------------------------------------------------------------

OUTPUT_CLOSED = Phrase("标准输出已关闭，或写不进去", "standard output is closed or cannot be written")
OUTPUT_FULL = Phrase("标准输出写不进去：磁盘已满", "standard output cannot be written: the disk is full")
OUTPUT_FAILED = Phrase(
    "标准输出写不进去（系统错误 {number}）", "standard output cannot be written (system error {number})"
)

# ---- vcshim.ini ------------------------------------------------------------------------------------------------------

FOLDER = Phrase(
    "{ini} 所在的文件夹（默认：vcshim.exe 上一级文件夹；不是由它启动时为当前文件夹）",
    "folder of {ini} (default: the one above vcshim.exe, else the current one)",
)
SETTINGS = Phrase("设置文件：{path}", "settings: {path}")
NO_SETTINGS = Phrase("没有设置文件 {path}，全部按默认值运行", "no settings file {path}: running on defaults")
PROBLEMS = Phrase("设置文件的问题：", "Problems of the settings file:")

# ---- how a command ends ----------------------------------------------------------------------------------------------

SECONDS_LEFT = Phrase("还有 {seconds} 秒", "{seconds} s left")
SECONDS_PASSED = Phrase("已用 {seconds} 秒", "{seconds} s so far")
CALLS_READ = Phrase("已处理 {count} 次交易", "{count} calls so far")
FAILED = Phrase("失败：{reason}", "Failed: {reason}")
CANCELLED = Phrase("已取消", "Cancelled")
SYSTEM_REPORTS = Phrase("系统报错：{reason}", "the system reports: {reason}")
NO_MEMORY = Phrase("内存不足", "not enough memory")
INCOMPLETE = Phrase("安装不完整，缺少 {name}", "{name} is missing from this installation")
FAULT = Phrase(
    "程序内部异常，请把这一行反馈给 vcshim 项目：{kind} {place}",
    "a fault of the program, please report this line to the vcshim project: {kind} {place}",
)
