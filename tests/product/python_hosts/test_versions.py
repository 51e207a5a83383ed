"""Every CPython as a host: five exports, both transports, eight threads, and an interpreter that stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.product import install
from tests.support.python_hosts import NAMES, assert_right, every_call, persons, program, run_host


@pytest.mark.parametrize("name", NAMES)
def test_every_version(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """The host's own ssl, hashlib and sqlite3 in between; no audit event of its interpreter inside a call."""
    calls = [
        *every_call("http", simulator),
        *every_call("sim"),
        *persons("person", simulator, range(32)),
        *persons("person sim", None, range(32, 64)),
        *every_call("after http", simulator),
        *every_call("after sim"),
    ]
    product = install("linux-ctypes", tmp_path / "his")
    result = run_host(program(name), "versions.py", product, calls, tmp_path / "job")
    assert_right(calls, result)
    assert result.notes == {"loaded": {}, "events": [], "called": {}, "ended": {}}
