"""Fields that a DLL fills in itself, put into a request by the rules of `added` and `filled`. Pure but for the maker.

Used by both DLLs' modules. What makes the values is `made`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shim import codec
from shim.dialects.made import MADE_RULES, Maker, parts_of
from shim.settings.pairs import Pairs


def field_at(fields: Mapping[str, Any], path: str) -> Any:
    """The value of a field: that of this name, else of the path ``OBJECT.NAME``; None if there is none."""
    if path in fields:
        return fields[path]
    name, dot, rest = path.partition(".")
    inner = fields.get(name)
    return field_at(inner, rest) if dot and isinstance(inner, dict) else None


def split_path(path: str, objects: Iterable[str]) -> tuple[str, ...]:
    """A name as it stands in `added`, as a path: ``biz_content.NAME`` is inside that object."""
    name, dot, rest = path.partition(".")
    return (name, rest) if dot and name in objects else (path,)


def additions(added: Pairs, filled: Pairs, fields: Mapping[str, Any], maker: Maker) -> list[tuple[str, str]]:
    """What goes into a request: pairs of name and value, in the order of the rules.

    Args:
        fields: the request's, with its objects as objects; not changed.
        maker: is asked for the whole of a rule, or, where a part is the value of another field, for its other parts.
    """
    values: dict[str, str] = {}
    for name, rule in (*added, *((name, rule) for name, rule in filled if field_at(fields, name) in (None, ""))):
        values[name] = _made(name, rule, values, fields, maker)
    return list(values.items())


def _made(name: str, rule: str, values: Mapping[str, str], fields: Mapping[str, Any], maker: Maker) -> str:
    parts = parts_of(rule)
    if not any(row is MADE_RULES["field"] for row, _ in parts):
        return maker.value(name, rule)
    texts = []
    for row, argument in parts:
        if row is MADE_RULES["field"]:  # never part of a rule: a host's text could look like one
            value = values[argument] if argument in values else field_at(fields, argument)
            texts.append("" if value is None else value if isinstance(value, str) else codec.dumps(value))
        else:
            texts.append(maker.value(name, f"{row.name}:{argument}" if argument else row.name))
    return "".join(texts)
