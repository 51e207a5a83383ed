"""Python hosts that make processes while threads of theirs call: every answer belongs to who asked for it.

The start methods of multiprocessing, an executor, os.fork. How a forked child is served: docs/design/guest.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.product import install
from tests.support.python_hosts import Call, assert_right, persons, program, run_host

CHILDREN, CALLS = 4, 10
KINDS = ("fork", "spawn", "forkserver", "executor", "os.fork")


def calls(simulator: Simulator, start: str) -> list[Call]:
    """Another person for every call: 0 to 79 for the parent, from 80 on for the children."""
    made = [] if start == "cold" else persons("first", simulator, [200])
    made += persons("parent", simulator, range(80)) + persons("last", simulator, [201, 202])
    for child in range(CHILDREN):
        first = 80 + CALLS * child
        made += persons(f"child {child}", simulator, range(first, first + CALLS))
    return made


# NB: from 3.12 on CPython warns of a fork beside threads, which is the host's own doing.
@pytest.mark.parametrize("start", ["warm", "cold"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["3.11", "3.13"])
def test_everybody_gets_their_own(simulator: Simulator, tmp_path: Path, name: str, kind: str, start: str) -> None:
    wanted = calls(simulator, start)
    product = install("linux-ctypes", tmp_path / "his")
    options = ("-W", "ignore::DeprecationWarning")
    result = run_host(
        program(name), "processes.py", product, wanted, tmp_path / "job", words=(kind, start), options=options
    )
    assert_right(wanted, result)
