"""The exports as each host language declares them: a file for each language in examples/, written from the rows.

What it is: `files()`, and a module a language with the words of that language; `python -m buildlib.declarations` writes
the files into examples/. What it is not: the example programs, which are written by hand, or a reader of them (that is
tests/support/declared.py). tests/unit/buildlib/test_declarations.py holds the committed files against the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from buildlib.declarations import c, csharp, delphi, go, java, node, powerbuilder, python, vb
from shim.spec import EXPORTS, Export

Writer = Callable[[Sequence[Export]], str]

# Below examples/. The file in C ships in the packages as well (buildlib/sdk.py).
WRITERS: Mapping[str, Writer] = {
    "c/vcshim.h": c.text,
    "csharp/Vcshim.cs": csharp.text,
    "csharp/VcshimStrings.cs": csharp.text_of_strings,
    "delphi/Vcshim.pas": delphi.text,
    "go/vcshim.go": go.text,
    "java/Vcshim.java": java.text,
    "node/vcshim.js": node.text,
    "powerbuilder/vcshim.txt": powerbuilder.text,
    "python/vcshim_exports.py": python.text,
    "vb/Vcshim.bas": vb.text,
}


def files(exports: Sequence[Export] = EXPORTS) -> dict[str, str]:
    """Every declaration file by its place below examples/."""
    return {place: write(exports) for place, write in WRITERS.items()}
