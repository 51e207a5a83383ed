"""VB6 and VBA: Vcshim.bas. ASCII, because VB6 reads a source in the code page of the system."""

from __future__ import annotations

from collections.abc import Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_TOP = f"""\
Attribute VB_Name = "Vcshim"
' {words.GENERATED}.
' For VB6 and VBA (Office of 64 bits needs the 64-bit DLLs). Texts go as bytes, GBK (GB18030) with a NUL at the end, by
' their first element: Query(0). As String, VB would convert them by the code page of the system, and lose characters
' that are in GB18030 only. The returned pointer is read, never freed; declared As String the program would crash.
' VB6 has no threads: the program waits as long as the call does.
Option Explicit

' Bytes of the buffers, with the NUL."""


def text(exports: Sequence[Export]) -> str:
    """Vcshim.bas: for VBA since 2010, and for what is older."""
    lines = [_TOP]
    lines += [f"Public Const {name}Size As Long = {size}" for name, size in words.sizes(exports).items()]
    lines += ["", "#If VBA7 Then", *(_declaration(row, "PtrSafe Function", "LongPtr") for row in exports)]
    lines += ["#Else", *(_declaration(row, "Function", "Long") for row in exports), "#End If"]
    return words.joined(lines)


def _declaration(export: Export, kind: str, pointer: str) -> str:
    arguments = ", ".join(map(_argument, export.parameters))
    returns = pointer if words.returns_text(export) else "Long"
    return f'Public Declare {kind} {export.name} Lib "{export.dll}" ({arguments}) As {returns}'


def _argument(row: Parameter) -> str:
    return f"ByRef {row.name} As Byte" if row.is_text else f"ByVal {row.name} As Long"
