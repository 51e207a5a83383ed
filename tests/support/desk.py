"""A desk with two monitors: an X server without hardware, for programs that show windows. Not those programs.

A Wine prefix shows on it with ``Wine(folder, display=desk.display)``. Pictures are of the whole desk, as RGB.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from PIL import Image, ImageGrab

from buildlib import console

Box = tuple[int, int, int, int]

_START_SECONDS = 60.0
_CLIENT_SECONDS = 60.0
_COLOUR = "#336699"  # of the desk itself: a black window must be seen
_DOTS_PER_MM = 3.77  # 96 dpi


class Desk:
    """MAIN, 1280x1024, is the primary monitor; EXT, 1024x600, is on its right.

    Args:
        monitors: 1 leaves EXT unplugged.

    Raises:
        console.Failed: there is no X server, or it ended at once.
    """

    main: Box = (0, 0, 1280, 1024)
    ext: Box = (1280, 0, 2304, 600)

    def __init__(self, monitors: int = 2) -> None:
        answer_end, server_end = os.pipe()  # the server chooses a free display number and writes it there
        # NB: -noreset, or the server forgets its monitors when the xrandr that made them leaves.
        words = ["Xvfb", "-displayfd", str(server_end), "-noreset", "-screen", "0", "2304x1024x24", "-nolisten", "tcp"]
        with open(answer_end, encoding="ascii") as answer:
            try:
                self._server = subprocess.Popen(
                    words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    pass_fds=(server_end,), start_new_session=True,
                )  # fmt: skip
            finally:
                os.close(server_end)
            number = answer.readline().strip()  # "" where the server ended at once
        if not number:
            raise console.Failed(f"no X server: exit code {self._server.wait(_START_SECONDS)}")
        self.display = f":{number}"
        self.plugged = False  # EXT
        self.set_monitor("*MAIN", self.main, output="screen")
        if monitors > 1:
            self.plug()
        self._run("xsetroot", "-solid", _COLOUR)

    @property
    def env(self) -> dict[str, str]:
        """What a program needs in its environment to show its windows here."""
        return {"DISPLAY": self.display}

    def picture(self, box: Box | None = None) -> Image.Image:
        """A picture of the whole desk, or of one box of it."""
        picture = ImageGrab.grab(xdisplay=self.display).convert("RGB")
        return picture if box is None else picture.crop(box)

    def plug(self) -> None:
        """Plug EXT in."""
        self.set_monitor("EXT", self.ext)
        self.plugged = True

    def unplug(self) -> None:
        """Unplug EXT; what was on it stays where it was, because X moves no windows."""
        self._run("xrandr", "--delmonitor", "EXT")
        self.plugged = False

    def set_monitor(self, name: str, box: Box, output: str = "none") -> None:
        """Add a monitor. A * before its name makes it the primary one; one of them has the only `output`, "screen"."""
        x, y, right, bottom = box
        width, height = right - x, bottom - y
        sides = (f"{side}/{round(side / _DOTS_PER_MM)}" for side in (width, height))
        self._run("xrandr", "--setmonitor", name, f"{'x'.join(sides)}+{x}+{y}", output)

    def close(self) -> None:
        """End the server, and with it every window on it."""
        self._server.terminate()
        try:
            self._server.wait(_START_SECONDS)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, *words: str) -> None:
        console.run(words, env={**os.environ, **self.env}, timeout=_CLIENT_SECONDS)


def wait_until(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Call `true` every 20 ms until it is; the limit only ends a test that has failed."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not true after {seconds} s"
        time.sleep(0.02)
