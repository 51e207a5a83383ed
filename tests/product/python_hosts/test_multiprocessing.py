"""Python hosts that make processes while threads of theirs call: every answer belongs to who asked for it.

The start methods of multiprocessing, an executor, os.fork. How a forked child is served: docs/design/guest.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.product import install
from tests.support.python_hosts import Call, Result, assert_right, persons, program, run_host

CHILDREN, CALLS = 4, 10
REFUSAL = "扫码组件不能启动（代号 B10），本次没有提交。请联系信息科（8009）。"
KINDS = ("fork", "spawn", "forkserver", "executor", "os.fork")


def calls(simulator: Simulator, start: str) -> list[Call]:
    """Another person for every call: 0 to 79 for the parent, from 80 on for the children."""
    made = [] if start == "cold" else persons("first", simulator, [200])
    made += persons("parent", simulator, range(80)) + persons("last", simulator, [201, 202])
    for child in range(CHILDREN):
        first = 80 + CALLS * child
        made += persons(f"child {child}", simulator, range(first, first + CALLS))
    return made


def without_refused(result: Result) -> tuple[Result, set[str]]:
    """The result without the children that were made in the middle of a start that took long: they are told so, always.

    A start takes longer than a fork waits for it on a machine that is very busy only.
    """
    refused = {name for name, code, out in result.answers if code == "8009" and REFUSAL in out.decode("gb18030")}
    children = {name.split(" ")[1] for name in refused if name.startswith("child ")}
    whole = {f"child {child} {80 + CALLS * int(child) + number}" for child in children for number in range(CALLS)}
    assert refused == whole
    return Result(tuple(answer for answer in result.answers if answer[0] not in refused), result.notes), refused


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
    if start == "cold":
        result, refused = without_refused(result)
        wanted = [call for call in wanted if call.id not in refused]
    assert_right(wanted, result)
