"""Starts the host program (`child`) with a copy of the libraries and settings of its own, and makes calls through it.

Libraries for Linux run in this Python, those for Windows under Wine in a 32-bit Python of their own version.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buildlib.wine import Wine
from tests.support.windows_pythons import product_python

_CHILD = Path(__file__).with_name("child.py")
_CAPACITY = 4096


@dataclass(frozen=True)
class Result:
    """What a call gave back. `code` is None if the program ended, which no call may bring about."""

    code: str | None
    out: bytes
    seconds: float
    stalled: float


class Host:
    """One process with both libraries loaded. Any thread may call.

    Args:
        dist: a folder of dist/; the libraries are taken by what lies there.
        ini: vcshim.ini.
        wine: a prefix, for libraries for Windows.
        preload: for LD_PRELOAD, on Linux.
    """

    def __init__(self, dist: Path, ini: str, *, wine: Wine | None = None, preload: Path | None = None) -> None:
        self._wine = wine
        self._home = Path(tempfile.mkdtemp(prefix="faults-"))
        self.folder = self._home / "his"
        ignore: Callable[..., set[str]] = shutil.ignore_patterns("vcshim_log", "vcshim.ini")
        shutil.copytree(dist, self.folder, copy_function=_link, ignore=ignore)
        (self.folder / "vcshim.ini").write_text(ini, encoding="utf-8")
        self._preload = preload
        self._ids = itertools.count()
        self._waiting: dict[int, Future[dict[str, Any] | None]] = {}
        self._lock = threading.Lock()
        self._process = self._start()

    def call(self, function: str, url: str, in_data: bytes) -> Result:
        """Make a call; what came back. A program that has ended is started again for the next one."""
        future: Future[dict[str, Any] | None] = Future()
        job = {"function": function, "url": url.encode().hex(), "in": in_data.hex(), "capacity": _CAPACITY}
        with self._lock:
            if self._process.poll() is not None:
                self._process = self._start()
            number = next(self._ids)
            self._waiting[number] = future
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(json.dumps({"id": number, **job}) + "\n")
                self._process.stdin.flush()
            except OSError:
                self._waiting.pop(number).set_result(None)
        got = future.result()
        if got is None:
            return Result(None, b"", 0, 0)
        code = "" if got["code"] is None else bytes.fromhex(got["code"]).decode("gb18030", "replace")
        return Result(code, bytes.fromhex(got["out"]), got["seconds"], got["stalled"])

    def log(self) -> str:
        """Everything the log of this installation holds."""
        return "".join(path.read_text("utf-8") for path in sorted((self.folder / "vcshim_log").glob("*.log")))

    def close(self) -> None:
        """End the process and remove its folder."""
        with self._lock:
            if self._process.stdin is not None:
                self._process.stdin.close()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self._words(), env=self._environment(), cwd=self._home, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        threading.Thread(target=self._read, args=(process,), daemon=True).start()
        return process

    def _words(self) -> list[str]:
        if self._wine is None:
            return [sys.executable, str(_CHILD), str(self.folder)]
        python = product_python(self.folder, self._home / "python")
        return ["wine", *(Wine.windows_path(path) for path in (python, _CHILD, self.folder))]

    def _environment(self) -> Mapping[str, str]:
        if self._wine is not None:
            return self._wine.env
        state = {"XDG_STATE_HOME": str(self._home / "state")}
        return {**os.environ, **state, **({"LD_PRELOAD": str(self._preload)} if self._preload else {})}

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                got = json.loads(line)
                with self._lock:
                    future = self._waiting.pop(got["id"])
                future.set_result(got)
        process.wait()
        with self._lock:
            left, self._waiting = self._waiting, {}
        for future in left.values():
            future.set_result(None)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another file system
        shutil.copy2(source, target)
