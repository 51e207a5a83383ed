"""Takes the blanks off the one-word fields of a request, before anything compares, signs or sends them. Pure.

Databases pad CHAR columns and programs pass fixed-length strings: `"ec.query  "` is ec.query. Which fields are one word
is a column of the rows (`Field.is_word`); what people write, and fields without a row, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shim import codec
from shim.spec.rows import Field


def word_names(rows: Iterable[Field]) -> frozenset[str]:
    """The names, aliases included, of the fields that are one word."""
    return frozenset(name for row in rows if row.is_word for name in (row.name, *row.aliases))


def strip_words(fields: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """`fields` with the texts of `names` stripped; all others, and what is no text, unchanged."""
    return {
        name: codec.strip_word(value) if name in names and _is_text(value) else value for name, value in fields.items()
    }


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, codec.Number)
