"""A host program: `python child.py FOLDER` loads both libraries and makes the calls that stdin asks for, in threads.

A line of stdin is a job, a line of stdout its result, both JSON. How long the machine kept the program waiting is
measured too, so that a late call can be told from a busy machine. Standard library only: it also runs in the Python of
the product, under Wine. Started by `host`.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
import time
from collections import deque
from typing import Any

_LIBRARY = {"VirtualCardTrans": "VirtualCardChk", "NationEcTrans": "NationECCode"}
_TICK = 0.01


class Stopwatch:
    """Measures by how much a sleep of 10 ms is overslept."""

    def __init__(self) -> None:
        self._overslept: deque[tuple[float, float]] = deque(maxlen=2000)
        threading.Thread(target=self._run, daemon=True).start()

    def stalled(self, since: float) -> float:
        """Seconds for which this process was kept waiting since a moment."""
        return sum(seconds for moment, seconds in list(self._overslept) if moment >= since)

    def _run(self) -> None:
        while True:
            before = time.perf_counter()
            time.sleep(_TICK)
            now = time.perf_counter()
            if now - before > 2 * _TICK:
                self._overslept.append((now, now - before - _TICK))


def run_delay() -> float:
    """Seconds for which the calling thread was ready to run and did not; 0 where the system does not say."""
    try:
        with open("/proc/thread-self/schedstat") as numbers:
            return int(numbers.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0


class Program:
    """The host program; `call` may be used by any thread."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._exports: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._output = threading.Lock()
        self._stopwatch = Stopwatch()

    def run(self, job: dict[str, Any]) -> None:
        """Make one call and write its result."""
        buffer = ctypes.create_string_buffer(job["capacity"])
        texts = [ctypes.create_string_buffer(bytes.fromhex(text)) for text in (job["url"], job["in"])]
        export = self._export(job["function"])
        delayed = run_delay()
        started = time.perf_counter()
        code = export(*texts, buffer)
        seconds = time.perf_counter() - started
        delayed = run_delay() - delayed
        result = {
            "id": job["id"],
            "code": None if code is None else code.hex(),
            "out": buffer.value.hex(),
            "seconds": seconds,
            "stalled": max(self._stopwatch.stalled(started), delayed),
        }
        with self._output:
            sys.stdout.write(json.dumps(result) + "\n")
            sys.stdout.flush()

    def _export(self, function: str) -> Any:
        with self._lock:
            if function not in self._exports:
                name = _LIBRARY[function]
                if sys.platform == "win32":
                    library: ctypes.CDLL = ctypes.WinDLL(os.path.join(self._folder, f"{name}.dll"))
                else:
                    library = ctypes.CDLL(os.path.join(self._folder, f"lib{name}.so"))
                export = getattr(library, function)
                export.restype = ctypes.c_char_p
                self._exports[function] = export
            return self._exports[function]


def main(folder: str) -> int:
    """Serve until stdin ends."""
    program = Program(folder)
    for line in sys.stdin:
        job = json.loads(line)
        threading.Thread(target=program.run, args=(job,), daemon=True).start()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
