"""The programs of a run, compiled and started: hosts, sockets, Pythons, the server; on Linux and under Wine.

`System` hides which of the two it is. Nothing here decides what is measured (bench/measure.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from buildlib import console, pythons, tools, vendors
from buildlib.layout import ROOT
from buildlib.windows_python import loose_library
from buildlib.wine import Wine
from tests.support import windows_pythons

SystemName = Literal["linux", "wine"]

_BENCH = ROOT / "bench"
_C_FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-cast-function-type")
_MINGW, _NEW = "i686-w64-mingw32-gcc", ("-D_WIN32_WINNT=0x0601",)
_POSIX = ("-D_GNU_SOURCE", "-pthread", "-ldl")
_STOCK_IMPORTS = "import json, ssl, socket, hashlib"
# Seconds; only what hangs takes them. 100,000 calls are one answer.
_ANSWER_LIMIT = 1800.0
_PROCESS_LIMIT = 300.0


class Program:
    """A program that answers each line of stdin by a line of numbers. Ended by `close`."""

    def __init__(self, title: str, words: Sequence[str | Path], env: dict[str, str]) -> None:
        self.title = title
        self._process = subprocess.Popen(
            [str(word) for word in words], env=env, text=True, encoding="utf-8", errors="replace",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, *commands: str) -> list[float]:
        """The numbers that the last of the commands is answered by. Failed, with its word, if the program ended."""
        numbers: list[float] = []
        for command in commands:
            numbers = self.tell(command).read()
        return numbers

    def tell(self, command: str) -> Program:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{command}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # `read` says what the program said
        return self

    def read(self) -> list[float]:
        assert self._process.stdout is not None
        watch = threading.Timer(_ANSWER_LIMIT, self._process.kill)
        watch.daemon = True
        watch.start()
        line = self._process.stdout.readline()
        watch.cancel()
        if not line:
            raise console.Failed(f"{self.title} ended: {self._process.communicate()[1][-2000:]}")
        return [float(word) for word in line.split()]

    def close(self) -> None:
        try:
            self._process.communicate(timeout=_PROCESS_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise


@dataclass
class System:
    """One of the two systems: how a program is started and a path is written there, and the programs themselves."""

    name: SystemName
    folder: Path
    env: dict[str, str]
    before: tuple[str, ...]
    path: Callable[[Path], str]
    host: Path
    bare: Path
    yardstick: Path
    library: str
    stock: Path
    """The program of the stock runtime."""
    embedded: str
    """Its library, and the folders that it imports from, as the host's command `python` has them."""
    interpreter: Path
    """The one that runs the clients in Python."""

    def start(self, title: str, program: Path, *words: str | Path) -> Program:
        """Start a program; paths among the words are written as the system wants them."""
        return Program(title, self.words(program, *words), self.env)

    def words(self, program: Path, *words: str | Path) -> list[str]:
        return [*self.before, *(self.path(word) if isinstance(word, Path) else word for word in (program, *words))]

    def seconds(self, program: Path, words: Sequence[str | Path], lines: str) -> tuple[float, list[str]]:
        """Seconds that a whole process takes which reads `lines`, and the lines that it prints."""
        started = time.perf_counter()
        done = subprocess.run(
            self.words(program, *words), env=self.env, input=lines, text=True, capture_output=True, check=False,
            encoding="utf-8", errors="replace", timeout=_PROCESS_LIMIT,
        )  # fmt: skip
        ended = time.perf_counter()
        if done.returncode != 0:
            raise console.Failed(f"{program.name} ends with {done.returncode}: {done.stderr[-2000:]}")
        return ended - started, done.stdout.splitlines()

    def stock_start(self) -> float:
        """Seconds of a whole process of the stock runtime with the four imports."""
        return self.seconds(self.stock, ["-I", "-S", "-c", _STOCK_IMPORTS], "")[0]

    def install(self, dist: Path, name: str, ini: str) -> Path:
        """A private copy of a product with these settings; the path of its library."""
        copy = self.folder / name
        shutil.copytree(
            dist, copy, copy_function=_link, ignore=shutil.ignore_patterns("vcshim_log", "vcshim.ini"),
        )  # fmt: skip
        (copy / "vcshim.ini").write_text(ini, "utf-8")
        return copy / self.library


def linux(folder: Path, _: ExitStack) -> System:
    """Programs of this machine; the stock runtime is the interpreter that builds."""
    tools.require("gcc", "python3.11")
    stock = pythons.find("3.11")
    assert stock is not None
    library = stock.library.parent / "python3.11"
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return System(
        "linux",
        folder,
        {**env, "XDG_STATE_HOME": str(folder / "state")},
        (),
        str,
        _compiled("gcc", folder / "host", _BENCH / "host.c", *_POSIX),
        bare_socket(folder, "linux"),
        vendors.yardstick(_BENCH / "yardstick.c", folder / "yardstick.so", "linux"),
        "libVirtualCardChk.so",
        stock.program,
        f"{stock.library} {library}:{library / 'lib-dynload'}",
        Path(sys.executable),
    )


def wine(folder: Path, ending: ExitStack) -> System:
    """32-bit programs under Wine; the stock runtime is loose files, its DLLs those that the product is made of."""
    tools.require("mingw", "wine")
    prefix = ending.enter_context(Wine(folder / "wine"))
    stock = windows_pythons.stock_python(folder / "python")
    library = f"{Wine.windows_path(loose_library('3.11'))};{Wine.windows_path(stock.parent)}"
    return System(
        "wine",
        folder,
        prefix.env,
        ("wine",),
        Wine.windows_path,
        _compiled(_MINGW, folder / "host.exe", _BENCH / "host.c", *_NEW),
        bare_socket(folder, "wine"),
        vendors.yardstick(_BENCH / "yardstick.c", folder / "yardstick.dll", "win32"),
        "VirtualCardChk.dll",
        stock,
        f"{Wine.windows_path(stock.parent / 'python311.dll')} {library}",
        stock,
    )


SYSTEMS: dict[SystemName, Callable[[Path, ExitStack], System]] = {"linux": linux, "wine": wine}


class Server:
    """The platform, and what it counted."""

    def __init__(self, table: Path, folder: Path, ending: ExitStack) -> None:
        program = _compiled("gcc", folder / "server", _BENCH / "server.c", "-D_GNU_SOURCE", "-pthread")
        self._process = subprocess.Popen([program, table], stdout=subprocess.PIPE, text=True)
        ending.callback(self._end)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def counts(self) -> dict[str, tuple[int, int]]:
        """For each case: the requests, and those whose body was another one than the first."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/counts", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return {name: (int(requests), int(others)) for name, requests, others in map(str.split, lines)}

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()


def bare_socket(folder: Path, system: SystemName) -> Path:
    """The client that only posts, over a socket."""
    if system == "linux":
        return _compiled("gcc", folder / "bare", _BENCH / "host.c", "-DBARE_SOCKET", *_POSIX)
    return _compiled(_MINGW, folder / "bare.exe", _BENCH / "host.c", "-DBARE_SOCKET", *_NEW, "-lws2_32")


def _compiled(compiler: str, output: Path, source: Path, *words: str) -> Path:
    console.run([compiler, *_C_FLAGS, "-o", output, source, *words], timeout=300)
    return output


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another file system
        shutil.copy2(source, target)
