"""C compilers: mingw-w64 where it is, else ziglang from the Python registry; cc for Linux. Flags live here.

No step but compile.py calls a compiler.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from buildlib import console, environment
from buildlib.layout import ROOT, Target

_WARNINGS = ["-Wall", "-Wextra", "-Werror"]
# For code that cffi generates, and CPython's headers: only what would be a wrong call.
_FEW_WARNINGS = ["-w", "-Werror=implicit-function-declaration", "-Werror=int-conversion"]

_UTF_8 = "65001"  # the code page of resource scripts


class Toolchain:
    """The tools for one target."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._zig: list[str | Path] = []
        self._gcc: str | None = None
        if target.system == "linux":
            self._gcc = shutil.which("cc") or shutil.which("gcc")
        elif not (target.only_zig or os.environ.get("VCSHIM_ZIG")) and shutil.which(f"{target.triple}-windres"):
            # NB: a mingw on Windows may have gcc alone under its long name.
            self._gcc = shutil.which(f"{target.triple}-gcc")
        if self._gcc is None:
            environment.ensure("zig")
            self._zig = [environment.python(), "-m", "ziglang"]

    @property
    def title(self) -> str:
        """What a progress line calls it."""
        return Path(self._gcc).name if self._gcc else "zig cc"

    def compile(self, source: Path, output: Path, flags: list[str], *, warnings: bool = True) -> Path:
        """One C file to one object file."""
        system = ["-fPIC", "-fvisibility=hidden"]
        if self.target.system == "windows":
            system = ["-U_WIN32_WINNT", "-D_WIN32_WINNT=0x0601"]  # nothing newer than Windows 7 is called
        strict = _WARNINGS if warnings else _FEW_WARNINGS
        places = f"-ffile-prefix-map={ROOT}=."  # the same sources give the same bytes wherever they lie
        made = ["-O0"] if self.target.coverage else ["-O2", places]  # counted lines keep their places
        console.run([*self._cc(), "-std=gnu11", *made, *strict, *system, *flags, "-c", source, "-o", output])
        return output

    def resource(self, source: Path, output: Path) -> Path:
        """A resource script to something that `link` takes."""
        if self._gcc:
            console.run([f"{self.target.triple}-windres", "-c", _UTF_8, "-i", source, "-o", output])
            return output
        output = output.with_suffix(".res")
        console.run([*self._zig, "rc", "/c", _UTF_8, "/:auto-includes", "gnu", source, output])
        return output

    def import_library(
        self, dll: str, names: list[str], output: Path, work: Path | None = None, *, undecorated: bool = False
    ) -> Path:
        """What the linker needs to link against `dll`, from its export names.

        `work` is where the list of them goes, beside `output` if None. `undecorated`: the DLL exports them without @N.
        """
        definition = (work or output.parent) / f"{output.stem}.import.def"
        definition.write_text(f"LIBRARY {dll}\nEXPORTS\n" + "".join(f"  {name}\n" for name in names))
        words: list[str | Path] = ["-k"] if undecorated else []
        words += ["-d", definition, "-l", output.name]
        if self._gcc:
            tool: list[str | Path] = [f"{self.target.triple}-dlltool", "--deterministic-libraries"]
        else:
            tool = [*self._zig, "dlltool", "-m", "i386" if self.target.bits == 32 else "i386:x86-64"]
        console.run([*tool, *words], cwd=output.parent)  # GNU's writes the name of its output into the library
        return output

    def link_front(self, objects: list[Path], definition: Path, output: Path) -> None:
        """A front: no C runtime on Windows, so that it imports KERNEL32 alone.

        `definition` says what it exports: a .def file, for Linux a linker script.
        """
        if self.target.system == "linux":
            console.run([*self._cc(), "-shared", "-s", *objects, definition, "-o", output, "-ldl", "-lpthread"])
            return
        entry = "DllMain"
        if self.target.bits == 32:
            entry = "_DllMain@12" if self._gcc else "DllMain@12"  # lld adds the underscore itself
        stamp = ["-Wl,--no-insert-timestamp"] if self._gcc else []
        stamp.append(f"-Wl,--out-implib,{self.target.work / output.stem}.a")
        console.run(
            [
                *self._cc(), "-shared", "-s", *objects, definition, "-nostdlib",
                f"-Wl,-e,{entry}", *stamp, "-lkernel32", "-o", output.name,
            ],
            cwd=output.parent,  # GNU ld works out the address of a DLL from the name of its output, folders included
        )  # fmt: skip

    def strip(self, source: Path, output: Path) -> None:
        """Copy a Linux library or program without what only a debugger needs, or whole where there is no strip."""
        strip = shutil.which("strip")
        if strip is None:
            shutil.copy(source, output)
        else:
            console.run([strip, "--strip-unneeded", "-o", output, source])

    def link_core(self, objects: list[Path], libraries: list[str | Path], output: Path, shown: tuple[str, ...]) -> None:
        """The core: links Python; winpthread, which cffi's embedding code uses, goes in statically.

        `shown` is what a Linux library exports. Where its libraries are is written into it later (private_symbols.py).
        """
        if self.target.system == "linux":
            names = self._listed(output, "{ global: " + "; ".join(shown) + "; local: *; };")
            words: list[str | Path] = [
                f"-Wl,--version-script={names}", f"-Wl,-soname,{output.name}", "-lpthread", "-ldl"
            ]  # fmt: skip
        elif self._gcc:
            # Without crtbegin.o, which would register with a libgcc_s_dw2-1.dll that the host has loaded.
            start = console.run([self._gcc, "-print-file-name=dllcrt2.o"]).strip()
            words = [
                "-nostartfiles",
                start,
                f"-Wl,--out-implib,{self.target.work / 'core.a'}",
                "-Wl,--no-insert-timestamp",
                # Wine maps sections that begin at pages of the file, and reads others into memory.
                "-Wl,--file-alignment,4096",
                "-static-libgcc",
                "-Wl,-Bstatic",
                "-lwinpthread",
                "-Wl,-Bdynamic",
            ]
        else:
            words = [f"-Wl,--out-implib,{self.target.work / 'core.a'}", "-lpthread"]
        # NB: by its name alone, as a front.
        console.run([*self._cc(), "-shared", "-s", *objects, *libraries, *words, "-o", output.name], cwd=output.parent)

    def link_program(self, words: list[Path], output: Path, shown: tuple[str, ...]) -> None:
        """A console program: with wmain for Windows; `shown` is what a library finds in it on Linux."""
        own: list[str] = []
        if self.target.system == "linux":
            own = [f"-Wl,--dynamic-list={self._listed(output, '{ ' + '; '.join(shown) + '; };')}"]
        elif self._gcc:
            own = ["-municode", "-static-libgcc", "-Wl,--no-insert-timestamp"]
        else:
            own = ["-municode"]
        console.run([*self._cc(), "-s", *words, *own, "-o", output])

    def _listed(self, output: Path, text: str) -> Path:
        """A file of names for the linker."""
        path = self.target.work / f"{output.name}.ld"
        path.write_text(text + "\n", "utf-8")
        return path

    def _cc(self) -> list[str | Path]:
        if self._gcc:
            return [self._gcc, *(["--coverage"] if self.target.coverage else [])]
        return [*self._zig, "cc", "-target", self.target.zig or "native"]
