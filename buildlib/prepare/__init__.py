"""What CPython's library works out anew at every start, worked out once by the build.

At every import `dataclasses` writes the methods of each class as text and compiles it, and `re` compiles each pattern
in Python: 34 and 27 of the 120 ms that `import shim.abi` took on Linux. record.py imports all of shim and writes
down what came of it; `prepare` has the library that ships look there first. For what is not there it does what it
always does.

Not a change of behaviour: the methods are those that `dataclasses` writes, the codes those that `re` compiles. Not for
an official embeddable archive, whose library is byte code.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from buildlib import console
from buildlib.layout import Target

_HERE = Path(__file__).parent
# What is replaced in files of CPython's library: a text that stands there exactly once, and what takes its place.
_CHANGES: tuple[tuple[str, str, str], ...] = (
    # inspect, and with it ast, dis and tokenize, serves only a class without a docstring.
    ("dataclasses.py", "\nimport inspect\n", "\n"),
    (
        "dataclasses.py",
        "            text_sig = str(inspect.signature(cls))",
        "            import inspect\n            text_sig = str(inspect.signature(cls))",
    ),
    (
        "re/__init__.py",
        "    p = _compiler.compile(pattern, flags)\n    if not",
        "    p = _prepared(pattern, flags) or _compiler.compile(pattern, flags)\n    if not",
    ),
    ("re/__init__.py", "\nimport copyreg\n", "\nfrom vcshim_patterns import prepared as _prepared\nimport copyreg\n"),
)


def prepare(library: Path, target: Target, python: Path, site: Path) -> None:
    """Change the sources of the library and of shim in the folder `library`, before they are compiled.

    Args:
        python: the interpreter of the environment, which imports them.
        site: where the packages are that shim imports, for the system that builds.
    """
    options = ["-I", "-S", "-B", "-X", "no_debug_ranges"]
    console.run([python, *options, _HERE / "record.py", library, site, str(target.bits)])
    for name, old, new in _CHANGES:
        path = library / name
        text = path.read_text("utf-8")
        if text.count(old) != 1:
            raise console.Failed(f"{path} does not have {old.strip()!r} once: another version?")
        path.write_text(text.replace(old, new), "utf-8")
    shutil.copy(_HERE / "classes.py", library / "vcshim_classes.py")
    with (library / "dataclasses.py").open("a", encoding="utf-8") as file:
        file.write("\n\nimport vcshim_classes\n")
