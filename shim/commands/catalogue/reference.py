"""The texts of `vcshim reference`. The file that it prints is a document, in Chinese (reference_document.py)."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("把两份规范输出为一个 Markdown 文件", "print both specifications as one Markdown file")
DESCRIPTION = Phrase(
    "把两份规范输出为一个 Markdown 文件：\n\n  vcshim reference > docs/reference.md\n\n"
    "在任何系统上都是 UTF-8、以 LF 换行，请用 cmd 或 POSIX 的 shell 重定向：Windows PowerShell 的 > 会改变编码。"
    "内容有误时请改 shim/spec 中的表。",
    "Print both specifications, in Chinese, as one Markdown file:\n\n  vcshim reference > docs/reference.md\n\n"
    "It is UTF-8 with LF on every system. Redirect it with cmd or a POSIX shell: Windows PowerShell recodes what "
    "passes through >. A correction belongs in the tables of shim/spec.",
)
UPDATE = Phrase("改为更新这些文档中的表格", "fill the tables of these documents anew instead")
NOT_UTF_8 = Phrase("{file} 不是 UTF-8", "{file} is not UTF-8")
NO_TABLE = Phrase("{file}：没有名为 {table} 的表", "{file}: no table {table}")
