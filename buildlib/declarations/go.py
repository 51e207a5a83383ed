"""Go for Windows, without cgo: vcshim.go."""

from __future__ import annotations

from collections.abc import Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_TOP = f"""\
// {words.GENERATED}.
// 入参、出参都是 []byte：以 NUL 结尾的 GB18030 字节。返回的文本已经复制，原文不必释放。每个 goroutine 用各自的切片。
// uintptr(unsafe.Pointer(…)) 写在 Call 的参数表里：写在别处，栈移动后应答会写到别的地方。

//go:build windows

package main

import (
	"bytes"
	"syscall"
	"unsafe"
)

// 缓冲区的字节数，含结尾的 NUL。
const ("""
_END = """
// textAt 复制一段以 NUL 结尾的返回码。
func textAt(address uintptr) string {
	text := (*[32]byte)(*(*unsafe.Pointer)(unsafe.Pointer(&address)))[:]
	return string(text[:bytes.IndexByte(text, 0)])
}"""


def text(exports: Sequence[Export]) -> str:
    """vcshim.go, as gofmt has it."""
    lines = [_TOP]
    width = max(map(len, words.sizes(exports)))
    lines += [f"\t{f'{name}Size':<{width + 4}} = {size}" for name, size in words.sizes(exports).items()]
    lines += [")", "", "var ("]
    libraries = words.of_dll(exports)
    variables = {_variable(library): f'syscall.NewLazyDLL("{library}.dll")' for library in libraries}
    for library, rows in libraries.items():
        variables |= {f"proc{row.name}": f'{_variable(library)}.NewProc("{row.name}")' for row in rows}
    width = max(map(len, variables))
    lines += [f"\t{name:<{width}} = {value}" for name, value in variables.items()]
    lines += [")"]
    for export in exports:
        lines += ["", *_function(export)]
    return words.joined([*lines, *_END.splitlines()])


def _function(export: Export) -> list[str]:
    arguments = ", ".join(f"{row.name} {'[]byte' if row.is_text else 'int32'}" for row in export.parameters)
    values = ", ".join(map(_value, export.parameters))
    returns, result = ("string", "textAt(code)") if words.returns_text(export) else ("int32", "int32(code)")
    return [
        f"// {export.name}：{export.dll}，{export.clause}",
        f"func {export.name}({arguments}) {returns} {{",
        f"\tcode, _, _ := proc{export.name}.Call({values})",
        f"\treturn {result}",
        "}",
    ]


def _variable(library: str) -> str:
    return library[0].lower() + library[1:]


def _value(row: Parameter) -> str:
    return f"uintptr(unsafe.Pointer(&{row.name}[0]))" if row.is_text else f"uintptr({row.name})"
