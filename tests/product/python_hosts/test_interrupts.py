"""Ctrl-C in hosts that are Python programs: a call's true answer comes first, then KeyboardInterrupt.

Not what signals do to programs in C and Pascal: tests/product/test_signals.py.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.interrupts import as_from_a_terminal
from tests.support.product import install
from tests.support.python_hosts import (
    FOLDER,
    LIMIT,
    Call,
    assert_right,
    environment,
    every_call,
    person_call,
    program,
    read_result,
    write_job,
)

PYTHONS = ("3.8", "3.11", "3.12", "3.13", "Debian")
SLOW = "?sim=again:1,delay:1200"


class Host:
    """A host that runs, started as from a terminal."""

    def __init__(self, name: str, simulator: Simulator, folder: Path, calls: Sequence[Call], *steps: str) -> None:
        job = write_job(install("linux-ctypes", folder / "his"), calls, folder / "job", steps)
        self.folder, self._lines = folder / "job", folder / "job" / "result.json.lines"
        self._simulator, self._seen = simulator, simulator.seen
        self._process = subprocess.Popen(
            [program(name), "-B", FOLDER / "interrupted.py", job], env=environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=as_from_a_terminal,
        )  # fmt: skip

    def interrupt_when_it_waits(self, number: int = 1) -> None:
        self._until(lambda: self._lines.exists() and self._lines.read_text().count("waiting\n") >= number)
        time.sleep(0.05)  # the host has entered its sleep
        self._process.send_signal(signal.SIGINT)

    def interrupt_in_call(self, requests: int) -> None:
        """Once the platform has got so many requests of the host and has not answered the last."""
        self._until(lambda: self._simulator.seen >= self._seen + requests)
        self._process.send_signal(signal.SIGINT)

    def ended(self) -> tuple[int, str]:
        """The exit code, and what was said."""
        try:
            said, _ = self._process.communicate(timeout=LIMIT)
        finally:
            self._process.kill()
        return self._process.returncode, said

    def _until(self, condition: Callable[[], bool]) -> None:
        last = time.monotonic() + LIMIT
        while not condition():
            assert self._process.poll() is None and time.monotonic() < last, self.ended()
            time.sleep(0.01)


@pytest.mark.parametrize("name", PYTHONS)
def test_the_answer_comes_first(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """In the first call and in a later one; idle, after everything has been imported. One request each."""
    calls = [*every_call("warm", simulator), *(person_call(f"slow {n}", n, simulator, SLOW) for n in range(2))]
    steps = ["caught", "slow 0", "idle", "warm", "caught", "slow 1", "idle"]
    host = Host(name, simulator, tmp_path, calls, *steps)
    host.interrupt_in_call(1)
    host.interrupt_when_it_waits()
    host.interrupt_in_call(1 + 3 + 1)
    host.interrupt_when_it_waits(2)
    assert host.ended() == (0, "")
    result = read_result(host.folder)
    assert result.notes["noted"] == ["KeyboardInterrupt"] * 4
    assert_right(calls, result)
    assert simulator.seen - host._seen == 5


@pytest.mark.parametrize("name", PYTHONS)
def test_a_handler_of_the_host_runs_after_the_call(simulator: Simulator, tmp_path: Path, name: str) -> None:
    calls = [*every_call("warm", simulator), *(person_call(f"slow {n}", n, simulator, SLOW) for n in range(2))]
    steps = ["handler", "caught", "slow 0", "warm", "ignore", "caught", "slow 1"]
    host = Host(name, simulator, tmp_path, calls, *steps)
    host.interrupt_in_call(1)
    host.interrupt_in_call(1 + 3 + 1)
    assert host.ended() == (0, "")
    result = read_result(host.folder)
    assert result.notes["noted"] == ["handler 2"]
    assert_right(calls, result)


@pytest.mark.parametrize("name", PYTHONS)
def test_an_interrupt_that_nobody_catches(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """The host ends as it would have ended without the libraries: by the signal, with its own traceback."""
    calls = [*every_call("warm", simulator), person_call("slow", 0, simulator, SLOW)]
    host = Host(name, simulator, tmp_path, calls, "warm", "call", "slow", "idle")
    host.interrupt_in_call(3 + 1)
    code, said = host.ended()
    assert code == -signal.SIGINT
    assert said.splitlines()[0] == "Traceback (most recent call last):"
    assert said.splitlines()[-1] == "KeyboardInterrupt"
    assert {line.split('"')[1] for line in said.splitlines() if line.startswith("  File")} <= {
        str(FOLDER / "interrupted.py"),
        str(FOLDER / "hospital.py"),
    }
