"""One process of the extension screen's helper, from its start to its end: pipes and the two threads on them.

Nobody but those threads ever waits for the process. When to start, ask and end it is screen_window.py's. L2.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from collections.abc import Callable, Sequence

from shim.devices.helpers.process import end_helper, kill_helper, start_helper
from shim.devices.screen import messages as words

_MOST_LINE = 4096
_END_SECONDS = 1.0

Pieces = Callable[[], tuple[bytes, ...]]


class HelperProcess:
    """Starts the helper; OSError or ValueError where it cannot be started. For one thread."""

    def __init__(self, launcher: Sequence[str]) -> None:
        self._process = start_helper(launcher, bufsize=0)
        self._orders: queue.SimpleQueue[Pieces | None] = queue.SimpleQueue()
        self._handed = 0
        self._written = 0  # by the writer only, as the next
        self._compressing = False
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        try:
            for name, work in (("writer", self._write), ("lines", self._listen)):
                threading.Thread(target=work, name=f"vcshim-screen-{name}", daemon=True).start()
        except RuntimeError as error:  # a host at the end of its memory
            self.kill()
            raise OSError("no thread for the helper's pipes") from error

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """For its job; it is not to be waited for."""
        return self._process

    @property
    def idle(self) -> bool:
        """Whether all that was handed over is in the pipe."""
        return self._handed == self._written

    @property
    def compressing(self) -> bool:
        """Whether it cannot have got its last order yet, by no fault of its own."""
        return self._compressing

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def hand(self, kind: bytes, turn: int) -> None:
        """Have an order without a rectangle written, behind what was handed over before."""
        self._give(lambda: (words.order(kind, turn),))

    def hand_paint(self, turn: int, box: tuple[int, int, int, int], bgrx: bytes) -> None:
        """Have a rectangle compressed and written."""
        self._give(lambda: words.paint_order(turn, box, bgrx))

    def lines(self) -> list[str]:
        """What it has said since the last time."""
        found = []
        while True:
            try:
                found.append(self._lines.get_nowait())
            except queue.Empty:
                return found

    def kill(self) -> None:
        """End it without waiting for that; its threads end with it."""
        self._orders.put(None)
        kill_helper(self._process)

    def end(self) -> None:
        """Have it end as it does when its stdin ends, else kill it; waits two seconds at most."""
        self._orders.put(None)
        end_helper(self._process, _END_SECONDS)

    def _give(self, pieces: Pieces) -> None:
        self._handed += 1
        self._orders.put(pieces)

    def _write(self) -> None:
        """The writer: the only one that waits for room in the pipe. A helper that ends shows by its exit code."""
        stream = self._process.stdin
        if stream is None:
            return
        try:
            with stream:
                while (pieces := self._orders.get()) is not None:
                    self._compressing = True
                    found = pieces()
                    self._compressing = False
                    for piece in found:
                        rest = memoryview(piece)
                        while rest:
                            rest = rest[stream.write(rest) or 0 :]
                    self._written += 1
        except (OSError, ValueError):
            return

    def _listen(self) -> None:
        """The only one that waits for its lines; what is no text of ours is left out."""
        stream = self._process.stdout
        if stream is None:
            return
        rest = b""
        try:
            with stream:
                while piece := os.read(stream.fileno(), _MOST_LINE):
                    *lines, rest = (rest + piece).split(b"\n")
                    for line in lines:
                        self._lines.put(line.decode("ascii", "replace").strip())
                    rest = rest[-_MOST_LINE:]
        except (OSError, ValueError):
            return
