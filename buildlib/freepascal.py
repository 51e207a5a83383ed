"""A Delphi-mode compiler for 32-bit Windows, made from Debian's fp-compiler and fpc-source in seconds, and Linux's own.

Not a general Free Pascal set-up: it serves the test programs in Pascal, and only buildlib/clients.py uses it.
"""

from __future__ import annotations

from pathlib import Path

from buildlib import console

SOURCES = Path("/usr/share/fpcsrc")
LIBRARIES = Path("/usr/lib")
TIME_LIMIT = 300.0

# Folders below rtl/ that the win32 run-time library takes its units and include files from.
RTL_FOLDERS = (
    "inc",
    "i386",
    "win",
    "win/wininc",
    "win32",
    "objpas",
    "objpas/sysutils",
    "objpas/classes",
    "objpas/types",
)


def compile_for_linux(source: Path, program: Path) -> None:
    """Compile a program for this machine with the compiler as it is installed, warnings being errors."""
    units = program.with_suffix(".units")
    units.mkdir(parents=True, exist_ok=True)
    console.run(["fpc", "-v0ew", "-Sew", "-O2", f"-FU{units}", f"-o{program}", source], timeout=TIME_LIMIT)


class FreePascal:
    """The cross compiler and its run-time library, kept in `folder`; built on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.compiler = folder / "ppcross386"
        self.rtl = folder / "rtl"

    def build(self) -> None:
        """Build compiler and run-time library, unless this folder has them complete already."""
        complete = self.folder / "complete"
        if complete.exists():
            return
        sources = _only(SOURCES, "*/compiler/pp.pas", "fpc-source").parent.parent
        messages = _only(LIBRARIES, "*/fpc/*/msg/errore.msg", "fp-compiler")
        self._build_compiler(sources / "compiler", messages)
        self._build_rtl(sources / "rtl")
        complete.touch()

    def compile_delphi(self, source: Path, exe: Path) -> None:
        """Compile one Delphi program (32-bit Windows) to `exe`, warnings being errors."""
        self.build()
        units = exe.with_suffix(".units")
        units.mkdir(parents=True, exist_ok=True)
        switches = ["-n", "-v0ewn", "-Sewn", "-O2", "-Twin32", f"-Fu{self.rtl}", f"-FU{units}", f"-o{exe}"]
        console.run([self.compiler, *switches, source], timeout=TIME_LIMIT)

    def _build_compiler(self, sources: Path, messages: Path) -> None:
        generated = self.folder / "generated"
        units = self.folder / "compiler-units"
        for folder in (generated, units):
            folder.mkdir(parents=True, exist_ok=True)
        msg2inc = self.folder / "msg2inc"
        quiet: list[str | Path] = ["fpc", "-v0e", f"-FU{units}"]
        console.run([*quiet, f"-o{msg2inc}", sources / "utils/msg2inc.pp"], timeout=TIME_LIMIT)
        console.run([msg2inc, messages, "msg", "msg"], cwd=generated, timeout=TIME_LIMIT)
        includes = [f"-Fi{path}" for path in (sources / "i386", sources / "x86", sources, generated)]
        search = [f"-Fu{path}" for path in (sources / "i386", sources / "x86", sources / "systems", sources)]
        build = [*quiet, "-di386", *includes, *search, f"-o{self.compiler}", sources / "pp.pas"]
        console.run(build, timeout=TIME_LIMIT)

    def _build_rtl(self, sources: Path) -> None:
        self.rtl.mkdir(parents=True, exist_ok=True)
        includes = [f"-Fi{sources / name}" for name in RTL_FOLDERS]
        search = [f"-Fu{sources / name}" for name in RTL_FOLDERS]
        build: list[str | Path] = [self.compiler, "-n", "-v0e", "-Twin32", "-O1", f"-FU{self.rtl}", *includes, *search]
        console.run([*build, "-Us", "-Sg", sources / "win32/system.pp"], timeout=TIME_LIMIT)
        console.run([*build, sources / "win32/buildrtl.pp"], timeout=TIME_LIMIT)


def _only(folder: Path, pattern: str, package: str) -> Path:
    """The newest file below `folder` that matches, or Failed naming the Debian package it comes from."""
    found = sorted(folder.glob(pattern))
    if not found:
        raise console.Failed(f"{folder}/{pattern} not found: install the Debian package {package}")
    return found[-1]
