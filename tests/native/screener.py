"""Drives a ScreenWindow as WindowDisplay does, for tests/product/screen/test_window.py. Runs on both systems.

``screener.py SILENT HELPER...``: SILENT is the seconds of silence after which the helper is replaced, HELPER its
command. Every line on stdin is an order and is answered by one on stdout, ``done`` or what was asked for. The frame is
painted again whenever the window has lost it.
"""

from __future__ import annotations

import io
import logging
import queue
import sys
import threading
import time
from pathlib import Path

from shim.devices.screen.watchdog import HelperState
from shim.devices.screen.window import ScreenWindow

_POLL_SECONDS = 0.02


class LogLines(logging.Handler):
    """Keeps what was logged, for ``log``."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        facts = getattr(record, "facts", {})
        self.lines.append(f"{record.levelname} {record.getMessage()} {facts}")


class Screener:
    """One window and the frame that is to be on it."""

    def __init__(self, silent: float, launcher: list[str]) -> None:
        self._log = LogLines()
        logger = logging.getLogger("screener")
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.addHandler(self._log)
        self._window = ScreenWindow(launcher, logger, silent_seconds=silent)
        self._frame = b""
        self._epoch = 0
        self._orders: queue.SimpleQueue[str] = queue.SimpleQueue()

    def run(self) -> None:
        """Until stdin ends, or ``close``."""
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            self._window.poll()
            self._repaint()
            try:
                line = self._orders.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            word, *rest = line.split()
            print(self._obey(word, rest), flush=True)
            if word == "close":
                return

    def _obey(self, word: str, rest: list[str]) -> str:
        window = self._window
        if word == "state":
            width, height = window.size or (0, 0)
            return f"{width} {height} {window.epoch} {int(window.ready and self._epoch == window.epoch)}"
        if word == "log":
            lines, self._log.lines = self._log.lines, []
            return "\t".join(lines)
        if word == "frame":
            self._frame, self._epoch = Path(rest[0]).read_bytes(), 0
        elif word == "paint":
            self._wait()
            x, y, width, height = map(int, rest[:4])
            window.paint(x, y, width, height, Path(rest[4]).read_bytes())
        elif word == "settle":
            self._settle()
        else:
            {"show": window.show, "hide": window.hide, "close": window.close}[word]()
        return "done"

    def _repaint(self) -> None:
        """Paint the whole frame if the window has lost it and it fits the monitor."""
        window = self._window
        if window.ready and window.epoch != self._epoch and window.size is not None and self._frame:
            width, height = window.size
            if width * height * 4 == len(self._frame):
                window.paint(0, 0, width, height, self._frame)
                self._epoch = window.epoch

    def _settle(self) -> None:
        """Until the helper has answered a PING that was sent behind everything else."""
        for state in (HelperState.READY, HelperState.PINGED, HelperState.READY):
            while self._window._watchdog.state is not state:
                self._window.poll()
                time.sleep(0.001)

    def _wait(self) -> None:
        while not self._window.ready:
            self._window.poll()
            time.sleep(0.001)

    def _read(self) -> None:
        for line in sys.stdin:
            self._orders.put(line)
        self._orders.put("close")


if __name__ == "__main__":
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(encoding="utf-8")
    Screener(float(sys.argv[1]), sys.argv[2:]).run()
