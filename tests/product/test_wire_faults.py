"""The built libraries before a server that fails at every place of the wire; a short form of `build_dll.py faults`.

Nothing is sent twice, no call gets the answer of another, none outlives its deadline, an outcome that is unknown has
its own code, and the call that follows succeeds. What a finding means is in tests/support/faults/oracle.py; a case is
carried out again by `python3 build_dll.py faults --seed 12 --only N`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.clients import Rig
from tests.support.faults import strays
from tests.support.faults.campaign import Options, run
from tests.support.faults.rows import FAULTS
from tests.support.needs import NotBuilt
from tests.support.paths import ROOT

# No test asserts a time: what is as late as this has no deadline at all. The faults that show it take 9 seconds.
_NO_DEADLINE = 3.0


def product(name: str) -> Path:
    """A folder of dist/."""
    if not (ROOT / "dist" / name / "vcshim" / "SHA256SUMS").exists():
        raise NotBuilt(name)
    return ROOT / "dist" / name


def host_product() -> Path:
    return product(os.environ.get("VCSHIM_HOST_PRODUCT", "host"))


def findings(options: Options, count: int) -> list[str]:
    """The cases with findings; without those of which a busy machine let nobody judge, which must be few."""
    outcomes = list(run(options, range(count)))
    assert sum(each.undecided for each in outcomes) <= count // 50
    return [f"{each.case}: {each.verdict.reasons}" for each in outcomes if each.verdict.reasons and not each.undecided]


@pytest.mark.needs("gcc")
def test_each_fault_once() -> None:
    assert findings(Options(host_product(), seed=12, late_after=_NO_DEADLINE), len(FAULTS)) == []


def test_faults_before_the_dlls(rig: Rig) -> None:
    options = Options(product("win32"), seed=12, wine=rig.wine32, late_after=_NO_DEADLINE)
    assert findings(options, 60) == []


def test_answers_that_nobody_asked_for() -> None:
    """Eight threads of one program over kept connections: each gets its own patient."""
    result = strays.run(Options(host_product(), seed=12), calls=60)
    assert result.strays.total() > 100 and result.requests > result.connections, str(result)
    assert (result.wrong, result.calls) == (0, 480), str(result)
