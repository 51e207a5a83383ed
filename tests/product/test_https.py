"""HTTPS through the real libraries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import VERIFY
from tests.support.clients import Kind, Rig, path_of, trans_line
from tests.support.product import install
from tests.support.servers import LOOPBACK, tls_front


@pytest.fixture
def secure(simulator: Simulator) -> Iterator[str]:
    """The address of the simulator's gateway behind TLS."""
    with tls_front(simulator) as gateway:
        yield gateway


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_https_through_the_library(rig: Rig, secure: str, tmp_path: Path, kind: Kind) -> None:
    """With the platform's own root in [transport] ca_file the call goes through TLS; without it, it does not."""
    line = trans_line("v", VERIFY["in"].encode("gb18030"), url=secure)
    product = install(kind, tmp_path / "his")
    (refused,) = product.run(rig, [line])
    assert (refused.returned, refused.broken) == (b"8004", {})
    product.ini(f"[transport]\nca_file = {path_of(kind, LOOPBACK)}\n")
    (reply,) = product.run(rig, [line])
    assert (reply.returned, reply.broken) == (b"00", {}), (reply.out or b"").decode("gb18030")
    assert reply.out == VERIFY["out"].encode("gb18030")
