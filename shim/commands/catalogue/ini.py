"""The texts of `vcshim ini`. The file that it prints is a document, in Chinese (ini_document.py)."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "输出 vcshim.ini 的全部设置项、默认值和含义", "print vcshim.ini with every key, its default and its meaning"
)
DESCRIPTION = Phrase(
    "输出完整的 vcshim.ini：全部设置项、默认值和含义。另存为文件即可使用。",
    "Print the whole vcshim.ini: every key, its default and its meaning, which is in Chinese. Redirect it into a file "
    "to use it.",
)
DIALECT = Phrase(
    "改为输出一个 [dialect 名称] 节的全部设置项，用来自定报文格式",
    "print a [dialect NAME] section with every key instead, for a message format of your own",
)
MERGE = Phrase(
    "把这个文件中没有的设置项作为注释加进去，原有的行一个字节也不改；原来的另存为 FILE.bak",
    "add the keys that this file does not have, as comments; no line that is there is changed, and the file as it was "
    "is kept as FILE.bak",
)
MERGED = Phrase(
    "已把新的设置项加进 {file}，原来的已保存到 {before}", "added what is new to {file}; as it was: {before}"
)
NOTHING_NEW = Phrase("{file} 没有缺少的设置项", "nothing is new for {file}")
