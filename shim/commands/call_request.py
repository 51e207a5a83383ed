"""InData for `vcshim call`: read from a file or made from the specification, and changed field by field. Not a command.

A field is named as the specification names it, and stands where the specification has it: beside biz_content (or data)
or inside. Not here: the questions of --form (call_form), and the call itself.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from shim import codec
from shim.commands.catalogue import call as phrases
from shim.errors import HostError
from shim.simulator.examples import EXAMPLES
from shim.spec import METHODS, Export, Family, Field, Method, find_method
from shim.spec.nation import COMMON_IN
from shim.spec.virtualcard import COMMON, UNLISTED
from shim.validate import nearest

NUMBER = "{n}"
"""Stands in a value for the number of the call."""
_INNER = {Family.VC: "biz_content", Family.EC: "data"}
_NAME = {Family.VC: "method", Family.EC: "transType"}
_OBJECTS = ("biz_content", "data", "extra")
_FLAT = ("localEcTokenCheck",)  # of the token check InData itself has the fields


class WrongWord(Exception):
    """A word of --set, --unset or --method that fits nothing; the text is the sentence."""


@dataclass(frozen=True, slots=True)
class Change:
    """One --set or --unset: where the field stands, and its value; None takes the field away."""

    name: str
    value: Any
    removes: bool = False


def read_change(word: str) -> Change:
    """The change that NAME=TEXT or NAME:=JSON asks for.

    Raises:
        WrongWord: it is neither, or it is the application key.
    """
    name, mark, text = word.partition("=")
    is_json = name.endswith(":")
    name = name.removesuffix(":").strip()
    if not name or not mark:
        raise WrongWord(phrases.NO_CHANGE(word=word.partition("=")[0][:40]))
    if name == "key":
        raise WrongWord(phrases.KEY_IN_WORDS())
    if not is_json:
        return Change(name, text)
    try:
        return Change(name, json.loads(text))
    except ValueError:
        raise WrongWord(phrases.NO_JSON(name=name)) from None


def changes_of(options: argparse.Namespace) -> list[Change]:
    """What --set and --unset ask for. WrongWord for one that cannot be read."""
    removed = [Change(name, None, removes=True) for name in options.unset]
    return [*removed, *(read_change(word) for word in options.set)]


def of_method(name: str, export: Export) -> dict[str, Any]:
    """InData for a method: that of its example, or what every request of the export has.

    Raises:
        WrongWord: a slip of a method's name.
    """
    method = find_method(name)
    example = next((row for row in EXAMPLES if row.method == (method.name if method else name)), None)
    if example is not None:
        if example.export != export.name:
            raise WrongWord(phrases.OTHER_EXPORT(method=name, export=example.export))
        return dict(example.in_data)
    meant = nearest(name, tuple({row.method: None for row in EXAMPLES}))
    if meant:
        raise WrongWord(phrases.NEAR_METHOD(method=name, near=meant))
    model = next(row.in_data for row in EXAMPLES if row.export == export.name)
    inner: dict[str, Any] = {}
    return {**model, _NAME[export.family]: name, _INNER[export.family]: inner}


def export_of_method(name: str) -> str:
    """The export that offers a method; "" where the specification does not have it."""
    method = find_method(name)
    return next((row.export for row in EXAMPLES if method is not None and row.method == method.name), "")


def near_method(name: str) -> str:
    """The method of the specification that is nearest to `name`, by its last word too; "" where none is near."""
    parts = {part: each for each in METHODS for part in (each.rpartition(".")[2], each)}
    near = get_close_matches(name, parts, 1)
    return parts[near[0]] if near else ""


def parsed_request(text: str) -> dict[str, Any]:
    """InData as an object whose inner object is one too. HostError if it is not a JSON object."""
    request = codec.loads_object(text, "InData", "VC 3.2")
    for name in ("biz_content", "data"):
        if isinstance(request.get(name), str) and codec.strip_word(request[name]):
            try:
                request[name] = codec.loads(request[name], name)
            except HostError:
                continue
    return request


def written(request: dict[str, Any]) -> str:
    """InData as text."""
    return json.dumps(request, ensure_ascii=False)


def method_of(request: dict[str, Any], export: Export) -> Method | None:
    """The specification's row of the request's method."""
    name = str(request.get(_NAME[export.family]) or "")
    if not name and export.family is Family.EC and "data" not in request:
        name = _FLAT[0]
    return find_method(name) if name else None


def common_rows(export: Export) -> Sequence[Field]:
    """The rows of the fields beside biz_content or data."""
    return (*COMMON, *UNLISTED) if export.family is Family.VC else COMMON_IN


def changed(request: dict[str, Any], export: Export, changes: Sequence[Change]) -> dict[str, Any]:
    """A copy of the request with the changes in their order.

    Raises:
        WrongWord: a name that neither the specification nor the request has; it can be sent all the same under its
            whole name, biz_content.NAME.
    """
    for change in changes:
        for path in places(change.name, request, export):
            request = put_at(request, path, change)
    return request


def put_at(request: dict[str, Any], path: tuple[str, ...], change: Change) -> dict[str, Any]:
    """A copy of the request with a change at a place."""
    request = dict(request)
    target = request
    if len(path) > 1:
        inner = request.get(path[0])
        target = request[path[0]] = dict(inner) if isinstance(inner, dict) else {}
    if change.removes:
        target.pop(path[-1], None)
    else:
        target[path[-1]] = change.value
    return request


def held_at(request: dict[str, Any], path: tuple[str, ...]) -> Any:
    """The value at a place, None if there is none."""
    held: Any = request
    for name in path:
        held = held.get(name) if isinstance(held, dict) else None
    return held


def places(name: str, request: dict[str, Any], export: Export) -> tuple[tuple[str, ...], ...]:
    """Where a field of that name stands: in one place, but for orgId, which EC has beside data and inside.

    WrongWord for a name that is nowhere known.
    """
    outer, dot, rest = name.partition(".")
    if dot and outer in _OBJECTS:
        return ((outer, rest),)
    method, inner = method_of(request, export), _INNER[export.family]
    rows = method.request if method is not None else ()
    within = () if export.family is Family.EC and "data" not in request else (inner,)
    names = {each: row.name for row in rows for each in (row.name, *row.aliases)}
    held, outside = request.get(inner), [row.name for row in common_rows(export)]
    if name in names:
        spelled = name if isinstance(held, dict) and name in held else names[name]
        path = (*within, spelled)
        return ((name,), path) if within and name in outside else (path,)
    if name in outside or name in request:
        return ((name,),)
    if method is None or (isinstance(held, dict) and name in held):
        return ((*within, name),)
    meant = nearest(name, (*names, *outside))
    whole = ".".join((*within, name))
    if meant:
        raise WrongWord(phrases.NEAR_FIELD(field=name, method=method.name, near=meant, whole=whole))
    raise WrongWord(phrases.UNKNOWN_FIELD(field=name, method=method.name, whole=whole))


def numbered(changes: Sequence[Change], number: int) -> list[Change]:
    """The changes for the call of this number."""

    def of(value: Any) -> Any:
        return value.replace(NUMBER, str(number)) if isinstance(value, str) else value

    return [Change(each.name, of(each.value), each.removes) for each in changes]


def with_new_serial(request: dict[str, Any], export: Export, number: int, changes: Sequence[Change]) -> dict[str, Any]:
    """The request with a serial number of its own, unless a change makes one: a platform takes a number once."""
    method = method_of(request, export)
    if method is None or not method.serial:
        return request
    if any(each.name.endswith(method.serial) and NUMBER in str(each.value) for each in changes):
        return request
    path = places(method.serial, request, export)[-1]
    held = held_at(request, path)
    return changed(request, export, [Change(".".join(path), f"{held or ''}-{number}")]) if held else request
