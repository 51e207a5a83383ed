"""docs/reference.md: both specifications as one Markdown file, from the tables of shim/spec. Not a command.

A document in Chinese whatever the language of the run; the same tables give the same text. A correction belongs in
shim/spec.
"""

from __future__ import annotations

from collections.abc import Iterable

from shim import lookup, spec
from shim.commands import tables

HEAD = """\
<!-- Generated: vcshim reference > docs/reference.md. Correct the tables in shim/spec, never this file. -->

# 接口参考

*Reference of both specifications: functions, methods, fields, return codes and dictionaries. Generated; do not edit.*

- VC：多码融合码（支持国家医保电子凭证）接口文档（动态库），V1.1.2，2020-06-08
- EC：医疗保障信息平台 电子凭证技术规范，XJ-D01-2019，2019-12-17

条款“VC 附录2.8”指 VC 的附录，不是第 2 章；“规范外”表示两份规范都未印、实际使用中见到的内容。名称、含义均照原文，
原文的笔误、规范外内容的来历见 [errata.md](errata.md)。字段长度按字符计，函数参数长度按字节计并含结尾 NUL，“—”为不限。
离线查找用 `vcshim spec`。
"""

_EFFECTS = {
    spec.Effect.QUERY: "纯查询，可以再发一次",
    spec.Effect.IDENTIFY: "只用掉一次性的码，不改变数据，不自动再发",
    spec.Effect.CHANGE: "可能改变数据，不自动再发",
}

# Tables that are too long for a row to an entry: code and name only, grouped.
COMPACT = ("departments", "regions")


def document() -> str:
    """The whole file."""
    lines = [HEAD, *_contents()]
    lines += ["## 1 函数", ""]
    for export in spec.EXPORTS:
        lines += _export(export)
    lines += ["## 2 接口", ""]
    for method in spec.METHODS.values():
        lines += _method(method)
    lines += ["## 3 返回码", ""]
    lines += [
        "处理一栏为本项目所写：VC 附录1 的解决方案一栏为空，EC C.4 没有此栏。平台返回的其他数字代码原样返回。",
        "",
    ]
    lines += [f"### VC 附录1（{len(spec.VC_CODES)} 个）", "", *_codes(spec.VC_CODES.values()), ""]
    lines += [f"### EC C.4（{len(spec.EC_CODES)} 个）", "", *_codes(spec.EC_CODES.values()), ""]
    lines += ["### 函数返回值", "", *_codes(lookup.RETURNS), ""]
    lines += ["## 4 字典", ""]
    for table in spec.DICTIONARIES.values():
        lines += _dictionary(table)
    return "\n".join(lines).rstrip("\n") + "\n"


def _contents() -> list[str]:
    """Links to every section, one line to a chapter."""
    exports = "、".join(f"[{export.name}](#{export.name})" for export in spec.EXPORTS)
    methods = "、".join(f"[{method.name}](#{method.name})" for method in spec.METHODS.values())
    tables = "、".join(f"[{table.title}](#{table.name})" for table in spec.DICTIONARIES.values())
    return [f"1. 函数：{exports}", f"2. 接口：{methods}", "3. 返回码", f"4. 字典：{tables}", ""]


def _export(export: spec.Export) -> list[str]:
    names = "、".join(f"`{name}`" for name in spec.stdcall_names(export.name, export.stack_bytes))
    lines = [f'### <a id="{export.name}"></a>{export.name}', ""]
    lines += [f"{export.dll}，{export.clause}。成功返回 `{export.success}`，其他为失败。", ""]
    lines += [f"`{lookup.declaration(export)}`", ""]
    lines += [f"32 位导出名：{names}。", ""]
    lines += _parameters(export.parameters)
    for part, fields in lookup.COMMON.get(export.name, {}).items():
        lines += ["", f"{part}参数：", "", *_fields(fields)]
    return [*lines, ""]


def _method(method: spec.Method) -> list[str]:
    facts = [method.clause, f"经 [{(name := lookup.carrier(method).name)}](#{name}) 调用"]
    if method.aliases:
        facts.append(f"亦接受 {'、'.join(f'`{alias}`' for alias in method.aliases)}")
    if method.scans:
        facts.append(f"未给出 `{method.scans}` 时扫码")
    for row in method.shows:
        facts.append(f"应答的 `{row.field}` 用于扩展屏" + (f"（请求 `{row.flag}` = Y 时）" if row.flag else ""))
    if method.prints:
        facts.append(f"请求 `{method.prints.asked_by}` = Y 时打印标签")
    facts.append(_EFFECTS[method.effect])
    lines = [f'### <a id="{method.name}"></a>{method.name} {method.title}', "", f"{'；'.join(facts)}。", ""]
    for part, rows in (("请求", method.request), ("应答", method.response)):
        lines += [f"{part}：", "", *_fields(rows), ""]
        lines += [f"必填的情形：{title}，{names}。\n" for title, names in _conditions(rows).items()]
    return lines


def _conditions(rows: Iterable[spec.Field]) -> dict[str, str]:
    """The cases in which fields are required, and their names."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if row.when is not None:
            names.setdefault(row.when.title, []).append(f"`{row.name}`")
    return {title: "、".join(fields) for title, fields in names.items()}


def _parameters(parameters: Iterable[spec.Parameter]) -> list[str]:
    directions = {spec.Direction.IN: "入", spec.Direction.OUT: "出"}
    rows = [
        (
            f"`{row.name}`",
            row.title,
            directions[row.direction],
            row.type,
            _length(row.length),
            row.clause,
            _remarks(row.note, row.aliases),
        )
        for row in parameters
    ]
    return _table(("参数", "名称", "方向", "类型", "字节", "条款", "说明"), rows)


def _fields(fields: Iterable[spec.Field]) -> list[str]:
    rows = [
        (
            f"`{row.name}`",
            row.title,
            row.type,
            _length(row.length),
            "是" if row.required else "否",
            f"[{row.dictionary}](#{row.dictionary})" if row.dictionary else "",
            row.clause,
            _remarks(row.note, row.aliases),
        )
        for row in fields
    ]
    return _table(("字段", "名称", "类型", "长度", "必填", "字典", "条款", "说明"), rows)


def _length(length: int | None) -> str:
    return "—" if length is None else str(length)


def _remarks(note: str, aliases: Iterable[str]) -> str:
    names = "、".join(f"`{alias}`" for alias in aliases)
    return "；".join(filter(None, (note, f"亦作 {names}" if names else "")))


def _codes(codes: Iterable[spec.Code]) -> list[str]:
    rows = [(f"`{row.code}`", row.meaning, row.scope, row.remedy, row.clause) for row in codes]
    scoped = any(scope for _, _, scope, _, _ in rows)
    head = ("返回码", "含义", "使用范围", "处理", "条款")
    return _table(head, rows) if scoped else _table((*head[:2], *head[3:]), [(*row[:2], *row[3:]) for row in rows])


def _dictionary(table: spec.Dictionary) -> list[str]:
    used = "、".join(f"`{name}`" for name in lookup.users(table.name))
    facts = f"{table.clause}，{len(table.entries)} 项" + (f"，用于 {used}" if used else "")
    if table.name in COMPACT:
        facts += "；按代码排列，原文次序不同"
    lines = [f'### <a id="{table.name}"></a>{table.title} {table.name}', "", f"{facts}。", ""]
    if table.name in COMPACT:
        return [*lines, *_groups(table), ""]
    columns: list[tuple[str, list[str]]] = [
        ("代码", [f"`{entry.code}`" for entry in table.entries]),
        ("名称", [entry.name for entry in table.entries]),
        ("上级", [f"`{entry.parent}`" if entry.parent else "" for entry in table.entries]),
        ("说明", [entry.note for entry in table.entries]),
    ]
    columns = [column for column in columns if any(column[1])]
    head = tuple(name for name, _ in columns)
    return [*lines, *_table(head, zip(*(cells for _, cells in columns), strict=True)), ""]


def _groups(table: spec.Dictionary) -> list[str]:
    """One line to a department or province, by code; the document prints both tables out of order."""
    groups: dict[str, list[str]] = {}
    for entry in sorted(table.entries, key=lambda entry: entry.code):
        groups.setdefault(entry.code[:2], []).append(f"{entry.code} {entry.name}")
    return [f"- {'，'.join(names)}" for names in groups.values()]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return tables.markdown(head, rows).splitlines()
