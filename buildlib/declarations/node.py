"""Node.js, by koffi: vcshim.js."""

from __future__ import annotations

from collections.abc import Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_TOP = f"""\
// {words.GENERATED}.
// 入参、出参都是 Buffer：以 NUL 结尾的 GB18030 字节。不要声明为 'str'：koffi 的 str 是 UTF-8。返回的文本由 koffi 复制，
// 不必释放。每次调用用新的 Buffer；用 .async 调用的，返回之前不能再用它们。
'use strict';
const path = require('path');
const koffi = require('koffi');

const windows = process.platform === 'win32';

// 缓冲区的字节数，含结尾的 NUL。
const sizes = {{ {{sizes}} }};

// folder 中的两个动态库的函数。
function load(folder) {{
  const open = (name) => koffi.load(path.join(folder, windows ? `${{name}}.dll` : `lib${{name}}.so`));
  const call = windows ? '__stdcall' : '__cdecl';"""


def text(exports: Sequence[Export]) -> str:
    """vcshim.js."""
    sizes = ", ".join(f"{name}: {size}" for name, size in words.sizes(exports).items())
    lines = [_TOP.replace("{sizes}", sizes)]
    libraries = words.of_dll(exports)
    lines += [f"  const {_variable(library)} = open('{library}');" for library in libraries]
    lines += ["  return {"]
    for library, rows in libraries.items():
        for export in rows:
            returns = "'str'" if words.returns_text(export) else "'int'"
            types = ", ".join(map(_type, export.parameters))
            lines += [
                f"    // {export.dll}，{export.clause}：{', '.join(row.name for row in export.parameters)}",
                f"    {export.name}: {_variable(library)}.func(call, '{export.name}', {returns}, [{types}]),",
            ]
    return words.joined([*lines, "  };", "}", "", "module.exports = { load, sizes };"])


def _variable(library: str) -> str:
    return library[0].lower() + library[1:]


def _type(row: Parameter) -> str:
    return "'uint8_t *'" if row.is_text else "'int'"
