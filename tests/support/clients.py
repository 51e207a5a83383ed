"""Runs the native test clients: a script in, its replies out, on any kind of host.

Knows nothing of the product but the rows of its exports; the files of a client are described in tests/native/README.md.
Any test may use it, with the `rig` fixture of conftest.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from buildlib import clients as build
from buildlib.wine import Wine, run_bounded
from shim.spec import ALIASES, EXPORTS, Export, Shape
from tests.support import lost_ends

Kind = Literal["linux-c", "linux-ctypes", "win32-c", "win32-gui", "win32-delphi", "win32-ctypes", "win64-c"]

PROGRAMS: dict[Kind, str] = {
    "linux-c": "client-linux",
    "win32-c": "client-console.exe",
    "win32-gui": "client-gui.exe",
    "win32-delphi": "client-delphi.exe",
    "win64-c": "client-win64.exe",
}

# How the client's standard handles are made.
#   capture    stdin is the null device, stdout and stderr are pipes
#   unix-file  disk files opened outside Wine: the ones on which an unguarded Python ends its process
#   closed     Linux: all three closed
#   the rest   Windows: the modes of launch.c; for the rest of handles there are `closestd` and `setstd`
Streams = Literal["capture", "unix-file", "closed", "null", "file", "pipe", "nul", "inherit"]
LAUNCH_MODES = ("null", "file", "pipe", "nul", "inherit")

CHECKS = ("guards", "cw", "mxcsr", "x87", "esp", "regs", "df", "cwd", "error")


class ClientFailed(AssertionError):
    """The client did not get through its script, or ended with another exit code than expected."""


@dataclass(frozen=True)
class Reply:
    """One result line."""

    id: str
    ret: str  # decimal, or hex of the returned string, "-", "null"
    out: bytes | None  # up to the first NUL
    nul: int | None  # index of that NUL
    guards: str
    cw: str
    mxcsr: str
    x87: str
    esp: str
    regs: str
    df: str
    cwd: str
    us: int  # microseconds
    error: str = "n/a"  # the thread's error number
    memory: str = "n/a"  # of the returned string: "heap" where CoTaskMemFree may free it, else "other"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Take a result line apart; every field has to be there."""
        name, *words = line.split(" ")
        values = dict(word.split("=", 1) for word in words)
        out, nul = values.pop("out"), values.pop("nul")
        return cls(
            id=name,
            ret=values.pop("ret"),
            out=None if out == "null" else _bytes(out),
            nul=None if nul == "none" else int(nul),
            us=int(values.pop("us")),
            **values,
        )

    @property
    def number(self) -> int:
        """What an int function returned."""
        return int(self.ret)

    @property
    def returned(self) -> bytes | None:
        """The string a char* function returned, None for NULL."""
        return None if self.ret == "null" else _bytes(self.ret)

    @property
    def broken(self) -> dict[str, str]:
        """The checks that failed, with what the client says about each."""
        states = {name: str(getattr(self, name)) for name in CHECKS}
        return {name: state for name, state in states.items() if state not in ("ok", "n/a")}


class Rig:
    """The native programs and the Wine prefixes, each made when first needed: Linux clients need no Wine."""

    def __init__(self, build_folder: Path) -> None:
        self.folder = build_folder.absolute()
        self._prefixes: list[Wine] = []

    def program(self, name: str) -> Path:
        """One of the programs of buildlib/clients.py; all workers of a parallel run share it."""
        return build.program(name)

    @cached_property
    def wine32(self) -> Wine:
        return self._prefix("win32")

    @cached_property
    def wine64(self) -> Wine:
        return self._prefix("win64")

    def wine(self, kind: Kind) -> Wine:
        """The prefix this kind of client runs in."""
        return self.wine64 if kind.startswith("win64") else self.wine32

    def close(self) -> None:
        """End the Wine servers and remove their prefixes, which take two gigabytes."""
        for wine in self._prefixes:
            wine.close()
            shutil.rmtree(wine.prefix, ignore_errors=True)

    def _prefix(self, arch: Literal["win32", "win64"]) -> Wine:
        wine = Wine(self.folder / f"wine-{arch}", arch)
        self._prefixes.append(wine)
        return wine


def run_client(
    kind: Kind,
    script_lines: Sequence[str],
    *,
    rig: Rig,
    runtime: Path | None = None,
    streams: Streams = "capture",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
    exit_code: int = 0,
    program: Path | None = None,
    quiet: bool = False,
) -> list[Reply]:
    """Run one client through a script and return its replies in the order of the result file.

    `runtime` is the folder with python.exe for "win32-ctypes"; `program` a copy of the client to run instead, say in
    another folder; `quiet` means that nothing may be printed. Raises ClientFailed for a script that was not carried out
    to its end and for an exit code other than `exit_code` (of which Wine tells the low 8 bits),
    subprocess.TimeoutExpired past `timeout` seconds.
    """
    lines = run_script(
        kind, script_lines, rig=rig, runtime=runtime, streams=streams, cwd=cwd, env=env, timeout=timeout,
        exit_code=exit_code, program=program, quiet=quiet,
    )  # fmt: skip
    return [Reply.parse(line) for line in lines]


def run_script(
    kind: Kind,
    script_lines: Sequence[str],
    *,
    rig: Rig,
    runtime: Path | None = None,
    streams: Streams = "capture",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
    exit_code: int = 0,
    program: Path | None = None,
    quiet: bool = False,
    python_client: Path = build.NATIVE / "client_ctypes.py",
) -> list[str]:
    """As `run_client`, for a program that writes other lines than replies: the result file without its last line.

    `python_client` is what a Python interpreter runs.
    """
    with tempfile.TemporaryDirectory(prefix="client-") as name:
        folder = Path(name)
        script, result, exports = (folder / name for name in ("script.txt", "result.txt", "exports.txt"))
        script.write_text("".join(f"{line}\n" for line in script_lines), encoding="ascii")
        exports.write_text("".join(f"{line}\n" for line in export_lines()), encoding="ascii")
        command = _command(kind, rig, runtime, program, python_client)
        words = [*command, *(path_of(kind, path) for path in (script, result, exports))]
        disk_files = folder if streams == "unix-file" else None
        if kind.startswith("win"):
            words = _launched(kind, rig, streams, words)
            done = rig.wine(kind).run(words, cwd=cwd, env=env, timeout=timeout, disk_files=disk_files)
        else:
            if streams == "closed":
                words = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words]
            full = {**os.environ, **(env or {})}
            done = run_bounded(words, cwd=cwd, env=full, timeout=timeout, disk_files=disk_files)
        text = result.read_text(encoding="utf-8", errors="replace") if result.exists() else ""
    lines = text.splitlines()
    ended = done.returncode == exit_code or (lines and lost_ends.is_excused(kind, done.returncode, lines[-1]))
    if not ended or not lines or lines[-1] not in ("done", "exiting"):
        raise ClientFailed(_explain(kind, done, lines))
    if quiet and (done.stdout or done.stderr):
        raise ClientFailed(_explain(kind, done, lines))
    return lines[:-1]


def export_lines() -> list[str]:
    """The exports file: every export and every alias, with its library, what it returns, and a letter a parameter."""
    names = [(row.name, row) for row in EXPORTS]
    names += [(alias.name, row) for alias in ALIASES for row in EXPORTS if row.name == alias.export]
    return [_export_line(name, row) for name, row in names]


def _export_line(name: str, row: Export) -> str:
    letters = ["b" if each is row.output else "t" if each.is_text else "i" for each in row.parameters]
    return f"{name} {row.family.value} {'text' if row.shape is Shape.TRANS else 'number'} {''.join(letters)}"


def path_of(kind: Kind, path: Path) -> str:
    """A path as this kind of client sees it."""
    return Wine.windows_path(path) if kind.startswith("win") else str(path.absolute())


def hexed(value: bytes | str | None) -> str:
    """A value as a word of the script; text is UTF-8, None is a NULL pointer."""
    if value is None:
        return "null"
    return (value.encode() if isinstance(value, str) else value).hex() or "-"


def load_line(kind: Kind, library: Literal["VC", "EC"], path: Path) -> str:
    """The script line that loads a library."""
    return f"load {library} {hexed(path_of(kind, path))}"


def chdir_line(kind: Kind, path: Path) -> str:
    """The script line that changes the working directory."""
    return f"chdir {hexed(path_of(kind, path))}"


def trans_line(
    name: str,
    in_data: bytes | str | None,
    *,
    url: bytes | str | None = b"",
    export: str = "VirtualCardTrans",
    capacity: int | str = 2048,
) -> str:
    """The script line for one of the Trans functions; a text starting with @ is passed as the script's own word."""
    inputs = (value if isinstance(value, str) and value.startswith("@") else hexed(value) for value in (url, in_data))
    return " ".join(["call", name, export, *inputs, str(capacity)])


def _command(kind: Kind, rig: Rig, runtime: Path | None, program: Path | None, python_client: Path) -> list[str]:
    match kind:
        case "linux-ctypes":
            return [str(program or sys.executable), str(python_client)]
        case "win32-ctypes":
            if runtime is None or not (runtime / "python.exe").exists():
                raise ClientFailed(f"win32-ctypes needs a runtime folder with python.exe, not {runtime}")
            return [Wine.windows_path(runtime / "python.exe"), Wine.windows_path(python_client)]
        case _:
            return [path_of(kind, program or rig.program(PROGRAMS[kind]))]


def _launched(kind: Kind, rig: Rig, streams: Streams, words: list[str]) -> list[str]:
    if streams in ("capture", "unix-file"):
        return words
    if streams not in LAUNCH_MODES:
        raise ClientFailed(f"streams {streams!r} are not for {kind}")
    return [Wine.windows_path(rig.program("launch.exe")), streams, *words]


def _bytes(word: str) -> bytes:
    return b"" if word == "-" else bytes.fromhex(word)


def _explain(kind: Kind, done: subprocess.CompletedProcess[str], lines: Sequence[str]) -> str:
    tail = "\n".join(line[:400] for line in lines[-5:])
    return f"{kind}: exit code {done.returncode}, result ends in\n{tail}\nstdout: {done.stdout}\nstderr: {done.stderr}"
