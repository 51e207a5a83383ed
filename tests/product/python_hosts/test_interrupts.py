"""Ctrl-C in hosts that are Python programs: a call's true answer comes first, then KeyboardInterrupt.

Not what signals do to programs in C and Pascal: tests/product/test_signals.py.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.interrupts import InterruptedHost
from tests.support.product import install
from tests.support.python_hosts import (
    FOLDER,
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
SLOW = "?sim=again:1,delay:1000"


def warm(simulator: Simulator) -> list[Call]:
    """The five exports, the screen being left on: what it needs is imported in the background."""
    return [call for call in every_call("warm", simulator) if call.case["id"] != "hidden"]


def start(name: str, simulator: Simulator, folder: Path, calls: Sequence[Call], *steps: str) -> InterruptedHost:
    """Start the host with these steps; its result comes into the folder `job`."""
    job = write_job(install("linux-ctypes", folder / "his"), calls, folder / "job", steps)
    words: list[str | Path] = [program(name), "-B", FOLDER / "interrupted.py", job]
    return InterruptedHost(words, folder / "job" / "result.json.lines", simulator, environment())


@pytest.mark.parametrize("name", PYTHONS)
def test_the_answer_comes_first(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """In the first call and in a later one; idle, after everything has been imported. One request each."""
    calls = [*warm(simulator), *(person_call(f"slow {n}", n, simulator, SLOW) for n in range(2))]
    steps = ["caught", "slow 0", "idle", "warm", "caught", "slow 1", "idle"]
    host = start(name, simulator, tmp_path, calls, *steps)
    host.interrupt_in_call(1)
    host.interrupt_when_it_waits()
    host.interrupt_in_call(1 + 3 + 1)
    host.interrupt_when_it_waits(2)
    assert host.ended() == (0, "")
    result = read_result(tmp_path / "job")
    assert result.notes["noted"] == ["KeyboardInterrupt"] * 4
    assert_right(calls, result)
    assert host.requests == 5


@pytest.mark.parametrize("name", PYTHONS)
def test_a_handler_of_the_host_runs_after_the_call(simulator: Simulator, tmp_path: Path, name: str) -> None:
    calls = [*warm(simulator), *(person_call(f"slow {n}", n, simulator, SLOW) for n in range(2))]
    steps = ["handler", "caught", "slow 0", "warm", "ignore", "caught", "slow 1"]
    host = start(name, simulator, tmp_path, calls, *steps)
    host.interrupt_in_call(1)
    host.interrupt_in_call(1 + 3 + 1)
    assert host.ended() == (0, "")
    result = read_result(tmp_path / "job")
    assert result.notes["noted"] == ["handler 2"]
    assert_right(calls, result)


@pytest.mark.parametrize("name", PYTHONS)
def test_an_interrupt_that_nobody_catches(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """The host ends as it would have ended without the libraries: by the signal, with its own traceback."""
    calls = [*warm(simulator), person_call("slow", 0, simulator, SLOW)]
    host = start(name, simulator, tmp_path, calls, "warm", "call", "slow", "idle")
    host.interrupt_in_call(3 + 1)
    code, said = host.ended()
    assert code == -signal.SIGINT
    assert said.splitlines()[0] == "Traceback (most recent call last):"
    assert said.splitlines()[-1] == "KeyboardInterrupt"
    assert {line.split('"')[1] for line in said.splitlines() if line.startswith("  File")} <= {
        str(FOLDER / "interrupted.py"),
        str(FOLDER / "hospital.py"),
    }
