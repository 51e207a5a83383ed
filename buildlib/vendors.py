"""Builds the made-up vendors of tests/native/vendors: a library of objects once, and a DLL for each row. When asked.

As buildlib/clients.py, whose programs they are called from: any number of processes may ask, one builds. Used by
tests/support/vendors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from buildlib import console, locks, tools
from buildlib.clients import C_FLAGS, COMPILE_LIMIT, FOLDER, NATIVE, WIN32

SOURCES = NATIVE / "vendors"
_COMMON = ("memory.c", "json.c", "crypto.c", "http_sockets.c", "vendor.c", "nation.c", "manners.c")


@dataclass(frozen=True)
class _Target:
    """One system: its tool set and compiler, what it adds to the library, and what a DLL is linked with."""

    tools: str
    compiler: str
    suffix: str
    words: tuple[str, ...]
    sources: tuple[str, ...]
    link: tuple[str, ...]


# As Delphi and PowerBuilder enter a DLL: the stack is aligned to 4 bytes. --kill-at exports undecorated names.
_WIN32 = _Target(
    "mingw", WIN32, ".dll", ("-mincoming-stack-boundary=2", "-D_WIN32_WINNT=0x0601"),
    (*_COMMON, "vendor_windows.c", "http_wininet.c", "http_winhttp.c"),
    ("-Wl,--kill-at", "-static-libgcc", "-lws2_32", "-lwininet", "-lwinhttp", "-lole32", "-ladvapi32"),
)  # fmt: skip
_LINUX = _Target(
    "gcc", "gcc", ".so", ("-D_GNU_SOURCE", "-fPIC", "-fvisibility=hidden"),
    (*_COMMON, "vendor_posix.c"), ("-pthread",),
)  # fmt: skip
_CLIENTS = ("-lwininet", "-lwinhttp")
TARGETS = {"win32": _WIN32, "linux": _LINUX}


def names() -> tuple[str, ...]:
    """The rows there are."""
    return tuple(sorted(path.stem for path in (SOURCES / "rows").glob("*.c")))


def library(name: str, system: str) -> Path:
    """The DLL of a row for "win32" or "linux", built unless it is there for the present sources.

    Raises tools.Missing without the compiler, Failed when it does not compile.
    """
    target = TARGETS[system]
    row = SOURCES / "rows" / f"{name}.c"
    words: list[str | Path] = [target.compiler, *C_FLAGS, *target.words, "-shared"]
    output = FOLDER / "vendors" / system / f"{name}{target.suffix}"
    return _built(target, output, [row], lambda: [*words, "-o", output, row, _objects(target, system), *target.link])


def yardstick(row: Path, output: Path, system: str) -> Path:
    """A DLL of a row that is not one of the vendors, linked with no more of Windows than it uses. For bench/."""
    target = TARGETS[system]
    tools.require(target.tools)
    words = [
        "-shared",
        "-ffunction-sections",
        "-Wl,--gc-sections",
        *(word for word in target.link if word not in _CLIENTS),
    ]
    sources = [SOURCES / name for name in target.sources if not name.startswith("http_win")]
    console.run([target.compiler, *C_FLAGS, *target.words, "-o", output, row, *sources, *words], timeout=COMPILE_LIMIT)
    return output


def _objects(target: _Target, system: str) -> Path:
    """What all DLLs of a system share, as one object file."""
    output = FOLDER / "vendors" / system / "library.o"
    words: list[str | Path] = [target.compiler, *C_FLAGS, *target.words, "-r", "-nostdlib", "-o", output]
    return _built(target, output, [], lambda: [*words, *target.sources])


def _built(target: _Target, output: Path, rows: list[Path], command: Callable[[], list[str | Path]]) -> Path:
    mark = output.with_name(f".{output.name}.built")
    state = _state(target, rows)
    with locks.only_one(output.with_name(f".{output.name}.lock")):
        if not (output.exists() and mark.exists() and mark.read_text() == state):
            mark.unlink(missing_ok=True)
            tools.require(target.tools)
            console.run(command(), cwd=SOURCES, timeout=COMPILE_LIMIT)
            mark.write_text(state)
    return output


def _state(target: _Target, rows: list[Path]) -> str:
    """Changes with the sources and the compiler's words."""
    digest = hashlib.sha256(repr(target).encode())
    for source in (*sorted(SOURCES.glob("*.[ch]")), *rows):
        digest.update(source.read_bytes())
    return digest.hexdigest()
