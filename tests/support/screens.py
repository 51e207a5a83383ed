"""Desks with the helper of the extension screen, on Linux and under Wine: programs that run there, and what is seen.

A `Place` is an X server with two monitors and a way to run programs of one system on it. Used by tests/product/screen.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

from buildlib.wine import Wine
from tests.support.clients import Rig
from tests.support.desk import Desk, wait_until
from tests.support.paths import NATIVE, ROOT
from tests.support.product import install, python_runtime

System = Literal["linux", "win32"]
LIMIT = 120.0  # seconds after which a test has failed
EXT_SIZE = (1024, 600)
_BLOCKS = [bytes((first + 7 * i) & 0xFF for i in range(256)) for first in range(256)]  # of `pattern`
_HELPER_WORDS = (b"screen-helper", b"shim.devices.screen.helper.main")


class LineProcess:
    """A program that answers every line on stdin by one on stdout. No method waits longer than LIMIT."""

    def __init__(self, command: Sequence[str], env: dict[str, str]) -> None:
        # NB: pipes and the null device only: with a file as a standard handle, Python under Wine does not start.
        self.process = subprocess.Popen(
            list(command), env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, line: str) -> str:
        """Send one line; the answer."""
        self.send(f"{line}\n".encode())
        return self.line()

    def send(self, data: bytes) -> None:
        """Write to its stdin."""
        assert self.process.stdin is not None
        rest = memoryview(data)
        while rest:
            rest = rest[self.process.stdin.write(rest) or 0 :]

    def line(self) -> str:
        """The next line of its stdout."""
        line = self._lines.get(timeout=LIMIT)
        assert line is not None, f"the program ended: {self.process.wait(LIMIT)}"
        return line

    @property
    def quiet(self) -> bool:
        """True if there is no line that was not read."""
        return self._lines.empty()

    def close_stdin(self) -> int:
        """Close its stdin and wait for its end; the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(LIMIT)

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait(LIMIT)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            for line in self.process.stdout:
                self._lines.put(line.decode("utf-8").strip())
        except (OSError, ValueError):
            pass  # killed, and its pipe closed
        self._lines.put(None)


@dataclass
class WindowState:
    """What screener.py reports: the monitor's size, the epoch, and whether its frame is in the pipe."""

    size: tuple[int, int]
    epoch: int
    painted: bool


class Screener(LineProcess):
    """tests/native/screener.py: a ScreenWindow in a process of its own."""

    def state(self) -> WindowState:
        width, height, epoch, painted = map(int, self.ask("state").split())
        return WindowState((width, height), epoch, bool(painted))

    def log(self) -> str:
        """What was logged since the last call."""
        return self.ask("log")


def helper_processes(display: str) -> list[int]:
    """The helper processes on an X server, by their Unix process IDs."""
    variable = f"DISPLAY={display}".encode()
    processes = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            words = (folder / "cmdline").read_bytes()
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it has just ended
        # The command of screener.py ends with that of the helper.
        if variable in variables and b"screener.py" not in words and any(word in words for word in _HELPER_WORDS):
            processes.append(int(folder.name))
    return processes


class Place:
    """A desk with the programs of Linux. Tests share one, and each ends with `tidy`."""

    system: System = "linux"
    wine: Wine | None = None
    primary_name, extension_name = "MAIN", "EXT"

    def __init__(self) -> None:
        self.desk = Desk()
        self.empty = self.desk.picture()
        """The desk without any window."""
        self._programs: list[LineProcess] = []

    # What is different under Wine:
    def path(self, path: Path) -> str:
        """`path` as programs of this system see it."""
        return str(path)

    def python(self, program: Path) -> list[str]:
        """The command of a Python program."""
        return [sys.executable, str(program)]

    def launcher(self, setting: str) -> list[str]:
        """The helper's command, as ScreenWindow gets it; `setting` is that of [screen] monitor."""
        return [sys.executable, "-m", "shim.devices.screen.helper.main", setting]

    def command(self, words: Sequence[str]) -> list[str]:
        """How this machine starts a command of that system."""
        return list(words)

    @property
    def env(self) -> dict[str, str]:
        """The environment of programs here."""
        return {**os.environ, **self.desk.env, "PYTHONPATH": str(ROOT)}

    def unplug(self) -> None:
        """The extension monitor disappears; what was on it stays on the desk, for X knows no better."""
        self.desk.unplug()

    def plug(self) -> None:
        """The extension monitor is back."""
        self.desk.plug()

    # The same on both systems:
    def screener(self, setting: str = "", silent: float = 2.0) -> Screener:
        """A ScreenWindow in a process of its own; its helper may be silent for `silent` seconds."""
        words = [*self.python(NATIVE / "screener.py"), str(silent), *self.launcher(setting)]
        screener = Screener(self.command(words), self.env)
        self._programs.append(screener)
        return screener

    def helper(self, setting: str = "", **env: str) -> LineProcess:
        """The helper alone."""
        helper = LineProcess(self.command(self.launcher(setting)), {**self.env, **env})
        self._programs.append(helper)
        return helper

    def clerk(self) -> LineProcess:
        """tests/native/clerk.py, with the focus in its EDIT. Windows."""
        clerk = LineProcess(self.command(self.python(NATIVE / "clerk.py")), self.env)
        self._programs.append(clerk)
        return clerk

    def helpers(self) -> list[int]:
        """The helper processes on this desk."""
        return helper_processes(self.desk.display)

    def the_helper(self) -> int:
        """The only helper process, as soon as there is one."""
        wait_until(lambda: len(self.helpers()) == 1, LIMIT)
        return self.helpers()[0]

    def tidy(self) -> None:
        """End the programs of a test; afterwards both monitors are there, no helper runs, and the desk is empty."""
        for program in self._programs:
            program.kill()
        self._programs = []
        if not self.desk.plugged:
            self.plug()
        for process in self.helpers():
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not self.helpers() and self.desk.picture() == self.empty, LIMIT)

    def close(self) -> None:
        self.tidy()
        if self.wine is not None:
            self.wine.close()
        self.desk.close()


class WinePlace(Place):
    """A desk with the product as it ships, in the 32-bit runtime under Wine."""

    system: System = "win32"
    primary_name, extension_name = r"\\.\DISPLAY1", r"\\.\DISPLAY2"

    def __init__(self, folder: Path, rig: Rig) -> None:
        super().__init__()
        product = install("win32-ctypes", folder / "his")
        self._vcshim = product.runtime / "vcshim.exe"
        self._python = python_runtime(product) / "python.exe"
        self.wine = self._wine = Wine(folder / "prefix", display=self.desk.display)

    def path(self, path: Path) -> str:
        return Wine.windows_path(path)

    def python(self, program: Path) -> list[str]:
        return [Wine.windows_path(self._python), Wine.windows_path(program)]

    def launcher(self, setting: str) -> list[str]:
        return [Wine.windows_path(self._vcshim), "screen-helper", setting]

    def command(self, words: Sequence[str]) -> list[str]:
        return ["wine", *words]

    @property
    def env(self) -> dict[str, str]:
        return dict(self._wine.env)

    def unplug(self) -> None:
        """NB: programs that run already are not told, and the next one sees one monitor less."""
        super().unplug()
        self._forget_monitors()

    def plug(self) -> None:
        super().plug()
        self._forget_monitors()

    def _forget_monitors(self) -> None:
        """NB: Wine asks the server for its monitors once; without this key the next program asks again."""
        self._wine.run(["reg.exe", "delete", r"HKLM\HARDWARE\DEVICEMAP\VIDEO", "/f"])


def pattern(width: int, height: int, seed: int) -> bytes:
    """Pixels that all differ from their neighbours, four bytes each, as `paint` takes them."""
    size = width * height * 4
    blocks = (_BLOCKS[(seed + 13 * number + 29 * (number >> 6)) & 0xFF] for number in range(size // 256 + 1))
    return b"".join(blocks)[:size]


def seen(width: int, height: int, bgrx: bytes) -> Image.Image:
    """The same pixels as a picture."""
    return Image.frombytes("RGB", (width, height), bgrx, "raw", "BGRX")
