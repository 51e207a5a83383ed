"""What CPython's library works out anew at every start, worked out once by the build.

At every import `dataclasses` writes the methods of each class as text and compiles it, and `re` compiles each pattern
in Python: 34 and 27 of the 120 ms that `import shim.abi` took on Linux. record.py imports all of shim and writes
down what came of it; `change` has the library that ships look there first (library.py). For what is not there it does
what it always does. And it moves imports of the library that few need, `typing` above all (typing_names.py), to where
they are needed.

Not a change of behaviour: the methods are those that `dataclasses` writes, the codes those that `re` compiles. Not for
an official embeddable archive, whose library is byte code, and not for a CPython whose library is not the one that was
changed: a set with one works and starts later, until record.py and library.py have been brought up to it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from buildlib import console
from buildlib.layout import PYTHON, Target
from buildlib.prepare import library

_MADE_FOR = (3, 11)
_HERE = Path(__file__).parent
# What ships beside the library, under these names.
_SHIPPED = {"classes.py": "vcshim_classes.py", "later.py": "vcshim_later.py", "typing_names.py": "vcshim_typing.py"}
MODULES = ("vcshim_classes", "vcshim_later", "vcshim_patterns", "vcshim_typing")
"""What `record` and `change` add to the library."""
_TYPING = "from typing import "


def serves(archive: Path | None) -> bool:
    """Whether the library that ships can be prepared: sources, and of the CPython for which this was written."""
    return archive is None and PYTHON == _MADE_FOR


def record(folder: Path, target: Target, python: Path, site: Path) -> None:
    """Write down what all of shim makes when it is imported, into the sources in a folder: shim and the library, whole.

    Args:
        python: the interpreter of the environment, which imports them.
        site: where the packages are that shim imports, for the system that builds.
    """
    options = ["-I", "-S", "-B", "-X", "no_debug_ranges"]
    console.run([python, *options, _HERE / "record.py", folder, site, str(target.bits)])


def change(folder: Path) -> None:
    """Have the library and shim in the folder use it. What follows import statements must do so before."""
    library.change(folder)
    for name, shipped in _SHIPPED.items():
        shutil.copy(_HERE / name, folder / shipped)
    for path in (folder / "shim").rglob("*.py"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(f"\n{_TYPING}", "\nfrom vcshim_typing import "), "utf-8")
