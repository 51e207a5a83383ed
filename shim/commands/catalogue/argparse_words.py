"""The words of Python's argparse, by which every command line is read: its own English, and the Chinese for it.

The English is the key, letter for letter as in the library; ``%(name)s`` and ``%s`` are its facts. A test collects
what argparse says to people, and fails if a row is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from shim.commands.language import Phrase

_ROWS = (
    Phrase("用法：", "usage: "),
    Phrase("参数", "positional arguments"),
    Phrase("选项", "options"),
    Phrase("%(prog)s: %(message)s\n", "%(prog)s: error: %(message)s\n"),
    Phrase("参数 %(argument_name)s：%(message)s", "argument %(argument_name)s: %(message)s"),
    Phrase("后面缺一个值", "expected one argument"),
    Phrase("后面最多一个值", "expected at most one argument"),
    Phrase("后面至少要一个值", "expected at least one argument"),
    Phrase("后面要 %s 个值", "expected %s argument"),
    Phrase("后面要 %s 个值", "expected %s arguments"),
    Phrase("缺少参数：%s", "the following arguments are required: %s"),
    Phrase("要写这些选项之一：%s", "one of the arguments %s is required"),
    Phrase("不能与 %s 同时写", "not allowed with argument %s"),
    Phrase("不认识的参数：%s", "unrecognized arguments: %s"),
    Phrase("后面不能有值：%r", "ignored explicit argument %r"),
    Phrase("选项 %(option)s 不完整，可能是 %(matches)s", "ambiguous option: %(option)s could match %(matches)s"),
    Phrase("没有 %(parser_name)r 这个命令，可写：%(choices)s", "unknown parser %(parser_name)r (choices: %(choices)s)"),
    Phrase("%(value)r 的写法不对（%(type)s）", "invalid %(type)s value: %(value)r"),
)
WORDS: Mapping[str, Phrase] = {row.en: row for row in _ROWS}
