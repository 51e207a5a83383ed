"""Fixtures for tests that load the DLLs with native clients: a missing Wine or compiler is an error, never a skip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.native.client import Rig

BUILD = Path(__file__).parent.parent.parent / "build"


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """The clients, built once per session into build/clients, and fresh Wine prefixes."""
    made = Rig(BUILD)
    yield made
    made.close()
