"""What all languages say of the exports: sizes of buffers, kinds of parameters, DLLs. For the modules beside this."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shim.spec import Export
from shim.spec.rows import Direction, Parameter

SOURCE = "shim/spec/exports.py"
GENERATED = f"generated from {SOURCE} by python -m buildlib.declarations: do not edit"


def is_buffer(parameter: Parameter) -> bool:
    """Whether the DLL fills it: OutData, pErrmsg."""
    return parameter.direction is Direction.OUT


def sizes(exports: Iterable[Export]) -> dict[str, int]:
    """The bytes of each kind of buffer that the host allocates, with the NUL, by the name of the parameter."""
    outs = (row.output for row in exports)
    return {out.name: out.length for out in outs if out is not None and out.length is not None}


def returns_text(export: Export) -> bool:
    """Whether it returns a char*, which nobody has to free; else it is an int."""
    return export.shape.returns == "char*"


def of_dll(exports: Sequence[Export]) -> dict[str, list[Export]]:
    """The exports by their DLL, `VirtualCardChk` without .dll, in the order of the rows."""
    rows: dict[str, list[Export]] = {}
    for export in exports:
        rows.setdefault(export.dll.removesuffix(".dll"), []).append(export)
    return rows


def joined(lines: Iterable[str]) -> str:
    """Lines as a file."""
    return "".join(f"{line}\n" for line in lines)
