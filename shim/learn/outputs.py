"""What a vendor's DLL makes of an answer: the form, the fields and the text of OutData, for both DLLs. Pure.

A sheet is one successful call: the objects that OutData may have been made of, and OutData. What only shows in the text
(order, blanks, escapes) is tried by the caller with the product's own code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shim import codec
from shim.dialects.additions import field_at
from shim.learn.samples import field_text

_DATA = "data"


@dataclass(frozen=True, slots=True)
class OutSheet:
    """One successful call.

    Attributes:
        sources: what OutData may have been made of, by the words of out_form.
        answer: the answer, for fields that are added.
        request: InData, likewise.
        out: OutData as an object.
    """

    number: int
    sources: Mapping[str, Mapping[str, Any]]
    answer: Mapping[str, Any]
    request: Mapping[str, Any]
    out: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OutFields:
    """Which fields OutData has.

    Attributes:
        form: the word of out_form.
        dropped, renamed, added: as the columns.
        unknown: fields of OutData that nothing explains.
    """

    form: str
    dropped: frozenset[str] = frozenset()
    renamed: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def cost(self) -> int:
        """How much it departs from a plain copy."""
        return len(self.dropped) + len(self.renamed) + len(self.added) + 10 * len(self.unknown)


def out_fields(sheets: Sequence[OutSheet], preferred: str) -> OutFields | None:
    """The fields of OutData, of the source that explains them best; None where there are no sheets."""
    forms = [form for form in dict.fromkeys(form for each in sheets for form in each.sources)]
    forms = [form for form in forms if all(form in each.sources for each in sheets)]
    rows = [_of_form(form, sheets) for form in forms]
    return min(rows, key=lambda row: (row.cost, row.form != preferred), default=None)


def _of_form(form: str, sheets: Sequence[OutSheet]) -> OutFields:
    inner, sheets = _inside(form, sheets)
    names = dict.fromkeys(name for each in sheets for name in each.out)
    there = dict.fromkeys(name for each in sheets for name in each.sources[form])
    kept = {name for name in there if _is_kept(name, form, sheets)}
    lost = [name for name in there if not any(name in each.out for each in sheets)]
    renamed: list[tuple[str, str]] = []
    added: list[tuple[str, str]] = []
    unknown: list[str] = []
    for name in names:
        if name in kept and all(name in each.sources[form] for each in sheets if name in each.out):
            continue
        old = _old_name(name, form, sheets, [each for each in lost if each not in dict(renamed)])
        if old is not None:
            renamed.append((old, name))
            continue
        rule = _added_rule(name, sheets)
        if rule is None:
            unknown.append(name)
        else:
            added.append((name, rule))
    taken = dict(renamed)
    dropped = frozenset(name for name in lost if name not in taken)
    renamed += inner.renamed
    return OutFields(form, dropped | inner.dropped, tuple(renamed), tuple(added), tuple(unknown))


def _inside(form: str, sheets: Sequence[OutSheet]) -> tuple[OutFields, Sequence[OutSheet]]:
    """Fields dropped and renamed inside the object `data`, and the sheets with that explained."""
    pairs = [(each.sources[form].get(_DATA), each.out.get(_DATA)) for each in sheets]
    objects = [(one, other) for one, other in pairs if isinstance(one, dict) and isinstance(other, dict)]
    nothing = OutFields(form)
    if not objects or all(one == other for one, other in objects):
        return nothing, sheets
    rows = [OutSheet(0, {form: one}, {}, {}, other) for one, other in objects]
    fields = _of_form(form, rows)
    if fields.unknown or fields.added:
        return nothing, sheets
    explained = [
        replace(each, out={**each.out, _DATA: each.sources[form][_DATA]})
        if isinstance(each.sources[form].get(_DATA), dict) and isinstance(each.out.get(_DATA), dict)
        else each
        for each in sheets
    ]
    dropped = frozenset(f"{_DATA}.{name}" for name in fields.dropped)
    return OutFields(form, dropped, tuple((f"{_DATA}.{old}", new) for old, new in fields.renamed)), explained


def _is_kept(name: str, form: str, sheets: Sequence[OutSheet]) -> bool:
    both = [each for each in sheets if name in each.sources[form] and name in each.out]
    return all(_same(each.sources[form][name], each.out[name]) for each in both)


def _old_name(name: str, form: str, sheets: Sequence[OutSheet], lost: Sequence[str]) -> str | None:
    for old in lost:
        pairs = [(each.sources[form].get(old), each.out.get(name)) for each in sheets if name in each.out]
        if pairs and all(old in each.sources[form] for each in sheets if name in each.out):
            if all(_same(one, other) for one, other in pairs) and any(field_text(one) for one, _ in pairs):
                return old
    return None


def _added_rule(name: str, sheets: Sequence[OutSheet]) -> str | None:
    there = [each for each in sheets if name in each.out]
    if len(there) != len(sheets):
        return None
    values = [each.out[name] for each in there]
    for word, objects in (("answer", [each.answer for each in there]), ("request", [each.request for each in there])):
        for path in _paths(objects[0]):
            found = [field_at(each, path) for each in objects]
            if all(_exactly(one, other) for one, other in zip(found, values, strict=True)):
                if len({field_text(value) for value in values}) > 1 or path.rpartition(".")[2] == name:
                    return f"{word}:{path}"
    if len({codec.dumps(value) for value in values}) == 1:
        value = values[0]
        return (
            f"text:{value}"
            if isinstance(value, str) and not isinstance(value, codec.Number)
            else f"json:{codec.dumps(value)}"
        )
    return None


def _paths(fields: Mapping[str, Any]) -> list[str]:
    inner = [f"{name}.{each}" for name, value in fields.items() if isinstance(value, dict) for each in value]
    return [*fields, *inner]


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)


def _exactly(one: Any, other: Any) -> bool:
    return one is not None and type(one) is type(other) and bool(one == other)
