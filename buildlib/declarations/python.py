"""Python, by ctypes: vcshim_exports.py, a table and the function that applies it. Read by the harness as well."""

from __future__ import annotations

from collections.abc import Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_TOP = f'''\
"""The exports of both DLLs for ctypes.

{words.GENERATED[0].upper()}{words.GENERATED[1:]}.
Texts are GBK (GB18030) and end with a NUL. Nobody frees the returned text: c_char_p copies it. Each thread needs
buffers of its own. A 32-bit DLL can be loaded by a 32-bit Python only.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

# Bytes of the buffers, with the NUL.'''
_LOAD = '''

def load(folder: Path) -> dict[str, Any]:
    """The exports of both DLLs in `folder`, by their names. OSError if one is not there, or is of other bits."""
    return {
        name: declared(library, name)
        for dll, rows in EXPORTS.items()
        for library in [open_library(folder / file_name(dll))]
        for name in rows
    }


def file_name(dll: str) -> str:
    """VirtualCardChk.dll is libVirtualCardChk.so on Linux."""
    return f"{dll}.dll" if sys.platform == "win32" else f"lib{dll}.so"


def open_library(path: Path) -> Any:
    """By its whole path: not by the working directory or PATH. WinDLL is stdcall; neither kind holds the GIL."""
    if sys.platform == "win32":
        return ctypes.WinDLL(str(path.resolve()))
    return ctypes.CDLL(str(path.resolve()))


def declared(library: Any, name: str) -> Any:
    """An export with its types. AttributeError if the library has none of this name."""
    function = getattr(library, name)
    function.restype, function.argtypes = next(rows[name] for rows in EXPORTS.values() if name in rows)
    return function'''


def text(exports: Sequence[Export]) -> str:
    """vcshim_exports.py."""
    lines = [_TOP]
    lines += [f"{name.upper()}_SIZE = {size}" for name, size in words.sizes(exports).items()]
    lines += ["", "# name: what it returns, what it takes", "EXPORTS: dict[str, dict[str, tuple[Any, list[Any]]]] = {"]
    for library, rows in words.of_dll(exports).items():
        lines.append(f'    "{library}": {{')
        for export in rows:
            returns = "ctypes.c_char_p" if words.returns_text(export) else "ctypes.c_int"
            lines.append(f"        # {export.clause}: {', '.join(row.name for row in export.parameters)}")
            lines.append(f'        "{export.name}": ({returns}, [{", ".join(map(_type, export.parameters))}]),')
        lines.append("    },")
    return words.joined([*lines, "}", *_LOAD.splitlines()])


def _type(row: Parameter) -> str:
    return "ctypes.c_char_p" if row.is_text else "ctypes.c_int"
