"""The table of frozen modules: the same sources give the same bytes, which load as the code that they were made of."""

from __future__ import annotations

import marshal
import subprocess
import sys
import zipfile
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from native import modules_build
from native.marshalled import UnknownType, normalised
from tests.support.paths import ROOT

CONSTANTS = """
whole = (0, -1, 2**31 - 1, 2**31, -2**100, True, None, ..., 0.0, -0.0, 1e300, 2j, b"bytes", "", "name", "two words")
text = ("文", "\\ud800", "é", "x" * 300, "y z" * 300, b"b" * 300)
inner = {"a": 1} if whole in {(1, "two words"), (2, ("name",))} else ()
def function(first, /, second, *rest, third=("name", 1.5), **more):
    try:
        return lambda: (first, second, whole, "name")
    except ValueError as error:
        raise KeyError("two words") from error
class 类:
    async def coroutine(self): return [each async for each in self]
"""


def code() -> CodeType:
    return compile(CONSTANTS, "folder/file.py", "exec", dont_inherit=True)


def parts(value: object) -> object:
    """Code with all that comparing code objects leaves out; 0.0 and -0.0 as two."""
    if isinstance(value, CodeType):
        names = [name for name in dir(value) if name.startswith("co_") and name not in ("co_lines", "co_positions")]
        return [(name, parts(getattr(value, name))) for name in names if name not in ("co_lnotab", "co_consts")] + [
            [parts(each) for each in value.co_consts]
        ]
    if isinstance(value, frozenset):
        return sorted(repr(parts(each)) for each in value)
    if isinstance(value, tuple):
        return [parts(each) for each in value]
    return (type(value), repr(value)) if not callable(value) else None


def test_it_loads_as_the_same_code() -> None:
    assert parts(marshal.loads(normalised(marshal.dumps(code())))) == parts(code())


def test_what_else_the_process_holds_changes_nothing() -> None:
    """marshal marks an object if something else has a reference to it."""
    plain = marshal.dumps(code())
    held = code()
    keep = [
        held.co_consts,
        held.co_names,
        held.co_code,
        [each for each in held.co_consts if isinstance(each, CodeType)],
    ]
    other = marshal.dumps(held)
    assert plain != other and keep
    assert normalised(plain) == normalised(other) == normalised(normalised(plain))


def test_equal_constants_are_written_once() -> None:
    text = "a text of some length"
    source = "".join(f"def f{number}(): return {text!r}\n" for number in range(5))
    assert normalised(marshal.dumps(compile(source, "f.py", "exec"))).count(text.encode()) == 1


@pytest.mark.parametrize("value", [{}, [1], {1}])
def test_no_code_object_contains_this(value: Any) -> None:
    with pytest.raises(UnknownType):
        normalised(marshal.dumps(value))


SOURCES = {
    "pack/__init__.py": '"""A docstring."""\nfrom __future__ import annotations\n',
    "pack/late.py": (
        '"""A docstring."""\nfrom dataclasses import dataclass\n\n'
        '@dataclass\nclass Row:\n    """A docstring."""\n    x: int\n\n'
        'class Plain:\n    """A docstring."""\n\n'
        'def f(x):\n    """A docstring."""\n    assert x, "kept"\n    return "one" if x in {"a", "b", "c"} else "two"\n'
    ),
    "single.py": "VALUE = {'a', 'b'} and frozenset(('x', 'y'))\n",
    "abc.py": "raise RuntimeError\n",
}


def freeze(folder: Path, names: list[str], archive: Path | None = None, seed: str = "0") -> dict[str, bytes]:
    """The three files, made by a process of its own."""
    output = folder / f"made-{seed}"
    output.mkdir()
    (folder / "names.txt").write_text("\n".join(names))
    words = [folder / "staging", output, folder / "names.txt", *([archive] if archive else [])]
    command = [sys.executable, "-X", "no_debug_ranges", "-m", "native.modules_build", *map(str, words)]
    subprocess.run(command, cwd=ROOT, check=True, env={"PYTHONHASHSEED": seed})
    return {path.name: path.read_bytes() for path in output.iterdir()}


def stage(folder: Path, sources: dict[str, str]) -> None:
    for name, text in sources.items():
        path = folder / "staging" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    stage(tmp_path / "a", SOURCES)
    stage(tmp_path / "b", dict(reversed(SOURCES.items())))
    names = ["pack.late", "pack", "single", "abc"]
    first, second = freeze(tmp_path / "a", names, seed="1"), freeze(tmp_path / "b", names, seed="2")
    assert first == second
    # In the order that was asked for; abc is frozen into CPython's DLL.
    assert [line.split()[0] for line in first["modules.txt"].decode().splitlines()] == ["pack.late", "pack", "single"]
    assert str(tmp_path).encode() not in b"".join(first.values())


def test_docstrings_are_left_out(tmp_path: Path) -> None:
    """But for a short one on what @dataclass would give a signature, and nothing else is: see the assertion."""
    stage(tmp_path, SOURCES)
    made = freeze(tmp_path, ["pack", "pack.late"])
    assert b"docstring" not in made["modules.bin"] and b"kept" in made["modules.bin"]
    _, at, size = made["modules.txt"].decode().splitlines()[1].split()
    names: dict[str, object] = {"__name__": __name__}
    exec(marshal.loads(made["modules.bin"][int(at) : int(at) + int(size)]), names)
    assert [names[each].__doc__ for each in ("Row", "Plain", "f")] == ["-", None, None]
    assert marshal.loads(made["modules.bin"][int(at) : int(at) + int(size)]).co_filename == "pack/late.py"


def test_a_package_is_marked(tmp_path: Path) -> None:
    stage(tmp_path, SOURCES)
    rows = [line for line in freeze(tmp_path, ["pack", "pack.late"])["modules.c"].decode().splitlines() if "{" in line]
    assert [row.split(", ")[3] for row in rows if '"pack' in row] == ["1", "0"]


def test_a_module_without_its_package_is_refused(tmp_path: Path) -> None:
    module = modules_build.Module("folder.module", b"", False)
    with pytest.raises(ValueError, match=r"folder has no __init__\.py"):
        modules_build.write({module.name: module}, tmp_path)


def test_the_library_of_an_embeddable_cpython(tmp_path: Path) -> None:
    """Its .pyc files are taken where they are wanted; sources of ours win."""
    stage(tmp_path, {"single.py": "OURS = 1\n"})
    archive = tmp_path / "python311.zip"
    with zipfile.ZipFile(archive, "w") as library:
        for name in ("single", "json/__init__", "json/tool"):
            data = MAGIC_NUMBER + bytes(12) + marshal.dumps(compile("THEIRS = 1", "c:/json.py", "exec"))
            library.writestr(f"{name}.pyc", data)
    made = freeze(tmp_path, ["single", "json"], archive)
    assert [line.split()[0] for line in made["modules.txt"].decode().splitlines()] == ["single", "json"]
    assert made["modules.bin"].count(b"OURS") == made["modules.bin"].count(b"THEIRS") == 1
