"""A table as a CSV file for Excel: with a mark; no cell is taken for a formula or loses digits. Not a command."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"-?[0-9]{1,11}(\.[0-9]+)?")
_LONG_NUMBER = re.compile(r"[0-9]{12,}")  # Excel keeps fifteen digits, and shows twelve


def csv_file(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The text of the file, its mark included."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([_excel(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def _excel(cell: str) -> str:
    """A cell as Excel shows it letter for letter: what it would take for a formula is quoted, long digits are text."""
    if _LONG_NUMBER.fullmatch(cell):
        return f"\t{cell}"
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell
