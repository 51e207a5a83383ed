"""Hosts whose interpreter was touched before the first call: capsules looked up, gevent, development mode, tracing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.product import install
from tests.support.python_hosts import NAMES, assert_right, every_call, persons, program, run_host, with_packages


@pytest.mark.parametrize("words", [(), ("thread",)], ids=["", "thread"])
@pytest.mark.parametrize("name", NAMES)
def test_capsules_were_looked_up(simulator: Simulator, tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    """Not even an attribute that no capsule has makes the first call wait."""
    calls = [*every_call("http", simulator), *every_call("sim")]
    product = install("linux-ctypes", tmp_path / "his")
    result = run_host(program(name), "capsules.py", product, calls, tmp_path / "job", words=words)
    assert_right(calls, result)
    assert result.notes == {"changes": {}}


@pytest.mark.parametrize("when", ["before", "after"])
def test_gevent(simulator: Simulator, tmp_path: Path, when: str) -> None:
    """monkey.patch_all() before and after the first call; greenlets, gevent's threads and patched threads."""
    calls = [
        *every_call("first", simulator),
        *every_call("http", simulator),
        *every_call("sim"),
        *persons("greenlet", simulator, range(16)),
        *persons("pool", simulator, range(16, 48)),
        *persons("thread", simulator, range(48, 64)),
    ]
    product = install("linux-ctypes", tmp_path / "his")
    result = run_host(
        sys.executable, "gevent_host.py", product, calls, tmp_path / "job", words=[when], env=with_packages()
    )
    assert_right(calls, result)
    assert result.notes == {"changes": {}}


@pytest.mark.parametrize(
    "options", [("-X", "dev", "-W", "error"), ("-X", "tracemalloc=5"), ("-E", "-s", "-S"), ("-OO", "-u")]
)
@pytest.mark.parametrize("name", ["3.8", "3.11", "3.12"])
def test_switches(simulator: Simulator, tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    """Development mode with its own allocators, warnings that are errors, no site module, no assertions."""
    calls = [*every_call("http", simulator), *every_call("sim"), *persons("person", simulator, range(16))]
    product = install("linux-ctypes", tmp_path / "his")
    result = run_host(program(name), "traced.py", product, calls, tmp_path / "job", options=options)
    assert_right(calls, result)
    assert result.notes == {"changes": {}, "traced": []}
