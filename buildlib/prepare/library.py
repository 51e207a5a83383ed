"""What is changed in CPython's library before it is compiled.

It asks for what record.py has recorded, and imports that a call over plain http does not need come later, if at all.
The figures are milliseconds of processor time of the first call on Linux, on a machine whose stock interpreter takes 27
for its start and `import json, ssl, socket, hashlib`.
"""

from __future__ import annotations

import re
from pathlib import Path

from buildlib import console


def _later(module: str, name: str = "") -> str:
    """A line that has `name` stand for a module that is imported when something of it is first asked for."""
    name = name or module
    return f"from vcshim_later import Later as _Later\n{name} = _Later({module!r}, globals(), {name!r})\n"


# A file, a text that stands there exactly once, and what takes its place.
_CHANGES: tuple[tuple[str, str, str], ...] = (
    # For a class without a docstring; it imports ast, dis and tokenize: 5.
    ("dataclasses.py", "import inspect\n", _later("inspect")),
    ("dataclasses.py", "import copy\n", _later("copy")),
    # Of what another thread is just importing, a part is there: the library asks for more of it, and fails.
    (
        "dataclasses.py",
        "    typing = sys.modules.get('typing')\n    if typing:\n",
        "    typing = sys.modules.get('typing')\n    if hasattr(typing, '_GenericAlias'):  # made last\n",
    ),
    # For source text, which does not ship: 0.7.
    ("linecache.py", "import tokenize\n", _later("tokenize")),
    # Tracebacks as text: the log has frames of its own. 0.6 with textwrap and linecache.
    ("logging/__init__.py", "io, re, traceback, warnings", "io, re, warnings"),
    ("logging/__init__.py", "from types import Gen", f"{_later('traceback')}from types import Gen"),
    # For an address in brackets: 0.9.
    ("urllib/parse.py", "import ipaddress\n", _later("ipaddress")),
    # For a path as an address, with urllib: 0.8.
    (
        "pathlib.py",
        "from urllib.parse import quote_from_bytes as urlquote_from_bytes\n",
        _later("urllib.parse", "_parse") + "def urlquote_from_bytes(path):\n    return _parse.quote_from_bytes(path)\n",
    ),
    # For sendfile: 0.7.
    ("socket.py", "import os, sys, io, selectors\n", f"import os, sys, io\n{_later('selectors')}"),
    # For a pattern that is not prepared: 1.2.
    (
        "re/__init__.py",
        "from . import _compiler, _parser\n",
        _later("re._compiler", "_compiler") + _later("re._parser", "_parser"),
    ),
    ("re/__init__.py", "import functools\n", "import functools\nfrom vcshim_patterns import prepared as _prepared\n"),
    (
        "re/__init__.py",
        "    p = _compiler.compile(pattern, flags)\n    if not",
        "    p = _prepared(pattern, flags) or _compiler.compile(pattern, flags)\n    if not",
    ),
    ("re/__init__.py", "    if not _compiler.isstring(pattern):\n", "    if not isinstance(pattern, (str, bytes)):\n"),
    (
        "re/__init__.py",
        "Pattern = type(_compiler.compile('', 0))\nMatch = type(_compiler.compile('', 0).match(''))\n",
        "Pattern = type(_prepared('', 0) or _compiler.compile('', 0))\n"
        "Match = type((_prepared('', 0) or _compiler.compile('', 0)).match(''))\n",
    ),
    (
        "re/__init__.py",
        "error = _compiler.error\n",
        "def __getattr__(name):\n"
        '    if name == "error":\n'
        "        return _compiler.error\n"
        '    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")\n',
    ),
)
# Numbers that socket names for people who print them: 1.5.
_NAMED = re.compile(
    r"Int(?:Enum|Flag)\._convert_\(\n +'(\w+)',\n +__name__,\n"
    r" +lambda C: C\.isupper\(\) and C\.startswith\('\w+'\)\)\n"
)


def change(library: Path) -> None:
    """Change the files in the folder `library`."""
    for name, old, new in _CHANGES:
        _replace(library / name, old, new)
    for name, number in re.findall(r"\n(SRE_FLAG_\w+) = (\d+) ", (library / "re" / "_constants.py").read_text("utf-8")):
        _replace(library / "re" / "__init__.py", f"_compiler.{name} ", f"{number} ")
    socket = library / "socket.py"
    changed, count = _NAMED.subn(r"\1 = int\n", socket.read_text("utf-8"))
    if count != 4:
        raise console.Failed(f"{socket} does not name four kinds of numbers: another version?")
    socket.write_text(changed, "utf-8")
    with (library / "dataclasses.py").open("a", encoding="utf-8") as file:
        file.write("\n\nimport vcshim_classes\n")


def _replace(path: Path, old: str, new: str) -> None:
    """Replace a text that stands there exactly once."""
    text = path.read_text("utf-8")
    if text.count(old) != 1:
        raise console.Failed(f"{path} does not have {old.strip()!r} once: another version?")
    path.write_text(text.replace(old, new), "utf-8")
