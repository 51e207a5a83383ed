"""The tables of docs/messages.md: every text of a failure, for the clerk and for the engineer, with its usual facts.

From all rows of shim/messages, a table for each of its files. Not a command; tables.py writes them.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module

import shim.messages
from shim.errors import Message, State
from shim.messages.clerk import sentence
from shim.spec import EXPORT_BY_NAME
from shim.spec.rows import Effect, Export, Shape

# Files whose rows belong to one export; those of all others to the two that ask a platform.
EXPORTS_OF: Mapping[str, str] = {
    "autofill": "SetEcQrcode",
    "label": "EhealthID_Print",
    "screen": "Set_QRflow_Mode",
    "call": "EhealthID_Print",
}
_TITLES: Mapping[str, str] = {
    "answers": "平台的应答",
    "autofill": "自动填值",
    "call": "函数的参数",
    "cipher": "签名和加密",
    "drawing": "字体和图形",
    "host": "入参",
    "label": "标签",
    "lines": "设备的连接",
    "network": "网络",
    "own": "扫码组件",
    "scanner": "扫码枪",
    "screen": "扩展屏",
    "settings": "设置",
}
_PLATFORM = "多码融合平台"
_EFFECTS = {Effect.CHANGE: "办理", Effect.IDENTIFY: "验证", Effect.QUERY: "查询"}


def message_rows() -> dict[str, list[Message]]:
    """All rows by the file of shim/messages that they are in, each once, in the order of the file."""
    files = sorted(module.name for module in pkgutil.iter_modules(shim.messages.__path__))
    rows = {name: _unique(vars(import_module(f"shim.messages.{name}")).values()) for name in files}
    own = {name: [row for row in found if row.key.partition(".")[0] == name] for name, found in rows.items()}
    return {name: found for name, found in own.items() if found}


def message_texts() -> str:
    """A heading and a table for each file."""
    from shim.commands.tables import markdown

    parts = []
    for name, rows in message_rows().items():
        parts.append(f"\n### {_TITLES.get(name, name)} {name}\n\n")
        lines = [
            (f"`{row.key}`", f"`{row.reason.vc_code}` `{row.reason.ec_code}`", _clerk(row, name), _engineer(row))
            for row in rows
        ]
        parts.append(markdown(("原因", "返回码", "给收费员（字数）", "日志"), lines))
    return "".join(parts) + "\n"


def cases(row: Message, export: Export) -> list[tuple[str, State, Effect]]:
    """In which states a call of `export` may end with `row`, and by the effect of the request where that matters."""
    if export.shape is not Shape.TRANS:
        states = [row.state] if row.state else [State.NOT_DONE, State.UNKNOWN]
        return [("", state, Effect.CHANGE) for state in states]
    if row.state is State.UNKNOWN:
        return [(f"{title}：", State.UNKNOWN, effect) for effect, title in _EFFECTS.items()]
    return [("", row.state or State.NOT_DONE, Effect.CHANGE)]


def _clerk(row: Message, file: str) -> str:
    export = EXPORT_BY_NAME[EXPORTS_OF.get(file, "VirtualCardTrans")]
    if export.shape is Shape.NUMBER:
        return "（只有返回码）"
    texts = [
        (title, sentence(row, {"platform": _PLATFORM, **row.usual}, export, state, effect, row.reason.vc_code))
        for title, state, effect in cases(row, export)
    ]
    return "<br>".join(f"{title}{text}（{len(text)}）" for title, text in texts)


def _engineer(row: Message) -> str:
    return row.engineer.format(platform=_PLATFORM, **row.usual)


def _unique(values: Iterable[object]) -> list[Message]:
    """The rows among `values`, and those inside mappings and sequences; each once."""
    return list({id(row): row for row in _rows(values)}.values())


def _rows(values: Iterable[object]) -> Iterator[Message]:
    for value in values:
        if isinstance(value, Message):
            yield value
        elif isinstance(value, Mapping):
            yield from _rows(value.values())
        elif isinstance(value, (list, tuple, set, frozenset)):
            yield from _rows(value)
