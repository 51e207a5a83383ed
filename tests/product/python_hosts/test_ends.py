"""Calls from odd places of a Python host: near its recursion limit, from finalisers, while its interpreter ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.product import install
from tests.support.python_hosts import Call, assert_right, every_call, person_call, persons, program, run_host

PYTHONS = ("3.8", "3.11", "3.12", "3.13")
PLACES = ("atexit", "finaliser", "handler", "asyncio", "subinterpreter")


def three(simulator: Simulator) -> list[Call]:
    return [
        *every_call("first", simulator),
        *persons("second", simulator, range(4)),
        *persons("third", None, range(4, 12)),
    ]


@pytest.mark.parametrize("name", [*PYTHONS, "Debian"])
def test_near_the_recursion_limit(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """On the last levels that the host's interpreter allows: its main thread, another one, a limit of 150."""
    calls = [
        *persons("deep", simulator, range(30)),
        *persons("thread", None, range(30, 60)),
        *persons("little", simulator, range(60, 90)),
        *every_call("http", simulator),
    ]
    product = install("linux-ctypes", tmp_path / "his")
    result = run_host(program(name), "recursion.py", product, calls, tmp_path / "job")
    assert_right(calls, result)
    assert result.notes == {"changes": {}, "refused": 3}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", PYTHONS)
def test_odd_places(simulator: Simulator, tmp_path: Path, name: str, place: str) -> None:
    calls = [call for call in three(simulator) if place != "finaliser" or not call.id.startswith("third")]
    product = install("linux-ctypes", tmp_path / "his")
    assert_right(calls, run_host(program(name), "ends.py", product, calls, tmp_path / "job", words=[place]))


@pytest.mark.parametrize("name", PYTHONS)
def test_daemon_threads_call_while_the_interpreter_ends(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """The host ends with its own exit code, at once, and says nothing."""
    calls = [call for number in range(4) for call in persons(f"daemon {number}", simulator, range(4))]
    product = install("linux-ctypes", tmp_path / "his")
    result = run_host(program(name), "ends.py", product, calls, tmp_path / "job", words=["daemon"])
    assert_right(calls, result)


@pytest.mark.parametrize("name", PYTHONS)
def test_a_sudden_end_beside_a_call(simulator: Simulator, tmp_path: Path, name: str) -> None:
    calls = [*every_call("first", simulator), person_call("slow", 3, simulator, "?sim=delay:30000")]
    product = install("linux-ctypes", tmp_path / "his")
    result = run_host(program(name), "ends.py", product, calls, tmp_path / "job", words=["exit"], exit_code=7)
    assert_right(calls[:-1], result)
