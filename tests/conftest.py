"""Fixtures for the tests that load the built libraries: a missing Wine or compiler is an error, never a skip."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from shim.simulator.server import Simulator
from tests.support.clients import Rig
from tests.support.paths import ROOT

BUILD = ROOT / "build"


@pytest.fixture(scope="session", autouse=True)
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Linux programs keep what outlives them (locks, kept answers): not that of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """The native clients, built once per session, and fresh Wine prefixes; a worker of a parallel run has its own."""
    made = Rig(BUILD / os.environ.get("PYTEST_XDIST_WORKER", ""))
    yield made
    made.close()


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """Both platforms on loopback; many tests make the same call, so serial numbers and codes may be used again."""
    with Simulator() as running:
        running.misbehave("again:1")
        yield running
