"""One name for one thing: no public class or function of shim/ has the name of another."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.syntax import parsed

SHIM = ROOT / "shim"
# What every module of a kind has, by agreement: commands their words and their work, programs their start.
INTERFACES = {"arguments", "run", "main"}


def public_names(source: str) -> set[str]:
    """The classes and functions that a module defines for others."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in parsed(source).body if isinstance(node, kinds) and not node.name.startswith("_")}


def shared(modules: dict[str, set[str]]) -> dict[str, list[str]]:
    """Names that more than one module defines."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for module, names in modules.items():
        for name in names - INTERFACES:
            owners[name].append(module)
    return {name: sorted(modules) for name, modules in sorted(owners.items()) if len(modules) > 1}


def modules(folder: Path) -> dict[str, set[str]]:
    return {path.relative_to(ROOT).as_posix(): public_names(path.read_text("utf-8")) for path in folder.rglob("*.py")}


def test_no_public_name_stands_for_two_things() -> None:
    assert shared(modules(SHIM)) == {}


def test_a_shared_name_is_seen() -> None:
    one, other = public_names("class Reply: ...\ndef run(): ..."), public_names("def Reply(): ...\ndef run(): ...")
    assert shared({"a.py": one, "b.py": other}) == {"Reply": ["a.py", "b.py"]}
