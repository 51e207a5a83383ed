"""vcshim-toolbox.exe under Wine: one of its commands, its simulator or its bridge as a server that runs for a while.

For its own tests, and for the page tests of the simulator, which `--toolbox` sends to the program.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from buildlib import toolbox
from buildlib.layout import WIN32, WIN64
from buildlib.wine import Wine
from tests.support.needs import NotBuilt

TARGETS = {"win32": WIN32, "win64": WIN64}


@dataclass(frozen=True)
class ToolboxSimulator:
    """The addresses that the program has printed, by the names that a Simulator in process has them."""

    gateway: str
    qr_query: str

    @property
    def url(self) -> str:
        return "/".join(self.gateway.split("/")[:3])


def program(name: str) -> Path:
    """The program for win32 or win64. NotBuilt without it."""
    path = toolbox.folder(TARGETS[name]) / f"{toolbox.PROGRAM}.exe"
    if not path.exists():
        raise NotBuilt(f"toolbox-{name}")
    return path


@contextmanager
def simulator(wine: Wine, path: Path, *words: str) -> Iterator[ToolboxSimulator]:
    """The simulator of the program, on a free port, for the block."""
    process = subprocess.Popen(
        ["wine", str(path), "--lang", "en", "simulator", "--port", "0", *words],
        env=wine.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    try:
        lines = [process.stdout.readline() for _ in range(4)]
        if not lines[-1]:
            raise AssertionError(f"the simulator did not start: {process.stderr.read()[-2000:]}")
        yield ToolboxSimulator(*(line.split()[-1] for line in lines[:2]))
    finally:
        _end(wine, process, path)


@contextmanager
def bridge(wine: Wine, path: Path, folder: Path, *words: str) -> Iterator[int]:
    """The local web service of the program for the DLLs in `folder`, on a free port: its port. The block stops it."""
    his = ("--folder", Wine.windows_path(folder), "--port", "0")
    process = subprocess.Popen(
        ["wine", str(path), "--lang", "en", "bridge", *his, *words],
        env=wine.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    try:
        line = process.stdout.readline()
        if not line.startswith("serving "):
            raise AssertionError(f"the service did not start: {line}{process.stderr.read()[-2000:]}")
        yield int(line.partition("127.0.0.1:")[2].partition(",")[0])
        process.communicate(timeout=60)
    finally:
        if process.returncode is None:
            _end(wine, process, path)


def _end(wine: Wine, process: subprocess.Popen[str], path: Path) -> None:
    """End the program and the process in which PyInstaller's loader runs it; every other one in the prefix as well."""
    wine.run(["taskkill.exe", "/f", "/im", path.name])
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
