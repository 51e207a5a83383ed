"""The extension screen's helper driven for real, on Linux and under Wine, for test_screen_window*.py.

A `Place` is a desk and a way to run programs on it; a `Talk` is one such program that answers lines; pixels are taken
from the desk.
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

from PIL import Image

from buildlib.wine import Wine
from tests.support.clients import Rig
from tests.support.desk import Desk, wait_until
from tests.support.paths import ROOT
from tests.support.product import install, python_runtime

NATIVE = ROOT / "tests" / "native"
LIMIT = 120.0  # seconds after which a test has failed
EXT_SIZE = (1024, 600)


class Talk:
    """A program that answers every line by one line; it never waits longer than LIMIT for an answer."""

    def __init__(self, command: Sequence[str], env: dict[str, str]) -> None:
        # NB: pipes and the null device only: with a file as a standard handle, Python under Wine does not start.
        self.process = subprocess.Popen(
            list(command), env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def ask(self, line: str) -> str:
        """The answer to one line."""
        self.send(f"{line}\n".encode())
        return self.line()

    def send(self, data: bytes) -> None:
        assert self.process.stdin is not None
        rest = memoryview(data)
        while rest:
            rest = rest[self.process.stdin.write(rest) or 0 :]

    def line(self) -> str:
        """The next line."""
        line = self._lines.get(timeout=LIMIT)
        assert line is not None, f"the program ended: {self.process.wait(LIMIT)}"
        return line

    @property
    def quiet(self) -> bool:
        """Whether it has said nothing that was not read."""
        return self._lines.empty()

    def hang_up(self) -> int:
        """Its stdin ends; its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(LIMIT)

    def kill(self) -> None:
        """As a host dies that crashes."""
        self.process.kill()
        self.process.wait(LIMIT)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        try:
            for line in self.process.stdout:
                self._lines.put(line.decode("utf-8").strip())
        except (OSError, ValueError):
            pass  # killed: its pipe was closed under our feet
        self._lines.put(None)


@dataclass
class State:
    """What the painter knows: the monitor's size, the epoch, and whether its frame is in the pipe."""

    size: tuple[int, int]
    epoch: int
    painted: bool


class Painter(Talk):
    """tests/native/screener.py."""

    def state(self) -> State:
        width, height, epoch, painted = map(int, self.ask("state").split())
        return State((width, height), epoch, bool(painted))

    def log(self) -> str:
        """What was logged since the last time."""
        return self.ask("log")


class Place:
    """A desk with the programs of one system. `monitors` as Desk has it."""

    def __init__(self, monitors: int = 2) -> None:
        self.desk = Desk(monitors)
        self._plugged = monitors
        self._running: list[Talk] = []

    # What the systems differ in:
    wine: Wine | None = None
    name = "linux"

    def path(self, path: Path) -> str:
        """As programs of this system see it."""
        return str(path)

    def python(self, program: Path) -> list[str]:
        """A Python program's command."""
        return [sys.executable, str(program)]

    def launcher(self, wish: str) -> list[str]:
        """The helper's command, as ScreenWindow gets it."""
        return [sys.executable, "-m", "shim.devices.screen.helper.main", wish]

    def command(self, words: Sequence[str]) -> list[str]:
        """How this machine starts a command of that system."""
        return list(words)

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, **self.desk.env, "PYTHONPATH": str(ROOT)}

    # The same on both:
    def painter(self, wish: str = "", silent: float = 2.0) -> Painter:
        """A ScreenWindow in a process of its own."""
        words = [*self.python(NATIVE / "screener.py"), str(silent), *self.launcher(wish)]
        painter = Painter(self.command(words), self.env)
        self._running.append(painter)
        return painter

    def helper(self, wish: str = "", **env: str) -> Talk:
        """The helper alone."""
        helper = Talk(self.command(self.launcher(wish)), {**self.env, **env})
        self._running.append(helper)
        return helper

    def clerk(self) -> Talk:
        """tests/native/clerk.py, with the focus in its EDIT. Windows."""
        clerk = Talk(self.command(self.python(NATIVE / "clerk.py")), self.env)
        self._running.append(clerk)
        return clerk

    def helpers(self) -> list[int]:
        """The helper processes on this desk, by their Unix process IDs."""
        mark = f"DISPLAY={self.desk.display}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdecimal():
                continue
            try:
                words = (folder / "cmdline").read_bytes()
                variables = (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue  # it has just ended
            named = b"screen-helper" in words or b"screen.helper" in words
            if named and b"screener" not in words and mark in variables:
                found.append(int(folder.name))
        return found

    def the_helper(self) -> int:
        """The only one."""
        wait_until(lambda: len(self.helpers()) == 1, LIMIT)
        return self.helpers()[0]

    def tidy(self) -> None:
        """End what a test left behind; both monitors are there again."""
        for talk in self._running:
            talk.kill()
        self._running = []
        if self._plugged > 1 and not self.desk.plugged:
            self.desk.plug()
        for process in self.helpers():
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not self.helpers(), LIMIT)

    def close(self) -> None:
        self.tidy()
        if self.wine is not None:
            self.wine.close()
        self.desk.close()


class WinePlace(Place):
    """The product as it ships, in the 32-bit runtime under Wine."""

    name = "wine"

    def __init__(self, folder: Path, rig: Rig, monitors: int = 2) -> None:
        super().__init__(monitors)
        product = install("win32-ctypes", folder / "his")
        self._vcshim = product.runtime / "vcshim.exe"
        self._python = python_runtime(product, rig) / "python.exe"
        self.wine = Wine(folder / "prefix", display=self.desk.display)

    def path(self, path: Path) -> str:
        return Wine.windows_path(path)

    def python(self, program: Path) -> list[str]:
        return [Wine.windows_path(self._python), Wine.windows_path(program)]

    def launcher(self, wish: str) -> list[str]:
        return [Wine.windows_path(self._vcshim), "screen-helper", wish]

    def command(self, words: Sequence[str]) -> list[str]:
        return ["wine", *words]

    @property
    def env(self) -> dict[str, str]:
        assert self.wine is not None
        return dict(self.wine.env)

    def forget_monitors(self) -> None:
        """Wine looks at the server's monitors once; the next program looks again."""
        assert self.wine is not None
        self.wine.run(["reg.exe", "delete", r"HKLM\HARDWARE\DEVICEMAP\VIDEO", "/f"])


def pattern(width: int, height: int, seed: int) -> bytes:
    """Dots that all differ from their neighbours, four bytes each, as `paint` takes them."""
    return bytes((seed + 7 * i + (i >> 8) * 13 + (i >> 14) * 29) & 0xFF for i in range(width * height * 4))


def seen(width: int, height: int, bgrx: bytes) -> Image.Image:
    """The same dots as a picture, by Pillow."""
    return Image.frombytes("RGB", (width, height), bgrx, "raw", "BGRX")
