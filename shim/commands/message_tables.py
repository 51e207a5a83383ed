"""The tables of docs/messages.md: every text of a failure, for the clerk and for the engineer, with its usual facts.

From all rows of shim/messages, a table for each of its files. Not a command; tables.py writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module

from shim.errors import Message, State
from shim.messages.clerk import sentence
from shim.spec import EXPORT_BY_NAME
from shim.spec.rows import Effect, Export, Shape

Table = tuple[Sequence[str], list[Sequence[str]]]

# By the beginning of a key, rows that belong to one export; all others belong to the two that ask a platform.
_EXPORTS: Mapping[str, str] = {
    "autofill.": "SetEcQrcode",
    "label.": "EhealthID_Print",
    "lines.label_": "EhealthID_Print",
    "screen.": "Set_QRflow_Mode",
    "lines.screen_": "Set_QRflow_Mode",
    "call.": "EhealthID_Print",
}
_TITLES: Mapping[str, str] = {
    "answers": "平台的应答",
    "autofill": "自动填值",
    "call": "函数的参数",
    "cipher": "签名和加密",
    "host": "入参",
    "label": "标签",
    "lines": "设备的连接",
    "network": "网络",
    "own": "扫码组件",
    "scanner": "扫码枪",
    "screen": "扩展屏",
    "settings": "设置",
    "start": "启动",
    "vendor": "原厂动态库",
}
_PLATFORM = "多码融合平台"
_EFFECTS = {Effect.CHANGE: "办理", Effect.IDENTIFY: "验证", Effect.QUERY: "查询"}


def message_rows() -> dict[str, list[Message]]:
    """All rows by the file of shim/messages that they are in, each once, in the order of the file."""
    rows = {name: _unique(vars(import_module(f"shim.messages.{name}")).values()) for name in sorted(_TITLES)}
    own = {name: [row for row in found if row.key.partition(".")[0] == name] for name, found in rows.items()}
    return {name: found for name, found in own.items() if found}


def message_texts() -> dict[str, Table]:
    """For each file its heading and its table."""
    heads = ("原因", "返回码", "给收费员（字数）", "日志")
    return {
        f"{_TITLES[name]} {name}": (
            heads,
            [
                (f"`{row.key}`", f"`{row.reason.vc_code}` `{row.reason.ec_code}`", _clerk(row), _engineer(row))
                for row in rows
            ],
        )
        for name, rows in message_rows().items()
    }


def export_of(row: Message) -> Export:
    """The export that `row` is shown for: the only one that may end with it, or else VirtualCardTrans."""
    names = [name for beginning, name in _EXPORTS.items() if row.key.startswith(beginning)]
    return EXPORT_BY_NAME[names[0] if names else "VirtualCardTrans"]


def _cases(row: Message, export: Export) -> list[tuple[str, State, Effect]]:
    """How a call of `export` ends with `row`: the state, and each effect of a request where that matters."""
    if row.state is State.UNKNOWN and export.shape is Shape.TRANS:
        return [(f"{title}：", State.UNKNOWN, effect) for effect, title in _EFFECTS.items()]
    return [("", row.state or State.NOT_DONE, Effect.CHANGE)]


def _clerk(row: Message) -> str:
    export = export_of(row)
    if export.shape is Shape.NUMBER:
        return "（只有返回码）"
    texts = [
        (title, sentence(row, {"platform": _PLATFORM, **row.usual}, export, state, effect, row.reason.vc_code))
        for title, state, effect in _cases(row, export)
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
