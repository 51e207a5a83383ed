"""The texts of `vcshim spec`. What it finds is quoted from the specifications, which are Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from shim.commands.language import Phrase

HELP = Phrase(
    "离线查两份规范：接口、字段、返回码、地区或任意词", "search both specifications for a method, field, code or word"
)
DESCRIPTION = Phrase(
    "离线查两份规范：\n\n"
    "  vcshim spec verify      接口：全名、别名或最后几段\n"
    "  vcshim spec ecToken     字段出现的每一处\n"
    "  vcshim spec 2001        返回码及其处理\n"
    "  vcshim spec 350200      字典的一项，例如地区\n"
    "  vcshim spec B.3         一个条款的全部内容\n"
    "  vcshim spec 挂号        名称、标题、说明中含有这个词的\n\n"
    "恰好是某个名称时只显示它。完整的表：vcshim reference。\n\n"
    "返回码 1：没有查到；相近的写到标准错误输出。\n\n"
    "--json 输出 [{{kind, name, title, where, detail, clause, note}}]（标准输出不是 UTF-8 时用 ASCII 转义），"
    "没有查到时为 {{error, near: [{{name, title}}]}}；kind 为 export、method、field、code、dictionary 或 entry。"
    "已有的键不会改，可能增加新的键；内容不随 --lang 变化。",
    "Search both specifications, offline:\n\n"
    "  vcshim spec verify      a method, by full name, alias or last words\n"
    "  vcshim spec ecToken     every place where a field stands\n"
    "  vcshim spec 2001        a return code with its remedy\n"
    "  vcshim spec 350200      an entry of a dictionary, such as a region\n"
    "  vcshim spec B.3         all rows of a clause\n"
    "  vcshim spec 挂号        names, titles and notes that contain a word\n\n"
    "Where the word names something exactly, only that is shown. Whole tables: vcshim reference. Titles, meanings and "
    "notes are quoted from the specifications, which are in Chinese.\n\n"
    "Exit code 1: no match; near matches go to stderr.\n\n"
    "--json prints [{{kind, name, title, where, detail, clause, note}}] (ASCII escapes unless stdout is UTF-8), or "
    "{{error, near: [{{name, title}}]}}; kind is export, method, field, code, dictionary or entry. Keys stay; new "
    "ones may be added. It does not depend on --lang.",
)
WORDS = Phrase("要查的词；写多个则连成一个", "what to look for; several words count as one")
COUNT = Phrase("{kind}（{count} 项）", "{kind} ({count})")
NOT_FOUND = Phrase("两份规范中都查不到“{word}”", "neither specification has “{word}”")
NOT_FOUND_NUMBER = Phrase(
    "两份规范中都查不到“{word}”；平台可能返回规范以外的代码，原样返回",
    "neither specification has “{word}”; a platform may return codes of its own, which are passed on as they are",
)
NO_WORD = Phrase("请给出要查的词", "give a word to look for")
NEAR = Phrase("{message}。\n相近的有：\n{names}", "{message}.\nNear matches:\n{names}")
ALONE = Phrase("{message}。", "{message}.")
KINDS: Mapping[str, Phrase] = {
    "export": Phrase("函数", "exports"),
    "method": Phrase("接口", "methods"),
    "field": Phrase("字段", "fields"),
    "code": Phrase("返回码", "return codes"),
    "dictionary": Phrase("字典", "dictionaries"),
    "entry": Phrase("字典值", "dictionary entries"),
}
"""By the kind of a hit."""
PLACES: tuple[Phrase, ...] = (
    Phrase("公共请求", "common request"),
    Phrase("公共应答", "common answer"),
    Phrase("请求", "request"),
    Phrase("应答", "answer"),
    Phrase("参数", "parameter"),
    Phrase("入参", "in"),
    Phrase("出参", "out"),
    Phrase("必填", "required"),
    Phrase("字典", "dictionary"),
    Phrase("项", "rows"),
    Phrase("属", "below"),
    Phrase("返回值", "return value"),
)
"""The words of shim/lookup.py about where a row stands and what it is, whole words each."""
