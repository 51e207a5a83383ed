"""Delphi 7 and later, and Free Pascal. ASCII: Delphi 7 reads a source in the code page of the system."""

from __future__ import annotations

from collections.abc import Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_TOP = f"""\
{{ {words.GENERATED}.
  For Delphi 7 and later (32 and 64 bits) and Free Pascal. Texts are GBK (GB18030) and end with a NUL.
  The returned PAnsiChar is never freed. Each thread needs buffers of its own. }}
unit Vcshim;

{{$IFDEF FPC}}{{$MODE DELPHI}}{{$ENDIF}}

interface

const
  {{ Bytes of the buffers, with the NUL. }}"""


def text(exports: Sequence[Export]) -> str:
    """Vcshim.pas: prototypes in the interface, DLLs in the implementation, as Delphi's own Windows.pas has them."""
    lines = [_TOP]
    lines += [f"  {name}Size = {size};" for name, size in words.sizes(exports).items()]
    for export in exports:
        lines += ["", f"{{ {export.dll}, {export.clause} }}", _prototype(export)]
    lines += ["", "implementation", "", "const"]
    for library in words.of_dll(exports):
        lines.append(f"  {library} = '{library}'{{$IFDEF MSWINDOWS}} + '.dll'{{$ENDIF}};")
    lines.append("")
    for library, rows in words.of_dll(exports).items():
        lines += [f"function {row.name}; external {library} name '{row.name}';" for row in rows]
    return words.joined([*lines, "", "end."])


def _prototype(export: Export) -> str:
    arguments = "; ".join(f"{row.name}: {_type(row)}" for row in export.parameters)
    returns = "PAnsiChar" if words.returns_text(export) else "Integer"
    return f"function {export.name}({arguments}): {returns};\n  {{$IFDEF MSWINDOWS}}stdcall{{$ELSE}}cdecl{{$ENDIF}};"


def _type(parameter: Parameter) -> str:
    return "PAnsiChar" if parameter.is_text else "Integer"
