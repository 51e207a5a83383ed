"""Programs that a test starts and ends with Ctrl-C, idle or in a call to the simulator."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from shim.simulator.server import Simulator

LIMIT = 60.0


def as_from_a_terminal() -> None:
    """For `preexec_fn`: what a shell starts in the background, such as a test run, ignores Ctrl-C; so do children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class InterruptedHost:
    """A host program that runs, started as from a terminal; it writes the file `lines`, `waiting` when it waits.

    Args:
        simulator: the platform of its calls, which must have no other caller meanwhile.
        env: the whole environment, None for that of the tests.
    """

    def __init__(
        self, words: Sequence[str | Path], lines: Path, simulator: Simulator, env: Mapping[str, str] | None = None
    ) -> None:
        self._lines, self._simulator, self._seen = lines, simulator, simulator.seen
        self._process = subprocess.Popen(
            words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=as_from_a_terminal
        )

    def lines(self) -> list[str]:
        """What the host has written so far, whole lines."""
        text = self._lines.read_text(encoding="ascii") if self._lines.exists() else ""
        return text.splitlines()[: text.count("\n")]

    @property
    def requests(self) -> int:
        """What the platform has got of this host."""
        return self._simulator.seen - self._seen

    def interrupt_when_it_waits(self, number: int = 1) -> None:
        """Ctrl-C, once the host has written `waiting` so many times."""
        self._until(lambda: self.lines().count("waiting") >= number)
        self._process.send_signal(signal.SIGINT)

    def interrupt_in_call(self, requests: int) -> None:
        """Ctrl-C, once the platform has got so many requests of the host, and has not answered the last."""
        self._until(lambda: self.requests >= requests)
        self._process.send_signal(signal.SIGINT)

    def ended(self) -> tuple[int, str]:
        """The exit code, and what was said on stdout and stderr. A host that does not end is killed."""
        try:
            said, _ = self._process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            said, _ = self._process.communicate()
        return self._process.returncode, said

    def _until(self, condition: Callable[[], bool]) -> None:
        last = time.monotonic() + LIMIT
        while not condition():
            if self._process.poll() is not None or time.monotonic() > last:
                self._process.kill()
                raise AssertionError(f"{self.ended()} {self.lines()}")
            time.sleep(0.01)
