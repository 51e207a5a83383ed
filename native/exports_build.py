"""The rows of shim/spec/exports.py as C and the linkers read them. Run by buildlib/compile.py, never shipped.

`python -m native.exports_build FOLDER` writes into FOLDER:

  exports.h               numbers, families and prototypes, for front.h
  LIBRARY.x86.def         what a 32-bit DLL exports: plain names with ordinals, decorated names, aliases
  LIBRARY.x64.def         the same for 64 bits, where there is one calling convention and no decoration
  LIBRARY.ld              the same for Linux, as a script that the linker reads beside its own
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from shim.spec import ALIASES, EXPORTS, Alias, Export, stdcall_names

GENERATED = "generated from shim/spec/exports.py by native/exports_build.py: do not edit"


def header(exports: Sequence[Export]) -> str:
    """exports.h: a definition in C that differs from its row does not compile."""
    numbers = [f"    VCSHIM_{row.name} = {row.number}," for row in exports]
    rows = [f"    ROW(VCSHIM_{row.name}, VCSHIM_{row.family.value}) \\" for row in exports]
    lines = [
        f"/* exports.h - {GENERATED}. */",
        "#ifndef VCSHIM_EXPORTS_H",
        "#define VCSHIM_EXPORTS_H",
        "enum vcshim_function {",
        *numbers,
        "};",
        "",
        "/* function, family */",
        "#define VCSHIM_EXPORT_ROWS(ROW) \\",
        *rows,
        "    /* end of the rows */",
        "",
        "/* function, name, parameters, texts that the host fills, place of the buffer or -1, returns a text */",
        "#define VCSHIM_FORWARD_ROWS(ROW) \\",
        *map(_forward_row, exports),
        "    /* end of the rows */",
        "",
        *(_prototype(row) for row in exports),
        "#endif",
    ]
    return _text(lines)


def definition(dll: str, bits: int, exports: Sequence[Export], aliases: Sequence[Alias]) -> str:
    """The .def file of a DLL of 32 or 64 bits. On x86 the name after `=` is the symbol that the compiler made."""
    lines = [f"; {GENERATED}", f"LIBRARY {dll}", "EXPORTS"]
    rows = [row for row in exports if row.dll == dll]
    for ordinal, row in enumerate(rows, 1):
        symbol = f"{row.name}@{row.stack_bytes}" if bits == 32 else row.name
        first, *others = _names(row.name, row, bits)
        lines.append(f"  {first}={symbol} @{ordinal}")
        for alias in _of(row, aliases):
            others += _names(alias, row, bits)
        lines += [f"  {name}={symbol}" for name in others]
    return _text(lines)


def linker_script(dll: str, exports: Sequence[Export], aliases: Sequence[Alias]) -> str:
    """The same for a Linux library: what it shows, and the aliases as second names of the functions."""
    rows = [row for row in exports if row.dll == dll]
    pairs = [(alias, row.name) for row in rows for alias in _of(row, aliases)]
    shown = [*(row.name for row in rows), *(alias for alias, _ in pairs)]
    lines = [f"/* {GENERATED} */", *(f"{alias} = {name};" for alias, name in pairs)]
    lines += ["VERSION {", "  { global: " + "; ".join(shown) + "; local: *; };", "}"]
    return _text(lines)


def write(folder: Path, exports: Sequence[Export] = EXPORTS, aliases: Sequence[Alias] = ALIASES) -> None:
    """All files, for every DLL of the rows."""
    (folder / "exports.h").write_text(header(exports), "utf-8")
    for dll in dict.fromkeys(row.dll for row in exports):
        library = dll.removesuffix(".dll")
        (folder / f"{library}.x86.def").write_text(definition(dll, 32, exports, aliases), "utf-8")
        (folder / f"{library}.x64.def").write_text(definition(dll, 64, exports, aliases), "utf-8")
        (folder / f"{library}.ld").write_text(linker_script(dll, exports, aliases), "utf-8")


def _forward_row(row: Export) -> str:
    texts = sum(parameter.is_text for parameter in row.inputs)
    out = -1 if row.output is None else row.parameters.index(row.output)
    returns_text = int(row.shape.returns == "char*")
    return f'    ROW(VCSHIM_{row.name}, "{row.name}", {len(row.parameters)}, {texts}, {out}, {returns_text}) \\'


def _prototype(row: Export) -> str:
    types = ", ".join("char *" if parameter.is_text else "int" for parameter in row.parameters)
    returns = "char *" if row.shape.returns == "char*" else "int "
    return f"VCSHIM_EXPORT {returns}VCSHIM_STDCALL {row.name}({types});"


def _names(name: str, row: Export, bits: int) -> tuple[str, ...]:
    return stdcall_names(name, row.stack_bytes) if bits == 32 else (name,)


def _of(row: Export, aliases: Iterable[Alias]) -> list[str]:
    return [alias.name for alias in aliases if alias.export == row.name]


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
