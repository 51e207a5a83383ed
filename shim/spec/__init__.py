"""Everything the two specifications define, as data; this module is the public list.

What it is: the tables of VC (V1.1.2 of 2020-06-08) and EC (XJ-D01-2019 of 2019-12-17) under one name each. What it is
not: a validator, a wire format or a place for settings; it imports nothing of the project but itself. Anyone may use
it. The import is paid in the first call of a hospital program: the two long dictionaries are read when asked for.
"""

from __future__ import annotations

from shim.spec import nation, virtualcard
from shim.spec.codes import EC_CODES, SEEN_CODES, VC_CODES
from shim.spec.dictionaries import DICTIONARIES
from shim.spec.exports import ALIASES, EXPORT_BY_NAME, EXPORTS, find_export, stdcall_names
from shim.spec.rows import (
    Alias,
    Code,
    Dictionary,
    Direction,
    Effect,
    Entry,
    Export,
    Family,
    Field,
    Method,
    Parameter,
    Shape,
)

__all__ = [
    "ALIASES",
    "DICTIONARIES",
    "EC_CODES",
    "EXPORTS",
    "EXPORT_BY_NAME",
    "METHODS",
    "SEEN_CODES",
    "VC_CODES",
    "Alias",
    "Code",
    "Dictionary",
    "Direction",
    "Effect",
    "Entry",
    "Export",
    "Family",
    "Field",
    "Method",
    "Parameter",
    "Shape",
    "find_export",
    "find_method",
    "stdcall_names",
]

METHODS: dict[str, Method] = {method.name: method for method in (*virtualcard.METHODS, *nation.METHODS)}

_BY_ALIAS: dict[str, Method] = {alias: method for method in METHODS.values() for alias in method.aliases}


def find_method(name: str) -> Method | None:
    """Return the method of this name or alias, letter for letter; None if neither document knows it."""
    return METHODS.get(name) or _BY_ALIAS.get(name)
