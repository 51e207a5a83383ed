"""The texts that `vcshim sign` and `vcshim open` share (shim/commands/dialect_words.py)."""

from __future__ import annotations

from shim.commands.language import Phrase

FILE = Phrase(
    "JSON 文件，UTF-8、GBK 或 UTF-16 均可，自动识别（默认：-，即标准输入）",
    "file with the JSON in UTF-8, GBK or UTF-16, which is recognised (default: -, which is stdin)",
)
DIALECT = Phrase(
    "报文格式：预置名称，或 [dialect 名称] 的名称（默认：[wire] dialect）",
    "message format: a preset or the name of a [dialect NAME] section (default: [wire] dialect)",
)
KEY_FILE = Phrase("只含应用密钥 key 的文件", "file that holds the application key and nothing else")
PROMPT = Phrase("应用密钥 key：", "application key: ")
NO_KEY = Phrase(
    "没有应用密钥 key：请用 --key-file 给出文件，或在 {ini} 中设置 [tools] key",
    "no application key: name a file with --key-file, or set [tools] key in {ini}",
)
