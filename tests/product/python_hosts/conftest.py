"""A simulator of the hosts' own: the person that they register is the first that it registers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shim.simulator.server import Simulator


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """Both platforms on loopback; serial numbers and codes may be used again."""
    with Simulator() as running:
        running.misbehave("again:1")
        yield running
