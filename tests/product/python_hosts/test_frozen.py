"""Hosts that PyInstaller has frozen, by 3.11 as by another CPython: their libraries come first, modules are missing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from buildlib import frozen
from shim.simulator.server import Simulator
from tests.support.product import install
from tests.support.python_hosts import (
    LIMIT,
    assert_right,
    environment,
    every_call,
    persons,
    program,
    read_result,
    silent,
    write_job,
)


@pytest.mark.parametrize("form", ["his/his", "his-in-one-file"])
@pytest.mark.long  # a minute of PyInstaller; in each run it freezes a host for Windows (test_frozen_host_wine.py)
@pytest.mark.parametrize("name", ["3.11", "3.12"])
def test_frozen(simulator: Simulator, tmp_path: Path, name: str, form: str) -> None:
    """LD_LIBRARY_PATH leads to the program's own libpython, OpenSSL, libffi and SQLite."""
    calls = [
        *every_call("http", simulator),
        *every_call("sim"),
        *persons("person", simulator, range(32)),
        *every_call("after", simulator),
    ]
    product = install("linux-ctypes", tmp_path / "his")
    job = write_job(product, calls, tmp_path / "job")
    host = frozen.folder(program(name), name) / form
    done = subprocess.run([host, job], env=environment(), capture_output=True, text=True, timeout=LIMIT, check=False)
    silent(done)
    result = read_result(tmp_path / "job")
    assert_right(calls, result)
    assert result.notes == {"loaded": {}, "events": [], "called": {}, "ended": {}}
