"""`vcshim spec`: look anything up in both specifications, offline.

  vcshim spec method verify       one method with its fields, by full name,
                                  alias, clause or last words of the name
  vcshim spec methods             all methods
  vcshim spec function [NAME]     one function of the DLLs with parameters
                                  and common fields, or all five
  vcshim spec field ecToken       every place where a field stands, by name,
                                  alias or title
  vcshim spec code 2001           a return code of VC appendix 1, EC C.4 or
                                  of a function itself
  vcshim spec codes [vc|ec]       all return codes with their remedies
  vcshim spec dict [NAME [CODE]]  all dictionaries, one of them, or its
                                  entries for a code or word; NAME may also
                                  be a title, a clause or a field name
  vcshim spec region 350200       an insurance region by code, beginning of
                                  a code, or name
  vcshim spec search TEXT         names, titles, meanings and notes of
                                  everything; or a clause, such as B.3

Exit code 1: nothing, or more than one thing, is meant by the word; near
matches go to stderr.

With --json, to stdout (escaped to ASCII unless that is UTF-8). Keys stay;
new ones may be added.

  method       {name, title, clause, function, aliases, changes, scans,
               shows, prints, request: [FIELD], response: [FIELD]}
  methods      [{name, title, clause, function, aliases}]
  function     {name, dll, returns, success, stack_bytes, exports,
               declaration, clause, parameters: [FIELD],
               common_request: [FIELD], common_response: [FIELD]},
               or a list of these
  field        [FIELD with owner, part]; part is parameter, common_request,
               common_response, request or response
  code, codes  [{code, meaning, remedy, clause, scope}]
  dict         [TABLE]; with NAME a TABLE with entries: [ENTRY];
               with CODE [ENTRY]
  region       [ENTRY]
  search       [{kind, name, title, note, places, clauses}]; kind is
               function, method, field, code, dictionary or entry
  exit code 1  {error, near: [{name, title}]}

  FIELD        {name, title, type, length, required, dictionary, clause,
               aliases, note}; length null: no limit; dictionary null: none
  TABLE        {name, title, clause, count, fields}
  ENTRY        {code, name, note, parent, dictionary, clause}

What it is not: a lookup for code, which takes `shim.lookup`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, zip_longest
from typing import TextIO

from shim import lookup, spec

HELP = "look up a method, field, code or dictionary of both specifications"

# One less than a Windows console has: it breaks the line when the last column is written.
COLUMNS = 79

# What --json prints, and the lines that a person gets.
Answer = tuple[object, list[str]]
# The cells of one line, and what stands below them.
Row = tuple[tuple[str, ...], str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument("--json", action="store_true", help="print JSON")
    things = parser.add_subparsers(dest="thing", required=True, metavar="THING")

    def thing(name: str, help: str) -> argparse.ArgumentParser:
        return things.add_parser(name, help=help, description=help, parents=[every])

    thing("method", "one method with its fields").add_argument("word", metavar="NAME")
    thing("methods", "all methods")
    thing("function", "one function of the DLLs, or all").add_argument("word", metavar="NAME", nargs="?")
    thing("field", "every place where a field stands").add_argument("word", metavar="NAME")
    thing("code", "one return code").add_argument("word", metavar="CODE")
    thing("codes", "all return codes").add_argument(
        "word", metavar="vc|ec", nargs="?", type=str.lower, choices=("vc", "ec")
    )
    words = thing("dict", "all dictionaries, one dictionary, or its entries")
    words.add_argument("word", metavar="NAME", nargs="?")
    words.add_argument("code", metavar="CODE", nargs="?")
    thing("region", "insurance regions").add_argument("word", metavar="CODE")
    thing("search", "search everything").add_argument("word", metavar="TEXT")


def run(options: argparse.Namespace) -> int:
    """Print what was asked for; 1 when it is not there or ambiguous."""
    show: Callable[[argparse.Namespace], Answer] = _THINGS[options.thing]
    try:
        data, lines = show(options)
    except lookup.NotFound as missing:
        if options.json:
            near = [{"name": name, "title": title} for name, title in missing.near]
            _write_json({"error": missing.message, "near": near})
        else:
            rows = _table((), [((name, title), "") for name, title in missing.near])
            _write([f"{missing.message}。", *(["相近的有：", *rows] if rows else [])], sys.stderr)
        return 1
    if options.json:
        _write_json(data)
    else:
        _write(lines, sys.stdout)
    return 0


# --- one function for each thing ---


def _method(options: argparse.Namespace) -> Answer:
    method = lookup.find_method(options.word)
    function = lookup.served_by(method)
    facts = [("条款", method.clause), ("函数", f"{function.name}（{function.dll}）")]
    if method.aliases:
        facts.append(("别名", "、".join(method.aliases)))
    if method.scans:
        facts.append(("扫码", f"未给出 {method.scans} 时由动态库扫码"))
    for row in method.shows:
        facts.append(("扩展屏", f"应答的 {row.field}" + (f"（请求 {row.flag} = Y 时）" if row.flag else "")))
    if method.prints:
        facts.append(("标签", f"请求 {method.prints.asked_by} = Y 时打印"))
    facts.append(("重发", "可能改变数据：结果未知时先查证，不可直接重发" if method.changes else "纯查询，可以重发"))
    lines = [f"{method.name}  {method.title}", *_facts(facts)]
    for part, rows in (("请求", method.request), ("应答", method.response)):
        required = sum(row.required for row in rows)
        lines += ["", f"{part}（{len(rows)} 项，必填 {required} 项）", *_fields(rows)]
    lines += ["", f"公共参数：vcshim spec function {function.name}"]
    data = _method_json(method) | {
        "changes": method.changes,
        "scans": method.scans,
        "shows": [row.field for row in method.shows],
        "prints": method.prints.asked_by if method.prints else None,
        "request": [_field_json(row) for row in method.request],
        "response": [_field_json(row) for row in method.response],
    }
    return data, lines


def _methods(_: argparse.Namespace) -> Answer:
    methods = spec.METHODS.values()
    rows = [((method.name, method.title, method.clause), "") for method in methods]
    return [_method_json(method) for method in methods], _table(("接口", "名称", "条款"), rows)


def _function(options: argparse.Namespace) -> Answer:
    if options.word is None:
        rows = [((each.name, each.dll, each.clause), lookup.declaration(each)) for each in spec.FUNCTIONS]
        return [_function_json(each) for each in spec.FUNCTIONS], _table(("函数", "动态库", "条款"), rows)
    function = lookup.find_function(options.word)
    facts = [
        ("条款", function.clause),
        ("声明", lookup.declaration(function)),
        ("导出名", "、".join(lookup.exports(function))),
        ("成功", f"返回 {lookup.success(function).code}，其他为失败"),
    ]
    lines = [f"{function.name}  {function.dll}", *_facts(facts)]
    lines += ["", "参数（长度为字节数，含结尾 NUL）", *_fields(function.parameters)]
    for part, fields in lookup.COMMON.get(function.name, {}).items():
        lines += ["", f"{lookup.PARTS[part]}参数（{len(fields)} 项）", *_fields(fields)]
    return _function_json(function), lines


def _field(options: argparse.Namespace) -> Answer:
    found = lookup.find_fields(options.word)
    titles = dict.fromkeys((place.field.name, place.field.title) for place in found)
    lines: list[str] = []
    for name, title in titles:
        rows = [
            (
                (place.owner, lookup.PARTS[place.part], _type(place.field), _yes(place.field), place.field.clause),
                _remarks(place.field),
            )
            for place in found
            if (place.field.name, place.field.title) == (name, title)
        ]
        lines += ["", f"{name}  {title}", *_table(("所在", "部分", "类型", "必填", "条款"), rows)]
    data = [{"owner": place.owner, "part": place.part} | _field_json(place.field) for place in found]
    return data, lines[1:]


def _code(options: argparse.Namespace) -> Answer:
    found = lookup.find_codes(options.word)
    data, lines = _codes_answer(found)
    clauses = {row.clause for row in found}
    return data, [*lines, *(f"  {clause} 中没有此代码" for clause in ("VC 附录1", "EC C.4") if clause not in clauses)]


def _codes(options: argparse.Namespace) -> Answer:
    tables = {"vc": spec.VC_CODES, "ec": spec.EC_CODES}
    chosen = [tables[options.word]] if options.word else tables.values()
    return _codes_answer([row for table in chosen for row in table.values()])


def _codes_answer(codes: Sequence[spec.Code]) -> Answer:
    rows = [((row.code, row.meaning, row.scope, row.clause), f"处理：{row.remedy}") for row in codes]
    data = [
        {"code": row.code, "meaning": row.meaning, "remedy": row.remedy, "clause": row.clause, "scope": row.scope}
        for row in codes
    ]
    return data, _table(("返回码", "含义", "使用范围", "条款"), rows)


def _dict(options: argparse.Namespace) -> Answer:
    if options.word is None:
        tables = spec.DICTIONARIES.values()
        head = ("字典", "名称", "项数", "条款")
        rows = [((each.name, each.title, str(len(each.entries)), each.clause), "") for each in tables]
        return [_dictionary_json(each) for each in tables], _table(head, rows)
    table = lookup.find_dictionary(options.word)
    if options.code is not None:
        return _entries(table, lookup.find_entries(table, options.code))
    entries, lines = _entries(table, table.entries)
    return _dictionary_json(table) | {"entries": entries}, lines


def _region(options: argparse.Namespace) -> Answer:
    table = spec.DICTIONARIES["regions"]
    return _entries(table, lookup.find_entries(table, options.word))


def _entries(table: spec.Dictionary, entries: Iterable[spec.Entry]) -> Answer:
    entries = list(entries)
    used = ", ".join(dict.fromkeys(place.field.name for place in lookup.users(table.name)))
    lines = [f"{table.name}  {table.title}  {table.clause}", *_facts([("用于", used)] if used else [])]
    rows = [((row.code, row.name, f"属 {row.parent}" if row.parent else "", row.note), "") for row in entries]
    lines += _table((), rows)
    data = [
        {
            "code": entry.code,
            "name": entry.name,
            "note": entry.note,
            "parent": entry.parent,
            "dictionary": table.name,
            "clause": table.clause,
        }
        for entry in entries
    ]
    return data, lines


def _search(options: argparse.Namespace) -> Answer:
    hits = lookup.search(options.word)
    lines: list[str] = []
    for kind, group in groupby(hits, key=lambda hit: hit.kind):
        same = list(group)
        rows: list[Row] = []
        for hit in same:
            places, clauses = "、".join(hit.places), "、".join(hit.clauses)
            if kind == "field":
                below = "；".join(filter(None, (f"见于 {places}", hit.note)))
                rows.append(((hit.name, hit.title, clauses), below))
            else:
                rows.append(((hit.name, hit.title, places, clauses), hit.note))
        lines += ["", f"{lookup.KINDS[kind]}（{len(same)} 项）", *_table((), rows)]
    data = [
        {
            "kind": hit.kind,
            "name": hit.name,
            "title": hit.title,
            "note": hit.note,
            "places": list(hit.places),
            "clauses": list(hit.clauses),
        }
        for hit in hits
    ]
    return data, lines[1:]


_THINGS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "method": _method,
    "methods": _methods,
    "function": _function,
    "field": _field,
    "code": _code,
    "codes": _codes,
    "dict": _dict,
    "region": _region,
    "search": _search,
}


# --- rows as JSON: the keys are written out because scripts rely on them ---


def _field_json(row: spec.Field) -> dict[str, object]:
    return {
        "name": row.name,
        "title": row.title,
        "type": row.type,
        "length": row.length,
        "required": row.required,
        "dictionary": row.dictionary,
        "clause": row.clause,
        "aliases": list(row.aliases),
        "note": row.note,
    }


def _method_json(method: spec.Method) -> dict[str, object]:
    return {
        "name": method.name,
        "title": method.title,
        "clause": method.clause,
        "function": lookup.served_by(method).name,
        "aliases": list(method.aliases),
    }


def _function_json(function: spec.Function) -> dict[str, object]:
    common = lookup.COMMON.get(function.name, {})
    return {
        "name": function.name,
        "dll": function.dll,
        "returns": function.returns,
        "success": lookup.success(function).code,
        "stack_bytes": function.stack_bytes,
        "exports": list(lookup.exports(function)),
        "declaration": lookup.declaration(function),
        "clause": function.clause,
        "parameters": [_field_json(row) for row in function.parameters],
        "common_request": [_field_json(row) for row in common.get("common_request", ())],
        "common_response": [_field_json(row) for row in common.get("common_response", ())],
    }


def _dictionary_json(table: spec.Dictionary) -> dict[str, object]:
    return {
        "name": table.name,
        "title": table.title,
        "clause": table.clause,
        "count": len(table.entries),
        "fields": list(dict.fromkeys(place.field.name for place in lookup.users(table.name))),
    }


# --- rows as lines ---


def _type(row: spec.Field) -> str:
    return row.type if row.length is None else f"{row.type}({row.length})"


def _yes(row: spec.Field) -> str:
    return "是" if row.required else "否"


def _remarks(row: spec.Field) -> str:
    """What a field has beside its columns."""
    dictionary = f"字典 {row.dictionary}" if row.dictionary else ""
    aliases = f"别名 {'、'.join(row.aliases)}" if row.aliases else ""
    return "；".join(filter(None, (dictionary, aliases, row.note)))


def _fields(fields: Iterable[spec.Field]) -> list[str]:
    rows = [((row.name, row.title, _type(row), _yes(row), row.clause), _remarks(row)) for row in fields]
    return _table(("字段", "名称", "类型", "必填", "条款"), rows)


def _facts(facts: Iterable[tuple[str, str]]) -> list[str]:
    return _table((), [(fact, "") for fact in facts])


def _table(head: tuple[str, ...], rows: Iterable[Row]) -> list[str]:
    """Aligned lines of at most COLUMNS columns, indented by two; a column that is empty in every row is left out."""
    rows = list(rows)
    if not rows:
        return []
    used = [index for index in range(len(rows[0][0])) if any(cells[index] for cells, _ in rows)]
    heads: list[Row] = [(head, "")] if head else []
    lined = [([cells[index] for index in used], below) for cells, below in (*heads, *rows)]
    widths = [max(_width(cells[index]) for cells, _ in lined) for index in range(len(used))]
    floors = [max(_width(token) for cells, _ in lined for token in _tokens(cells[index])) for index in range(len(used))]
    while sum(widths) + 2 * len(widths) > COLUMNS and widths != floors:
        spare = [width - floor for width, floor in zip(widths, floors, strict=True)]
        widths[spare.index(max(spare))] -= 1
    lines: list[str] = []
    for cells, below in lined:
        parts = [_wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
        for texts in zip_longest(*parts, fillvalue=""):
            padded = (text + " " * (width - _width(text)) for text, width in zip(texts, widths, strict=True))
            lines.append(f"  {'  '.join(padded)}".rstrip())
        lines += [f"    {text}" for text in _wrap(below, COLUMNS - 4) if text]
    return lines


def _width(text: str) -> int:
    """Columns in a Chinese console, where the ambiguous characters are wide too."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else not unicodedata.combining(char) for char in text)


def _tokens(text: str) -> list[str]:
    """What a line may not be broken inside of: an ASCII word or one other character, with its closing marks."""
    return re.findall(r"(?:[!-~]+|.)[，。；：、）！？”]*", text) or [""]


def _wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, or of one token if that is wider."""
    lines = [""]
    for token in _tokens(text):
        if lines[-1] and _width(lines[-1]) + _width(token) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        if lines[-1] or token != " ":
            lines[-1] += token
    return lines


def _write(lines: Iterable[str], stream: TextIO) -> None:
    """Print lines; a character that the console's encoding lacks becomes a question mark."""
    encoding = stream.encoding or "utf-8"
    stream.write("".join(f"{line}\n" for line in lines).encode(encoding, "replace").decode(encoding))


def _write_json(data: object) -> None:
    readable = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    _write([json.dumps(data, ensure_ascii=not readable, indent=2)], sys.stdout)
