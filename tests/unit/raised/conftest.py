"""What an exception in the middle of a gate leaves behind is not for the tests that come next in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shim import forks


@pytest.fixture(autouse=True)
def gates() -> Iterator[None]:
    """A thread that an exception kept from leaving a gate seems to be inside: every later fork's child is refused."""
    yield
    forks.gate.renew()
    forks.look_ups.renew()
