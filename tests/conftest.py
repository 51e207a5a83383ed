"""Fixtures for the tests that load the built libraries: a missing Wine or compiler is an error, never a skip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.native.client import Rig

BUILD = Path(__file__).parent.parent / "build"


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """The native clients, built once per session into build/clients, and fresh Wine prefixes."""
    made = Rig(BUILD)
    yield made
    made.close()


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """Both platforms on loopback; many tests make the same call, so serial numbers and codes may be used again."""
    with Simulator() as running:
        running.misbehave("again:1")
        yield running
