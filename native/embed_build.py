"""The cffi builder: writes the C file of the core from entry.h and boot.c. Run by buildlib/compile.py, never shipped.

What Python runs when the interpreter has started is the few lines of INIT: everything else is shim/abi.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cffi import FFI

HERE = Path(__file__).parent

INIT = """
from _vcshim_core import ffi, lib
import shim.abi
ffi.def_extern(name="vcshim_entry", error=0, onerror=shim.abi.on_error)(shim.abi.bind(ffi, lib))
"""


def c_declarations(header: str) -> str:
    """A C header as cffi reads it: without the preprocessor's lines and without what makes a symbol public."""
    return "\n".join(line for line in header.splitlines() if not line.startswith(("#", "__declspec")))


def emit(target: Path) -> None:
    """Write the core's C source to `target`."""
    ffi = FFI()
    ffi.embedding_api(c_declarations((HERE / "entry.h").read_text("utf-8")))
    ffi.cdef("const vcshim_place *vcshim_front_place(void);")
    ffi.set_source("_vcshim_core", '#include "entry.h"\n#include "boot.c"\n')
    ffi.embedding_init_code(INIT)
    ffi.emit_c_code(str(target))


if __name__ == "__main__":
    emit(Path(sys.argv[1]))
