"""OutData in the form that a vendor's DLL gives it: which fields, in which order, written how. Pure.

For both DLLs: the columns out_… of a dialect, and the keys ec_out_… of [wire]. Not here: opening an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shim import codec
from shim.dialects.additions import field_at
from shim.dialects.answers import check_characters
from shim.dialects.body import ENDS
from shim.dialects.json_styles import JsonText, styled_json
from shim.dialects.made import out_rule
from shim.settings.pairs import Pairs


@dataclass(frozen=True, slots=True)
class OutStyle:
    """How OutData is written; the fields are the columns out_… of `Dialect`."""

    order: str = "sorted"
    fields: tuple[str, ...] = ()
    text: str = "compact"
    spaces: str = "none"
    escape: str = "none"
    end: str = "none"
    dropped: frozenset[str] = frozenset()
    renamed: Pairs = ()
    added: Pairs = ()
    data_form: str = "as-is"


@dataclass(frozen=True, slots=True)
class OutSources:
    """Where the fields of `added` come from: the objects of the answer, the outermost first, and the request."""

    answer: Sequence[Mapping[str, Any]]
    request: Mapping[str, Any]


def out_data(style: OutStyle, value: Any, raw: str | None, sources: OutSources) -> str:
    """OutData for `value`.

    Args:
        raw: the text that `value` was read from; None if there is none.

    Raises:
        PlatformError: UNREADABLE_ANSWER for half a character.
    """
    changed = _changed(style, value, sources)
    if style.escape != "none" or style.text == "verbatim":  # else the text itself is looked at
        check_characters(codec.dumps(changed))
    end = ENDS[style.end]
    if style.text == "verbatim" and raw is not None and changed is value:
        check_characters(raw)
        return raw.partition("\0")[0] + end  # C ends a text there
    if style.order == "fixed" and isinstance(changed, dict):
        changed = {name: changed[name] for name in style.fields if name in changed} | changed
    by_name = style.order == "sorted"
    if style.data_form == "text" and isinstance(changed, dict) and isinstance(changed.get("data"), (dict, list)):
        text = styled_json(changed["data"], sort_keys=by_name, spaces=style.spaces, escape=style.escape)
        changed = {**changed, "data": text}
    text = styled_json(changed, sort_keys=by_name, spaces=style.spaces, escape=style.escape)
    if style.escape == "none":
        check_characters(text)
    return text + end


def _changed(style: OutStyle, value: Any, sources: OutSources) -> Any:
    """`value` with the fields of the style; the very same object if the style changes none."""
    if not isinstance(value, dict) or not (style.dropped or style.renamed or style.added):
        return value
    fields = _left(value, style.dropped, dict(style.renamed))
    for name, rule in style.added:
        made = _made_field(rule, sources)
        if made is not None:
            fields[name] = made
    return fields


def _left(value: Mapping[str, Any], dropped: frozenset[str], names: Mapping[str, str], prefix: str = "") -> Any:
    """The fields that stay, under their new names; ``OBJECT.NAME`` is a field inside an object."""
    fields = {}
    for name, each in value.items():
        path = f"{prefix}{name}"
        if path in dropped:
            continue
        inside = not prefix and any(other.startswith(f"{path}.") for other in (*dropped, *names))
        if inside and isinstance(each, dict):
            each = _left(each, dropped, names, f"{path}.")
        fields[names.get(path, name)] = each
    return fields


def _made_field(rule: str, sources: OutSources) -> Any:
    """The value of a field by a rule of `OUT_RULES`; None for a field that is nowhere."""
    word, argument = out_rule(rule)
    if word == "text":
        return argument
    if word == "json":
        return JsonText(argument)
    if word == "request":
        return field_at(sources.request, argument)
    return next((value for each in sources.answer if (value := field_at(each, argument)) is not None), None)
