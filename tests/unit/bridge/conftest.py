"""The made-up DLLs, made once, and a service that has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bridges import RunningBridge, make_libraries, running_bridge


@pytest.fixture(scope="module")
def his(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A HIS folder with the made-up DLLs."""
    return make_libraries(tmp_path_factory.mktemp("bridge") / "his")


@pytest.fixture(scope="module")
def bridge(his: Path) -> Iterator[RunningBridge]:
    """A service of that folder."""
    with running_bridge(his) as running:
        yield running
