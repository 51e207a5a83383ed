"""The texts of `vcshim ini`. The file that it prints is a document (ini_document.py)."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "输出 vcshim.ini 的全部设置项、默认值和含义；检查已有的设置",
    "print vcshim.ini with every key, its default and its meaning; check the settings that are there",
)
DESCRIPTION = Phrase(
    "输出完整的 vcshim.ini：全部设置项、默认值和含义，写 --lang en 时为英文。另存为文件即可使用。"
    "--check 检查已有的设置：没有问题返回 0，有问题返回 1。",
    "Print the whole vcshim.ini: every key, its default and its meaning, in Chinese unless --lang en is given. "
    "Redirect it into a file to use it. --check examines the settings that are there: exit code 0 if nothing is wrong "
    "with them, else 1.",
)
DIALECT = Phrase(
    "改为输出一个 [dialect 名称] 节的全部设置项，用来自定报文格式",
    "print a [dialect NAME] section with every key instead, for a message format of your own",
)
CHECK = Phrase(
    "检查本机用到的各个设置文件，或只检查 FILE：逐条指出第几行、应该怎么写、最接近的名称",
    "check every settings file that counts on this PC, or FILE alone: each problem with its line, the remedy and the "
    "nearest name",
)
ABSENT = Phrase("{path}：没有这个文件", "{path}: there is no such file")
GOOD = Phrase("{path}：没有问题", "{path}: nothing is wrong")
BAD = Phrase("{path}：{count} 处问题", "{path}: {count} problems")
REFUSES = Phrase("其中有拒绝所有调用的，须先改正", "one of them refuses every call and must be corrected first")
TOGETHER = Phrase("本机采用的设置合在一起：{count} 处问题", "The settings in force on this PC: {count} problems")
ALL_GOOD = Phrase("设置没有问题。", "Nothing is wrong with the settings.")
ALL = Phrase("共 {count} 处问题。", "{count} problems in all.")
MERGE = Phrase(
    "把这个文件中没有的设置项作为注释加进去，原有的行一个字节也不改；原来的另存为 FILE.bak",
    "add the keys that this file does not have, as comments; no line that is there is changed, and the file as it was "
    "is kept as FILE.bak",
)
MERGED = Phrase(
    "已把新的设置项加进 {file}，原来的已保存到 {before}", "added what is new to {file}; as it was: {before}"
)
NOTHING_NEW = Phrase("{file} 没有缺少的设置项", "nothing is new for {file}")
