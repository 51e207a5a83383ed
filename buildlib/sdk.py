"""The folder `sdk` of a Windows set: the header and the import libraries for a program in C or C++.

What it is: the last but one step of buildlib/product.py. What it is not: a part of what runs; `vcshim install` leaves
it behind. The header is examples/c/vcshim.h; the libraries name the DLLs' undecorated exports, which the vendor's DLLs
have as well, so that a program that is linked with them runs on either.
"""

from __future__ import annotations

import shutil

from buildlib.declarations import words
from buildlib.layout import ROOT, SDK, Target
from buildlib.toolchain import Toolchain
from shim.spec import EXPORTS, Export

_HEADER = ROOT / "examples" / "c" / "vcshim.h"


def write(target: Target) -> None:
    """Fill target.folder/sdk."""
    folder = target.folder / SDK
    folder.mkdir()
    shutil.copy(_HEADER, folder)
    tools = Toolchain(target)
    for library, rows in words.of_dll(EXPORTS).items():
        names = [symbol(row, target.bits) for row in rows]
        tools.import_library(f"{library}.dll", names, folder / f"{library}.lib", target.work, undecorated=True)


def symbol(export: Export, bits: int) -> str:
    """The name that a linker asks for, without the underscore that x86 puts before it."""
    return f"{export.name}@{export.stack_bytes}" if bits == 32 else export.name
