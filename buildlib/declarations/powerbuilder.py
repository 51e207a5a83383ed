"""PowerBuilder: vcshim.txt, to be pasted into Global External Functions. ASCII."""

from __future__ import annotations

from collections.abc import Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_TOP = f"""\
// {words.GENERATED}.
// For Global External Functions of PowerBuilder 10 and later. Without ";ansi" it would hand over UTF-16. Give a REF
// string its bytes by Space() before each call: {{sizes}}. PowerBuilder copies the returned string."""


def text(exports: Sequence[Export]) -> str:
    """vcshim.txt."""
    sizes = ", ".join(f"{name} {size}" for name, size in words.sizes(exports).items())
    return words.joined([_TOP.replace("{sizes}", sizes), *map(_declaration, exports)])


def _declaration(export: Export) -> str:
    arguments = ", ".join(map(_argument, export.parameters))
    returns = "string" if words.returns_text(export) else "long"
    ansi = ";ansi" if any(row.is_text for row in export.parameters) else ""
    return f'FUNCTION {returns} {export.name}({arguments}) LIBRARY "{export.dll}" ALIAS FOR "{export.name}{ansi}"'


def _argument(row: Parameter) -> str:
    if not row.is_text:
        return f"long {row.name}"
    return f"REF string {row.name}" if words.is_buffer(row) else f"string {row.name}"
