"""C and C++, for Windows and Linux: vcshim.h. ASCII: compilers read a header in the code page of the system."""

from __future__ import annotations

from collections.abc import Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_TOP = f"""\
/* vcshim.h - {words.GENERATED}.
 *
 * For C and C++, 32 and 64 bits. Link with VirtualCardChk.lib and NationECCode.lib, or load the DLLs at run time by the
 * types that end in _fn. Texts are GBK (GB18030) and end with a NUL. Nobody frees the returned text. Each thread needs
 * buffers of its own, and they must stay where they are until the call has returned.
 */
#ifndef VCSHIM_H
#define VCSHIM_H

#ifdef _WIN32
#define VCSHIM_CALL __stdcall
#else
#define VCSHIM_CALL
#endif

#ifdef __cplusplus
extern "C" {{
#endif

/* Bytes of the buffers, with the NUL. */"""

_END = """
#ifdef __cplusplus
}
#endif
#endif"""


def text(exports: Sequence[Export]) -> str:
    """vcshim.h."""
    lines = [_TOP]
    lines += [f"enum {{ VCSHIM_{name.upper()}_SIZE = {size} }};" for name, size in words.sizes(exports).items()]
    for export in exports:
        returns = "char *" if words.returns_text(export) else "int "
        arguments = ", ".join(map(_argument, export.parameters))
        lines += [
            "",
            f"/* {export.dll}, {export.clause} */",
            f"{returns}VCSHIM_CALL {export.name}({arguments});",
            f"typedef {returns}(VCSHIM_CALL *{export.name}_fn)({arguments});",
        ]
    return words.joined([*lines, _END])


def _argument(row: Parameter) -> str:
    if not row.is_text:
        return f"int {row.name}"
    return f"char *{row.name}" if words.is_buffer(row) else f"const char *{row.name}"
