"""How a parallel run deals out the tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from buildlib.layout import ROOT
from tests.support import parallel

TESTS = """
import os
import pytest


@pytest.mark.parametrize("number", range(6))
def test_of_a_file(number):
    print(os.path.basename(__file__), os.environ["PYTEST_XDIST_WORKER"])
"""


@pytest.mark.parametrize(
    ("nodeid", "scope"),
    [
        ("tests/unit/test_codec.py::test_x[1]", "tests/unit/test_codec.py"),
        ("tests/product/test_hosts.py::test_x[win32-c]", "tests/product/test_hosts.py::test_x[win32-c]"),
        ("tests/contract/test_contract.py::test_x[win32-ctypes-a b]", "tests/contract/test_contract.py win32-ctypes"),
        ("tests/contract/test_contract.py::test_x[in-process]", "tests/contract/test_contract.py in-process"),
        ("tests/contract/test_contract.py::test_x[a win32-c]", "tests/contract/test_contract.py "),
    ],
)
def test_scopes(nodeid: str, scope: str) -> None:
    assert parallel.scope(nodeid) == scope


def test_the_tables_name_what_is_there() -> None:
    for name in (*parallel._FIRST, *parallel._BY_TEST, *parallel._BY_KIND):
        assert (ROOT / name).exists(), name


def run_pytest(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", *words]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_a_file_stays_together(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"test_{number}.py").write_text(TESTS)
    done = run_pytest("-n", "3", "-rP", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    ran = re.findall(r"^(test_\d.py) (gw\d)$", done.stdout, re.MULTILINE)
    assert len(ran) == 24
    workers = {name: {worker for file, worker in ran if file == name} for name, _ in ran}
    assert [len(used) for used in workers.values()] == [1, 1, 1, 1]
    assert len(set.union(*workers.values())) > 1


def test_what_a_module_makes_is_made_once(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A file whose module fixture would be made by several workers is refused; by its parameter it may be."""
    file = Path(__file__).relative_to(ROOT).as_posix()
    items = [item for item in request.session.items if item.nodeid.startswith(f"{file}::test_of_")]
    assert len(items) == 4
    assert parallel.torn(items) == []
    monkeypatch.setattr(parallel, "scope", lambda nodeid: nodeid)
    assert parallel.torn(items) == [f"{file} place linux", f"{file} place wine"]
    monkeypatch.setattr(parallel, "scope", lambda nodeid: re.findall("linux|wine", nodeid)[0])
    assert parallel.torn(items) == []


@pytest.fixture(scope="module", params=["linux", "wine"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def desk(place: str) -> str:
    return place


@pytest.mark.parametrize("number", range(2))
def test_of_a_desk(desk: str, number: int) -> None:
    assert desk in ("linux", "wine")
