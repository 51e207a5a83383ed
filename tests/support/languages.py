"""`build_dll.py languages`: the programs of examples/, each compiled and run as its own language does it.

A row says how a program is made, how it is started, and in which charset it prints; all must print the lines of
tests/vectors/examples.json. tests/product/test_examples.py runs those whose tools are quickly installed, this command
all of them: words choose some. PowerBuilder and VB have no compiler here; what they declare is read by
tests/unit/buildlib/test_declarations.py.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from buildlib import console, tools
from buildlib.clients import C_FLAGS, DELPHI, FOLDER, WIN32, WIN64
from buildlib.freepascal import FreePascal
from buildlib.layout import BUILD
from buildlib.wine import run_bounded
from tests.support.clients import Kind, Rig
from tests.support.paths import ROOT, vectors
from tests.support.product import Product, install, python_runtime

EXAMPLES = ROOT / "examples"
LINES: list[str] = vectors("examples")["lines"]
_JNA = "/usr/share/java/jna.jar"
_GO = {"GOOS": "windows", "CGO_ENABLED": "0", "GOFLAGS": ""}
_LIMIT = 300.0

Words = list[str | Path]


@dataclass(frozen=True)
class Program:
    """One program: its folder in examples/, the set that it calls, the tools it asks for, how it is made.

    make: compiles the sources, copied into the folder of the product, and says what starts the program.
    loses: a character that this runtime cannot convert, and what it makes of it.
    """

    name: str
    folder: str
    kind: Kind
    tools: tuple[str, ...]
    make: Callable[[Rig, Product], Words]
    charset: str = "gb18030"
    environment: Mapping[str, str] = field(default_factory=dict)
    loses: tuple[str, str] = ("", "")

    @property
    def lines(self) -> list[str]:
        """What it prints."""
        return [line.replace(*self.loses) if self.loses[0] else line for line in LINES]


def _c_for_linux(_rig: Rig, product: Product) -> Words:
    libraries = [f"-L{product.folder}", "-lVirtualCardChk", "-lNationECCode", "-Wl,-rpath,$ORIGIN"]
    console.run(["gcc", *C_FLAGS, "-o", "example", "example.c", *libraries], cwd=product.folder)
    return [product.folder / "example"]


def _cpp(_rig: Rig, product: Product) -> Words:
    libraries = [f"-L{product.folder}", "-lVirtualCardChk", "-lNationECCode", "-Wl,-rpath,$ORIGIN"]
    words = ["g++", "-x", "c++", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "example", "example.c", *libraries]
    console.run(words, cwd=product.folder)
    return [product.folder / "example"]


def _c_for_windows(_rig: Rig, product: Product) -> Words:
    libraries = ["sdk/VirtualCardChk.lib", "sdk/NationECCode.lib"]
    compiler = WIN64 if product.kind.startswith("win64") else WIN32
    words = [compiler, *C_FLAGS, "-Isdk", "-o", "example.exe", "example.c", *libraries]
    (product.folder / "vcshim.h").unlink()  # the one that ships
    console.run(words, cwd=product.folder)
    return ["example.exe"]


def _delphi_for_linux(_rig: Rig, product: Product) -> Words:
    console.run(["fpc", "-v0ewn", "-Sewn", f"-Fl{product.folder}", "example.dpr"], cwd=product.folder)
    return [product.folder / "example"]


def _delphi(rig: Rig, product: Product) -> Words:
    rig.program(DELPHI)  # makes the compiler, once for all workers
    FreePascal(FOLDER / "freepascal").compile_delphi(product.folder / "example.dpr", product.folder / "example.exe")
    return ["example.exe"]


def _python_for_linux(_rig: Rig, product: Product) -> Words:
    return [sys.executable, product.folder / "example.py"]


def _python(_rig: Rig, product: Product) -> Words:
    return [f"..\\{python_runtime(product).name}\\python.exe", "example.py"]


def _csharp(_rig: Rig, product: Product) -> Words:
    console.run(["mcs", "-warnaserror", "Example.cs", "Vcshim.cs", "VcshimStrings.cs"], cwd=product.folder)
    return ["mono", product.folder / "Example.exe"]


def _java(_rig: Rig, product: Product) -> Words:
    words = ["javac", "-Werror", "-Xlint:all", "-encoding", "UTF-8", "-cp", _JNA, "Example.java", "Vcshim.java"]
    console.run(words, cwd=product.folder, timeout=_LIMIT)
    return ["java", "-cp", f"{_JNA}:{product.folder}", f"-Djna.library.path={product.folder}", "Example"]


def _node(_rig: Rig, product: Product) -> Words:
    console.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=product.folder, timeout=_LIMIT)
    return ["node", product.folder / "example.js", product.folder]


def _go(_rig: Rig, product: Product) -> Words:
    environ = {**os.environ, **_GO, "GOARCH": "amd64" if product.kind.startswith("win64") else "386"}
    for words in (["go", "vet", "."], ["go", "build", "-o", "example.exe", "."]):
        console.run(words, cwd=product.folder, env=environ, timeout=_LIMIT)
    return ["example.exe"]


IN_CI = (
    Program("c-linux", "c", "linux-c", ("gcc",), _c_for_linux),
    Program("c-windows", "c", "win32-c", ("mingw", "wine"), _c_for_windows),
    Program("delphi-linux", "delphi", "linux-c", ("freepascal",), _delphi_for_linux),
    Program("delphi-windows", "delphi", "win32-c", ("freepascal", "wine"), _delphi),
    Program("python-linux", "python", "linux-c", (), _python_for_linux, "utf-8", {"PYTHONIOENCODING": "utf-8"}),
    Program(
        "python-windows", "python", "win32-ctypes", ("mingw", "wine"), _python, "utf-8", {"PYTHONIOENCODING": "utf-8"}
    ),
    # Mono's own GB18030 has no 䶮, neither way.
    Program("csharp-linux", "csharp", "linux-c", ("mono",), _csharp, "utf-8", loses=("䶮", "?")),
)
BY_HAND = (
    Program("cpp-linux", "c", "linux-c", ("g++",), _cpp),
    Program("c-windows64", "c", "win64-c", ("mingw", "wine"), _c_for_windows),
    Program("java-linux", "java", "linux-c", ("java",), _java, "utf-8"),
    Program("node-linux", "node", "linux-c", ("node",), _node, "utf-8"),
    Program("go-windows", "go", "win32-c", ("go", "wine"), _go),
    Program("go-windows64", "go", "win64-c", ("go", "wine"), _go),
)


def put(program: Program, folder: Path) -> Product:
    """The product for `program` in `folder`, its sources beside the libraries. It refuses what is against the rules."""
    product = install(program.kind, folder)
    product.ini("[validate]\nlevel = strict\n")
    shutil.copytree(EXAMPLES / program.folder, folder, dirs_exist_ok=True)
    return product


def run(program: Program, rig: Rig, product: Product, words: Sequence[str] = ()) -> tuple[int, list[str]]:
    """Make the program and run it with `words`: its exit code, and the lines that it prints."""
    tools.require(*program.tools)
    start = [*map(str, program.make(rig, product)), *words]
    output = product.folder / "stdout.txt"
    if program.kind.startswith("linux"):
        env = {**os.environ, **program.environment, "LD_LIBRARY_PATH": str(product.folder)}
        # Elsewhere than the libraries: they are not to be found by the working directory.
        done = run_bounded(start, cwd=product.folder.parent, env=env, timeout=120, disk_files=product.folder)
    else:
        line = f"{' '.join(start)} > stdout.txt"
        done = rig.wine(program.kind).run(["cmd.exe", "/c", line], cwd=product.folder, env=program.environment)
    assert done.stderr == "", done.stderr
    return done.returncode, output.read_bytes().decode(program.charset).splitlines()


def main() -> int:
    """Run the programs and print a line for each; 1 if one of them did not print what it must."""
    rows = {row.name: row for row in (*IN_CI, *BY_HAND)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="PROGRAM", help=f"{', '.join(rows)}; all, if none")
    names = parser.parse_args().names or list(rows)
    if wrong := set(names) - set(rows):
        parser.error(f"no program {' '.join(sorted(wrong))}; there are {', '.join(rows)}")
    tools.install(*dict.fromkeys(tool for name in names for tool in rows[name].tools))
    rig = Rig(BUILD / "languages")
    try:
        results = [_tried(rows[name], rig) for name in names]
    finally:
        rig.close()
    return 0 if all(results) else 1


def _tried(program: Program, rig: Rig) -> bool:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        product = put(program, Path(folder) / "his")
        code, lines = run(program, rig, product)
    good = (code, lines) == (0, program.lines)
    outcome = "as it must" if good else f"exit code {code}, and printed:\n" + "\n".join(lines)
    sys.stdout.write(f"{program.name:<16} {time.monotonic() - started:6.1f} s  {outcome}\n")
    sys.stdout.flush()
    return good


if __name__ == "__main__":
    sys.exit(main())
