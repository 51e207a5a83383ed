"""Takes the blanks off the one-word fields of a request, before anything compares, signs or sends them. Pure.

Databases pad CHAR columns and programs pass fixed-length strings: `"ec.query  "` is ec.query. Which fields are one word
is a column of the rows (`Field.is_word`); what people write, and fields without a row, stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shim import codec
from shim.once import once_for_each
from shim.spec.rows import Field


@once_for_each
def word_names(rows: tuple[Field, ...]) -> frozenset[str]:
    """The names, aliases included, of the fields that are one word."""
    return frozenset(name for row in rows if row.is_word for name in (row.name, *row.aliases))


def strip_words(fields: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """`fields` with the texts of `names` stripped; all others, and what is no text, unchanged."""
    return {
        name: codec.strip_word(value) if type(value) is str and name in names else value
        for name, value in fields.items()
    }
