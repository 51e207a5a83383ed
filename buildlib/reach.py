"""Which modules a program can reach by its import statements: what ships, and what nobody would miss.

Every import statement counts, those in functions too, but for what cannot be carried out on the system in question:
below `if TYPE_CHECKING`, `if __name__ == "__main__"` and tests of sys.platform and os.name. Names that are put together
at run time are a table's affair (buildlib/shipped.py), as are edges that are cut. Reads sources; imports nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PACKAGE = "__init__"
# Functions whose first word is the name of a module.
_IMPORTING = ("import_module", "__import__")


@dataclass(frozen=True)
class Reached:
    """`modules` of the sources; `others` are names that no source has: extension modules, and what is not there."""

    modules: frozenset[str]
    others: frozenset[str]


@dataclass
class Sources:
    """The modules below a folder, by name; what they import on `platform` (sys.platform).

    `libraries` are extension modules in packages: a text that is the name of one counts as an import of it. Without
    `in_functions` only what a module imports when it is imported itself counts.
    """

    folder: Path
    platform: str
    libraries: frozenset[str] = frozenset()
    in_functions: bool = True
    paths: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in sorted(self.folder.rglob("*.py")):
            *folders, last = path.relative_to(self.folder).with_suffix("").parts
            self.paths[".".join(folders if last == _PACKAGE else [*folders, last])] = path

    def imports(self, name: str) -> set[str]:
        """The modules that a module names in import statements, each with its packages."""
        path = self.paths[name]
        package = name if path.stem == _PACKAGE else name.rpartition(".")[0]
        found: set[str] = set()
        for node in carried_out(ast.parse(path.read_bytes()), self.platform, self.in_functions):
            for target in _named(node, package, self.paths, self.libraries):
                parts = target.split(".")
                found.update(".".join(parts[: size + 1]) for size in range(len(parts)))
        return found - {name}


def reached(
    sources: Sources,
    roots: Iterable[str],
    cut: Callable[[str, str], bool],
    by_name: Mapping[str, Collection[str]],
) -> Reached:
    """What can be reached from `roots`. `cut` says of an importer and a module that this edge does not count; `by_name`
    are the modules that one imports by names put together at run time."""
    modules: set[str] = set()
    others: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in modules or name in others:
            continue
        waiting += by_name.get(name, ())
        if name not in sources.paths:
            others.add(name)
            continue
        modules.add(name)
        parent = name.rpartition(".")[0]
        waiting += [parent] if parent else []
        waiting += [each for each in sources.imports(name) if not cut(name, each)]
    return Reached(frozenset(modules), frozenset(others))


def _named(node: ast.AST, package: str, paths: Mapping[str, Path], libraries: Collection[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = package.split(".")
            base = ".".join([*parts[: len(parts) - node.level + 1], *([base] if base else [])])
        yield base
        names = [f"{base}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name in paths or name in libraries)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in libraries:
        yield node.value
    elif isinstance(node, ast.Call) and _called(node.func) in _IMPORTING:
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            yield node.args[0].value


def _called(function: ast.AST) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def carried_out(tree: ast.AST, platform: str, in_functions: bool = True) -> Iterator[ast.AST]:
    """All nodes but those of branches that are never taken; those in functions if wanted."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If):
            known = _known(node.test, platform)
            waiting.append(node.test)
            waiting += [] if known is False else node.body
            waiting += [] if known is True else node.orelse
        elif in_functions or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += ast.iter_child_nodes(node)


def _known(test: ast.expr, platform: str) -> bool | None:
    """What a condition is on this system; None if it is not known before the program runs."""
    text = ast.unparse(test)
    is_windows = platform == "win32"
    facts = {
        "TYPE_CHECKING": False,
        "typing.TYPE_CHECKING": False,
        "__name__ == '__main__'": False,
        "sys.platform == 'win32'": is_windows,
        "sys.platform != 'win32'": not is_windows,
        "sys.platform.startswith('win')": is_windows,
        "sys.platform == 'darwin'": False,
        "sys.platform == 'emscripten'": False,
        "sys.platform == 'linux'": not is_windows,
        "sys.platform.startswith('linux')": not is_windows,
        "os.name == 'nt'": is_windows,
        "_os.name == 'nt'": is_windows,
        "os.name == 'posix'": not is_windows,
    }
    return facts.get(text)
