"""C#: Vcshim.cs with bytes, which loses nothing, and VcshimStrings.cs with StringBuilder and string, which does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_BYTES = f"""\
// {words.GENERATED}.
// 入参、出参都是 byte[]：以 NUL 结尾的 GB18030 字节。返回的 IntPtr 用 Marshal.PtrToStringAnsi 读取，不必释放。
// 各线程用各自的数组。32 位的动态库要求编译为 x86，不能是 AnyCPU。
using System;
using System.Runtime.InteropServices;

public static class Vcshim
{{"""
_STRINGS = f"""\
// {words.GENERATED}.
// 只为看得见差别：string 和 StringBuilder 按系统的代码页转换，GBK 以外的生僻字会丢失，在 Linux 上一律是 UTF-8。
// 返回值声明为 string 时，.NET 读完就释放它；[abi] return_memory = static 时这样声明会崩溃。请用 Vcshim.cs。
using System;
using System.Runtime.InteropServices;
using System.Text;

public static class VcshimStrings
{{"""


def text(exports: Sequence[Export]) -> str:
    """Vcshim.cs."""
    sizes = [f"    public const int {name}Size = {size};" for name, size in words.sizes(exports).items()]
    return _class([_BYTES, "    // 缓冲区的字节数，含结尾的 NUL。", *sizes], exports, _bytes, "IntPtr")


def text_of_strings(exports: Sequence[Export]) -> str:
    """VcshimStrings.cs."""
    return _class([_STRINGS], exports, _strings, "string", ", CharSet = CharSet.Ansi")


def _class(
    lines: list[str], exports: Sequence[Export], type_of: Callable[[Parameter], str], text_type: str, more: str = ""
) -> str:
    for number, export in enumerate(exports):
        lines += [""] if number or len(lines) > 1 else []
        library = export.dll.removesuffix(".dll")
        arguments = ", ".join(f"{type_of(row)} {row.name}" for row in export.parameters)
        returns = text_type if words.returns_text(export) else "int"
        lines += [
            f"    // {export.dll}，{export.clause}",
            f'    [DllImport("{library}", CallingConvention = CallingConvention.StdCall, ExactSpelling = true{more})]',
            f"    public static extern {returns} {export.name}({arguments});",
        ]
    return words.joined([*lines, "}"])


def _bytes(row: Parameter) -> str:
    if not row.is_text:
        return "int"
    return "[Out] byte[]" if words.is_buffer(row) else "byte[]"


def _strings(row: Parameter) -> str:
    if not row.is_text:
        return "int"
    return "StringBuilder" if words.is_buffer(row) else "string"
