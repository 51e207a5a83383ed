"""Imports all of shim, and writes the methods and patterns that came of it into the sources that will be compiled.

Run by `prepare` in an interpreter of its own, without site-packages, so that little is imported before it watches:

    python -I -S record.py LIBRARY SITE BITS

LIBRARY holds the library and shim as they will ship; SITE the packages; BITS are those of the machine that will run it.
Patterns become a module of their own, LIBRARY/vcshim_patterns.py. The methods of a class go into its own module, on the
line of the __future__ import, so that they cost nothing where it is not imported, and no line has another number. The
order is that of the names: the same sources give the same text.
"""

from __future__ import annotations

import ast
import dataclasses as _dataclasses
import marshal
import re
import sys
from array import array
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

Pattern = tuple[str | bytes, int]

_RE: Any = re  # with its parts that are not public
dataclasses: Any = _dataclasses
_PATTERNS = Path(__file__).with_name("patterns.py")
_FUTURE = "from __future__ import annotations\n"


def main(library: Path, site: str, bits: int) -> None:
    """Write the patterns and the methods."""
    sys.path[:0] = [site, str(library)]  # a package that has files of its own is whole only in SITE
    patterns = _watched_patterns()
    classes = _watched_classes()
    for path in sorted((library / "shim").rglob("*.py")):
        name = ".".join(path.relative_to(library).with_suffix("").parts).removesuffix(".__init__")
        if not name.endswith("__main__"):
            patterns |= _patterns_of_functions(path, import_module(name))
    rows = {key: _compiled(*key, bits) for key in patterns}
    lines = [f"    {key!a}: {rows[key]!a},\n" for key in sorted(rows, key=repr)]
    table = f"\n\nMAGIC = {_RE._constants.MAGIC}\nPATTERNS = {{\n{''.join(lines)}}}\n"
    (library / "vcshim_patterns.py").write_text(_PATTERNS.read_text("utf-8") + table, "utf-8")
    for name, made in classes.items():
        _write_methods(library.joinpath(*name.split(".")), made)


# ---- patterns ----------------------------------------------------------------------------------------------------


def _watched_patterns() -> set[Pattern]:
    """The patterns that are compiled from now on, with their flags; and those of the imports above."""
    patterns: set[Pattern] = {("", 0), *((pattern, flags) for _, pattern, flags in _RE._cache)}
    compiler = _RE._compiler
    compile_ = compiler.compile

    def compile_watched(pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        if isinstance(pattern, (str, bytes)):
            patterns.add((pattern, flags))
        return compile_(pattern, flags)  # type: ignore[no-any-return]

    compiler.compile = compile_watched
    return patterns


def _patterns_of_functions(path: Path, module: ModuleType) -> set[Pattern]:
    """Those that a file of ours compiles in functions: written out there or named, without flags beside them."""
    patterns: set[Pattern] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), function), [first, *_], keywords) if function != "escape":
                text = first.value if isinstance(first, ast.Constant) else None
                if isinstance(first, ast.Name):
                    text = getattr(module, first.id, None)
                if isinstance(text, (str, bytes)) and not any(each.arg == "flags" for each in keywords):
                    patterns.add((text, 0))
    return patterns


def _compiled(pattern: str | bytes, flags: int, bits: int) -> tuple[int, tuple[str | None, ...], bytes]:
    """What `re._compiler.compile` hands to `_sre.compile`: the flags, the names of the groups, and the code.

    "Without end" is another number in the code of a 32-bit machine, see MAXREPEAT in Modules/_sre/sre.h.
    """
    constants, parser, compiler = _RE._constants, _RE._parser, _RE._compiler
    endless = type(constants.MAXREPEAT)(0xFFFFFFFF if bits == 64 else 0x7FFFFFFF, "MAXREPEAT")
    for module in (constants, parser, compiler):
        module.MAXREPEAT = endless
    parsed = parser.parse(pattern, flags)
    code = compiler._code(parsed, flags)
    names: list[str | None] = [None] * parsed.state.groups
    for name, index in parsed.state.groupdict.items():
        names[index] = name
    return flags | parsed.state.flags, tuple(names), array("I", code).tobytes()


# ---- dataclasses -------------------------------------------------------------------------------------------------


@dataclass
class _Written:
    """A method that the library has written.

    Attributes:
        name: that of the attribute of its class.
        text: of the method itself.
        given: names that it uses and that are handed over when it is made.
    """

    name: str
    text: str
    given: list[str]


def _watched_classes() -> dict[str, dict[str, bytes]]:
    """For the modules of shim, the methods of the dataclasses with slots that are made from now on.

    Of a class without slots the library makes no second one, and of one without a docstring it makes one: they stay as
    they are.
    """
    modules: dict[str, dict[str, bytes]] = {}
    written: list[tuple[Any, _Written]] = []
    create, process = dataclasses._create_fn, dataclasses._process_class

    def create_watched(name: str, arguments: Any, body: Any, **options: Any) -> Any:
        given = [each for each in options.get("locals") or () if not each.startswith("_type_")]
        # Annotations of the method itself are left out: nothing asks for them, and each would have to be handed over.
        plain = [re.sub(r":_type_\w+", "", each, count=1) for each in arguments]
        text = f" def {name}({','.join(plain)}):\n" + "\n".join(f"  {line}" for line in body)
        made = create(name, arguments, body, **options)
        written.append((made, _Written(name, text, given)))
        return made

    def process_watched(cls: type, *options: Any) -> type:
        written.clear()
        documented = bool(cls.__doc__)
        made: type = process(cls, *options)
        own = vars(made)
        if cls.__module__.startswith("shim.") and "<locals>" not in cls.__qualname__ and documented:
            methods = [row for function, row in written if _is(own.get(row.name), function)]
            if "__slots__" in own:
                modules.setdefault(cls.__module__, {})[cls.__qualname__] = _marshalled(made, methods)
        return made

    dataclasses._create_fn, dataclasses._process_class = create_watched, process_watched
    return modules


def _is(value: Any, function: Any) -> bool:
    return value is function or getattr(value, "__wrapped__", None) is function


def _marshalled(cls: Any, methods: list[_Written]) -> bytes:
    """A class as buildlib/prepare/classes.py reads it: one function that makes all methods, and what else it has."""
    given = sorted({name for row in methods for name in row.given})
    names = tuple(row.name for row in methods)
    body = "\n".join(row.text for row in methods)
    text = f"def create({','.join(given)}):\n{body}\n return ({''.join(f'{name},' for name in names)})"
    (code,) = (each for each in compile(text, "<string>", "exec", dont_inherit=True).co_consts if _is_code(each))
    code = code.replace(co_consts=tuple(_named(each, cls) for each in code.co_consts))
    fields = tuple(cls.__dataclass_fields__)
    if len(fields) != len(dataclasses.fields(cls)):
        raise SystemExit(f"{cls.__qualname__} has a ClassVar or an InitVar, whose names vcshim_typing does not have")
    return marshal.dumps((code, tuple(given), names, fields, cls.__slots__, vars(cls).get("__match_args__")))


def _named(constant: Any, cls: type) -> Any:
    """A constant of the function: the code of a method with its full name."""
    return constant.replace(co_qualname=f"{cls.__qualname__}.{constant.co_name}") if _is_code(constant) else constant


def _is_code(constant: object) -> bool:
    return isinstance(constant, CodeType)


def _write_methods(module: Path, methods: dict[str, bytes]) -> None:
    """Put them into the source of their module."""
    path = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
    text = path.read_text("utf-8")
    if text.count(_FUTURE) != 1:
        raise SystemExit(f"{path} has no line for the methods of its classes: {_FUTURE}")
    rows = ", ".join(f"{name!r}: {methods[name]!r}" for name in sorted(methods))
    path.write_text(text.replace(_FUTURE, f"{_FUTURE.strip()}; __dataclasses__ = {{{rows}}}\n"), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
