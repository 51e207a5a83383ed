"""Nothing that is imported late is missing from the trimmed set: every import statement of every module that ships is
carried out by the program that ships, those in functions too. buildlib/shipped.py says what was left out, and why.

What the modules then do is for the other tests of this folder.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlib import layout, reach, shipped
from buildlib.layout import LINUX, WIN32, Target
from tests.support.calls import VERIFY
from tests.support.clients import Kind, Rig, trans_line
from tests.support.product import Product, install

_OPTIONAL = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Try, ast.If)
# Carried out in the place of the commands: rows of module, package and statement in, rows of failures out.
_WALK = """
import json, sys
rows, found = json.load(open(sys.argv[1], encoding="utf-8")), []
for module, package, statement, optional in rows:
    try:
        exec(statement, {"__name__": module, "__package__": package})
    except ModuleNotFoundError as error:
        found.append([module, statement, error.name, optional])
    except ImportError as error:
        name = str(error).partition("cannot import name '")[2].partition("'")[0]
        found.append([module, statement, f"{error.name}.{name}", optional])
    except BaseException as error:
        found.append([module, statement, repr(error), False])
json.dump(found, open(sys.argv[2], "w", encoding="utf-8"))
"""
# Modules of the library that only another system has.
_ELSEWHERE = {
    "linux-c": {"_overlapped", "_winapi", "_winreg", "msvcrt", "nt", "winreg"},
    "win32-c": {"_posixshmem", "_posixsubprocess", "fcntl", "grp", "posix", "pwd", "readline", "resource", "termios"},
}
# Functions of C modules that another system has, or an older OpenSSL.
_FUNCTIONS_ELSEWHERE = {"_ssl.RAND_egd", "io._WindowsConsoleIO", "nt._isdir", "sys.getwindowsversion"}
_TARGETS: dict[Kind, Target] = {"linux-c": LINUX, "win32-c": WIN32}


Row = tuple[str, str, str, bool]


def statements(target: Target) -> Iterator[Row]:
    """Of every module that ships: its name, its package, each import statement that its system may carry out, and
    whether the module can be imported if that fails: it is in a function, or after `try` or `if`."""
    found = shipped.sources(target, target.work / "staging", target.folder / layout.RUNTIME / layout.PACKAGES)
    for name, path in sorted(found.paths.items()):
        package = name if path.stem == "__init__" else name.rpartition(".")[0]
        yield name, package, f"import {name}", False
        tree = ast.parse(path.read_bytes())
        optional = set(_inside(tree))
        for node in reach.carried_out(tree, found.platform):
            if isinstance(node, (ast.Import, ast.ImportFrom)) and getattr(node, "module", "") != "__future__":
                yield name, package, ast.unparse(node), id(node) in optional


def _inside(tree: ast.AST) -> Iterator[int]:
    """The ids of the nodes that are in one of _OPTIONAL. Each is looked at once: a thousand modules are large."""
    waiting = [(tree, False)]
    while waiting:
        node, inside = waiting.pop()
        inside = inside or isinstance(node, _OPTIONAL)
        if inside:
            yield id(node)
        if not isinstance(node, ast.expr):
            waiting += [(child, inside) for child in ast.iter_child_nodes(node)]


def walk(product: Product, rig: Rig, rows: list[Row]) -> list[tuple[str, str, str, bool]]:
    """The statements of `rows` that fail in the program of this product."""
    product.replace_module("shim/cli", _WALK)
    given, failed = product.folder / "given.json", product.folder / "failed.json"
    given.write_text(json.dumps(rows), encoding="utf-8")
    if product.kind == "linux-c":
        subprocess.run([product.runtime / "vcshim", given, failed], check=True, timeout=120, stdin=subprocess.DEVNULL)
    else:
        words = [str(product.runtime / "vcshim.exe"), *(rig.wine32.windows_path(path) for path in (given, failed))]
        done = rig.wine32.run(words, timeout=300)
        assert done.returncode == 0, done.stderr
    return [tuple(row) for row in json.loads(failed.read_text("utf-8"))]


def is_expected(kind: Kind, module: str, missing: str, optional: bool) -> bool:
    """Whether a module is rightly missing: cut, of another system, or of a package that has never shipped.

    What is cut must be optional, or its importer could not be imported: only the simulator's server cannot.
    """
    if shipped.is_cut(module, missing):
        return optional or module.startswith("shim.")
    if missing in _FUNCTIONS_ELSEWHERE:
        return True
    known = {
        *sys.stdlib_module_names,
        *layout.ON_DISK,
        "shim",
        "requests",
        "urllib3",
        "idna",
        "serial",
        "segno",
        "gmssl",
    }
    return missing in _ELSEWHERE[kind] or missing.partition(".")[0] not in known


@pytest.mark.parametrize("kind", _TARGETS)
def test_every_import_of_every_module(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    rows = list(statements(_TARGETS[kind]))
    assert len(rows) > 3000
    failed = walk(install(kind, tmp_path / "his"), rig, rows)
    assert [row for row in failed if not is_expected(kind, row[0], row[2], row[3])] == []


@pytest.mark.parametrize("kind", _TARGETS)
def test_planted_modules(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """Files named like modules of ours, in the very folders that are searched for extension modules: none is loaded."""
    product = install(kind, tmp_path / "his")
    for folder in filter(Path.is_dir, (product.runtime / name for name in (".", "packages", "lib-dynload"))):
        for name in ("encodings", "json", "os", "shim", "sqlite3", "socket", "certifi", "requests"):
            (folder / f"{name}.py").write_text("raise SystemExit('planted')\n")
    for ini in ("", "[transport]\nengine = requests\n"):
        (reply,) = product.ini(ini).run(rig, [trans_line("v", VERIFY["in"].encode("gb18030"), url="sim:?sim=again:1")])
        assert (reply.returned, reply.out) == (b"00", VERIFY["out"].encode("gb18030"))
