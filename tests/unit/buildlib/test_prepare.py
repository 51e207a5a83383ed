"""What the build works out beforehand (buildlib/prepare): the same classes and patterns as the library would make."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import sysconfig
from array import array
from pathlib import Path
from typing import Any

import pytest

from buildlib import prepare
from buildlib.console import Failed
from buildlib.layout import LINUX, WIN32, Target
from tests.support.paths import ROOT

LIBRARY = Path(sysconfig.get_path("stdlib"))
SITE = Path(sysconfig.get_path("purelib"))
# Of the library, what is recorded from or changed; the rest comes from where the interpreter has it.
TAKEN = ("dataclasses.py", "linecache.py", "logging", "pathlib.py", "re", "socket.py", "urllib")

_STAR = 'import re\nSTAR = re.compile("x*")\n'

# Prints what can be seen of every dataclass of shim, and a few of their objects.
_CLASSES = """
import dataclasses, importlib, inspect, json, pathlib, pickle, sys
seen = {}
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    name = ".".join(path.relative_to(sys.argv[2]).with_suffix("").parts).removesuffix(".__init__")
    if not name.endswith("__main__"):
        importlib.import_module(name)
for name, module in sorted(sys.modules.items()):
    for cls in [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == name]:
        if name.startswith("shim.") and dataclasses.is_dataclass(cls):
            own = sorted(set(vars(cls)) - {"_abc_impl", "__weakref__", "__orig_bases__", "__parameters__"})
            fields = [
                (f.name, str(f.type), f.init, f.repr, f.hash, f.compare, f.kw_only, type(f.default).__name__,
                 getattr(f.default_factory, "__qualname__", ""), sorted(f.metadata)) for f in dataclasses.fields(cls)
            ]
            methods = {n: v.__qualname__ for n, v in vars(cls).items() if inspect.isfunction(v)}
            parameters = [
                (p.name, str(p.kind), p.default is p.empty, type(p.default).__name__)
                for p in inspect.signature(cls.__init__).parameters.values()
            ]
            seen[f"{name}.{cls.__qualname__}"] = [
                own, fields, methods, parameters, str(vars(cls).get("__slots__")), str(cls.__match_args__),
                cls.__hash__ is None, str(cls.__dataclass_params__), [b.__name__ for b in cls.__bases__], cls.__doc__,
            ]
from shim.http_answer import HttpAnswer
row = HttpAnswer(b"x", charset="gbk")
other = dataclasses.replace(row, body=b"y")
frozen = []
for change in (lambda: setattr(row, "body", b""), lambda: delattr(row, "body")):
    try:
        change()
    except dataclasses.FrozenInstanceError as error:
        frozen.append(str(error))
match row:
    case HttpAnswer(body, status):
        matched = [body.decode(), status]
copied = pickle.loads(pickle.dumps(row))
objects = [repr(row), repr(other), row == copied, row == other, len({row, other, copied}), frozen, matched]
print(json.dumps([seen, objects]))
"""

# Prints the classes that the library still makes itself for shim.abi, and what is imported. Without re._compiler no
# pattern can be compiled.
_FALLBACKS = """
import dataclasses, json, sys, vcshim_classes
classes = []
def process(cls, *rest, process=vcshim_classes._process_any_class):
    classes.append(f"{cls.__module__}.{cls.__qualname__}")
    return process(cls, *rest)
vcshim_classes._process_any_class = process
import shim.abi
print(json.dumps([classes, sorted(sys.modules)]))
"""


def staged(folder: Path, target: Target, more: str = "") -> Path:
    """The library as the build changes it; `more` is the source of one more module of shim."""
    folder.mkdir()
    for name in TAKEN:
        origin = LIBRARY / name
        (shutil.copytree if origin.is_dir() else shutil.copy)(origin, folder / name)
    shutil.copytree(ROOT / "shim", folder / "shim", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "shim" / "more.py").write_text(f"from __future__ import annotations\n{more}", "utf-8")
    prepare.record(folder, target, Path(sys.executable), SITE)
    prepare.change(folder)
    return folder


def python(first: Path, program: str, *words: Path) -> Any:
    """What a program prints in an interpreter that looks in `first` before its library."""
    start = f"import sys; sys.path.insert(0, {str(first)!r}); sys.path.append({str(SITE)!r})\n"
    argv = [sys.executable, "-I", "-S", "-B", "-c", start + program, *map(str, words)]
    done = subprocess.run(argv, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return staged(tmp_path_factory.mktemp("prepare") / "library", LINUX, _STAR)


@pytest.fixture(scope="module")
def windows_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return staged(tmp_path_factory.mktemp("prepare") / "windows", WIN32, _STAR)


def test_classes_are_as_the_library_makes_them(library: Path) -> None:
    seen, objects = python(library, _CLASSES, library / "shim", library)
    plain, plain_objects = python(ROOT, _CLASSES, ROOT / "shim", ROOT)
    assert len(plain) > 150
    assert {name: (seen.get(name), row) for name, row in plain.items() if seen.get(name) != row} == {}
    assert objects == plain_objects


def test_nothing_of_shim_is_made_again(library: Path) -> None:
    classes, modules = python(library, _FALLBACKS)
    assert [name for name in classes if name.startswith("shim.")] == []
    assert not {"inspect", "ast", "dis", "typing", "tokenize", "ipaddress", "selectors", "re._compiler"} & set(modules)


@pytest.mark.parametrize("there", [(), ("ClassVar",)])
def test_a_module_that_another_thread_is_importing(library: Path, there: tuple[str, ...]) -> None:
    """A part of `typing` is there by then, or nothing of it: fields are made, and classes that were not recorded."""
    program = f"""
import dataclasses, json, sys, types
from shim.http_answer import HttpAnswer
assert "typing" not in sys.modules
part = sys.modules["typing"] = types.ModuleType("typing")
for name in {there!r}:
    setattr(part, name, object())
row = dataclasses.replace(HttpAnswer(b"x"), body=b"y")
@dataclasses.dataclass
class Plain:
    number: "int" = 7
del sys.modules["typing"]
print(json.dumps([[each.name for each in dataclasses.fields(row)], row.body.decode(), Plain().number]))
"""
    fields, body, number = python(library, program)
    assert fields[:2] == ["body", "status"] and (body, number) == ("y", 7)


def test_the_same_sources_give_the_same_text(library: Path, tmp_path: Path) -> None:
    again = staged(tmp_path / "again", LINUX, _STAR)
    for path in library.rglob("*.py"):
        assert path.read_bytes() == (again / path.relative_to(library)).read_bytes(), path.name


@pytest.mark.parametrize(("made", "endless"), [("library", 4294967295), ("windows_library", 2147483647)])
def test_without_end_is_the_number_of_the_machine(made: str, endless: int, request: pytest.FixtureRequest) -> None:
    """MAXREPEAT of Modules/_sre/sre.h, with 8 and with 4 bytes for a size; the rest is what CPython gives for x*."""
    library = request.getfixturevalue(made)
    program = "import json, vcshim_patterns\nprint(json.dumps(vcshim_patterns.PATTERNS['x*', 0][2].hex()))"
    codes = array("I", bytes.fromhex(python(library, program)))
    assert codes.tolist() == [14, 4, 0, 0, 4294967295, 24, 6, 0, endless, 16, 120, 1, 1]


def test_lines_keep_their_numbers(library: Path) -> None:
    changed_files = 0
    for path in sorted((ROOT / "shim").rglob("*.py")):
        ours = path.read_text("utf-8").split("\n")
        changed = (library / path.relative_to(ROOT)).read_text("utf-8").split("\n")
        assert len(ours) == len(changed)
        differing = {line for line, other in zip(ours, changed, strict=True) if line != other}
        assert not [
            line for line in differing if not line.startswith(("from __future__ import ", "from typing import "))
        ]
        changed_files += bool(differing)
    assert changed_files > 80


def test_another_version_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    for name in ("re", "shim"):
        (folder / name).mkdir()
    text = (LIBRARY / "dataclasses.py").read_text("utf-8")
    (folder / "dataclasses.py").write_text(text.replace("import inspect\n", "import inspect as it\n"), "utf-8")
    with pytest.raises(Failed, match="another version"):
        prepare.change(folder)


def test_patterns_of_functions_are_prepared(tmp_path: Path) -> None:
    """Written out in the call, or as a constant of the module; what is put together at run time is compiled there."""
    source = """import re
ENDS = "z+"
def used(text):
    return re.split(ENDS, text), re.match("y+", text), re.sub(text, "", text), re.escape("(")
"""
    library = staged(tmp_path / "library", LINUX, source)
    program = "import json, vcshim_patterns as v\nprint(json.dumps([(t, 0) in v.PATTERNS for t in ('z+', 'y+', '(')]))"
    assert python(library, program) == [True, True, False]


def test_names_for_people_are_numbers(library: Path) -> None:
    program = """
import json, re, socket
print(json.dumps([str(socket.AF_INET), str(socket.socket().type), int(re.I | re.S), re.compile("(?i)a").flags]))
"""
    assert python(library, program) == [str(int(socket.AF_INET)), str(int(socket.SOCK_STREAM)), 18, 34]


def test_what_comes_later_comes(library: Path) -> None:
    program = """
import dataclasses, io, json, logging, pathlib, re, socket, sys
from urllib.parse import urlsplit
from vcshim_typing import NamedTuple, Union, cast
class Row(NamedTuple):
    a: int
    b: int = 2
    @property
    def sum(self): return self.a + self.b
@dataclasses.dataclass
class Undocumented:
    a: int
try:
    re.compile("(")
except re.error as error:
    wrong = str(error)
stream = io.StringIO()
logging.getLogger("x").addHandler(logging.StreamHandler(stream))
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("x").exception("it")
a, b = socket.socketpair()
a.sendfile(open(socket.__file__, "rb"), count=3)
print(json.dumps([
    Row(1).sum, Row(1)._asdict(), repr(Row(3)), Row.__name__, str(Union[int, str]), Undocumented.__doc__, wrong,
    re.sub("(a)", r"\\1\\1", "ab"), urlsplit("http://[::1]:80/").hostname, pathlib.Path("/a b").as_uri(),
    stream.getvalue().splitlines()[-1], len(b.recv(3)), dataclasses.asdict(Undocumented([1])),
]))
"""
    assert python(library, program) == [
        3, {"a": 1, "b": 2}, "Row(a=3, b=2)", "Row", "typing.Union[int, str]", "Undocumented(a: int)",
        "missing ), unterminated subpattern at position 0", "aab", "::1", "file:///a%20b",
        "ZeroDivisionError: division by zero", 3, {"a": [1]},
    ]  # fmt: skip


def test_a_pattern_of_another_version_is_compiled(library: Path) -> None:
    program = """
import json, re, vcshim_patterns
pattern = next(iter(vcshim_patterns.PATTERNS))
before = vcshim_patterns.prepared(*pattern) is not None
vcshim_patterns.MAGIC += 1
print(json.dumps([before, vcshim_patterns.prepared(*pattern) is None, re.compile(*pattern).pattern == pattern[0]]))
"""
    assert python(library, program) == [True, True, True]


def test_patterns_are_as_the_library_compiles_them(library: Path) -> None:
    """Patterns are equal if their codes are."""
    program = """
import json, re, vcshim_patterns
made = {key: (vcshim_patterns.prepared(*key), re._compiler.compile(*key)) for key in vcshim_patterns.PATTERNS}
same = [a == b and a.groupindex == b.groupindex and a.groups == b.groups for a, b in made.values()]
print(json.dumps([len(same), all(same), sorted({name for a, _ in made.values() for name in a.groupindex})]))
"""
    count, same, names = python(library, program)
    assert count > 200
    assert same
    assert "year" in names or names
